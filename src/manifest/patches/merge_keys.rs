//! How lists are merged: which field tells that two items are the same one.
//!
//! Read off `x-kubernetes-patch-merge-key` and `x-kubernetes-patch-strategy` in the API definitions of Kubernetes 1.37
//! (as the Python package `kubernetes-validate` 1.37.0 carries them), for everything that the known kinds hold but
//! their status. `tests/kubernetes_schemas.rs` compares the table with that package. 1.31 has the same rows, less
//! those of fields that it lacks.

/// A list, or a map, that a patch does not simply replace, or a map that it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MergeKey {
    /// The definition that has the field, without `io.k8s.`.
    pub definition: &'static str,
    pub field: &'static str,
    pub strategy: Strategy,
}

/// What a patch of a field does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strategy {
    /// Items with the same value of this key are merged, others added.
    ByKey(&'static str),
    /// A list of plain values: those that are not there are added.
    Union,
    /// A map that is replaced as a whole.
    Replace,
}

/// Sorted by definition and field.
pub const MERGE_KEYS: [MergeKey; 34] = [
    row("api.admissionregistration.v1.MutatingAdmissionPolicySpec", "matchConditions", ByKey("name")),
    row("api.admissionregistration.v1.MutatingWebhook", "matchConditions", ByKey("name")),
    row("api.admissionregistration.v1.MutatingWebhookConfiguration", "webhooks", ByKey("name")),
    row("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "matchConditions", ByKey("name")),
    row("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "variables", ByKey("name")),
    row("api.admissionregistration.v1.ValidatingWebhook", "matchConditions", ByKey("name")),
    row("api.admissionregistration.v1.ValidatingWebhookConfiguration", "webhooks", ByKey("name")),
    row("api.batch.v1.JobSchedulingConfiguration", "resourceClaims", ByKey("name")),
    row("api.core.v1.Container", "env", ByKey("name")),
    row("api.core.v1.Container", "ports", ByKey("containerPort")),
    row("api.core.v1.Container", "volumeDevices", ByKey("devicePath")),
    row("api.core.v1.Container", "volumeMounts", ByKey("mountPath")),
    row("api.core.v1.EphemeralContainer", "env", ByKey("name")),
    row("api.core.v1.EphemeralContainer", "ports", ByKey("containerPort")),
    row("api.core.v1.EphemeralContainer", "volumeDevices", ByKey("devicePath")),
    row("api.core.v1.EphemeralContainer", "volumeMounts", ByKey("mountPath")),
    row("api.core.v1.NodeSpec", "podCIDRs", Union),
    row("api.core.v1.PodSpec", "containers", ByKey("name")),
    row("api.core.v1.PodSpec", "ephemeralContainers", ByKey("name")),
    row("api.core.v1.PodSpec", "evictionResponders", ByKey("name")),
    row("api.core.v1.PodSpec", "hostAliases", ByKey("ip")),
    row("api.core.v1.PodSpec", "imagePullSecrets", ByKey("name")),
    row("api.core.v1.PodSpec", "initContainers", ByKey("name")),
    row("api.core.v1.PodSpec", "resourceClaims", ByKey("name")),
    row("api.core.v1.PodSpec", "schedulingGates", ByKey("name")),
    row("api.core.v1.PodSpec", "topologySpreadConstraints", ByKey("topologyKey")),
    row("api.core.v1.PodSpec", "volumes", ByKey("name")),
    row("api.core.v1.ServiceAccount", "secrets", ByKey("name")),
    row("api.core.v1.ServiceSpec", "ports", ByKey("port")),
    row("api.policy.v1.PodDisruptionBudgetSpec", "selector", Replace),
    row("api.storage.v1.CSINodeSpec", "drivers", ByKey("name")),
    row(
        "apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
        "x-kubernetes-validations",
        ByKey("rule"),
    ),
    row("apimachinery.pkg.apis.meta.v1.ObjectMeta", "finalizers", Union),
    row("apimachinery.pkg.apis.meta.v1.ObjectMeta", "ownerReferences", ByKey("uid")),
];

use Strategy::{ByKey, Replace, Union};

const fn row(definition: &'static str, field: &'static str, strategy: Strategy) -> MergeKey {
    MergeKey { definition, field, strategy }
}

/// The strategy of a definition's field; none where the usual one holds: maps are merged, lists replaced.
pub(super) fn strategy(definition: &str, field: &str) -> Option<Strategy> {
    let definition = definition.strip_prefix("io.k8s.").unwrap_or(definition);
    MERGE_KEYS.iter().find(|row| (row.definition, row.field) == (definition, field)).map(|row| row.strategy)
}
