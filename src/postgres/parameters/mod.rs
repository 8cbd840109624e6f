//! PostgreSQL's parameters, major by major, and whether a setting of one is good.
//!
//! The facts are in `table.rs`, which is generated: `BLESS=1 cargo test parameters_table_is_generated` writes it from
//! `data/pg-settings`, where `pgNN.csv` and `contrib.csv` are `pg_settings` of real servers and `overlay.csv` says, with
//! a reason each, what depends on how a server was built. A new major is a dump and a variant of `Major`.
//! What `pgpod` keeps for itself, and what became of old names, is in `names.rs`; what the table can't say about a
//! value, in `hooks.rs`.

mod check;
mod explain;
#[cfg(test)]
mod generate;
mod hooks;
mod limits;
mod manual;
mod names;
mod number;
mod risks;
#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "it is generated, and read by rows")]
mod table;
mod texts;
mod time_zones;
mod tls;
mod together;
mod value;

pub use check::{Setting, check};
pub use limits::limited;
pub use names::{OWNED, Owned};
pub use risks::risks;
pub(crate) use texts::encoding_letters;
pub use together::{Conflict, conflicts};
pub use value::Value;

use super::extensions;
use super::major::Major;
use super::units::Unit;

/// A parameter as each major knows it.
#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    /// The heading of PostgreSQL's documentation under which it stands.
    pub category: &'static str,
    pub description: &'static str,
    /// Oldest first; a major outside all of them doesn't have the parameter.
    pub spans: &'static [Span],
}

/// What holds for a parameter from one major to another, both included.
#[derive(Debug)]
pub struct Span {
    pub since: Major,
    pub until: Major,
    pub kind: Kind,
    pub context: Context,
    /// The value that is built into the server, in the parameter's own unit.
    pub default: &'static str,
    /// Values (`*` for any) that only some servers of these majors take, and which.
    pub needs: &'static [(&'static str, &'static str)],
}

#[derive(Debug, PartialEq)]
pub enum Kind {
    Bool,
    Integer {
        unit: Option<Unit>,
        min: i64,
        max: i64,
    },
    Real {
        unit: Option<Unit>,
        min: f64,
        max: f64,
    },
    Text,
    Enum {
        values: &'static [&'static str],
        /// Accepted spellings that the server doesn't list, each with the value that it stands for.
        aliases: &'static [(&'static str, &'static str)],
    },
}

/// When a change of the parameter takes effect, and who may make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Never: it tells how the server was built or initialised.
    Internal,
    /// At a restart.
    Postmaster,
    /// At a reload.
    Sighup,
    /// At a reload, in new sessions.
    SuperuserBackend,
    /// At a reload, in new sessions.
    Backend,
    /// At a reload, where no session, role or database has its own value.
    Superuser,
    /// At a reload, where no session, role or database has its own value.
    User,
}

impl Parameter {
    /// What holds in that major, if it has the parameter.
    pub fn in_major(&self, major: Major) -> Option<&'static Span> {
        self.spans.iter().find(|span| span.since <= major && major <= span.until)
    }
}

/// The server's own parameters, sorted by name, case aside.
pub fn all() -> &'static [Parameter] {
    table::PARAMETERS
}

/// The parameter of that name, in any case and by any name that the server still takes for it.
pub fn find(major: Major, name: &str) -> Option<&'static Parameter> {
    let name = names::current(major, name);
    lookup(table::PARAMETERS, name).or_else(|| lookup(table::EXTENSION_PARAMETERS, name))
}

/// Whether a parameter of that name is there for a user to set, so that only its value can be wrong.
pub fn can_be_set(major: Major, name: &str) -> bool {
    let known = find(major, name).and_then(|parameter| parameter.in_major(major));
    names::owner(name).is_none() && known.is_some_and(|span| span.context != Context::Internal)
}

/// The value built into that major's server, for an effective setting that nobody chose.
pub fn default(major: Major, name: &str) -> Option<Value> {
    let span = find(major, name)?.in_major(major)?;
    value::read(&span.kind, span.default).ok()
}

/// What a token means to a parameter of that major, if it has a meaning.
pub fn read(major: Major, name: &str, token: &str) -> Option<Value> {
    value::read(&find(major, name)?.in_major(major)?.kind, token).ok()
}

/// Whether a change of that parameter takes effect only when the server restarts. A parameter of an extension that
/// isn't in the table counts as one that does.
pub fn needs_restart(major: Major, name: &str) -> bool {
    match find(major, name).and_then(|parameter| parameter.in_major(major)) {
        Some(span) => span.context == Context::Postmaster,
        None => extensions::is_qualified(name),
    }
}

/// Whether the server of that major takes two tokens of a parameter for the same value: `1GB` is `1024MB`.
pub fn same(major: Major, name: &str, left: &str, right: &str) -> bool {
    let Some(span) = find(major, name).and_then(|parameter| parameter.in_major(major)) else {
        return left == right;
    };
    match (value::read(&span.kind, left), value::read(&span.kind, right)) {
        (Ok(left), Ok(right)) => left == right,
        _ => left == right,
    }
}

/// Whether a server of that major does with a token what it does without one: it is the value that is built in.
pub fn is_default(major: Major, name: &str, token: &str) -> bool {
    let stated = || read(major, name, token);
    find(major, name).is_some_and(|row| !NOT_AS_BUILT_IN.contains(&row.name))
        && default(major, name).is_some_and(|default| stated().is_some_and(|stated| stated == default))
}

/// Parameters that a server gives another value than the built-in one when nobody states any: by the database's
/// encoding, by the limit of the machine's stack, and two whose built-in value it would refuse. (`SELECT name FROM
/// pg_settings WHERE setting <> boot_val` with an empty `postgresql.conf`; a -1 or 0 that is built in means "choose by
/// yourself" when it is stated, too.)
const NOT_AS_BUILT_IN: [&str; 4] =
    ["client_encoding", "lc_messages", "max_stack_depth", "timezone_abbreviations"];

fn lookup(table: &'static [Parameter], name: &str) -> Option<&'static Parameter> {
    let place = table.binary_search_by(|row| compare(row.name, name)).ok()?;
    table.get(place)
}

/// The order of the table: by name, case aside, as the server compares names.
fn compare(left: &str, right: &str) -> std::cmp::Ordering {
    left.bytes().map(|b| b.to_ascii_lowercase()).cmp(right.bytes().map(|b| b.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{Context, Kind, Major, all, compare, default, find, needs_restart, table, value};

    #[test]
    fn rows_are_sorted_and_unique() {
        for rows in [table::PARAMETERS, table::EXTENSION_PARAMETERS] {
            assert!(rows.is_sorted_by(|left, right| compare(left.name, right.name).is_lt()));
        }
    }

    #[test]
    fn spans_follow_each_other_without_overlap() {
        for row in table::PARAMETERS.iter().chain(table::EXTENSION_PARAMETERS) {
            assert!(!row.spans.is_empty(), "{}", row.name);
            assert!(row.spans.iter().all(|span| span.since <= span.until), "{}", row.name);
            assert!(row.spans.is_sorted_by(|left, right| left.until < right.since), "{}", row.name);
        }
    }

    #[test]
    fn defaults_are_values_of_their_parameters_on_each_major() {
        for row in table::PARAMETERS.iter().chain(table::EXTENSION_PARAMETERS) {
            for span in row.spans {
                let value = value::read(&span.kind, span.default);
                assert!(value.is_ok(), "{} {}: {:?} {value:?}", row.name, span.since, span.default);
                if let Kind::Enum { values, aliases } = &span.kind {
                    let resolved =
                        |(name, meaning): &(&str, &str)| name == meaning || values.contains(meaning);
                    assert!(aliases.iter().all(resolved), "{}", row.name);
                }
            }
        }
    }

    #[test]
    fn the_table_knows_what_changed_between_majors() {
        let has = |name, major| find(major, name).is_some_and(|row| row.in_major(major).is_some());
        assert!(!has("archive_library", Major::V14) && has("archive_library", Major::V15));
        assert!(has("promote_trigger_file", Major::V15) && !has("promote_trigger_file", Major::V16));
        assert!(!has("allow_alter_system", Major::V16) && has("allow_alter_system", Major::V17));
        assert_eq!(default(Major::V14, "hash_mem_multiplier").unwrap().to_string(), "1");
        assert_eq!(default(Major::V15, "hash_mem_multiplier").unwrap().to_string(), "2");
        assert!(needs_restart(Major::V17, "autovacuum_max_workers"));
        assert!(!needs_restart(Major::V18, "autovacuum_max_workers"));
        assert!(needs_restart(Major::V17, "Shared_Buffers"));
        assert!(needs_restart(Major::V17, "timescaledb.max_background_workers"));
        assert!(needs_restart(Major::V17, "nobody.knows"));
        assert!(!needs_restart(Major::V17, "pg_stat_statements.track"));
        assert_eq!(find(Major::V18, "ssl_ecdh_curve").unwrap().name, "ssl_groups");
        assert_eq!(find(Major::V17, "ssl_ecdh_curve").unwrap().name, "ssl_ecdh_curve");
        assert_eq!(all().iter().filter(|row| row.in_major(Major::V17).is_some()).count(), 383);
        assert_eq!(
            find(Major::V17, "data_checksums").unwrap().in_major(Major::V17).unwrap().context,
            Context::Internal
        );
    }
}
