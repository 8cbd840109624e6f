//! What was applied of a live object, and so what another apply takes away or leaves.

use serde_json::Value as Json;

use super::path::Path;
use super::{Body, Change, Secrets, lists};
use crate::manifest::{ObjectId, held};

/// Groups of the API's own kinds; those that have no dot are its own too.
const OWN_GROUPS: [&str; 14] = [
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Maps that an apply by the server replaces as a whole.
const WHOLE_MAPS: [&str; 5] =
    ["labelSelector", "namespaceSelector", "nodeSelector", "podSelector", "selector"];

/// What was applied of an object.
pub(super) struct Applied {
    value: Json,
    /// Whether the API server merged it, and not kubectl.
    by_server: bool,
    /// Whether the object's kind is a custom one, of whose lists only the whole is replaced.
    is_custom: bool,
}

impl Applied {
    /// Reads what `kubectl apply` keeps of its last input in an annotation, else what the API server keeps of those who
    /// apply by it. None where nothing is known.
    pub(super) fn read(id: &ObjectId, live: &Json, secrets: &mut Secrets, show: bool) -> Option<Self> {
        let last = last_applied(live);
        let by_server = last.is_none();
        let value = last.or_else(|| by_appliers(live))?;
        let group = id.group();
        let is_custom = group.contains('.') && !OWN_GROUPS.contains(&group);
        Some(Self { value: secrets.hidden(&value, show), by_server, is_custom })
    }

    pub(super) fn has(&self, path: &Path) -> bool {
        path.find(&self.value).is_some()
    }

    /// Marks what the live object has, the new one lacks, and nobody applied: another apply leaves it.
    pub(super) fn mark(&self, changes: &mut [Change]) {
        for change in changes {
            let gone = matches!(&change.body, Body::Value { before: Some(_), after: None });
            change.by_hand = gone
                && !self.has(&change.path)
                && !self.is_in_a_whole(&change.path)
                && !change.path.fits("metadata deletionTimestamp");
        }
    }

    /// Whether a path is in a list or a map that an apply sends, and so replaces, as a whole.
    fn is_in_a_whole(&self, path: &Path) -> bool {
        path.lists().any(|list| self.is_custom || !lists::is_merged(list))
            || (self.by_server && path.above().any(|word| WHOLE_MAPS.contains(&word)))
    }
}

/// Where `kubectl apply` keeps what it sent last.
pub(super) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn last_applied(live: &Json) -> Option<Json> {
    let annotations = live.get("metadata")?.get("annotations")?;
    serde_json::from_str(annotations.get(LAST_APPLIED)?.as_str()?).ok()
}

/// The fields that managers hold who apply by the server.
fn by_appliers(live: &Json) -> Option<Json> {
    let entries = live.pointer("/metadata/managedFields")?.as_array()?;
    let applies = |entry: &&Json| entry["operation"] == "Apply" && entry.get("subresource").is_none();
    let trees: Vec<&Json> =
        entries.iter().filter(applies).filter_map(|entry| entry.get("fieldsV1")).collect();
    if trees.is_empty() {
        return None;
    }
    let mut applied = held(live, &trees);
    // What is secret in it depends on its kind.
    applied["kind"] = live.get("kind").cloned().unwrap_or_default();
    Some(applied)
}
