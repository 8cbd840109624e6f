//! API versions that Kubernetes has removed or given up, and kinds that it did not have from the start. Sources:
//! kubernetes.io, "Deprecated API Migration Guide"; the life cycles that `k8s.io/api` 0.37 states; the APIs of 1.31 to 1.37,
//! which a test compares with; the release notes of 1.33 (Endpoints).

use super::Subject;
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::{Object, ObjectId};
use crate::manifest::reporter::Reporter;
use crate::yaml::ValuePath;

/// API version, kind (`*`: all the others of it), a minor version, what to write instead.
type Row = (&'static str, &'static str, u32, &'static str);

/// The minor version that no longer has it.
const REMOVED: [Row; 55] = [
    (
        "admissionregistration.k8s.io/v1alpha1",
        "ValidatingAdmissionPolicy",
        32,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1alpha1",
        "ValidatingAdmissionPolicyBinding",
        32,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration",
        22,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingAdmissionPolicy",
        34,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingAdmissionPolicyBinding",
        34,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingWebhookConfiguration",
        22,
        "admissionregistration.k8s.io/v1",
    ),
    ("apiextensions.k8s.io/v1beta1", "*", 22, "apiextensions.k8s.io/v1"),
    ("apiregistration.k8s.io/v1beta1", "APIService", 22, "apiregistration.k8s.io/v1"),
    ("apps/v1beta1", "*", 16, "apps/v1"),
    ("apps/v1beta2", "*", 16, "apps/v1"),
    ("authentication.k8s.io/v1alpha1", "SelfSubjectReview", 32, "authentication.k8s.io/v1"),
    ("authentication.k8s.io/v1beta1", "SelfSubjectReview", 33, "authentication.k8s.io/v1"),
    ("authentication.k8s.io/v1beta1", "TokenReview", 22, "authentication.k8s.io/v1"),
    ("authorization.k8s.io/v1beta1", "*", 22, "authorization.k8s.io/v1"),
    ("autoscaling/v2beta1", "*", 25, "autoscaling/v2"),
    ("autoscaling/v2beta2", "*", 26, "autoscaling/v2"),
    ("batch/v1beta1", "*", 25, "batch/v1"),
    ("certificates.k8s.io/v1alpha1", "ClusterTrustBundle", 37, "certificates.k8s.io/v1"),
    ("certificates.k8s.io/v1alpha1", "PodCertificateRequest", 35, "certificates.k8s.io/v1beta1"),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22, "certificates.k8s.io/v1"),
    ("coordination.k8s.io/v1alpha1", "LeaseCandidate", 32, "coordination.k8s.io/v1alpha2"),
    ("coordination.k8s.io/v1beta1", "Lease", 22, "coordination.k8s.io/v1"),
    ("discovery.k8s.io/v1beta1", "*", 25, "discovery.k8s.io/v1"),
    ("events.k8s.io/v1beta1", "*", 25, "events.k8s.io/v1"),
    ("extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "PodSecurityPolicy", 16, "nothing: label the namespace for PodSecurity instead"),
    ("extensions/v1beta1", "*", 16, "apps/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "*", 26, "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta2", "*", 29, "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", "*", 32, "flowcontrol.apiserver.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IPAddress", 37, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IngressClass", 22, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "ServiceCIDR", 37, "networking.k8s.io/v1"),
    ("node.k8s.io/v1beta1", "*", 25, "node.k8s.io/v1"),
    ("policy/v1beta1", "PodDisruptionBudget", 25, "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", 25, "nothing: label the namespace for PodSecurity instead"),
    ("rbac.authorization.k8s.io/v1beta1", "*", 22, "rbac.authorization.k8s.io/v1"),
    ("resource.k8s.io/v1alpha3", "DeviceClass", 34, "resource.k8s.io/v1"),
    ("resource.k8s.io/v1alpha3", "PodSchedulingContext", 32, "nothing: ResourceClaims do without"),
    ("resource.k8s.io/v1alpha3", "ResourceClaim", 34, "resource.k8s.io/v1"),
    ("resource.k8s.io/v1alpha3", "ResourceClaimTemplate", 34, "resource.k8s.io/v1"),
    ("resource.k8s.io/v1alpha3", "ResourceSlice", 34, "resource.k8s.io/v1"),
    ("scheduling.k8s.io/v1alpha1", "Workload", 36, "scheduling.k8s.io/v1alpha2"),
    ("scheduling.k8s.io/v1alpha2", "*", 37, "scheduling.k8s.io/v1beta1"),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"),
    ("storage.k8s.io/v1alpha1", "VolumeAttributesClass", 35, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSIDriver", 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSINode", 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "StorageClass", 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "VolumeAttachment", 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "VolumeAttributesClass", 37, "storage.k8s.io/v1"),
    ("storagemigration.k8s.io/v1alpha1", "StorageVersionMigration", 35, "storagemigration.k8s.io/v1beta1"),
];

/// The minor version since which the API server warns, where there is something else to write.
const DEPRECATED: [Row; 22] = [
    (
        "admissionregistration.k8s.io/v1alpha1",
        "MutatingAdmissionPolicy",
        35,
        "admissionregistration.k8s.io/v1beta1",
    ),
    (
        "admissionregistration.k8s.io/v1alpha1",
        "MutatingAdmissionPolicyBinding",
        35,
        "admissionregistration.k8s.io/v1beta1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingAdmissionPolicy",
        37,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingAdmissionPolicyBinding",
        37,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingAdmissionPolicy",
        31,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingAdmissionPolicyBinding",
        31,
        "admissionregistration.k8s.io/v1",
    ),
    ("certificates.k8s.io/v1alpha1", "ClusterTrustBundle", 34, "certificates.k8s.io/v1beta1"),
    ("certificates.k8s.io/v1beta1", "*", 37, "certificates.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", "*", 29, "flowcontrol.apiserver.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IPAddress", 34, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "ServiceCIDR", 34, "networking.k8s.io/v1"),
    ("resource.k8s.io/v1alpha3", "DeviceTaintRule", 36, "resource.k8s.io/v1beta2"),
    ("resource.k8s.io/v1beta1", "*", 35, "resource.k8s.io/v1"),
    ("resource.k8s.io/v1beta2", "DeviceClass", 36, "resource.k8s.io/v1"),
    ("resource.k8s.io/v1beta2", "ResourceClaim", 36, "resource.k8s.io/v1"),
    ("resource.k8s.io/v1beta2", "ResourceClaimTemplate", 36, "resource.k8s.io/v1"),
    ("resource.k8s.io/v1beta2", "ResourceSlice", 36, "resource.k8s.io/v1"),
    ("storage.k8s.io/v1alpha1", "VolumeAttributesClass", 32, "storage.k8s.io/v1beta1"),
    ("storage.k8s.io/v1beta1", "VolumeAttributesClass", 34, "storage.k8s.io/v1"),
    ("storagemigration.k8s.io/v1beta1", "*", 37, "storagemigration.k8s.io/v1"),
    ("v1", "ComponentStatus", 19, "nothing: ask the API server's `/readyz`"),
    ("v1", "Endpoints", 33, "an EndpointSlice of `discovery.k8s.io/v1`"),
];

/// The minor version that it came with, after 1.31.
const LATER: [(&str, &str, u32); 31] = [
    ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", 36),
    ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding", 36),
    ("admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicy", 32),
    ("admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicyBinding", 32),
    ("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", 34),
    ("admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicyBinding", 34),
    ("certificates.k8s.io/v1", "ClusterTrustBundle", 37),
    ("certificates.k8s.io/v1", "PodCertificateRequest", 37),
    ("certificates.k8s.io/v1alpha1", "PodCertificateRequest", 34),
    ("certificates.k8s.io/v1beta1", "ClusterTrustBundle", 33),
    ("certificates.k8s.io/v1beta1", "PodCertificateRequest", 35),
    ("coordination.k8s.io/v1alpha2", "LeaseCandidate", 32),
    ("coordination.k8s.io/v1beta1", "LeaseCandidate", 33),
    ("lifecycle.k8s.io/v1alpha1", "*", 37),
    ("networking.k8s.io/v1", "IPAddress", 33),
    ("networking.k8s.io/v1", "ServiceCIDR", 33),
    ("resource.k8s.io/v1", "DeviceTaintRule", 37),
    ("resource.k8s.io/v1", "*", 34),
    ("resource.k8s.io/v1alpha3", "DeviceTaintRule", 33),
    ("resource.k8s.io/v1alpha3", "ResourcePoolStatusRequest", 36),
    ("resource.k8s.io/v1beta1", "*", 32),
    ("resource.k8s.io/v1beta2", "DeviceTaintRule", 36),
    ("resource.k8s.io/v1beta2", "*", 33),
    ("scheduling.k8s.io/v1alpha1", "Workload", 35),
    ("scheduling.k8s.io/v1alpha2", "*", 36),
    ("scheduling.k8s.io/v1alpha3", "*", 37),
    ("scheduling.k8s.io/v1beta1", "PodGroup", 37),
    ("scheduling.k8s.io/v1beta1", "Workload", 37),
    ("storage.k8s.io/v1", "VolumeAttributesClass", 34),
    ("storagemigration.k8s.io/v1", "*", 37),
    ("storagemigration.k8s.io/v1beta1", "*", 35),
];

/// The row of an object's kind, or of the kind that it is a list of, whatever version the row says.
fn row<'a, T>(
    table: &'a [T],
    id: &ObjectId,
    of: impl Fn(&T) -> (&'static str, &'static str),
) -> Option<&'a T> {
    let single = id.kind.strip_suffix("List").unwrap_or(&id.kind);
    let mut rows = table.iter().filter(|row| of(row).0 == id.api_version);
    rows.find(|row| of(row).1 == single || of(row).1 == "*")
}

fn reached(table: &'static [Row], id: &ObjectId, version: u32) -> Option<&'static Row> {
    row(table, id, |row| (row.0, row.1)).filter(|row| row.2 <= version)
}

/// The minor version that an object's kind comes with, where that is later than `version`.
fn too_new(id: &ObjectId, version: u32) -> Option<u32> {
    let row = row(&LATER, id, |row| (row.0, row.1))?;
    (row.2 > version).then_some(row.2)
}

/// Whether [`check`] reports that the version of Kubernetes does not have an object's kind: it has it no longer, or not yet.
pub(super) fn is_missing(id: &ObjectId, version: u32) -> bool {
    reached(&REMOVED, id, version).is_some() || too_new(id, version).is_some()
}

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let path = ValuePath::root().child("apiVersion");
    let version = subject.demands.version;
    let named = |object: &Object| format!("`{}` of `{}`", object.id.kind, object.id.api_version);
    let write = |instead: &str| {
        if instead.contains(' ') {
            format!("write {instead}")
        } else {
            format!("write `apiVersion: {instead}`")
        }
    };
    for object in subject.objects {
        if let Some((.., since, instead)) = reached(&REMOVED, &object.id, version) {
            let title = format!("Kubernetes has no {} since 1.{since}", named(object));
            reporter.error(codes::UNKNOWN_KIND, object, &path, &title, write(instead));
        } else if let Some(since) = too_new(&object.id, version) {
            let title = format!("Kubernetes has no {} before 1.{since}", named(object));
            let help = format!("leave it out, or say `--kube-version 1.{since}` if the cluster has it");
            reporter.error(codes::UNKNOWN_KIND, object, &path, &title, help);
        } else if let Some((.., since, instead)) = reached(&DEPRECATED, &object.id, version) {
            let title = format!("{} is given up since Kubernetes 1.{since}", named(object));
            reporter.say(Severity::Warning, codes::DEPRECATED, object, &path, &title, write(instead));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPRECATED, LATER, REMOVED, Row};

    #[test]
    fn rows_are_sorted_and_a_star_comes_last() {
        let key = |row: &Row| (row.0, row.1 == "*", row.1);
        assert!(REMOVED.is_sorted_by_key(key) && DEPRECATED.is_sorted_by_key(key));
        assert!(LATER.is_sorted_by_key(|row| (row.0, row.1 == "*", row.1)));
    }
}
