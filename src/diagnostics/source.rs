//! The texts that places point into, and what of them must never be shown.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, OnceLock};

use super::outline;
use super::secret_texts::SecretTexts;

/// Names one text of a [`Sources`]; ordered as the texts were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A byte range in the text of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub source: SourceId,
    pub start: usize,
    pub end: usize,
}

impl Place {
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, start, end: end.max(start) }
    }

    /// The range from the start of this place to the end of `other`, which is in the same source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.source, self.start, other.end)
    }
}

/// What a text is: decides how a place in it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    Preset,
    Defaults,
    File,
    Stdin,
    /// The argument of one `--set*` flag.
    Flag,
    Template,
}

/// A text that is made when it is first looked at: that of a rendered template only where something is to be said about it.
pub(crate) type LaterText = Arc<LazyLock<String, Box<dyn FnOnce() -> String + Send + Sync>>>;

/// A text and the name that a user knows it by: a file's path, or a flag such as `--set`.
#[derive(Debug, Clone)]
pub struct Source {
    pub name: String,
    pub kind: SourceKind,
    pub text: LaterText,
    /// Byte offset of each line's first character, a byte order mark not counted.
    line_starts: OnceLock<Vec<usize>>,
    /// The line that each line is below, as [`outline::parents`] sees it.
    parents: OnceLock<Vec<Option<usize>>>,
    /// How many sources of the same name and kind came before, plus one.
    ordinal: usize,
}

impl Source {
    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let first = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let breaks =
                self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
            std::iter::once(first).chain(breaks).collect()
        })
    }

    /// The line that `offset` is on (0-based).
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.line_starts().partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The line that a line (0-based) is below by its indentation.
    pub(super) fn parent_of(&self, line: usize) -> Option<usize> {
        let lines = || (0..self.line_count()).map(|line| &self.text[self.line_range(line)]);
        self.parents.get_or_init(|| outline::parents(lines())).get(line).copied().flatten()
    }

    pub(super) fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The byte range of a line (0-based), its line break left out.
    pub(super) fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.line_starts()[line];
        let end = self.line_starts().get(line + 1).copied().unwrap_or(self.text.len());
        let text = &self.text[start..end];
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        start..start + text.len()
    }
}

/// A name for people: a line break or another control character in a file's name is told, and not obeyed.
pub fn shown_name(name: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    if name.contains(char::is_control) {
        name.chars().map(shown).collect::<String>()
    } else {
        name.to_owned()
    }
}

/// Every text of a run. Places stay valid because a source is never changed or removed.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    all: Vec<Source>,
    hidden: BTreeSet<Place>,
    secrets: SecretTexts,
    /// Passwords within values that are more than a password.
    parts: SecretTexts,
}

impl Sources {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a text. `name` is shown in messages.
    pub fn add(&mut self, name: impl Into<String>, kind: SourceKind, text: impl Into<String>) -> SourceId {
        let text = text.into();
        self.add_later(name, kind, move || text)
    }

    /// Takes in a text that is made when it is first looked at.
    pub fn add_later(
        &mut self,
        name: impl Into<String>,
        kind: SourceKind,
        text: impl FnOnce() -> String + Send + Sync + 'static,
    ) -> SourceId {
        let name = name.into();
        let id = SourceId(u32::try_from(self.all.len()).expect("fewer than four billion texts"));
        let ordinal = 1 + self.all.iter().filter(|other| other.kind == kind && other.name == name).count();
        let text: LaterText = Arc::new(LazyLock::new(Box::new(text)));
        self.all.push(Source {
            name,
            kind,
            text,
            line_starts: OnceLock::new(),
            parents: OnceLock::new(),
            ordinal,
        });
        id
    }

    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0u32..).map(SourceId).zip(&self.all)
    }

    /// The text at a place, as written.
    pub fn text(&self, place: Place) -> &str {
        self.get(place.source).text.get(place.start..place.end).unwrap_or_default()
    }

    /// Line and column of a place's start, both from 1; columns count characters.
    pub fn line_col(&self, place: Place) -> (usize, usize) {
        let source = self.get(place.source);
        let line = source.line_of(place.start);
        let start = source.line_starts()[line];
        let before = source.text.get(start..place.start.max(start)).unwrap_or_default();
        (line + 1, before.chars().count() + 1)
    }

    /// A place in words: `prod.yaml:14:3`, or ``--set argument 2, column 5`` for a flag.
    pub fn describe(&self, place: Place) -> String {
        let source = self.get(place.source);
        let (line, column) = self.line_col(place);
        match source.kind {
            SourceKind::Flag => {
                let line = if source.line_count() > 1 { format!("line {line}, ") } else { String::new() };
                format!("{}, {line}column {column}", self.name(place.source))
            }
            _ => format!("{}:{line}:{column}", shown_name(&source.name)),
        }
    }

    /// A source's name; a flag that was given several times says which one it is.
    pub fn name(&self, id: SourceId) -> String {
        let source = self.get(id);
        let alone =
            || self.all.iter().filter(|o| o.kind == source.kind && o.name == source.name).count() == 1;
        if source.kind != SourceKind::Flag || alone() {
            return source.name.clone();
        }
        format!("{} argument {}", source.name, source.ordinal)
    }

    /// Marks a range as secret: no report shows its text or its length.
    pub fn hide(&mut self, place: Place) {
        if place.end > place.start {
            self.hidden.insert(place);
        }
    }

    /// Marks a text as secret: it is starred wherever else it stands.
    pub fn hide_text(&mut self, text: &str) {
        self.secrets.add(text);
    }

    /// Marks a text as a password within a value, such as that of a URL: it is starred wherever a report says it. The
    /// value is no secret as a whole, and is rendered and printed as it is.
    pub fn hide_part(&mut self, text: &str) {
        self.parts.add(text);
    }

    /// All texts that no report may say.
    pub(super) fn secrets_of_reports(&self) -> [&SecretTexts; 2] {
        [&self.secrets, &self.parts]
    }

    /// The texts that are secret.
    pub fn secret_texts(&self) -> &SecretTexts {
        &self.secrets
    }

    /// The secret ranges that touch `range` of a source, in order.
    pub(super) fn hidden_in(
        &self,
        id: SourceId,
        range: &std::ops::Range<usize>,
    ) -> Vec<std::ops::Range<usize>> {
        let mut found: Vec<_> = self
            .hidden
            .iter()
            .filter(|place| place.source == id && place.start < range.end && place.end > range.start)
            .map(|place| place.start.max(range.start)..place.end.min(range.end))
            .collect();
        found.sort_by_key(|range| (range.start, range.end));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(sources: &Sources, id: SourceId, needle: &str) -> Place {
        let start = sources.get(id).text.find(needle).expect("the text holds the needle");
        Place::new(id, start, start + needle.len())
    }

    #[test]
    fn columns_count_characters_and_lines_end_at_crlf() {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", SourceKind::File, "\u{feff}ä: 1\r\nüü: zwei\r\n");
        assert_eq!(sources.line_col(place_of(&sources, id, "ä")), (1, 1));
        assert_eq!(sources.line_col(place_of(&sources, id, "zwei")), (2, 5));
        assert_eq!(sources.describe(place_of(&sources, id, "zwei")), "a.yaml:2:5");
        let source = sources.get(id);
        assert_eq!(&source.text[source.line_range(1)], "üü: zwei");
    }

    #[test]
    fn a_repeated_flag_says_which_one_it_is() {
        let mut sources = Sources::new();
        let one = sources.add("--set", SourceKind::Flag, "a=1,b=2");
        assert_eq!(sources.describe(place_of(&sources, one, "b")), "--set, column 5");
        let two = sources.add("--set", SourceKind::Flag, "c=1");
        assert_eq!(sources.describe(place_of(&sources, one, "b")), "--set argument 1, column 5");
        assert_eq!(sources.describe(place_of(&sources, two, "1")), "--set argument 2, column 3");
    }
}
