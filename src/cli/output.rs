//! Writing results.

use std::io::Write;
use std::path::Path;

use crate::manifest::Object;
use crate::plan::Release;

use super::failure::Failure;

/// Writes a result to stdout.
pub(super) fn stdout(text: &str) -> Result<(), Failure> {
    stdout_bytes(text.as_bytes())
}

/// Writes a result to stdout. A reader that has gone ends the program quietly.
pub(super) fn stdout_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()?;
    Ok(())
}

pub(super) fn directory(_: &Path, _: &Release, _: &[Object], _: bool) -> Result<(), Failure> {
    Ok(())
}

pub(super) fn export(_: &Path, _: &std::collections::BTreeMap<String, String>) -> Result<(), Failure> {
    Ok(())
}
