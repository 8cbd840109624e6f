//! Findings of rules, by the path of the value that they are about.

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, SourceKind, Sources, codes};
use crate::postgres::{Fault, Mistake};
use crate::values::Merged;
use crate::yaml::{Node, Step, Value, ValuePath};

/// Where rules put what they find.
pub(super) struct Findings<'a> {
    merged: &'a Merged,
    sources: &'a Sources,
    found: &'a mut Diagnostics,
}

impl<'a> Findings<'a> {
    pub(super) fn new(merged: &'a Merged, sources: &'a Sources, found: &'a mut Diagnostics) -> Self {
        Self { merged, sources, found }
    }

    /// Reports a finding at the value of a path, such as `postgresql.hba[2].address`.
    pub(super) fn at(&mut self, path: &ValuePath, label: &str, finding: Diagnostic) {
        let finding = finding.at(self.place(path), label);
        self.push(&[path], finding);
    }

    /// Keeps a finding, unless it follows from a value that could not be typed: what it says of that is not what somebody
    /// wrote, and what is wrong there is said already.
    fn push(&mut self, paths: &[&ValuePath], finding: Diagnostic) {
        let follows = self.merged.stand_ins.iter().any(|wrong| {
            paths.iter().any(|path| path.starts_with(wrong) || wrong.starts_with(path))
                || names(&finding, &wrong.to_string())
        });
        if !follows {
            self.found.push(finding);
        }
    }

    /// Reports a finding at a part of the text at a path, by its bytes; where that part is not to be seen in the source, at
    /// the whole text, with the line and column that it has in it.
    pub(super) fn within(&mut self, path: &ValuePath, (start, end): (usize, usize), finding: Diagnostic) {
        let node = self.merged.root.at(path);
        let finding = if let Some(place) = node.and_then(|node| node.within(self.sources, start, end)) {
            finding.at(place, "")
        } else {
            let text = node.and_then(Node::as_scalar).map_or("", |scalar| scalar.token.as_str());
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            finding.at(self.place(path), format!("line {line}, column {column} of the text"))
        };
        self.push(&[path], finding);
    }

    /// Reports a finding at the key of a path: what is wrong is its name.
    pub(super) fn at_key(&mut self, path: &ValuePath, finding: Diagnostic) {
        let place = self.merged.locate_key(path).unwrap_or_else(|| self.place(path));
        self.push(&[path], finding.at(place, ""));
    }

    /// Reports a finding at several values: the first is what it is about.
    pub(super) fn at_all(&mut self, paths: &[(&ValuePath, &str)], finding: Diagnostic) {
        let place = |path: &ValuePath| self.place(path);
        let finding = paths.iter().fold(finding, |finding, (path, label)| finding.at(place(path), *label));
        let paths: Vec<&ValuePath> = paths.iter().map(|(path, _)| *path).collect();
        self.push(&paths, finding);
    }

    /// The same, with the first value that the user wrote as what it is about.
    pub(super) fn at_cause(&mut self, paths: &[(&ValuePath, &str)], finding: Diagnostic) {
        let mut paths = paths.to_vec();
        paths.sort_by_key(|(path, _)| !self.is_given(path));
        self.at_all(&paths, finding);
    }

    /// Whether the value of a path was written by the user, and not by a preset or the defaults.
    pub(super) fn is_given(&self, path: &ValuePath) -> bool {
        self.merged.root.at(path).is_some_and(|node| self.is_own(node.place))
    }

    /// The values at and below a path that the user wrote, and that say something else than preset and defaults do. A
    /// step `*` stands for every item of a list.
    pub(super) fn given_below(&self, pattern: &ValuePath) -> Vec<ValuePath> {
        let mut given = Vec::new();
        self.walk(&self.merged.root, pattern.steps(), &ValuePath::root(), &mut given);
        given
    }

    fn walk(&self, node: &Node, pattern: &[Step], path: &ValuePath, given: &mut Vec<ValuePath>) {
        let (first, rest) = match pattern.split_first() {
            Some((first, rest)) => (Some(first), rest),
            None => (None, pattern),
        };
        match (&node.value, first) {
            (Value::Map(map), Some(Step::Key(key))) => {
                if let Some(node) = map.get(key) {
                    self.walk(node, rest, &path.child(key.as_str()), given);
                }
            }
            (Value::Map(map), None) if !map.is_empty() => {
                for entry in map {
                    self.walk(&entry.node, rest, &path.child(entry.key.as_str()), given);
                }
            }
            (Value::List(items), None) if !items.is_empty() => {
                for (index, node) in items.iter().enumerate() {
                    self.walk(node, rest, &path.item(index), given);
                }
            }
            (Value::List(items), Some(Step::Key(key))) if key == "*" => {
                for (index, node) in items.iter().enumerate() {
                    self.walk(node, rest, &path.item(index), given);
                }
            }
            (_, None) if !node.is_null() && self.is_own(node.place) && !self.repeats(path, node.place) => {
                given.push(path.clone());
            }
            _ => {}
        }
    }

    /// Whether a value is what preset or defaults say anyway, as in values that `pgpod values` printed.
    fn repeats(&self, path: &ValuePath, place: Place) -> bool {
        let bare = |place| self.sources.text(place).trim_matches(['"', '\'']);
        let text = bare(place);
        self.merged.overridden(path).into_iter().any(|below| !self.is_own(below) && bare(below) == text)
    }

    fn is_own(&self, place: Place) -> bool {
        !matches!(self.kind(place), SourceKind::Preset | SourceKind::Defaults)
    }

    fn kind(&self, place: Place) -> SourceKind {
        self.sources.get(place.source).kind
    }

    /// Whether the value of a path stands in a values file.
    pub(super) fn is_in_file(&self, path: &ValuePath) -> bool {
        self.merged.root.at(path).is_some_and(|node| self.kind(node.place) == SourceKind::File)
    }

    fn place(&self, path: &ValuePath) -> Place {
        self.merged.locate(path).unwrap_or(self.merged.root.place)
    }
}

/// Whether a finding speaks of a value, as of one that decides something, or that could be changed.
fn names(finding: &Diagnostic, path: &str) -> bool {
    let texts = [Some(&finding.title), finding.cause.as_ref(), finding.help.as_ref()];
    texts.into_iter().flatten().any(|text| text.split('`').skip(1).step_by(2).any(|word| word == path))
}

/// What PostgreSQL would refuse, as a finding.
pub(crate) fn refused(fault: Fault) -> Diagnostic {
    Diagnostic::error(code(fault.mistake), fault.title).cause(fault.cause).help(fault.help)
}

/// What PostgreSQL takes, and nobody means, as a finding.
pub(super) fn warned(fault: Fault) -> Diagnostic {
    Diagnostic::warning(code(fault.mistake), fault.title).cause(fault.cause).help(fault.help)
}

fn code(mistake: Mistake) -> Code {
    match mistake {
        Mistake::UnknownParameter => codes::UNKNOWN_PARAMETER,
        Mistake::OwnedParameter => codes::PARAMETER_OWNED,
        Mistake::Value => codes::PARAMETER_VALUE,
        Mistake::Together => codes::PARAMETERS_TOGETHER,
        Mistake::Limited => codes::PARAMETER_LIMITED,
        Mistake::Risk => codes::PARAMETER_RISK,
        Mistake::NoExtension => codes::PARAMETER_EXTENSION,
        Mistake::NoImage => codes::NO_IMAGE,
        Mistake::ImageLacks => codes::IMAGE_LACKS,
    }
}

/// A path written as in messages: keys and indexes.
pub(super) fn path(keys: &[&str]) -> ValuePath {
    keys.iter().fold(ValuePath::root(), |path, key| match key.parse() {
        Ok(index) => path.item(index),
        Err(_) => path.child(*key),
    })
}
