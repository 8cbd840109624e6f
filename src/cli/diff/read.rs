//! Objects that were rendered or dumped before: files, folders, stdin.

use std::path::Path;

use crate::diagnostics::{Diagnostic, Diagnostics, Place, Sources, codes};
use crate::diff::same_object;
use crate::manifest::{self, Object, Origin, RenderedFile};

use super::super::failure::{Failure, tell};
use super::super::folders;

/// The objects of a file, a folder, or stdin for `-`; one that states no namespace is in `namespace`.
pub(super) fn path(name: &str, namespace: Option<&str>) -> Result<Vec<Object>, Failure> {
    texts(folders::manifests(name)?, namespace)
}

/// One of two sides that are compared as they are. An empty file of a folder stands for an object that is not there: so
/// `kubectl diff` writes what is added or removed.
pub(super) fn side(name: &str) -> Result<Vec<Object>, Failure> {
    if name == "/dev/null" {
        return Ok(Vec::new());
    }
    let mut files = folders::manifests(name)?;
    if Path::new(name).is_dir() {
        files.retain(|(_, text)| !text.is_empty());
    }
    texts(files, None)
}

fn texts(files: Vec<(String, String)>, namespace: Option<&str>) -> Result<Vec<Object>, Failure> {
    let row = |(name, text)| RenderedFile::whole(name, text);
    parse(&files.into_iter().map(row).collect::<Vec<_>>(), namespace)
}

/// The objects of texts in YAML or JSON; those in Lists one by one. Of one that is there twice the last counts.
fn parse(texts: &[RenderedFile], namespace: Option<&str>) -> Result<Vec<Object>, Failure> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let mut objects = manifest::read_all(texts, namespace, &mut sources, &mut found);
    take_the_last(&mut objects, &mut found);
    // A line of a Secret looks like any other one: none is shown.
    let all: Vec<Place> = sources.iter().map(|(id, source)| Place::new(id, 0, source.text.len())).collect();
    for place in all {
        sources.hide(place);
    }
    if found.has_errors() {
        return Err(Failure::Input { found, sources });
    }
    tell(&found, &sources);
    Ok(objects)
}

/// Leaves out objects that come again, as an apply of all leads to the last.
fn take_the_last(objects: &mut Vec<Object>, found: &mut Diagnostics) {
    let mut kept: Vec<Object> = Vec::with_capacity(objects.len());
    for object in objects.drain(..).rev() {
        let Some(last) = kept.iter().find(|other| same_object(&other.id, &object.id)) else {
            kept.push(object);
            continue;
        };
        let title = format!("{} is there twice on one side", object.id);
        let finding = Diagnostic::warning(codes::OBJECT_TWICE, title)
            .cause("the last is compared, as it is what an apply of all leads to")
            .help("leave one of them out");
        let places = [(&object, "this one is left out"), (last, "this one is compared")];
        found.push(places.into_iter().fold(finding, |finding, (object, label)| match object.origin {
            Origin::Written(place) => finding.at(Place::new(place.source, place.start, place.start), label),
            _ => finding,
        }));
    }
    kept.reverse();
    *objects = kept;
}
