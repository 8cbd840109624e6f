//! Which items of two lists are the same one.

use serde_json::Value as Json;

/// The list's key, the fields that tell its items apart, whether their order means something, and whether an apply
/// merges item by item.
struct Keyed {
    list: &'static str,
    by: &'static [&'static str],
    ordered: bool,
    merged: bool,
}

const fn keyed(list: &'static str, by: &'static [&'static str], ordered: bool) -> Keyed {
    Keyed { list, by, ordered, merged: true }
}

/// A list that an apply replaces as a whole, though its items have names.
const fn whole(list: &'static str, by: &'static [&'static str]) -> Keyed {
    Keyed { list, by, ordered: false, merged: false }
}

/// By the API's `x-kubernetes-list-map-keys`. The order of variables counts (`$(NAME)` sees those before it), that of
/// containers too: it is the order in which they are started.
const KEYED: [Keyed; 17] = [
    keyed("containers", &["name"], true),
    keyed("initContainers", &["name"], true),
    keyed("ephemeralContainers", &["name"], true),
    keyed("env", &["name"], true),
    keyed("volumes", &["name"], false),
    keyed("volumeMounts", &["mountPath"], false),
    keyed("volumeDevices", &["devicePath"], false),
    keyed("imagePullSecrets", &["name"], false),
    whole("volumeClaimTemplates", &["metadata/name"]),
    keyed("ports", &["containerPort", "protocol"], false),
    keyed("ports", &["port", "protocol"], false),
    keyed("hostAliases", &["ip"], false),
    keyed("topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"], false),
    keyed("ownerReferences", &["uid"], false),
    whole("subjects", &["kind", "name"]),
    keyed("secrets", &["name"], false),
    keyed("conditions", &["type"], false),
];

/// Lists of plain values that are sets.
const SETS: [&str; 11] = [
    "accessModes",
    "finalizers",
    "policyTypes",
    "verbs",
    "resources",
    "resourceNames",
    "apiGroups",
    "add",
    "drop",
    "loadBalancerSourceRanges",
    "supplementalGroups",
];

/// How two lists are compared.
pub(super) enum Pairing {
    /// The items have names, unique on each side.
    Named { ordered: bool, left: Vec<String>, right: Vec<String> },
    /// A set of plain values.
    Set,
    /// Maps without names: the first with the first.
    Numbered,
    /// One value as a whole, such as a command.
    Whole,
}

pub(super) fn pairing(list: &str, left: &[Json], right: &[Json]) -> Pairing {
    for row in KEYED.iter().filter(|row| row.list == list) {
        if let (Some(left), Some(right)) = (labels(row.by, left), labels(row.by, right)) {
            return Pairing::Named { ordered: row.ordered, left, right };
        }
    }
    let all = || left.iter().chain(right);
    if SETS.contains(&list) && all().all(Json::is_string) {
        return Pairing::Set;
    }
    if all().all(Json::is_object) { Pairing::Numbered } else { Pairing::Whole }
}

/// Whether an apply merges a list of the API's own kinds item by item.
pub(super) fn is_merged(list: &str) -> bool {
    KEYED.iter().any(|row| row.list == list && row.merged)
}

/// An item of a list by its name, or by its number.
pub(super) fn item<'a>(list: &str, items: &'a [Json], label: &str) -> Option<&'a Json> {
    match pairing(list, items, items) {
        Pairing::Named { left, .. } => items.get(left.iter().position(|name| name == label)?),
        _ => items.get(label.parse::<usize>().ok()?),
    }
}

/// The items' names; none where one lacks a field or two are called alike.
fn labels(by: &[&str], items: &[Json]) -> Option<Vec<String>> {
    let mut labels: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let mut label = String::new();
        for (at, field) in by.iter().enumerate() {
            let word = match item.pointer(&format!("/{field}")) {
                Some(Json::String(text)) => text.clone(),
                Some(Json::Number(number)) => number.to_string(),
                // What the API server takes for a port that states none.
                None if *field == "protocol" => "TCP".to_owned(),
                _ => return None,
            };
            // A protocol is named only where it is not the usual one.
            if at == 0 {
                label = word;
            } else if *field != "protocol" || word != "TCP" {
                label = format!("{label}/{word}");
            }
        }
        if labels.contains(&label) {
            return None;
        }
        labels.push(label);
    }
    Some(labels)
}
