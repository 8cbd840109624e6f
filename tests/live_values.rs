//! No dead values: every key of the schema, set to another valid value, changes the render.

use std::collections::BTreeMap;

use pgpod::values::Preset;
use serde_json::{Value as Json, json};

use crate::support::{Leaf, leaves, rendered, yaml};

/// What makes a key live, by the beginning of its name; the longest fitting row counts.
const BASES: &[(&str, &str)] = &[
    ("", "{}"),
    ("service.nodePort", "service: {type: NodePort}"),
    ("service.loadBalancerSourceRanges", "service: {type: LoadBalancer}"),
    ("persistence.wal", "persistence: {wal: {enabled: true}}"),
    ("persistence.wal.enabled", "{}"),
    ("highAvailability", HA),
    (
        "highAvailability.spread",
        "{deploymentMode: ha, highAvailability: {spread: soft}}",
    ),
    ("podDisruptionBudget", HA),
    ("rbac", HA),
    ("postgresql.sharedMemory", "{}"),
    ("postgresql.image", "{postgresql: {image: {repository: example/postgres, tag: '17', extensions: []}}}"),
    ("postgresql.image.flavor", "{}"),
    (
        "postgresql.image.extensions",
        "{postgresql: {image: {repository: example/postgres, tag: '17'}, extensions: {other: [hypopg]}}}",
    ),
    (
        "postgresql.auth",
        "{postgresql: {auth: {postgresPassword: a1, password: b2, readOnlyPassword: c3, replicationPassword: d4}}}",
    ),
    ("postgresql.auth.existingSecret", "{postgresql: {auth: {existingSecret: {name: elsewhere, keys: {}}}}}"),
    (
        "postgresql.hba",
        "{security: {tls: {enabled: true}}, postgresql: {hba: [{type: hostssl, databases: [energy_consumption],
          users: [someone], address: 10.0.0.0/8, method: ldap, options: {ldapserver: directory, ldapprefix: cn}}]}}",
    ),
    (
        "postgresql.hba[].method",
        "postgresql: {hba: [{type: host, users: [someone], address: 10.0.0.0/8, method: scram-sha-256}]}",
    ),
    ("postgresql.databases", "{postgresql: {databases: [{name: one}]}}"),
    ("postgresql.databases[].schemas", "{postgresql: {databases: [{name: one, schemas: [{name: parts}]}]}}"),
    (
        "postgresql.databases[].grants",
        "{postgresql: {databases: [{name: one, grants: [{role: auditor, privilege: connect}]}]}}",
    ),
    ("postgresql.databases[].industrial", "{postgresql: {databases: [{name: one, industrial: [quality]}]}}"),
    ("postgresql.extensions.pgaudit", IMAGE_WITH_ALL),
    ("postgresql.extensions.pgCron", IMAGE_WITH_ALL),
    ("postgresql.extensions.other", "{postgresql: {extensions: {other: [hstore]}}}"),
    (
        "postgresql.initScripts",
        "{postgresql: {initScripts: [{name: one.sql, database: quality_metrics, run: once, sql: SELECT 1}]}}",
    ),
    ("patches", "{patches: [{kind: ConfigMap, name: demo-init, patch: {metadata: {annotations: {a: b}}}}]}"),
    ("patches[].kind", "{patches: [{kind: ConfigMap, patch: {metadata: {annotations: {a: b}}}}]}"),
    ("security.tls.secretName", "security: {tls: {enabled: true}}"),
    ("extraVolumeMounts", "{extraVolumes: [{name: more, emptyDir: {}}]}"),
];

const HA: &str = "{deploymentMode: ha, highAvailability: {replicas: 3, synchronous: {enabled: true}}}";

/// A container that fits PodSecurity `restricted`, as the base's namespace demands.
const RESTRICTED: &str = "{name: more, image: example/more, \
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}";

const IMAGE_WITH_ALL: &str =
    "{postgresql: {image: {repository: example/postgres, tag: '17', extensions: [pgaudit, pg_cron]}}}";

/// Another valid value, where the format alone tells none.
const OTHERS: &[(&str, &str)] = &[
    ("resources.requests.cpu", "100m"),
    ("resources.requests.memory", "1Gi"),
    ("resources.limits.cpu", "3"),
    ("resources.limits.memory", "5Gi"),
    ("monitoring.exporter.resources.requests.cpu", "20m"),
    ("monitoring.exporter.resources.requests.memory", "33Mi"),
    ("monitoring.exporter.resources.limits.cpu", "300m"),
    ("monitoring.exporter.resources.limits.memory", "129Mi"),
    ("persistence.size", "51Gi"),
    ("persistence.wal.size", "21Gi"),
    ("postgresql.sharedMemory", "99Mi"),
    ("postgresql.config.*", "9MB"),
    ("postgresql.hba[].address", "192.168.0.0/16"),
    ("postgresql.hba[].method", "md5"),
    ("postgresql.databases[].encoding", "LATIN1"),
    ("postgresql.databases[].locale", "C"),
    ("postgresql.databases[].extensions[]", "hstore"),
    ("postgresql.extensions.other[]", "citext"),
    ("postgresql.image.extensions[]", "hypopg"),
    ("postgresql.initScripts[].database", "audit_trail"),
    ("postgresql.initScripts[].sql", "SELECT 2"),
    ("postgresql.initScripts[].transaction", "false"),
    ("service.loadBalancerSourceRanges[]", "10.0.0.0/8"),
    ("service.nodePort", "30001"),
    ("highAvailability.replicas", "5"),
    ("highAvailability.maxLag", "64Mi"),
    ("highAvailability.readService.resources.requests.cpu", "20m"),
    ("highAvailability.readService.resources.requests.memory", "33Mi"),
    ("highAvailability.readService.resources.limits.cpu", "300m"),
    ("highAvailability.readService.resources.limits.memory", "129Mi"),
    ("patches[].kind", "Service"),
    ("patches[].name", "demo-scripts"),
    ("patches[].patch", "{metadata: {annotations: {a: c}}}"),
    ("tolerations[]", "{key: a, operator: Exists}"),
    ("affinity", "{nodeAffinity: {}}"),
    (
        "topologySpreadConstraints[]",
        "{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}",
    ),
    ("extraEnv[]", "{name: A, value: b}"),
    ("extraVolumes[]", "{name: more, emptyDir: {}}"),
    ("extraVolumeMounts[]", "{name: more, mountPath: /more}"),
    ("extraInitContainers[]", RESTRICTED),
    ("extraContainers[]", RESTRICTED),
    ("extraObjects[]", "{apiVersion: v1, kind: ConfigMap, metadata: {name: more}}"),
];

/// Keys that make a render possible which is refused without them.
const REFUSED_WITHOUT: &[&str] = &["postgresql.image.extensions[]"];

/// The row of the longest beginning of a key's name.
fn base(name: &str) -> (&'static str, Json) {
    let fits = |row: &str| {
        name.strip_prefix(row).is_some_and(|rest| row.is_empty() || !rest.starts_with(char::is_alphabetic))
    };
    let row = BASES.iter().filter(|(row, _)| fits(row)).max_by_key(|(row, _)| row.len());
    let (row, text) = row.expect("the empty row fits every key");
    (row, yaml(text))
}

/// Values that the key does not have in the base; more than one for a choice.
fn others(leaf: &Leaf, now: Option<&Json>) -> Vec<Json> {
    let name = leaf.name();
    let choices = leaf.choices();
    if !choices.is_empty() {
        return choices.into_iter().map(Json::from).filter(|choice| Some(choice) != now).collect();
    }
    if let Some((_, value)) = OTHERS.iter().find(|(row, _)| *row == name) {
        return vec![if leaf.is("string") { json!(value) } else { yaml(value) }];
    }
    if leaf.is("boolean") {
        return vec![json!(now != Some(&json!(true)))];
    }
    if leaf.is("integer") {
        let least = leaf.schema["minimum"].as_u64().unwrap_or(0);
        return vec![json!(now.and_then(Json::as_u64).unwrap_or(least) + 1)];
    }
    let other = match leaf.format() {
        "digest" => format!("sha256:{}", "a".repeat(64)),
        "text" => "another\ntext".to_owned(),
        _ => "another".to_owned(),
    };
    vec![json!(other)]
}

#[test]
fn no_key_is_dead() {
    let mut problems = String::new();
    let mut before = BTreeMap::new();
    let preset = Preset::find("small").expect("it is the preset of the defaults");
    for leaf in leaves() {
        let name = leaf.name();
        let (row, base) = base(&name);
        let before = before.entry(row).or_insert_with(|| rendered(&base));
        if let (Err(why), false) = (&*before, REFUSED_WITHOUT.contains(&&*name)) {
            problems += &format!("{name}: its base does not render: {why}\n");
            continue;
        }
        let lower = [pgpod::pipeline::defaults(), yaml(preset.text)];
        let now = [&base].into_iter().chain(&lower).find_map(|values| leaf.get(values)).cloned();
        let others = others(&leaf, now.as_ref());
        if others.is_empty() && leaf.choices().len() == 1 {
            continue; // there is no other value
        }
        let mut refusals = String::new();
        let mut rendering = 0;
        for other in others {
            let mut values = base.clone();
            leaf.set(&mut values, other.clone());
            match rendered(&values) {
                Err(why) => refusals += &format!("{name}: {other} is refused: {why}"),
                Ok(after) => {
                    rendering += 1;
                    if before.as_ref() == Ok(&after) {
                        problems += &format!("{name}: {other} changes nothing\n");
                    }
                }
            }
        }
        // A choice may ask for more than its base has; one of them has to do.
        if rendering == 0 {
            problems += &refusals;
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn every_row_is_about_a_key() {
    let names: Vec<_> = leaves().iter().map(Leaf::name).collect();
    for (row, _) in OTHERS {
        assert!(names.contains(&(*row).to_owned()), "{row} is no key");
    }
    for (row, _) in BASES {
        assert!(names.iter().any(|name| name.starts_with(row)), "no key begins with {row}");
    }
}
