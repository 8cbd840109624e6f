//! `pgpod secret` as a user runs it. Passwords differ each time, so their shape is compared.

use serde_json::{Value, json};

use crate::support::{api_server, pgpod};

const KEYS: [&str; 6] = [
    "superuser-password",
    "app-password",
    "readonly-password",
    "replication-password",
    "pooler-password",
    "backup-password",
];

/// What a call prints, as YAML or JSON; it must succeed and say nothing else.
fn printed(args: &[&str]) -> Value {
    let ran = pgpod(args);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{args:?}");
    serde_yaml::from_str(&ran.stdout).expect("it prints YAML")
}

/// Takes the texts out of `stringData`, so that the rest can be compared.
fn take_texts(secret: &mut Value) -> Vec<(String, String)> {
    let data =
        secret.as_object_mut().and_then(|secret| secret.shift_remove("stringData")).unwrap_or_default();
    let texts = data.as_object().expect("a Secret has texts").iter();
    texts.map(|(key, text)| (key.clone(), text.as_str().unwrap_or_default().to_owned())).collect()
}

fn skeleton(name: &str, kind: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name,
            "namespace": "plant7",
            "labels": {
                "app.kubernetes.io/component": "database",
                "app.kubernetes.io/instance": "prod",
                "app.kubernetes.io/managed-by": "pgpod",
                "app.kubernetes.io/name": "postgresql",
                "app.kubernetes.io/part-of": "postgresql",
            },
        },
        "type": kind,
    })
}

#[test]
fn every_role_gets_a_password_of_its_own_each_time() {
    let mut seen = Vec::new();
    for format in ["yaml", "json"] {
        let mut secret = printed(&["secret", "prod", "-n", "plant7", "--format", format]);
        let texts = take_texts(&mut secret);
        assert_eq!(secret, skeleton("prod-auth", "Opaque"));
        assert_eq!(texts.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), KEYS);
        seen.extend(texts.into_iter().map(|(_, password)| password));
    }
    let lines = pgpod(["secret", "prod", "--format", "env"]).stdout;
    for (line, key) in lines.lines().zip(KEYS) {
        let (variable, password) = line.split_once('=').expect("a line sets a variable");
        assert_eq!(variable, key.to_uppercase().replace('-', "_"));
        seen.push(password.to_owned());
    }
    assert_eq!(seen.len(), 18);
    assert!(seen.iter().all(|password| password.len() == 28), "{seen:?}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 18, "no password comes twice");
}

#[test]
fn a_rotation_is_a_patch_of_only_that_key() {
    let mut patch = printed(&["secret", "prod", "--rotate", "backup,app"]);
    let texts = take_texts(&mut patch);
    assert_eq!(patch, json!({}));
    assert_eq!(
        texts.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
        ["app-password", "backup-password"]
    );
    let ran = pgpod(["secret", "prod", "--rotate", "exporter"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("[possible values: superuser, app, readonly, replication, pooler, backup]"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_certificate_comes_with_its_authority() {
    let mut secret = printed(&["secret", "tls", "prod", "-n", "plant7", "--san", "db.example,192.0.2.1"]);
    let texts = take_texts(&mut secret);
    assert_eq!(secret, skeleton("prod-tls", "kubernetes.io/tls"));
    let heads: Vec<(&str, Option<&str>)> =
        texts.iter().map(|(key, pem)| (key.as_str(), pem.lines().next())).collect();
    assert_eq!(
        heads,
        [
            ("ca.crt", Some("-----BEGIN CERTIFICATE-----")),
            ("tls.crt", Some("-----BEGIN CERTIFICATE-----")),
            ("tls.key", Some("-----BEGIN PRIVATE KEY-----")),
        ]
    );
    let ran = pgpod(["secret", "tls", "prod", "--san", "a_b"]);
    assert_eq!(
        (ran.status, ran.stdout.as_str(), ran.stderr.as_str()),
        (
            2,
            "",
            "error[PG0513]: `a_b` of `--san` is no name of a server\n |\n = note: `_` is not allowed; it may have lower-case \
             letters, digits, `-` and `.`\n = help: write a name such as `db.plant7.example`, or for `--san` an \
             address\n\nerror: 1 error\n"
        )
    );
}

#[test]
fn a_server_takes_both_secrets_and_the_patch() {
    let Some(kubectl) = api_server() else { return };
    kubectl.run(&["create", "namespace", "secrets"], "");
    for (args, name) in [(&["secret", "prod"][..], "prod-auth"), (&["secret", "tls", "prod"], "prod-tls")] {
        let secret = pgpod([args, &["-n", "secrets"]].concat()).stdout;
        let made = kubectl.run(&["create", "--validate=strict", "-f", "-"], &secret);
        assert_eq!((made.stdout, made.stderr), (format!("secret/{name} created\n"), String::new()));
    }
    let password = "jsonpath={.data.app-password} {.data.backup-password}";
    let read = || kubectl.run(&["get", "secret", "prod-auth", "-n", "secrets", "-o", password], "").stdout;
    let before = read();
    let patch = pgpod(["secret", "prod", "--rotate", "app"]).stdout;
    let args =
        ["patch", "secret", "prod-auth", "-n", "secrets", "--type", "merge", "--patch-file", "/dev/stdin"];
    assert_eq!(kubectl.run(&args, &patch).stdout, "secret/prod-auth patched\n");
    let after = read();
    let parts = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (parts(&before), parts(&after));
    assert!(before[0] != after[0] && before[1] == after[1], "the app's is new, the backup's is not");
}
