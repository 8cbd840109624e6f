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

/// The page of a code as somebody types it: `PG0130`, `pg0130`.
pub fn page(code: &str) -> Option<&'static Page> {
    all().find(|known| known.id().eq_ignore_ascii_case(code)).map(Code::page)
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
        assert_eq!(page("pg0130").map(|page| page.id), Some("PG0130"));
        assert!(page("PG9999").is_none() && page("130").is_none());
    }
}
