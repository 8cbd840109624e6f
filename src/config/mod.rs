//! Typed values. The doc comments here are the values' documentation: the schema, `explain` and the
//! README's table are made of them. Defaults are not here but in `presets/defaults.yaml`.
//!
//! To add a value: a field with its documentation, a line in `presets/defaults.yaml` (unless it is
//! optional), and what it changes in `plan/`; the test of dead values demands the last.

mod document;
mod high_availability;
mod image;
mod keyword;
mod kubernetes;
mod persistence;
mod postgresql;
mod renamed;
mod scalar;
mod schema;
mod service;
mod shape;
mod shown;
pub(crate) mod text;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::values::Merged;

pub use document::{Documented, UnknownKey, all_keys, document};
pub use high_availability::{
    HighAvailability, ReadService, Spread, Synchronous, SynchronousCommit, SynchronousMethod,
};
pub use kubernetes::{
    DisruptionBudget, Exporter, Global, Image, Industrial, Monitoring, Patch, PodSecurity, PullPolicy, Rbac,
    Requirements, ResourceAmounts, Security, ServiceAccount, Tls,
};
pub use persistence::{AccessMode, Disk, Persistence, Wal};
pub use postgresql::{
    Auth, ConnectionType, Database, ExistingSecret, Extension, Extensions, Flavor, Grant, HbaRule,
    IndustrialSchema, InitScript, Postgresql, Privilege, RunWhen, Schema, SecretKeys, ServerImage, Version,
    Workload,
};
pub use schema::{json_schema, schema};
pub use service::{Service, ServiceType};
pub use shown::{at, passed_through, raw_shown, secrets, secrets_below, shown, starred};
pub use text::{
    ClassName, Digest, DnsLabel, DnsSubdomain, FileName, Identifier, Kubernetes, LabelValue, Line, Registry,
    Repository, Secret, StorageSize, Tag, Text, Token,
};

/// All values of a release.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    /// How PostgreSQL runs: `standalone`, one server in a Deployment, or `ha`, several in a StatefulSet.
    pub deployment_mode: DeploymentMode,
    /// The built-in preset: the shape (CPU, memory, storage, connections) that everything is derived from.
    /// `--preset` wins over it.
    pub resource_preset: PresetName,
    /// The processor that the pod is bound to. Without it the pod runs on any node that the image has a build for.
    pub architecture: Option<Architecture>,
    /// What holds for every object and image of the release.
    pub global: Global,
    /// The server: version, image, roles, parameters, databases.
    pub postgresql: Postgresql,
    /// The industrial schemas: whether they are made, and how far ahead their partitions are.
    pub industrial: Industrial,
    /// CPU and memory of the server's container. The preset sets them; the memory limit decides the server's parameters.
    pub resources: Requirements,
    /// Several servers, where `deploymentMode` is `ha`.
    pub high_availability: HighAvailability,
    /// How many servers may be away while nodes are drained.
    pub pod_disruption_budget: DisruptionBudget,
    /// The volumes.
    pub persistence: Persistence,
    /// The Service that clients connect to.
    pub service: Service,
    /// Metrics for Prometheus.
    pub monitoring: Monitoring,
    /// Users, groups and TLS.
    pub security: Security,
    /// The account that the pod runs under. It needs no rights, but to label its own pods for the Service for reading.
    pub service_account: ServiceAccount,
    /// Rights in Kubernetes.
    pub rbac: Rbac,
    /// Labels on every object.
    #[schemars(extend("x-keys" = "label-key"))]
    pub common_labels: BTreeMap<String, LabelValue>,
    /// Annotations on every object.
    #[schemars(extend("x-keys" = "label-key"))]
    pub common_annotations: BTreeMap<String, Text>,
    /// Labels on the pod alone.
    #[schemars(extend("x-keys" = "label-key"))]
    pub pod_labels: BTreeMap<String, LabelValue>,
    /// Annotations on the pod alone.
    #[schemars(extend("x-keys" = "label-key"))]
    pub pod_annotations: BTreeMap<String, Text>,
    /// Labels that a node must have to run the pod.
    #[schemars(extend("x-keys" = "label-key"))]
    pub node_selector: BTreeMap<String, LabelValue>,
    /// Taints of nodes that the pod tolerates, in Kubernetes' shape.
    pub tolerations: Vec<Kubernetes>,
    /// Affinity of the pod, in Kubernetes' shape.
    pub affinity: Option<Kubernetes>,
    /// How pods spread over nodes and zones, in Kubernetes' shape.
    pub topology_spread_constraints: Vec<Kubernetes>,
    /// The priority class of the pod.
    pub priority_class_name: Option<DnsSubdomain>,
    /// The scheduler of the pod, where it is not Kubernetes' own.
    pub scheduler_name: Option<DnsSubdomain>,
    /// Seconds that the server has to stop (its shutdown checkpoint included) before it is killed.
    #[schemars(range(min = 1, max = 86400))]
    pub termination_grace_period_seconds: u32,
    /// More environment for the server's container, in Kubernetes' shape.
    pub extra_env: Vec<Kubernetes>,
    /// More volumes for the pod, in Kubernetes' shape.
    pub extra_volumes: Vec<Kubernetes>,
    /// More mounts for the server's container, in Kubernetes' shape.
    pub extra_volume_mounts: Vec<Kubernetes>,
    /// More init containers, in Kubernetes' shape.
    pub extra_init_containers: Vec<Kubernetes>,
    /// More containers beside the server, in Kubernetes' shape.
    pub extra_containers: Vec<Kubernetes>,
    /// More objects, in Kubernetes' shape.
    pub extra_objects: Vec<Kubernetes>,
    /// Changes to rendered objects, by strategic merge: the way out when no value fits.
    pub patches: Vec<Patch>,
}

/// How PostgreSQL runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeploymentMode {
    Standalone,
    Ha,
}

/// A built-in preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PresetName {
    Edge,
    Small,
    Medium,
    Large,
    Xlarge,
}

/// A processor architecture, by Kubernetes' name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    Amd64,
    Arm64,
}

impl Architecture {
    /// Its name in `kubernetes.io/arch`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

impl Config {
    /// Whether there are several servers.
    pub fn is_ha(&self) -> bool {
        self.deployment_mode == DeploymentMode::Ha
    }

    /// Types the merged values by the schema. Every misfit is an error in `found`; the built-in value stands in for it, so that
    /// later stages can judge the rest in the same run; which ones these are, `merged` knows then.
    pub fn from_merged(merged: &mut Merged, found: &mut Diagnostics) -> Option<Self> {
        let (typed, stand_ins) = shape::shape(merged, schema(), found)?;
        merged.stand_ins = stand_ins;
        match serde_json::from_value(typed) {
            Ok(config) => Some(config),
            // A value that stands in for a wrong one may not fit its neighbours: what is wrong is said already.
            Err(_) if found.has_errors() => None,
            Err(error) => {
                found.push(
                    Diagnostic::error(codes::SCHEMA_GAP, "the values fit their schema, but not the program")
                        .cause(error.to_string())
                        .help("this is a mistake of pgpod: please report it with the values"),
                );
                None
            }
        }
    }
}
