//! Objects as text: a YAML stream, a JSON list, and the names of files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::object::{Object, ObjectId};
use crate::yaml;

/// Keys that come first, in this order; the others keep the template's.
const TOP: [&str; 8] = ["apiVersion", "kind", "metadata", "type", "immutable", "spec", "data", "stringData"];
const METADATA: [&str; 4] = ["name", "namespace", "labels", "annotations"];

/// What a release takes, in bytes, so that its text is not moved while it grows.
const USUAL_SIZE: usize = 192 * 1024;

/// Documents that each begin with `---` and a line that names the template.
pub fn to_stream<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let mut stream = String::with_capacity(USUAL_SIZE);
    for object in objects {
        for piece in ["---\n# Source: ", &object.template, "\n"] {
            stream.push_str(piece);
        }
        match &object.value {
            Value::Object(map) => yaml::append_in_order(&mut stream, map, &TOP, ("metadata", &METADATA)),
            other => stream.push_str(&yaml::to_yaml(other)),
        }
    }
    stream
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
    yaml::in_order(map, keys).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// One object as JSON, indented by two.
pub fn to_json(object: &Object) -> String {
    format!("{:#}\n", ordered(&object.value))
}

/// A file name for each object, in their order, without its ending: `<kind>-<name>`, longer where that is not unique.
///
/// Lower-case letters, digits, `-` and `.` only, so that no name leaves a folder or differs from another by case alone.
/// A namespace's begins with `00-`: `kubectl apply -f DIR` goes by file names, and what is in it comes after it.
pub fn file_names<'a>(objects: impl IntoIterator<Item = &'a Object>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    objects.into_iter().map(|object| unique(&object.id, &mut taken)).collect()
}

fn unique(id: &ObjectId, taken: &mut BTreeSet<String>) -> String {
    let first = if id.kind == "Namespace" { "00-" } else { "" };
    let mut stem = plain(&format!("{first}{}-{}", id.kind, id.name));
    let further = [id.namespace.as_deref().unwrap_or_default(), id.group()];
    let mut further = further.iter().filter(|part| !part.is_empty());
    while taken.contains(&stem) {
        let Some(part) = further.next() else { break };
        let _ = write!(stem, "-{}", plain(part));
    }
    let base = stem.clone();
    let mut count = 2;
    while !taken.insert(stem.clone()) {
        stem = format!("{base}-{count}");
        count += 1;
    }
    stem
}

/// At most 200 bytes of what every file system takes.
fn plain(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    lower.chars().map(|c| if matches!(c, 'a'..='z' | '0'..='9' | '.') { c } else { '-' }).take(200).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostics::{Diagnostics, Place, SourceKind, Sources};

    fn object(value: Value) -> Object {
        let source = Sources::new().add("values", SourceKind::File, "");
        Object::from_value(value, "extraObjects", Place::new(source, 0, 0), "plant7", &mut Diagnostics::new())
            .expect("it has kind and name")
    }

    #[test]
    fn documents_have_their_keys_in_reading_order() {
        let map = object(json!({
            "data": { "b": "on", "a": "x\ny\n" },
            "kind": "ConfigMap",
            "metadata": { "labels": {}, "annotations": {}, "name": "demo", "finalizers": [] },
            "apiVersion": "v1",
        }));
        assert_eq!(
            to_stream([&map, &map]),
            "---\n# Source: extraObjects\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: demo\n  namespace: plant7\n  \
             labels: {}\n  annotations: {}\n  finalizers: []\ndata:\n  b: \"on\"\n  a: |\n    x\n    y\n"
                .repeat(2)
        );
        assert_eq!(
            to_json_list([&map]),
            "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [\n    {\n      \"apiVersion\": \"v1\",\n      \
             \"kind\": \"ConfigMap\",\n      \"metadata\": {\n        \"name\": \"demo\",\n        \"namespace\": \
             \"plant7\",\n        \"labels\": {},\n        \"annotations\": {},\n        \"finalizers\": []\n      },\n      \
             \"data\": {\n        \"b\": \"on\",\n        \"a\": \"x\\ny\\n\"\n      }\n    }\n  ]\n}\n"
        );
    }

    #[test]
    fn file_names_are_unique_and_stay_in_their_folder() {
        let named = |api_version: &str, kind: &str, namespace: &str, name: &str| {
            object(json!({
                "apiVersion": api_version,
                "kind": kind,
                "metadata": { "name": name, "namespace": namespace },
            }))
        };
        let objects = [
            named("v1", "Service", "a", "demo"),
            named("v1", "Service", "b", "demo"),
            named("serving.knative.dev/v1", "Service", "b", "demo"),
            named("serving.knative.dev/v1", "Service", "b", "demo"),
            named("x.io/v1", "Thing", "a", "../../etc/passwd"),
            named("v1", "Namespace", "a", "plant7"),
        ];
        assert_eq!(
            file_names(&objects),
            [
                "service-demo",
                "service-demo-b",
                "service-demo-b-serving.knative.dev",
                "service-demo-b-serving.knative.dev-2",
                "thing-..-..-etc-passwd",
                "00-namespace-plant7",
            ]
        );
    }
}
