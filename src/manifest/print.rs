//! Objects as text: a YAML stream, a JSON list, and the names of files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::object::{Object, ObjectId};
use crate::yaml;

/// Keys that come first, in this order; the others keep the template's.
const TOP: [&str; 8] = ["apiVersion", "kind", "metadata", "type", "immutable", "spec", "data", "stringData"];
const METADATA: [&str; 4] = ["name", "namespace", "labels", "annotations"];

/// Documents that each begin with `---` and a line that names the template.
pub fn to_stream<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let mut stream = String::new();
    for object in objects {
        stream.push_str(&document(object));
    }
    stream
}

/// One document of the stream.
fn document(object: &Object) -> String {
    format!("---\n# Source: {}\n{}", object.template, yaml::to_yaml(&ordered(&object.value)))
}

/// A `v1` List, indented by two.
pub fn to_json_list<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let items: Vec<Value> = objects.into_iter().map(|object| ordered(&object.value)).collect();
    let list = serde_json::json!({ "apiVersion": "v1", "kind": "List", "items": items });
    format!("{list:#}\n")
}

/// The same object with its keys in the order in which people read them.
fn ordered(object: &Value) -> Value {
    let Value::Object(map) = object else { return object.clone() };
    let mut sorted = first(map, &TOP);
    if let Some(Value::Object(metadata)) = sorted.get("metadata") {
        let metadata = first(metadata, &METADATA);
        sorted.insert("metadata".to_owned(), Value::Object(metadata));
    }
    Value::Object(sorted)
}

fn first(map: &Map<String, Value>, keys: &[&str]) -> Map<String, Value> {
    let ahead = keys.iter().filter_map(|key| map.get_key_value(*key));
    let rest = map.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
    ahead.chain(rest).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// A file name for each object, in their order: `<kind>-<name>.yaml`, longer where that is not unique.
///
/// Lower-case letters, digits, `-` and `.` only, so that no name leaves a folder or differs from another by case alone.
pub fn file_names<'a>(objects: impl IntoIterator<Item = &'a Object>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    objects.into_iter().map(|object| unique(&object.id, &mut taken)).collect()
}

fn unique(id: &ObjectId, taken: &mut BTreeSet<String>) -> String {
    let mut stem = plain(&format!("{}-{}", id.kind, id.name));
    let further = [id.namespace.as_deref().unwrap_or_default(), id.group()];
    let mut further = further.iter().filter(|part| !part.is_empty());
    while taken.contains(&stem) {
        let Some(part) = further.next() else { break };
        let _ = write!(stem, "-{}", plain(part));
    }
    let base = stem.clone();
    let mut count = 2;
    while taken.contains(&stem) {
        stem = format!("{base}-{count}");
        count += 1;
    }
    taken.insert(stem.clone());
    format!("{stem}.yaml")
}

/// At most 200 bytes of what every file system takes.
fn plain(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    lower.chars().map(|c| if matches!(c, 'a'..='z' | '0'..='9' | '.') { c } else { '-' }).take(200).collect()
}
