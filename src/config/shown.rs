//! The merged values as they can be shown: typed where they fit, without secrets.

use serde_json::{Map as Object, Value as Json};

use crate::diagnostics::Place;
use crate::yaml::{Node, Step, Value, ValuePath};

use super::keyword::{member, plain};
use super::scalar::typed_scalar;
use super::schema::schema;

/// What stands for a secret.
const HIDDEN: &str = "********";

/// The merged values as the schema types them; a secret is shown as stars, a `null` is left out.
pub fn shown(root: &Node) -> Json {
    show(root, schema())
}

fn show(node: &Node, schema: &Json) -> Json {
    let schema = plain(schema);
    if schema.get("x-kubernetes").is_some() {
        return node.to_json();
    }
    match &node.value {
        Value::Scalar(_) if schema.get("x-secret").is_some() => Json::String(HIDDEN.to_owned()),
        Value::Scalar(scalar) => typed_scalar(scalar, schema),
        Value::List(items) => {
            let item = schema.get("items").unwrap_or(&Json::Null);
            Json::Array(items.iter().map(|node| show(node, item)).collect())
        }
        Value::Map(map) => {
            let present = map.iter().filter(|entry| !entry.node.is_null());
            let row = |entry: &crate::yaml::Entry| {
                (entry.key.clone(), show(&entry.node, member(schema, &entry.key).unwrap_or(&Json::Null)))
            };
            Json::Object(present.map(row).collect::<Object<String, Json>>())
        }
    }
}

/// The value at a path.
pub fn at<'a>(value: &'a Json, path: &ValuePath) -> Option<&'a Json> {
    path.steps().iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    })
}

/// The places of every secret among the values, so that no report shows one.
pub fn secret_places(root: &Node) -> Vec<Place> {
    let mut places = Vec::new();
    collect(root, schema(), &mut places);
    places
}

fn collect(node: &Node, schema: &Json, places: &mut Vec<Place>) {
    let schema = plain(schema);
    match &node.value {
        Value::Scalar(_) if schema.get("x-secret").is_some() => places.push(node.place),
        Value::Scalar(_) => {}
        Value::List(items) => {
            let item = schema.get("items").unwrap_or(&Json::Null);
            for node in items {
                collect(node, item, places);
            }
        }
        Value::Map(map) => {
            for entry in map {
                collect(&entry.node, member(schema, &entry.key).unwrap_or(&Json::Null), places);
            }
        }
    }
}
