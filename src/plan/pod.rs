//! The pod: its containers, volumes and the paths in it.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::Config;
use crate::rules::Facts;

use super::containers::{self, Container};
use super::{Labels, Metadata, Release, high_availability, names, storage};

/// The pod of the release.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pod {
    /// The Deployment's or StatefulSet's metadata.
    pub workload: Metadata,
    /// The pod template's metadata.
    pub metadata: Metadata,
    pub service_account_name: String,
    pub security_context: Json,
    pub termination_grace_period_seconds: u32,
    pub image_pull_secrets: Option<Json>,
    pub node_selector: Option<Json>,
    pub tolerations: Option<Json>,
    pub affinity: Option<Json>,
    pub topology_spread_constraints: Option<Json>,
    pub priority_class_name: Option<String>,
    pub scheduler_name: Option<String>,
    pub server: Container,
    pub keeper: Container,
    pub exporter: Option<Container>,
    /// What every container is restricted by.
    pub restricted: Json,
    /// The same, for the exporter's own user.
    pub exporter_security: Json,
    pub extra_containers: Vec<Json>,
    pub init_containers: Option<Vec<Json>>,
    pub volumes: Vec<Json>,
}

pub(super) fn pod(config: &Config, release: &Release, facts: &Facts, labels: &Labels, checksum: &str) -> Pod {
    let security = &config.security.pod_security_context;
    let pull_secrets: Vec<Json> =
        config.global.image_pull_secrets.iter().map(|name| json!({ "name": name.as_str() })).collect();
    let spread = containers::as_is(&config.topology_spread_constraints);
    Pod {
        workload: labels.object("", "database"),
        metadata: labels.pod(config, checksum),
        service_account_name: account(config, release),
        security_context: json!({
            "runAsNonRoot": true,
            "runAsUser": security.run_as_user,
            "runAsGroup": security.run_as_group,
            "fsGroup": security.fs_group,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": { "type": "RuntimeDefault" },
        }),
        termination_grace_period_seconds: config.termination_grace_period_seconds,
        image_pull_secrets: some(pull_secrets),
        node_selector: node_selector(config, facts),
        tolerations: some(containers::as_is(&config.tolerations)),
        affinity: config.affinity.as_ref().map(|affinity| affinity.0.clone()),
        topology_spread_constraints: some(
            [high_availability::spread(config, labels, &spread), spread].concat(),
        ),
        priority_class_name: config.priority_class_name.as_ref().map(|name| name.as_str().to_owned()),
        scheduler_name: config.scheduler_name.as_ref().map(|name| name.as_str().to_owned()),
        server: containers::server(config, release, facts),
        keeper: containers::keeper(config, release, facts),
        exporter: config.monitoring.exporter.enabled.then(|| containers::exporter(config, facts)),
        restricted: restricted(None),
        exporter_security: restricted(Some(names::EXPORTER_UID)),
        extra_containers: containers::as_is(&config.extra_containers),
        init_containers: Some(containers::as_is(&config.extra_init_containers)).filter(|c| !c.is_empty()),
        volumes: storage::volumes(config, release, facts, labels),
    }
}

fn restricted(user: Option<u32>) -> Json {
    let mut context = json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": { "drop": ["ALL"] },
    });
    if let Some(user) = user {
        context["runAsUser"] = user.into();
        context["runAsGroup"] = user.into();
    }
    context
}

fn account(config: &Config, release: &Release) -> String {
    let account = &config.service_account;
    match (&account.name, account.create) {
        (Some(name), _) => name.as_str().to_owned(),
        (None, true) => release.name.clone(),
        (None, false) => "default".to_owned(),
    }
}

/// The pod goes where the values say, and where the image has a build.
fn node_selector(config: &Config, facts: &Facts) -> Option<Json> {
    let mut selector = serde_json::Map::new();
    let only = match facts.image.architectures.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    };
    if let Some(architecture) = config.architecture.map(|a| a.as_str().to_owned()).or(only) {
        selector.insert("kubernetes.io/arch".into(), architecture.into());
    }
    selector.extend(config.node_selector.iter().map(|(key, value)| (key.clone(), value.as_str().into())));
    (!selector.is_empty()).then_some(Json::Object(selector))
}

fn some(items: Vec<Json>) -> Option<Json> {
    (!items.is_empty()).then_some(Json::Array(items))
}
