use super::{Major, RISKS, risks};
use crate::postgres::extensions::EnabledExtensions;
use crate::postgres::parameters::{can_be_set, check};

fn named(major: Major, settings: &[(&str, &str)]) -> Vec<&'static str> {
    let set = |name: &str| settings.iter().find(|(set, _)| *set == name);
    let value =
        |name: &str| Some(check(major, name, set(name)?.1, &EnabledExtensions::default()).unwrap().value);
    let written = |name: &str| set(name).map(|(_, token)| (*token).to_owned());
    risks(major, &written, &value).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn rows_are_sorted_and_about_parameters_that_can_be_set() {
    assert!(RISKS.is_sorted_by(|left, right| left.name < right.name));
    for risk in RISKS {
        assert!(Major::ALL.iter().any(|major| can_be_set(*major, risk.name)), "{}", risk.name);
        assert!(!risk.cause.ends_with('.') && !risk.help.ends_with('.'), "{}", risk.name);
    }
}

#[test]
fn what_is_dangerous_is_found_and_what_is_near_it_is_not() {
    for (settings, expected) in [
        (&[("fsync", "off")][..], &["fsync"][..]),
        (&[("fsync", "on"), ("synchronous_commit", "off")], &[]),
        (&[("archive_mode", "on")], &["archive_mode"]),
        (&[("archive_mode", "always"), ("archive_command", "")], &["archive_mode"]),
        (&[("archive_mode", "on"), ("archive_command", "cp %p /x/%f")], &[]),
        (&[("archive_mode", "off")], &[]),
        (&[("statement_timeout", "30")], &["statement_timeout"]),
        (&[("statement_timeout", "0")], &[]),
        (&[("statement_timeout", "1s")], &[]),
        (&[("shared_buffers", "1024")], &["shared_buffers"]),
        (&[("shared_buffers", "16MB")], &[]),
        (&[("log_destination", "csvlog, syslog")], &["log_destination"]),
        (&[("log_destination", "csvlog, stderr")], &[]),
        (&[("log_destination", "STDERR")], &[]),
        (&[("log_destination", "csvlog,\"stderr\"")], &[]),
        (&[("huge_pages", "try")], &[]),
        (&[("log_timezone", "2")], &["log_timezone"]),
        (&[("TimeZone", "2"), ("log_timezone", "CET-1")], &[]),
        (&[("TimeZone", "-5:30")], &["TimeZone"]),
        (
            &[("default_with_oids", "off"), ("ssl_renegotiation_limit", "0")],
            &["default_with_oids", "ssl_renegotiation_limit"],
        ),
        (&[("autovacuum_freeze_max_age", "2000000000")], &["autovacuum_freeze_max_age"]),
        (&[("cluster_name", "Werk Süd"), ("application_name", "a")], &["cluster_name"]),
        (&[("cluster_name", "Werk 7")], &[]),
        (&[("archive_command", "cp %p /x/%f")], &["archive_command"]),
        (&[("archive_command", ""), ("archive_library", "")], &[]),
        (&[("archive_library", "basic_archive"), ("archive_mode", "off")], &["archive_library"]),
        (&[("sync_replication_slots", "on")], &["sync_replication_slots"]),
        (&[("sync_replication_slots", "on"), ("wal_level", "logical")], &[]),
        (&[("sync_replication_slots", "off")], &[]),
    ] {
        assert_eq!(named(Major::V17, settings), expected, "{settings:?}");
    }
}
