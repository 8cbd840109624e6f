//! Changes of one server.

use super::Then::{Refuses, Reloads, Replaces, Stays};
use super::{Course, Row, field, sql, trimmed};
use crate::e2e::Release;

/// Passwords that are in the values; only one of them changes.
const PASSWORDS: &str = "postgresql.auth.postgresPassword=first-superuser,postgresql.auth.password=first-app-password,\
                         postgresql.auth.readOnlyPassword=first-readonly,postgresql.auth.replicationPassword=first-replication";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { flag: ["--set", "service.annotations.a=b"], says: "nothing", then: Stays((field!("service/demo", ".metadata.annotations.a"), "b")) },
    Row { flag: ["--set", "service.type=NodePort"], says: "nothing", then: Stays((field!("service/demo", ".spec.type"), "NodePort")) },
    Row { flag: ["--set", "persistence.labels.site=plant7"], says: "nothing", then: Stays((field!("pvc/data-demo-0", ".metadata.labels.site"), "plant7")) },
    Row { flag: ["--set-json", r#"extraObjects=[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"more"},"data":{"a":"b"}}]"#], says: "nothing", then: Stays((field!("configmap/more", ".data.a"), "b")) },
    Row { flag: ["--set-json", r#"patches=[{"kind":"Deployment","patch":{"spec":{"revisionHistoryLimit":5}}}]"#], says: "nothing", then: Stays((field!("deployment/demo", ".spec.revisionHistoryLimit"), "5")) },

    Row { flag: ["--set", "postgresql.config.work_mem=2MB"], says: "reload", then: Reloads((sql!("SHOW work_mem"), "2MB")) },
    Row { flag: ["--set", "postgresql.config.log_connections=off"], says: "reload", then: Reloads((sql!("SHOW log_connections"), "off")) },
    Row { flag: ["--set-json", r#"postgresql.hba=[{"type":"host","databases":["audit_trail"],"users":["app"],"address":"10.0.0.0/8","method":"reject"}]"#], says: "reload", then: Reloads((|release| {
        let answer = trimmed(release.as_app("audit_trail", "SELECT 1"));
        let refused = answer.contains("pg_hba.conf rejects connection");
        if refused { "rejected".to_owned() } else { answer }
    }, "rejected")) },
    Row { flag: ["--set-json", r#"postgresql.databases[6]={"name":"line4"}"#], says: "reload", then: Reloads((|release| trimmed(release.as_app("line4", "SELECT current_database()")), "line4")) },
    Row { flag: ["--set", "postgresql.auth.password=second-app-password"], says: "credentials", then: Reloads((|release| {
        let login = |password: &str| release.namespace.psql("demo", "app", password, "production_data", "SELECT 1");
        let old = login("first-app-password").is_err_and(|said| said.contains("password authentication failed"));
        format!("new: {}, old refused: {old}", trimmed(login("second-app-password")))
    }, "new: 1, old refused: true")) },
    Row { flag: ["--set", "postgresql.config.fsync=off"], says: "risk", then: Reloads((sql!("SHOW fsync"), "off")) },

    Row { flag: ["--set", "persistence.size=11Gi"], says: "resize, reload", then: Reloads((field!("pvc/data-demo-0", ".status.capacity.storage"), "11Gi")) },
    Row { flag: ["--set", "persistence.size=4Gi"], says: "refused, reload", then: Refuses("field can not be less than status.capacity", None) },
    Row { flag: ["--set", "persistence.storageClass=scratch"], says: "refused", then: Refuses("spec is immutable after creation", None) },
    Row { flag: ["--set", "persistence.accessMode=ReadWriteOncePod"], says: "refused", then: Refuses("spec is immutable after creation", None) },
    Row { flag: ["--set-json", r#"patches=[{"kind":"Service","name":"demo","patch":{"spec":{"clusterIP":"10.96.211.77"}}},{"kind":"Deployment","patch":{"spec":{"revisionHistoryLimit":5}}}]"#], says: "refused", then: Refuses("may not change once set", Some((field!("service/demo", ".spec.clusterIP"), "10.96.211.77"))) },

    Row { flag: ["--set", "podAnnotations.site=plant7"], says: "restart", then: Replaces((|release| release.namespace.field(&format!("pod/{}", release.pod()), ".metadata.annotations.site"), "plant7")) },
    Row { flag: ["--set", "postgresql.config.max_locks_per_transaction=99"], says: "restart", then: Replaces((sql!("SHOW max_locks_per_transaction"), "99")) },
    Row { flag: ["--set", "resources.requests.cpu=60m"], says: "restart", then: Replaces((|release| release.namespace.field(&format!("pod/{}", release.pod()), ".spec.containers[?(@.name==\"postgres\")].resources.requests.cpu"), "60m")) },
    // The data is left on the old claim, and there again when that one is named again.
    Row { flag: ["--set", "persistence.existingClaim=other"], says: "risk", then: Replaces((sql!("SELECT to_regclass('kept') IS NULL"), "t")) },
    Row { flag: ["--set", "persistence.existingClaim=null"], says: "risk", then: Replaces((sql!("SELECT a FROM kept"), "7")) },
    Row { flag: ["--set", "monitoring.exporter.enabled=false"], says: "restart, reload, nothing", then: Replaces((|release| {
        let containers = release.namespace.field(&format!("pod/{}", release.pod()), ".spec.containers[*].name");
        // What is no longer rendered is left alone, and said to be.
        let left = release.namespace.field("service/demo-metrics", ".metadata.name");
        format!("{containers}; {left}")
    }, "postgres keeper; demo-metrics")) },
    Row { flag: ["--set", "persistence.wal.enabled=true,persistence.wal.size=1Gi"], says: "restart, reload, nothing", then: Replaces((|release| {
        let link = release.namespace.exec(&release.pod(), "postgres", &["sh", "-c", "readlink \"$PGDATA/pg_wal\""], "");
        let link = super::said(link);
        if link.starts_with("/var/lib/postgresql-wal/") { "linked".to_owned() } else { link }
    }, "linked")) },
];

#[test]
#[ignore = "long: `just consequences`"]
fn what_diff_says_of_one_server_is_what_happens() {
    let values = [
        "--preset",
        "edge",
        "--set",
        "resources.requests.cpu=50m,persistence.storageClass=expandable",
        "--set",
        PASSWORDS,
    ];
    let Some(release) = Release::prepare_exactly("says", &values) else { return };
    // The values have passwords of their own.
    release.namespace.kubectl(&["delete", "secret", "demo-auth"]).ok();
    release.apply(&[]).ok();
    release.wait_ready();
    release.wait_served();
    release.as_app("production_data", "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)").unwrap();
    let other = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: other}, spec: {storageClassName: expandable, \
                 accessModes: [ReadWriteOnce], resources: {requests: {storage: 11Gi}}}}";
    release.namespace.kubectl_with(&["create", "-f", "-"], other).ok();
    let mut course = Course { release, flags: vec![], wait: Release::wait_ready };
    for row in ROWS {
        course.run(row);
    }
    assert_eq!(course.release.as_superuser("production_data", "SELECT a FROM kept"), Ok("7\n".to_owned()));
}
