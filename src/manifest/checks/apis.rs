//! API versions that Kubernetes has removed or given up. Source: kubernetes.io, "Deprecated API Migration Guide", and the
//! release notes of 1.33 (Endpoints).

use super::Subject;
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::{Object, ObjectId};
use crate::manifest::reporter::Reporter;
use crate::yaml::ValuePath;

/// API version, kind (`*`: all of them), the minor version that no longer has it, what to write.
const REMOVED: [(&str, &str, u32, &str); 26] = [
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration",
        22,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingWebhookConfiguration",
        22,
        "admissionregistration.k8s.io/v1",
    ),
    ("apiextensions.k8s.io/v1beta1", "*", 22, "apiextensions.k8s.io/v1"),
    ("apps/v1beta1", "*", 16, "apps/v1"),
    ("apps/v1beta2", "*", 16, "apps/v1"),
    ("autoscaling/v2beta1", "*", 25, "autoscaling/v2"),
    ("autoscaling/v2beta2", "*", 26, "autoscaling/v2"),
    ("batch/v1beta1", "*", 25, "batch/v1"),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22, "certificates.k8s.io/v1"),
    ("coordination.k8s.io/v1beta1", "Lease", 22, "coordination.k8s.io/v1"),
    ("discovery.k8s.io/v1beta1", "*", 25, "discovery.k8s.io/v1"),
    ("events.k8s.io/v1beta1", "*", 25, "events.k8s.io/v1"),
    ("extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "PodSecurityPolicy", 16, "nothing: label the namespace for PodSecurity instead"),
    ("extensions/v1beta1", "*", 16, "apps/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta2", "*", 29, "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", "*", 32, "flowcontrol.apiserver.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IngressClass", 22, "networking.k8s.io/v1"),
    ("node.k8s.io/v1beta1", "*", 25, "node.k8s.io/v1"),
    ("policy/v1beta1", "PodDisruptionBudget", 25, "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", 25, "nothing: label the namespace for PodSecurity instead"),
    ("rbac.authorization.k8s.io/v1beta1", "*", 22, "rbac.authorization.k8s.io/v1"),
    ("scheduling.k8s.io/v1beta1", "*", 22, "scheduling.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "StorageClass", 22, "storage.k8s.io/v1"),
];

/// API version, kind, the minor version since which the API server warns, what to write.
const DEPRECATED: [(&str, &str, u32, &str); 2] = [
    ("v1", "ComponentStatus", 19, "nothing: ask the API server's `/readyz`"),
    ("v1", "Endpoints", 33, "an EndpointSlice of `discovery.k8s.io/v1`"),
];

type Row = (&'static str, &'static str, u32, &'static str);

fn row(table: &'static [Row], id: &ObjectId, version: u32) -> Option<&'static Row> {
    let mut rows = table.iter().filter(|row| row.0 == id.api_version && row.2 <= version);
    rows.find(|row| row.1 == id.kind || row.1 == "*")
}

/// Whether the API version is one of those that [`check`] reports as removed.
pub(super) fn is_removed(id: &ObjectId, version: u32) -> bool {
    row(&REMOVED, id, version).is_some()
}

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let path = ValuePath::root().child("apiVersion");
    let named = |object: &Object| format!("`{}` of `{}`", object.id.kind, object.id.api_version);
    for object in subject.objects {
        if let Some((_, _, since, instead)) = row(&REMOVED, &object.id, subject.demands.version) {
            let title = format!("Kubernetes has no {} since 1.{since}", named(object));
            let help = if instead.contains(' ') {
                (*instead).to_owned()
            } else {
                format!("`apiVersion: {instead}`")
            };
            reporter.error(codes::UNKNOWN_KIND, object, &path, &title, format!("write {help}"));
        }
        if let Some((_, _, since, instead)) = row(&DEPRECATED, &object.id, subject.demands.version) {
            let title = format!("{} is given up since Kubernetes 1.{since}", named(object));
            let help = format!("write {instead}");
            reporter.say(Severity::Warning, codes::DEPRECATED, object, &path, &title, help);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPRECATED, REMOVED};

    #[test]
    fn rows_are_sorted_and_a_star_comes_last() {
        let key = |row: &super::Row| (row.0, row.1 == "*", row.1);
        assert!(REMOVED.is_sorted_by_key(key) && DEPRECATED.is_sorted_by_key(key));
    }
}
