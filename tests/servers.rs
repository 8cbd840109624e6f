//! Real servers read what is rendered for them: every preset on every major.

use std::os::unix::fs::PermissionsExt as _;

use pgpod::values::PRESETS;
use serde_json::{Value as Json, json};

use crate::support::{MAJORS, Rendered, TempCluster, postgres_c, rendered, server, yaml};

/// What changes `postgresql.conf` beside the preset and the major, and for which majors there is an image.
const VARIANTS: &[(&str, &str)] = &[
    ("plain", "{}"),
    ("a WAL volume", "persistence: {wal: {enabled: true}}"),
    ("TLS", "security: {tls: {enabled: true}}"),
    ("TimescaleDB", "postgresql: {extensions: {timescaledb: {enabled: true}}}"),
    ("a busy log", "postgresql: {config: {log_statement: all, log_line_prefix: \"it's %m [%p] # \\\\ \"}}"),
    ("time series on a slow disk", "{postgresql: {workload: timeseries}, persistence: {disk: sd}}"),
    ("a warehouse", "{postgresql: {workload: warehouse}, persistence: {disk: nvme}}"),
];

/// Rules of every kind of word, with names that need quotes.
const HBA: &str = r#"
security: {tls: {enabled: true}}
postgresql:
  auth: {username: "o'neil \"x\"", readOnlyUsername: "read only #1", replicationUsername: "all"}
  hba:
    - {type: hostssl, databases: [sameuser, "my db", '"all"', "a,b"], users: [+staff, 'o"neil'], address: 10.0.0.0/8, method: scram-sha-256}
    - {type: local, users: [someone], method: peer, options: {map: pgpod}}
    - {type: hostnossl, databases: [replication], users: [x], address: samenet, method: reject}
"#;

fn render(values: Json, preset: &str, major: u8) -> Rendered {
    let mut values = values;
    values["resourcePreset"] = json!(preset);
    values["postgresql"]["version"] = json!(major.to_string());
    rendered(&values).unwrap_or_else(|report| panic!("{preset} {major}: {report}"))
}

/// What a server without TimescaleDB can be asked: its library isn't there.
fn without_library(conf: &str) -> String {
    conf.lines()
        .filter(|line| !line.starts_with("shared_preload_libraries"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn every_configuration_is_accepted_by_its_server() {
    for major in MAJORS {
        let Some(server) = server(major) else { return };
        for (variant, values) in VARIANTS {
            // A variant acts in the same way on every shape.
            let presets = if *variant == "plain" { &PRESETS[..] } else { &PRESETS[1..2] };
            for preset in presets {
                let conf = &render(yaml(values), preset.name, major).files["postgresql.conf"];
                let conf = without_library(conf);
                let accepted = postgres_c(&server, &conf, "max_connections");
                let connections = yaml(preset.text)["postgresql"]["maxConnections"].to_string();
                let accepted = accepted.as_deref().map(str::trim);
                assert_eq!(accepted, Ok(&*connections), "{variant}, {}, {major}:\n{conf}", preset.name);
            }
        }
    }
}

/// Starts a server with a rendered configuration. It keeps access rules of its own, since a test's user is not the pod's.
fn start(cluster: &mut TempCluster, conf: &str) -> Result<(), String> {
    let file = |cluster: &TempCluster, name, text: &str| cluster.file(name, text).display().to_string();
    let conf = file(cluster, "postgresql.conf", conf);
    let hba = file(cluster, "pg_hba.conf", "local all all trust\n");
    let ident = file(cluster, "pg_ident.conf", "");
    cluster.start(&[("config_file", &conf), ("hba_file", &hba), ("ident_file", &ident)])
}

#[test]
fn every_preset_starts_on_every_major() {
    for major in MAJORS {
        let Some(server) = server(major) else { return };
        let mut cluster = TempCluster::initialised(server);
        for preset in &PRESETS {
            let conf = &render(json!({}), preset.name, major).files["postgresql.conf"];
            start(&mut cluster, conf).unwrap_or_else(|log| panic!("{} {major}: {log}", preset.name));
            let wrong = "SELECT name, setting, error FROM pg_file_settings WHERE error IS NOT NULL";
            let wrong = format!("{wrong} AND error <> 'setting could not be applied'");
            assert_eq!(cluster.psql(&wrong), Ok(String::new()), "{} {major}", preset.name);
        }
    }
}

/// Settings with a certificate for a server, since without TLS it refuses `hostssl`.
fn tls(cluster: &TempCluster) -> String {
    let made =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate can be made");
    let certificate = cluster.file("tls.crt", &made.cert.pem());
    let key = cluster.file("tls.key", &made.signing_key.serialize_pem());
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600))
        .expect("the test may close its file");
    format!("ssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'\n", certificate.display(), key.display())
}

#[test]
fn every_access_file_is_read_as_it_was_meant() {
    for major in MAJORS {
        let Some(server) = server(major) else { return };
        let mut cluster = TempCluster::initialised(server);
        let conf = tls(&cluster);
        start(&mut cluster, &conf).unwrap_or_else(|log| panic!("{major}: {log}"));
        // The views read the files anew whenever they are asked.
        for values in ["{}", HBA] {
            let files = render(yaml(values), "small", major).files;
            cluster.file("pg_hba.conf", &files["pg_hba.conf"]);
            cluster.file("pg_ident.conf", &files["pg_ident.conf"]);
            let wrong = "SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL";
            let loaded = "SELECT count(*) FROM pg_hba_file_rules WHERE error IS NULL";
            let rules = files["pg_hba.conf"]
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .count();
            assert_eq!(cluster.psql(wrong), Ok(String::new()), "{major}:\n{}", files["pg_hba.conf"]);
            assert_eq!(cluster.psql(loaded), Ok(format!("{rules}\n")), "{major}");
            if major >= 15 {
                let wrong = "SELECT line_number, error FROM pg_ident_file_mappings WHERE error IS NOT NULL";
                assert_eq!(cluster.psql(wrong), Ok(String::new()), "{major}:\n{}", files["pg_ident.conf"]);
            }
        }
        let names =
            "SELECT database::text, user_name::text FROM pg_hba_file_rules WHERE address = '10.0.0.0'";
        let read = "{sameuser,\"my db\",all,\"a,b\"}|{+staff,\"o\\\"neil\"}\n";
        assert_eq!(cluster.psql(names).as_deref(), Ok(read), "{major}");
        // From here on a name can be a regular expression, which the server compiles as those of `~`.
        if major >= 16 {
            expressions_are_judged_alike(&cluster);
        }
    }
}

/// What the server says of each expression of the table by which pgpod's own reader is tested.
fn expressions_are_judged_alike(cluster: &TempCluster) {
    const JUDGED: &str = include_str!("regexes.txt");
    const JUDGE: &str = "CREATE FUNCTION pg_temp.judge(expression text) RETURNS text LANGUAGE plpgsql AS $f$
        BEGIN
            PERFORM '' ~ expression;
            RETURN 'ok';
        EXCEPTION WHEN invalid_regular_expression THEN
            RETURN replace(sqlerrm, 'invalid regular expression: ', '');
        END $f$;";
    let asked = JUDGED.lines().filter_map(|line| line.split_once('\t'));
    let asked: String = asked
        .map(|(_, text)| format!("SELECT pg_temp.judge($q${text}$q$) || E'\\t' || $q${text}$q$;\n"))
        .collect();
    assert_eq!(
        cluster.psql(&format!("SET client_encoding = 'UTF8';\n{JUDGE}\n{asked}")).as_deref(),
        Ok(JUDGED)
    );
}
