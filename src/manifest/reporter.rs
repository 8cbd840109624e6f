//! Findings about objects, shown where the object's text is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::entered::{Entered, Places, within};
use super::object::{Misread, Object, Origin};
use super::written::{documents, items};
use crate::diagnostics::codes::Code;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, Severity, SourceId, Sources};
use crate::yaml::{self, Node, Scalar, Style, ValuePath};

/// Collects findings about objects. A text is read for its places when the first finding needs it, so that a render
/// without findings pays nothing.
pub(super) struct Reporter<'a> {
    sources: &'a Sources,
    found: &'a mut Diagnostics,
    read: BTreeMap<SourceId, Vec<Node>>,
    entered: &'a dyn Fn() -> Entered<'a>,
    places: Option<Places<'a>>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(
        entered: &'a dyn Fn() -> Entered<'a>,
        sources: &'a Sources,
        found: &'a mut Diagnostics,
    ) -> Self {
        Self { sources, found, read: BTreeMap::new(), entered, places: None }
    }

    /// Reports an error about the part of `object` at `path`; the title has the form "`spec.x` is …".
    pub(super) fn error(
        &mut self,
        code: Code,
        object: &Object,
        path: &ValuePath,
        title: &str,
        help: impl Into<String>,
    ) {
        self.say(Severity::Error, code, object, path, title, help);
    }

    /// Reports a finding that is not always an error.
    pub(super) fn say(
        &mut self,
        severity: Severity,
        code: Code,
        object: &Object,
        path: &ValuePath,
        title: &str,
        help: impl Into<String>,
    ) {
        let place = self.place(object, path, false);
        self.found.push(finding(severity, code, object, title).at(place, "").help(help));
    }

    /// Reports an error about the last key of `path`, whatever its value is.
    pub(super) fn error_at_key(
        &mut self,
        code: Code,
        object: &Object,
        path: &ValuePath,
        title: &str,
        help: impl Into<String>,
    ) {
        let place = self.place(object, path, true);
        self.found.push(finding(Severity::Error, code, object, title).at(place, "").help(help));
    }

    /// Reports a number or switch where a text is needed, as it was written.
    pub(super) fn misread(
        &mut self,
        code: Code,
        object: &Object,
        path: &ValuePath,
        value: &Value,
        help: String,
    ) {
        let place = self.place(object, path, false);
        let token = self.sources.text(place).to_owned();
        // Of a whole map the place says nothing about the token.
        let is_token = |style| yaml::kubernetes(&Scalar { token: token.clone(), style }) == *value;
        let (found, help) = if self.sources.get(place.source).name == "--set" {
            (value.to_string(), "write it with `--set-string`".to_owned())
        } else if is_token(Style::Plain) || is_token(Style::Json) {
            let Misread { found, help } = Misread::new(&token, value);
            (found, help)
        } else {
            (format!("`{value}`"), help)
        };
        let title = format!("`{path}` is {found}; a text is needed");
        self.found.push(finding(Severity::Error, code, object, &title).at(place, "").help(help));
    }

    /// Reports an error about two objects; the second is shown too.
    pub(super) fn conflict(
        &mut self,
        code: Code,
        object: &Object,
        other: &Object,
        title: &str,
        help: impl Into<String>,
    ) {
        let root = ValuePath::root();
        let (here, there) = (self.place(object, &root, false), self.place(other, &root, false));
        let finding = finding(Severity::Error, code, object, title);
        self.found.push(finding.at(here, "this one").at(there, "the other").help(help));
    }

    fn place(&mut self, object: &Object, path: &ValuePath, key: bool) -> Place {
        let places = self.places.get_or_insert_with(|| Places::new((self.entered)()));
        if let Some(place) = places.place(object, path, key) {
            return place;
        }
        let sources = self.sources;
        let document = match object.origin {
            Origin::Value(place) => return place,
            Origin::Written(place) => place,
            Origin::Rendered(document) => document.place(sources),
        };
        let documents = self
            .read
            .entry(document.source)
            .or_insert_with(|| documents(document.source, sources, &mut Diagnostics::new()));
        let inside = |node: &&Node| (document.start..=document.end).contains(&node.place.start);
        let root = documents.iter().flat_map(items).find(inside);
        root.and_then(|node| within(node, path, key)).unwrap_or(Place::new(
            document.source,
            document.start,
            document.start,
        ))
    }
}

fn finding(severity: Severity, code: Code, object: &Object, title: &str) -> Diagnostic {
    Diagnostic::new(code, severity, format!("{}: {title}", object.id))
}
