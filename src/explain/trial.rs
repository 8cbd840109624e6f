//! Another value for a key, tried on: what changes in a render is where the key ends up.
//!
//! A trial is exact where a trace would guess: whatever rule, formula or template carries the value, a byte that differs
//! is its doing, and one that doesn't is not. What it costs is one more render.

use serde_json::{Value as Json, json};

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Place, Sources};
use crate::pipeline::{self, Loaded, Made};
use crate::postgres::Major;
use crate::postgres::parameters::{self, Kind};
use crate::quantity::Quantity;
use crate::release::Release;
use crate::render::Templates;
use crate::yaml::{Entry, Map, Node, Step, Style, Value, ValuePath};

/// The surroundings of a trial.
pub(super) struct Trial<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) release: &'a Release,
    pub(super) templates: &'a Templates,
    pub(super) sources: &'a Sources,
}

impl Trial<'_> {
    /// A render with another value at a path; why not, in one line, where it is refused.
    pub(super) fn run(&self, path: &ValuePath, value: &Json) -> Result<Made, String> {
        let mut merged = self.loaded.merged.clone();
        let place = merged.locate(path).unwrap_or(merged.root.place);
        put(&mut merged.root, path.steps(), node(place, value));
        let (mut sources, mut found) = (self.sources.clone(), Diagnostics::new());
        let config = Config::from_merged(&mut merged, &mut found);
        let loaded = config.filter(|_| !found.has_errors()).map(|config| Loaded { merged, config });
        let made = loaded.and_then(|loaded| {
            pipeline::make(&loaded, self.release, self.templates, &mut sources, &mut found)
        });
        match made {
            Some(made) if !found.has_errors() => Ok(made),
            _ => Err(found.into_iter().map(|finding| finding.title).next().unwrap_or_default()),
        }
    }
}

fn put(root: &mut Node, steps: &[Step], value: Node) {
    let Some((step, rest)) = steps.split_first() else {
        *root = value;
        return;
    };
    match (step, &mut root.value) {
        (Step::Key(key), Value::Map(map)) => {
            if let Some(node) = map.get_mut(key) {
                put(node, rest, value);
                return;
            }
            let mut node = Node::map(root.place, Map::new());
            put(&mut node, rest, value);
            map.insert(Entry { key: key.clone(), key_place: root.place, node });
        }
        (Step::Index(index), Value::List(items)) => {
            if let Some(item) = items.get_mut(*index) {
                put(item, rest, value);
            }
        }
        // A null or a scalar where a map is to be: a section that somebody dropped.
        (Step::Key(_), _) => {
            *root = Node::map(root.place, Map::new());
            put(root, steps, value);
        }
        (Step::Index(_), _) => {}
    }
}

fn node(place: Place, value: &Json) -> Node {
    match value {
        Json::Array(items) => Node::list(place, items.iter().map(|item| node(place, item)).collect()),
        Json::Object(members) => {
            let mut map = Map::new();
            for (key, member) in members {
                map.insert(Entry { key: key.clone(), key_place: place, node: node(place, member) });
            }
            Node::map(place, map)
        }
        Json::String(text) => Node::scalar(place, text.as_str(), Style::Text),
        Json::Null => Node::null(place),
        other => Node::scalar(place, other.to_string(), Style::Json),
    }
}

/// Texts to try by the format of a key, besides changes of what is there.
const TEXTS: &[(&str, &[&str])] = &[
    ("digest", &["sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
    ("line", &["another", "10.0.0.0/8", "md5", "hstore", "LATIN1"]),
    ("quantity", &["1Gi", "99Mi", "100m", "100Gi"]),
    ("registry", &["registry.example.com"]),
    ("repository", &["example/another"]),
    ("tag", &["another"]),
    ("text", &["SELECT 2"]),
];

/// Other values of a key, the likeliest to be good first.
pub(super) fn others(schema: &Json, now: Option<&Json>) -> Vec<Json> {
    if schema.is_null() {
        // Inside Kubernetes' own shape: another value of the same type.
        return match now {
            Some(Json::String(text)) => vec![json!(format!("{text}x"))],
            Some(Json::Bool(set)) => vec![json!(!set)],
            Some(Json::Number(number)) => {
                number.as_i64().map(|n| json!(n.saturating_add(1))).into_iter().collect()
            }
            _ => Vec::new(),
        };
    }
    let mut others = Vec::new();
    let words =
        schema.get("oneOf").and_then(Json::as_array).into_iter().flatten().filter_map(|v| v.get("const"));
    let words = words.chain(schema.get("enum").and_then(Json::as_array).into_iter().flatten());
    others.extend(words.filter(|word| word.is_string()).cloned());
    let kind = match schema.get("type") {
        Some(Json::Array(kinds)) => kinds.iter().find(|kind| *kind != "null").and_then(Json::as_str),
        kind => kind.and_then(Json::as_str),
    };
    match kind {
        _ if !others.is_empty() => {}
        _ if schema.get("x-kubernetes").is_some() => {
            others.extend(KUBERNETES.iter().filter_map(|text| serde_json::from_str(text).ok()));
        }
        Some("boolean") => others.push(json!(now != Some(&json!(true)))),
        Some("integer") => {
            let least = schema.get("minimum").and_then(Json::as_i64).unwrap_or(1);
            let number = now.and_then(Json::as_i64).unwrap_or(least);
            let most = schema.get("maximum").and_then(Json::as_i64).unwrap_or(i64::MAX);
            let twice = number.saturating_mul(2);
            others.extend([number + 1, twice, number / 2, number - 1, least, most].map(Json::from));
        }
        Some("array") => {
            if let Some([_, rest @ ..]) = now.and_then(Json::as_array).map(Vec::as_slice) {
                others.push(json!(rest));
            }
            let item = schema.get("items").unwrap_or(&Json::Null);
            others.extend(self::others(item, None).into_iter().map(|item| json!([item])));
        }
        Some("object") if schema.get("properties").is_none() => {
            others.extend([json!({ "example.com/another": "another" })]);
        }
        Some("object") => others.extend(smallest(schema)),
        _ => others.extend(texts(schema, now.and_then(Json::as_str)).into_iter().map(Json::from)),
    }
    others.retain(|other| Some(other) != now);
    others
}

/// Values of lists and maps whose parts have to fit each other, and what else the values say.
pub(super) fn examples(config: &Config, path: &ValuePath) -> Vec<Json> {
    match path.to_string().as_str() {
        "patches" => {
            vec![
                json!([{ "kind": "Service", "patch": { "metadata": { "annotations": { "note": "reviewed" } } } }]),
            ]
        }
        "postgresql.config" => vec![json!({ "work_mem": "9MB" })],
        "postgresql.hba" => {
            vec![json!([{ "type": "host", "address": "10.0.0.0/8", "method": "scram-sha-256" }])]
        }
        "postgresql.initScripts" => {
            let databases = config.postgresql.databases.first();
            let script = |name: &str| json!([{ "name": "one.sql", "database": name, "run": "once", "sql": "SELECT 1" }]);
            databases.map(|database| script(database.name.as_str())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Things in Kubernetes' shape; what does not fit a key is refused there, so the first that fits is tried.
const KUBERNETES: &[&str] = &[
    r#"{"key":"another","operator":"Exists"}"#,
    r#"{"name":"ANOTHER","value":"another"}"#,
    r#"{"name":"another","emptyDir":{}}"#,
    r#"{"name":"tmp","mountPath":"/another"}"#,
    r#"{"name":"another","image":"example/another"}"#,
    r#"{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{}}"#,
    r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"another"}}"#,
    r#"{"nodeAffinity":{}}"#,
    r#"{"metadata":{"annotations":{"example.com/another":"another"}}}"#,
];

/// A map with the keys that it needs and no more.
fn smallest(schema: &Json) -> Option<Json> {
    let mut map = serde_json::Map::new();
    for key in schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
    {
        let value = others(schema.get("properties")?.get(key)?, None).into_iter().next()?;
        map.insert(key.to_owned(), value);
    }
    Some(Json::Object(map))
}

fn texts(schema: &Json, now: Option<&str>) -> Vec<String> {
    let format = schema.get("format").and_then(Json::as_str).unwrap_or("text");
    let mut texts = Vec::new();
    if let Some(now) = now.filter(|now| Quantity::parse(now).is_ok()) {
        let digits = now.find(|c: char| !c.is_ascii_digit()).unwrap_or(now.len());
        if let Ok(number) = now[..digits].parse::<u64>() {
            let unit = &now[digits..];
            // Near and far: what is rounded, capped or has a floor shows with one of them.
            let [more, less] = [number.saturating_mul(4), number / 4];
            let numbers = [number.saturating_add(1), more, less, number.saturating_mul(2), number / 2];
            texts.extend(numbers.map(|n| format!("{n}{unit}")));
        }
    } else if let Some(now) = now {
        texts.push(format!("{now}x"));
    }
    let row = TEXTS.iter().find(|(name, _)| *name == format).map_or(&["another"][..], |(_, texts)| texts);
    texts.extend(row.iter().map(|text| (*text).to_owned()));
    texts
}

/// Other values of a parameter, in its own unit.
pub(super) fn other_settings(major: Major, name: &str, now: Option<&str>) -> Vec<String> {
    let Some(span) = parameters::find(major, name).and_then(|parameter| parameter.in_major(major)) else {
        return vec!["another".to_owned()];
    };
    let now = now.unwrap_or(span.default);
    let mut others: Vec<String> = match &span.kind {
        Kind::Bool => vec!["on".to_owned(), "off".to_owned()],
        Kind::Enum { values, .. } => values.iter().map(|value| (*value).to_owned()).collect(),
        Kind::Integer { min, max, .. } => {
            let number = parameters::read(major, name, now).and_then(|value| value.number()).unwrap_or(*min);
            [number.saturating_add(1), number.saturating_sub(1), *min, *max].map(|n| n.to_string()).into()
        }
        Kind::Real { min, max, .. } => {
            let number = match parameters::read(major, name, now) {
                Some(parameters::Value::Real { number, .. }) => number,
                _ => *min,
            };
            [number + 1.0, number / 2.0, *min, *max].map(|n| n.to_string()).into()
        }
        Kind::Text => [&format!("{now}x"), "C", "UTC", "UTF8", "Default"].map(str::to_owned).into(),
    };
    others.retain(|other| parameters::read(major, name, other) != parameters::read(major, name, now));
    others
}
