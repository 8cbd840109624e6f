//! A secret is shown nowhere: planted in many places of both sides, it is in no format, at no verbosity, in no error.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::Pgpod;

const OLD: &str = "hunter22-Old+pass'word";
const NEW: &str = "hunter33-New\\pass\"word";

const FORMATS: [&str; 4] = ["paths", "unified", "json", "github"];

/// A side with the secret in its Secret and in eleven other places.
fn side(secret: &str) -> String {
    let (json, base64) = (serde_json::Value::from(secret).to_string(), STANDARD.encode(secret));
    let url: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let inner = json.trim_matches('"').replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r#"
{{"apiVersion": "v1", "kind": "List", "items": [
 {{"apiVersion": "v1", "kind": "Secret", "metadata": {{"name": "auth", "namespace": "a",
    "annotations": {{"kubectl.kubernetes.io/last-applied-configuration": "{{\"stringData\":{{\"password\":\"{inner}\"}}}}"}}}},
    "data": {{"password": "{base64}", "user": "YXBw"}}}},
 {{"apiVersion": "v1", "kind": "Secret", "metadata": {{"name": "other", "namespace": "a"}}, "stringData": {{"password": {json}}}}},
 {{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {{"name": "map", "namespace": "a", "annotations": {{"note": {json}}},
    "labels": {{"l": {json}}}}},
    "data": {{"plain": {json}, "url": "postgresql://app:{url}@demo/db", "encoded": "{base64}",
      "lines": "first\nsecond {inner}\nthird\n", "postgresql.conf": "primary_conninfo = '{quoted}'\n",
      "pg_hba.conf": "host all all all ldap ldapbindpasswd=\"x {inner}\"\n"}}}},
 {{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "demo", "namespace": "a"}}, "spec": {{"template": {{"spec": {{
    "containers": [{{"name": "c", "image": "i:1", "args": ["--password", {json}], "env": [{{"name": "A", "value": {json}}}]}}]}}}}}}}}
]}}"#,
        quoted = json.trim_matches('"').replace('\'', "''"),
    )
}

#[test]
fn a_planted_secret_is_in_no_output() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    std::fs::write(folder.path().join("old.json"), side(OLD)).expect("writable");
    std::fs::write(folder.path().join("new.json"), side(NEW)).expect("writable");
    std::fs::write(folder.path().join("broken.json"), side(NEW) + "{]").expect("writable");
    std::fs::create_dir(folder.path().join("nothing")).expect("writable");
    let forms: Vec<String> = [OLD, NEW]
        .into_iter()
        .flat_map(|secret| {
            let base64 = STANDARD.encode(secret);
            [
                secret[..8].to_owned(),
                base64[..10].to_owned(),
                secret[9..14].to_owned(),
                "%68%75%6E%74".to_owned(),
            ]
        })
        .collect();
    for (sides, status) in [
        (["old.json", "new.json"], 1),
        (["old.json", "nothing"], 1),
        (["nothing", "new.json"], 1),
        (["old.json", "broken.json"], 2),
    ] {
        for format in FORMATS {
            for more in [&[][..], &["--explain-ignored"], &["--context", "1000"], &["--show-secrets"]] {
                let args = ["diff", sides[0], sides[1], "--format", format];
                let ran = Pgpod::new(args.iter().chain(more)).current_dir(folder.path()).run();
                let status = if more == ["--show-secrets"] { 2 } else { status };
                assert_eq!(ran.status, status, "{}", ran.stderr);
                for form in &forms {
                    let shown = ran.stdout.contains(form) || ran.stderr.contains(form);
                    assert!(!shown, "`{form}` in {args:?} {more:?}:\n{}{}", ran.stdout, ran.stderr);
                }
            }
        }
    }
}

/// A password in a longer text of a Secret, or in a connection string in the open, stands alone elsewhere.
#[test]
fn a_part_of_a_secret_is_in_no_output() {
    let secret = |key: &str, text: &str| {
        let data = STANDARD.encode(text);
        format!(
            "{{apiVersion: v1, kind: Secret, metadata: {{name: auth, namespace: a}}, data: {{{key}: {data}}}}}"
        )
    };
    let variable = |name: &str, value: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p, namespace: a}}, spec: {{containers: [{{name: c, \
             env: [{{name: {name}, value: '{value}'}}], args: [--password, hunter44]}}]}}}}"
        )
    };
    let docker = format!(r#"{{"auths": {{"r.example": {{"auth": "{}"}}}}}}"#, STANDARD.encode("me:hunter22"));
    for holder in [
        secret("uri", "postgres://app:hunter22@db/x"),
        secret("uri", "postgres://db/x?user=app&password=hunter22&sslmode=require"),
        secret("dsn", "host=db password='hunter22' user=app"),
        secret(".pgpass", "other:5432:*:app:hunter33\ndb:5432:*:app:hunter22\n"),
        secret("userlist.txt", "\"other\" \"hunter33\"\n\"app\" \"hunter22\"\n"),
        secret("env", "PGUSER=app\nPGPASSWORD=hunter22\n"),
        secret("config.yaml", "database:\n  user: app\n  password: hunter22\n"),
        secret(".dockerconfigjson", &docker),
        variable("DATA_SOURCE_NAME", "host=db user=app password=hunter22 dbname=x"),
        variable("JDBC", "jdbc:postgresql://db/x?user=app&password=hunter22"),
    ] {
        let note = |more: &str| {
            format!(
                "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: map, namespace: a, annotations: {{note: hunter22}}}}, \
                 data: {{{more}x.conf: \"a = 'hunter22'\\n# hunter22\\nb\"}}}}"
            )
        };
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let write =
            |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("writable");
        write("old", format!("{holder}\n---\n{}", note("")));
        write("new", note("other: is hunter22, ").replace("\\nb", "\\nc"));
        for sides in [["old", "new"], ["new", "old"], ["/dev/null", "old"], ["old", "/dev/null"]] {
            for format in FORMATS {
                let args = ["diff", sides[0], sides[1], "--format", format, "--explain-ignored"];
                let ran = Pgpod::new(args).current_dir(folder.path()).run();
                assert_eq!((ran.status, ran.stderr.as_str()), (1, ""), "{holder}");
                assert!(!ran.stdout.contains("hunter"), "{holder}: {args:?}\n{}", ran.stdout);
            }
        }
    }
}

#[test]
fn equal_secrets_have_equal_numbers_and_no_length() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    std::fs::write(folder.path().join("old.json"), side(OLD)).expect("writable");
    std::fs::write(folder.path().join("new.json"), side(NEW)).expect("writable");
    let ran = Pgpod::new(["diff", "old.json", "new.json"]).current_dir(folder.path()).run();
    let shown: Vec<&str> = ran.stdout.lines().filter(|line| line.contains("<secret ")).collect();
    assert!(
        shown.iter().any(|line| line.ends_with("~ data.password: <secret 1> -> <secret 3>")),
        "{shown:#?}"
    );
    assert!(
        shown.iter().any(|line| line.ends_with(
            "data.url: postgresql://app:<secret 1>@demo/db -> postgresql://app:<secret 3>@demo/db"
        )),
        "{shown:#?}"
    );
    assert!(shown.len() >= 10, "{shown:#?}");
}
