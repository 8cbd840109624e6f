//! The grammar of `--set`, `--set-string`, `--set-file` and `--set-literal`, as Helm has it: `a.b[0].c=value,d={x,y}`.
//!
//! Wherever Helm's parser yields a value, this one yields the same; where Helm's silently does nothing, it is an error.
//! `list[name=x].field` is our own: Helm refuses it. `--set-json` is in `json_flag`, on the same keys.

use super::flag::{Assignment, Change, FlagKind, SetStep, StepKind};
use crate::diagnostics::{Diagnostic, Place, SourceId, codes};
use crate::yaml::{Node, Style};

/// Helm's limits: dots in one key, and the highest index.
const DOTS: usize = 30;
const INDEX: i64 = 65_536;

/// The argument of one flag, read from left to right.
pub(super) struct Cursor<'a> {
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// `--set-literal` knows no escapes, and commas end nothing.
    literal: bool,
}

/// Decoded text, its place, and the character that ended it.
struct Word {
    text: String,
    place: Place,
    end: Option<char>,
}

/// Gives a file's content, or why it can't be read.
pub type Files<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// The changes that a flag of the `key=value` kinds asks for.
pub(super) fn parse(
    kind: FlagKind,
    source: SourceId,
    text: &str,
    files: Files<'_>,
) -> Result<Vec<Change>, Diagnostic> {
    let mut cursor = Cursor::new(source, text, kind == FlagKind::SetLiteral);
    let mut changes = Vec::new();
    while !cursor.is_done() {
        let steps = cursor.key()?;
        let node = match kind {
            FlagKind::SetLiteral => cursor.rest(),
            _ => cursor.value(kind, files)?,
        };
        changes.push(Change::Assign(Assignment { steps, node }));
    }
    if changes.is_empty() {
        return Err(nothing(cursor.here()));
    }
    Ok(changes)
}

/// The refusal of an argument that sets nothing.
pub(super) fn nothing(place: Place) -> Diagnostic {
    Diagnostic::error(codes::FLAG_SYNTAX, "the flag sets nothing").at(place, "").help("write `key=value`")
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: SourceId, text: &'a str, literal: bool) -> Self {
        Self { source, text, at: 0, literal }
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn here(&self) -> Place {
        Place::new(self.source, self.at, self.at + self.peek().map_or(0, char::len_utf8))
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads up to one of `stops` and over it. A backslash is dropped and makes the next character literal.
    fn word(&mut self, stops: &[char]) -> Word {
        let start = self.at;
        let mut text = String::new();
        loop {
            let end = self.at;
            let c = self.next();
            match c {
                Some('\\') if !self.literal => text.extend(self.next()),
                Some(c) if !stops.contains(&c) => text.push(c),
                _ => return Word { text, place: Place::new(self.source, start, end), end: c },
            }
        }
    }

    /// Reads a key up to and over its `=`.
    pub(super) fn key(&mut self) -> Result<Vec<SetStep>, Diagnostic> {
        let ends: &[char] = if self.literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let mut steps: Vec<SetStep> = Vec::new();
        let mut dots = 0;
        loop {
            let word = self.word(ends);
            let whole = steps.first().map_or(word.place, |first| first.place.to(word.place));
            if word.end.is_none() || word.end == Some(',') {
                return Err(Self::no_value(whole, word.end.is_some()));
            }
            if word.text.is_empty() {
                let place = Place::new(self.source, word.place.start, self.at);
                return Err(Diagnostic::error(codes::FLAG_SYNTAX, "a key is empty")
                    .at(place, "no key before this")
                    .help("write `key=value`; a dot that belongs to a key is written `\\.`"));
            }
            steps.push(SetStep { kind: StepKind::Key(word.text), place: word.place });
            let end = if word.end == Some('[') { self.indexes(&mut steps)? } else { word.end };
            if end == Some('=') {
                return Ok(steps);
            }
            // A dot after an index is not counted, as in Helm.
            dots += usize::from(word.end == Some('.'));
            if dots > DOTS {
                let title = format!("the key has more than {DOTS} dots");
                return Err(Diagnostic::error(codes::FLAG_SYNTAX, title).at(whole, ""));
            }
        }
    }

    /// Reads `0][1]` and what follows: a dot or the `=`, which is returned.
    fn indexes(&mut self, steps: &mut Vec<SetStep>) -> Result<Option<char>, Diagnostic> {
        loop {
            let word = self.word(&[']']);
            if word.end.is_none() {
                let place = Place::new(self.source, word.place.start.saturating_sub(1), word.place.end);
                return Err(Diagnostic::error(codes::FLAG_SYNTAX, "a `[` is not closed")
                    .at(place, "")
                    .help("write `list[0]`; a bracket that belongs to a key is written `\\[`"));
            }
            steps.push(SetStep { kind: index(&word)?, place: word.place });
            let after = self.word(&['[', '.', '=']);
            if !after.text.is_empty() {
                return Err(Diagnostic::error(codes::FLAG_SYNTAX, "text follows an index")
                    .at(after.place, "")
                    .help("after `]` comes `.`, `[` or `=`"));
            }
            match after.end {
                Some('[') => {}
                None => return Err(Self::no_value(steps[0].place.to(after.place), false)),
                end => return Ok(end),
            }
        }
    }

    fn no_value(place: Place, comma: bool) -> Diagnostic {
        let help = if comma || place.start > 0 {
            "a comma ends a pair: write `\\,` for one that belongs to a value, or use `--set-literal` or `--set-file`"
        } else {
            "write `key=value`"
        };
        Diagnostic::error(codes::FLAG_SYNTAX, "a key has no value").at(place, "no `=` after this").help(help)
    }

    /// The rest of the argument, as it stands.
    fn rest(&mut self) -> Node {
        let place = Place::new(self.source, self.at, self.text.len());
        self.at = self.text.len();
        Node::scalar(place, &self.text[place.start..place.end], Style::Text)
    }

    /// Reads a value and the comma that may follow it.
    fn value(&mut self, kind: FlagKind, files: Files<'_>) -> Result<Node, Diagnostic> {
        if self.is_done() {
            let style = if kind == FlagKind::Set { Style::Flag } else { Style::Text };
            return Ok(Node::scalar(self.here(), "", style));
        }
        if self.peek() == Some('{') {
            return self.list(kind, files);
        }
        let word = self.word(&[',']);
        leaf(kind, word, files)
    }

    /// Reads `{a,b}`: flat, always at least one item, ended by the first `}`; a comma after it may be left out.
    fn list(&mut self, kind: FlagKind, files: Files<'_>) -> Result<Node, Diagnostic> {
        let open = self.here();
        self.next();
        let mut items = Vec::new();
        loop {
            let word = self.word(&[',', '}']);
            let end = word.end;
            if end.is_none() {
                return Err(Diagnostic::error(codes::FLAG_SYNTAX, "a `{` is not closed")
                    .at(open, "")
                    .help("write `{a,b}`; for a text that starts with `{`, use `\\{` or `--set-literal`"));
            }
            items.push(leaf(kind, word, files)?);
            if end == Some('}') {
                break;
            }
        }
        let place = Place::new(self.source, open.start, self.at);
        if self.peek() == Some(',') {
            self.next();
        }
        Ok(Node::list(place, items))
    }
}

fn leaf(kind: FlagKind, word: Word, files: Files<'_>) -> Result<Node, Diagnostic> {
    match kind {
        FlagKind::SetFile => match files(&word.text) {
            Ok(content) if content.contains('\0') => {
                Err(Diagnostic::error(codes::NOT_TEXT, "the file holds a NUL character")
                    .at(word.place, "")
                    .cause("neither PostgreSQL nor Kubernetes can hold one in a text"))
            }
            Ok(content) => Ok(Node::scalar(word.place, content, Style::Text)),
            // Whoever reads the file ends the run with what the world says.
            Err(why) => Err(Diagnostic::error(codes::FLAG_SYNTAX, "the file can't be read")
                .at(word.place, "")
                .cause(why)),
        },
        FlagKind::Set => Ok(Node::scalar(word.place, word.text, Style::Flag)),
        _ => Ok(Node::scalar(word.place, word.text, Style::Text)),
    }
}

fn index(word: &Word) -> Result<StepKind, Diagnostic> {
    let refuse =
        |title: &str, help: &str| Diagnostic::error(codes::FLAG_SYNTAX, title).at(word.place, "").help(help);
    if let Some((key, value)) = word.text.split_once('=') {
        if key.is_empty() {
            return Err(refuse("the key to select by is empty", "write `list[name=x]`"));
        }
        return Ok(StepKind::Select { key: key.to_owned(), value: value.to_owned() });
    }
    // Go's number syntax: digits with an optional sign.
    match word.text.parse::<i64>() {
        Ok(number) if number < 0 => Err(refuse("an index can't be negative", "the first item is `[0]`")),
        Ok(number) if number > INDEX => {
            Err(refuse(&format!("an index can't be above {INDEX}"), "the first item is `[0]`"))
        }
        Ok(number) => usize::try_from(number)
            .map(StepKind::Index)
            .map_err(|_| refuse("an index is out of range", "the first item is `[0]`")),
        Err(_) => Err(refuse(
            "an index is a whole number, without blanks",
            "write `list[0]`, or `list[name=x]` for the item whose `name` is `x`",
        )),
    }
}
