//! Redaction by value: the text of a secret is shown nowhere, wherever else it stands.

use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::redact::{STARS, merge};

/// A shorter text is in too many words that are no secret; its own place is hidden all the same.
const SHORTEST: usize = 6;

/// The texts of secrets, in every spelling that a report or a printed value may have them in.
#[derive(Clone, Default)]
pub struct SecretTexts(Vec<String>);

impl fmt::Debug for SecretTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretTexts({})", self.0.len())
    }
}

impl SecretTexts {
    /// Takes in a text; every line of it counts by itself.
    pub fn add(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| line.len() >= SHORTEST) {
            let escaped = line.escape_debug().to_string();
            let json = line.replace('\\', "\\\\").replace('"', "\\\"");
            let quoted = line.replace('\'', "''");
            let both = line.replace('\\', "\\\\").replace('\'', "''");
            for spelling in [line.to_owned(), escaped, json, quoted, both] {
                self.push(spelling);
            }
            // As in a Secret's `data`: alone, before a new line, and before anything else.
            let whole = STANDARD.encode(line);
            let with_newline = STANDARD.encode(format!("{line}\n"));
            let begin = STANDARD.encode(&line.as_bytes()[..line.len() / 3 * 3]);
            for spelling in [whole, with_newline, begin] {
                self.push(spelling);
            }
        }
    }

    fn push(&mut self, spelling: String) {
        if !self.0.contains(&spelling) {
            self.0.push(spelling);
        }
    }

    /// Where a text holds a secret, in order, none touching another.
    pub(super) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let all = self.0.iter();
        merge(all.flat_map(|secret| text.match_indices(secret)).map(|(at, s)| at..at + s.len()).collect())
    }

    /// Whether a text holds a secret.
    pub fn are_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret))
    }

    /// The text with stars for every secret in it.
    #[must_use]
    pub fn star(&self, text: &str) -> String {
        let mut starred = String::with_capacity(text.len());
        let mut at = 0;
        for range in self.ranges(text) {
            starred.push_str(&text[at..range.start]);
            starred.push_str(STARS);
            at = range.end;
        }
        starred + &text[at..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_starred_in_every_spelling() {
        let mut secrets = SecretTexts::default();
        secrets.add("it's \"a\\b\"");
        secrets.add("hunter22\nsecond line");
        secrets.add("short");
        for (text, starred) in [
            ("x hunter22, hunter22", "x ********, ********"),
            ("data: {x: aHVudGVyMjI=, y: aHVudGVyMjIK}", "data: {x: ********, y: ********}"),
            ("second line of short", "******** of short"),
            ("'it''s \"a\\b\"'", "'********'"),
            (r#""it's \"a\\b\"""#, "\"********\""),
            (r"'it\'s \\'", r"'it\'s \\'"),
        ] {
            assert_eq!(secrets.star(text), starred);
        }
        assert_eq!(format!("{secrets:?}").matches("hunter").count(), 0);
    }
}
