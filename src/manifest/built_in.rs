//! Every kind of the API versions of Kubernetes that are stable, so that a misspelt one is found.
//!
//! Source: the APIs of Kubernetes 1.31 to 1.37. A kind that one of these versions lacks is here too.

use super::object::ObjectId;

/// API version and its kinds, sorted. Versions that are not here (alpha, beta, others' groups) may have any.
static KINDS: [(&str, &[&str]); 23] = [
    (
        "admissionregistration.k8s.io/v1",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    ("apiextensions.k8s.io/v1", &["ConversionReview", "CustomResourceDefinition"]),
    ("apiregistration.k8s.io/v1", &["APIService"]),
    ("apps/v1", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("authentication.k8s.io/v1", &["SelfSubjectReview", "TokenRequest", "TokenReview"]),
    (
        "authorization.k8s.io/v1",
        &[
            "LocalSubjectAccessReview",
            "SelfSubjectAccessReview",
            "SelfSubjectRulesReview",
            "SubjectAccessReview",
        ],
    ),
    ("autoscaling/v1", &["HorizontalPodAutoscaler", "Scale"]),
    ("autoscaling/v2", &["HorizontalPodAutoscaler"]),
    ("batch/v1", &["CronJob", "Job"]),
    ("certificates.k8s.io/v1", &["CertificateSigningRequest", "ClusterTrustBundle", "PodCertificateRequest"]),
    ("coordination.k8s.io/v1", &["Lease"]),
    ("discovery.k8s.io/v1", &["EndpointSlice"]),
    ("events.k8s.io/v1", &["Event"]),
    ("flowcontrol.apiserver.k8s.io/v1", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io/v1", &["IPAddress", "Ingress", "IngressClass", "NetworkPolicy", "ServiceCIDR"]),
    ("node.k8s.io/v1", &["RuntimeClass"]),
    ("policy/v1", &["Eviction", "PodDisruptionBudget"]),
    ("rbac.authorization.k8s.io/v1", &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]),
    (
        "resource.k8s.io/v1",
        &["DeviceClass", "DeviceTaintRule", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"],
    ),
    ("scheduling.k8s.io/v1", &["PriorityClass"]),
    (
        "storage.k8s.io/v1",
        &[
            "CSIDriver",
            "CSINode",
            "CSIStorageCapacity",
            "StorageClass",
            "VolumeAttachment",
            "VolumeAttributesClass",
        ],
    ),
    ("storagemigration.k8s.io/v1", &["StorageVersionMigration"]),
    (
        "v1",
        &[
            "Binding",
            "ComponentStatus",
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "List",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
            "Status",
        ],
    ),
];

/// Whether a stable API version of Kubernetes has an object's kind.
pub(super) fn has(id: &ObjectId) -> bool {
    KINDS
        .iter()
        .any(|(api_version, kinds)| *api_version == id.api_version && kinds.contains(&id.kind.as_str()))
}

/// The kinds of an object's API version, if its own is none of them; a list of one is.
pub(super) fn others(id: &ObjectId) -> Option<&'static [&'static str]> {
    let (_, kinds) = KINDS.iter().find(|(api_version, _)| *api_version == id.api_version)?;
    let single = id.kind.strip_suffix("List").unwrap_or(&id.kind);
    let is_known = kinds.iter().any(|kind| *kind == id.kind || *kind == single);
    (!is_known).then_some(*kinds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::kinds;

    #[test]
    fn rows_are_sorted_and_have_every_kind_whose_fields_are_known() {
        assert!(KINDS.is_sorted_by_key(|row| row.0));
        assert!(KINDS.iter().all(|row| row.1.is_sorted()));
        let group = |api_version: &'static str| api_version.split_once('/').map_or("", |(group, _)| group);
        for row in kinds::KINDS.iter().filter(|row| kinds::is_built_in(group(row.api_version))) {
            let known = KINDS.iter().find(|known| known.0 == row.api_version);
            assert!(
                known.is_some_and(|known| known.1.contains(&row.kind)),
                "{} {}",
                row.api_version,
                row.kind
            );
        }
    }
}
