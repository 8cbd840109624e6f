//! Values as written: tokens, lists and maps, each with its place.

use crate::diagnostics::{Place, SourceId};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub place: Place,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Map),
}

/// A token whose type is not decided yet. Quoted and block scalars are decoded, plain ones are as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    pub token: String,
    pub style: Style,
}

/// How a token was written, which is all that is known of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Unquoted in a file.
    Plain,
    /// Quoted or a block scalar in a file: a string, though a schema may take `"200"` for a number.
    Quoted,
    /// The value of a `--set`.
    Flag,
    /// Certainly a string: `--set-string`, `--set-file`, `--set-literal`.
    Text,
    /// A number, `true`, `false` or `null` in JSON.
    Json,
}

/// Keys in the order in which they were written, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_place: Place,
    pub node: Node,
}

impl Node {
    pub fn scalar(place: Place, token: impl Into<String>, style: Style) -> Self {
        Self { place, value: Value::Scalar(Scalar { token: token.into(), style }) }
    }

    /// A null that no token says: a list filled up, a JSON `null`.
    pub fn null(place: Place) -> Self {
        Self::scalar(place, "null", Style::Json)
    }

    pub fn map(place: Place, map: Map) -> Self {
        Self { place, value: Value::Map(map) }
    }

    pub fn list(place: Place, items: Vec<Node>) -> Self {
        Self { place, value: Value::List(items) }
    }

    /// The same, read from another source of the same text.
    #[must_use]
    pub(crate) fn in_source(&self, source: SourceId) -> Self {
        let place = |place: Place| Place { source, ..place };
        let value = match &self.value {
            Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
            Value::List(items) => Value::List(items.iter().map(|item| item.in_source(source)).collect()),
            Value::Map(map) => {
                let entry = |entry: &Entry| Entry {
                    key: entry.key.clone(),
                    key_place: place(entry.key_place),
                    node: entry.node.in_source(source),
                };
                Value::Map(Map(map.iter().map(entry).collect()))
            }
        };
        Self { place: place(self.place), value }
    }

    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.is_null())
    }

    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// What the value is, for messages: `a map`, `a list`, `null`, `a scalar`.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Map(_) => "a map",
            Value::List(_) => "a list",
            Value::Scalar(scalar) if scalar.is_null() => "null",
            Value::Scalar(_) => "a scalar",
        }
    }
}

impl Scalar {
    /// Whether the token says that there is no value: `~`, `null` or nothing at all in a file, `null` in a flag.
    pub fn is_null(&self) -> bool {
        match self.style {
            Style::Plain => matches!(self.token.as_str(), "" | "~" | "null" | "Null" | "NULL"),
            Style::Flag => self.token.eq_ignore_ascii_case("null"),
            Style::Json => self.token == "null",
            Style::Quoted | Style::Text => false,
        }
    }
}

impl Map {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.0.iter()
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.0.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node)
    }

    pub(crate) fn get_entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.0.iter_mut().find(|entry| entry.key == key)
    }

    pub(crate) fn entry_number_mut(&mut self, number: usize) -> Option<&mut Entry> {
        self.0.get_mut(number)
    }

    /// Puts an entry in place of the one with its key, or at the end; gives back the one it replaced.
    pub fn insert(&mut self, entry: Entry) -> Option<Entry> {
        if let Some(other) = self.get_entry_mut(&entry.key) {
            return Some(std::mem::replace(other, entry));
        }
        self.0.push(entry);
        None
    }

    /// Appends an entry whose key the caller knows to be new: reading a large map stays linear.
    pub(crate) fn push_new(&mut self, entry: Entry) {
        debug_assert!(self.0.len() > 64 || self.entry(&entry.key).is_none(), "the key is new");
        self.0.push(entry);
    }

    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.0.iter().position(|entry| entry.key == key)?;
        Some(self.0.remove(at))
    }
}

impl IntoIterator for Map {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
