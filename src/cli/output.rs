//! Writing results: to stdout, or into a folder.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use crate::manifest::{self, Object};
use crate::release::Release;

use super::failure::Failure;
use super::folder::{self, File};

/// Whether what is written to stdout may have colours.
pub(super) fn colour() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

/// Writes a result to stdout.
pub(super) fn stdout(text: &str) -> Result<(), Failure> {
    stdout_bytes(text.as_bytes())
}

/// Writes a result to stdout as JSON, indented by two.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    stdout(&format!("{:#}\n", serde_json::to_value(value).map_err(anyhow::Error::from)?))
}

/// Writes a result to stdout. A reader that has gone ends the program quietly.
pub(super) fn stdout_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()?;
    Ok(())
}

/// Writes a file for each object; those of a former render of the same release that are no longer rendered are deleted.
pub(super) fn directory(
    path: &Path,
    release: &Release,
    objects: &[&Object],
    json: bool,
) -> Result<(), Failure> {
    let ending = if json { "json" } else { "yaml" };
    let files: Vec<File> = manifest::file_names(objects.iter().copied())
        .into_iter()
        .zip(objects.iter().copied())
        .map(|(name, object)| File {
            name: format!("{name}.{ending}"),
            text: if json { manifest::to_json(object) } else { manifest::to_stream([object]) },
            private: object.id.kind == "Secret",
        })
        .collect();
    Ok(folder::replace(path, &format!("{}/{}", release.namespace, release.name), &files)?)
}

/// Writes templates by their paths; one that somebody changed is not overwritten.
pub(super) fn export(path: &Path, files: &BTreeMap<String, String>) -> Result<(), Failure> {
    let files: Vec<File> = files
        .iter()
        .map(|(name, text)| File { name: name.clone(), text: text.clone(), private: false })
        .collect();
    Ok(folder::replace(path, "templates", &files)?)
}
