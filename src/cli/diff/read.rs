//! Objects that were rendered or dumped before: files, folders, stdin.

use crate::diagnostics::{Diagnostics, Place, Sources};
use crate::manifest::{self, Object, RenderedFile};

use super::super::failure::Failure;
use super::super::folders;

/// The objects of a file, a folder, or stdin for `-`; one that states no namespace is in `namespace`.
pub(super) fn path(name: &str, namespace: Option<&str>) -> Result<Vec<Object>, Failure> {
    let row = |(name, text)| RenderedFile::whole(name, text);
    let texts: Vec<RenderedFile> = folders::manifests(name)?.into_iter().map(row).collect();
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
