//! What goes wrong with pods, one at a time: afterwards all is right again, and nothing half-made was served.

use super::Release;
use super::release::LIMIT;
use std::time::Duration;

const WRITE: &str = "CREATE TABLE kept (a int); INSERT INTO kept SELECT generate_series(1, 1000)";
const COUNT: &str = "SELECT count(*) FROM kept";

#[test]
fn a_deleted_pod_and_a_killed_server_come_back_with_their_data() {
    let Some(release) = Release::ready("killed", &[]) else { return };
    release.as_app("production_data", WRITE).unwrap();

    let pod = release.pod();
    // Long before the end of its grace period, five minutes: clients are not waited for.
    release.namespace.kubectl(&["delete", "pod", &pod, "--timeout=2m"]).ok();
    release.wait_ready();
    release.wait_served();
    assert_ne!(release.pod(), pod);
    assert_eq!(release.as_app("production_data", COUNT), Ok("1000\n".to_owned()));
    let log = release.namespace.logs(&release.pod(), "postgres");
    assert!(log.contains("database system was shut down at"), "the shutdown was clean: {log}");

    // First the container with all that is in it, then the server alone.
    release.namespace.signal(&release.pod(), "postgres", "KILL").ok();
    release.namespace.wait_until("the server runs again", LIMIT, || release.restarts("postgres") == "1");
    release.wait_ready();
    release.wait_served();
    let kill = ["sh", "-c", "kill -KILL \"$(head -n 1 \"$PGDATA/postmaster.pid\")\""];
    release.namespace.exec(&release.pod(), "postgres", &kill, "").ok();
    release.namespace.wait_until("the server runs again", LIMIT, || release.restarts("postgres") == "2");
    release.wait_ready();
    release.wait_served();
    assert_eq!(release.as_app("production_data", COUNT), Ok("1000\n".to_owned()));
}

#[test]
fn a_killed_keeper_comes_back_and_the_server_runs_on() {
    let Some(release) = Release::ready("keeper", &[]) else { return };
    let server = release.server_began();
    release.namespace.signal(&release.pod(), "keeper", "KILL").ok();
    release.namespace.wait_until("the keeper runs again", LIMIT, || release.restarts("keeper") == "1");
    // Ready or not, the Service leads to the only server there is.
    assert_eq!(release.as_app("production_data", "SELECT 1"), Ok("1\n".to_owned()));
    release.wait_ready();
    assert_eq!((release.server_began(), release.restarts("postgres")), (server, "0".to_owned()));
}

/// Applies the release and kills the server's container as soon as `moment` is true in it.
fn kill_when(test: &str, moment: &str) -> Option<Release> {
    let release = Release::prepare(test, &[])?;
    release.apply(&[]).ok();
    // All that runs there stands still from then on: what kills it may take its time.
    let command =
        format!("for _ in $(seq 300); do if {moment}; then kill -STOP -1; exit; fi; sleep 0.1; done; exit 1");
    release.namespace.wait_until("the moment to kill has come", LIMIT, || {
        let pod = release.pod();
        !pod.is_empty() && release.namespace.exec(&pod, "postgres", &["sh", "-c", &command], "").status == 0
    });
    assert_eq!(release.as_app("production_data", "SELECT 1").ok(), None, "killed too late for this test");
    release.namespace.signal(&release.pod(), "postgres", "KILL").ok();
    release.wait_ready();
    release.wait_served();
    release.namespace.wait_until("all databases are there", LIMIT, || {
        release.as_superuser("postgres", "SELECT count(*) FROM pg_database WHERE NOT datistemplate")
            == Ok("7\n".to_owned())
    });
    Some(release)
}

#[test]
fn an_initialisation_that_was_killed_is_begun_anew_and_never_served() {
    let Some(release) = kill_when("initdb", "[ -d /var/lib/postgresql/17/docker.making ]") else { return };
    let left = release
        .namespace
        .exec(&release.pod(), "postgres", &["sh", "-c", "ls /var/lib/postgresql/17"], "")
        .ok();
    assert!(
        left.lines().any(|name| name.starts_with("docker.half-made-")),
        "it is moved aside, not deleted: {left}"
    );
}

#[test]
fn a_bootstrap_that_was_killed_is_done_again() {
    let moment = "psql -X -A -t -U postgres -c 'SELECT count(*) FROM pg_database' | grep -qE '^[4-8]$'";
    kill_when("bootstrap", moment);
}

#[test]
fn a_second_pod_on_the_same_volume_never_serves() {
    let Some(release) = Release::ready("second", &[]) else { return };
    release.as_app("production_data", WRITE).unwrap();
    let deployment = release.namespace.kubectl(&["get", "deployment", "demo", "-o", "json"]).ok();
    let mut deployment: serde_json::Value = serde_json::from_str(&deployment).unwrap();
    let second = serde_json::json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "second"},
        "spec": deployment["spec"]["template"]["spec"].take(),
    });
    let start_second = || {
        release.namespace.apply(&second.to_string()).ok();
        release.namespace.wait_until("the second pod waits", LIMIT, || {
            release.namespace.logs("second", "postgres").contains("waiting for the lock")
        });
    };
    start_second();
    release.namespace.kubectl(&["delete", "pod", "second", "--timeout=2m"]).ok();
    start_second();
    std::thread::sleep(Duration::from_secs(10));
    assert_eq!(
        release.namespace.field("pod/second", ".status.conditions[?(@.type==\"Ready\")].status"),
        "False"
    );
    assert_eq!(
        release
            .namespace
            .field("pod/second", ".status.containerStatuses[?(@.name==\"postgres\")].restartCount"),
        "0"
    );
    assert_eq!(release.as_app("production_data", COUNT), Ok("1000\n".to_owned()));

    // When the first is gone, the second takes over, with all that was written.
    release.namespace.kubectl(&["scale", "deployment", "demo", "--replicas=0"]).ok();
    release.namespace.wait_ready("pod/second", LIMIT);
    let count = release.namespace.exec(
        "second",
        "postgres",
        &["psql", "-XAtU", "postgres", "-d", "production_data", "-c", COUNT],
        "",
    );
    assert_eq!(count.ok(), "1000\n");
}
