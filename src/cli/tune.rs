//! `pgpod tune`.

use crate::explain::Tuned;

use super::TextFormat;
use super::failure::{Failure, tell};
use super::input::{Layers, MaybeReleaseArgs};
use super::output;

/// Show every derived parameter with its formula, and the memory budget
///
/// The values are merged and judged as for a render. The sum at the end is what the server can come to need of its memory
/// limit; where it does not fit, the table is shown all the same, and the exit code is 2.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod tune prod -f prod.yaml")]
pub(crate) struct Args {
    #[command(flatten)]
    release: MaybeReleaseArgs,
    #[command(flatten)]
    layers: Layers,
    /// The output's format
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let release = args.release.release()?;
    let (loaded, sources, mut found) = args.layers.load_all()?;
    let good = !found.has_errors();
    let tuned =
        loaded.filter(|_| good).and_then(|loaded| Tuned::new(&loaded, &release, &sources, &mut found));
    if let Some(tuned) = &tuned {
        Failure::of_print(match args.format {
            TextFormat::Text => output::stdout(&tuned.text()),
            TextFormat::Json => output::json(tuned),
        })?;
    }
    if tuned.is_none() || found.has_errors() {
        return Err(Failure::Input { found, sources });
    }
    tell(&found, &sources);
    Ok(())
}
