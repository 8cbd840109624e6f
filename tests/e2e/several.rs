//! Several servers: what a release of them does that one server does not.

use super::release::LIMIT;
use super::servers::seconds;
use super::{Client, Release, Servers, client};
use std::time::Instant;

const SYNCHRONOUS: &str = "highAvailability.synchronous.enabled=true";

/// Waits until every standby has replayed all that the primary has written.
fn wait_caught_up(servers: &Servers) {
    let behind = "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn < pg_current_wal_lsn()";
    servers.release.namespace.wait_until("the standbys have caught up", LIMIT, || {
        servers.ask(&servers.primary(), behind) == Ok("0\n".to_owned())
    });
}

#[test]
fn three_servers_stream_serve_readers_and_fail_over_and_back() {
    let Some(mut servers) = Servers::ready("ha", &[SYNCHRONOUS]) else { return };
    let namespace = &servers.release.namespace;

    // Written through the one Service, read through the other, where writing is refused.
    servers.release.wait_served();
    servers
        .release
        .as_app("production_data", "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)")
        .unwrap();
    wait_caught_up(&servers);
    let password = servers.release.password("app");
    let read = |sql: &str| namespace.psql("demo-ro", "app", &password, "production_data", sql);
    namespace.wait_until("both standbys are read from", LIMIT, || {
        namespace.kubectl(&["get", "pods", "-l", "pgpod/role=standby", "-o", "name"]).stdout
            == "pod/demo-1\npod/demo-2\n"
    });
    namespace.wait_until("they answer", LIMIT, || read("SELECT a FROM kept") == Ok("7\n".to_owned()));
    assert!(read("INSERT INTO kept VALUES (8)").is_err_and(|text| text.contains("read-only transaction")));
    let list = "ANY 1 (\"demo-1\", \"demo-2\")\n".to_owned();
    assert_eq!(servers.ask("demo-0", "SHOW synchronous_standby_names"), Ok(list));

    // The same render again changes nothing, and a reloadable parameter restarts nothing. Of a budget's selector and of a
    // StatefulSet's claims kubectl always sends what it has; the generation says that nothing came of it.
    let generations = || {
        let path = "-o=jsonpath={range .items[*]}{.metadata.name}={.metadata.generation} {end}";
        namespace.kubectl(&["get", "poddisruptionbudget,statefulset", path]).ok()
    };
    let before = generations();
    let again = servers.apply(&[]).ok();
    let changed = again.lines().filter(|line| !line.ends_with(" unchanged"));
    let resent = ["poddisruptionbudget.policy/demo configured", "statefulset.apps/demo configured"];
    assert_eq!(changed.filter(|line| !resent.contains(line)).collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(generations(), before);
    let began = |pod: &str| servers.ask(pod, "SELECT pg_postmaster_start_time()").unwrap();
    let before: Vec<String> = servers.ordinals().map(|ordinal| began(&Servers::pod(ordinal))).collect();
    servers.apply(&["postgresql.config.work_mem=3MB"]).ok();
    for ordinal in servers.ordinals() {
        namespace.wait_until("the new work_mem is in force", LIMIT, || {
            servers.ask(&Servers::pod(ordinal), "SHOW work_mem") == Ok("3MB\n".to_owned())
        });
    }
    let after: Vec<String> = servers.ordinals().map(|ordinal| began(&Servers::pod(ordinal))).collect();
    assert_eq!(after, before, "nothing restarted");

    // A failover by the very commands that the notes print, under load; then the way back.
    let writer = Client::start(&servers.release);
    for to in [1, 0] {
        if to == 0 {
            servers.fail_over(0);
        } else {
            let commands = servers.commands("Fail over");
            servers.primary = to;
            servers.shell(&commands[0]).ok();
            let mut said = String::new();
            servers.release.namespace.wait_until("the promotion is done", LIMIT, || {
                let ran = servers.shell(&commands[1]);
                said = format!("{ran:?}");
                ran.status == 0
            });
        }
        servers.wait_healthy();
        eprintln!(
            "ha: to ordinal {to}: longest time without an acknowledgement {}",
            seconds(writer.take_gap())
        );
    }
    let acknowledged = writer.stop();
    let found = servers.release.as_app("production_data", "SELECT a FROM acknowledged").unwrap();
    assert!(!acknowledged.is_empty());
    assert_eq!(client::missing(&acknowledged, &found), Vec::<u64>::new());
    eprintln!("ha: {} rows acknowledged, {} found", acknowledged.len(), found.lines().count());
}

#[test]
fn one_server_becomes_several_and_one_again_and_keeps_its_data() {
    let Some(one) = Release::ready("grow", &[]) else { return };
    one.as_app("production_data", "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)").unwrap();

    // While the Deployment is there, nobody else serves its volume: the new pod says what it waits for.
    let began = Instant::now();
    one.apply(&["--set", "deploymentMode=ha,highAvailability.replicas=2"]).ok();
    one.namespace.wait_until("the first of several waits for the volume", LIMIT, || {
        one.namespace.logs("demo-0", "postgres").contains("waiting for the lock on the volume")
    });
    assert_ne!(one.namespace.field("pod/demo-1", ".status.conditions[?(@.type==\"Ready\")].status"), "True");
    one.namespace.kubectl(&["delete", "deployment", "demo", "--timeout=120s"]).ok();
    one.namespace.wait_ready("statefulset/demo", LIMIT);
    one.wait_served();
    eprintln!("grow: one server to two: {}", seconds(began.elapsed()));
    assert_eq!(one.as_app("production_data", "SELECT a FROM kept"), Ok("7\n".to_owned()));

    // And back: nobody's data is taken unless it is said whose. Here it is the standby's, which is promoted.
    one.namespace.kubectl(&["delete", "statefulset", "demo", "--timeout=120s"]).ok();
    one.namespace.kubectl(&["wait", "--for=delete", "pod/demo-0", "pod/demo-1", "--timeout=120s"]).ok();
    one.apply(&[]).ok();
    one.namespace.wait_until("the server refuses a volume of several", LIMIT, || {
        one.namespace.logs(&one.pod(), "postgres").contains("this volume belonged to one of several servers")
    });
    one.apply(&["--set", "persistence.fromOrdinal=1"]).ok();
    one.wait_ready();
    one.wait_served();
    assert_eq!(
        one.as_app("production_data", "INSERT INTO kept VALUES (8) RETURNING a"),
        Ok("8\n".to_owned())
    );
    assert_eq!(one.as_app("production_data", "SELECT a FROM kept ORDER BY a"), Ok("7\n8\n".to_owned()));
}
