//! `pgpod completions`.

use clap_complete::Shell;

use super::failure::Failure;
use super::output;

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod completions bash > /etc/bash_completion.d/pgpod")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "pgpod", &mut script);
    output::stdout_bytes(&script)
}
