//! `pgpod secret`.

use super::failure::Failure;

/// Make a Secret
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(super) fn run(_: &Args) -> Result<(), Failure> {
    Ok(())
}
