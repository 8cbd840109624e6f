//! From nothing to a server that serves whom it should.

use super::Release;
use super::release::LIMIT;

const DATABASES: [&str; 6] = [
    "audit_trail",
    "energy_consumption",
    "maintenance_logs",
    "production_data",
    "quality_metrics",
    "scada_historian",
];

#[test]
fn an_applied_release_serves_its_users_and_nobody_else() {
    let Some(release) = Release::ready("serves", &["--set", "postgresql.config.work_mem=2MB"]) else {
        return;
    };

    // The app user, over the Service, with the Secret's password, in every database.
    for database in DATABASES {
        assert_eq!(release.as_app(database, "SELECT current_database()"), Ok(format!("{database}\n")));
    }
    let app = release.password("app");
    let refused = |user: &str, password: &str| {
        release.namespace.psql("demo", user, password, "production_data", "SELECT 1")
    };
    for (user, password) in
        [("app", "wrong"), ("app", ""), ("nobody", app.as_str()), ("postgres", app.as_str())]
    {
        let answer = refused(user, password);
        assert!(
            answer.as_ref().is_err_and(|text| text.contains("FATAL") || text.contains("no password")),
            "{user}: {answer:?}"
        );
    }

    // Rendered settings are in force.
    assert_eq!(release.as_app("production_data", "SHOW work_mem"), Ok("2MB\n".to_owned()));
    let pending = "SELECT name FROM pg_settings WHERE pending_restart UNION ALL SELECT error FROM pg_hba_file_rules \
                   WHERE error IS NOT NULL UNION ALL SELECT error FROM pg_file_settings WHERE error IS NOT NULL";
    assert_eq!(release.as_superuser("postgres", pending), Ok(String::new()));

    // What the app makes, the read-only user reads, and can't change.
    release
        .as_app("scada_historian", "CREATE TABLE made_later (a int); INSERT INTO made_later VALUES (7)")
        .unwrap();
    let readonly = release.password("readonly");
    let read = |sql: &str| release.namespace.psql("demo", "readonly", &readonly, "scada_historian", sql);
    assert_eq!(read("SELECT a FROM made_later"), Ok("7\n".to_owned()));
    assert!(read("INSERT INTO made_later VALUES (8)").is_err_and(|text| text.contains("permission denied")));

    // Measurements of today, of a month and of two years from now, each in its own partition.
    let insert = "INSERT INTO scada.sensor_data (time, sensor_id, value) VALUES (now(), 's', 1), \
                  (now() + interval '1 month', 's', 2), (now() + interval '2 years', 's', 3)";
    release.as_app("scada_historian", insert).unwrap();
    let partitions = "SELECT count(DISTINCT tableoid) FROM scada.sensor_data";
    assert_eq!(release.as_app("scada_historian", partitions), Ok("3\n".to_owned()));

    // The same render again changes nothing.
    let before = release.identity();
    let again = release.apply(&[]).ok();
    assert_eq!(
        again.lines().filter(|line| !line.ends_with(" unchanged")).collect::<Vec<_>>(),
        Vec::<&str>::new()
    );
    assert_eq!(release.identity(), before);

    // The exporter, which has no password, sees the server.
    let metrics =
        format!("http://{}:9187/metrics", release.namespace.field("service/demo-metrics", ".spec.clusterIP"));
    let scraped = crate::support::run(
        std::process::Command::new("curl")
            .args(["-sf", "--max-time", "10", "--retry", "60", "--retry-delay", "1"])
            .args(["--retry-connrefused", &metrics]),
        b"",
    )
    .ok();
    assert!(scraped.lines().any(|line| line == "pg_up 1"), "{scraped}");
    assert_eq!(
        scraped.lines().find(|line| line.starts_with("pg_exporter_last_scrape_error")),
        Some("pg_exporter_last_scrape_error 0")
    );
}

#[test]
fn the_minimal_example_is_two_commands() {
    let arguments = ["-f", "examples/minimal.yaml"];
    let Some(release) = Release::prepare_exactly("minimal", &arguments) else { return };
    release.apply(&[]).ok();
    release.wait_ready();
    let developer = release.password("app");
    let made = "CREATE TABLE IF NOT EXISTS mine (a int); SELECT current_user";
    release.namespace.wait_until("its user is served", LIMIT, || {
        release.namespace.psql("demo", "developer", &developer, "dev_database", made)
            == Ok("developer\n".to_owned())
    });
}

#[test]
fn version_18_serves_too() {
    // The lab's 18 has no contrib.
    let without = "postgresql.extensions.pgStatStatements.enabled=false";
    let Some(release) = Release::ready("v18", &["--set", "postgresql.version=18", "--set", without]) else {
        return;
    };
    assert_eq!(
        release.as_app("production_data", "SELECT current_setting('server_version_num')::int / 10000"),
        Ok("18\n".to_owned())
    );
}

#[test]
fn postgis_and_a_volume_for_the_wal_serve_too() {
    let values = "postgresql.extensions.postgis.enabled=true,persistence.wal.enabled=true";
    let Some(release) = Release::ready("postgis", &["--set", values, "--set", "persistence.wal.size=1Gi"])
    else {
        return;
    };
    let point = "SELECT ST_AsText(ST_MakePoint(1, 2))";
    assert_eq!(release.as_app("production_data", point), Ok("POINT(1 2)\n".to_owned()));
    let wal = release
        .namespace
        .exec(&release.pod(), "postgres", &["sh", "-c", "readlink \"$PGDATA/pg_wal\""], "")
        .ok();
    assert!(wal.starts_with("/var/lib/postgresql-wal/"), "{wal}");
}
