//! `pg_hba.conf` and `pg_ident.conf`: who may come in, from where, and how they prove who they are.
//!
//! [`check`] turns a rule as a user writes it into a [`Rule`] that a server of the given major loads without an
//! error, [`judge`] looks at the rules in their order, [`file()`] puts pgpod's own around them. A rule's fields are one file each; the methods and their
//! options are tables (`method.rs`). Sources: `hba.c` of 14 to 18 and the manual's page on client authentication.

mod address;
mod clear;
mod file;
mod known;
mod ldap;
mod method;
mod name;
mod options;
mod order;
mod rule;
mod write;

pub use address::Address;
pub use clear::judge_clear;
pub use file::{MAP, Roles, file, ident_file};
pub use known::{Known, judge_names};
pub use name::Name;
pub use order::{Misplaced, judge};
pub use rule::{Context, Rule, RuleText, check};

/// What a rule is about: sockets, or TCP with or without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Local,
    Host,
    HostSsl,
    HostNoSsl,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Local, Kind::Host, Kind::HostSsl, Kind::HostNoSsl];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Local => "local",
            Kind::Host => "host",
            Kind::HostSsl => "hostssl",
            Kind::HostNoSsl => "hostnossl",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == text)
    }
}

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// What is wrong with a field of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub severity: Severity,
    /// Whether the server loads a file with such a rule.
    pub taken: bool,
    /// The field: `kind`, `databases[0]`, `users[1]`, `address`, `method`, `options.map`.
    pub field: String,
    pub title: String,
    pub cause: String,
    pub help: String,
}

impl Fault {
    fn error(field: impl Into<String>, title: String, cause: &str, help: String) -> Self {
        let (field, cause) = (field.into(), cause.to_owned());
        Self { severity: Severity::Error, taken: false, field, title, cause, help }
    }

    fn warning(field: impl Into<String>, title: String, cause: &str, help: String) -> Self {
        Self { severity: Severity::Warning, taken: true, ..Self::error(field, title, cause, help) }
    }

    /// The same of a rule that the server loads, and that does what nobody can mean.
    #[must_use]
    fn taken(self) -> Self {
        Self { taken: true, ..self }
    }
}

#[cfg(test)]
mod tests;
