//! `--set-json`: `key=<json>,key=<json>`, or a whole object that merges as a file does. Digits are kept, duplicates refused.

use super::flag::{Assignment, Change};
use super::set::{Cursor, nothing};
use crate::diagnostics::{Diagnostic, Place, SourceId, codes};
use crate::yaml::{Entry, Map, Node, Style};

/// Deeper nesting is refused, as in files.
const DEPTH: usize = 64;

pub(super) fn parse(source: SourceId, text: &str) -> Result<Vec<Change>, Diagnostic> {
    let mut cursor = Cursor::new(source, text, false);
    let start = text.len() - text.trim_start().len();
    if text[start..].starts_with('{') {
        cursor.at = start;
        let node = cursor.json(0)?;
        cursor.blanks();
        if !cursor.is_done() {
            return Err(refuse(cursor.here(), "text follows the object"));
        }
        return Ok(vec![Change::Merge(node)]);
    }
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return Err(Diagnostic::error(codes::FLAG_SYNTAX, "there is no key to set to this")
            .at(Place::new(source, start, text.trim_end().len()), "")
            .help("write `key=JSON`, or a whole object, as `{\"key\": …}`"));
    }
    let mut changes = Vec::new();
    while !cursor.is_done() {
        let steps = cursor.key()?;
        cursor.spaces();
        let node = match cursor.peek() {
            None | Some(',') => Node::null(Place::new(source, cursor.at, cursor.at)),
            Some(_) => cursor.json(0)?,
        };
        cursor.spaces();
        if cursor.peek() == Some(',') {
            cursor.next();
        }
        changes.push(Change::Assign(Assignment { steps, node }));
    }
    if changes.is_empty() { Err(nothing(cursor.here())) } else { Ok(changes) }
}

fn refuse(place: Place, title: &str) -> Diagnostic {
    Diagnostic::error(codes::FLAG_JSON, format!("{title}, in the JSON of this flag"))
        .at(place, "")
        .help("strings and keys need double quotes; `--set` and `--set-string` take values without")
}

impl Cursor<'_> {
    /// Skips what JSON calls blank.
    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.next();
        }
    }

    /// Skips what Helm calls blank between a value and its comma.
    fn spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn json(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        self.blanks();
        let start = self.at;
        if depth > DEPTH {
            return Err(refuse(self.here(), &format!("the nesting is deeper than {DEPTH} levels")));
        }
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => {
                let text = self.string()?;
                Ok(Node::scalar(Place::new(self.source, start, self.at), text, Style::Text))
            }
            Some('-' | '0'..='9') => self.number(),
            _ => self.word_value(),
        }
    }

    fn word_value(&mut self) -> Result<Node, Diagnostic> {
        let rest = &self.text[self.at..];
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word));
        let Some(word) = word else { return Err(refuse(self.here(), "a value is expected")) };
        let place = Place::new(self.source, self.at, self.at + word.len());
        self.at = place.end;
        Ok(Node::scalar(place, word, Style::Json))
    }

    fn digits(&mut self) -> Result<(), Diagnostic> {
        if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
            return Err(refuse(self.here(), "a digit is expected"));
        }
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.next();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Node, Diagnostic> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.next();
        }
        // A leading zero ends the number.
        if self.peek() == Some('0') {
            self.next();
        } else {
            self.digits()?;
        }
        if self.peek() == Some('.') {
            self.next();
            self.digits()?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.next();
            if matches!(self.peek(), Some('+' | '-')) {
                self.next();
            }
            self.digits()?;
        }
        let place = Place::new(self.source, start, self.at);
        let token = &self.text[start..self.at];
        if !token.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(refuse(place, "a number is out of range"));
        }
        Ok(Node::scalar(place, token, Style::Json))
    }

    fn array(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        let start = self.at;
        self.next();
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(']') {
            self.next();
            return Ok(Node::list(Place::new(self.source, start, self.at), items));
        }
        loop {
            items.push(self.json(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(',') => self.next(),
                Some(']') => break,
                _ => return Err(refuse(self.here(), "a `,` or `]` is expected")),
            };
        }
        self.next();
        Ok(Node::list(Place::new(self.source, start, self.at), items))
    }

    fn object(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        let start = self.at;
        self.next();
        let mut map = Map::new();
        self.blanks();
        if self.peek() == Some('}') {
            self.next();
            return Ok(Node::map(Place::new(self.source, start, self.at), map));
        }
        loop {
            self.blanks();
            let key_start = self.at;
            if self.peek() != Some('"') {
                return Err(refuse(self.here(), "a key in double quotes is expected"));
            }
            let key = self.string()?;
            let key_place = Place::new(self.source, key_start, self.at);
            self.blanks();
            if self.peek() != Some(':') {
                return Err(refuse(self.here(), "a `:` is expected"));
            }
            self.next();
            let node = self.json(depth + 1)?;
            if let Some(first) = map.entry(&key) {
                return Err(Diagnostic::error(
                    codes::DUPLICATE_KEY,
                    format!("`{key}` is set twice in one object"),
                )
                .at(key_place, "again here")
                .at(first.key_place, "first here")
                .help("keep one of them"));
            }
            map.insert(Entry { key, key_place, node });
            self.blanks();
            match self.peek() {
                Some(',') => self.next(),
                Some('}') => break,
                _ => return Err(refuse(self.here(), "a `,` or `}` is expected")),
            };
        }
        self.next();
        Ok(Node::map(Place::new(self.source, start, self.at), map))
    }

    /// Reads a string: its end is found here, what its escapes mean is left to `serde_json`.
    fn string(&mut self) -> Result<String, Diagnostic> {
        let open = self.here();
        let start = self.at;
        self.next();
        loop {
            match self.next() {
                Some('"') => break,
                Some('\\') => {
                    self.next();
                }
                Some(_) => {}
                None => return Err(refuse(open, "a quote is not closed")),
            }
        }
        let place = Place::new(self.source, start, self.at);
        let text: String = serde_json::from_str(&self.text[start..self.at])
            .map_err(|_| refuse(place, "a string holds an unknown escape or a raw control character"))?;
        if text.contains('\0') {
            return Err(refuse(place, "a NUL character can be in no value"));
        }
        Ok(text)
    }
}
