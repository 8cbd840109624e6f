//! The merged values as they can be shown: typed where they fit, without secrets.

use std::sync::LazyLock;

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

/// Where in the values secrets can be; what holds none is not in it.
#[derive(Default)]
struct Secrets {
    /// Whether the value is one itself.
    here: bool,
    /// What is below keys.
    keys: Vec<(&'static str, Secrets)>,
    /// What is in the items of a list, or below any key.
    each: Option<Box<Secrets>>,
}

static SECRETS: LazyLock<Option<Secrets>> = LazyLock::new(|| Secrets::of(schema()));

impl Secrets {
    fn of(schema: &'static Json) -> Option<Self> {
        let schema = plain(schema);
        let keys = schema.get("properties").and_then(Json::as_object).into_iter().flatten();
        let each = schema
            .get("items")
            .or_else(|| schema.get("additionalProperties").filter(|each| each.is_object()));
        let below = Self {
            here: schema.get("x-secret").is_some(),
            keys: keys.filter_map(|(key, below)| Some((key.as_str(), Self::of(below)?))).collect(),
            each: each.and_then(Self::of).map(Box::new),
        };
        (below.here || !below.keys.is_empty() || below.each.is_some()).then_some(below)
    }
}

/// Every secret among the values: its text and its place, so that no report shows one.
pub fn secrets(root: &Node) -> Vec<(&str, Place)> {
    let mut found = Vec::new();
    if let Some(secrets) = SECRETS.as_ref() {
        collect(root, secrets, &mut found);
    }
    found
}

fn collect<'a>(node: &'a Node, secrets: &Secrets, found: &mut Vec<(&'a str, Place)>) {
    match &node.value {
        Value::Scalar(scalar) if secrets.here => found.push((&scalar.token, node.place)),
        Value::Scalar(_) => {}
        Value::List(items) => {
            for (node, each) in items.iter().filter_map(|node| Some((node, secrets.each.as_deref()?))) {
                collect(node, each, found);
            }
        }
        Value::Map(map) => {
            for entry in map {
                let named = secrets.keys.iter().find(|(key, _)| *key == entry.key).map(|(_, below)| below);
                if let Some(below) = named.or(secrets.each.as_deref()) {
                    collect(&entry.node, below, found);
                }
            }
        }
    }
}
