//! Names, labels and annotations of objects.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::{Config, LabelValue, Text};

use super::Release;

/// Annotations by which Helm, Argo CD and Flux keep an object that is no longer rendered.
const KEEP: [(&str, &str); 3] = [
    ("argocd.argoproj.io/sync-options", "Prune=false"),
    ("helm.sh/resource-policy", "keep"),
    ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
];

/// An object's metadata.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    pub labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Metadata {
    /// The same, kept when it is no longer rendered.
    pub(super) fn kept(mut self) -> Self {
        self.annotations.extend(KEEP.map(|(key, value)| (key.to_owned(), value.to_owned())));
        self
    }

    pub(super) fn with_labels(mut self, labels: &BTreeMap<String, LabelValue>) -> Self {
        self.labels.extend(labels.iter().map(|(key, value)| (key.clone(), value.as_str().to_owned())));
        self
    }

    pub(super) fn with_annotations(mut self, annotations: &BTreeMap<String, Text>) -> Self {
        self.annotations
            .extend(annotations.iter().map(|(key, value)| (key.clone(), value.as_str().to_owned())));
        self
    }
}

/// The labels of every object of a release, by which it is found again: also those that no render makes.
pub fn release_labels(release: &str, component: &str) -> BTreeMap<String, String> {
    let mut labels = selector(release, component);
    labels.insert("app.kubernetes.io/part-of".into(), "postgresql".into());
    labels.insert("app.kubernetes.io/managed-by".into(), "pgpod".into());
    labels
}

fn selector(release: &str, component: &str) -> BTreeMap<String, String> {
    [
        ("app.kubernetes.io/name", "postgresql"),
        ("app.kubernetes.io/instance", release),
        ("app.kubernetes.io/component", component),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into()
}

/// What every object of a release is labelled with.
#[derive(Debug, Clone)]
pub struct Labels {
    release: String,
    namespace: String,
    version: String,
    common: BTreeMap<String, LabelValue>,
    annotations: BTreeMap<String, Text>,
}

impl Labels {
    pub(super) fn new(config: &Config, release: &Release) -> Self {
        Self {
            release: release.name.clone(),
            namespace: release.namespace.clone(),
            version: config.postgresql.version.as_str().to_owned(),
            common: config.common_labels.clone(),
            annotations: config.common_annotations.clone(),
        }
    }

    pub(super) fn release_name(&self) -> &str {
        &self.release
    }

    /// The labels that selectors use: name, instance, component.
    pub(super) fn selector(&self, component: &str) -> BTreeMap<String, String> {
        selector(&self.release, component)
    }

    /// The labels of things that are never rendered with a version, since they cannot change: a pod's template, a claim's.
    pub(super) fn stable(&self, component: &str) -> BTreeMap<String, String> {
        let mut labels: BTreeMap<_, _> =
            self.common.iter().map(|(key, value)| (key.clone(), value.as_str().to_owned())).collect();
        labels.extend(release_labels(&self.release, component));
        labels
    }

    /// The metadata of `<release>-<suffix>`, or of the release's name alone where the suffix is empty.
    pub(super) fn object(&self, suffix: &str, component: &str) -> Metadata {
        let name =
            if suffix.is_empty() { self.release.clone() } else { format!("{}-{suffix}", self.release) };
        self.named(name, component)
    }

    pub(super) fn named(&self, name: String, component: &str) -> Metadata {
        let mut labels = self.stable(component);
        labels.insert("app.kubernetes.io/version".into(), self.version.clone());
        let metadata = Metadata {
            name: Some(name),
            namespace: Some(self.namespace.clone()),
            labels,
            annotations: BTreeMap::new(),
        };
        metadata.with_annotations(&self.annotations)
    }

    /// The metadata of a pod's template: no name, no version.
    pub(super) fn pod(&self, config: &Config, checksum: &str) -> Metadata {
        let labels = self.stable("database");
        let mut metadata = Metadata { name: None, namespace: None, labels, annotations: BTreeMap::new() };
        metadata
            .labels
            .extend(config.pod_labels.iter().map(|(key, value)| (key.clone(), value.as_str().to_owned())));
        metadata.labels.extend(self.selector("database"));
        metadata = metadata.with_annotations(&self.annotations).with_annotations(&config.pod_annotations);
        metadata.annotations.insert("kubectl.kubernetes.io/default-container".into(), "postgres".into());
        metadata.annotations.insert("pgpod/restart-checksum".into(), checksum.to_owned());
        metadata
    }

    /// The metadata of a claim's template: the volume that it is for, and what never changes.
    pub(super) fn claim_template(&self, volume: &str) -> Metadata {
        Metadata {
            name: Some(volume.to_owned()),
            namespace: None,
            labels: release_labels(&self.release, "database"),
            annotations: BTreeMap::new(),
        }
    }

    pub(super) fn namespace(&self) -> Metadata {
        let mut metadata = self.named(self.namespace.clone(), "namespace").kept();
        metadata.namespace = None;
        for mode in ["enforce", "audit", "warn"] {
            metadata.labels.insert(format!("pod-security.kubernetes.io/{mode}"), "restricted".into());
        }
        metadata
    }

    pub(super) fn service_account(&self, config: &Config) -> Metadata {
        let name = config.service_account.name.as_ref().map_or(&*self.release, |name| name.as_str());
        self.named(name.to_owned(), "database").with_annotations(&config.service_account.annotations)
    }
}
