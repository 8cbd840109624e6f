//! What is wrong with the input, where, why, and what to do about it.
//!
//! A stage collects [`Diagnostic`]s in a [`Diagnostics`] and goes on; [`report()`] turns them into text once, at the end.
//! Every text that a place can point into is in [`Sources`], which also knows what of it is secret.

pub mod codes;
mod credentials;
mod excerpt;
pub mod formats;
mod lookalike;
mod outline;
mod redact;
mod report;
mod secret_names;
mod secret_texts;
mod siblings;
mod source;
mod sql_texts;

pub use codes::Code;
pub use redact::{STARS, holds_password, passwords_in, url_passwords};
pub use report::{counted, excerpts, excerpts_with, report, summary};
pub use secret_names::{holds_secret, near_secret, sounds_secret};
pub use secret_texts::{SHORTEST as SHORTEST_SECRET, SecretTexts, spellings};
pub use siblings::may_hold;
pub use source::{Place, Source, SourceId, SourceKind, Sources, shown_name};

/// An error stops the run before anything is written; a warning doesn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// One finding: a headline, the places it is about (the first is the primary one), the cause and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub title: String,
    pub labels: Vec<(Place, String)>,
    pub cause: Option<String>,
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: Code, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, title)
    }

    pub fn warning(code: Code, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, title)
    }

    pub fn new(code: Code, severity: Severity, title: impl Into<String>) -> Self {
        Self { code, severity, title: title.into(), labels: Vec::new(), cause: None, help: None }
    }

    /// Adds a place; `label` may be empty.
    #[must_use]
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.labels.push((place, label.into()));
        self
    }

    #[must_use]
    pub fn cause(mut self, text: impl Into<String>) -> Self {
        self.cause = Some(text.into());
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The place that the finding is about, if it is about one.
    pub fn place(&self) -> Option<Place> {
        self.labels.first().map(|(place, _)| *place)
    }
}

/// Findings, collected in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(diagnostics);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// How many findings there are, equal ones counted once.
    fn distinct(&self) -> usize {
        self.clone().into_sorted().len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// The findings by place (source, then position; those without a place last), each once.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut sorted = self.0;
        sorted.sort_by_key(|diagnostic| {
            let place = diagnostic.place();
            (place.is_none(), place)
        });
        let mut kept: Vec<Diagnostic> = Vec::with_capacity(sorted.len());
        for diagnostic in sorted {
            // Equal findings have equal places, so only the neighbours of the same place can be equal.
            let here = kept.iter().rev().take_while(|other| other.place() == diagnostic.place());
            if !here.into_iter().any(|other| *other == diagnostic) {
                kept.push(diagnostic);
            }
        }
        kept
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_by_place_and_each_once() {
        let mut sources = Sources::new();
        let first = sources.add("a", SourceKind::File, "abc");
        let second = sources.add("b", SourceKind::File, "abc");
        let finding = |title: &str, place| Diagnostic::error(codes::BAD_VALUE, title).at(place, "");
        let mut found = Diagnostics::new();
        found.push(Diagnostic::error(codes::BAD_VALUE, "nowhere"));
        found.push(finding("late", Place::new(second, 0, 1)));
        found.push(finding("early", Place::new(first, 2, 3)));
        found.push(finding("other", Place::new(first, 2, 3)));
        found.push(finding("early", Place::new(first, 2, 3)));
        let titles: Vec<_> = found.into_sorted().into_iter().map(|d| d.title).collect();
        assert_eq!(titles, ["early", "other", "late", "nowhere"]);
    }

    /// Read anew for each of its words, such a text would take minutes.
    #[test]
    fn a_text_full_of_secret_words_is_read_once() {
        let found = |text: &str| passwords_in(&text.repeat(200_000)).len();
        assert_eq!(
            (found("token="), found("password"), found("password $"), found("token='")),
            (1, 0, 1, 199_999)
        );
    }
}
