//! Somebody's manifests to objects.

use super::json_stream;
use super::object::{NoObject, Object, Origin, identify};
use super::parse::drop_nulls;
use super::rendered::RenderedFile;
use super::secrets::{secrets, secrets_of_text};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, SourceKind, Sources, codes};
use crate::yaml::{self, Map, Node, Value};

/// Reads the objects of a manifest as `kubectl` would: by YAML 1.1's types, the items of a `List` one by one. What can't be
/// read is reported at its place; what is secret of it is shown nowhere.
pub fn read(source: SourceId, sources: &mut Sources, found: &mut Diagnostics) -> Vec<Object> {
    let mut own = Diagnostics::new();
    let documents = documents(source, sources, &mut own);
    own.extend(documents.iter().flat_map(endless));
    own.extend(directive(source, sources));
    if !own.is_empty() {
        for range in secrets_of_text(&sources.get(source).text.clone()) {
            sources.hide(Place::new(source, range.start, range.end));
        }
    }
    found.extend(own.into_iter().map(|finding| match finding.place() {
        // The reader's words are for values files.
        Some(place) if finding.code == codes::NOT_A_MAP => {
            NoObject::new("it is not a map").finding().at(place, "")
        }
        _ => finding,
    }));
    for place in documents.iter().flat_map(secrets) {
        sources.hide(place);
    }
    let said = documents.iter().filter(|document| !document.as_map().is_some_and(Map::is_empty));
    said.flat_map(items).filter_map(|node| object(node, sources, found)).collect()
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

/// The documents of a manifest.
pub(super) fn documents(source: SourceId, sources: &Sources, found: &mut Diagnostics) -> Vec<Node> {
    let (parts, fault) = json_stream::parts(source, sources);
    found.extend(fault);
    parts.into_iter().flat_map(|part| yaml::read_part(sources, part, found)).collect()
}

/// Numbers that JSON can't say: `kubectl` refuses the whole text for one.
pub fn endless(document: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    match &document.value {
        Value::Scalar(scalar) if yaml::is_endless(scalar) => {
            let title = format!("`{}` is a number that JSON can't say", scalar.token);
            found.push(
                Diagnostic::error(codes::NOT_A_MANIFEST, title)
                    .at(document.place, "")
                    .cause("what is sent to Kubernetes is JSON")
                    .help(format!("quote it, if it is a text: `\"{}\"`", scalar.token)),
            );
        }
        Value::Scalar(_) => {}
        Value::List(items) => found.extend(items.iter().flat_map(endless)),
        Value::Map(map) => found.extend(map.iter().flat_map(|entry| endless(&entry.node))),
    }
    found
}

/// A directive in front: `kubectl` cuts a text at its `---` and finds nothing behind it.
fn directive(source: SourceId, sources: &Sources) -> Option<Diagnostic> {
    let text = sources.get(source).text.as_str();
    let line = text.strip_prefix('%')?.lines().next()?;
    Some(
        Diagnostic::error(codes::NOT_A_MANIFEST, "a manifest can't begin with a directive")
            .at(Place::new(source, 0, 1 + line.len()), "")
            .cause("`kubectl` cuts the text at `---`, and finds a directive without a document")
            .help("remove the line: manifests are read as YAML 1.1 anyway"),
    )
}

/// The objects of a document: itself, or the items of a `List`.
pub(super) fn items(document: &Node) -> &[Node] {
    let map = document.as_map();
    let kind = map.and_then(|map| map.get("kind")).and_then(Node::as_scalar);
    let is_list = kind.is_some_and(|kind| kind.token.ends_with("List"));
    map.filter(|_| is_list)
        .and_then(|map| map.get("items"))
        .and_then(Node::as_list)
        .unwrap_or(std::slice::from_ref(document))
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
            // A map has no text of its own: its first line is shown.
            let text = &sources.get(node.place.source).text[node.place.start..];
            let line = text.lines().next().unwrap_or_default();
            let place = Place::new(node.place.source, node.place.start, node.place.start + line.len());
            found.push(why.finding_in(node, place));
            None
        }
    }
}
