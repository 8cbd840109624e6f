//! What is too long for every run: a real lag, and a life of a release on each major. `just ha-campaign` runs it.

use super::failover::SYNCHRONOUS;
use super::{Containers, Release, Values, each};

const LIMITED: Values = Values { primary: 0, replicas: 3, synchronous: "off", max_lag: "65536" };

#[test]
#[ignore = "long: `just ha-campaign`"]
fn a_standby_that_lags_leaves_the_readers_and_one_that_is_paused_is_not_ready() {
    each(&[17], LIMITED, |release| {
        let pods = release.run_all();
        release.ready(&pods);
        // Its keeper asks the primary how far it is, at most every ten seconds until it is let in.
        release.until_roles(["primary", "standby", "standby"]);
        release.sql(0, "create table kept (it int)");
        release.until(1, "select count(*) from kept", "0");
        release.sql(1, "select pg_wal_replay_pause()");
        pods[1]
            .start
            .until("paused", |_| release.pods[1].probe(&["ready"]) == (1, "replay is paused".to_owned()));
        assert_eq!((release.role(1), release.role(2)), ("none".to_owned(), "standby".to_owned()));
        release.sql(1, "select pg_wal_replay_resume()");
        release.ready(&pods);
        // A reader's snapshot holds replay up.
        release.sql(1, "alter system set max_standby_streaming_delay = -1");
        release.sql(1, "alter system set hot_standby_feedback = off");
        release.sql(1, "select pg_reload_conf()");
        let socket = release.pods[1].text("socket");
        let mut reader = release.pods[1]
            .command(&[
                "psql", "-XAtq", "-h", &socket, "-U", "postgres", "-d", "postgres", "-c",
                "set statement_timeout = 0; begin isolation level repeatable read; select count(*) from kept; select pg_sleep(60)",
            ])
            .spawn()
            .expect("psql");
        release.until(1, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'", "1");
        release.sql(0, "insert into kept select generate_series(1, 10000)");
        release.sql(0, "delete from kept");
        release.sql(0, "vacuum kept");
        release.sql(0, "create table more as select generate_series(1, 50000)");
        pods[1].start.until("lagging", |_| release.role(1) == "lagging");
        assert!(release.pods[1].ready(), "who reads from it by name may go on");
        reader.kill().expect("psql");
        reader.wait().expect("psql");
        release.sql(1, "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
        pods[1].start.until("caught up", |_| release.role(1) == "standby");
    });
}

/// All three have these rows, and the two others stream from this one.
fn settled(release: &Release, pods: &[Containers], primary: usize, rows: &str) {
    release.ready(pods);
    release.streams(primary, 2);
    for ordinal in 0..3 {
        release.until(ordinal, "select string_agg(it::text, ' ' order by it) from kept", rows);
    }
}

#[test]
#[ignore = "long: `just ha-campaign`"]
fn every_major_lives_through_a_kill_a_lost_primary_a_rejoin_and_a_planned_way_back() {
    for majors in [&[14, 16][..], &[18, 15], &[17]] {
        each(majors, SYNCHRONOUS, |release| {
            let began = std::time::Instant::now();
            let major = release.pods[0].major;
            let mut pods = release.run_all();
            release.ready(&pods);
            let first = began.elapsed();
            release.until(0, "show synchronous_standby_names", r#"ANY 1 ("r-1", "r-2")"#);
            release.sql(0, "create table kept (it int); insert into kept values (0)");
            pods[0].kill();
            pods[0] = release.run(0);
            settled(&release, &pods, 0, "0");
            // What it writes alone, nobody else gets, and nobody was told that it is kept.
            pods[1].kill();
            pods[2].kill();
            release
                .sql(0, "set synchronous_commit = local; insert into kept select generate_series(100, 200)");
            release.sql(0, "checkpoint");
            pods[0].kill();
            let moved = Values { primary: 1, ..SYNCHRONOUS };
            release.apply(moved);
            pods[1] = release.run(1);
            pods[2] = release.run(2);
            release.promote(1, &["--unreachable-peers-are-dead"]);
            release.sql(1, "insert into kept values (1)");
            pods[0] = release.run(0);
            settled(&release, &pods, 1, "0 1");
            let said = pods[0].start.said();
            // Of 14 there are no clients here, and those of 16 do not rewind its data.
            let rejoined = if major == 14 { "the clone is complete" } else { "rewound\n" };
            assert!(said.contains(rejoined), "{said}");
            release.apply(SYNCHRONOUS);
            release.promote(0, &[]);
            release.sql(0, "insert into kept values (2)");
            settled(&release, &pods, 0, "0 1 2");
            println!(
                "PostgreSQL {major}: ready after {first:.1?}, the whole life took {:.1?}",
                began.elapsed()
            );
        });
    }
}

/// The news that another pod is primary reaches a machine that hung only some time after it wakes up.
#[test]
#[ignore = "long: `just ha-campaign`"]
fn without_synchronous_mode_a_primary_that_wakes_up_acknowledges_until_the_news_arrives() {
    each(&[17], Values::default(), |release| {
        let pods = release.run_all();
        release.ready(&pods);
        release.sql(0, "create table kept (it int)");
        release.until(1, "select count(*) from kept", "0");
        pods[0].freeze(true);
        let moved = Values { primary: 1, ..Values::default() };
        release.tell(1, moved);
        release.tell(2, moved);
        release.promote(1, &["--unreachable-peers-are-dead"]);
        pods[0].freeze(false);
        let began = std::time::Instant::now();
        let (mut acknowledged, mut last, mut told) = (0, began.elapsed(), None);
        while release.sql(0, "select pg_is_in_recovery()") != "t" {
            if release.sql(0, "insert into kept values (1) returning it") == "1" {
                acknowledged += 1;
                last = began.elapsed();
            }
            if told.is_none() && began.elapsed().as_secs() >= 10 {
                release.tell(0, moved);
                told = Some(began.elapsed());
            }
        }
        release.streams(1, 2);
        let told = told.expect("it goes on until it is told");
        println!(
            "told after {told:.1?}, the woken primary acknowledged for {last:.1?}: {acknowledged} rows, all lost"
        );
        assert!(last >= told.saturating_sub(std::time::Duration::from_secs(2)));
        release.until(0, "select count(*) from kept", "0");
    });
}
