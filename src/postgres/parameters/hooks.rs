//! What the table can't say about a value: the server's own check hooks, and what `pg_settings` doesn't list.

use super::explain::list;
use super::value::Value;
use super::{Major, texts, time_zones};
use crate::postgres::units::{self, Unit};

/// Why the server would refuse a value that the table allows.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) cause: String,
    pub(crate) help: String,
}

impl Refusal {
    pub(crate) fn new(cause: impl Into<String>, help: impl Into<String>) -> Self {
        Self { cause: cause.into(), help: help.into() }
    }
}

/// An `Ok` text is what the server must have for that value, where not every one has it.
pub(crate) type Verdict = Result<Option<String>, Refusal>;

enum Hook {
    Number(fn(i64) -> Verdict),
    /// What the server must have for a number, whatever it is.
    Need(fn(i64) -> Option<String>),
    Text(fn(&str) -> Verdict),
    /// A comma-separated list of these words, in any case.
    Words(&'static [&'static str]),
    /// A switch that the servers of every image lack.
    NeverOn(&'static str),
}

/// Sorted by name.
const HOOKS: &[(&str, Hook)] = &[
    ("DateStyle", Hook::Text(texts::date_style)),
    ("TimeZone", Hook::Text(time_zones::time_zone)),
    ("backtrace_functions", Hook::Text(texts::function_names)),
    ("bonjour", Hook::NeverOn("no server for Linux is built with Bonjour")),
    ("client_encoding", Hook::Text(texts::encoding)),
    ("commit_timestamp_buffers", Hook::Number(sixteens)),
    ("createrole_self_grant", Hook::Words(&["set", "inherit"])),
    ("debug_io_direct", Hook::Words(&["data", "wal", "wal_init"])),
    ("default_table_access_method", Hook::Text(texts::not_empty)),
    ("default_with_oids", Hook::NeverOn("tables with OIDs are gone since PostgreSQL 12")),
    ("io_max_concurrency", Hook::Number(automatic_or_positive)),
    ("lc_messages", Hook::Text(texts::message_locale)),
    ("lc_monetary", Hook::Text(texts::locale)),
    ("lc_numeric", Hook::Text(texts::locale)),
    ("lc_time", Hook::Text(texts::locale)),
    ("log_connections", Hook::Text(texts::connection_stages)),
    ("log_destination", Hook::Words(&["stderr", "csvlog", "jsonlog", "syslog"])),
    ("log_timezone", Hook::Text(time_zones::named_time_zone)),
    ("max_stack_depth", Hook::Need(stack)),
    ("multixact_member_buffers", Hook::Number(sixteens)),
    ("multixact_offset_buffers", Hook::Number(sixteens)),
    ("notify_buffers", Hook::Number(sixteens)),
    ("restrict_nonsystem_relation_kind", Hook::Words(&["view", "foreign-table"])),
    ("search_path", Hook::Text(texts::identifiers)),
    ("serializable_buffers", Hook::Number(sixteens)),
    ("shared_preload_libraries", Hook::Text(texts::libraries)),
    ("subtransaction_buffers", Hook::Number(sixteens)),
    ("synchronized_standby_slots", Hook::Text(texts::slots)),
    ("temp_tablespaces", Hook::Text(texts::identifiers)),
    ("timezone_abbreviations", Hook::Text(texts::abbreviations)),
    ("transaction_buffers", Hook::Number(sixteens)),
    ("vacuum_buffer_usage_limit", Hook::Number(ring)),
    (
        "wal_consistency_checking",
        Hook::Words(&[
            "all", "heap2", "heap", "btree", "hash", "gin", "gist", "sequence", "spgist", "brin", "generic",
        ]),
    ),
];

pub(crate) fn judge(major: Major, name: &str, value: &Value) -> Verdict {
    let Some((_, hook)) = HOOKS.iter().find(|(hooked, _)| *hooked == name) else { return Ok(None) };
    match (hook, value) {
        (Hook::Number(judge), Value::Integer { number, .. }) => judge(*number),
        (Hook::Need(need), Value::Integer { number, .. }) => Ok(need(*number)),
        (Hook::Text(judge), Value::Text(text)) => judge(text),
        (Hook::Words(words), Value::Text(text)) => {
            // The one word of these lists that came later than the oldest major.
            let words: Vec<_> =
                words.iter().copied().filter(|word| *word != "jsonlog" || major >= Major::V15).collect();
            texts::words(text, &words)
        }
        (Hook::NeverOn(cause), Value::Bool(true)) => Err(Refusal::new(*cause, "remove it")),
        _ => Ok(None),
    }
}

fn sixteens(number: i64) -> Verdict {
    if number % 16 == 0 {
        return Ok(None);
    }
    let near = units::print(number / 16 * 16 + 16, Unit::Block);
    Err(Refusal::new(
        "it is used in banks of sixteen pages (128kB)",
        format!("write a multiple of 128kB, such as `{near}`"),
    ))
}

fn automatic_or_positive(number: i64) -> Verdict {
    if number == 0 {
        Err(Refusal::new("it takes -1 (automatic) or a number from 1 on", "write `-1`"))
    } else {
        Ok(None)
    }
}

fn ring(number: i64) -> Verdict {
    if (1..128).contains(&number) {
        return Err(Refusal::new(
            "it takes 0 (no limit), or 128kB to 16GB",
            "write `0`, or at least `128kB`",
        ));
    }
    Ok(None)
}

/// The server leaves half a megabyte of the stack's limit alone, and the usual limit is eight.
fn stack(number: i64) -> Option<String> {
    let usual = 8 * 1024 - 512;
    let wanted = units::print(number + 512, Unit::Kilobyte);
    (number > usual)
        .then(|| format!("a container whose stack limit (`ulimit -s`) is at least {wanted}; 8MB is usual"))
}

pub(crate) fn one_of(words: &[&str]) -> String {
    format!("it takes {}", list(words.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::{HOOKS, Hook, Major};
    use crate::postgres::extensions::EnabledExtensions;
    use crate::postgres::parameters::{Kind, check, find};

    #[test]
    fn hooks_are_sorted_and_fit_their_parameters() {
        assert!(HOOKS.is_sorted_by(|left, right| left.0 < right.0));
        for (name, hook) in HOOKS {
            let row = find(Major::V18, name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(row.name, *name);
            let kind = &row.in_major(Major::V18).unwrap().kind;
            let fits = match hook {
                Hook::Number(_) | Hook::Need(_) => matches!(kind, Kind::Integer { .. }),
                Hook::Text(_) | Hook::Words(_) => *kind == Kind::Text,
                Hook::NeverOn(_) => *kind == Kind::Bool,
            };
            assert!(fits, "{name}");
        }
    }

    #[test]
    fn defaults_pass_the_hooks_of_each_major() {
        for major in Major::ALL {
            for (name, _) in HOOKS {
                let Some(span) = find(major, name).and_then(|row| row.in_major(major)) else { continue };
                // These two defaults stand for what initdb writes.
                if span.default.is_empty() && ["lc_messages", "timezone_abbreviations"].contains(name) {
                    continue;
                }
                let setting = check(major, name, span.default, &EnabledExtensions::default());
                assert!(setting.is_ok(), "{major} {name} {setting:?}");
            }
        }
    }
}
