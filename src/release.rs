//! A release and the names of what it consists of: what rules and plan both build on.

use serde::Serialize;

/// What the command line says of a release, beside its values.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Its name: every object is called after it.
    pub name: String,
    /// The namespace of its objects.
    pub namespace: String,
    /// Whether the namespace itself is rendered.
    pub create_namespace: bool,
    /// The minor version of Kubernetes that the objects are for.
    pub kube_version: u32,
}

/// The names of a release's objects and of its roles.
pub mod names {
    /// The superuser. It comes in over the socket only.
    pub const SUPERUSER: &str = "postgres";
    /// The role of postgres_exporter. It comes in over the socket only and has no password.
    pub const EXPORTER: &str = "pgpod_exporter";
    /// The user of the exporter's container, by its own image.
    pub const EXPORTER_UID: u32 = 65534;
    /// The port of the server in its pod.
    pub const PORT: u16 = 5432;

    /// The ConfigMap that the cluster keeps in every namespace: what its API server's certificate is checked with.
    pub const CLUSTER_CA: &str = "kube-root-ca.crt";

    /// The Secret with passwords.
    pub fn auth(release: &str) -> String {
        format!("{release}-auth")
    }

    /// The Secret with the server's certificate.
    pub fn tls(release: &str) -> String {
        format!("{release}-tls")
    }

    /// The longest name that anything of a release has is this much longer than the release's: the revision of a
    /// StatefulSet, which is in a label of its pods (without room for it, no pod is made: kubernetes/kubernetes#64023).
    pub const LONGEST_SUFFIX: usize = "-0123456789".len();
}
