//! The Service that clients connect to.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LabelValue, Line, Text};

/// The Service that clients connect to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// How the Service is reached.
    #[serde(rename = "type")]
    pub kind: ServiceType,
    /// The port that clients connect to.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// The port on every node, for the types NodePort and LoadBalancer. Without it: Kubernetes chooses.
    #[schemars(range(min = 1, max = 65535))]
    pub node_port: Option<u16>,
    /// Networks that may reach a LoadBalancer, in CIDR notation.
    pub load_balancer_source_ranges: Vec<Line>,
    /// Labels of the Service.
    #[schemars(extend("x-keys" = "label-key"))]
    pub labels: BTreeMap<String, LabelValue>,
    /// Annotations of the Service.
    #[schemars(extend("x-keys" = "label-key"))]
    pub annotations: BTreeMap<String, Text>,
}

/// How a Service is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ServiceType {
    ClusterIP,
    NodePort,
    LoadBalancer,
}

impl ServiceType {
    /// Its name in Kubernetes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClusterIP => "ClusterIP",
            Self::NodePort => "NodePort",
            Self::LoadBalancer => "LoadBalancer",
        }
    }
}
