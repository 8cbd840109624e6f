//! Values against the API's schemas: unknown fields, wrong types, missing fields, quantities, choices, ranges.
//!
//! The schemas are those of `k8s-openapi`, kept in `data/` (`generate.rs`), since making them takes longer than all the
//! rest of a render. They use few words of JSON Schema; what they don't say is in tables: `limits` (choices and ranges),
//! `formed` (addresses, names, shares …), `shapes` (fields of one map together). Those of custom
//! resources (`data/kubernetes/README.md`) say it themselves: `stated`.

use serde_json::{Map, Value};

use self::definitions::Resolved;
use crate::diagnostics::codes::{self, Code};
use crate::diagnostics::sounds_secret;
use crate::manifest::encoded;
use crate::quantity::Quantity;
use crate::yaml::{Trail, ValuePath};

mod addresses;
mod dates;
mod definitions;
mod formed;
mod forms;
#[cfg(test)]
mod generate;
mod limits;
mod quotas;
mod shapes;
mod stated;
mod words;

pub(super) use definitions::{Definition, Schema};
pub(super) use words::suggestion;
use words::{describe, named, type_help};

/// Where a value does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) code: Code,
    pub(super) path: ValuePath,
    pub(super) title: String,
    pub(super) help: String,
    /// Whether it is about the key, not about what it has.
    pub(super) about_key: bool,
    /// The number or switch that stands where a text is needed; how it was written says how to mend it.
    pub(super) no_text: Option<Value>,
}

/// Everything about `value` that does not fit the definition `name`, or came after minor version `version` of Kubernetes.
pub(super) fn misfits(value: &Value, name: &str, version: u32) -> Vec<Misfit> {
    let mut walk = Walk { version, misfits: Vec::new(), silent: name == SECRET };
    if let Some(definition) = Definition::named(name) {
        walk.value(value, definition.resolved(), &Trail::from(&ValuePath::root()));
    }
    walk.misfits
}

/// The same of the metadata of an object whose kind is not known; every kind has the same.
pub(super) fn misfits_of_metadata(object: &Value, version: u32) -> Vec<Misfit> {
    let mut walk = Walk { version, misfits: Vec::new(), silent: false };
    if let (Some(metadata), Some(definition)) = (object.get("metadata"), Definition::named(METADATA)) {
        walk.value(metadata, definition.resolved(), &Trail::from(&ValuePath::root().child("metadata")));
    }
    walk.misfits
}

const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// The kind whose data no message shows.
const SECRET: &str = "io.k8s.api.core.v1.Secret";

/// A definition and a field of it that the schema calls required and the API server doesn't: a pull secret that names
/// nothing is passed over.
const OPTIONAL: (&str, &str) = ("io.k8s.api.core.v1.LocalObjectReference", "name");

/// The variable that may have a password.
const VARIABLE: &str = "io.k8s.api.core.v1.EnvVar";

struct Walk {
    version: u32,
    misfits: Vec<Misfit>,
    /// Whether values may be secrets, even numbers.
    silent: bool,
}

impl Walk {
    fn misfit(&mut self, code: Code, path: &Trail<'_>, title: String, help: impl Into<String>) {
        self.misfit_at(code, path.path(), title, help.into());
    }

    fn misfit_at(&mut self, code: Code, path: ValuePath, title: String, help: String) {
        self.misfits.push(Misfit { code, path, title, help, about_key: false, no_text: None });
    }

    fn value(&mut self, value: &Value, wanted: Resolved, path: &Trail<'_>) {
        let before = self.misfits.len();
        self.typed(value, wanted, path);
        if self.misfits.len() == before
            && let Some(limits) = &wanted.schema.limits
            && let Some(complaint) = limits.complaint(value)
        {
            let title = format!("`{path}` is {}", complaint.found);
            self.misfit(codes::FIELD_VALUE, path, title, complaint.help);
        }
    }

    fn typed(&mut self, value: &Value, wanted: Resolved, path: &Trail<'_>) {
        let schema = wanted.schema;
        if schema.int_or_string {
            return self.int_or_string(value, wanted, path);
        }
        let Some(kind) = schema.kind else { return };
        match (kind, value) {
            ("object", Value::Object(map)) => {
                let before = self.silent;
                let name = map.get("name").and_then(Value::as_str).unwrap_or_default();
                self.silent |=
                    wanted.definition.is_some_and(|known| known.name == VARIABLE) && sounds_secret(name);
                self.object(map, wanted, path);
                self.silent = before;
            }
            ("array", Value::Array(items)) => {
                let Some(item) = schema.items.as_ref().map(|item| item.resolve()) else { return };
                for (index, value) in items.iter().enumerate() {
                    self.value(value, item, &path.item(index));
                }
            }
            ("string", Value::String(text)) => self.text(text, schema, path),
            ("integer", Value::Number(number)) if number.is_i64() || number.is_u64() => {
                if schema.format == Some("int32")
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
                let unquoted = match (kind, value, &schema.limits) {
                    ("string", Value::Number(number), Some(limits)) => limits.instead_of(number),
                    _ => None,
                };
                let quote_it = || "quote what is written there".to_owned();
                let (found, help) = match value {
                    // What stands there may be a secret, and YAML reads it as something else.
                    Value::Number(_) if self.silent => ("a number".to_owned(), quote_it()),
                    Value::Bool(_) if self.silent => ("true or false".to_owned(), quote_it()),
                    _ => (describe(value), unquoted.clone().unwrap_or_else(|| type_help(kind, value))),
                };
                let title = format!("`{path}` is {found}; {} is needed", named(kind));
                self.misfit(codes::FIELD_TYPE, path, title, help);
                let is_plain =
                    kind == "string" && unquoted.is_none() && (value.is_number() || value.is_boolean());
                if let Some(misfit) = self.misfits.last_mut().filter(|_| is_plain && !self.silent) {
                    misfit.no_text = Some(value.clone());
                }
            }
        }
    }

    fn object(&mut self, map: &Map<String, Value>, wanted: Resolved, path: &Trail<'_>) {
        let known = wanted.schema.properties.as_ref();
        let rest = wanted.schema.additional_properties.as_deref();
        for (key, value) in map {
            let at = path.child(key);
            let field = known.and_then(|known| known.get(key.as_str())).or(rest);
            match (field, known) {
                // Null is the same as absent; whether that is allowed is seen below.
                (Some(_), _) if value.is_null() => {}
                (Some(_), Some(_)) if self.is_too_new(wanted, key, &at) => {}
                (Some(field), _) => {
                    let before = self.misfits.len();
                    self.value(value, field.resolve(), &at);
                    if self.misfits.len() == before
                        && let Some(definition) = wanted.definition
                    {
                        for complaint in limits::complaints(&definition.limits, key, value) {
                            self.misfit(
                                codes::FIELD_VALUE,
                                &at,
                                format!("`{at}` is {}", complaint.found),
                                complaint.help,
                            );
                        }
                    }
                }
                (None, Some(known)) => {
                    let help = suggestion(key, known.keys().copied());
                    let title = format!("there is no field `{at}`");
                    self.misfits.push(Misfit {
                        code: codes::UNKNOWN_FIELD,
                        path: at.path(),
                        title,
                        help,
                        about_key: true,
                        no_text: None,
                    });
                }
                // A map of anything.
                (None, None) => {}
            }
        }
        for key in &wanted.schema.required {
            let is_needed = wanted.definition.is_none_or(|known| (known.name, *key) != OPTIONAL);
            if is_needed && map.get(*key).is_none_or(Value::is_null) {
                let at = path.child(key);
                self.misfit(
                    codes::FIELD_MISSING,
                    &at,
                    format!("`{at}` is missing"),
                    format!("add `{key}`; Kubernetes requires it"),
                );
            }
        }
        if let Some(definition) = wanted.definition {
            self.together(map, definition, path);
        }
    }

    /// The forms of a map's fields, and what they say of each other.
    fn together(&mut self, map: &Map<String, Value>, definition: &'static Definition, path: &Trail<'_>) {
        for (at, complaint) in formed::complaints(definition.forms, map, &|| path.path(), self.version) {
            let title = format!("`{at}` is {}", complaint.found);
            self.misfit_at(codes::FIELD_VALUE, at, title, complaint.help);
        }
        let fields = definition.schema.properties.as_ref();
        // A field that is not known may be one that is meant: it has been reported.
        if map.keys().any(|key| fields.is_some_and(|fields| !fields.contains_key(key.as_str()))) {
            return;
        }
        let known = |field: &str| definition.too_new(field, self.version).is_none();
        for flaw in definition.shapes.flaws(map, self.version, &known, &definition.schema.required) {
            let at = flaw.field.map_or_else(|| path.path(), |field| path.child(field).path());
            let title = format!("`{at}` {}", flaw.title);
            self.misfit_at(flaw.code, at, title, flaw.help);
        }
    }

    /// Whether a field is not there yet in the version that the objects are for; an API server would drop or refuse it.
    fn is_too_new(&mut self, wanted: Resolved, key: &str, at: &Trail<'_>) -> bool {
        let since = wanted.definition.and_then(|definition| definition.too_new(key, self.version));
        if let Some(since) = since {
            self.misfits.push(Misfit {
                code: codes::FIELD_VERSION,
                path: at.path(),
                title: format!("there is no field `{at}` before Kubernetes 1.{since}"),
                help: format!("leave it out, or say `--kube-version 1.{since}` if the cluster has it"),
                about_key: true,
                no_text: None,
            });
        }
        since.is_some()
    }

    fn text(&mut self, text: &str, schema: &Schema, path: &Trail<'_>) {
        if schema.format == Some("date-time") && !dates::is_time(text) {
            let title = format!("`{path}` is no point in time");
            self.misfit(codes::FIELD_VALUE, path, title, "write it as `2026-01-31T23:59:59Z`");
        }
        if schema.format != Some("byte") {
            return;
        }
        if encoded::decode(text).is_none() {
            // The text may be a secret in clear, so the title does not say it; `secrets` hides it in the excerpt.
            self.misfit(
                codes::FIELD_VALUE,
                path,
                format!("`{path}` is not base64"),
                "encode it; a text as it is goes into `stringData` of a Secret, or `data` of a ConfigMap",
            );
        }
    }

    /// A quantity, or a number or name (of a port, or a percentage).
    fn int_or_string(&mut self, value: &Value, schema: Resolved, path: &Trail<'_>) {
        let quantity = schema.definition.is_some_and(|definition| definition.name.ends_with(".Quantity"));
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
