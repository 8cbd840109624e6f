//! Changes of one server that becomes two, and of these.

use super::Then::{Adds, Demotes, Recreates, Refuses, Reloads, Replaces};
use super::{Course, Row, trimmed};
use crate::e2e::Release;
use crate::e2e::release::LIMIT;

/// What each server answers, in the order of their ordinals.
fn servers(release: &Release, count: u32, sql: &str) -> String {
    let psql = ["psql", "-XqAt", "-U", "postgres", "-d", "production_data", "-c", sql];
    let ask = |ordinal: u32| {
        trimmed(release.namespace.exec(&format!("demo-{ordinal}"), "postgres", &psql, "").result())
    };
    (0..count).map(ask).collect::<Vec<_>>().join(" ")
}

const PRIMARY: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { flag: ["--set", "deploymentMode=ha"], says: "recreate, restart, reload, nothing", then: Recreates((|release| {
        format!("{}, {}", servers(release, 2, PRIMARY), servers(release, 1, "SELECT a FROM kept"))
    }, "primary standby, 7")) },
    Row { flag: ["--set", "postgresql.config.work_mem=2MB"], says: "reload", then: Reloads((|release| servers(release, 2, "SHOW work_mem"), "2MB 2MB")) },
    Row { flag: ["--set", "persistence.size=11Gi"], says: "refused, reload", then: Refuses("updates to statefulset spec for fields other than", Some((|release| {
        let size = |claim: &str| release.namespace.field(claim, ".status.capacity.storage");
        format!("{} {}", size("pvc/data-demo-0"), size("pvc/data-demo-1"))
    }, "11Gi 11Gi"))) },
    Row { flag: ["--set", "postgresql.config.max_locks_per_transaction=99"], says: "standbys-first, restart", then: Replaces((|release| {
        let made = |pod: &str| release.namespace.field(pod, ".metadata.creationTimestamp");
        // In time's order, which is the texts' order too.
        let first = made("pod/demo-1") < made("pod/demo-0");
        format!("{}, the standby first: {first}", servers(release, 2, "SHOW max_locks_per_transaction"))
    }, "99 99, the standby first: true")) },
    Row { flag: ["--set", "highAvailability.replicas=3"], says: "reload, nothing", then: Adds((|release| servers(release, 3, PRIMARY), "primary standby standby")) },
    Row { flag: ["--set", "highAvailability.primary=1"], says: "failover", then: Demotes((|release| {
        // Nobody promotes by itself: the Service leads there, and the old primary has stepped back.
        let leads = release.namespace.field("service/demo", ".spec.selector.statefulset\\.kubernetes\\.io/pod-name");
        format!("{}, {leads}", servers(release, 3, PRIMARY))
    }, "standby standby standby, demo-1")) },
];

#[test]
#[ignore = "long: `just consequences`"]
fn what_diff_says_of_several_servers_is_what_happens() {
    let values =
        ["--preset", "edge", "--set", "resources.requests.cpu=50m,persistence.storageClass=expandable"];
    let Some(release) = Release::prepare_exactly("says-ha", &values) else { return };
    release.apply(&[]).ok();
    release.wait_ready();
    release.wait_served();
    release.as_app("production_data", "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)").unwrap();
    let wait = |release: &Release| release.namespace.wait_ready("statefulset/demo", LIMIT);
    let mut course = Course { release, flags: vec![], wait };
    for row in ROWS {
        course.run(row);
    }
    // And by the promotion that the diff asks for, nothing is lost.
    let namespace = &course.release.namespace;
    namespace.wait_until("the new primary is promoted", LIMIT, || {
        namespace.exec("demo-1", "postgres", &["sh", "/etc/pgpod/scripts/promote"], "").status == 0
    });
    course.release.wait_served();
    assert_eq!(course.release.as_app("production_data", "SELECT a FROM kept"), Ok("7\n".to_owned()));
}
