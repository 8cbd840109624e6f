//! Every kind that Kubernetes has, and every one of the operators whose custom resources are known, so that a misspelt one
//! is found.
//!
//! Source: the APIs of Kubernetes 1.31 to 1.37. A kind that one of these versions lacks is here too: `checks/apis.rs` says
//! which.

use super::object::ObjectId;
use crate::spelling::is_slip;

/// API version and its kinds, sorted. Versions that are not here (older ones, others' groups) may have any.
static KINDS: [(&str, &[&str]); 47] = [
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
    (
        "admissionregistration.k8s.io/v1alpha1",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
        ],
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
        ],
    ),
    ("apiextensions.k8s.io/v1", &["ConversionReview", "CustomResourceDefinition"]),
    ("apiregistration.k8s.io/v1", &["APIService"]),
    ("apps/v1", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("authentication.k8s.io/v1", &["SelfSubjectReview", "TokenRequest", "TokenReview"]),
    ("authentication.k8s.io/v1alpha1", &["SelfSubjectReview"]),
    ("authentication.k8s.io/v1beta1", &["SelfSubjectReview"]),
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
    ("certificates.k8s.io/v1alpha1", &["ClusterTrustBundle", "PodCertificateRequest"]),
    ("certificates.k8s.io/v1beta1", &["ClusterTrustBundle", "PodCertificateRequest"]),
    ("coordination.k8s.io/v1", &["Lease"]),
    ("coordination.k8s.io/v1alpha1", &["LeaseCandidate"]),
    ("coordination.k8s.io/v1alpha2", &["LeaseCandidate"]),
    ("coordination.k8s.io/v1beta1", &["LeaseCandidate"]),
    ("discovery.k8s.io/v1", &["EndpointSlice"]),
    ("events.k8s.io/v1", &["Event"]),
    ("flowcontrol.apiserver.k8s.io/v1", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("flowcontrol.apiserver.k8s.io/v1beta3", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("internal.apiserver.k8s.io/v1alpha1", &["StorageVersion"]),
    ("lifecycle.k8s.io/v1alpha1", &["Eviction", "EvictionRequest"]),
    ("networking.k8s.io/v1", &["IPAddress", "Ingress", "IngressClass", "NetworkPolicy", "ServiceCIDR"]),
    ("networking.k8s.io/v1beta1", &["IPAddress", "ServiceCIDR"]),
    ("node.k8s.io/v1", &["RuntimeClass"]),
    ("policy/v1", &["Eviction", "PodDisruptionBudget"]),
    ("rbac.authorization.k8s.io/v1", &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]),
    (
        "resource.k8s.io/v1",
        &["DeviceClass", "DeviceTaintRule", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"],
    ),
    (
        "resource.k8s.io/v1alpha3",
        &[
            "DeviceClass",
            "DeviceTaintRule",
            "PodSchedulingContext",
            "ResourceClaim",
            "ResourceClaimTemplate",
            "ResourcePoolStatusRequest",
            "ResourceSlice",
        ],
    ),
    ("resource.k8s.io/v1beta1", &["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"]),
    (
        "resource.k8s.io/v1beta2",
        &["DeviceClass", "DeviceTaintRule", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"],
    ),
    ("scheduling.k8s.io/v1", &["PriorityClass"]),
    ("scheduling.k8s.io/v1alpha1", &["Workload"]),
    ("scheduling.k8s.io/v1alpha2", &["PodGroup", "Workload"]),
    ("scheduling.k8s.io/v1alpha3", &["CompositePodGroup", "PodGroup", "Workload"]),
    ("scheduling.k8s.io/v1beta1", &["PodGroup", "Workload"]),
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
    ("storage.k8s.io/v1alpha1", &["VolumeAttributesClass"]),
    ("storage.k8s.io/v1beta1", &["VolumeAttributesClass"]),
    ("storagemigration.k8s.io/v1", &["StorageVersionMigration"]),
    ("storagemigration.k8s.io/v1alpha1", &["StorageVersionMigration"]),
    ("storagemigration.k8s.io/v1beta1", &["StorageVersionMigration"]),
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

/// Whether an API version of Kubernetes has an object's kind.
pub(super) fn has(id: &ObjectId) -> bool {
    KINDS
        .iter()
        .any(|(api_version, kinds)| *api_version == id.api_version && kinds.contains(&id.kind.as_str()))
}

/// Whether a group is one of Kubernetes' own, or nearly spelt as one.
pub(super) fn is_meant(group: &str) -> bool {
    let mut groups = KINDS.iter().filter_map(|(api_version, _)| Some(api_version.split_once('/')?.0));
    groups.any(|known| is_slip(group, known))
}

/// The kinds of an object's API version, if its own is none of them; a list of one is.
pub(super) fn others(id: &ObjectId) -> Option<&'static [&'static str]> {
    let (_, kinds) = KINDS.iter().find(|(api_version, _)| *api_version == id.api_version)?;
    let single = id.kind.strip_suffix("List").unwrap_or(&id.kind);
    let is_known = kinds.iter().any(|kind| *kind == id.kind || *kind == single);
    (!is_known).then_some(*kinds)
}

/// The kinds of the operators' groups (prometheus-operator 0.93, cert-manager 1.21), sorted. A newer operator may have more,
/// so only a kind that is nearly one of these is wrong.
const OPERATORS: [(&str, &[&str]); 5] = [
    ("acme.cert-manager.io/v1", &["Challenge", "Order"]),
    ("cert-manager.io/v1", &["Certificate", "CertificateRequest", "ClusterIssuer", "Issuer"]),
    (
        "monitoring.coreos.com/v1",
        &[
            "Alertmanager",
            "PodMonitor",
            "Probe",
            "Prometheus",
            "PrometheusRule",
            "ServiceMonitor",
            "ThanosRuler",
        ],
    ),
    ("monitoring.coreos.com/v1alpha1", &["AlertmanagerConfig", "PrometheusAgent", "ScrapeConfig"]),
    ("monitoring.coreos.com/v1beta1", &["AlertmanagerConfig"]),
];

/// The kind of an operator's group that an object's was probably meant to be.
pub(super) fn misspelt(id: &ObjectId) -> Option<&'static str> {
    let (_, kinds) = OPERATORS.iter().find(|(api_version, _)| *api_version == id.api_version)?;
    let single = id.kind.strip_suffix("List").unwrap_or(&id.kind);
    if kinds.contains(&single) {
        return None;
    }
    kinds.iter().find(|kind| is_slip(&id.kind, kind)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::kinds;

    #[test]
    fn rows_are_sorted_and_have_every_kind_whose_fields_are_known() {
        assert!(KINDS.is_sorted_by_key(|row| row.0));
        assert!(KINDS.iter().chain(&OPERATORS).all(|row| row.1.is_sorted()));
        assert!(OPERATORS.is_sorted_by_key(|row| row.0));
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
