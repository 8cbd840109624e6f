//! What a custom resource's schema itself demands of a value beyond its type.

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::limits::{Complaint, choice};

/// The words of JSON Schema that limit a value, as `data/kubernetes/custom.txt` groups them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::manifest) struct Stated<'a> {
    #[serde(borrow, rename = "enum", default)]
    choices: Vec<&'a str>,
    // A text of its own: in JSON, a pattern has escapes.
    pattern: Option<String>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    min_length: Option<usize>,
}

/// Pattern, what a text that fits it is, examples. A text that doesn't fit is not shown: an address may hold a password.
const PATTERNS: [(&str, &str, &str); 6] = [
    (
        r"(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$",
        "a size in bytes",
        "`512KB`, `10MiB` or `0` for no limit",
    ),
    (
        r"^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$",
        "a duration as Prometheus writes it",
        "`30s`, `5m` or `1h30m`",
    ),
    (r"^(?i)(abort|warn)?$", "one of its values", "`abort` or `warn`"),
    (r"^([0-9]+(\.[0-9]+)?(s|m|h))+$", "a duration", "`90m` or `1h30m`"),
    (r"^(http|https)://.+$", "an address of HTTP", "`https://` and what follows it"),
    (
        r"^(http|https|socks5)://.+$",
        "a proxy's address",
        "`http://`, `https://` or `socks5://` and what follows it",
    ),
];

impl Stated<'_> {
    /// What is wrong with a value of the right type.
    pub(super) fn complaint(&self, value: &Value) -> Option<Complaint> {
        match value {
            Value::String(text) => self.of_text(text),
            Value::Number(number) => self.of_number(number.as_i64()?),
            _ => None,
        }
    }

    /// What to write instead of a number that stands for a text, where quotes alone would not make it one that fits.
    pub(super) fn instead_of(&self, number: &serde_json::Number) -> Option<String> {
        let complaint = self.of_text(&number.to_string())?;
        let is_duration = complaint.found.starts_with("not a duration");
        Some(if is_duration && number.is_u64() {
            format!("write it with its unit, such as `{number}s`")
        } else {
            complaint.help
        })
    }

    fn of_text(&self, text: &str) -> Option<Complaint> {
        if !self.choices.is_empty() {
            return choice(text, &self.choices);
        }
        if self.min_length.is_some_and(|least| text.chars().count() < least) {
            let help = "write what it is, or leave it out if it may be absent".to_owned();
            return Some(Complaint { found: "empty".to_owned(), help });
        }
        let pattern = self.pattern.as_deref()?;
        if Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text)) {
            return None;
        }
        let (_, what, examples) = PATTERNS.iter().find(|row| row.0 == pattern)?;
        Some(Complaint { found: format!("not {what}"), help: format!("write {examples}") })
    }

    fn of_number(&self, number: i64) -> Option<Complaint> {
        let (least, most) = (self.minimum.unwrap_or(i64::MIN), self.maximum.unwrap_or(i64::MAX));
        if (least..=most).contains(&number) {
            return None;
        }
        let help = match self.maximum {
            Some(most) => format!("it can be from {least} to {most}"),
            None => format!("it can be {least} or more"),
        };
        Some(Complaint { found: number.to_string(), help })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::schema::definitions::CUSTOM;

    #[test]
    fn every_pattern_of_the_schemas_can_be_matched_and_has_words_and_no_row_is_left_over() {
        let mut known: Vec<String> = Vec::new();
        for (at, word) in CUSTOM.match_indices(r#""pattern":"#) {
            let rest = &CUSTOM[at + word.len()..];
            let text = serde_json::Deserializer::from_str(rest).into_iter::<String>().next();
            let pattern = text.expect("a text follows").expect("it is JSON");
            assert!(Regex::new(&pattern).is_ok(), "{pattern}");
            known.push(pattern);
        }
        known.sort();
        known.dedup();
        assert_eq!(known, PATTERNS.map(|row| row.0));
    }
}
