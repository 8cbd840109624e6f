//! Redaction by value: the text of a secret is shown nowhere, wherever else it stands.

use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::redact::{merge, star};

/// A shorter text is in too many words that are no secret; its own place is hidden all the same.
pub const SHORTEST: usize = 6;

/// Every way in which a text may stand in another one: as it is, within quotes of Rust, JSON, SQL and `.pgpass`, in an
/// argument of a container, in a URL, and as in a Secret's `data`, alone, before a new line, and before anything else.
pub fn spellings(text: &str) -> [String; 11] {
    let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
    [
        text.to_owned(),
        text.escape_debug().to_string(),
        text.replace('\\', "\\\\").replace('"', "\\\""),
        text.replace('\'', "''"),
        text.replace('\\', "\\\\").replace('\'', "''"),
        text.replace('$', "$$"),
        utf8_percent_encode(text, UNRESERVED).to_string(),
        base64(text.as_bytes()),
        base64(text.as_bytes()).trim_end_matches('=').to_owned(),
        base64(format!("{text}\n").as_bytes()),
        base64(&text.as_bytes()[..text.len() / 3 * 3]),
    ]
}

/// What a URL has as it is (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

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
            for spelling in spellings(line) {
                if !self.0.contains(&spelling) {
                    self.0.push(spelling);
                }
            }
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
        star(text, self.ranges(text))
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
