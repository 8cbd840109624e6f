//! The keys of the values' schema, and values at them.

use serde_json::{Map, Value as Json};

/// A step of a key: a name, any name of a free map, any item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    AnyKey,
    Item,
}

/// A key that holds one value, or one object of Kubernetes' shape.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub(crate) path: Vec<Step>,
    /// Its schema, without the `null` of an optional key.
    pub(crate) schema: &'static Json,
    /// The rule of the nearest free map's keys above it (`label-key`).
    pub(crate) keys: Option<&'static str>,
    /// Whether the layers must have it: neither it nor anything above it may be left out.
    pub(crate) required: bool,
}

/// Every key of the schema, also those inside items of lists and free maps.
pub(crate) fn leaves() -> Vec<Leaf> {
    let mut leaves = Vec::new();
    walk(pgpod::config::schema(), &mut Vec::new(), None, true, &mut leaves);
    assert!(leaves.len() > 100, "the walk finds the keys");
    leaves
}

fn walk(
    schema: &'static Json,
    path: &mut Vec<Step>,
    keys: Option<&'static str>,
    required: bool,
    leaves: &mut Vec<Leaf>,
) {
    let schema = plain(schema);
    let mut below = |step: Step, schema, keys, required| {
        path.push(step);
        walk(schema, path, keys, required, leaves);
        path.pop();
    };
    if schema.get("x-kubernetes").is_none() {
        if let Some(Json::Object(properties)) = schema.get("properties") {
            for (name, property) in properties {
                let listed =
                    schema["required"].as_array().is_some_and(|all| all.contains(&Json::from(&**name)));
                below(Step::Key(name.clone()), property, keys, required && listed);
            }
            return;
        }
        if let Some(any) = schema.get("additionalProperties").filter(|any| any.is_object()) {
            return below(Step::AnyKey, any, schema.get("x-keys").and_then(Json::as_str), false);
        }
        if let Some(item) = schema.get("items") {
            return below(Step::Item, item, keys, false);
        }
    }
    leaves.push(Leaf { path: path.clone(), schema, keys, required });
}

/// The schema without the `null` of an optional key.
fn plain(schema: &'static Json) -> &'static Json {
    let variants = schema.get("anyOf").and_then(Json::as_array);
    variants.and_then(|all| all.iter().find(|v| v["type"] != "null")).unwrap_or(schema)
}

impl Leaf {
    /// As the tables of tests name it: `postgresql.databases[].owner`, `commonLabels.*`.
    pub(crate) fn name(&self) -> String {
        let mut name = String::new();
        for step in &self.path {
            match step {
                Step::Item => name.push_str("[]"),
                Step::Key(key) if name.is_empty() => name.push_str(key),
                Step::Key(key) => name.push_str(&format!(".{key}")),
                Step::AnyKey => name.push_str(".*"),
            }
        }
        name
    }

    pub(crate) fn format(&self) -> &'static str {
        self.schema.get("format").and_then(Json::as_str).unwrap_or_default()
    }

    pub(crate) fn is(&self, kind: &str) -> bool {
        match &self.schema["type"] {
            Json::Array(kinds) => kinds.iter().any(|k| k == kind),
            one => one == kind,
        }
    }

    /// The texts that it can be, where the schema lists them.
    pub(crate) fn choices(&self) -> Vec<&'static str> {
        let listed = self.schema.get("enum").and_then(Json::as_array).into_iter().flatten();
        let documented = self.schema.get("oneOf").and_then(Json::as_array).into_iter().flatten();
        let mut choices: Vec<_> = listed.filter_map(Json::as_str).collect();
        choices.extend(documented.filter_map(|variant| variant["const"].as_str()));
        choices.extend(self.schema.get("const").and_then(Json::as_str));
        choices
    }

    /// A name for a key of the free map that it is in.
    fn key(&self) -> &'static str {
        if self.keys == Some("label-key") { "example.com/key" } else { "work_mem" }
    }

    /// The value at this key; the first item of a list, the first key of a free map.
    pub(crate) fn get<'a>(&self, values: &'a Json) -> Option<&'a Json> {
        self.path.iter().try_fold(values, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::AnyKey => value.as_object()?.values().next(),
            Step::Item => value.get(0),
        })
    }

    /// Sets the value at this key; what is missing above it is made.
    pub(crate) fn set(&self, values: &mut Json, new: Json) {
        let mut at = values;
        for step in &self.path {
            at = match step {
                Step::Item => {
                    if at.as_array().is_none_or(Vec::is_empty) {
                        *at = Json::Array(vec![Json::Null]);
                    }
                    &mut at[0]
                }
                step => {
                    if !at.is_object() {
                        *at = Json::Object(Map::new());
                    }
                    let map = at.as_object_mut().expect("just made");
                    let key = match step {
                        Step::Key(key) => key.clone(),
                        _ => map.keys().next().cloned().unwrap_or_else(|| self.key().to_owned()),
                    };
                    map.entry(key).or_insert(Json::Null)
                }
            };
        }
        *at = new;
    }
}
