//! `pgpod init`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::presets::{SCENARIOS, Scenario};

use super::TextFormat;
use super::failure::Failure;
use super::output;

/// Write a values file to start from
///
/// A few commented values for a purpose. Everything else has a default: `pgpod values --defaults` prints those. A file that is
/// there is never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod init factory-monitoring --output-file plant7.yaml")]
pub(crate) struct Args {
    /// What the database is for
    #[arg(value_name = "SCENARIO", value_parser = scenarios())]
    scenario: String,
    /// Write it into a new file instead of to stdout
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    output_file: Option<PathBuf>,
    /// The output's format
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

fn scenarios() -> clap::builder::PossibleValuesParser {
    let value = |scenario: &Scenario| {
        clap::builder::PossibleValue::new(scenario.name).help(scenario.description().trim_end_matches('.'))
    };
    clap::builder::PossibleValuesParser::new(SCENARIOS.iter().map(value).collect::<Vec<_>>())
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let scenario = Scenario::find(&args.scenario).expect("clap takes no other name");
    if let Some(path) = &args.output_file {
        return Ok(create(path, scenario.text)?);
    }
    match args.format {
        TextFormat::Text => output::stdout(scenario.text),
        TextFormat::Json => {
            output::json(&serde_json::json!({ "scenario": scenario.name, "text": scenario.text }))
        }
    }
}

/// Writes a file that is not there yet.
fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    let shown = path.display();
    let mut file = std::fs::File::create_new(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            anyhow!(
                "cannot write `{shown}`: it is there already, and nothing is overwritten; choose another name"
            )
        }
        _ => anyhow::Error::from(error).context(format!("cannot write `{shown}`")),
    })?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write `{shown}`"))
}
