//! What a release's values change for its standbys while it runs.

use std::process::Command;

use super::{Containers, Release, Values, each};

fn restart(release: &Release, pods: &mut [Containers], ordinal: usize) {
    pods[ordinal].stop();
    pods[ordinal] = release.run(ordinal);
    release.ready(pods);
}

#[test]
fn a_parameter_that_a_standby_may_not_have_less_of_goes_up_and_down_in_any_order() {
    each(&[17], Values { replicas: 2, ..Values::default() }, |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        let set = |connections: &str| {
            for pod in &release.pods {
                pod.append("config/postgresql.conf", &format!("max_connections = {connections}\n"));
            }
        };
        // The wrong order each time: the primary first when it goes up, the standby first when it goes down.
        set("40");
        restart(&release, &mut pods, 0);
        release.until(1, "show max_connections", "40");
        release.ready(&pods);
        set("25");
        restart(&release, &mut pods, 1);
        assert_eq!(release.sql(1, "show max_connections"), "40");
        restart(&release, &mut pods, 0);
        restart(&release, &mut pods, 1);
        assert_eq!(release.sql(1, "show max_connections"), "25");
    });
}

#[test]
fn scaling_makes_and_drops_slots_and_a_rotated_password_reaches_the_standbys() {
    each(&[17], Values { replicas: 3, ..Values::default() }, |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        let slots = "select string_agg(slot_name, ' ' order by slot_name) from pg_replication_slots";
        pods[2].stop();
        release.apply(Values { replicas: 2, ..Values::default() });
        release.until(0, slots, "pgpod_1");
        release.apply(Values::default());
        release.until(0, slots, "pgpod_1 pgpod_2");
        for pod in &release.pods {
            pod.write("auth/replication-password", "an:other");
        }
        let passfile = |ordinal: usize| {
            std::fs::read_to_string(release.pods[ordinal].path("memory/passfile")).expect("it")
        };
        pods[1].start.until("the passfile", |_| passfile(1) == "*:*:*:replicator:an\\:other\n");
        pods[2] = release.run(2);
        release.ready(&pods);
        release.streams(0, 2);
    });
}

#[test]
fn a_standby_that_the_primary_does_not_let_in_is_not_ready_and_says_why() {
    each(&[17, 15], Values { replicas: 2, ..Values::default() }, |release| {
        let pods = release.run_all();
        release.ready(&pods);
        release.pods[1].write("auth/replication-password", "wrong");
        let passfile = || std::fs::read_to_string(release.pods[1].path("memory/passfile")).expect("it");
        pods[1].start.until("the passfile", |_| passfile().ends_with(":wrong\n"));
        release.sql(0, "select pg_terminate_backend(pid) from pg_stat_replication");
        let why = "`r-0` does not let this pod in: wrong replication password, or no connection is free";
        pods[1].start.until("not ready", |_| release.pods[1].probe(&["ready"]) == (1, why.to_owned()));
        assert_eq!(release.role(1), "none");
        pods[1].keeper.until_said(&format!("pgpod: error: {why}\n"));
        release.pods[1].write("auth/replication-password", r"it's a:s3cret\");
        release.ready(&pods);
    });
}

#[test]
fn a_stream_that_stands_still_takes_a_standby_from_the_readers() {
    let values = Values { replicas: 2, max_lag: "1048576", ..Values::default() };
    each(&[17, 15], values, |release| {
        let pods = release.run_all();
        release.ready(&pods);
        pods[1].start.until("it follows", |_| release.role(1) == "standby");
        let sender = release.sql(0, "select pid from pg_stat_replication");
        let signal =
            |name: &str| Command::new("/bin/kill").args(["-s", name, &sender]).status().expect("kill");
        assert!(signal("STOP").success());
        release.sql(0, "create table kept as select generate_series(1, 100000)");
        pods[1].start.until("lagging", |_| release.role(1) == "lagging");
        // Long before a timeout ends such a stream.
        assert_eq!(release.sql(1, "select status from pg_stat_wal_receiver"), "streaming");
        assert!(signal("CONT").success());
        pods[1].start.until("caught up", |_| release.role(1) == "standby");
    });
}
