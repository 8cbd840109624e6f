//! What synchronous mode promises, where the keeper dies or most servers are away.

use super::failover::SYNCHRONOUS;
use super::{Values, each};

const LIST: &str = r#"ANY 1 ("r-1", "r-2")"#;

/// Once, instead of telling the server to read its files, kills the keeper that asks for it.
const DEADLY: &str = r#"#!/bin/sh
case "$*" in *pg_reload_conf*)
  if [ ! -e "$PGPOD_STATE/shot" ]; then : >"$PGPOD_STATE/shot"; kill -KILL "$PPID"; exit 1; fi ;;
esac
PATH=${PATH#*:}
exec psql "$@"
"#;

#[test]
fn a_keeper_that_is_killed_before_the_reload_leaves_it_to_the_next() {
    each(&[17, 15], SYNCHRONOUS, |release| {
        release.pods[0].front("psql", DEADLY);
        let mut pods = release.run_all();
        pods[0].start.until("the keeper is killed", |_| release.pods[0].path("state/shot").exists());
        assert_eq!(pods[0].keeper.ends(), 137);
        let written = std::fs::read_to_string(release.pods[0].data(".synchronous")).expect("the list");
        assert_eq!(written, format!("synchronous_standby_names = '{LIST}'\n"));
        assert_eq!(release.sql(0, "show synchronous_standby_names"), "");
        pods[0].keeper = release.pods[0].keeper();
        release.until(0, "show synchronous_standby_names", LIST);
        release.ready(&pods);
    });
}

#[test]
fn the_only_server_that_answers_is_not_promoted_where_a_silent_one_may_have_what_was_acknowledged() {
    each(&[17, 15], SYNCHRONOUS, |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.until(0, "show synchronous_standby_names", LIST);
        release.sql(0, "create table kept (it int)");
        release.until(1, "select count(*) from kept", "0");
        pods[1].kill();
        // On the other standby alone, beside the primary.
        assert_eq!(release.sql(0, "insert into kept values (1) returning it"), "1");
        pods[0].kill();
        pods[2].kill();
        let moved = Values { primary: 1, ..SYNCHRONOUS };
        release.apply(moved);
        pods[1] = release.run(1);
        release.until(1, "select count(*) from kept", "0");
        let refused = release.pods[1].promote(&["--unreachable-peers-are-dead"]);
        assert_eq!(
            refused,
            (
                1,
                "error: only 1 of 3 servers can be asked what they have received, this pod among them: what was \
                 acknowledged may be on `r-0`, `r-2` alone\n  A commit is on 1 of 2 standbys: 2 servers must answer. \
                 Bring one back, or its volume; with `--lose-wal`, what this pod lacks is lost."
                    .to_owned()
            )
        );
        // Its machine had only gone down for a while.
        pods[2] = release.run(2);
        release.promote(1, &["--unreachable-peers-are-dead"]);
        assert_eq!(release.sql(1, "select it from kept"), "1");
    });
}

#[test]
fn more_standbys_that_must_confirm_count_at_once_though_one_is_away() {
    each(&[17, 15], SYNCHRONOUS, |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.until(0, "show synchronous_standby_names", LIST);
        pods[2].kill();
        release.streams(0, 1);
        let two = "primary=0\nreplicas=3\nsynchronous=any\nnumber=2\n";
        release.pods[0].write("config/high-availability", two);
        release.until(0, "show synchronous_standby_names", r#"ANY 2 ("r-1", "r-2")"#);
    });
}
