//! How an upper layer acts on a lower one: maps merge, everything else replaces. A null is kept, so that a required key
//! that somebody dropped can be reported where it was dropped.

use crate::yaml::{Node, Value};

/// Merges `upper` into `lower`. What both say has the upper one's places.
pub(super) fn merge(lower: &mut Node, upper: Node) {
    match (&mut lower.value, upper.value) {
        (Value::Map(under), Value::Map(over)) => {
            lower.place = upper.place;
            for entry in over {
                match under.get_entry_mut(&entry.key) {
                    Some(existing) => {
                        existing.key_place = entry.key_place;
                        merge(&mut existing.node, entry.node);
                    }
                    None => {
                        under.insert(entry);
                    }
                }
            }
        }
        (_, value) => *lower = Node { place: upper.place, value },
    }
}
