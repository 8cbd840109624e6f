//! `pgpod notes`.

use super::failure::Failure;
use super::input::{Layers, ReleaseArgs};
use super::output;

/// Print how to connect, where the passwords are, and what to do next
///
/// With the real names of the release's objects.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod notes prod -n plant7 -f prod.yaml")]
pub(crate) struct Args {
    #[command(flatten)]
    release: ReleaseArgs,
    #[command(flatten)]
    layers: Layers,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let release = args.release.release(false)?;
    let made = super::render::make(&args.layers, &release, &crate::render::Templates::default())?;
    output::stdout(&crate::notes::notes(&made.plan))
}
