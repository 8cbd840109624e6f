//! The tree that grows while a text is read: open lists and maps, keys and their values, anchors and what they cost.

use std::collections::BTreeMap;

use super::node::{Entry, Map, Node, Style, Value};
use super::path::{Step, ValuePath};
use super::syntax;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};

/// Deeper nesting than this is refused; no values file comes near it.
pub(super) const DEPTH: usize = 64;
/// Nodes of a text, those that aliases stand for included.
const NODES: usize = 250_000;
/// Bytes of the tokens that aliases stand for.
const ALIAS_BYTES: usize = 4 << 20;
/// Bytes of the tokens that are kept for aliases: an anchor inside an anchor is kept twice.
const ANCHOR_BYTES: usize = 32 << 20;

/// What a node costs when an alias repeats it.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
    height: usize,
}

struct Anchor {
    node: Node,
    size: Size,
}

/// A list or map that is still open.
struct Frame {
    start: Place,
    anchor: usize,
    body: Body,
    height: usize,
    /// What had been read when it was opened.
    before: Size,
}

enum Body {
    List(Vec<Node>),
    Map { map: Map, seen: BTreeMap<String, Place>, key: Key, merged: Vec<Map> },
}

enum Key {
    /// The next node is a key.
    Wanted,
    Given {
        key: String,
        place: Place,
    },
    /// `<<`: the next node is merged in.
    Merge,
    /// A key that was refused: its value is read and dropped.
    Refused,
}

pub(super) struct Tree<'a> {
    text: &'a str,
    found: &'a mut Diagnostics,
    documents: Vec<Node>,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Anchor>,
    spent: Size,
    kept: Size,
    /// Something was refused that leaves the tree incomplete.
    broken: bool,
}

impl<'a> Tree<'a> {
    pub(super) fn new(text: &'a str, found: &'a mut Diagnostics) -> Self {
        let (spent, kept) = (Size::default(), Size::default());
        Self {
            text,
            found,
            documents: Vec::new(),
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            spent,
            kept,
            broken: false,
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// The documents; none if the tree is incomplete.
    pub(super) fn finish(self) -> Vec<Node> {
        if self.broken { Vec::new() } else { self.documents }
    }

    /// Anchors end with their document.
    pub(super) fn start_document(&mut self) {
        self.anchors.clear();
    }

    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
        self.broken = true;
    }

    /// Takes in a scalar. `plain` is what was written without quotes: only that can be the merge key `<<`.
    pub(super) fn scalar(&mut self, node: Node, plain: bool, anchor: usize) -> Result<(), Diagnostic> {
        let bytes = node.as_scalar().map_or(0, |scalar| scalar.token.len());
        self.spend(Size { nodes: 1, bytes: 0, height: 0 }, node.place)?;
        self.keep_anchor(anchor, &node, Size { nodes: 1, bytes, height: 0 })?;
        self.add(node, plain, 0);
        self.spent.bytes += bytes;
        Ok(())
    }

    pub(super) fn open_list(&mut self, start: Place, anchor: usize) -> Result<(), Diagnostic> {
        self.open(start, anchor, Body::List(Vec::new()))
    }

    pub(super) fn open_map(&mut self, start: Place, anchor: usize) -> Result<(), Diagnostic> {
        let body = Body::Map { map: Map::new(), seen: BTreeMap::new(), key: Key::Wanted, merged: Vec::new() };
        self.open(start, anchor, body)
    }

    fn open(&mut self, start: Place, anchor: usize, body: Body) -> Result<(), Diagnostic> {
        if self.stack.len() >= DEPTH {
            return Err(syntax::too_deep(start, DEPTH));
        }
        self.spend(Size { nodes: 1, bytes: 0, height: 0 }, start)?;
        let before = self.spent;
        self.stack.push(Frame { start, anchor, body, height: 0, before });
        Ok(())
    }

    pub(super) fn close(&mut self, end: Place) -> Result<(), Diagnostic> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let flow = self.text[frame.start.start..].starts_with(['[', '{']);
        let mut place = frame.start;
        let node = match frame.body {
            Body::List(items) => {
                let last = items.last().map(|node| node.place);
                place.end = collection_end(place, last, end, flow);
                Node::list(place, items)
            }
            Body::Map { mut map, merged, .. } => {
                let last = map.iter().last().map(|entry| entry.node.place);
                place.end = collection_end(place, last, end, flow);
                // Own keys win; of several merged maps, the earlier one.
                for entry in merged.into_iter().flatten() {
                    if map.entry(&entry.key).is_none() {
                        map.push_new(entry);
                    }
                }
                Node::map(place, map)
            }
        };
        let size = Size {
            nodes: self.spent.nodes - frame.before.nodes + 1,
            bytes: self.spent.bytes - frame.before.bytes,
            height: frame.height + 1,
        };
        self.keep_anchor(frame.anchor, &node, size)?;
        self.add(node, false, size.height);
        Ok(())
    }

    fn keep_anchor(&mut self, anchor: usize, node: &Node, size: Size) -> Result<(), Diagnostic> {
        if anchor == 0 {
            return Ok(());
        }
        self.kept.nodes += size.nodes;
        self.kept.bytes += size.bytes;
        if self.kept.nodes > NODES || self.kept.bytes > ANCHOR_BYTES {
            return Err(syntax::too_large(node.place, NODES));
        }
        self.anchors.insert(anchor, Anchor { node: node.clone(), size });
        Ok(())
    }

    pub(super) fn alias(&mut self, anchor: usize, place: Place) -> Result<(), Diagnostic> {
        let Some(known) = self.anchors.get(&anchor) else {
            let around = self.stack.iter().find(|frame| frame.anchor == anchor).map(|frame| frame.start);
            return Err(syntax::inside_itself(place, around));
        };
        let (size, anchored) = (known.size, known.node.place);
        if self.stack.len() + size.height > DEPTH {
            return Err(syntax::too_deep(place, DEPTH));
        }
        // Counted before it is copied.
        self.spent.bytes += size.bytes;
        let copied = Size { bytes: self.spent.bytes.saturating_sub(self.text.len()), ..size };
        self.spend(copied, place).map_err(|stop| stop.at(anchored, "this is repeated"))?;
        let node = self.anchors[&anchor].node.clone();
        self.add(node, false, size.height);
        Ok(())
    }

    fn spend(&mut self, size: Size, place: Place) -> Result<(), Diagnostic> {
        self.spent.nodes += size.nodes;
        if self.spent.nodes > NODES || size.bytes > ALIAS_BYTES {
            return Err(syntax::too_large(place, NODES));
        }
        Ok(())
    }

    /// Puts a finished node where it belongs: into the open list or map, or to the documents.
    fn add(&mut self, node: Node, plain: bool, height: usize) {
        let path = self.path();
        let Some(frame) = self.stack.last_mut() else {
            self.document(node);
            return;
        };
        frame.height = frame.height.max(height);
        let (map, seen, key, merged) = match &mut frame.body {
            Body::List(items) => {
                items.push(node);
                return;
            }
            Body::Map { map, seen, key, merged } => (map, seen, key, merged),
        };
        match std::mem::replace(key, Key::Wanted) {
            Key::Wanted => match node.value {
                Value::Scalar(scalar) if plain && scalar.token == "<<" => *key = Key::Merge,
                Value::Scalar(scalar) if scalar.style == Style::Plain && scalar.token.is_empty() => {
                    *key = Key::Refused;
                    self.refuse(syntax::empty_key(node.place));
                }
                Value::Scalar(scalar) => *key = Key::Given { key: scalar.token, place: node.place },
                _ => {
                    *key = Key::Refused;
                    let diagnostic = syntax::complex_key(&node, self.text);
                    self.refuse(diagnostic);
                }
            },
            Key::Refused => {}
            Key::Merge => match maps_of(node) {
                Ok(maps) => merged.extend(maps),
                Err(diagnostic) => self.refuse(diagnostic),
            },
            Key::Given { key, place } => {
                if let Some(first) = seen.get(&key) {
                    let diagnostic =
                        syntax::duplicate_key(&path.unwrap_or_default().child(key), place, *first);
                    self.found.push(diagnostic);
                } else {
                    seen.insert(key.clone(), place);
                    map.push_new(Entry { key, key_place: place, node });
                }
            }
        }
    }

    /// The path of the innermost open collection; only needed (and only computed) when a map holds a value's key.
    fn path(&self) -> Option<ValuePath> {
        let Some(Frame { body: Body::Map { key: Key::Given { key, .. }, seen, .. }, .. }) = self.stack.last()
        else {
            return None;
        };
        seen.contains_key(key).then_some(())?;
        let (_, above) = self.stack.split_last()?;
        let steps = above.iter().filter_map(|frame| match &frame.body {
            Body::List(items) => Some(Step::Index(items.len())),
            Body::Map { key: Key::Given { key, .. }, .. } => Some(Step::Key(key.clone())),
            Body::Map { .. } => None,
        });
        Some(steps.collect())
    }

    fn document(&mut self, node: Node) {
        match &node.value {
            Value::Map(_) => self.documents.push(node),
            Value::Scalar(scalar) if scalar.is_null() => {
                self.documents.push(Node::map(node.place, Map::new()));
            }
            _ => self.refuse(syntax::no_map(&node)),
        }
    }
}

/// What a merge key merges: a map, or a list of maps.
fn maps_of(node: Node) -> Result<Vec<Map>, Diagnostic> {
    let refused = syntax::bad_merge(&node);
    let map = |node: Node| if let Value::Map(map) = node.value { Some(map) } else { None };
    let maps: Option<Vec<Map>> = match node.value {
        Value::List(items) => items.into_iter().map(map).collect(),
        _ => map(node).map(|map| vec![map]),
    };
    maps.ok_or(refused)
}

/// Where a collection ends: at its bracket, or at the end of its last child if it has that child's place in its range.
fn collection_end(start: Place, last: Option<Place>, end: Place, flow: bool) -> usize {
    let last = last.filter(|last| last.start >= start.start).map_or(start.end, |last| last.end);
    if flow { end.end.max(start.end) } else { last }
}
