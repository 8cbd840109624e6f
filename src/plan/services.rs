//! The Services.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::{Config, ServiceType};

use super::{Labels, Metadata, Release, high_availability, names};

/// The Services of a release.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Services {
    /// `<release>`: where clients connect.
    pub primary: ServicePlan,
    /// `<release>-headless`: the pods by their own addresses.
    pub headless: ServicePlan,
    /// `<release>-metrics`: apart, so that opening the database to the outside does not open the metrics.
    pub metrics: Option<ServicePlan>,
}

/// A Service.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePlan {
    pub metadata: Metadata,
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The labels of its pods.
    pub selector: BTreeMap<String, String>,
    pub port: u16,
    pub node_port: Option<u16>,
    pub load_balancer_source_ranges: Option<Vec<String>>,
}

pub(super) fn services(config: &Config, release: &Release, labels: &Labels) -> Services {
    let service = &config.service;
    let ranges: Vec<String> =
        service.load_balancer_source_ranges.iter().map(|r| r.as_str().to_owned()).collect();
    let mut primary = labels.selector("database");
    if config.is_ha() {
        // A pod, and not a role: whoever the values call the primary gets the writes, or nobody does.
        let pod = high_availability::pod(release, config.high_availability.primary);
        primary.insert("statefulset.kubernetes.io/pod-name".to_owned(), pod);
    }
    let internal = |suffix, component, port| ServicePlan {
        metadata: labels.object(suffix, component),
        kind: "ClusterIP",
        selector: labels.selector("database"),
        port,
        node_port: None,
        load_balancer_source_ranges: None,
    };
    Services {
        primary: ServicePlan {
            metadata: labels
                .object("", "database")
                .with_labels(&service.labels)
                .with_annotations(&service.annotations),
            kind: service.kind.as_str(),
            selector: primary,
            port: service.port,
            node_port: service.node_port.filter(|_| service.kind != ServiceType::ClusterIP),
            load_balancer_source_ranges: (service.kind == ServiceType::LoadBalancer && !ranges.is_empty())
                .then_some(ranges),
        },
        headless: internal("headless", "database", names::PORT),
        metrics: config
            .monitoring
            .exporter
            .enabled
            .then(|| internal("metrics", "metrics", config.monitoring.exporter.port)),
    }
}
