//! Whole configurations: what a server that starts with them says of them together.

use super::{check, settable, with_servers};
use crate::support::{TempCluster, server};
use pgpod::postgres::Major;
use pgpod::postgres::conf::conf_line;
use pgpod::postgres::parameters;

#[test]
fn what_is_said_to_conflict_keeps_the_server_from_starting() {
    let conflicting: &[&[(&str, &str)]] = &[
        &[("max_connections", "3")],
        &[("max_connections", "262143")],
        &[("wal_level", "minimal")],
        &[("wal_level", "minimal"), ("max_wal_senders", "0"), ("archive_mode", "on")],
        &[("min_wal_size", "16MB")],
        &[("max_wal_size", "31MB")],
        &[("log_statement_stats", "on"), ("log_planner_stats", "on")],
        &[("huge_pages", "on"), ("shared_memory_type", "sysv")],
    ];
    let fine: &[&[(&str, &str)]] = &[
        &[("max_connections", "4")],
        &[("wal_level", "minimal"), ("max_wal_senders", "0")],
        &[("min_wal_size", "32MB"), ("max_wal_size", "32MB")],
        &[("log_parser_stats", "on"), ("log_planner_stats", "on")],
    ];
    with_servers(|major, server| {
        // A start takes its time, and these rules are as old as the oldest major.
        if ![Major::V14, Major::V18].contains(&major) {
            return;
        }
        let mut cluster = TempCluster::initialised(server.clone());
        for (settings, stands) in
            conflicting.iter().map(|set| (set, false)).chain(fine.iter().map(|set| (set, true)))
        {
            let ours = parameters::conflicts(major, &|name| {
                let (_, token) = settings.iter().find(|(set, _)| *set == name)?;
                Some(check(major, name, token).ok()?.value)
            });
            assert_eq!(ours.is_empty(), stands, "{major} {settings:?}: {ours:?}");
            let theirs = cluster.start(settings);
            assert_eq!(theirs.is_ok(), stands, "{major} {settings:?}: {theirs:?}");
        }
    });
}

/// Diff calls a default that is stated no change: a server that reads all of them is the one that reads none.
#[test]
fn a_stated_default_is_what_the_server_does_without_it() {
    for major in [Major::V14, Major::V18] {
        let Some(server) = server(u8::try_from(major.number()).expect("a major is a small number")) else {
            return;
        };
        let mut cluster = TempCluster::initialised(server);
        let stated: String = settable(major)
            .filter_map(|(name, _)| Some((name, parameters::find(major, name)?.in_major(major)?.default)))
            .filter(|(name, default)| parameters::is_default(major, name, default))
            .map(|(name, default)| conf_line(name, default) + "\n")
            .collect();
        assert!(stated.lines().count() > 250, "{stated}");
        let (empty, full) = (cluster.file("empty.conf", ""), cluster.file("full.conf", &stated));
        let all =
            "SELECT name || ' = ' || setting FROM pg_settings WHERE name <> 'config_file' ORDER BY name";
        let [without, with] = [empty, full].map(|file| {
            let started = cluster.start(&[("config_file", file.to_str().expect("it is a text"))]);
            started.unwrap_or_else(|log| panic!("{major}: {log}"));
            let settings = cluster.psql(all).expect("it answers");
            cluster.stop();
            settings
        });
        let differing: Vec<_> =
            with.lines().filter(|line| !without.lines().any(|other| other == *line)).collect();
        assert_eq!(differing, [""; 0], "{major}");
    }
}
