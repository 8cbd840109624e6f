//! `pgpod schema`.

use super::failure::Failure;
use super::output;

/// Print the JSON Schema of a values file
///
/// Editors complete and check values files by it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod schema > values.schema.json")]
pub(crate) struct Args {}

pub(super) fn run(_: &Args) -> Result<(), Failure> {
    output::stdout(&format!("{:#}\n", crate::config::json_schema()))
}
