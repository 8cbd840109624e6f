//! `pgpod man`.

use super::failure::Failure;
use super::output;

/// Print the manual page
///
/// Without a command: the page of pgpod itself.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod man render | man -l -")]
pub(crate) struct Args {
    /// The command that the page is about
    #[arg(value_name = "COMMAND", value_parser = commands())]
    command: Option<String>,
}

fn commands() -> clap::builder::PossibleValuesParser {
    ["render", "values", "config", "secret", "notes", "schema", "templates", "completions", "man"].into()
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut command = super::command();
    command.build();
    let page = match &args.command {
        Some(name) => command.find_subcommand(name).cloned().unwrap_or(command),
        None => command,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    output::stdout_bytes(&text)
}
