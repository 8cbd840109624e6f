//! The statements of a script, each as its words: what can be said of one without a server.

use squawk_syntax::ast::AstNode;
use squawk_syntax::{SourceFile, SyntaxElement, SyntaxKind};

use super::psql::Prepared;
use super::{DEEPEST, LONGEST};

/// A statement of a script; those inside the bodies of functions and of `DO` are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) words: Vec<Word>,
}

/// A token that is neither a comment nor a blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In upper case where it is not quoted.
    pub(super) text: String,
    /// Byte offsets in the script.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Word {
    /// The name that the word is, as the server reads it.
    pub(super) fn name(&self) -> String {
        match self.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => self.text.to_lowercase(),
        }
    }
}

impl Statement {
    pub(super) fn text(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.text)
    }

    pub(super) fn has(&self, text: &str) -> bool {
        self.words.iter().any(|word| word.text == text)
    }

    /// Whether the words begin with these; `*` stands for any name.
    pub(super) fn begins(&self, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(at, text)| {
            let found = self.text(at);
            !found.is_empty() && (*text == "*" && found != "(" || *text == found)
        })
    }

    /// The bytes of the first words, so many.
    pub(super) fn place(&self, count: usize) -> (usize, usize) {
        let first = self.words.first().map_or(0, |word| word.start);
        (first, self.words[..count.min(self.words.len())].last().map_or(first, |word| word.end))
    }
}

/// The statements of a script that runs from its beginning to its end; none where psql decides on the way what runs, or
/// goes on after an error.
pub(super) fn statements(script: &str) -> Vec<Statement> {
    let prepared = Prepared::of(script);
    if script.len() > LONGEST || prepared.deepest > DEEPEST || prepared.hopeless || prepared.steered {
        return Vec::new();
    }
    let Ok(text) = String::from_utf8(prepared.text) else { return Vec::new() };
    let mut found = Vec::new();
    for statement in SourceFile::parse(&text).tree().stmts() {
        let tokens = statement.syntax().descendants_with_tokens().filter_map(SyntaxElement::into_token);
        let words: Vec<Word> = tokens
            .filter(|token| !token.kind().is_trivia() && token.kind() != SyntaxKind::SEMICOLON)
            .map(|token| {
                let (text, range) = (token.text(), token.text_range());
                let quoted = text.contains(['\'', '"', '$']);
                Word {
                    text: if quoted { text.to_owned() } else { text.to_uppercase() },
                    start: range.start().into(),
                    end: range.end().into(),
                }
            })
            .collect();
        // What the parser goes on with in the middle of what it could not read is no statement.
        let before = words.first().map_or("", |word| text.get(..word.start).unwrap_or_default());
        if begins_a_statement(before) {
            found.push(Statement { words });
        }
    }
    found
}

/// Whether a statement can begin behind this text: nothing stands there but comments, or a semicolon.
fn begins_a_statement(before: &str) -> bool {
    let lines = before.lines().rev();
    let mut code = lines.map(|line| line.split("--").next().unwrap_or_default().trim_end());
    let last = code.find(|line| !line.is_empty()).unwrap_or_default();
    last.is_empty() || last.ends_with(';') || last.ends_with("*/")
}
