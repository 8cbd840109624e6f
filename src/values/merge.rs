//! How an upper layer acts on a lower one: maps merge, everything else replaces. A null is kept, so that a required key
//! that somebody dropped can be reported where it was dropped.

use std::collections::BTreeMap;

use crate::yaml::{Entry, Map, Node, Value};

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
    let large = under.len() > SMALL && over.len() > SMALL;
    let index: BTreeMap<String, usize> = if large {
        under.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect()
    } else {
        BTreeMap::new()
    };
    for entry in over {
        let existing = if large {
            index.get(&entry.key).and_then(|at| under.entry_number_mut(*at))
        } else {
            under.get_entry_mut(&entry.key)
        };
        match existing {
            Some(existing) => merge_entry(existing, entry),
            None => under.push_new(entry),
        }
    }
}

fn merge_entry(existing: &mut Entry, entry: Entry) {
    existing.key_place = entry.key_place;
    merge(&mut existing.node, entry.node);
}
