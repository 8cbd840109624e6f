//! How an upper layer acts on a lower one: maps merge, everything else replaces. A null is kept, so that a required key
//! that somebody dropped can be reported where it was dropped.

use std::collections::BTreeMap;

use crate::yaml::{Entry, Map, Node, Step, Value, ValuePath};

/// Up to this many keys, looking through a map is faster than an index of it.
const SMALL: usize = 32;

/// Merges `upper` into `lower`. What both say has the upper one's places.
pub(super) fn merge(lower: &mut Node, upper: Node) {
    match (&mut lower.value, upper.value) {
        (Value::Map(under), Value::Map(over)) => {
            lower.place = upper.place;
            merge_maps(under, over);
        }
        (_, value) => *lower = Node { place: upper.place, value },
    }
}

fn merge_maps(under: &mut Map, over: Map) {
    // The keys of one map differ, so only those that were there before can be met again.
    let before = under.len();
    let index: BTreeMap<String, usize> = match before {
        ..=SMALL => BTreeMap::new(),
        _ => under.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect(),
    };
    for entry in over {
        let at = match before {
            ..=SMALL => under.iter().take(before).position(|other| other.key == entry.key),
            _ => index.get(&entry.key).copied(),
        };
        match at.and_then(|at| under.entry_number_mut(at)) {
            Some(existing) => merge_entry(existing, entry),
            None => under.push_new(entry),
        }
    }
}

fn merge_entry(existing: &mut Entry, entry: Entry) {
    existing.key_place = entry.key_place;
    merge(&mut existing.node, entry.node);
}

/// The parameters of PostgreSQL that values set, as they are written.
pub(super) fn parameters(root: &Node) -> Vec<String> {
    let config = root.as_map().and_then(|map| map.get("postgresql")?.as_map()?.get("config")?.as_map());
    config.into_iter().flatten().map(|entry| entry.key.clone()).collect()
}

/// The parameters that a value at a path sets.
pub(super) fn parameters_at(path: &ValuePath, node: &Node) -> Vec<String> {
    match path.steps() {
        [] => parameters(node),
        [Step::Key(one), Step::Key(two), Step::Key(name)] if one == "postgresql" && two == "config" => {
            vec![name.clone()]
        }
        _ => Vec::new(),
    }
}

/// Lets a layer's parameters win over those that were there before in another case: PostgreSQL takes `TimeZone` and
/// `timezone` for one. Where the layer itself has both, in `own`, both stay, and it is told.
pub(super) fn supersede(root: &mut Node, before: &[String], own: &[String]) {
    let new: Vec<String> = parameters(root).into_iter().filter(|key| !before.contains(key)).collect();
    let config = ["postgresql", "config"].into_iter().try_fold(root, |node, key| match &mut node.value {
        Value::Map(map) => map.get_mut(key),
        _ => None,
    });
    let Some(Node { value: Value::Map(config), .. }) = config else { return };
    let superseded =
        |old: &&String| new.iter().any(|new| new.eq_ignore_ascii_case(old)) && !own.contains(old);
    for old in before.iter().filter(superseded) {
        config.remove(old);
    }
}
