//! Where a part of an object was written, when it is not the template's own: it came in as a value that passes through, by a
//! patch, or with an object of the values. A part is known again by what it says.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::alike::{Numbered, Numbers};
use super::object::{Object, Origin};
use super::patches::Patch;
use crate::diagnostics::Place;
use crate::yaml::{Node, Step, ValuePath};

/// What of the values becomes a part of an object.
#[derive(Debug, Default)]
pub struct Entered<'a> {
    /// Values in Kubernetes' shape, each placed whole.
    pub parts: Vec<&'a Node>,
    /// Maps whose entries become labels, annotations and the like.
    pub entries: Vec<&'a Node>,
    /// Patches in the order in which they were applied.
    pub patches: &'a [Patch],
    /// Whole objects.
    pub objects: Vec<&'a Node>,
}

/// The parts that are like what an object has somewhere, by what that says, and the way from there on.
type Alike<'a> = &'a dyn Fn(&Numbered, &Json, &[Step]) -> Vec<usize>;

/// What of the values went into objects, to look up places in; each object is read once for all that is found in it.
pub(super) struct Places<'a> {
    entered: Entered<'a>,
    parts: Vec<(Json, &'a Node)>,
    /// The parts that say the same, and those of the same name, in order.
    alike: BTreeMap<usize, Vec<usize>>,
    named: BTreeMap<String, Vec<usize>>,
    numbers: Numbers,
    objects: BTreeMap<Origin, Numbered>,
}

impl<'a> Places<'a> {
    pub(super) fn new(entered: Entered<'a>) -> Self {
        let parts: Vec<(Json, &Node)> = entered.parts.iter().map(|node| (node.to_json(), *node)).collect();
        let (mut alike, mut named) = (BTreeMap::<usize, Vec<usize>>::new(), BTreeMap::<_, Vec<usize>>::new());
        let mut numbers = Numbers::default();
        for (index, (part, _)) in parts.iter().enumerate() {
            alike.entry(numbers.number(part).number).or_default().push(index);
            if let Some(name) = name(part) {
                named.entry(name.to_owned()).or_default().push(index);
            }
        }
        Self { entered, parts, alike, named, numbers, objects: BTreeMap::new() }
    }

    /// The place that the part of an object at a path came from; that of its key where the key is meant. None where it is the
    /// template's.
    pub(super) fn place(&mut self, object: &Object, path: &ValuePath, key: bool) -> Option<Place> {
        if let Origin::Value(place) = object.origin {
            let own = self.entered.objects.iter().find(|node| node.place == place);
            return Some(own.and_then(|node| within(node, path, key)).unwrap_or(place));
        }
        self.entered
            .patched(object, path, key)
            .or_else(|| self.passed_through(object, path, key))
            .or_else(|| self.entered.entry(object, path, key))
    }

    /// The value that the outermost part around a path is. One that a patch changed elsewhere is known by its name, where it
    /// still says what is at the path.
    fn passed_through(&mut self, object: &Object, path: &ValuePath, key: bool) -> Option<Place> {
        if self.parts.is_empty() {
            return None;
        }
        let numbers = &mut self.numbers;
        let whole = &*self.objects.entry(object.origin).or_insert_with(|| numbers.number(&object.value));
        let around = |those: Alike<'_>| {
            let (mut numbered, mut value) = (Some(whole), Some(&object.value));
            path.steps().iter().enumerate().find_map(|(above, wanted)| {
                (numbered, value) = (numbered?.step(wanted), step(value?, wanted));
                let (part, below) = (numbered?, &path.steps()[above + 1..]);
                let those = those(part, value?, below);
                // Of several that say the same, the second comes from the second.
                let (_, node) = self.parts[*those.get(part.before).or(those.first())?];
                within(node, &below.iter().cloned().collect(), key)
            })
        };
        around(&|part, _, _| self.alike.get(&part.number).cloned().unwrap_or_default()).or_else(|| {
            around(&|_, value, below| {
                let named = name(value).and_then(|name| self.named.get(name)).into_iter().flatten();
                let says = |index: &&usize| at(&self.parts[**index].0, below) == at(value, below);
                named.filter(says).copied().collect()
            })
        })
    }
}

fn name(value: &Json) -> Option<&str> {
    value.get("name").and_then(Json::as_str)
}

impl Entered<'_> {
    /// The last patch that says what the object has there.
    fn patched(&self, object: &Object, path: &ValuePath, key: bool) -> Option<Place> {
        let mut hits = self.patches.iter().rev().filter(|patch| patch.hits(&object.id));
        hits.find_map(|patch| {
            let node = patch.written.as_ref()?;
            within(node, &path_in_patch(node, &object.value, path.steps())?, key)
        })
    }

    /// The entry of a map that became this one; for all of them together, the largest map.
    fn entry(&self, object: &Object, path: &ValuePath, key: bool) -> Option<Place> {
        let value = at(&object.value, path.steps());
        let (last, above) = path.steps().split_last()?;
        let token = |node: &Node| node.as_scalar().map(|scalar| Json::from(scalar.token.as_str()));
        if let (Some(Step::Key(holder)), Step::Key(name)) = (above.last(), last)
            && is_free_map(holder)
        {
            let mut entries = self.entries.iter().filter_map(|node| node.as_map()?.entry(name));
            let entry = entries.find(|entry| token(&entry.node).as_ref() == value)?;
            return Some(if key { entry.key_place } else { entry.node.place });
        }
        let Step::Key(name) = last else { return None };
        let all = value.filter(|_| is_free_map(name))?;
        let maps = self.entries.iter().filter(|node| {
            let entries = node.as_map().into_iter().flatten();
            let mut entries = entries.map(|entry| token(&entry.node).as_ref() == all.get(&entry.key));
            node.as_map().is_some_and(|map| !map.is_empty()) && entries.all(|is_there| is_there)
        });
        maps.max_by_key(|node| node.to_json().to_string().len()).map(|node| node.place)
    }
}

/// Maps of names of people's own.
fn is_free_map(key: &str) -> bool {
    matches!(key, "labels" | "annotations" | "nodeSelector" | "matchLabels")
}

/// The place of the value at a path below a node, or of what is nearest to it.
pub(super) fn within(node: &Node, path: &ValuePath, key: bool) -> Option<Place> {
    // A map or list begins at its first key, so its own key says better which one is meant.
    let scalar = node.at(path).filter(|node| !key && node.as_scalar().is_some()).map(|node| node.place);
    scalar
        .or_else(|| node.entry_at(path).map(|entry| entry.key_place))
        .or_else(|| node.nearest(path))
        .or(Some(node.place))
}

/// The path in a patch of what an object has at a path, if the object has it from there. An item of a list is the one that
/// says nothing that the object's item doesn't.
fn path_in_patch(patch: &Node, object: &Json, steps: &[Step]) -> Option<ValuePath> {
    let (mut node, mut value, mut path) = (patch, object, ValuePath::root());
    for (number, wanted) in steps.iter().enumerate() {
        let inner = step(value, wanted).unwrap_or(&Json::Null);
        let found = match (wanted, node.as_map(), node.as_list()) {
            (Step::Key(key), Some(map), _) => map.get(key).map(|below| (below, wanted.clone())),
            (Step::Index(_), _, Some(items)) => {
                let index = items.iter().position(|item| holds(inner, &item.to_json()));
                index.map(|index| (&items[index], Step::Index(index)))
            }
            _ => None,
        };
        let Some((below, written)) = found else {
            // Something is missing in what the patch added.
            return (number > 0 && same(value, &node.to_json())).then_some(path);
        };
        path = path.steps().iter().cloned().chain([written]).collect();
        (node, value) = (below, inner);
    }
    holds(value, &node.to_json()).then_some(path)
}

fn step<'a>(value: &'a Json, step: &Step) -> Option<&'a Json> {
    match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    }
}

fn at<'a>(value: &'a Json, steps: &[Step]) -> Option<&'a Json> {
    steps.iter().try_fold(value, |value, wanted| step(value, wanted))
}

/// Whether two values say the same; a null in a map says nothing.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            let said =
                |map: &serde_json::Map<String, Json>| map.values().filter(|value| !value.is_null()).count();
            said(one) == said(other)
                && one.iter().all(|(key, value)| {
                    value.is_null() || other.get(key).is_some_and(|other| same(value, other))
                })
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}

/// Whether a value has all that a patch says; a null says that it has not.
fn holds(value: &Json, patch: &Json) -> bool {
    match (value, patch) {
        (Json::Object(value), Json::Object(patch)) => patch
            .iter()
            .filter(|(key, _)| *key != "$patch")
            .all(|(key, patch)| holds(value.get(key).unwrap_or(&Json::Null), patch)),
        (Json::Array(items), Json::Array(patch)) => patch
            .iter()
            .filter(|patch| patch.get("$patch").is_none())
            .all(|patch| items.iter().any(|item| holds(item, patch))),
        _ => value == patch,
    }
}
