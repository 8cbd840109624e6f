//! Databases: how they are made, and what stays as it was made.

use super::{Outcome, Site};
use crate::support::full_server;

const DATABASES: &str = "SELECT datname, datdba::regrole, pg_encoding_to_char(encoding), datcollate, datctype
    FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1') ORDER BY 1";

#[test]
fn a_database_has_its_owner_its_encoding_and_its_locale() {
    for major in [14, 18] {
        let values = "postgresql: {databases: [{name: plain}, {name: latin, encoding: LATIN1}, {name: byte, locale: C, owner: boss}]}";
        let Some(site) = Site::new(major, values) else { return };
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        let expected =
            "byte|boss|UTF8|C|C\nlatin|app_owner|LATIN1|C|C\nplain|app_owner|UTF8|C.UTF-8|C.UTF-8\n";
        assert_eq!(site.superuser("postgres", DATABASES), expected, "{major}");
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");

        site.values("postgresql: {databases: [{name: plain, encoding: LATIN1}, {name: latin, encoding: latin-1}, {name: byte, locale: C.UTF-8}]}");
        let warnings = [
            "pgpod: database `plain` has encoding `UTF8`, not `LATIN1`: dump and restore it to change that",
            "pgpod: database `byte` has locale `C`, not `C.UTF-8`: dump and restore it to change that",
        ];
        assert_eq!(site.bootstrap(), Outcome::complete(&warnings), "{major}");
        assert_eq!(site.superuser("postgres", DATABASES), expected.replace("boss", "app_owner"), "{major}");
    }
}

#[test]
fn a_database_can_have_a_locale_where_the_servers_are_icus() {
    let values = "postgresql: {databases: [{name: plain}, {name: byte, locale: C.UTF-8}, {name: ascii, encoding: SQL_ASCII}]}";
    for (major, provider) in [(15, "icu"), (17, "builtin")] {
        let Some(site) = Site::new(major, values) else { return };
        // A template decides what a new database is like, as the whole server does in a pod.
        let locale = if provider == "icu" {
            "LOCALE_PROVIDER icu ICU_LOCALE 'und'"
        } else {
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        };
        site.superuser("postgres", "ALTER DATABASE template1 IS_TEMPLATE false");
        site.superuser("postgres", "DROP DATABASE template1");
        site.superuser(
            "postgres",
            &format!("CREATE DATABASE template1 TEMPLATE template0 {locale} IS_TEMPLATE true"),
        );
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        let providers =
            "SELECT datname, datlocprovider, pg_encoding_to_char(encoding), datcollate FROM pg_database
            WHERE datname IN ('plain', 'byte', 'ascii') ORDER BY 1";
        let expected =
            format!("ascii|c|SQL_ASCII|C\nbyte|c|UTF8|C.UTF-8\nplain|{}|UTF8|C.UTF-8\n", &provider[..1]);
        assert_eq!(site.superuser("postgres", providers), expected, "{major}");
    }
}

#[test]
fn extensions_are_in_every_database_and_in_public() {
    let values = "postgresql: {extensions: {other: [pg_trgm]}, databases: [{name: a, extensions: [earthdistance]}, {name: b}]}";
    let Some(site) = Site::new(14, values) else { return };
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    let extensions = "SELECT string_agg(extname || '@' || extnamespace::regnamespace, ' ' ORDER BY extname) FROM pg_extension";
    let expected = [
        (
            "a",
            "cube@public earthdistance@public pg_stat_statements@public pg_trgm@public plpgsql@pg_catalog\n",
        ),
        ("b", "pg_stat_statements@public pg_trgm@public plpgsql@pg_catalog\n"),
        ("postgres", "pg_stat_statements@public plpgsql@pg_catalog\n"),
    ];
    for (database, names) in expected {
        assert_eq!(site.superuser(database, extensions), names, "{database}");
    }
}

#[test]
fn pg_cron_is_in_the_one_database_that_it_works_in() {
    let Some(server) = full_server(15) else { return };
    let values = "postgresql: {version: 15, image: {repository: x, tag: y, extensions: [pg_cron]},
        extensions: {pgStatStatements: {enabled: false}, pgCron: {enabled: true}}, databases: [{name: a}]}";
    let site = Site::on(server, values, &[("shared_preload_libraries", "pg_cron")]);
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    let extensions = "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension";
    assert_eq!(site.superuser("postgres", extensions), "pg_cron plpgsql\n");
    assert_eq!(site.superuser("a", extensions), "plpgsql\n");
}
