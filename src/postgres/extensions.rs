//! Extensions that bring parameters or want to be loaded when the server starts.

use std::collections::BTreeSet;

use super::fault::{Fault, Mistake};
use crate::spelling::nearest_name;

/// An extension, or a module that is only a library.
#[derive(Debug)]
pub struct Extension {
    /// For `CREATE EXTENSION`, where there is one to create.
    pub name: &'static str,
    /// Its key under `postgresql.extensions`; `None`: it is named in the list of others.
    pub key: Option<&'static str>,
    /// What its parameters' names start with, before the dot.
    pub prefixes: &'static [&'static str],
    /// For `shared_preload_libraries`, where it needs to be there.
    pub preload: Option<&'static str>,
    /// Whether there is an extension to create in each database.
    creatable: bool,
    /// Whether the table of parameters has all that it knows, major by major.
    fully_known: bool,
}

const fn row(name: &'static str, prefixes: &'static [&'static str]) -> Extension {
    Extension { name, key: None, prefixes, preload: None, creatable: true, fully_known: false }
}

impl Extension {
    const fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    const fn preload(self, library: &'static str) -> Self {
        Self { preload: Some(library), ..self }
    }

    const fn library_only(self) -> Self {
        Self { creatable: false, ..self }
    }

    /// It comes with PostgreSQL itself and was dumped on each major.
    const fn bundled(self) -> Self {
        Self { fully_known: true, ..self }
    }
}

/// In the order in which they are loaded: TimescaleDB insists on being the first.
pub static EXTENSIONS: &[Extension] = &[
    row("timescaledb", &["timescaledb"]).key("timescaledb").preload("timescaledb"),
    row("pg_stat_statements", &["pg_stat_statements"])
        .key("pgStatStatements")
        .preload("pg_stat_statements")
        .bundled(),
    row("pgaudit", &["pgaudit"]).key("pgaudit").preload("pgaudit"),
    row("pg_cron", &["cron"]).key("pgCron").preload("pg_cron"),
    row("auto_explain", &["auto_explain"]).preload("auto_explain").library_only().bundled(),
    row("pg_prewarm", &["pg_prewarm"]).preload("pg_prewarm").bundled(),
    row("auth_delay", &["auth_delay"]).preload("auth_delay").library_only().bundled(),
    row("passwordcheck", &["passwordcheck"]).preload("passwordcheck").library_only().bundled(),
    row("basic_archive", &["basic_archive"]).library_only().bundled(),
    row("postgis", &["postgis"]).key("postgis"),
    row("vector", &["hnsw", "ivfflat"]),
    row("isn", &["isn"]).bundled(),
    row("pg_trgm", &["pg_trgm"]).bundled(),
    row("pgcrypto", &["pgcrypto"]).bundled(),
    row("plpgsql", &["plpgsql"]).bundled(),
    row("postgres_fdw", &["postgres_fdw"]).bundled(),
    // In none of the images of the table; their prefixes tell a parameter of theirs from one that somebody made up.
    row("anon", &["anon"]),
    row("citus", &["citus"]),
    row("pg_hint_plan", &["pg_hint_plan"]),
    row("pg_net", &["pg_net"]),
    row("pg_partman", &["pg_partman_bgw"]),
    row("pg_qualstats", &["pg_qualstats"]),
    row("pg_squeeze", &["squeeze"]),
    row("pg_stat_kcache", &["pg_stat_kcache"]),
    row("pg_stat_monitor", &["pg_stat_monitor"]),
    row("pg_wait_sampling", &["pg_wait_sampling"]),
    row("pglogical", &["pglogical"]),
    row("pgsodium", &["pgsodium"]),
    row("plperl", &["plperl"]),
    row("pltcl", &["pltcl"]),
    row("plv8", &["plv8"]),
    row("powa", &["powa"]),
    row("set_user", &["set_user"]),
];

/// The extensions of one release, by the names that `CREATE EXTENSION` (or a library's file) has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnabledExtensions(BTreeSet<String>);

impl EnabledExtensions {
    pub fn contains(&self, name: &str) -> bool {
        // Every database has it from the start.
        name == "plpgsql" || self.0.contains(name)
    }

    /// `shared_preload_libraries`, in order.
    pub fn preload_libraries(&self) -> Vec<&'static str> {
        EXTENSIONS.iter().filter(|row| self.contains(row.name)).filter_map(|row| row.preload).collect()
    }
}

impl<S: Into<String>> FromIterator<S> for EnabledExtensions {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

/// Whether a name is that of an extension's parameter: two words and one dot, as `postgresql.conf` can hold it.
pub(crate) fn is_qualified(name: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    name.split_once('.').is_some_and(|(prefix, rest)| word(prefix) && word(rest))
}

/// Whether a name is that of a library that is loaded, without an extension to create.
pub fn is_library_alone(name: &str) -> bool {
    EXTENSIONS.iter().any(|row| row.name == name && !row.creatable)
}

/// Whether the table of parameters has all with that prefix.
pub(crate) fn is_fully_known(prefix: &str) -> bool {
    owner(prefix).is_some_and(|row| row.fully_known)
}

/// Judges whether a parameter with a dot in its name may be set.
pub(crate) fn allow(name: &str, enabled: &EnabledExtensions) -> Result<(), Fault> {
    if !is_qualified(name) {
        return Err(Fault::new(
            Mistake::UnknownParameter,
            format!("`{name}` can't be the name of a parameter"),
            "an extension's parameter is two words of letters, digits and `_`, joined by one dot",
            "write it as the extension's documentation does",
        ));
    }
    let prefix = name.split('.').next().unwrap_or_default();
    // A prefix that is no extension's is somebody's own: the server keeps such a parameter for the sessions, which read
    // it with `current_setting` (the manual, "Customized Options").
    let Some(row) = owner(prefix) else { return Ok(()) };
    if enabled.contains(row.name) || enabled.contains(&prefix.to_ascii_lowercase()) {
        return Ok(());
    }
    let help = match row.key {
        Some(key) => format!("set `postgresql.extensions.{key}.enabled=true`, or remove the parameter"),
        None => format!("add `{}` to `postgresql.extensions.other`, or remove the parameter", row.name),
    };
    Err(Fault::new(
        Mistake::NoExtension,
        format!("`{name}` needs the extension `{}`", row.name),
        "the extension is not enabled, and without it the server would ignore the parameter",
        help,
    ))
}

/// What somebody should be told of a parameter whose prefix is no extension's, and nearly that of one: the server takes it,
/// and the extension never sees it.
pub(crate) fn misspelt(name: &str, enabled: &EnabledExtensions) -> Option<Fault> {
    let (prefix, rest) = name.split_once('.')?;
    if owner(prefix).is_some() || enabled.contains(&prefix.to_ascii_lowercase()) {
        return None;
    }
    let meant = nearest_name(prefix, EXTENSIONS.iter().flat_map(|row| row.prefixes).copied())?;
    Some(Fault::new(
        Mistake::NoExtension,
        format!("`{name}` belongs to no extension"),
        format!(
            "the server keeps it for sessions that ask for it; the extension behind `{meant}.…` never sees it"
        ),
        format!("did you mean `{meant}.{rest}`?"),
    ))
}

fn owner(prefix: &str) -> Option<&'static Extension> {
    EXTENSIONS.iter().find(|row| row.prefixes.iter().any(|known| known.eq_ignore_ascii_case(prefix)))
}

#[cfg(test)]
mod tests {
    use super::{EXTENSIONS, EnabledExtensions, allow, misspelt};

    #[test]
    fn prefixes_and_keys_belong_to_one_extension() {
        let mut words: Vec<_> = EXTENSIONS.iter().flat_map(|row| row.prefixes).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }

    #[test]
    fn timescaledb_is_loaded_first() {
        let enabled: EnabledExtensions = ["postgis", "pg_cron", "timescaledb", "other"].into_iter().collect();
        assert_eq!(enabled.preload_libraries(), ["timescaledb", "pg_cron"]);
    }

    #[test]
    fn a_parameter_needs_its_extension() {
        let enabled: EnabledExtensions = ["vector", "mine", "pg_partman_bgw"].into_iter().collect();
        let own = ["app.tenant", "mine.thing", "tymescaledb.license", "_x.Y_1"];
        let enabled_ones =
            ["hnsw.ef_search", "plpgsql.check_asserts", "HNSW.ef_search", "pg_partman_bgw.interval"];
        for name in own.into_iter().chain(enabled_ones) {
            assert_eq!(allow(name, &enabled), Ok(()), "{name}");
        }
        let refused = |name| allow(name, &enabled).unwrap_err();
        assert_eq!(refused("cron.host").title, "`cron.host` needs the extension `pg_cron`");
        assert_eq!(
            refused("cron.host").help,
            "set `postgresql.extensions.pgCron.enabled=true`, or remove the parameter"
        );
        assert_eq!(
            refused("Citus.shard_count").help,
            "add `citus` to `postgresql.extensions.other`, or remove the parameter"
        );
        for name in ["a.b.c", ".b", "a.", "1a.b", "a.b-c", "a$.b", "a b.c"] {
            assert_eq!(refused(name).title, format!("`{name}` can't be the name of a parameter"));
        }
    }

    #[test]
    fn a_prefix_that_is_nearly_an_extensions_is_told() {
        let enabled: EnabledExtensions = ["pgaudi"].into_iter().collect();
        let told = |name| misspelt(name, &enabled).map(|fault| fault.help);
        assert_eq!(told("tymescaledb.license").as_deref(), Some("did you mean `timescaledb.license`?"));
        for name in ["app.tenant", "pgaudi.log", "pgaudit.log", "HNSW.ef_search", "work_mem"] {
            assert_eq!(told(name), None, "{name}");
        }
    }
}
