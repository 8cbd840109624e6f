//! Another pod becomes primary, by plan and in need.

use super::{Values, each};

pub(super) const SYNCHRONOUS: Values = Values { primary: 0, replicas: 3, synchronous: "any", max_lag: "" };

#[test]
fn a_planned_switch_and_back_needs_no_flag_and_loses_nothing() {
    each(&[17, 15], SYNCHRONOUS, |release| {
        let pods = release.run_all();
        release.ready(&pods);
        release.until(0, "show synchronous_standby_names", r#"ANY 1 ("r-1", "r-2")"#);
        release.sql(0, "create table kept (it int); insert into kept values (0)");
        for (from, to) in [(0, 1), (1, 0)] {
            let (code, said) = release.pods[to].promote(&[]);
            assert_eq!(
                (code, said),
                (
                    1,
                    format!(
                        "error: `highAvailability.primary` is {from}, this pod is `r-{to}`: it would be stopped at once\n  \
                         Set `highAvailability.primary` to {to} and apply; the pods see it within a minute and a half."
                    )
                )
            );
            let synchronous = Values { primary: to, ..SYNCHRONOUS };
            // The new one sees it first: the old one still runs as primary.
            release.tell(to, synchronous);
            let (code, said) = release.pods[to].promote(&[]);
            assert_eq!(
                (code, said.lines().next()),
                (1, Some(format!("error: `r-{from}` still runs as primary").as_str()))
            );
            release.sql(from, &format!("insert into kept values ({}0)", to + 1));
            release.apply(synchronous);
            release.promote(to, &[]);
            let inserted = release.sql(to, &format!("insert into kept values ({}1) returning it", to + 1));
            assert_eq!(inserted, format!("{}1", to + 1));
            release.ready(&pods);
            release.streams(to, 2);
            assert_eq!(release.pods[to].promote(&[]), (0, "this pod is the primary already".to_owned()));
        }
        let all = "select string_agg(it::text, ' ' order by it) from kept";
        for ordinal in 0..3 {
            release.until(ordinal, all, "0 10 11 20 21");
        }
        release.until_roles(["primary", "standby", "standby"]);
        // None of the servers' containers ended: a role changes within one life.
        assert!(pods.iter().all(|it| !it.start.gone()));
    });
}

#[test]
fn a_dead_primary_is_replaced_only_by_the_flag_and_comes_back_rewound() {
    each(&[17, 15], Values::default(), |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.sql(0, "create table kept (it int); insert into kept values (0)");
        release.until(2, "select it from kept", "0");
        release.until(1, "select it from kept", "0");
        // What the primary writes now, nobody else gets.
        pods[1].kill();
        pods[2].kill();
        release.sql(0, "insert into kept select generate_series(1000, 2000); checkpoint");
        pods[0].kill();
        release.apply(Values { primary: 1, ..Values::default() });
        pods[1] = release.run(1);
        pods[2] = release.run(2);
        release.streams(1, 1);
        let refused = release.pods[1].promote(&[]);
        assert_eq!(
            refused,
            (
                1,
                "error: `r-0` does not answer: it may be primary, or have received more\n  \
                 If it is only starting, wait. If its machine is gone for good, make sure of that: delete the pod, \
                 and add `--unreachable-peers-are-dead`; also when its log says that its volume is empty."
                    .to_owned()
            )
        );
        release.promote(1, &["--unreachable-peers-are-dead"]);
        release.sql(1, "insert into kept values (1)");
        pods[0] = release.run(0);
        release.ready(&pods);
        release.streams(1, 2);
        release.until(0, "select string_agg(it::text, ' ' order by it) from kept", "0 1");
        assert!(pods[0].start.said().contains("rewound\n"), "{}", pods[0].start.said());
        // The first thing the new primary's slots are for.
        let slots =
            "select string_agg(slot_name, ' ' order by slot_name) from pg_replication_slots where active";
        release.until(1, slots, "pgpod_0 pgpod_2");
    });
}

#[test]
fn a_standby_that_is_behind_is_promoted_only_by_the_flag_for_losing_wal() {
    each(&[17], Values::default(), |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.sql(0, "create table kept (it int)");
        release.until(1, "select count(*) from kept", "0");
        release.sql(1, "alter system set primary_conninfo = 'host=127.0.0.1 port=1'");
        release.sql(1, "select pg_reload_conf()");
        release.streams(0, 1);
        release.sql(0, "insert into kept select generate_series(1, 1000)");
        release.until(2, "select count(*) from kept", "1000");
        pods[0].kill();
        release.apply(Values { primary: 1, ..Values::default() });
        let (code, said) = release.pods[1].promote(&["--unreachable-peers-are-dead"]);
        assert_eq!(code, 1);
        assert!(said.starts_with("error: `r-2` has received more (0/"), "{said}");
        let (code, said) = release.pods[1].promote(&["--lose-wal"]);
        assert_eq!(
            (code, said.lines().next()),
            (1, Some("error: `r-0` does not answer: it may be primary, or have received more"))
        );
        release.promote(1, &["--unreachable-peers-are-dead", "--lose-wal"]);
        // Both of the others have what it lacks.
        pods[0] = release.run(0);
        release.ready(&pods);
        release.streams(1, 2);
        for ordinal in [0, 2] {
            release.until(ordinal, "select count(*) from kept", "0");
        }
    });
}

#[test]
fn a_frozen_primary_that_wakes_up_acknowledges_nothing_and_comes_back_rewound() {
    // The keepers of the standbys ask the primary how far it is, and it hangs in the middle of its answer.
    let values = Values { max_lag: "1048576", ..SYNCHRONOUS };
    each(&[17, 15], values, |release| {
        let pods = release.run_all();
        release.ready(&pods);
        release.until(0, "show synchronous_standby_names", r#"ANY 1 ("r-1", "r-2")"#);
        release.sql(0, "create table kept (it int); insert into kept values (0)");
        pods[0].freeze(true);
        let moved = Values { primary: 1, ..values };
        // The news reaches the promoted pod alone: the other standby still follows the frozen one.
        release.tell(1, moved);
        let until = std::time::Instant::now();
        let refused = loop {
            let (code, said) = release.pods[1].promote(&["--unreachable-peers-are-dead"]);
            if said.contains("receive from this pod") || until.elapsed().as_secs() > 60 {
                break (code, said);
            }
        };
        assert_eq!(
            refused,
            (
                1,
                "error: 0 of the other standbys receive from this pod, and 1 must, so that the old primary can \
                 acknowledge nothing should it wake up\n  They turn to this pod when they see that \
                 `highAvailability.primary` is 1: within a minute and a half."
                    .to_owned()
            )
        );
        release.tell(2, moved);
        release.promote(1, &["--unreachable-peers-are-dead"]);
        assert_eq!(release.sql(1, "insert into kept values (1) returning it"), "1");
        pods[0].freeze(false);
        release.until(0, "select pg_is_in_recovery()", "f");
        // No timeout of the server's ends a commit's wait for standbys: the client gives up.
        let socket = release.pods[0].text("socket");
        let insert = "insert into kept values (666) returning it";
        let patience = ["timeout", "-s", "KILL", "3"];
        let psql = ["psql", "-XAtq", "-h", &socket, "-U", "postgres", "-d", "postgres", "-c", insert];
        let output = release.pods[0].command(&[&patience[..], &psql].concat()).output().expect("psql");
        assert_eq!((output.status.success(), output.stdout.as_slice()), (false, &b""[..]));
        release.apply(moved);
        release.streams(1, 2);
        release.ready(&pods);
        for ordinal in 0..3 {
            release.until(ordinal, "select string_agg(it::text, ' ' order by it) from kept", "0 1");
        }
    });
}

/// A server that does not say in time that it was promoted.
const SLOW: &str = r#"#!/bin/sh
case "$*" in *pg_promote*) echo f; exit ;; esac
PATH=${PATH#*:}
exec psql "$@"
"#;

#[test]
fn a_promotion_that_was_begun_and_is_not_seen_to_end_is_no_refusal() {
    let two = Values { replicas: 2, ..Values::default() };
    each(&[17, 15], two, |release| {
        let pods = release.run_all();
        release.ready(&pods);
        release.apply(Values { primary: 1, ..two });
        release.until(0, "select pg_is_in_recovery()", "t");
        let pod = &release.pods[1];
        pod.front("psql", SLOW);
        // Refused until the old primary follows this pod.
        let mut outcome = (1, String::new());
        pods[1].start.until("it is no longer refused", |_| {
            outcome = pod.promote(&[]);
            outcome.0 != 1
        });
        let (code, said) = outcome;
        assert_eq!(code, 3, "{said}");
        let told = "error: the server was told to become primary, and has not done so within 60 s\n  See its log; run this \
                    again to see whether it has by now.";
        assert!(said.ends_with(told), "{said}");
        pod.no_front();
        release.promote(1, &[]);
        release.ready(&pods);
    });
}
