//! Why a key ends up nowhere, or cannot be tried alone: the keys that it counts with. To add one: a row.
//!
//! `tests/explain.rs` demands a row of every documented key that shows nowhere with the defaults.

use crate::config::{Config, ServiceType};
use crate::yaml::ValuePath;

struct Row {
    /// Keys, each with all that is below it.
    keys: &'static [&'static str],
    /// Whether the values have what they need.
    met: fn(&Config) -> bool,
    /// What that is; it follows "it counts once".
    needs: &'static str,
}

const TABLE: &[Row] = &[
    Row {
        keys: &[
            "highAvailability.maxLag",
            "highAvailability.primary",
            "highAvailability.readService",
            "highAvailability.spread",
            "highAvailability.synchronous",
            "podDisruptionBudget",
            "rbac",
        ],
        met: Config::is_ha,
        needs: "`deploymentMode` is `ha`",
    },
    Row {
        keys: &[
            "highAvailability.synchronous.commit",
            "highAvailability.synchronous.method",
            "highAvailability.synchronous.number",
        ],
        met: |config| config.high_availability.synchronous.enabled,
        needs: "`highAvailability.synchronous.enabled` is true",
    },
    Row {
        keys: &[
            "highAvailability.maxLag",
            "highAvailability.readService.image",
            "highAvailability.readService.resources",
            "rbac",
        ],
        met: |config| config.high_availability.read_service.enabled,
        needs: "`highAvailability.readService.enabled` is true",
    },
    Row {
        keys: &["persistence.wal.retire", "persistence.wal.size", "persistence.wal.storageClass"],
        met: |config| config.persistence.wal.enabled,
        needs: "`persistence.wal.enabled` is true",
    },
    Row {
        keys: &["service.nodePort"],
        met: |config| config.service.kind != ServiceType::ClusterIP,
        needs: "`service.type` is `NodePort` or `LoadBalancer`",
    },
    Row {
        keys: &["service.loadBalancerSourceRanges"],
        met: |config| config.service.kind == ServiceType::LoadBalancer,
        needs: "`service.type` is `LoadBalancer`",
    },
    Row {
        keys: &["security.tls.secretName"],
        met: |config| config.security.tls.enabled,
        needs: "`security.tls.enabled` is true",
    },
    Row {
        keys: &["monitoring.exporter.image", "monitoring.exporter.port", "monitoring.exporter.resources"],
        met: |config| config.monitoring.exporter.enabled,
        needs: "`monitoring.exporter.enabled` is true",
    },
    Row {
        keys: &[
            "persistence.accessMode",
            "persistence.annotations",
            "persistence.labels",
            "persistence.storageClass",
        ],
        met: |config| config.persistence.enabled,
        needs: "`persistence.enabled` is true",
    },
    Row {
        keys: &["postgresql.auth.existingSecret.keys"],
        met: |config| config.postgresql.auth.existing_secret.is_some(),
        needs: "`postgresql.auth.existingSecret.name` names a Secret",
    },
    Row {
        keys: &["postgresql.image.extensions"],
        met: |config| config.postgresql.image.repository.is_some(),
        needs: "`postgresql.image.repository` names an image of your own",
    },
    Row {
        keys: &["postgresql.image.repository"],
        met: |config| config.postgresql.image.tag.is_some() || config.postgresql.image.digest.is_some(),
        needs: "`postgresql.image.tag` or `postgresql.image.digest` is given with it",
    },
    Row {
        keys: &["postgresql.extensions.pgaudit", "postgresql.extensions.pgCron"],
        met: |config| config.postgresql.image.extensions.is_some(),
        needs: "the image has the extension: pgpod's own images lack it, and `postgresql.image.extensions` says what one of \
                yours has",
    },
    Row {
        keys: &[
            "postgresql.auth.password",
            "postgresql.auth.postgresPassword",
            "postgresql.auth.readOnlyPassword",
            "postgresql.auth.replicationPassword",
        ],
        met: |config| config.postgresql.auth.password.is_some(),
        needs: "all four passwords are given, and then in the Secret alone; without them somebody else makes that Secret, \
                such as `pgpod secret`",
    },
];

/// What of the values keeps a key from counting.
pub(super) fn needs(config: &Config, path: &ValuePath) -> Option<String> {
    if path.to_string() == "resourcePreset" {
        return Some(
            "in all that the preset decides, which is below every other layer: `pgpod preset show` has it of each preset"
                .to_owned(),
        );
    }
    let about = |key: &&str| ValuePath::parse(key).is_ok_and(|key| path.starts_with(&key));
    let rows = TABLE.iter().filter(|row| !(row.met)(config) && row.keys.iter().any(about));
    let needs: Vec<&str> = rows.map(|row| row.needs).collect();
    (!needs.is_empty()).then(|| format!("nowhere as the values are: it counts once {}", needs.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::TABLE;
    use crate::config::document;
    use crate::yaml::ValuePath;

    #[test]
    fn every_row_is_about_keys() {
        for key in TABLE.iter().flat_map(|row| row.keys) {
            assert!(document(&ValuePath::parse(key).unwrap()).is_ok(), "{key}");
        }
    }
}
