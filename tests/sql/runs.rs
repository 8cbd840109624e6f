//! Runs as such: twice, stopped anywhere, on every major.

use std::time::Duration;

use super::{Outcome, Site};
use crate::support::{MAJORS, Pgpod};

#[test]
fn a_second_run_changes_nothing_on_every_major() {
    for major in MAJORS {
        let Some(site) = Site::new(major, "") else { return };
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        let first = site.dump();
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        assert!(first == site.dump(), "a second run changed something on {major}");
    }
}

#[test]
fn a_run_that_was_killed_anywhere_is_completed_by_the_next() {
    let Some(whole) = Site::new(17, "") else { return };
    whole.bootstrap();
    let Some(site) = Site::new(17, "") else { return };
    for pause in (0..40).map(|step| 15 + step * 15) {
        let mut killed = site.begin();
        std::thread::sleep(Duration::from_millis(pause));
        killed.kill().expect("a child can be killed");
        killed.wait().expect("a child can be waited for");
    }
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert!(
        without_verifiers(&site.dump()) == without_verifiers(&whole.dump()),
        "something half-made was left"
    );
}

#[test]
fn nobody_but_a_superuser_can_hold_up_a_run() {
    let Some(site) = Site::new(17, "postgresql: {databases: [{name: a}]}") else { return };
    site.bootstrap();
    let take = "SELECT pg_advisory_lock(7307204741)";
    let mut taker = site.sit("a", "app", "app's secret", take);
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert!(!taker.wait().success());

    let _run = site.sit("a", "postgres", "", take);
    let message = "session.sql: ERROR:  canceling statement due to lock timeout";
    let waited = Outcome { status: 3, stdout: String::new(), messages: vec![message.to_owned()] };
    assert_eq!(site.bootstrap(), waited);
}

/// A verifier has a random salt.
fn without_verifiers(dump: &str) -> String {
    let lines = dump.lines().map(|line| line.split(" PASSWORD ").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_password_reaches_the_log_or_the_statistics() {
    let Some(site) = Site::loud(16, "") else { return };
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    site.password("app", "another secret");
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    let statistics = site.superuser("postgres", "SELECT query FROM pg_stat_statements");
    assert_eq!(secrets(&statistics), Vec::<&str>::new());
    assert_eq!(secrets(&site.cluster.log()), Vec::<&str>::new());
}

fn secrets(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.contains("secret")).collect()
}

#[test]
fn the_printed_file_runs_by_itself() {
    let values = "postgresql: {databases: [{name: a, industrial: [scada, audit]}], initScripts: [{name: s, database: a, run: once, sql: 'CREATE TABLE one () -- and no more'}]}";
    let Some(site) = Site::new(16, values) else { return };
    let text = Pgpod::new(["config", "init.sql", "demo", "-f", "-"]).stdin(values).run().ok();
    assert_eq!(
        text.lines().filter(|line| line.trim().starts_with("\\ir")).collect::<Vec<_>>(),
        Vec::<&str>::new()
    );
    site.cluster.file("init.sql", &text);
    assert_eq!(site.bootstrap(), Outcome::complete(&["pgpod: script `s` runs in database `a`"]));
    let whole = site.dump();
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert!(whole == site.dump());
}
