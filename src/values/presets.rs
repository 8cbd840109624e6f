//! The built-in shapes and the defaults. A preset says how big a server is, nothing else.
//!
//! To add one: a file in `presets/` whose first line is a comment that describes it, and a row in [`PRESETS`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostics::{Diagnostic, Diagnostics, SourceId, Sources, codes};
use crate::yaml::{self, Node, Value, ValuePath};

pub struct Preset {
    pub name: &'static str,
    pub text: &'static str,
}

/// From the smallest to the largest.
pub const PRESETS: [Preset; 5] = [
    Preset { name: "edge", text: include_str!("../../presets/edge.yaml") },
    Preset { name: "small", text: include_str!("../../presets/small.yaml") },
    Preset { name: "medium", text: include_str!("../../presets/medium.yaml") },
    Preset { name: "large", text: include_str!("../../presets/large.yaml") },
    Preset { name: "xlarge", text: include_str!("../../presets/xlarge.yaml") },
];

/// The layer above the preset.
pub const DEFAULTS: &str = include_str!("../../presets/defaults.yaml");

/// What a preset may set; a star stands for the rest of a key, and whatever is below a key is meant with it.
const SHAPE: [&str; 7] = [
    "resources",
    "persistence.size",
    "persistence.disk",
    "postgresql.maxConnections",
    "postgresql.workload",
    "highAvailability.replicas",
    "highAvailability.spread",
];

/// The trees of embedded texts, read once for all releases.
static READ: Mutex<BTreeMap<&str, Arc<Vec<Node>>>> = Mutex::new(BTreeMap::new());

/// The documents of an embedded text that is in `source`.
pub(super) fn embedded(
    text: &'static str,
    source: SourceId,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Vec<Node> {
    let known = READ.lock().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
    let documents = known.unwrap_or_else(|| {
        let documents = Arc::new(yaml::read(sources, source, found));
        READ.lock().unwrap_or_else(PoisonError::into_inner).insert(text, Arc::clone(&documents));
        documents
    });
    documents.iter().map(|document| document.in_source(source)).collect()
}

impl Preset {
    pub fn find(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// The first comment line.
    pub fn description(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches('#').trim()
    }
}

/// Whether a key, or something below it, is what a preset says.
pub(crate) fn is_shape(path: &str) -> bool {
    let within = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    SHAPE.iter().any(|shape| within(path, shape) || within(shape, path))
}

/// Refuses what is no shape, at its key.
pub(super) fn check_shape(preset: &Node, found: &mut Diagnostics) {
    check_below(preset, &ValuePath::root(), found);
}

fn check_below(node: &Node, path: &ValuePath, found: &mut Diagnostics) {
    let Value::Map(map) = &node.value else { return };
    for entry in map {
        let path = path.child(entry.key.as_str());
        let name = path.to_string();
        if SHAPE.iter().any(|shape| matches(shape, &name)) {
            continue;
        }
        let above = format!("{name}.");
        if SHAPE.iter().any(|shape| shape.starts_with(&above)) && entry.node.as_map().is_some() {
            check_below(&entry.node, &path, found);
            continue;
        }
        found.push(
            Diagnostic::error(codes::PRESET_KEY, format!("a preset can't set `{name}`"))
                .at(entry.key_place, "")
                .cause(format!(
                    "a preset is a shape: it sets only {}",
                    SHAPE.map(|shape| format!("`{shape}`")).join(", ")
                ))
                .help("put this key into a values file, and give that with `-f`"),
        );
    }
}

fn matches(shape: &str, name: &str) -> bool {
    match shape.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == shape,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceKind;

    #[test]
    fn the_table_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/presets");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "defaults.yaml")
            .collect();
        files.sort();
        let mut table: Vec<_> = PRESETS.iter().map(|preset| format!("{}.yaml", preset.name)).collect();
        table.sort();
        assert_eq!(table, files);
    }

    #[test]
    fn every_preset_is_described_and_is_a_shape() {
        for preset in &PRESETS {
            assert!(preset.text.starts_with("# "), "{} starts with a comment", preset.name);
            let mut sources = Sources::new();
            let id = sources.add(preset.name, SourceKind::Preset, preset.text);
            let mut found = Diagnostics::new();
            for document in crate::yaml::read(&sources, id, &mut found) {
                check_shape(&document, &mut found);
            }
            assert_eq!(crate::diagnostics::report(&found, &sources, false), "");
        }
    }
}
