//! The API's definitions, read when they are first asked for: a render needs a small part of them.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use super::formed::{self, FORMS};
use super::limits::Limits;
use super::shapes::Shapes;
use super::stated::Stated;

/// A line for each definition, sorted: its name, a tab, its schema as JSON.
pub(super) const DEFINITIONS: &str = include_str!("../../../data/kubernetes/definitions.txt");

/// The same of custom resources that are known (`data/kubernetes/custom.py`): a line for each kind, with all that is in it.
pub(super) const CUSTOM: &str = include_str!("../../../data/kubernetes/custom.txt");

/// Since which minor version of Kubernetes a field is there, where it came after 1.31 and after what it is a field of, sorted
/// (`data/kubernetes/since.py`).
const SINCE: &str = include_str!("../../../data/kubernetes/since.txt");

/// A definition's name, what was read of it, its schema as JSON. In a box each: few of them are asked for, and the others
/// take no place.
type Row = (&'static str, OnceLock<Box<Definition>>, &'static str);

static INDEX: LazyLock<Vec<Row>> = LazyLock::new(|| index(DEFINITIONS));

/// Apart, since most releases have no custom resource: they don't pay for these.
static CUSTOM_INDEX: LazyLock<Vec<Row>> = LazyLock::new(|| index(CUSTOM));

fn index(table: &'static str) -> Vec<Row> {
    let lines = table.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(name, json)| (name, OnceLock::new(), json)).collect()
}

/// Definition, field, minor version.
static LATER: LazyLock<Vec<(&str, &str, u32)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let (name, rest) = line.split_once('\t')?;
        let (field, since) = rest.split_once('\t')?;
        Some((name, field, since.parse().ok()?))
    };
    SINCE.lines().filter_map(row).collect()
});

/// What is known of a kind of map: its schema, and what the schemas don't say.
pub(in crate::manifest) struct Definition {
    pub(in crate::manifest) name: &'static str,
    pub(in crate::manifest) schema: Schema,
    /// The fields that came later than 1.31, and with which minor version.
    later: &'static [(&'static str, &'static str, u32)],
    pub(super) limits: Limits,
    pub(super) forms: &'static [formed::Row],
    pub(super) shapes: Shapes,
}

/// A schema of the API.
pub(in crate::manifest) type Schema = Words<'static>;

/// The words of JSON Schema that the API's schemas use.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) struct Words<'a> {
    #[serde(rename = "type")]
    pub(super) kind: Option<&'a str>,
    #[serde(rename = "$ref")]
    reference: Option<&'a str>,
    /// What the reference names, once that was looked up.
    #[serde(skip)]
    target: OnceLock<Option<&'static Definition>>,
    #[serde(borrow)]
    pub(in crate::manifest) properties: Option<BTreeMap<&'a str, Words<'a>>>,
    #[serde(borrow)]
    pub(super) additional_properties: Option<Box<Words<'a>>>,
    #[serde(borrow)]
    pub(in crate::manifest) items: Option<Box<Words<'a>>>,
    #[serde(borrow, default)]
    pub(super) required: Vec<&'a str>,
    pub(super) format: Option<&'a str>,
    #[serde(rename = "x-kubernetes-int-or-string", default)]
    pub(super) int_or_string: bool,
    /// Only custom resources' have any; those of Kubernetes' own kinds are in tables of `limits`.
    #[serde(borrow)]
    pub(super) limits: Option<Box<Stated<'a>>>,
}

/// A schema, and the definition that it is the whole of, if it is one's.
#[derive(Clone, Copy)]
pub(in crate::manifest) struct Resolved {
    pub(in crate::manifest) definition: Option<&'static Definition>,
    pub(in crate::manifest) schema: &'static Schema,
}

impl Definition {
    /// The definition of a name.
    pub(in crate::manifest) fn named(name: &str) -> Option<&'static Self> {
        let index = if name.starts_with("io.k8s.") { &INDEX } else { &CUSTOM_INDEX };
        let at = index.binary_search_by_key(&name, |(name, ..)| name).ok()?;
        let (name, definition, json) = &index[at];
        Some(definition.get_or_init(|| {
            // The tables of what Kubernetes demands beyond the schemas leave out the common beginning.
            let short = name.strip_prefix("io.k8s.").unwrap_or(name);
            Box::new(Self {
                name,
                schema: serde_json::from_str(json).unwrap_or_default(),
                later: rows(&LATER, name, |row| row.0),
                limits: Limits::of(short),
                forms: rows(&FORMS, short, |row| row.0),
                shapes: Shapes::of(short),
            })
        }))
    }

    pub(in crate::manifest) fn resolved(&'static self) -> Resolved {
        Resolved { definition: Some(self), schema: &self.schema }
    }

    /// The minor version that a field came with, where that is later than `version`.
    pub(super) fn too_new(&self, field: &str, version: u32) -> Option<u32> {
        let row = self.later.iter().find(|row| row.1 == field)?;
        (row.2 > version).then_some(row.2)
    }
}

impl Schema {
    /// Follows a reference.
    pub(in crate::manifest) fn resolve(&'static self) -> Resolved {
        let target = self.target.get_or_init(|| {
            let (_, name) = self.reference?.rsplit_once('/')?;
            Definition::named(name)
        });
        target.map_or(Resolved { definition: None, schema: self }, Definition::resolved)
    }

    /// What a field is, or what any key of a map without named fields is.
    pub(in crate::manifest) fn field(&'static self, key: &str) -> Option<&'static Self> {
        match &self.properties {
            Some(fields) => fields.get(key),
            None => self.additional_properties.as_deref(),
        }
    }
}

/// The rows of one definition, of a table that is sorted by definitions.
pub(super) fn rows<'a, T>(table: &'a [T], definition: &str, of: impl Fn(&T) -> &str) -> &'a [T] {
    let from = table.partition_point(|row| of(row) < definition);
    let to = table.partition_point(|row| of(row) <= definition);
    &table[from..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_every_definition_is_read() {
        assert!(INDEX.is_sorted_by_key(|(name, ..)| *name));
        assert!(CUSTOM_INDEX.is_sorted_by_key(|(name, ..)| *name));
        assert!(LATER.is_sorted());
        assert_eq!(LATER.len(), SINCE.lines().count());
        for (name, _, json) in INDEX.iter().chain(CUSTOM_INDEX.iter()) {
            let read = serde_json::from_str::<Schema>(json);
            assert_eq!(read.err().map(|error| error.to_string()), None, "{name}");
        }
    }
}
