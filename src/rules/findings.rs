//! Findings of rules, by the path of the value that they are about.

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Sources, codes};
use crate::postgres::{Fault, Mistake};
use crate::values::Merged;
use crate::yaml::ValuePath;

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
        self.found.push(finding.at(self.place(path), label));
    }

    /// Reports a finding at the key of a path: what is wrong is its name.
    pub(super) fn at_key(&mut self, path: &ValuePath, finding: Diagnostic) {
        let place = self.merged.locate_key(path).unwrap_or_else(|| self.place(path));
        self.found.push(finding.at(place, ""));
    }

    /// Reports a finding at several values: the first is what it is about.
    pub(super) fn at_all(&mut self, paths: &[(&ValuePath, &str)], finding: Diagnostic) {
        let place = |path: &ValuePath| self.place(path);
        let finding = paths.iter().fold(finding, |finding, (path, label)| finding.at(place(path), *label));
        self.found.push(finding);
    }

    /// The same, with the first value that the user wrote as what it is about.
    pub(super) fn at_cause(&mut self, paths: &[(&ValuePath, &str)], finding: Diagnostic) {
        let mut paths = paths.to_vec();
        paths.sort_by_key(|(path, _)| !self.is_given(path));
        self.at_all(&paths, finding);
    }

    /// Whether the value of a path was written by the user, and not by a preset or the defaults.
    pub(super) fn is_given(&self, path: &ValuePath) -> bool {
        use crate::diagnostics::SourceKind;
        let kind = self.merged.root.at(path).map(|node| self.sources.get(node.place.source).kind);
        kind.is_some_and(|kind| !matches!(kind, SourceKind::Preset | SourceKind::Defaults))
    }

    fn place(&self, path: &ValuePath) -> Place {
        self.merged.locate(path).unwrap_or(self.merged.root.place)
    }
}

/// What PostgreSQL would refuse, as a finding.
pub(crate) fn refused(fault: Fault) -> Diagnostic {
    Diagnostic::error(code(fault.mistake), fault.title).cause(fault.cause).help(fault.help)
}

fn code(mistake: Mistake) -> Code {
    match mistake {
        Mistake::UnknownParameter => codes::UNKNOWN_PARAMETER,
        Mistake::OwnedParameter => codes::PARAMETER_OWNED,
        Mistake::Value => codes::PARAMETER_VALUE,
        Mistake::Together => codes::PARAMETERS_TOGETHER,
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
