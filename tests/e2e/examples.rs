//! Every example runs: applied as it is, but for what this cluster lacks, and asked by its own user.

use std::path::Path;
use std::thread;

use serde_json::Value;

use super::Release;
use super::release::LIMIT;
use crate::examples::examples;
use crate::support::pgpod;

/// What a cluster of one small node can't give: room, and others to spread over. The limits stay, and with them every
/// setting.
const HERE: &str = "resources.requests.cpu=10m,resources.requests.memory=64Mi,architecture=null,highAvailability.spread=soft";

#[test]
fn every_example_serves_its_user() {
    if crate::support::lab().is_none() {
        return;
    }
    // All at once: most of the time of each is waiting for the others' start.
    thread::scope(|scope| {
        for file in examples() {
            scope.spawn(move || serves(&file));
        }
    });
}

fn serves(file: &Path) {
    let name = file.file_stem().unwrap_or_default().display().to_string();
    let path = file.display().to_string();
    let values = pgpod(["values", "--format=json", "-f", &path]).ok();
    let values: Value = serde_json::from_str(&values).expect("the values are JSON");
    // Nor has it nodes of a kind.
    let kinds = values["nodeSelector"].as_object().into_iter().flatten();
    let kinds = kinds.map(|(key, _)| format!(",nodeSelector.{}=null", key.replace('.', "\\.")));
    let here: String = std::iter::once(HERE.to_owned()).chain(kinds).collect();
    let Some(release) = Release::prepare_exactly(&name, &["-f", &path, "--set", &here]) else { return };
    let text = |pointer: &str| values.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let tls = values.pointer("/security/tls/enabled") == Some(&Value::Bool(true));
    if tls {
        let secret = pgpod(["secret", "tls", "demo", "-n", &release.namespace.name]).ok();
        release.namespace.kubectl_with(&["create", "-f", "-"], &secret).ok();
    }
    release.apply(&[]).ok();
    let several = text("/deploymentMode") == "ha";
    let workload = if several { "statefulset/demo" } else { "deployment/demo" };
    release.namespace.wait_ready(workload, LIMIT * 2);

    let databases = values["postgresql"]["databases"].as_array();
    let databases = databases.into_iter().flatten().filter_map(|database| database["name"].as_str());
    let user = text("/postgresql/auth/username");
    for database in databases {
        let sql = "SELECT current_database() || ' ' || current_user";
        // From a pod: its psql speaks TLS.
        let mode = if tls { "require" } else { "disable" };
        let to = format!("host=demo dbname={database} user={user} sslmode={mode}");
        let password = format!("PGPASSWORD={}", release.password("app"));
        let psql = ["env", &password, "psql", "-XqAt", &to, "-c", sql];
        release.namespace.wait_until(&format!("{name}: {user} in {database}"), LIMIT, || {
            let answer = release.namespace.exec(&release.pod(), "postgres", &psql, "").result();
            answer == Ok(format!("{database} {user}\n"))
        });
    }
    let wrong = "SELECT name FROM pg_settings WHERE pending_restart UNION ALL SELECT error FROM pg_hba_file_rules \
                 WHERE error IS NOT NULL UNION ALL SELECT error FROM pg_file_settings WHERE error IS NOT NULL";
    assert_eq!(release.as_superuser("postgres", wrong), Ok(String::new()), "{name}");
}
