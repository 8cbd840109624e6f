//! Who may do what, without being a superuser, on what is made later.

use super::{Outcome, Site};

/// The first line of what psql says to a role that may not.
fn denied(what: &str) -> Result<String, String> {
    Err(format!("psql:<stdin>:1: ERROR:  permission denied for {what}"))
}

const DONE: Result<String, String> = Ok(String::new());

#[test]
fn the_application_and_the_readers_can_use_what_the_owner_makes_later() {
    let databases = [
        "production_data",
        "quality_metrics",
        "maintenance_logs",
        "energy_consumption",
        "scada_historian",
        "audit_trail",
    ];
    for major in [14, 18] {
        let Some(site) = Site::new(major, "") else { return };
        site.bootstrap();
        for database in databases {
            site.superuser(
                database,
                "SET ROLE app_owner; CREATE SCHEMA later; CREATE TABLE later.thing (id serial, name text);
                 CREATE TABLE public.thing (id int GENERATED ALWAYS AS IDENTITY, name text);
                 CREATE VIEW later.names AS SELECT name FROM later.thing;
                 CREATE FUNCTION later.double(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1'",
            );
            for table in ["later.thing", "thing"] {
                let write = format!(
                    "INSERT INTO {table} (name) VALUES ('a'), ('b'); UPDATE {table} SET name = 'c' WHERE name = 'a';
                     DELETE FROM {table} WHERE name = 'b'; SELECT * FROM {table}"
                );
                assert_eq!(site.app(database, &write), Ok("1|c\n".to_owned()), "{database}");
                assert_eq!(site.readonly(database, &format!("TABLE {table}")), Ok("1|c\n".to_owned()));
                let insert = format!("INSERT INTO {table} (name) VALUES ('x')");
                assert_eq!(site.readonly(database, &insert), denied("table thing"));
            }
            let more = "SELECT later.double(21), (SELECT count(*) FROM later.names), last_value FROM later.thing_id_seq";
            assert_eq!(site.readonly(database, more), Ok("42|1|2\n".to_owned()));
            assert_eq!(site.app(database, "CREATE TABLE later.mine ()"), denied("schema later"));
            assert_eq!(site.readonly(database, "CREATE TABLE mine ()"), denied("schema public"));
            assert_eq!(site.readonly(database, "CREATE TEMPORARY TABLE mine ()"), {
                Err(format!(
                    "psql:<stdin>:1: ERROR:  permission denied to create temporary tables in database \"{database}\""
                ))
            });
        }
    }
}

#[test]
fn readers_can_read_what_the_application_makes() {
    let Some(site) = Site::new(15, "") else { return };
    site.bootstrap();
    assert_eq!(
        site.app("audit_trail", "CREATE TABLE mine AS SELECT 1 AS id; CREATE TEMPORARY TABLE scratch ()"),
        DONE
    );
    assert_eq!(site.readonly("audit_trail", "TABLE mine"), Ok("1\n".to_owned()));
}

#[test]
fn nobody_else_comes_in() {
    let Some(site) = Site::new(14, "") else { return };
    site.bootstrap();
    site.superuser("postgres", "CREATE ROLE stranger LOGIN PASSWORD 'x'");
    for database in ["production_data", "postgres", "template1"] {
        let outcome = site.log_in("stranger", "x", database, "SELECT 1").unwrap_err();
        assert!(outcome.contains(&format!("permission denied for database \"{database}\"")), "{outcome}");
    }
    let open = "SELECT has_schema_privilege('stranger', 'public', 'CREATE')";
    assert_eq!(site.superuser("template1", open), "f\n");
    assert!(site.app("postgres", "SELECT 1").unwrap_err().contains("permission denied for database"));
    assert_eq!(
        site.log_in("pgpod_exporter", "", "postgres", "SELECT count(*) > 0 FROM pg_stat_statements"),
        Ok("t\n".to_owned())
    );
    assert_eq!(site.log_in("pgpod_exporter", "", "audit_trail", "SELECT 1"), Ok("1\n".to_owned()));
    assert_eq!(site.log_in("pgpod_exporter", "", "audit_trail", "TABLE audit.event"), denied("schema audit"));
    assert_eq!(site.app("audit_trail", "TABLE pgpod.given"), denied("schema pgpod"));
}

#[test]
fn what_a_person_takes_away_stays_away() {
    let Some(site) = Site::new(17, "") else { return };
    site.bootstrap();
    site.superuser("audit_trail", "REVOKE SELECT ON audit.event FROM readonly");
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(site.readonly("audit_trail", "TABLE audit.event"), denied("table event"));
}

#[test]
fn rights_follow_the_values_on_what_is_there_and_on_what_comes() {
    let with = |grants: &str| {
        format!(
            "postgresql: {{databases: [{{name: plant, schemas: [{{name: lab, owner: chemist}}], grants: [{grants}]}}]}}"
        )
    };
    let Some(site) = Site::new(18, &with("")) else { return };
    site.bootstrap();
    site.superuser("plant", "SET ROLE chemist; CREATE TABLE lab.old AS SELECT 1 AS id; SET ROLE app; CREATE TABLE public.own AS SELECT 2 AS id");
    site.superuser("postgres", "CREATE ROLE meter LOGIN PASSWORD 'm'");
    let meter = |sql: &str| site.log_in("meter", "m", "plant", sql);

    site.values(&with("{role: meter, privilege: write}"));
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(meter("INSERT INTO lab.old VALUES (3); INSERT INTO own VALUES (4)"), DONE);
    site.values(&with("{role: meter, privilege: read}"));
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    site.superuser("plant", "SET ROLE chemist; CREATE TABLE lab.new AS SELECT 5 AS id");
    assert_eq!(
        meter("SELECT sum(id) FROM (TABLE lab.old UNION ALL TABLE lab.new UNION ALL TABLE own) t"),
        Ok("15\n".to_owned())
    );
    assert_eq!(meter("DELETE FROM lab.old"), denied("table old"));
    assert_eq!(meter("DELETE FROM lab.new"), denied("table new"));
    site.values(&with("{role: meter, privilege: connect}"));
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert_eq!(meter("TABLE lab.old"), denied("schema lab"));
    assert_eq!(meter("SELECT 1"), Ok("1\n".to_owned()));
    site.values(&with(""));
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    assert!(meter("SELECT 1").unwrap_err().contains("permission denied for database"));
}
