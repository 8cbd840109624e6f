//! Objects that were rendered or dumped before: files, folders, stdin.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::diagnostics::{Diagnostics, Place, Sources};
use crate::manifest::{self, Object, RenderedFile};

use super::super::failure::Failure;
use super::super::files;

/// The objects of a file, a folder, or stdin for `-`; one that states no namespace is in `namespace`.
pub(super) fn path(name: &str, namespace: Option<&str>) -> Result<Vec<Object>, Failure> {
    let mut texts = Vec::new();
    if name == "-" {
        texts.push(RenderedFile::whole("stdin".to_owned(), files::stdin()?));
    } else if fs::metadata(name).with_context(|| format!("cannot read `{name}`"))?.is_dir() {
        for file in manifests(Path::new(name))? {
            let text = files::read(&file, "manifest")?;
            texts.push(RenderedFile::whole(file.display().to_string(), text));
        }
    } else {
        texts.push(RenderedFile::whole(name.to_owned(), files::read(Path::new(name), "manifest")?));
    }
    parse(&texts, namespace)
}

/// The objects of texts in YAML or JSON; those in Lists one by one.
fn parse(texts: &[RenderedFile], namespace: Option<&str>) -> Result<Vec<Object>, Failure> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let objects = manifest::read_all(texts, namespace, &mut sources, &mut found);
    if found.has_errors() {
        // A line of a Secret looks like any other one: none is shown.
        let all: Vec<Place> =
            sources.iter().map(|(id, source)| Place::new(id, 0, source.text.len())).collect();
        for place in all {
            sources.hide(place);
        }
        return Err(Failure::Input { found, sources });
    }
    Ok(objects)
}

/// The manifests of a folder and those in it, in the order of their names: `.yaml`, `.yml` and `.json`; all files where
/// none ends so, as in a folder of kubectl's.
fn manifests(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let shown = current.display();
        for entry in fs::read_dir(&current).with_context(|| format!("cannot read `{shown}`"))? {
            let path = entry.with_context(|| format!("cannot read `{shown}`"))?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !hidden {
                folders.push(path);
            } else if !hidden {
                found.push(path);
            }
        }
    }
    let named =
        |path: &&PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json");
    if found.iter().any(|path| named(&path)) {
        found.retain(|path| named(&path));
    }
    found.sort();
    Ok(found)
}
