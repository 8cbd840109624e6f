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
        // The template has what the whole server has in a pod.
        let locale = if provider == "icu" {
            "LOCALE_PROVIDER icu ICU_LOCALE 'und'"
        } else {
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        };
        site.superuser("postgres", &format!("CREATE DATABASE other TEMPLATE template0 {locale}"));
        site.superuser("postgres", "ALTER DATABASE template0 IS_TEMPLATE false");
        site.superuser("postgres", "DROP DATABASE template0");
        site.superuser("postgres", "ALTER DATABASE other RENAME TO template0");
        site.superuser("postgres", "ALTER DATABASE template0 IS_TEMPLATE true ALLOW_CONNECTIONS false");
        // As initdb leaves it: its text is never compared.
        site.superuser(
            "postgres",
            "UPDATE pg_database SET datcollversion = NULL WHERE datname = 'template0'",
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
fn what_is_in_template1_is_not_in_a_new_database_and_a_session_there_is_no_obstacle() {
    let Some(site) = Site::new(14, "postgresql: {databases: [{name: a}]}") else { return };
    site.superuser("template1", "CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    let _sitting = site.sit("template1", "postgres", "", "SELECT 1");
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.superuser("a", "SELECT to_regproc('public.planted') IS NULL"), "t\n");
}

#[test]
fn an_extension_is_made_before_anybody_may_create_in_public() {
    let values = "postgresql: {databases: [{name: a, extensions: [pg_trgm]}]}";
    for major in [14, 18] {
        let Some(site) = Site::new(major, values) else { return };
        assert_eq!(site.bootstrap(), Outcome::complete(&[]));
        // The extension's row is older than the first of the rights.
        let order = "SELECT (SELECT xmin::text::bigint FROM pg_extension WHERE extname = 'pg_trgm')
            < (SELECT min(xmin::text::bigint) FROM pgpod.given)";
        assert_eq!(site.superuser("a", order), "t\n", "{major}");
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

#[test]
fn a_library_that_is_only_loaded_is_created_nowhere() {
    let Some(site) = Site::new(
        17,
        "postgresql: {extensions: {other: [auto_explain]}, databases: [{name: a, extensions: [auth_delay]}]}",
    ) else {
        return;
    };
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    let extensions = site.superuser("a", "SELECT extname FROM pg_extension WHERE extname ~ '^auto_|^auth_'");
    assert_eq!(extensions, "");
}
