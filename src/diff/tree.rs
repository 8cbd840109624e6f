//! Compares two values of one object, field by field.

use serde_json::{Map, Value as Json};

use super::embedded;
use super::ignore::{self, Old, Side};
use super::lists::{self, Pairing};
use super::path::Path;
use super::{Body, Change, Ignored};
use crate::postgres::Major;

/// The comparison of one object.
pub(super) struct Comparison<'a> {
    pub(super) kind: &'a str,
    /// The majors of the old and the new side's server, for the units of its parameters.
    pub(super) major: Major,
    pub(super) old: Old,
    pub(super) changes: Vec<Change>,
    pub(super) ignored: Vec<Ignored>,
}

impl Comparison<'_> {
    /// Compares two values that both sides have. Gives the old one as it is shown: without what is ignored.
    pub(super) fn both(&mut self, path: &Path, old: &Json, new: &Json) -> Json {
        if old == new {
            return new.clone();
        }
        match (old, new) {
            (Json::Object(old), Json::Object(new)) => self.maps(path, old, new),
            (Json::Array(old), Json::Array(new)) => self.lists(path, old, new),
            _ => self.plain(path, old, new),
        }
    }

    fn maps(&mut self, path: &Path, old: &Map<String, Json>, new: &Map<String, Json>) -> Json {
        let mut shown = Map::new();
        for (key, value) in new {
            let path = path.key(key);
            match old.get(key) {
                Some(before) if !by_entries(key) => {
                    shown.insert(key.clone(), self.both(&path, before, value));
                }
                before if by_entries(key) => {
                    let before = self.both(&path, before.unwrap_or(&Json::Object(Map::new())), value);
                    if !is_empty(&before) || is_empty(value) {
                        shown.insert(key.clone(), before);
                    }
                }
                _ => {
                    // What the new side states and the old one has by default is shown on both.
                    if self.one_side(&path, value, &Json::Object(new.clone()), false).is_none() {
                        shown.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
            if by_entries(key) {
                let before = self.both(&path.key(key), value, &Json::Object(Map::new()));
                if !is_empty(&before) {
                    shown.insert(key.clone(), before);
                }
                continue;
            }
            if let Some(value) = self.one_side(&path.key(key), value, &Json::Object(old.clone()), true) {
                shown.insert(key.clone(), value);
            }
        }
        Json::Object(shown)
    }

    /// A value that one side alone has: a change, unless all of it is ignored. Gives what is not.
    fn one_side(&mut self, path: &Path, value: &Json, holder: &Json, is_old: bool) -> Option<Json> {
        let (kept, ignored) = self.worth_showing(path, value, holder, is_old);
        self.ignored.extend(ignored);
        let kept = kept?;
        let (before, after) = if is_old { (Some(kept.clone()), None) } else { (None, Some(kept.clone())) };
        self.add(path, Body::Value { before, after });
        Some(kept)
    }

    /// The parts of a value that no default explains, and what is left out.
    fn worth_showing(
        &self,
        path: &Path,
        value: &Json,
        holder: &Json,
        is_old: bool,
    ) -> (Option<Json>, Vec<Ignored>) {
        let side = if is_old { Side::Old(&self.old) } else { Side::New };
        if let Some(why) = ignore::one_sided(self.kind, path, value, holder, side) {
            return (None, vec![Ignored { path: path.clone(), why }]);
        }
        let mut ignored = Vec::new();
        match value {
            Json::Object(map) if !map.is_empty() => {
                let mut kept = Map::new();
                for (key, inner) in map {
                    let (worth, more) = self.worth_showing(&path.key(key), inner, value, is_old);
                    ignored.extend(more);
                    kept.extend(worth.map(|worth| (key.clone(), worth)));
                }
                ((!kept.is_empty()).then_some(Json::Object(kept)), ignored)
            }
            _ => (Some(value.clone()), ignored),
        }
    }

    fn lists(&mut self, path: &Path, old: &[Json], new: &[Json]) -> Json {
        match lists::pairing(path.last(), old, new) {
            Pairing::Named { ordered, left, right } => self.named(path, ordered, (old, &left), (new, &right)),
            Pairing::Set => {
                let sorted = |items: &[Json]| {
                    let mut words: Vec<_> = items.iter().filter_map(Json::as_str).collect();
                    words.sort_unstable();
                    words.join("\n")
                };
                if sorted(old) == sorted(new) {
                    self.ignored
                        .push(Ignored { path: path.clone(), why: "it is a set: its order means nothing" });
                    return new.into();
                }
                self.plain(path, &old.into(), &new.into())
            }
            Pairing::Numbered if old.len() == new.len() => {
                let pairs = old.iter().zip(new).enumerate();
                pairs.map(|(at, (old, new))| self.both(&path.item(&at.to_string()), old, new)).collect()
            }
            Pairing::Numbered | Pairing::Whole => self.plain(path, &old.into(), &new.into()),
        }
    }

    fn named(
        &mut self,
        path: &Path,
        ordered: bool,
        old: (&[Json], &[String]),
        new: (&[Json], &[String]),
    ) -> Json {
        let mut shown = Vec::new();
        for (value, name) in new.0.iter().zip(new.1) {
            let path = path.item(name);
            match old.1.iter().position(|other| other == name) {
                Some(at) => shown.push(self.both(&path, &old.0[at], value)),
                None => self.add(&path, Body::Value { before: None, after: Some(value.clone()) }),
            }
        }
        for (value, name) in old.0.iter().zip(old.1).filter(|(_, name)| !new.1.contains(name)) {
            let path = path.item(name);
            let kept = self.worth_showing(&path, value, &Json::Null, true).0.unwrap_or_else(|| value.clone());
            shown.push(as_stated(value, &kept, new.0));
            self.add(&path, Body::Value { before: Some(kept), after: None });
        }
        let common = |mine: &[String], other: &[String]| -> Vec<String> {
            mine.iter().filter(|name| other.contains(name)).cloned().collect()
        };
        let (before, after) = (common(old.1, new.1), common(new.1, old.1));
        // In a pod's template any other order is another template: its pods are replaced.
        if before != after {
            if ordered || ignore::in_pod(self.kind, path).is_some() {
                self.add(path, Body::Order { before, after });
            } else {
                self.ignored.push(Ignored { path: path.clone(), why: "its order means nothing" });
            }
        }
        shown.into()
    }

    fn plain(&mut self, path: &Path, old: &Json, new: &Json) -> Json {
        if let Some(why) = ignore::both_sided(path, self.kind, old, new) {
            self.ignored.push(Ignored { path: path.clone(), why });
            return new.clone();
        }
        if let (Json::String(before), Json::String(after)) = (old, new)
            && embedded::is_file(self.kind, path, before, after)
        {
            let found = embedded::compare(path, before, after, self.major);
            let nothing = found.is_empty();
            for (path, body) in found {
                self.add(&path, body);
            }
            if nothing {
                let why = "it says the same in other words";
                self.ignored.push(Ignored { path: path.clone(), why });
                return new.clone();
            }
            return old.clone();
        }
        self.add(path, Body::Value { before: Some(old.clone()), after: Some(new.clone()) });
        old.clone()
    }

    fn add(&mut self, path: &Path, body: Body) {
        self.changes.push(Change { path: path.clone(), body, by_hand: false, effects: Vec::new() });
    }
}

/// An item without what is ignored in it, but for defaults that the other side's items state: there they are no change.
/// In their order.
fn as_stated(item: &Json, kept: &Json, others: &[Json]) -> Json {
    let (Some(item), Some(kept)) = (item.as_object(), kept.as_object()) else { return kept.clone() };
    let stated = others.iter().filter_map(Json::as_object).flat_map(Map::keys);
    let stated = stated.filter_map(|key| Some((key, kept.get(key).or_else(|| item.get(key))?)));
    let mut shown: Map<String, Json> = stated.map(|(key, value)| (key.clone(), value.clone())).collect();
    for (key, value) in kept {
        shown.entry(key).or_insert_with(|| value.clone());
    }
    shown.into()
}

fn is_empty(value: &Json) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

/// Maps whose entries stand for themselves: without any, they are as good as absent.
fn by_entries(key: &str) -> bool {
    matches!(key, "labels" | "annotations" | "nodeSelector" | "data" | "matchLabels")
}
