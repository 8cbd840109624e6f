//! The merged values as they can be shown: typed where they fit, without secrets.

use std::sync::LazyLock;

use serde_json::{Map as Object, Value as Json};

use crate::diagnostics::{Place, STARS, SecretTexts, sounds_secret};
use crate::spelling::closest;
use crate::yaml::{Node, Step, Value, ValuePath};

use super::keyword::{member, plain};
use super::scalar::typed_scalar;
use super::schema::schema;

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
        Value::Scalar(_) if schema.get("x-secret").is_some() => Json::String(STARS.to_owned()),
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
        Json::Number(number) if secrets.are_in(&number.to_string()) => Json::String(STARS.to_owned()),
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
                let unknown = || {
                    let known = schema.get("properties").and_then(Json::as_object);
                    let names: Vec<&str> =
                        known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                    let is_secret = |name: &str| schema["properties"][name].get("x-secret").is_some();
                    if is_misspelt_secret(key, &names, is_secret) { &ANY_SECRET } else { &Json::Null }
                };
                hide_raw(value, member(schema, key).unwrap_or_else(unknown), secrets);
            }
        }
        scalar if schema.get("x-secret").is_some() => {
            let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            secrets.add(&text);
            *scalar = Json::String(STARS.to_owned());
        }
        _ => {}
    }
}

/// The schema of what is a secret, whatever it is.
static ANY_SECRET: LazyLock<Json> = LazyLock::new(|| serde_json::json!({ "x-secret": true }));

/// Whether a key that is not known was most likely meant to be a secret's: it sounds so, or is nearest to one that is.
fn is_misspelt_secret(key: &str, known: &[&str], is_secret: impl Fn(&str) -> bool) -> bool {
    sounds_secret(key) || key == "pass" || closest(key, known.iter().copied()).is_some_and(is_secret)
}

/// Values that become parts of Kubernetes objects as they are: those in its own shape, and maps of labels and the like.
pub fn passed_through(root: &Node) -> (Vec<&Node>, Vec<&Node>) {
    let (mut parts, mut entries) = (Vec::new(), Vec::new());
    pass(root, schema(), &mut parts, &mut entries);
    (parts, entries)
}

fn pass<'a>(node: &'a Node, schema: &Json, parts: &mut Vec<&'a Node>, entries: &mut Vec<&'a Node>) {
    let schema = plain(schema);
    if schema.get("x-kubernetes").is_some() {
        return parts.push(node);
    }
    if schema.get("x-keys").is_some_and(|keys| keys == "label-key") {
        return entries.push(node);
    }
    match &node.value {
        Value::Scalar(_) => {}
        Value::List(items) => {
            let item = schema.get("items").unwrap_or(&Json::Null);
            for node in items {
                pass(node, item, parts, entries);
            }
        }
        Value::Map(map) => {
            for entry in map {
                pass(&entry.node, member(schema, &entry.key).unwrap_or(&Json::Null), parts, entries);
            }
        }
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
    /// Every key, where a secret is right below one of them: another one is a misspelt one.
    known: Vec<&'static str>,
}

static SECRETS: LazyLock<Option<Secrets>> = LazyLock::new(|| Secrets::of(schema()));

/// A secret under a key that is not known.
static MISSPELT: Secrets = Secrets { here: true, keys: Vec::new(), each: None, known: Vec::new() };

impl Secrets {
    fn of(schema: &'static Json) -> Option<Self> {
        let schema = plain(schema);
        let keys = schema.get("properties").and_then(Json::as_object).into_iter().flatten();
        let each = schema
            .get("items")
            .or_else(|| schema.get("additionalProperties").filter(|each| each.is_object()));
        let names = keys.clone();
        let mut below = Self {
            here: schema.get("x-secret").is_some(),
            keys: keys.filter_map(|(key, below)| Some((key.as_str(), Self::of(below)?))).collect(),
            each: each.and_then(Self::of).map(Box::new),
            known: Vec::new(),
        };
        if below.keys.iter().any(|(_, below)| below.here) {
            below.known = names.map(|(key, _)| key.as_str()).collect();
        }
        (below.here || !below.keys.is_empty() || below.each.is_some()).then_some(below)
    }

    fn below(&self, key: &str) -> Option<&Self> {
        let named = self.keys.iter().find(|(name, _)| *name == key).map(|(_, below)| below);
        let is_secret = |name: &str| self.keys.iter().any(|(key, below)| *key == name && below.here);
        let misspelt = || {
            let unknown = !self.known.is_empty() && !self.known.contains(&key);
            (unknown && is_misspelt_secret(key, &self.known, is_secret)).then_some(&MISSPELT)
        };
        named.or(self.each.as_deref()).or_else(misspelt)
    }
}

/// Every secret among the values: its text and its place, so that no report shows one.
pub fn secrets(root: &Node) -> Vec<(&str, Place)> {
    secrets_below(&ValuePath::root(), root)
}

/// The same, of a value that stands at a path.
pub fn secrets_below<'a>(path: &ValuePath, node: &'a Node) -> Vec<(&'a str, Place)> {
    let step = |secrets: &'static Secrets, step: &Step| match step {
        Step::Key(key) => secrets.below(key),
        Step::Index(_) => secrets.each.as_deref(),
    };
    let mut found = Vec::new();
    let here = SECRETS.as_ref().and_then(|secrets| path.steps().iter().try_fold(secrets, step));
    if let Some(secrets) = here {
        collect(node, secrets, &mut found);
    }
    found
}

fn collect<'a>(node: &'a Node, secrets: &Secrets, found: &mut Vec<(&'a str, Place)>) {
    match &node.value {
        Value::Scalar(_) if node.is_null() => {}
        // What stands where a map of secrets should may be one of them.
        Value::Scalar(scalar) if secrets.here || !secrets.known.is_empty() => {
            found.push((&scalar.token, node.place));
        }
        Value::Scalar(_) => {}
        _ if secrets.here => found.push(("", node.place)),
        Value::List(items) if !secrets.known.is_empty() => {
            for item in items {
                collect(item, secrets, found);
            }
        }
        Value::List(items) => {
            for (node, each) in items.iter().filter_map(|node| Some((node, secrets.each.as_deref()?))) {
                collect(node, each, found);
            }
        }
        Value::Map(map) => {
            for entry in map {
                if let Some(below) = secrets.below(&entry.key) {
                    collect(&entry.node, below, found);
                }
            }
        }
    }
}
