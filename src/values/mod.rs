//! Layers of values, and what they merge to: a tree of tokens in which every leaf knows where it was written.
//!
//! Lowest first: preset, defaults, values files in order, `--set*` flags in order of appearance.

mod flag;
mod json_flag;
mod load;
#[cfg(test)]
mod load_tests;
mod merge;
mod presets;
mod set;
#[cfg(test)]
mod set_tests;

pub use flag::FlagKind;
pub use load::{Input, PresetChoice, load, raw};
pub(crate) use presets::is_shape;
pub use presets::{DEFAULTS, PRESETS, Preset};
pub use set::Files;

use crate::diagnostics::{Place, SourceId};
use crate::yaml::{Node, Step, Value, ValuePath};

/// One document or one flag, and what it set.
#[derive(Debug, Clone)]
pub struct Layer {
    /// As a user knows it: ``preset `small` ``, `defaults`, `prod.yaml`, `--set`.
    pub name: String,
    pub source: SourceId,
    /// A document sets its whole tree at the root, a flag one path for each pair.
    set: Vec<(ValuePath, Node)>,
}

impl Layer {
    /// The place of what this layer says about a path.
    fn place(&self, path: &ValuePath) -> Option<Place> {
        self.set.iter().rev().find_map(|(prefix, node)| {
            let rest = path.steps().strip_prefix(prefix.steps())?;
            Some(node.at(&rest.iter().cloned().collect())?.place)
        })
    }
}

/// All layers as one tree. Nulls are still in it: they stand where somebody dropped what was below.
#[derive(Debug, Clone)]
pub struct Merged {
    pub root: Node,
    /// Lowest first.
    pub layers: Vec<Layer>,
    /// The preset's name, or its file.
    pub preset: String,
    /// The values that could not be typed: what is typed at these paths is built in, and not what somebody wrote.
    pub stand_ins: Vec<ValuePath>,
}

impl Merged {
    /// The place of the value at a path, else of its nearest ancestor's key.
    pub fn locate(&self, path: &ValuePath) -> Option<Place> {
        self.root.nearest(path)
    }

    /// The place of the key that a path ends in.
    pub fn locate_key(&self, path: &ValuePath) -> Option<Place> {
        self.root.entry_at(path).map(|entry| entry.key_place)
    }

    /// The layer that a place is in.
    pub fn layer(&self, place: Place) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.source == place.source)
    }

    /// The place of the preset's first document, the lowest layer.
    pub fn preset_place(&self) -> Option<Place> {
        self.layers.first()?.place(&ValuePath::root())
    }

    /// Everything that any layer says, overridden or not: the path that it was set at, and the value.
    pub fn written(&self) -> impl Iterator<Item = (&ValuePath, &Node)> {
        self.layers.iter().flat_map(|layer| layer.set.iter().map(|(path, node)| (path, node)))
    }

    /// Every scalar, empty list and empty map, in the order of the tree.
    pub fn leaves(&self) -> Vec<(ValuePath, Place)> {
        let mut leaves = Vec::new();
        collect(&self.root, &mut Vec::new(), &mut leaves);
        leaves
    }

    /// Where lower layers set the same path, highest first.
    pub fn overridden(&self, path: &ValuePath) -> Vec<Place> {
        let winner = self.root.at(path).map(|node| node.place);
        let places = self.layers.iter().rev().filter_map(|layer| layer.place(path));
        places.filter(|place| Some(*place) != winner).collect()
    }
}

fn collect(node: &Node, steps: &mut Vec<Step>, leaves: &mut Vec<(ValuePath, Place)>) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => {
            for entry in map {
                steps.push(Step::Key(entry.key.clone()));
                collect(&entry.node, steps, leaves);
                steps.pop();
            }
        }
        Value::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                steps.push(Step::Index(index));
                collect(item, steps, leaves);
                steps.pop();
            }
        }
        _ => leaves.push((steps.iter().cloned().collect(), node.place)),
    }
}
