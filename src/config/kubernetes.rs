//! Values that shape Kubernetes objects around the server.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Digest, DnsSubdomain, Kubernetes, Line, Registry, Repository, StorageSize, Tag, Text};

/// What holds for every object and image of the release.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Global {
    /// The storage class of every claim that names none itself. Without it: the cluster's default class.
    pub storage_class: Option<DnsSubdomain>,
    /// The registry of every image that names none itself, for a mirror.
    pub image_registry: Option<Registry>,
    /// The Secrets with which images are pulled.
    pub image_pull_secrets: Vec<DnsSubdomain>,
}

/// CPU and memory of a container.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Requirements {
    /// What the container is scheduled by.
    pub requests: ResourceAmounts,
    /// What the container cannot exceed.
    pub limits: ResourceAmounts,
}

/// Amounts of CPU and memory.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceAmounts {
    /// CPUs of a container, as Kubernetes writes them: `2`, `500m`.
    pub cpu: StorageSize,
    /// Memory of a container, as Kubernetes writes it: `4Gi`.
    pub memory: StorageSize,
}

/// The industrial schemas.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Industrial {
    /// Whether databases get the industrial schemas and tables that they ask for.
    pub enabled: bool,
    /// Months that the partitions of `scada.sensor_data` are made ahead of today (without TimescaleDB).
    #[schemars(range(min = 25, max = 120))]
    pub partition_months_ahead: u32,
}

/// An image other than the server's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Image {
    /// The image's registry, where it is not the one of pgpod's table.
    pub registry: Option<Registry>,
    /// The image's repository, where it is not the one of pgpod's table.
    pub repository: Option<Repository>,
    /// The image's tag, where it is not the one of pgpod's table.
    pub tag: Option<Tag>,
    /// The digest that the image must have.
    pub digest: Option<Digest>,
    /// When the image is pulled.
    pub pull_policy: PullPolicy,
}

/// When an image is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

/// Metrics.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Monitoring {
    /// postgres_exporter, beside the server.
    pub exporter: Exporter,
}

/// postgres_exporter: it comes in over the socket as a role of `pg_monitor` and has no password.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exporter {
    /// Whether the exporter runs beside the server.
    pub enabled: bool,
    /// The exporter's image.
    pub image: Image,
    /// The port of the exporter's metrics.
    #[schemars(range(min = 1024, max = 65535))]
    pub port: u16,
    /// The CPU and memory of the exporter.
    pub resources: Requirements,
}

/// Users, groups and TLS.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Security {
    /// The user and groups of the server's containers.
    pub pod_security_context: PodSecurity,
    /// TLS for clients.
    pub tls: Tls,
}

/// The user and groups of the server's containers. Any user works with any image.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PodSecurity {
    /// The user that the server runs as.
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub run_as_user: u32,
    /// The group that the server runs as.
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub run_as_group: u32,
    /// The group that the volumes belong to.
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub fs_group: u32,
}

/// How many servers may be away while nodes are drained.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisruptionBudget {
    /// Whether there is a PodDisruptionBudget, where `deploymentMode` is `ha`: one server may be away at a time, and
    /// those that are not ready at any time.
    pub enabled: bool,
}

/// Rights in Kubernetes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rbac {
    /// Whether the Role and its binding are rendered with which the pods' account may label its pods, for the Service
    /// for reading. Otherwise they must exist.
    pub create: bool,
}

/// TLS for clients.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tls {
    /// Whether the server has a certificate. Clients over the network must then use TLS.
    pub enabled: bool,
    /// The Secret with `tls.crt` and `tls.key`. Without it: `<release>-tls`, as `pgpod secret tls` makes it.
    pub secret_name: Option<DnsSubdomain>,
}

/// The account that the pod runs under.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccount {
    /// Whether the ServiceAccount is rendered. Otherwise the one named must exist.
    pub create: bool,
    /// The ServiceAccount's name. Without it: the release's name where it is rendered, else `default`.
    pub name: Option<DnsSubdomain>,
    /// Annotations of the ServiceAccount.
    #[schemars(extend("x-keys" = "label-key"))]
    pub annotations: BTreeMap<String, Text>,
}

/// A change to rendered objects.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Patch {
    /// The kind of the objects: `Deployment`.
    pub kind: Line,
    /// The name of the object. Without it: every object of the kind.
    pub name: Option<DnsSubdomain>,
    /// The change, merged strategically: items of a list are found by their merge key, `null` deletes.
    pub patch: Kubernetes,
}

impl PullPolicy {
    /// Its name in Kubernetes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::IfNotPresent => "IfNotPresent",
            Self::Never => "Never",
        }
    }
}
