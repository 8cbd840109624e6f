//! Objects that somebody wrote, dumped or rendered before.

use super::object::{Object, Origin, identify, not_an_object};
use super::parse::{drop_nulls, first_line};
use super::rendered::RenderedFile;
use crate::diagnostics::{Diagnostics, SourceId, SourceKind, Sources, codes};
use crate::yaml::{self, Node};

/// Reads the objects of somebody's manifests as `kubectl` would: by YAML 1.1's types, the items of a `List` one by one.
/// What can't be read is reported at its place.
pub fn read(source: SourceId, sources: &Sources, found: &mut Diagnostics) -> Vec<Object> {
    let mut own = Diagnostics::new();
    let documents = yaml::read(sources, source, &mut own);
    found.extend(own.into_iter().map(|finding| match finding.place() {
        // The reader's words are for values files.
        Some(place) if finding.code == codes::NOT_A_MAP => not_an_object("it is not a map").at(place, ""),
        _ => finding,
    }));
    let mut objects = Vec::new();
    for document in &documents {
        if document.as_map().is_some_and(yaml::Map::is_empty) {
            continue;
        }
        let items = document.as_map().and_then(|map| map.get("items")).and_then(Node::as_list);
        let kind = document.as_map().and_then(|map| map.get("kind")).and_then(Node::as_scalar);
        let nodes = match items.filter(|_| kind.is_some_and(|kind| kind.token.ends_with("List"))) {
            Some(items) => items,
            None => std::slice::from_ref(document),
        };
        objects.extend(nodes.iter().filter_map(|node| object(node, sources, found)));
    }
    objects
}

/// The same of several texts; an object of a kind that lives in a namespace and states none is put into `namespace`.
pub fn read_all(
    files: &[RenderedFile],
    namespace: Option<&str>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Vec<Object> {
    let mut objects = Vec::new();
    for file in files {
        let source = sources.add(file.template.clone(), SourceKind::Template, file.text());
        for mut object in read(source, sources, found) {
            if let Some(namespace) = namespace {
                object.settle_in(namespace);
            }
            objects.push(object);
        }
    }
    objects
}

fn object(node: &Node, sources: &Sources, found: &mut Diagnostics) -> Option<Object> {
    let mut value = node.to_json();
    drop_nulls(&mut value);
    match identify(&value) {
        Ok(id) => {
            let template = sources.name(node.place.source);
            Some(Object { template, id, value, origin: Origin::Written(node.place) })
        }
        Err(why) => {
            found.push(not_an_object(&why).at(first_line(node.place, sources), ""));
            None
        }
    }
}
