//! The code of each kind of finding, and its page: what it means, why it is one, how it looks wrong and right.
//!
//! A code stays what it is once it is published: people search for it and CI may mute it. To add one, add a row to the
//! file of its level: `PG01xx` values, `PG02xx` rules, `PG03xx` PostgreSQL, `PG04xx` Kubernetes, `PG05xx` the command
//! line and templates. One code is one kind of mistake, which may be found in several places.

mod kubernetes;
mod postgresql;
mod rules;
mod servers;
mod usage;
mod values;

use std::fmt;

pub use kubernetes::*;
pub use postgresql::*;
pub use rules::*;
pub use servers::*;
pub use usage::*;
pub use values::*;

/// The code of a finding, such as `PG0130`.
#[derive(Clone, Copy)]
pub struct Code(&'static Page);

/// What there is to say about a code.
#[derive(Debug)]
pub struct Page {
    /// `PG0130`.
    pub id: &'static str,
    /// What is wrong, in one line without a trailing period.
    pub meaning: &'static str,
    /// Why it is a finding.
    pub why: &'static str,
    /// What the examples are.
    pub kind: Example,
    pub wrong: &'static str,
    pub right: &'static str,
}

/// What the examples of a page are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// A values file.
    Values,
    /// A manifest.
    Manifest,
    /// A command line.
    Command,
    /// A preset of one's own.
    Preset,
    /// A template of one's own.
    Template,
}

impl Code {
    /// `PG0130`.
    pub fn id(self) -> &'static str {
        self.0.id
    }

    pub fn page(self) -> &'static Page {
        self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.id)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.id)
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for Code {}

/// All codes, in ascending order.
pub fn all() -> impl Iterator<Item = Code> {
    [values::CODES, rules::CODES, servers::CODES, postgresql::CODES, kubernetes::CODES, usage::CODES]
        .into_iter()
        .flatten()
        .copied()
}

/// What somebody asks about by a word that can only be a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    Known(Code),
    /// There is no such code, but maybe this one was meant.
    Unknown(&'a str, Option<Code>),
}

/// The code that a word asks about, as it is typed or copied from a report: `PG0130`, `pg0130`, `0130`, `[PG0130]`,
/// `error[PG0130]:`. None where it is something else.
pub fn asked(word: &str) -> Option<Asked<'_>> {
    let word = word.trim().trim_end_matches(':');
    let word = ["error", "warning"].into_iter().find_map(|level| word.strip_prefix(level)).unwrap_or(word);
    let code = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')).unwrap_or(word).trim();
    let letters = code.get(..2).filter(|letters| letters.eq_ignore_ascii_case("PG"));
    let digits = letters.map_or(code, |letters| &code[letters.len()..]);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let known = |id: &str| all().find(|code| code.id() == id);
    Some(match known(&format!("PG{digits}")) {
        Some(code) => Asked::Known(code),
        None => Asked::Unknown(code, known(&format!("PG{:0>4}", digits.trim_start_matches('0')))),
    })
}

/// Rows of codes: `NAME = "PG0000", "what is wrong", "why"; values "wrong", "right";`.
macro_rules! codes {
    ($($name:ident = $id:literal, $meaning:literal, $why:literal; $kind:ident $wrong:literal, $right:literal;)+) => {
        $(
            #[doc = $meaning]
            pub const $name: super::Code = super::Code(&super::Page {
                id: $id,
                meaning: $meaning,
                why: $why,
                kind: super::Example::$kind,
                wrong: $wrong,
                right: $right,
            });
        )+
        pub(super) const CODES: &[super::Code] = &[$($name),+];
    };
}
use codes;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascending_unique_and_explained() {
        let ids: Vec<_> = all().map(Code::id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        for page in all().map(Code::page) {
            let digits = page.id.strip_prefix("PG").unwrap();
            assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", page.id);
            let line = page.meaning;
            assert!(
                line.starts_with(|c: char| c.is_uppercase() || c == '`') && !line.ends_with('.'),
                "{}: {line}",
                page.id
            );
            assert!(page.why.ends_with('.'), "{}: {}", page.id, page.why);
            assert!(page.wrong != page.right, "{}", page.id);
        }
    }

    #[test]
    fn found_however_it_is_typed() {
        let known = Some(Asked::Known(UNKNOWN_KEY));
        for word in ["PG0130", "pg0130", " PG0130 ", "0130", "[PG0130]", "error[PG0130]", "warning[PG0130]: "]
        {
            assert_eq!(asked(word), known, "{word}");
        }
        assert_eq!(asked("PG130"), Some(Asked::Unknown("PG130", Some(UNKNOWN_KEY))));
        assert_eq!(asked("error[PG09999]"), Some(Asked::Unknown("PG09999", None)));
        for word in ["", "PG", "error", "a[0]", "PGpool", "pg_trgm", "error[x]", "ü0130"] {
            assert_eq!(asked(word), None, "{word}");
        }
    }
}
