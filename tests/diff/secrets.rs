//! A secret is shown nowhere: planted in many places of both sides, it is in no format, at no verbosity, in no error.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::Pgpod;

const OLD: &str = "hunter22-Old+pass'word";
const NEW: &str = "hunter33-New\\pass\"word";

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
    std::fs::write(folder.path().join("empty.yaml"), "").expect("writable");
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
    for sides in [
        ["old.json", "new.json"],
        ["old.json", "empty.yaml"],
        ["empty.yaml", "new.json"],
        ["old.json", "broken.json"],
    ] {
        for format in ["paths", "unified", "json", "github"] {
            for more in [&[][..], &["--explain-ignored"], &["--context", "1000"], &["--show-secrets"]] {
                let args = ["diff", sides[0], sides[1], "--format", format];
                let ran = Pgpod::new(args.iter().chain(more)).current_dir(folder.path()).run();
                assert_ne!(ran.status, 0);
                for form in &forms {
                    let shown = ran.stdout.contains(form) || ran.stderr.contains(form);
                    assert!(!shown, "`{form}` in {args:?} {more:?}:\n{}{}", ran.stdout, ran.stderr);
                }
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
        shown.iter().any(|line| line.ends_with("~ data.password: <secret 1> -> <secret 2>")),
        "{shown:#?}"
    );
    assert!(
        shown.iter().any(|line| line.ends_with(
            "data.url: postgresql://app:<secret 1>@demo/db -> postgresql://app:<secret 2>@demo/db"
        )),
        "{shown:#?}"
    );
    assert!(shown.len() >= 10, "{shown:#?}");
}
