//! The merged values as they can be shown: typed where they fit, without secrets.

use serde_json::{Map as Object, Value as Json};

use crate::diagnostics::{Place, SecretTexts};
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

/// A value with stars for every secret text in it, whatever it stands in.
pub fn starred(value: Json, secrets: &SecretTexts) -> Json {
    match value {
        Json::String(text) => Json::String(secrets.star(&text)),
        Json::Number(number) if secrets.are_in(&number.to_string()) => Json::String(HIDDEN.to_owned()),
        Json::Array(items) => items.into_iter().map(|item| starred(item, secrets)).collect(),
        Json::Object(map) => {
            Json::Object(map.into_iter().map(|(k, v)| (secrets.star(&k), starred(v, secrets))).collect())
        }
        other => other,
    }
}

/// Values that no schema has typed, without the secrets among them.
pub fn raw_shown(mut raw: Json) -> Json {
    let mut secrets = SecretTexts::default();
    hide_raw(&mut raw, schema(), &mut secrets);
    starred(raw, &secrets)
}

fn hide_raw(value: &mut Json, schema: &Json, secrets: &mut SecretTexts) {
    let schema = plain(schema);
    match value {
        Json::Null => {}
        Json::Array(items) => {
            let item = schema.get("items").unwrap_or(&Json::Null);
            for value in items {
                hide_raw(value, item, secrets);
            }
        }
        Json::Object(map) => {
            for (key, value) in map {
                hide_raw(value, member(schema, key).unwrap_or(&Json::Null), secrets);
            }
        }
        scalar if schema.get("x-secret").is_some() => {
            let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            secrets.add(&text);
            *scalar = Json::String(HIDDEN.to_owned());
        }
        _ => {}
    }
}

/// Every secret among the values: its text and its place, so that no report shows one.
pub fn secrets(root: &Node) -> Vec<(&str, Place)> {
    secrets_below(&ValuePath::root(), root)
}

/// The same, of a value that stands at a path.
pub fn secrets_below<'a>(path: &ValuePath, node: &'a Node) -> Vec<(&'a str, Place)> {
    let step = |schema: &'static Json, step: &Step| match step {
        Step::Key(key) => member(plain(schema), key),
        Step::Index(_) => plain(schema).get("items"),
    };
    let mut found = Vec::new();
    if let Some(schema) = path.steps().iter().try_fold(schema(), step) {
        collect(node, schema, &mut found);
    }
    found
}

fn collect<'a>(node: &'a Node, schema: &Json, found: &mut Vec<(&'a str, Place)>) {
    let schema = plain(schema);
    match &node.value {
        Value::Scalar(scalar) if schema.get("x-secret").is_some() => found.push((&scalar.token, node.place)),
        Value::Scalar(_) => {}
        Value::List(items) => {
            let item = schema.get("items").unwrap_or(&Json::Null);
            for node in items {
                collect(node, item, found);
            }
        }
        Value::Map(map) => {
            for entry in map {
                collect(&entry.node, member(schema, &entry.key).unwrap_or(&Json::Null), found);
            }
        }
    }
}
