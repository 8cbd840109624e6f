//! Roles and their passwords.

use super::{Outcome, Site};

const ROLES: &str =
    "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
    FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname COLLATE \"C\"";

const VERIFIERS: &str =
    "SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL ORDER BY rolname";

#[test]
fn roles_have_the_attributes_that_they_need_and_get_them_back() {
    let Some(site) = Site::new(14, "") else { return };
    site.bootstrap();
    let roles = site.superuser("postgres", ROLES);
    assert_eq!(
        roles,
        "app|t|f|f|f|f|f\napp_owner|f|f|f|f|f|f\npgpod_exporter|t|f|f|f|f|f\npostgres|t|t|t|t|t|t\n\
         readonly|t|f|f|f|f|f\nreplicator|t|f|f|f|t|f\n"
    );
    site.superuser(
        "postgres",
        "ALTER ROLE app SUPERUSER CREATEDB; GRANT app_owner TO app; ALTER ROLE app_owner LOGIN;
         ALTER ROLE replicator NOREPLICATION; ALTER ROLE pgpod_exporter PASSWORD 'x';
         REVOKE pg_monitor FROM pgpod_exporter; ALTER DATABASE audit_trail OWNER TO app",
    );
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.superuser("postgres", ROLES), roles);
    let members = "SELECT roleid::regrole, member::regrole FROM pg_auth_members
        WHERE member::regrole::text !~ '^pg_' ORDER BY 1, 2";
    assert_eq!(site.superuser("postgres", members), "pg_monitor|pgpod_exporter\n");
    let owner = "SELECT datdba::regrole FROM pg_database WHERE datname = 'audit_trail'";
    assert_eq!(site.superuser("postgres", owner), "app_owner\n");
    assert_eq!(site.app("audit_trail", "INSERT INTO audit.event (action) VALUES ('x')"), Ok(String::new()));
    assert!(!site.superuser("postgres", VERIFIERS).contains("exporter"), "the exporter needs no password");
}

#[test]
fn a_changed_password_takes_effect_and_the_others_stay_as_they_are() {
    let Some(site) = Site::new(17, "") else { return };
    site.bootstrap();
    let before = site.superuser("postgres", VERIFIERS);
    site.password("app", "new");
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.log_in("app", "new", "audit_trail", "SELECT 1"), Ok("1\n".to_owned()));
    assert!(site.app("audit_trail", "SELECT 1").unwrap_err().contains("password authentication failed"));
    let after = site.superuser("postgres", VERIFIERS);
    let changed: Vec<_> =
        after.lines().filter(|line| !before.contains(line)).map(|line| &line[..4]).collect();
    assert_eq!(changed, ["app|"]);
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.superuser("postgres", VERIFIERS), after);
}

#[test]
fn a_password_that_somebody_else_changed_becomes_the_secrets_again() {
    let Some(site) = Site::new(14, "") else { return };
    site.bootstrap();
    site.superuser("postgres", "ALTER ROLE app PASSWORD 'other'; SET password_encryption = md5; ALTER ROLE readonly PASSWORD 'readonly''s secret'");
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.app("audit_trail", "SELECT 1"), Ok("1\n".to_owned()));
    let kinds = "SELECT left(rolpassword, 13) FROM pg_authid WHERE rolpassword IS NOT NULL GROUP BY 1";
    assert_eq!(site.superuser("postgres", kinds), "SCRAM-SHA-256\n");
}

#[test]
fn a_password_that_the_secret_lacks_is_named_and_none_is_changed() {
    let Some(site) = Site::new(16, "") else { return };
    site.bootstrap();
    site.password("app", "");
    let outcome = site.bootstrap();
    assert_eq!(
        outcome,
        Outcome::complete(&[
            "pgpod: the Secret has nothing under `app-password`: the password of role `app` stays as it is"
        ])
    );
    assert_eq!(site.app("audit_trail", "SELECT 1"), Ok("1\n".to_owned()));
}

#[test]
fn hostile_names_and_passwords_stay_what_they_are() {
    let hostile = [
        r#"o'wner"; DROP TABLE x; --"#,
        r"a\pp $$ ${HOME} $(id) `id` :role",
        "read only é 🐘",
        r#"re"pl%s\'"#,
    ];
    let databases = [r#"da'ta"base \ $1"#, "dbname=postgres user=app", "über :owner"];
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    let values = format!(
        "postgresql:\n  auth: {{owner: {}, username: {}, readOnlyUsername: {}, replicationUsername: {}}}\n  databases:\n{}",
        quoted(hostile[0]),
        quoted(hostile[1]),
        quoted(hostile[2]),
        quoted(hostile[3]),
        databases
            .map(|name| format!(
                "  - {{name: {0}, schemas: [{{name: {0}}}], industrial: [scada]}}\n",
                quoted(name)
            ))
            .concat(),
    );
    let passwords = [r#"'; DROP ROLE app; -- \ " $HOME $(id) `id` :role"#, "ﬁ é 🐘 \u{a0}x", "%s $$ E'\\047"];
    for major in [14, 18] {
        let Some(site) = Site::new(major, &values) else { return };
        for (role, password) in ["app", "readonly", "replication"].iter().zip(passwords) {
            site.password(role, password);
        }
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        let verifiers = site.superuser("postgres", VERIFIERS);
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        assert_eq!(site.superuser("postgres", VERIFIERS), verifiers, "{major}");
        for database in databases {
            let insert = "INSERT INTO scada.sensor_data VALUES (now(), 'a', 1, 0)";
            assert_eq!(
                site.log_in(hostile[1], passwords[0], database, insert),
                Ok(String::new()),
                "{database}"
            );
            let count = "SELECT count(*), current_user, current_database() FROM scada.sensor_data";
            let expected = format!("1|{}|{database}\n", hostile[2]);
            assert_eq!(site.log_in(hostile[2], passwords[1], database, count), Ok(expected));
            let schema =
                "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = current_database()";
            assert_eq!(
                site.superuser(database, schema),
                format!("\"{}\"\n", hostile[0].replace('"', "\"\""))
            );
        }
    }
}
