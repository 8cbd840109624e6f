//! Labels and annotations that pgpod sets itself: by them the objects of a release are found again.

use crate::diagnostics::{Diagnostic, codes};

use super::Subject;
use super::findings::{Findings, path};

/// Keys that are set on every object, and those that selectors and the keeping of data depend on.
const RESERVED: [&str; 12] = [
    "app.kubernetes.io/component",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/version",
    "argocd.argoproj.io/sync-options",
    "helm.sh/resource-policy",
    "kubectl.kubernetes.io/default-container",
    "kustomize.toolkit.fluxcd.io/prune",
    "pgpod/restart-checksum",
    "pgpod/role",
];

pub(super) fn reserved_labels_are_free(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let config = subject.config;
    let labels = [
        (path(&["commonLabels"]), &config.common_labels),
        (path(&["podLabels"]), &config.pod_labels),
        (path(&["service", "labels"]), &config.service.labels),
        (path(&["persistence", "labels"]), &config.persistence.labels),
    ];
    let annotations = [
        (path(&["commonAnnotations"]), &config.common_annotations),
        (path(&["podAnnotations"]), &config.pod_annotations),
        (path(&["service", "annotations"]), &config.service.annotations),
        (path(&["persistence", "annotations"]), &config.persistence.annotations),
        (path(&["serviceAccount", "annotations"]), &config.service_account.annotations),
    ];
    let labels = labels.iter().flat_map(|(at, map)| map.keys().map(move |key| at.child(key.as_str())));
    let annotations =
        annotations.iter().flat_map(|(at, map)| map.keys().map(move |key| at.child(key.as_str())));
    for at in labels.chain(annotations) {
        let key = match at.steps().last() {
            Some(crate::yaml::Step::Key(key)) => key.clone(),
            _ => continue,
        };
        if RESERVED.contains(&key.as_str()) {
            found.at_key(
                &at,
                Diagnostic::error(codes::LABEL_TAKEN, format!("`{key}` is set by pgpod itself"))
                    .cause("the objects of a release are found again, selected and kept by it")
                    .help("use a key of your own"),
            );
        }
    }
}
