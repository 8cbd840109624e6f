//! Keys that the user wrote and that have no effect while another key is as it is: a table.
//!
//! To add one: a row. What preset and defaults say is never reported, nor is what only repeats them.

use crate::config::{ClassName, Config, IndustrialSchema, ServiceType};
use crate::diagnostics::{Diagnostic, codes};
use crate::yaml::ValuePath;

use super::Subject;
use super::findings::Findings;

struct Row {
    /// Keys, each with all that is below it; `*` is every item of a list.
    keys: &'static [&'static str],
    /// Keys among them that this row is not about.
    but: &'static [&'static str],
    dead: fn(&Config) -> bool,
    why: &'static str,
    help: &'static str,
    /// Somebody who wrote this counts on what does not happen: data would be lost, clients left out.
    error: bool,
}

const fn row(
    keys: &'static [&'static str],
    dead: fn(&Config) -> bool,
    why: &'static str,
    help: &'static str,
) -> Row {
    Row { keys, but: &[], dead, why, help, error: false }
}

const TABLE: &[Row] = &[
    Row {
        error: true,
        ..row(
            &["persistence.existingClaim", "persistence.storageClass"],
            |config| !config.persistence.enabled,
            "`persistence.enabled` is false: the data is lost with the pod",
            "set `persistence.enabled` to true, or leave it out",
        )
    },
    row(
        &[
            "persistence.accessMode",
            "persistence.annotations",
            "persistence.labels",
            "persistence.wal.storageClass",
            "global.storageClass",
        ],
        |config| !config.persistence.enabled,
        "`persistence.enabled` is false: no claim is made",
        "set `persistence.enabled` to true, or leave it out",
    ),
    row(
        &["persistence.accessMode", "persistence.annotations", "persistence.labels"],
        |config| makes_no_claim(config) && config.persistence.enabled,
        "`persistence.existingClaim` names a claim that is made elsewhere",
        "leave it out, or change the claim itself",
    ),
    row(
        &["persistence.storageClass"],
        |config| {
            let persistence = &config.persistence;
            let of_wal = persistence.wal.enabled && persistence.wal.storage_class.is_none();
            persistence.enabled && persistence.existing_claim.is_some() && !of_wal
        },
        "`persistence.existingClaim` names a claim that has its class already",
        "leave it out",
    ),
    row(
        &["global.storageClass"],
        |config| config.persistence.enabled && every_claim_has_its_class(config),
        "every claim of the release has a class of its own, or is made elsewhere",
        "leave it out, or leave out the class of a claim",
    ),
    row(
        &["persistence.wal.size", "persistence.wal.storageClass"],
        |config| config.persistence.enabled && !config.persistence.wal.enabled,
        "`persistence.wal.enabled` is false: the log is on the data volume",
        "set `persistence.wal.enabled` to true, or leave it out",
    ),
    Row {
        error: true,
        ..row(
            &["service.nodePort"],
            |config| config.service.kind == ServiceType::ClusterIP,
            "a Service of type ClusterIP has no port on the nodes",
            "set `service.type` to NodePort or LoadBalancer, or leave it out",
        )
    },
    Row {
        error: true,
        ..row(
            &["service.loadBalancerSourceRanges"],
            |config| config.service.kind != ServiceType::LoadBalancer,
            "only a Service of type LoadBalancer is closed to other networks by it",
            "set `service.type` to LoadBalancer, or leave the ranges out",
        )
    },
    Row {
        error: true,
        ..row(
            &["postgresql.image.extensions"],
            |config| config.postgresql.image.repository.is_none(),
            "it states what an image of your own has; this one is of pgpod's table",
            "name your image with `postgresql.image.repository`, or leave the extensions out",
        )
    },
    row(
        &["postgresql.image.flavor"],
        |config| config.postgresql.image.repository.is_some(),
        "`postgresql.image.repository` names an image of your own",
        "leave it out: the image's tag says what it is built on",
    ),
    row(
        &["postgresql.maxConnections"],
        |config| has_parameter(config, "max_connections"),
        "`postgresql.config.max_connections` wins over it",
        "keep one of the two",
    ),
    row(
        &[
            "highAvailability.primary",
            "highAvailability.maxLag",
            "highAvailability.spread",
            "highAvailability.readService",
            "highAvailability.synchronous.method",
            "highAvailability.synchronous.number",
            "highAvailability.synchronous.commit",
            "podDisruptionBudget",
            "rbac",
        ],
        |config| !config.is_ha(),
        "`deploymentMode` is standalone: there is one server",
        "set `deploymentMode` to ha, or leave it out",
    ),
    Row {
        but: &["monitoring.exporter.enabled"],
        ..row(
            &["monitoring.exporter"],
            |config| !config.monitoring.exporter.enabled,
            "`monitoring.exporter.enabled` is false: there is no exporter",
            "set it to true, or leave this out",
        )
    },
    row(
        &["security.tls.secretName"],
        |config| !config.security.tls.enabled,
        "`security.tls.enabled` is false: the server has no certificate",
        "set `security.tls.enabled` to true, or leave it out",
    ),
    row(
        &[
            "postgresql.config.ssl_ciphers",
            "postgresql.config.ssl_dh_params_file",
            "postgresql.config.ssl_ecdh_curve",
            "postgresql.config.ssl_groups",
            "postgresql.config.ssl_max_protocol_version",
            "postgresql.config.ssl_min_protocol_version",
            "postgresql.config.ssl_prefer_server_ciphers",
            "postgresql.config.ssl_tls13_ciphers",
        ],
        |config| !config.security.tls.enabled,
        "`security.tls.enabled` is false: no connection is encrypted",
        "set `security.tls.enabled` to true, or leave it out",
    ),
    row(
        &["serviceAccount.annotations"],
        |config| !config.service_account.create,
        "`serviceAccount.create` is false: the account is made elsewhere",
        "annotate it there, or set `serviceAccount.create` to true",
    ),
    row(
        &["industrial.partitionMonthsAhead", "postgresql.databases.*.industrial"],
        |config| !config.industrial.enabled,
        "`industrial.enabled` is false: no industrial schema is made",
        "set `industrial.enabled` to true, or leave it out",
    ),
    row(
        &["industrial.partitionMonthsAhead"],
        |config| config.industrial.enabled && !has_partitions(config),
        "no table has partitions: TimescaleDB divides by itself, and only the schema `scada` has any",
        "leave it out",
    ),
];

/// Reports every key of a row whose feature is off, in one finding.
pub(super) fn keys_have_an_effect(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for row in TABLE.iter().filter(|row| (row.dead)(subject.config)) {
        let paths = |keys: &[&str]| -> Vec<ValuePath> {
            keys.iter().filter_map(|key| as_written(subject, key)).collect()
        };
        let but = paths(row.but);
        let keys = paths(row.keys);
        let mut given: Vec<ValuePath> = Vec::new();
        for path in keys.iter().flat_map(|key| found.given_below(key)) {
            // Two parameters of the table can be one by an old name.
            if !but.contains(&path) && !given.contains(&path) {
                given.push(path);
            }
        }
        let Some(first) = given.first() else { continue };
        let title = match given.len() {
            1 => format!("`{first}` has no effect"),
            more => format!("`{first}` and {} more {} no effect", more - 1, plural(more - 1)),
        };
        let finding = if row.error {
            Diagnostic::error(codes::NO_EFFECT, title)
        } else {
            Diagnostic::warning(codes::NO_EFFECT, title)
        };
        let places: Vec<(&ValuePath, &str)> = given.iter().map(|path| (path, "")).collect();
        found.at_all(&places, finding.cause(row.why).help(row.help));
    }
}

/// A key's path, a parameter's by the name that the values have for it.
fn as_written(subject: &Subject<'_>, key: &str) -> Option<ValuePath> {
    match key.strip_prefix("postgresql.config.") {
        Some(parameter) => Some(subject.parameter_at(parameter)),
        None => ValuePath::parse(key).ok(),
    }
}

fn plural(more: usize) -> &'static str {
    if more == 1 { "key have" } else { "keys have" }
}

/// Whether the release renders no claim at all, since the only one is made elsewhere.
fn makes_no_claim(config: &Config) -> bool {
    config.persistence.existing_claim.is_some() && !config.persistence.wal.enabled
}

fn every_claim_has_its_class(config: &Config) -> bool {
    let persistence = &config.persistence;
    let class = |class: &Option<ClassName>| class.is_some() || persistence.storage_class.is_some();
    let data = persistence.existing_claim.is_some() || class(&None);
    data && (!persistence.wal.enabled || class(&persistence.wal.storage_class))
}

fn has_parameter(config: &Config, name: &str) -> bool {
    config.postgresql.config.keys().any(|key| key.eq_ignore_ascii_case(name))
}

fn has_partitions(config: &Config) -> bool {
    let schemas =
        config.postgresql.databases.iter().flat_map(|database| database.industrial.iter().flatten());
    !config.postgresql.extensions.timescaledb.enabled
        && schemas.into_iter().any(|schema| *schema == IndustrialSchema::Scada)
}

#[cfg(test)]
mod tests {
    use super::TABLE;
    use crate::config::schema;
    use crate::yaml::{Step, ValuePath};

    /// Whether the schema has a key.
    fn exists(path: &ValuePath) -> bool {
        let root = schema();
        let resolve = |node: &serde_json::Value| {
            let name = node.get("$ref").and_then(|name| name.as_str());
            let target = name.and_then(|name| root.pointer(name.trim_start_matches('#')));
            target.unwrap_or(node).clone()
        };
        let plain = |node: serde_json::Value| match node.get("anyOf").and_then(|any| any.get(0)) {
            Some(first) => resolve(first),
            None => resolve(&node),
        };
        let mut node = root.clone();
        for step in path.steps() {
            let Step::Key(key) = step else { return false };
            let next = if key == "*" {
                node.get("items")
            } else {
                node.pointer(&format!("/properties/{key}")).or_else(|| node.get("additionalProperties"))
            };
            let Some(next) = next else { return false };
            node = plain(next.clone());
        }
        true
    }

    #[test]
    fn every_row_names_keys_of_the_schema() {
        for key in TABLE.iter().flat_map(|row| row.keys.iter().chain(row.but)) {
            let path = ValuePath::parse(key).unwrap();
            assert!(exists(&path), "{key} is no key");
        }
    }
}
