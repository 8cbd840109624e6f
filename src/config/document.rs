//! What the schema says of a key, for people: its documentation, its type, its range, the keys below it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::spelling::closest;
use crate::yaml::{Step, ValuePath};

use super::keyword::{Kind, choices, kind, member, plain};
use super::renamed::renamed;
use super::scalar::{first_sentence, list};
use super::schema::schema;

/// What the schema says of a key.
#[derive(Debug, Clone)]
pub struct Documented {
    pub description: String,
    /// Its type in words: "a whole number", "a list of texts".
    pub kind: String,
    /// "1 to 65535", where it is a number.
    pub range: Option<String>,
    /// The keys below it with the first sentence on each.
    pub keys: Vec<(String, String)>,
    /// Whether its value is shown to nobody.
    pub secret: bool,
    /// The schema itself, without the `null` of an optional key.
    pub schema: &'static Json,
}

/// A key that the schema does not have.
#[derive(Debug, Clone)]
pub struct UnknownKey {
    /// The step that leads nowhere.
    pub key: String,
    /// The path up to it that exists.
    pub above: ValuePath,
    /// What it is called here, where it is a name of another chart.
    pub renamed: Option<&'static str>,
    /// The whole path that was meant, where there is a near one.
    pub meant: Option<String>,
}

/// Looks a key up. An index stands for any item of a list.
pub fn document(path: &ValuePath) -> Result<Documented, UnknownKey> {
    let mut at = schema();
    let mut above = ValuePath::root();
    // What an item of a list or a key of a free map is, the list or the map says.
    let mut description = String::new();
    for step in path.steps() {
        let inner = plain(at);
        if inner.get("x-kubernetes").is_some() {
            return Ok(in_kubernetes(path, &above));
        }
        let next = match step {
            Step::Key(key) if kind(inner) == Kind::Object => member(inner, key),
            Step::Index(_) if kind(inner) == Kind::List => inner.get("items"),
            _ => None,
        };
        let Some(next) = next else { return Err(unknown(path, above, step)) };
        above = match step {
            Step::Key(key) => above.child(key.as_str()),
            Step::Index(index) => above.item(*index),
        };
        at = next;
        let own = text(next, "description").or_else(|| text(plain(next), "description"));
        description = own.unwrap_or(description);
    }
    let inner = plain(at);
    Ok(Documented {
        description: description.replace('\n', " "),
        kind: in_words(inner),
        range: range(inner),
        keys: properties(inner).map(|(key, member)| (key.to_owned(), sentence(member))).collect(),
        secret: inner.get("x-secret").is_some(),
        schema: inner,
    })
}

/// Where Kubernetes documents what is given to it in its own shape.
const KUBERNETES: &[(&str, &str)] = &[
    ("affinity", "pod.spec.affinity"),
    ("extraContainers", "pod.spec.containers"),
    ("extraEnv", "pod.spec.containers.env"),
    ("extraInitContainers", "pod.spec.initContainers"),
    ("extraVolumeMounts", "pod.spec.containers.volumeMounts"),
    ("extraVolumes", "pod.spec.volumes"),
    ("tolerations", "pod.spec.tolerations"),
    ("topologySpreadConstraints", "pod.spec.topologySpreadConstraints"),
];

/// A key inside what has Kubernetes' own shape, which begins at `whole`.
fn in_kubernetes(path: &ValuePath, whole: &ValuePath) -> Documented {
    let keys = |steps: &[Step]| -> String {
        let keys = steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(format!(".{key}")),
            Step::Index(_) => None,
        });
        keys.collect()
    };
    let (outer, inner) = path.steps().split_at(whole.steps().len());
    let first = keys(&outer[..1]);
    let place = KUBERNETES.iter().find(|(key, _)| first == format!(".{key}"));
    let command = match place {
        Some((_, place)) => format!("`kubectl explain {place}{}`", keys(inner)),
        None => format!("`kubectl explain KIND{}`, KIND being the object's,", keys(inner)),
    };
    Documented {
        description: format!(
            "This is Kubernetes' own: what is in `{whole}` goes into the object as it is. {command} describes it."
        ),
        kind: IN_KUBERNETES.to_owned(),
        range: None,
        keys: Vec::new(),
        secret: false,
        schema: &Json::Null,
    }
}

/// Every key of the schema, items of lists with `[]`.
pub fn all_keys() -> Vec<String> {
    let mut keys = Vec::new();
    collect(schema(), "", &mut keys);
    keys
}

fn collect(schema: &Json, prefix: &str, keys: &mut Vec<String>) {
    for (key, member) in properties(schema) {
        let path = format!("{prefix}{key}");
        let inner = plain(member);
        keys.push(path.clone());
        collect(inner, &format!("{path}."), keys);
        if let Some(items) = inner.get("items") {
            collect(plain(items), &format!("{path}[]."), keys);
        }
    }
}

fn unknown(path: &ValuePath, above: ValuePath, step: &Step) -> UnknownKey {
    let key = match step {
        Step::Key(key) => key.clone(),
        Step::Index(index) => format!("[{index}]"),
    };
    let whole = path.to_string();
    let wrong = above.with(step.clone()).to_string();
    UnknownKey { renamed: renamed(&wrong), meant: meant(&whole, &above, &key), key, above }
}

/// The nearest key: among those beside it, else anywhere by its last name, else anywhere by the whole.
fn meant(whole: &str, above: &ValuePath, key: &str) -> Option<String> {
    let prefix = if above.steps().is_empty() { String::new() } else { format!("{above}.") };
    let keys = all_keys();
    // A list whose item was not named.
    if let Some(known) = keys.iter().find(|known| known.contains("[]") && known.replace("[]", "") == whole) {
        return Some(known.clone());
    }
    let beside: BTreeSet<&str> = keys
        .iter()
        .filter_map(|known| known.strip_prefix(&prefix))
        .map(|rest| rest.split(['.', '[']).next().unwrap_or(rest))
        .collect();
    if let Some(near) = closest(key, beside.iter().copied()) {
        let near = format!("{prefix}{near}");
        let rest = whole.strip_prefix(&format!("{prefix}{key}")).unwrap_or_default();
        let longer = format!("{near}{rest}");
        return Some(if keys.contains(&longer) { longer } else { near });
    }
    let last = |known: &str| known.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let wanted = last(whole);
    keys.iter()
        .find(|known| last(known) == wanted)
        .cloned()
        .or_else(|| closest(whole, keys.iter().map(String::as_str)).map(str::to_owned))
}

fn properties(schema: &'_ Json) -> impl Iterator<Item = (&'_ str, &'_ Json)> {
    let map = schema.get("properties").and_then(Json::as_object);
    map.into_iter().flatten().map(|(key, member)| (key.as_str(), member))
}

fn text(schema: &Json, keyword: &str) -> Option<String> {
    schema.get(keyword).and_then(Json::as_str).map(str::to_owned)
}

fn sentence(member: &Json) -> String {
    let text = text(member, "description").or_else(|| text(plain(member), "description"));
    first_sentence(&text.unwrap_or_default())
}

fn range(schema: &Json) -> Option<String> {
    let bound = |key: &str| schema.get(key).and_then(Json::as_i64);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) => Some(format!("{least} or more")),
        (None, Some(most)) => Some(format!("{most} or less")),
        (None, None) => None,
    }
}

/// The type of what goes into an object as it is.
const IN_KUBERNETES: &str = "whatever Kubernetes takes there";

/// Texts with rules, in words.
const FORMATS: &[(&str, &str)] = &[
    ("digest", "a digest of an image: `sha256:` and 64 hexadecimal digits"),
    ("dns-label", "a name of lower-case letters, digits and `-`"),
    ("dns-subdomain", "a name of lower-case letters, digits, `-` and `.`"),
    ("file-name", "a file's name"),
    ("identifier", "a name in PostgreSQL, 63 bytes at most"),
    ("label-value", "a label's value: letters, digits, `-`, `_` and `.`, 63 characters at most"),
    ("line", "a text of one line"),
    ("quantity", "a quantity of Kubernetes, such as `50Gi` or `500m`"),
    ("registry", "an image registry, such as `registry.example.com:5000`"),
    ("repository", "an image repository, such as `library/postgres`"),
    ("secret", "a password; its value is never shown"),
    ("storage-class", "a storage class's name, or `-` for none"),
    ("tag", "an image's tag"),
    ("text", "a text"),
    ("token", "a value of a PostgreSQL parameter"),
];

fn in_words(schema: &Json) -> String {
    let schema = plain(schema);
    if schema.get("x-kubernetes").is_some() {
        return IN_KUBERNETES.to_owned();
    }
    match kind(schema) {
        Kind::Object if properties(schema).next().is_some() => "a map of the keys below".to_owned(),
        Kind::Object => {
            let value = schema.get("additionalProperties").map_or_else(|| "a text".to_owned(), in_words);
            format!("a map, each value {value}")
        }
        Kind::List => format!("a list, each item {}", in_words(schema.get("items").unwrap_or(&Json::Null))),
        Kind::Choice => format!("one of {}", list(&choices(schema))),
        Kind::Text => {
            let format = schema.get("format").and_then(Json::as_str).unwrap_or("text");
            FORMATS.iter().find(|(name, _)| *name == format).map_or("a text", |(_, words)| words).to_owned()
        }
        other => other.wanted().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_told_in_words() {
        let keys = ["label-key", "parameter-name"];
        let mut formats: Vec<_> = super::super::text::FORMATS
            .iter()
            .map(|format| format.name)
            .filter(|name| !keys.contains(name))
            .collect();
        formats.sort_unstable();
        assert_eq!(FORMATS.iter().map(|(name, _)| *name).collect::<Vec<_>>(), formats);
    }

    #[test]
    fn a_wrong_key_leads_to_the_one_that_was_meant() {
        let meant =
            |key: &str| document(&ValuePath::parse(key).unwrap()).unwrap_err().meant.unwrap_or_default();
        assert_eq!(meant("postgresql.maxConections"), "postgresql.maxConnections");
        assert_eq!(meant("maxConnections"), "postgresql.maxConnections");
        assert_eq!(meant("postgres.image.tag"), "postgresql.image.tag");
        assert_eq!(meant("persistence.wal.siz"), "persistence.wal.size");
        assert_eq!(meant("postgresql.databases.name"), "postgresql.databases[].name");
        assert_eq!(meant("postgresql.databases.grants.role"), "postgresql.databases[].grants[].role");
    }

    #[test]
    fn what_has_kubernetes_shape_is_told_by_kubernetes() {
        let described = |key: &str| document(&ValuePath::parse(key).unwrap()).unwrap().description;
        for (key, place) in KUBERNETES {
            let item = if *key == "affinity" { (*key).to_owned() } else { format!("{key}[0]") };
            assert_eq!(
                described(&format!("{item}.a[1].b")),
                format!(
                    "This is Kubernetes' own: what is in `{item}` goes into the object as it is. \
                     `kubectl explain {place}.a.b` describes it."
                )
            );
        }
        assert_eq!(
            described("patches[0].patch.spec"),
            "This is Kubernetes' own: what is in `patches[0].patch` goes into the object as it is. \
             `kubectl explain KIND.spec`, KIND being the object's, describes it."
        );
    }

    #[test]
    fn an_item_and_a_key_of_a_free_map_are_what_their_list_or_map_says() {
        let described = |key: &str| document(&ValuePath::parse(key).unwrap()).unwrap().description;
        assert_eq!(described("podLabels.x"), described("podLabels"));
        assert_eq!(described("extraEnv[0]"), described("extraEnv"));
    }
}
