//! Names of the original chart and of Bitnami's that are called otherwise here: an error tells the new one.

/// The old path, and what to write instead.
pub(super) const RENAMED: &[(&str, &str)] = &[
    ("auth", "`postgresql.auth`"),
    ("customPgHba", "`postgresql.hba`"),
    ("customPostgresqlConf", "`postgresql.config`"),
    ("fullnameOverride", "the release's name: every object is called after it"),
    ("global.image", "`postgresql.image`"),
    ("global.namespaceOverride", "`--namespace`"),
    ("global.postgresql", "`postgresql`"),
    ("global.postgresqlVersion", "`postgresql.version`"),
    ("highAvailability.enabled", "`deploymentMode`"),
    ("image", "`postgresql.image`"),
    ("initContainers", "`extraInitContainers`"),
    ("initialDatabases", "`postgresql.databases`"),
    ("metrics", "`monitoring`"),
    ("nameOverride", "the release's name: every object is called after it"),
    ("persistence.wal.mountPath", "`persistence.wal`: the path is fixed"),
    (
        "postgresql.auth.authMethod",
        "`postgresql.hba`: passwords are scram-sha-256 unless a rule says otherwise",
    ),
    ("postgresql.auth.database", "`postgresql.databases`"),
    ("postgresql.auth.trustLocal", "`postgresql.hba`: the socket is for peers only"),
    ("postgresql.customPgHba", "`postgresql.hba`"),
    ("postgresql.customPostgresqlConf", "`postgresql.config`"),
    ("postgresql.initialDatabases", "`postgresql.databases`"),
    ("postgresqlConfiguration", "`postgresql.config`"),
    ("postgresqlDatabase", "`postgresql.databases`"),
    ("postgresqlPassword", "`postgresql.auth.password`"),
    ("postgresqlUsername", "`postgresql.auth.username`"),
    ("primary", "the top-level keys: `resources`, `persistence`, `service`"),
    ("primary.persistence", "`persistence`"),
    ("resourcePresets", "a preset file for `--preset`"),
    (
        "security.containerSecurityContext",
        "`patches`: every container already is as restricted as Kubernetes allows",
    ),
    ("sidecars", "`extraContainers`"),
];

/// What to write instead of an old name.
pub(super) fn renamed(path: &str) -> Option<&'static str> {
    RENAMED.binary_search_by_key(&path, |(old, _)| old).ok().map(|at| RENAMED[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_names_are_sorted_and_unique() {
        assert!(RENAMED.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
