//! A path on the way down a tree: it becomes a [`ValuePath`] only where something is to be said.

use std::fmt;

use super::path::{Step, ValuePath};

/// A step, and the way to it.
#[derive(Debug, Clone, Copy)]
pub struct Trail<'a> {
    above: Option<&'a Trail<'a>>,
    step: Last<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Last<'a> {
    Path(&'a ValuePath),
    Key(&'a str),
    Index(usize),
}

impl<'a> Trail<'a> {
    /// The way from a path on.
    pub fn from(path: &'a ValuePath) -> Self {
        Self { above: None, step: Last::Path(path) }
    }

    #[must_use]
    pub fn child<'b>(&'b self, key: &'b str) -> Trail<'b> {
        Trail { above: Some(self), step: Last::Key(key) }
    }

    #[must_use]
    pub fn item(&self, index: usize) -> Trail<'_> {
        Trail { above: Some(self), step: Last::Index(index) }
    }

    pub fn path(&self) -> ValuePath {
        let above = || self.above.map_or_else(ValuePath::root, Trail::path);
        match self.step {
            Last::Path(path) => path.clone(),
            Last::Key(key) => above().with(Step::Key(key.to_owned())),
            Last::Index(index) => above().with(Step::Index(index)),
        }
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}
