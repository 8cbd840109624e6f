//! `pgpod schema`.

use super::failure::Failure;
use super::output;

/// Print the JSON Schema of a values file, or of an output
///
/// Editors complete and check values files by it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod schema > values.schema.json")]
pub(crate) struct Args {
    /// What the schema is of
    #[arg(value_enum, default_value = "values")]
    of: Of,
}

/// What is described by a schema.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Of {
    /// A values file
    Values,
    /// The report of `pgpod validate --format json`
    Findings,
    /// The result of `pgpod diff --format json`
    Diff,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match args.of {
        Of::Values => output::stdout(&format!("{:#}\n", crate::config::json_schema())),
        Of::Findings => output::stdout(crate::diagnostics::formats::SCHEMA),
        Of::Diff => output::stdout(crate::diff::SCHEMA),
    }
}
