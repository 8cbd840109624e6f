//! Values against the API's schemas: unknown fields, wrong types, missing fields, quantities, choices, ranges.
//!
//! The schemas are those of `k8s-openapi`, kept in `data/` (`generate.rs`), since making them takes longer than all the
//! rest of a render. They use few words of JSON Schema; what they don't say is in the tables of `limits`.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde_json::{Map, Value};

use crate::diagnostics::codes::{self, Code};
use crate::quantity::Quantity;
use crate::yaml::ValuePath;

#[cfg(test)]
mod generate;
mod limits;

/// A line for each definition: its name, a tab, its schema as JSON.
const DEFINITIONS: &str = include_str!("../../../data/kubernetes/definitions.txt");

/// Since which minor version of Kubernetes a field is there, where it came after 1.31 (`data/kubernetes/since.py`).
const SINCE: &str = include_str!("../../../data/kubernetes/since.txt");

/// The minor version that a field came with, where that is later than `version`.
fn too_new(definition: &str, field: &str, version: u32) -> Option<u32> {
    SINCE.lines().find_map(|line| {
        let (name, rest) = line.split_once('\t')?;
        let (key, since) = rest.split_once('\t')?;
        let since: u32 = since.parse().ok()?;
        (name == definition && key == field && since > version).then_some(since)
    })
}

/// A definition, read when it is first asked for: a render needs a small part of them.
struct Definition {
    json: &'static str,
    schema: OnceLock<Option<Value>>,
}

static INDEX: LazyLock<BTreeMap<&'static str, Definition>> = LazyLock::new(|| {
    let lines = DEFINITIONS.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(name, json)| (name, Definition { json, schema: OnceLock::new() })).collect()
});

/// Where a value does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) code: Code,
    pub(super) path: ValuePath,
    pub(super) title: String,
    pub(super) help: String,
    /// Whether it is about the key, not about what it has.
    pub(super) about_key: bool,
}

/// The schemas of every definition.
#[derive(Clone, Copy)]
pub(super) struct Schemas {
    index: &'static BTreeMap<&'static str, Definition>,
}

impl Schemas {
    pub(super) fn new() -> Self {
        Self { index: &INDEX }
    }

    /// The schema of a definition.
    pub(super) fn definition(self, name: &str) -> Option<&'static Value> {
        let definition = self.index.get(name)?;
        definition.schema.get_or_init(|| serde_json::from_str(definition.json).ok()).as_ref()
    }

    /// Follows a reference: the definition's name, empty where there is none, and the schema itself.
    pub(super) fn resolve(self, schema: &Value) -> (&str, &Value) {
        let Some(name) = schema.get("$ref").and_then(Value::as_str).map(last_part) else {
            return ("", schema);
        };
        (name, self.definition(name).unwrap_or(schema))
    }

    /// Everything about `value` that does not fit the definition `name`, or came after minor version `version` of Kubernetes.
    pub(super) fn misfits(self, value: &Value, name: &str, version: u32) -> Vec<Misfit> {
        let mut walk = Walk { schemas: self, version, misfits: Vec::new() };
        if let Some(schema) = self.definition(name) {
            walk.value(value, name, schema, &ValuePath::root());
        }
        walk.misfits
    }
}

/// What a field of a definition is, or what any key of a map without named fields is.
pub(super) fn field<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    schema.get("properties").map_or_else(|| schema.get("additionalProperties"), |fields| fields.get(key))
}

fn last_part(reference: &str) -> &str {
    reference.rsplit_once('/').map_or(reference, |(_, name)| name)
}

struct Walk {
    schemas: Schemas,
    version: u32,
    misfits: Vec<Misfit>,
}

impl Walk {
    fn misfit(&mut self, code: Code, path: &ValuePath, title: String, help: impl Into<String>) {
        self.misfits.push(Misfit { code, path: path.clone(), title, help: help.into(), about_key: false });
    }

    fn value(&mut self, value: &Value, definition: &str, schema: &Value, path: &ValuePath) {
        if schema.get("x-kubernetes-int-or-string").is_some() {
            return self.int_or_string(value, definition, path);
        }
        let Some(wanted) = schema.get("type").and_then(Value::as_str) else { return };
        match (wanted, value) {
            ("object", Value::Object(map)) => self.object(map, definition, schema, path),
            ("array", Value::Array(items)) => {
                let Some((name, schema)) = schema.get("items").map(|items| self.schemas.resolve(items))
                else {
                    return;
                };
                for (index, item) in items.iter().enumerate() {
                    self.value(item, name, schema, &path.item(index));
                }
            }
            ("string", Value::String(text)) => self.text(text, schema, path),
            ("integer", Value::Number(number)) if number.is_i64() || number.is_u64() => {
                if schema.get("format").and_then(Value::as_str) == Some("int32")
                    && number.as_i64().is_none_or(|number| i32::try_from(number).is_err())
                {
                    self.misfit(
                        codes::FIELD_VALUE,
                        path,
                        format!("`{path}` is {number}"),
                        "at most 2147483647 fits",
                    );
                }
            }
            ("number", Value::Number(_)) | ("boolean", Value::Bool(_)) => {}
            _ => {
                let help = type_help(wanted, value);
                self.misfit(
                    codes::FIELD_TYPE,
                    path,
                    format!("`{path}` is {}; {} is needed", describe(value), named(wanted)),
                    help,
                );
            }
        }
    }

    fn object(&mut self, map: &Map<String, Value>, definition: &str, schema: &Value, path: &ValuePath) {
        let known = schema.get("properties").and_then(Value::as_object);
        let rest = schema.get("additionalProperties");
        for (key, value) in map {
            let at = path.child(key.as_str());
            let field = known.and_then(|known| known.get(key)).or(rest);
            match (field, known) {
                // Null is the same as absent; whether that is allowed is seen below.
                (Some(_), _) if value.is_null() => {}
                (Some(_), Some(_)) if self.is_too_new(definition, key, &at) => {}
                (Some(field), _) => {
                    let (name, schema) = self.schemas.resolve(field);
                    let before = self.misfits.len();
                    self.value(value, name, schema, &at);
                    let fits = self.misfits.len() == before;
                    for complaint in limits::complaints(definition, key, value).into_iter().filter(|_| fits) {
                        self.misfit(
                            codes::FIELD_VALUE,
                            &at,
                            format!("`{at}` is {}", complaint.found),
                            complaint.help,
                        );
                    }
                }
                (None, Some(known)) => {
                    let help = suggestion(key, known.keys().map(String::as_str));
                    let title = format!("there is no field `{at}`");
                    self.misfits.push(Misfit {
                        code: codes::UNKNOWN_FIELD,
                        path: at,
                        title,
                        help,
                        about_key: true,
                    });
                }
                // A map of anything.
                (None, None) => {}
            }
        }
        for key in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            let key = key.as_str().unwrap_or_default();
            if map.get(key).is_none_or(Value::is_null) {
                let at = path.child(key);
                self.misfit(
                    codes::FIELD_MISSING,
                    &at,
                    format!("`{at}` is missing"),
                    format!("add `{key}`; Kubernetes requires it"),
                );
            }
        }
    }

    /// Whether a field is not there yet in the version that the objects are for; an API server would drop or refuse it.
    fn is_too_new(&mut self, definition: &str, key: &str, at: &ValuePath) -> bool {
        let since = too_new(definition, key, self.version);
        if let Some(since) = since {
            self.misfits.push(Misfit {
                code: codes::FIELD_VERSION,
                path: at.clone(),
                title: format!("there is no field `{at}` before Kubernetes 1.{since}"),
                help: format!("leave it out, or say `--kube-version 1.{since}` if the cluster has it"),
                about_key: true,
            });
        }
        since.is_some()
    }

    fn text(&mut self, text: &str, schema: &Value, path: &ValuePath) {
        use base64::Engine as _;
        if schema.get("format").and_then(Value::as_str) == Some("byte")
            && base64::engine::general_purpose::STANDARD.decode(text).is_err()
        {
            // The text may be a secret in clear, so it is not shown.
            self.misfit(
                codes::FIELD_VALUE,
                path,
                format!("`{path}` is not base64"),
                "encode it, or put it into `stringData` as it is",
            );
        }
    }

    /// A quantity, or a number or name (of a port, or a percentage).
    fn int_or_string(&mut self, value: &Value, definition: &str, path: &ValuePath) {
        let quantity = definition.ends_with(".Quantity");
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) if quantity || number.is_i64() => number.to_string(),
            _ => {
                let wanted = if quantity { "a quantity" } else { "a whole number or a text" };
                let title = format!("`{path}` is {}; {wanted} is needed", describe(value));
                return self.misfit(codes::FIELD_VALUE, path, title, format!("write {wanted}"));
            }
        };
        if quantity && let Err(why) = Quantity::parse(&text) {
            self.misfit(
                codes::FIELD_VALUE,
                path,
                format!("`{path}` is `{text}`, which is no quantity"),
                format!("{why}; write `500m`, `2` or `10Gi`"),
            );
        }
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("the number {number}"),
        // Any text may be a secret.
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a map".to_owned(),
    }
}

fn named(wanted: &str) -> &'static str {
    match wanted {
        "object" => "a map",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "true or false",
    }
}

fn type_help(wanted: &str, value: &Value) -> String {
    match (wanted, value) {
        ("string", Value::Bool(_) | Value::Number(_)) => format!("quote it: `\"{value}\"`"),
        ("integer" | "number", Value::String(text)) if text.parse::<i64>().is_ok() => {
            format!("write it without quotes: `{text}`")
        }
        ("boolean", Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
            format!("write it without quotes: `{text}`")
        }
        ("array", _) => "write it as a list, each item after a `-`".to_owned(),
        ("object", Value::Array(_)) => "write it as a map, without `-`".to_owned(),
        _ => format!("write {}", named(wanted)),
    }
}

/// A remedy for an unknown word: the known one that it resembles, or all of them where they are few.
pub(super) fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let lower = word.to_ascii_lowercase();
    let near = known
        .iter()
        .map(|other| (strsim::damerau_levenshtein(&lower, &other.to_ascii_lowercase()), *other))
        .min()
        .filter(|(distance, other)| *distance <= 1 + other.len().min(word.len()) / 4);
    match near {
        Some((_, other)) => format!("did you mean `{other}`?"),
        None if known.is_empty() => {
            "there is none of that kind here; add one, or name what exists".to_owned()
        }
        None if known.len() <= 12 => format!("known here: {}", known.join(", ")),
        None => "remove it, or look it up with `kubectl explain`".to_owned(),
    }
}
