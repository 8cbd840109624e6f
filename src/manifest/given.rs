//! What stands in an object as somebody wrote it into the values, so that a finding about it is shown there.

use serde_json::Value;

use super::object::{Object, Origin};
use crate::diagnostics::Place;
use crate::yaml::{Node, Step, ValuePath};

/// A part of the values that goes into objects as it is.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    node: &'a Node,
    /// The kind and name of the objects that it changes, where it is a patch.
    target: Option<(&'a str, Option<&'a str>)>,
}

impl<'a> Given<'a> {
    /// A container, a volume, a whole object …
    pub fn piece(node: &'a Node) -> Self {
        Self { node, target: None }
    }

    /// A change to every object of a kind, or to the one of a name.
    pub fn patch(node: &'a Node, kind: &'a str, name: Option<&'a str>) -> Self {
        Self { node, target: Some((kind, name)) }
    }

    /// Where the part of `object` at `path` is written, if it is written here; the place of its key if `key`.
    pub(super) fn place(&self, object: &Object, path: &ValuePath, key: bool) -> Option<Place> {
        match self.target {
            Some((kind, name)) => {
                let hit = object.id.kind == kind && name.is_none_or(|name| object.id.name == name);
                hit.then(|| self.place_in_patch(&object.value, path, key)).flatten()
            }
            None if object.origin == Origin::Value(self.node.place) => place_in(self.node, path, key),
            None if matches!(object.origin, Origin::Value(_)) => None,
            None => self.place_in_piece(&object.value, path, key),
        }
    }

    /// The piece is a part of the object, and the path leads into it.
    fn place_in_piece(&self, value: &Value, path: &ValuePath, key: bool) -> Option<Place> {
        let piece = self.node.to_json();
        let steps = path.steps();
        let mut value = value;
        for (depth, step) in steps.iter().enumerate() {
            value = child(value, step)?;
            if *value == piece {
                return place_in(self.node, &steps[depth + 1..].iter().cloned().collect::<ValuePath>(), key);
            }
        }
        None
    }

    /// The patch says the part itself, not only something around it.
    fn place_in_patch(&self, value: &Value, path: &ValuePath, key: bool) -> Option<Place> {
        let (mut value, mut node) = (Some(value), self.node);
        let mut inside: Vec<Step> = Vec::new();
        for step in path.steps() {
            value = value.and_then(|value| child(value, step));
            let own = match step {
                Step::Key(_) => step.clone(),
                // Items of a merged list are found by what they hold: those of the patch are a part of it.
                Step::Index(_) => {
                    let items = node.as_list()?;
                    Step::Index(items.iter().position(|item| holds(value, &item.to_json()))?)
                }
            };
            inside.push(own.clone());
            node = node.at(&std::iter::once(own).collect())?;
        }
        place_in(self.node, &inside.into_iter().collect(), key)
    }
}

/// The place of a value below `node`, or the nearest to it that there is.
pub(super) fn place_in(node: &Node, path: &ValuePath, key: bool) -> Option<Place> {
    // A map or list begins at its first key, so its own key says better which one is meant.
    let scalar = node.at(path).filter(|node| !key && node.as_scalar().is_some()).map(|node| node.place);
    scalar.or_else(|| node.entry_at(path).map(|entry| entry.key_place)).or_else(|| node.nearest(path))
}

fn child<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
    }
}

/// Whether all that `part` says is in `whole`.
fn holds(whole: Option<&Value>, part: &Value) -> bool {
    match (whole, part) {
        (Some(Value::Object(whole)), Value::Object(part)) => {
            part.iter().all(|(key, value)| value.is_null() || holds(whole.get(key), value))
        }
        (Some(Value::Array(whole)), Value::Array(part)) => {
            part.iter().all(|part| whole.iter().any(|whole| holds(Some(whole), part)))
        }
        (Some(whole), part) => whole == part,
        (None, _) => false,
    }
}
