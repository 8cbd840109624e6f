//! `pgpod man`.

use crate::diagnostics::{Diagnostic, codes};
use crate::spelling::closest;

use super::failure::Failure;
use super::output;

/// Print the manual page
///
/// Without a command: the page of pgpod itself.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod man render | man -l -")]
pub(crate) struct Args {
    /// The command that the page is about, and a command below it: `render`, `preset generate`
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

fn unknown(name: &str, within: &clap::Command) -> Failure {
    let known: Vec<&str> = within
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(clap::Command::get_name)
        .collect();
    let unknown =
        Diagnostic::error(codes::UNKNOWN_COMMAND, format!("`{}` has no command `{name}`", within.get_name()));
    Failure::input(match (closest(name, known.iter().copied()), known.is_empty()) {
        (Some(near), _) => unknown.help(format!("did you mean `{near}`?")),
        (None, true) => unknown.help("leave it out"),
        (None, false) => unknown.help(format!("the commands are {}", known.join(", "))),
    })
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut command = super::command();
    command.build();
    let mut page = &command;
    for name in &args.command {
        page = page.find_subcommand(name).ok_or_else(|| unknown(name, page))?;
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(page.clone()).render(&mut text)?;
    output::stdout_bytes(&text)
}
