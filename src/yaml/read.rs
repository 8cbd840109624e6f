//! A text to its documents: every token as written, every node with its place, every oddity refused by name.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::node::{Entry, Map, Node, Style, Value};
use super::path::{Step, ValuePath};
use super::scalar::{Kind, plain_kind};
use super::syntax;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, Sources};

/// Deeper nesting than this is refused; no values file comes near it.
const DEPTH: usize = 64;
/// Nodes of a text, those that aliases stand for included.
const NODES: usize = 250_000;
/// Bytes of the tokens that aliases stand for.
const ALIAS_BYTES: usize = 4 << 20;

/// Reads the documents of a source. At least one is returned, unless the text can't be read as a whole: then none is,
/// and `found` says why. An empty document is an empty map. What an alias stands for keeps the place of its anchor.
pub fn read(sources: &Sources, id: SourceId, found: &mut Diagnostics) -> Vec<Node> {
    let text = sources.get(id).text.as_str();
    let before = found.len();
    found.extend(syntax::refuse_text(sources, id));
    if found.len() > before {
        return Vec::new();
    }
    let mut reader = Reader {
        id,
        text,
        found,
        documents: Vec::new(),
        stack: Vec::new(),
        anchors: BTreeMap::new(),
        spent: Size::default(),
        broken: false,
    };
    let mut options = granit_parser::options! { flow_nesting_limit: DEPTH, block_nesting_limit: DEPTH };
    options.set_emit_comments(false);
    for event in Parser::new_from_str_with_options(text, options) {
        let outcome = match event {
            Ok((event, span)) => reader.take(event, span),
            Err(error) => Err(Box::new(syntax::explain(&error, sources, id))),
        };
        if let Err(diagnostic) = outcome {
            reader.found.push(*diagnostic);
            return Vec::new();
        }
    }
    if reader.broken { Vec::new() } else { reader.documents }
}

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

struct Reader<'a> {
    id: SourceId,
    text: &'a str,
    found: &'a mut Diagnostics,
    documents: Vec<Node>,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Anchor>,
    spent: Size,
    /// Something was refused that leaves the tree incomplete.
    broken: bool,
}

type Stop = Box<Diagnostic>;

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let place = self.place(span);
        match event {
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::Scalar(token, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let style = self.style(&token, plain, tag.as_deref(), span);
                if token.contains('\0') {
                    self.refuse(syntax::null_byte(place));
                }
                self.spend(Size { nodes: 1, bytes: 0, height: 0 }, place)?;
                let bytes = token.len();
                let node = Node::scalar(place, token.into_owned(), style);
                self.keep_anchor(anchor, &node, Size { nodes: 1, bytes, height: 0 });
                self.add(node, plain)?;
                self.spent.bytes += bytes;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", span);
                self.open(place, anchor, Body::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", span);
                let body = Body::Map {
                    map: Map::new(),
                    seen: BTreeMap::new(),
                    key: Key::Wanted,
                    merged: Vec::new(),
                };
                self.open(place, anchor, body)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(place)?,
            Event::Alias(anchor) => self.alias(anchor, place)?,
            _ => {}
        }
        Ok(())
    }

    fn place(&self, span: Span) -> Place {
        let range = span.byte_range().unwrap_or(0..0);
        Place::new(self.id, range.start, range.end)
    }

    fn refuse(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
        self.broken = true;
    }

    fn spend(&mut self, size: Size, place: Place) -> Result<(), Stop> {
        self.spent.nodes += size.nodes;
        if self.spent.nodes > NODES || size.bytes > ALIAS_BYTES {
            return Err(Box::new(syntax::too_large(place, NODES)));
        }
        Ok(())
    }

    fn open(&mut self, start: Place, anchor: usize, body: Body) -> Result<(), Stop> {
        if self.stack.len() >= DEPTH {
            return Err(Box::new(syntax::too_deep(start, DEPTH)));
        }
        self.spend(Size { nodes: 1, bytes: 0, height: 0 }, start)?;
        let before = self.spent;
        self.stack.push(Frame { start, anchor, body, height: 0, before });
        Ok(())
    }

    fn close(&mut self, end: Place) -> Result<(), Stop> {
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
        self.keep_anchor(frame.anchor, &node, size);
        self.add_sized(node, false, size.height)
    }

    fn keep_anchor(&mut self, anchor: usize, node: &Node, size: Size) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchor { node: node.clone(), size });
        }
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<(), Stop> {
        let Some(known) = self.anchors.get(&anchor) else {
            return Err(Box::new(syntax::inside_itself(place)));
        };
        let size = known.size;
        if self.stack.len() + size.height > DEPTH {
            return Err(Box::new(syntax::too_deep(place, DEPTH)));
        }
        // Counted before it is copied.
        self.spent.bytes += size.bytes;
        self.spend(Size { bytes: self.spent.bytes.saturating_sub(self.text.len()), ..size }, place)?;
        let node = self.anchors[&anchor].node.clone();
        self.add_sized(node, false, size.height)
    }

    fn add(&mut self, node: Node, plain: bool) -> Result<(), Stop> {
        self.add_sized(node, plain, 0)
    }

    /// Puts a finished node where it belongs: into the open list or map, or to the documents.
    fn add_sized(&mut self, node: Node, plain: bool, height: usize) -> Result<(), Stop> {
        let path = self.path();
        let Some(frame) = self.stack.last_mut() else {
            self.document(node);
            return Ok(());
        };
        frame.height = frame.height.max(height);
        let (map, seen, key, merged) = match &mut frame.body {
            Body::List(items) => {
                items.push(node);
                return Ok(());
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
            Key::Merge => {
                let maps = match node.value {
                    Value::Map(map) => vec![map],
                    Value::List(items) if items.iter().all(|item| item.as_map().is_some()) => items
                        .into_iter()
                        .filter_map(|item| if let Value::Map(map) = item.value { Some(map) } else { None })
                        .collect(),
                    _ => {
                        let diagnostic = syntax::bad_merge(&node);
                        self.refuse(diagnostic);
                        return Ok(());
                    }
                };
                merged.extend(maps);
            }
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
        Ok(())
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

    fn style(&mut self, token: &str, plain: bool, tag: Option<&Tag>, span: Span) -> Style {
        let style = if plain { Style::Plain } else { Style::Quoted };
        let Some(tag) = tag else { return style };
        let wanted = match tag.core_suffix() {
            Some("str") => return Style::Quoted,
            _ if tag.handle().is_empty() && tag.suffix() == "!" || tag.original() == "!" => {
                return Style::Quoted;
            }
            Some("int") => Kind::Int,
            Some("float") => Kind::Float,
            Some("bool") => Kind::Bool,
            Some("null") => Kind::Null,
            _ => {
                self.refuse(syntax::unknown_tag(self.tag_place(span), &tag.original()));
                return style;
            }
        };
        let kind = plain_kind(token);
        if kind != wanted && !(wanted == Kind::Float && kind == Kind::Int) {
            self.refuse(syntax::tag_misfit(self.tag_place(span), &tag.original(), self.place(span)));
        }
        Style::Plain
    }

    fn check_tag(&mut self, tag: Option<&Tag>, wanted: &str, span: Span) {
        let Some(tag) = tag else { return };
        if tag.core_suffix() != Some(wanted) && tag.original() != "!" {
            self.refuse(syntax::unknown_tag(self.tag_place(span), &tag.original()));
        }
    }

    fn tag_place(&self, span: Span) -> Place {
        self.place(span.tag_span().unwrap_or(span))
    }
}

/// Where a collection ends: at its bracket, or at the end of its last child if it has that child's place in its range.
fn collection_end(start: Place, last: Option<Place>, end: Place, flow: bool) -> usize {
    let last = last.filter(|last| last.start >= start.start).map_or(start.end, |last| last.end);
    if flow { end.end.max(start.end) } else { last }
}
