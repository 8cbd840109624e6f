//! What takes effect in a running release, and at what price.

use super::Release;
use super::release::LIMIT;

#[test]
fn a_setting_a_database_and_a_password_change_without_a_restart() {
    let Some(release) = Release::ready("changes", &[]) else { return };
    let before = release.identity();

    release.apply(&["--set", "postgresql.config.work_mem=2MB"]).ok();
    release.wait_answer("SHOW work_mem", "2MB");

    let databases = "postgresql.databases=[{\"name\":\"line4\"}]";
    release.apply(&["--set", "postgresql.config.work_mem=2MB", "--set-json", databases]).ok();
    release.namespace.wait_until("the new database is there", LIMIT, || {
        release.as_app("line4", "CREATE TABLE IF NOT EXISTS mine (a int); SELECT count(*) FROM mine")
            == Ok("0\n".to_owned())
    });
    // A database that the values no longer name is left alone.
    assert_eq!(release.as_app("production_data", "SELECT 1"), Ok("1\n".to_owned()));

    let old = release.password("app");
    let patch =
        crate::support::pgpod(["secret", "demo", "-n", &release.namespace.name, "--rotate", "app"]).ok();
    release
        .namespace
        .kubectl_with(&["patch", "secret", "demo-auth", "--patch-file", "/dev/stdin"], &patch)
        .ok();
    assert_ne!(release.password("app"), old);
    release
        .namespace
        .wait_until("the new password is in force", LIMIT, || release.as_app("line4", "SELECT 1").is_ok());
    let refused = release.namespace.psql("demo", "app", &old, "line4", "SELECT 1");
    assert!(refused.is_err_and(|text| text.contains("password authentication failed")));

    assert_eq!(release.identity(), before, "nothing restarted");
    let log = release.namespace.logs(&release.pod(), "postgres");
    for password in [old, release.password("app"), release.password("superuser")] {
        assert!(!log.contains(&password), "a password is in the server's log");
    }
}

#[test]
fn a_parameter_that_needs_a_restart_restarts_the_server_once() {
    let Some(release) = Release::ready("restart", &[]) else { return };
    let before = release.pod();
    release.apply(&["--set", "postgresql.config.max_locks_per_transaction=99"]).ok();
    release.wait_ready();
    assert_ne!(release.pod(), before);
    release.wait_answer("SHOW max_locks_per_transaction", "99");
    assert_eq!(release.restarts("postgres"), "0");
}

#[test]
fn a_bad_hba_line_is_refused_loudly_and_the_old_rules_stay() {
    let Some(release) = Release::ready("hba", &[]) else { return };
    let before = release.identity();
    let file = |name: &str| {
        let path = format!(".data.{}", name.replace('.', "\\."));
        release.namespace.field("configmap/demo-config", &path)
    };
    let put = |hba: &str, conf: &str| {
        let patch = serde_json::json!({"data": {"pg_hba.conf": hba, "postgresql.conf": conf}}).to_string();
        release.namespace.kubectl(&["patch", "configmap", "demo-config", "-p", &patch]).ok();
    };
    let (hba, conf) = (file("pg_hba.conf"), file("postgresql.conf"));

    // pgpod refuses to render such a line, so a hand writes it. What comes along with it waits, however good it is.
    let conf = format!("{conf}deadlock_timeout = 3s\n");
    put(&format!("host all all all reject\nhost all all not-an-address/99 trust\n{hba}"), &conf);
    release.namespace.wait_until("the keeper complains", LIMIT, || {
        release.namespace.logs(&release.pod(), "keeper").contains("pg_hba.conf")
    });
    assert_eq!(release.as_app("production_data", "SHOW deadlock_timeout"), Ok("1s\n".to_owned()));

    put(&hba, &conf);
    release.wait_answer("SHOW deadlock_timeout", "3s");
    assert_eq!(release.identity(), before, "nothing restarted");
}
