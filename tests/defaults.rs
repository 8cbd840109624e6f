//! The defaults and the presets: every key once, each in its place.

use std::collections::{BTreeMap, BTreeSet};

use pgpod::values::{DEFAULTS, PRESETS, Preset};
use serde_json::{Value as Json, json};

use crate::support::{Step, leaves, yaml};

/// What every preset sets. `highAvailability.spread` is all else that one may set, and only the smallest does.
const SHAPE: [&str; 9] = [
    "highAvailability.replicas",
    "persistence.disk",
    "persistence.size",
    "postgresql.maxConnections",
    "postgresql.workload",
    "resources.limits.cpu",
    "resources.limits.memory",
    "resources.requests.cpu",
    "resources.requests.memory",
];

/// Every scalar, list and empty map of values, by its key.
fn keys(values: &Json) -> BTreeMap<String, Json> {
    fn collect(values: &Json, name: &str, keys: &mut BTreeMap<String, Json>) {
        match values {
            Json::Object(map) if !map.is_empty() => {
                for (key, value) in map {
                    let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                    collect(value, &name, keys);
                }
            }
            value => {
                keys.insert(name.to_owned(), value.clone());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(values, "", &mut found);
    found
}

/// The keys of the schema outside lists and free maps, and whether they must be there.
fn known() -> BTreeMap<String, bool> {
    let mut known = BTreeMap::new();
    for mut leaf in leaves() {
        // A list or a free map is one key here: it is replaced, or merged with what users call their keys.
        let end = leaf.path.iter().position(|step| !matches!(step, Step::Key(_)));
        let required = end.is_none() && leaf.required;
        leaf.path.truncate(end.unwrap_or(leaf.path.len()));
        known.insert(leaf.name(), required || (end.is_some() && is_required(&leaf.path)));
    }
    known
}

/// Whether a path of names is required at every step.
fn is_required(path: &[Step]) -> bool {
    let mut schema = pgpod::config::schema();
    path.iter().all(|step| {
        let Step::Key(key) = step else { return false };
        let required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(key)));
        schema = &schema["properties"][key.as_str()];
        required
    })
}

fn preset(preset: &Preset) -> BTreeMap<String, Json> {
    keys(&yaml(preset.text))
}

#[test]
fn every_key_of_the_defaults_exists() {
    let known = known();
    for key in keys(&yaml(DEFAULTS)).keys() {
        let free = key.strip_prefix("postgresql.config.").is_some();
        assert!(known.contains_key(key) || free, "the defaults set `{key}`, which is no key");
    }
}

#[test]
fn every_key_that_must_have_a_value_has_one() {
    let defaults = keys(&yaml(DEFAULTS));
    let has = |keys: &BTreeMap<String, Json>, wanted: &str| {
        keys.keys().any(|key| key == wanted || key.starts_with(&format!("{wanted}.")))
    };
    for (key, _) in known().into_iter().filter(|(_, required)| *required) {
        for shape in &PRESETS {
            assert!(
                has(&defaults, &key) || has(&preset(shape), &key),
                "`{key}` is neither in the defaults nor in preset {}",
                shape.name
            );
        }
    }
}

#[test]
fn defaults_never_hide_what_a_preset_sets() {
    let defaults = keys(&yaml(DEFAULTS));
    for shape in &PRESETS {
        for key in preset(shape).keys() {
            assert!(
                !defaults.contains_key(key),
                "preset {} sets `{key}`, and so do the defaults",
                shape.name
            );
        }
    }
}

#[test]
fn every_preset_sets_the_shape_and_nothing_else() {
    for shape in &PRESETS {
        let mut found: BTreeSet<_> = preset(shape).into_keys().collect();
        assert_eq!(found.remove("highAvailability.spread"), shape.name == "edge", "preset {}", shape.name);
        assert_eq!(found, SHAPE.map(str::to_owned).into(), "preset {}", shape.name);
    }
}

#[test]
fn the_shapes_are_those_of_the_specification() {
    let table = [
        ("edge", "250m", "500m", "512Mi", "1Gi", "10Gi", 100, 2),
        ("small", "500m", "2", "2Gi", "4Gi", "50Gi", 200, 2),
        ("medium", "2", "4", "8Gi", "16Gi", "200Gi", 500, 3),
        ("large", "4", "8", "16Gi", "32Gi", "500Gi", 1000, 3),
        ("xlarge", "8", "16", "32Gi", "64Gi", "1Ti", 2000, 5),
    ];
    let found: Vec<_> = PRESETS.iter().map(|shape| (shape.name, preset(shape))).collect();
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows: Vec<_> = found
        .iter()
        .map(|(name, keys)| {
            let cpu = |what: &str| text(&keys[&format!("resources.{what}.cpu")]);
            let memory = |what: &str| text(&keys[&format!("resources.{what}.memory")]);
            (
                *name,
                [
                    cpu("requests"),
                    cpu("limits"),
                    memory("requests"),
                    memory("limits"),
                    text(&keys["persistence.size"]),
                ],
                keys["postgresql.maxConnections"].as_i64(),
                keys["highAvailability.replicas"].as_i64(),
            )
        })
        .collect();
    let wanted = table.map(|(name, cpu, cpu_limit, memory, memory_limit, storage, connections, replicas)| {
        let amounts = [cpu, cpu_limit, memory, memory_limit, storage].map(str::to_owned);
        (name, amounts, Some(connections), Some(replicas))
    });
    assert_eq!(rows, wanted);
}
