//! The command line: the only code that touches files, the environment and the streams.
//!
//! To add a command: a file with its `Args` (whose doc comment is its help) and its `run`, and a variant here.

mod completions;
mod config;
mod diff;
mod explain;
mod failure;
mod files;
mod folder;
mod folders;
mod init;
mod input;
mod man;
mod notes;
mod output;
mod pattern;
mod preset;
mod render;
mod schema;
mod secret;
mod templates;
mod tune;
mod validate;
mod values;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory, Parser, Subcommand};

/// Render everything that a PostgreSQL needs on Kubernetes.
///
/// A preset, the defaults, values files and flags are merged, checked and rendered into manifests,
/// `postgresql.conf`, `pg_hba.conf`, SQL and scripts. Nothing is guessed: a mistake is an error with its place.
///
/// Exit codes: 0 done, no differences; 1 differences (`diff`); 2 the input is wrong; 3 the world is wrong (a file, a
/// permission, a disk, a cluster); 4 `--fail-on` of `diff`.
#[derive(Debug, Parser)]
#[command(
    name = "pgpod",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Example: pgpod render prod -n plant7 -f prod.yaml | kubectl apply -f -"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colour
    // Its place in every help would move with each new command.
    // After a command's own flags, however many commands there are (clap numbers flags and commands together).
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 900)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    Render(render::Args),
    Diff(diff::Args),
    Validate(validate::Args),
    Values(values::Args),
    Preset(preset::Args),
    Tune(tune::Args),
    Explain(explain::Args),
    Init(init::Args),
    Config(config::Args),
    Secret(secret::Args),
    Notes(notes::Args),
    Schema(schema::Args),
    Templates(templates::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The format of a result that is a text for people.
#[derive(Debug, Clone, Copy, PartialEq, clap::ValueEnum)]
enum TextFormat {
    Text,
    Json,
}

/// Parses the command line, runs the command, reports what is wrong. The one place that chooses an exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(arguments(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // A closed pipe takes the help or the complaint no more: nothing is left to say.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match cli.color {
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
        ColorChoice::Auto => {}
    }
    let result = match &cli.command {
        Command::Render(args) => render::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Validate(args) => validate::run(args),
        Command::Values(args) => values::run(args),
        Command::Preset(args) => preset::run(args),
        Command::Tune(args) => tune::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Init(args) => init::run(args),
        Command::Config(args) => config::run(args),
        Command::Secret(args) => secret::run(args),
        Command::Notes(args) => notes::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Templates(args) => templates::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(failure.report()),
    }
}

/// The command line. kubectl calls what KUBECTL_EXTERNAL_DIFF names with its two folders first, by their whole paths, and
/// the words of the variable after them: that is a `diff`.
fn arguments(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = words.collect();
    let is_folder =
        |word: Option<&OsString>| word.map(Path::new).is_some_and(|p| p.is_absolute() && p.is_dir());
    if is_folder(words.get(1)) && is_folder(words.get(2)) {
        words.retain(|word| word != "diff");
        words.insert(1, "diff".into());
    }
    words
}

/// The definition of the whole command line, for completions and manual pages.
fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
