//! The server's image, and what is in it.

use crate::config::Config;

use super::findings::Findings;
use super::{Image, Subject};

/// The extensions of `postgresql.extensions` and of databases, by their names in `CREATE EXTENSION`.
pub(super) fn enabled(config: &Config) -> Vec<String> {
    let mut names = created(config);
    for name in config.postgresql.databases.iter().flat_map(|d| d.extensions.iter().flatten()) {
        if !names.iter().any(|known| known == name.as_str()) {
            names.push(name.as_str().to_owned());
        }
    }
    names
}

/// The extensions that every database gets.
pub(super) fn created(config: &Config) -> Vec<String> {
    let extensions = &config.postgresql.extensions;
    let named = [
        ("timescaledb", extensions.timescaledb.enabled),
        ("postgis", extensions.postgis.enabled),
        ("pg_stat_statements", extensions.pg_stat_statements.enabled),
        ("pgaudit", extensions.pgaudit.enabled),
        ("pg_cron", extensions.pg_cron.enabled),
    ];
    let mut names: Vec<String> =
        named.iter().filter(|(_, on)| *on).map(|(name, _)| (*name).to_owned()).collect();
    for name in &extensions.other {
        if !names.iter().any(|known| known == name.as_str()) {
            names.push(name.as_str().to_owned());
        }
    }
    names
}

pub(super) fn exporter() -> (&'static str, &'static str, &'static str) {
    ("quay.io", "prometheuscommunity/postgres-exporter", "v0.19.1")
}

pub(super) fn choose(subject: &Subject<'_>, _found: &mut Findings<'_>) -> Option<Image> {
    Some(Image {
        registry: "docker.io".into(),
        repository: "library/postgres".into(),
        tag: format!("{}-alpine", subject.major.number()),
        architectures: Vec::new(),
    })
}
