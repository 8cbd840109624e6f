//! The industrial schemas.

use super::{Outcome, Site};
use crate::support::full_server;

#[test]
fn sensor_data_goes_into_a_partition_of_its_month() {
    for major in [14, 18] {
        let Some(site) = Site::new(major, "") else { return };
        site.bootstrap();
        let insert = "INSERT INTO scada.sensor_data VALUES (now(), 'a', 1.5, 192), (now() + '1 month', 'a', 2, 0),
            (now() + '2 years', 'a', NULL, NULL), (date_trunc('month', now(), 'UTC'), 'a', 0, 0), (date_trunc('month', now(), 'UTC') - '1 us'::interval, 'a', 0, 0)";
        assert_eq!(site.app("scada_historian", insert), Ok(String::new()));
        let places = "SET timezone = 'Asia/Tokyo'; SELECT count(DISTINCT tableoid),
            bool_and(tableoid::regclass::text = 'scada.sensor_data_' || to_char(time AT TIME ZONE 'UTC', 'YYYY_MM'))
            FROM scada.sensor_data";
        assert_eq!(site.readonly("scada_historian", places), Ok("4|t\n".to_owned()), "{major}");
        let columns = "SELECT string_agg(format('%s %s%s', attname, atttypid::regtype, CASE WHEN attnotnull THEN ' not null' END), ', ' ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = 'scada.sensor_data'::regclass AND attnum > 0";
        assert_eq!(
            site.superuser("scada_historian", columns),
            "time timestamp with time zone not null, sensor_id text not null, value double precision, quality integer\n"
        );
        let beyond = "INSERT INTO scada.sensor_data VALUES (now() + '31 months', 'a', 1, 0)";
        assert_eq!(
            site.app("scada_historian", beyond),
            Err("psql:<stdin>:1: ERROR:  no partition of relation \"sensor_data\" found for row".to_owned())
        );
        site.values("industrial: {partitionMonthsAhead: 40}");
        assert_eq!(site.bootstrap(), Outcome::complete(&[]));
        assert_eq!(site.app("scada_historian", beyond), Ok(String::new()));
    }
}

#[test]
fn new_partitions_are_made_while_others_read_and_write() {
    let Some(site) = Site::new(16, "") else { return };
    site.bootstrap();
    let held = "BEGIN; SELECT count(*) FROM scada.sensor_data; INSERT INTO scada.sensor_data VALUES (now(), 'a', 1, 0);
        \\! PGPOD_HELD=1 sleep 4\n COMMIT";
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| site.app("scada_historian", held));
        std::thread::sleep(std::time::Duration::from_secs(1));
        let made = "SET lock_timeout = '1s'; SELECT scada.ensure_partitions(33)";
        assert_eq!(site.superuser("scada_historian", made), "3\n");
        assert_eq!(reader.join().expect("the reader ends"), Ok("0\n".to_owned()));
    });
}

#[test]
fn a_table_that_is_there_in_another_form_is_left_and_named() {
    let Some(site) = Site::new(15, "") else { return };
    site.superuser("postgres", "CREATE DATABASE scada_historian");
    site.superuser(
        "scada_historian",
        "CREATE SCHEMA scada; CREATE TABLE scada.sensor_data (t int); CREATE TABLE scada.sensor (other text)",
    );
    let warning = "scada.sql: WARNING:  scada.sensor_data of database \"scada_historian\" is a plain table, so no partitions are made: to have it partitioned, rename it and run the bootstrap again, then copy its rows";
    assert_eq!(site.bootstrap(), Outcome::complete(&[warning]));
    site.superuser("scada_historian", "DROP TABLE scada.sensor_data; CREATE TABLE scada.sensor_data (time timestamptz) PARTITION BY RANGE (time);
        CREATE TABLE scada.all_of_it PARTITION OF scada.sensor_data FOR VALUES FROM (MINVALUE) TO (MAXVALUE)");
    let outcome = site.bootstrap();
    assert_eq!((outcome.status, outcome.messages.len()), (0, 32));
    assert!(
        outcome.messages[0].ends_with("would overlap partition \"all_of_it\""),
        "{:?}",
        outcome.messages[0]
    );
}

#[test]
fn every_industrial_database_has_its_tables_for_the_application() {
    let Some(site) = Site::new(17, "") else { return };
    site.bootstrap();
    let tables =
        "SELECT string_agg(format('%I.%I', schemaname, tablename), ' ' ORDER BY schemaname, tablename)
        FROM pg_tables WHERE tableowner = 'app_owner' AND tablename !~ '_20[0-9]{2}_'";
    let expected = [
        ("production_data", "production.batch production.production_count production.work_order"),
        ("quality_metrics", "quality.measurement quality.nonconformity"),
        ("maintenance_logs", "maintenance.equipment maintenance.work_order"),
        ("energy_consumption", "energy.meter energy.meter_reading"),
        ("scada_historian", "scada.sensor scada.sensor_data"),
        ("audit_trail", "audit.event"),
    ];
    for (database, names) in expected {
        assert_eq!(site.superuser(database, tables), format!("{names}\n"));
    }
    let order = "INSERT INTO production.work_order (number, product, quantity) VALUES ('1', 'x', 2) RETURNING id, status";
    assert_eq!(site.app("production_data", order), Ok("1|planned\n".to_owned()));
}

#[test]
fn an_audit_event_can_be_added_and_not_changed() {
    let Some(site) = Site::new(18, "") else { return };
    site.bootstrap();
    let add = "INSERT INTO audit.event (action) VALUES ('login') RETURNING db_user, action";
    assert_eq!(site.app("audit_trail", add), Ok("app|login\n".to_owned()));
    let refused = Err("psql:<stdin>:1: ERROR:  audit.event can be added to, and not changed".to_owned());
    assert_eq!(site.app("audit_trail", "UPDATE audit.event SET action = 'x'"), refused);
    assert_eq!(site.app("audit_trail", "DELETE FROM audit.event"), refused);
    for bypass in [
        "SET ROLE app_owner; TRUNCATE audit.event",
        "SET session_replication_role = replica; DELETE FROM audit.event",
    ] {
        assert!(site.cluster.psql_as("postgres", "audit_trail", bypass).is_err());
    }
}

#[test]
fn with_postgis_assets_have_a_place() {
    let values = "postgresql: {version: 15, databases: [{name: floor, industrial: [factory], extensions: [postgis]}], extensions: {pgStatStatements: {enabled: false}}, image: {repository: x, tag: y, extensions: [postgis]}}";
    for major in [15, 17] {
        let Some(server) = full_server(major) else { return };
        let site = Site::on(server, values, &[]);
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        assert_eq!(site.bootstrap(), Outcome::complete(&[]), "{major}");
        let insert = "INSERT INTO factory.assets (name, location) VALUES ('press', 'SRID=4326;POINT(8 47)') RETURNING id, ST_AsText(location)";
        assert_eq!(site.app("floor", insert), Ok("1|POINT(8 47)\n".to_owned()), "{major}");
        let index = "SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_assets_location'";
        assert_eq!(
            site.superuser("floor", index),
            "CREATE INDEX idx_assets_location ON factory.assets USING gist (location)\n"
        );
        assert_eq!(
            site.readonly("floor", "SELECT srid FROM spatial_ref_sys WHERE srid = 4326"),
            Ok("4326\n".to_owned())
        );
    }
}
