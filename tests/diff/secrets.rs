//! A secret is shown nowhere: planted in many places of both sides, it is in no format, at no verbosity, in no error.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::live::Release;
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
        for sides in [["old", "new"], ["/dev/null", "old"]] {
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

/// What the API server says of a change may quote it, and names of managers may be anything.
#[test]
fn what_an_api_server_says_is_told_without_secrets() {
    let objects = |immutable: bool, port: u16| {
        let object = |kind: &str, rest: &str| {
            format!(r#"{{"apiVersion": "v1", "kind": "{kind}", "metadata": {{"name": "hunter22"}}, {rest}}}"#)
        };
        let map = format!(r#""immutable": {immutable}, "data": {{"x-hunter22": "{immutable}"}}"#);
        let ports = format!(r#""spec": {{"ports": [{{"port": 80, "targetPort": {port}}}]}}"#);
        format!("extraObjects=[{}, {}]", object("ConfigMap", &map), object("Service", &ports))
    };
    let Some(mut release) = Release::applied("told", &["--set-json", &objects(true, 80)]) else { return };
    let secret =
        "{apiVersion: v1, kind: Secret, metadata: {name: demo-auth}, stringData: {password: hunter22}}";
    release.kubectl(&["apply", "-f", "-"], secret).ok();
    let patch = r#"{"spec": {"ports": [{"port": 80, "targetPort": 82}]}}"#;
    release.kubectl(&["patch", "service/hunter22", "--field-manager=mgr-hunter22", "-p", patch], "").ok();
    release.flags = vec!["--set-json".to_owned(), objects(false, 81)];
    for format in ["paths", "unified", "json", "github"] {
        let side = ["--server-side", "--field-manager", "me-hunter22", "--format", format];
        let ran = release.diff(&side);
        assert_eq!((ran.status, ran.stderr.as_str()), (1, ""), "{}", ran.stdout);
        let refusal = "the API server refuses it: ConfigMap \"<secret 1>\" is invalid";
        let told = ran.stdout.replace("\\\"", "\"");
        assert!(told.contains(refusal) && told.contains("mgr-<secret 1>"), "{}", ran.stdout);
        assert!(!told.contains("hunter22") && !told.contains("removed: "), "{}", ran.stdout);
    }
    // Who may only read is refused with the name of the first object.
    let role = "{apiVersion: v1, kind: List, items: [{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader}, \
        rules: [{apiGroups: ['*'], verbs: [get, list], resources: ['*']}]}, {apiVersion: rbac.authorization.k8s.io/v1, \
        kind: RoleBinding, metadata: {name: reader}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}, \
        subjects: [{kind: User, name: reader}]}]}";
    release.kubectl(&["apply", "-f", "-"], role).ok();
    let kubeconfig = tempfile::NamedTempFile::new().expect("the temporary folder is writable");
    let own = std::fs::read_to_string(&release.kubectl.kubeconfig).expect("it is there");
    std::fs::write(kubeconfig.path(), own.replace("token: test", "token: reader")).expect("writable");
    let side = ["--server-side", "--set", "serviceAccount.name=hunter22"];
    let path = kubeconfig.path().display().to_string();
    let began = Instant::now();
    let refused = loop {
        let ran = release.pgpod("diff", &side).env("KUBECONFIG", &path).run();
        // The API server takes a moment to know of a Role.
        if ran.stderr.contains(" to patch ") || began.elapsed() > Duration::from_mins(1) {
            break ran;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!((refused.status, refused.stdout.as_str()), (3, ""), "{}", refused.stderr);
    let expected = "serviceaccounts \"<secret 1>\" is forbidden: User \"reader\" cannot patch";
    assert!(refused.stderr.contains(expected) && !refused.stderr.contains("hunter22"), "{}", refused.stderr);
}
