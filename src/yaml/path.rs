//! The way from the root to a value, written as `--set` writes it: `postgresql.hba[2].cidr`.

use std::fmt;

use super::node::{Entry, Node, Value};
use crate::diagnostics::Place;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// Steps from the root; the empty path is the root itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValuePath(Vec<Step>);

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError(&'static str);

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for PathError {}

impl ValuePath {
    pub fn root() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn child(&self, key: impl Into<String>) -> Self {
        self.with(Step::Key(key.into()))
    }

    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    #[must_use]
    pub(crate) fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    pub fn parent(&self) -> Option<Self> {
        let (_, steps) = self.0.split_last()?;
        Some(Self(steps.to_vec()))
    }

    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// Reads `a.b[0].c\.d`. A backslash makes the next character literal.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut steps = Vec::new();
        let mut chars = text.chars().peekable();
        while chars.peek().is_some() {
            let mut key = String::new();
            while let Some(c) = chars.next_if(|c| !matches!(c, '.' | '[')) {
                match c {
                    '\\' => key.extend(chars.next()),
                    _ => key.push(c),
                }
            }
            if key.is_empty() {
                return Err(PathError("a key is empty"));
            }
            steps.push(Step::Key(key));
            while chars.next_if_eq(&'[').is_some() {
                let digits: String = std::iter::from_fn(|| chars.next_if(|c| *c != ']')).collect();
                if chars.next().is_none() {
                    return Err(PathError("a `[` is not closed"));
                }
                let index = digits.parse().map_err(|_| PathError("an index is not a number"))?;
                steps.push(Step::Index(index));
            }
            match chars.next() {
                None => {}
                Some('.') if chars.peek().is_some() => {}
                Some('.') => return Err(PathError("it ends with a dot")),
                Some(_) => return Err(PathError("an index is followed by a dot, another index, or the end")),
            }
        }
        Ok(Self(steps))
    }
}

impl FromIterator<Step> for ValuePath {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    if at > 0 {
                        f.write_str(".")?;
                    }
                    for c in key.chars() {
                        if matches!(c, '.' | '=' | '[' | ',' | '\\') {
                            f.write_str("\\")?;
                        }
                        write!(f, "{c}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Node {
    fn step(&self, step: &Step) -> Option<&Node> {
        match (step, &self.value) {
            (Step::Key(key), Value::Map(map)) => map.get(key),
            (Step::Index(index), Value::List(items)) => items.get(*index),
            _ => None,
        }
    }

    /// The value at a path below this one.
    pub fn at(&self, path: &ValuePath) -> Option<&Node> {
        path.0.iter().try_fold(self, |node, step| node.step(step))
    }

    /// The entry that a path ends in: where its key stands.
    pub fn entry_at(&self, path: &ValuePath) -> Option<&Entry> {
        match path.0.split_last()? {
            (Step::Key(key), above) => {
                let parent = above.iter().try_fold(self, |node, step| node.step(step))?;
                parent.as_map()?.entry(key)
            }
            (Step::Index(_), _) => None,
        }
    }

    /// The place of the value at a path, or of the key of its nearest ancestor that exists; nothing if none does.
    pub fn nearest(&self, path: &ValuePath) -> Option<Place> {
        let mut node = self;
        let mut nearest = None;
        for step in &path.0 {
            let Some(next) = node.step(step) else { return nearest };
            nearest = match (step, node.as_map()) {
                (Step::Key(key), Some(map)) => map.entry(key).map(|entry| entry.key_place),
                _ => Some(next.place),
            };
            node = next;
        }
        Some(node.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_it_is_written() {
        for text in ["a", "a.b[2].c", r"a.app\.kubernetes\.io/name", "a[0][1]", r"a\[0\]\,b\=\\"] {
            let path = ValuePath::parse(text);
            assert_eq!(path.map(|path| path.to_string()), Ok(text.replace(r"\]", "]")));
        }
        assert_eq!(ValuePath::parse("").map(|path| path.to_string()), Ok(String::new()));
    }

    #[test]
    fn what_is_no_path_says_why() {
        let why = |text: &str| ValuePath::parse(text).map_err(|error| error.to_string());
        assert_eq!(why("a..b"), Err("a key is empty".into()));
        assert_eq!(why("a."), Err("it ends with a dot".into()));
        assert_eq!(why("a[x]"), Err("an index is not a number".into()));
        assert_eq!(why("a[1"), Err("a `[` is not closed".into()));
        assert_eq!(why("a[1]b"), Err("an index is followed by a dot, another index, or the end".into()));
    }
}
