//! Several servers: who writes, who follows, and what Kubernetes is told about them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::{Config, Spread};
use crate::quantity::Quantity;
use crate::rules::Facts;

use super::containers::{self, Container};
use super::{Claim, Labels, Metadata, Release, claims};

/// Several servers.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HighAvailability {
    pub replicas: u32,
    /// The ordinal of the primary.
    pub primary: u32,
    /// Whether commits wait for standbys.
    pub synchronous: bool,
    /// Every pod, by ordinal.
    pub pods: Vec<String>,
    /// The file `high-availability` of the mounted configuration: what the scripts follow without a restart.
    pub file: String,
    /// The templates of the claims.
    pub claims: Vec<Claim>,
    pub disruption_budget: Option<Metadata>,
    pub reading: Option<Reading>,
    /// The Role and its binding, by which pods may label themselves.
    pub role: Option<Metadata>,
}

/// What leads clients to standbys.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    pub container: Container,
    pub service: Metadata,
    /// The labels of standbys that may be read from.
    pub selector: BTreeMap<String, String>,
}

pub(super) fn plan(
    config: &Config,
    release: &Release,
    facts: &Facts,
    labels: &Labels,
) -> Option<HighAvailability> {
    let ha = &config.high_availability;
    let reading = || {
        let mut selector = labels.selector("database");
        selector.insert("pgpod/role".to_owned(), "standby".to_owned());
        Reading {
            container: containers::role(config, facts),
            service: labels.object("ro", "database"),
            selector,
        }
    };
    config.is_ha().then(|| HighAvailability {
        replicas: ha.replicas,
        primary: ha.primary,
        synchronous: ha.synchronous.enabled,
        pods: (0..ha.replicas).map(|ordinal| pod(release, ordinal)).collect(),
        file: file(config),
        claims: claims::templates(config, labels),
        disruption_budget: config.pod_disruption_budget.enabled.then(|| labels.object("", "database")),
        reading: ha.read_service.enabled.then(reading),
        role: (ha.read_service.enabled && config.rbac.create).then(|| labels.object("", "database")),
    })
}

/// The name of a server's pod, which is its address below the headless Service and its name as a standby.
pub(super) fn pod(release: &Release, ordinal: u32) -> String {
    format!("{}-{ordinal}", release.name)
}

/// The hosts of the servers, `%` being the ordinal: they resolve in the namespace.
pub(super) fn peers(release: &Release) -> String {
    format!("{0}-%.{0}-headless", release.name)
}

fn file(config: &Config) -> String {
    let ha = &config.high_availability;
    let synchronous = if ha.synchronous.enabled { ha.synchronous.method.as_str() } else { "off" };
    let lag = ha.max_lag.as_ref().and_then(|lag| Quantity::parse(lag.as_str()).ok());
    format!(
        "primary={}\nreplicas={}\nsynchronous={synchronous}\nnumber={}\nmax_lag={}\n",
        ha.primary,
        ha.replicas,
        ha.synchronous.number,
        lag.map_or_else(String::new, |bytes| bytes.units().to_string()),
    )
}

/// How the pods spread over hosts and zones, but for what the values say of the same.
pub(super) fn spread(config: &Config, labels: &Labels, own: &[Json]) -> Vec<Json> {
    if !config.is_ha() {
        return Vec::new();
    }
    let constraint = |key: &str, hard: bool| {
        let mut constraint = json!({
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": if hard { "DoNotSchedule" } else { "ScheduleAnyway" },
            "labelSelector": { "matchLabels": labels.selector("database") },
        });
        if hard {
            // Without it, a cluster of one host would be as well spread as any.
            constraint["minDomains"] = 2.into();
        }
        constraint
    };
    let hard = config.high_availability.spread != Some(Spread::Soft);
    let mut list =
        vec![constraint("kubernetes.io/hostname", hard), constraint("topology.kubernetes.io/zone", false)];
    list.retain(|ours| !own.iter().any(|other| other.get("topologyKey") == ours.get("topologyKey")));
    list
}
