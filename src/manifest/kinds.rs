//! The kinds that are known: where they live, when they are applied, what their names and fields may be.

use super::object::{Object, ObjectId};
use crate::names::Rule;

/// A kind of object.
#[derive(Debug)]
pub struct Kind {
    pub api_version: &'static str,
    pub kind: &'static str,
    /// Whether its objects live in a namespace; the others are the cluster's.
    pub namespaced: bool,
    /// What its objects' names must look like.
    pub(super) name: Rule,
}

const fn namespaced(api_version: &'static str, kind: &'static str, name: Rule) -> Kind {
    Kind { api_version, kind, namespaced: true, name }
}

const fn of_the_cluster(api_version: &'static str, kind: &'static str, name: Rule) -> Kind {
    Kind { namespaced: false, ..namespaced(api_version, kind, name) }
}

/// Every known kind, in the order in which objects are applied: Helm's (`InstallOrder` in `helm/helm`,
/// `pkg/release/v1/util/kind_sorter.go`), so that what an object refers to is there before it; kinds that Helm does not
/// know are where they are referred to, else behind. Custom resources come last.
pub(super) static KINDS: [Kind; 68] = [
    of_the_cluster("node.k8s.io/v1", "RuntimeClass", Rule::Subdomain),
    of_the_cluster("scheduling.k8s.io/v1", "PriorityClass", Rule::Subdomain),
    of_the_cluster("v1", "Namespace", Rule::Label),
    namespaced("networking.k8s.io/v1", "NetworkPolicy", Rule::Subdomain),
    namespaced("v1", "ResourceQuota", Rule::Subdomain),
    namespaced("v1", "LimitRange", Rule::Subdomain),
    namespaced("policy/v1", "PodDisruptionBudget", Rule::Subdomain),
    namespaced("v1", "ServiceAccount", Rule::Subdomain),
    namespaced("v1", "Secret", Rule::Subdomain),
    namespaced("v1", "ConfigMap", Rule::Subdomain),
    of_the_cluster("storage.k8s.io/v1", "CSIDriver", Rule::Subdomain),
    of_the_cluster("storage.k8s.io/v1", "StorageClass", Rule::Subdomain),
    of_the_cluster("storage.k8s.io/v1", "VolumeAttributesClass", Rule::Subdomain),
    of_the_cluster("v1", "PersistentVolume", Rule::Subdomain),
    namespaced("v1", "PersistentVolumeClaim", Rule::Subdomain),
    of_the_cluster("apiextensions.k8s.io/v1", "CustomResourceDefinition", Rule::Subdomain),
    of_the_cluster("rbac.authorization.k8s.io/v1", "ClusterRole", Rule::PathSegment),
    of_the_cluster("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", Rule::PathSegment),
    namespaced("rbac.authorization.k8s.io/v1", "Role", Rule::PathSegment),
    namespaced("rbac.authorization.k8s.io/v1", "RoleBinding", Rule::PathSegment),
    of_the_cluster("networking.k8s.io/v1", "ServiceCIDR", Rule::Subdomain),
    of_the_cluster("networking.k8s.io/v1", "IPAddress", Rule::PathSegment),
    namespaced("v1", "Service", Rule::ServiceName),
    namespaced("v1", "Endpoints", Rule::Subdomain),
    namespaced("discovery.k8s.io/v1", "EndpointSlice", Rule::Subdomain),
    of_the_cluster("resource.k8s.io/v1", "DeviceClass", Rule::Subdomain),
    namespaced("resource.k8s.io/v1", "ResourceClaimTemplate", Rule::Subdomain),
    namespaced("resource.k8s.io/v1", "ResourceClaim", Rule::Subdomain),
    namespaced("v1", "PodTemplate", Rule::Subdomain),
    namespaced("apps/v1", "DaemonSet", Rule::Subdomain),
    namespaced("v1", "Pod", Rule::Subdomain),
    namespaced("v1", "ReplicationController", Rule::Subdomain),
    namespaced("apps/v1", "ReplicaSet", Rule::Subdomain),
    namespaced("apps/v1", "Deployment", Rule::Subdomain),
    namespaced("autoscaling/v2", "HorizontalPodAutoscaler", Rule::Subdomain),
    namespaced("autoscaling/v1", "HorizontalPodAutoscaler", Rule::Subdomain),
    namespaced("apps/v1", "StatefulSet", Rule::Label),
    namespaced("batch/v1", "Job", Rule::Subdomain),
    namespaced("batch/v1", "CronJob", Rule::CronJobName),
    of_the_cluster("networking.k8s.io/v1", "IngressClass", Rule::Subdomain),
    namespaced("networking.k8s.io/v1", "Ingress", Rule::Subdomain),
    of_the_cluster("apiregistration.k8s.io/v1", "APIService", Rule::PathSegment),
    of_the_cluster("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", Rule::Subdomain),
    of_the_cluster("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding", Rule::Subdomain),
    of_the_cluster("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", Rule::Subdomain),
    of_the_cluster("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", Rule::Subdomain),
    of_the_cluster("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", Rule::Subdomain),
    of_the_cluster("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", Rule::Subdomain),
    namespaced("apps/v1", "ControllerRevision", Rule::Subdomain),
    of_the_cluster("certificates.k8s.io/v1", "CertificateSigningRequest", Rule::PathSegment),
    of_the_cluster("certificates.k8s.io/v1", "ClusterTrustBundle", Rule::PathSegment),
    namespaced("certificates.k8s.io/v1", "PodCertificateRequest", Rule::Subdomain),
    namespaced("coordination.k8s.io/v1", "Lease", Rule::Subdomain),
    of_the_cluster("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", Rule::Subdomain),
    of_the_cluster("flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration", Rule::Subdomain),
    of_the_cluster("resource.k8s.io/v1", "DeviceTaintRule", Rule::Subdomain),
    of_the_cluster("resource.k8s.io/v1", "ResourceSlice", Rule::Subdomain),
    of_the_cluster("storage.k8s.io/v1", "CSINode", Rule::Subdomain),
    namespaced("storage.k8s.io/v1", "CSIStorageCapacity", Rule::Subdomain),
    of_the_cluster("storage.k8s.io/v1", "VolumeAttachment", Rule::Subdomain),
    of_the_cluster("storagemigration.k8s.io/v1", "StorageVersionMigration", Rule::Subdomain),
    namespaced("v1", "Event", Rule::PathSegment),
    namespaced("events.k8s.io/v1", "Event", Rule::Subdomain),
    of_the_cluster("v1", "Node", Rule::Subdomain),
    namespaced("cert-manager.io/v1", "Certificate", Rule::Subdomain),
    namespaced("monitoring.coreos.com/v1", "ServiceMonitor", Rule::Subdomain),
    namespaced("monitoring.coreos.com/v1", "PodMonitor", Rule::Subdomain),
    namespaced("monitoring.coreos.com/v1", "PrometheusRule", Rule::Subdomain),
];

/// Whether an API group is Kubernetes' own; others are of custom resources, which may have any kind.
pub(super) fn is_built_in(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}

impl Kind {
    /// The row of an object's kind; none for a custom resource that is not known.
    pub fn of(id: &ObjectId) -> Option<&'static Self> {
        KINDS.iter().find(|row| row.kind == id.kind && row.api_version == id.api_version)
    }

    /// The name of its definition in the API's schemas: `io.k8s.api.core.v1.Service`, `io.cert-manager.v1.Certificate`.
    pub(super) fn definition(&self) -> String {
        let (group, version) = self.api_version.split_once('/').unwrap_or(("", self.api_version));
        if !is_built_in(group) {
            let reversed: Vec<&str> = group.rsplit('.').collect();
            return format!("{}.{version}.{}", reversed.join("."), self.kind);
        }
        let group = if group.is_empty() { "core" } else { group };
        let group = group.split('.').next().unwrap_or(group);
        let package = match group {
            "apiextensions" => "apiextensions-apiserver.pkg.apis",
            "apiregistration" => "kube-aggregator.pkg.apis",
            _ => "api",
        };
        format!("io.k8s.{package}.{group}.{version}.{}", self.kind)
    }

    /// Rows of the same kind under another API version or group, for a remedy.
    pub(super) fn namesakes(id: &ObjectId) -> impl Iterator<Item = &'static Self> {
        KINDS.iter().filter(|row| row.kind == id.kind && row.api_version != id.api_version)
    }

    fn position(id: &ObjectId) -> usize {
        KINDS.iter().position(|row| row.kind == id.kind).unwrap_or(KINDS.len())
    }
}

/// Puts objects into apply order; those of one kind stay as they were, unknown kinds come last.
pub fn sort(objects: &mut [Object]) {
    objects.sort_by_key(|object| Kind::position(&object.id));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where there are two, the first is the one to write, and both are applied together.
    #[test]
    fn a_kind_has_one_row_in_its_group_or_two_beside_each_other() {
        for (position, row) in KINDS.iter().enumerate() {
            let same = |other: &&Kind| other.kind == row.kind;
            let first = KINDS.iter().position(|other| other.kind == row.kind).unwrap_or(position);
            assert!(position - first < KINDS.iter().filter(same).count(), "{}", row.kind);
        }
    }
}
