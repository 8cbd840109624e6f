//! Values with a text at every key that takes a free one.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

/// Texts by the key that they are for.
pub(super) type Texts = BTreeMap<String, String>;

/// A word of its own for each key: none is part of another.
pub(super) fn plain() -> Texts {
    KEYS.iter().enumerate().map(|(nth, key)| ((*key).to_owned(), format!("name{nth:02}x"))).collect()
}

const KEYS: &[&str] = &[
    "commonAnnotations.*",
    "commonLabels.*",
    "extraEnv[]",
    "extraObjects[]",
    "nodeSelector.*",
    "patches[].patch",
    "persistence.annotations.*",
    "persistence.labels.*",
    "podAnnotations.*",
    "podLabels.*",
    "postgresql.auth.owner",
    "postgresql.auth.password",
    "postgresql.auth.postgresPassword",
    "postgresql.auth.readOnlyPassword",
    "postgresql.auth.readOnlyUsername",
    "postgresql.auth.replicationPassword",
    "postgresql.auth.replicationUsername",
    "postgresql.auth.username",
    "postgresql.config.*",
    "postgresql.databases[].extensions[]",
    "postgresql.databases[].grants[].role",
    "postgresql.databases[].name",
    "postgresql.databases[].owner",
    "postgresql.databases[].schemas[].name",
    "postgresql.databases[].schemas[].owner",
    "postgresql.extensions.other[]",
    "postgresql.hba[].databases[]",
    "postgresql.hba[].options.*",
    "postgresql.hba[].users[]",
    "postgresql.image.acceptFamily",
    "postgresql.image.extensions[]",
    "postgresql.initScripts[].as",
    "postgresql.initScripts[].database",
    "postgresql.initScripts[].sql",
    "service.annotations.*",
    "service.labels.*",
    "serviceAccount.annotations.*",
];

/// A name in a rule that is exactly this name, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The values with these texts.
pub(super) fn values(texts: &Texts) -> Json {
    let text = |key: &str| texts[key].as_str();
    let database = text("postgresql.databases[].name");
    let extensions = [
        text("postgresql.extensions.other[]"),
        text("postgresql.databases[].extensions[]"),
        text("postgresql.image.extensions[]"),
    ];
    json!({
        "commonAnnotations": { "example.com/common": text("commonAnnotations.*") },
        "commonLabels": { "example.com/common": text("commonLabels.*") },
        "podAnnotations": { "example.com/pod": text("podAnnotations.*") },
        "podLabels": { "example.com/pod": text("podLabels.*") },
        "nodeSelector": { "example.com/node": text("nodeSelector.*") },
        "persistence": {
            "annotations": { "example.com/claim": text("persistence.annotations.*") },
            "labels": { "example.com/claim": text("persistence.labels.*") },
        },
        "service": {
            "type": "LoadBalancer",
            "annotations": { "example.com/service": text("service.annotations.*") },
            "labels": { "example.com/service": text("service.labels.*") },
        },
        "serviceAccount": { "annotations": { "example.com/account": text("serviceAccount.annotations.*") } },
        "extraEnv": [{ "name": "FREE", "value": text("extraEnv[]") }],
        "extraObjects": [
            { "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "more" }, "data": { "key": text("extraObjects[]") } },
        ],
        "patches": [{
            "kind": "Service",
            "name": "demo",
            "patch": { "metadata": { "annotations": { "example.com/patch": text("patches[].patch") } } },
        }],
        "postgresql": {
            "auth": {
                "owner": text("postgresql.auth.owner"),
                "username": text("postgresql.auth.username"),
                "readOnlyUsername": text("postgresql.auth.readOnlyUsername"),
                "replicationUsername": text("postgresql.auth.replicationUsername"),
                "postgresPassword": text("postgresql.auth.postgresPassword"),
                "password": text("postgresql.auth.password"),
                "readOnlyPassword": text("postgresql.auth.readOnlyPassword"),
                "replicationPassword": text("postgresql.auth.replicationPassword"),
            },
            "config": { "log_line_prefix": text("postgresql.config.*") },
            "image": {
                "repository": "example/postgres",
                "tag": "17",
                "acceptFamily": text("postgresql.image.acceptFamily"),
                "extensions": extensions,
            },
            "hba": [{
                "type": "host",
                "databases": [quoted(text("postgresql.hba[].databases[]"))],
                "users": [quoted(text("postgresql.hba[].users[]"))],
                "address": "10.0.0.0/8",
                "method": "ldap",
                "options": { "ldapserver": "directory", "ldapprefix": text("postgresql.hba[].options.*") },
            }],
            "databases": [{
                "name": database,
                "owner": text("postgresql.databases[].owner"),
                "extensions": [text("postgresql.databases[].extensions[]")],
                "schemas": [{
                    "name": text("postgresql.databases[].schemas[].name"),
                    "owner": text("postgresql.databases[].schemas[].owner"),
                }],
                "grants": [{ "role": text("postgresql.databases[].grants[].role"), "privilege": "read" }],
                "industrial": ["quality"],
            }],
            "extensions": { "other": [text("postgresql.extensions.other[]")] },
            "initScripts": [{
                "name": "one.sql",
                "database": database,
                "run": "once",
                "as": text("postgresql.initScripts[].as"),
                "sql": text("postgresql.initScripts[].sql"),
            }],
        },
    })
}
