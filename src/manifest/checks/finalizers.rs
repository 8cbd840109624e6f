//! What an object waits for before it goes: names that its kind takes. Nothing is asked of those in a pod's template, nor of
//! those of custom resources, whose operators give them any name.

use super::{Part, Subject};
use crate::diagnostics::codes;
use crate::manifest::kinds::{Kind, is_built_in};
use crate::manifest::reporter::Reporter;
use crate::names::Rule;

/// The names without a domain that every kind takes.
const KNOWN: [&str; 3] = ["foregroundDeletion", "kubernetes", "orphan"];

/// The kinds of Kubernetes (`*`: all of the group) that take any other name without a domain too, as a real API server said
/// of each. It didn't have `ClusterTrustBundle`, `DeviceTaintRule`, `PodCertificateRequest` and `StorageVersionMigration`.
const ANY: [(&str, &str); 11] = [
    ("", "Event"),
    ("admissionregistration.k8s.io", "*"),
    ("apiextensions.k8s.io", "*"),
    ("apiregistration.k8s.io", "*"),
    ("certificates.k8s.io", "ClusterTrustBundle"),
    ("certificates.k8s.io", "PodCertificateRequest"),
    ("coordination.k8s.io", "*"),
    ("node.k8s.io", "*"),
    ("policy", "*"),
    ("resource.k8s.io", "DeviceTaintRule"),
    ("storagemigration.k8s.io", "*"),
];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let id = &object.id;
        // Of a version that is not there, others say so.
        if !is_built_in(id.group()) || Kind::of(id).is_none() {
            continue;
        }
        let Some(metadata) = Part::whole(object).at(&["metadata"]) else { continue };
        let any = ANY.iter().any(|(group, kind)| *group == id.group() && ["*", &id.kind].contains(kind));
        for part in metadata.items("finalizers") {
            let Some(name) = part.value.as_str() else { continue };
            let Err(why) = fits(name, any) else { continue };
            let shown = if name.is_empty() { "empty" } else { &format!("`{name}`, which is no finalizer") };
            let title = format!("`{}` is {shown}", part.path);
            reporter.error(codes::FIELD_VALUE, object, &part.path, &title, why);
        }
    }
}

fn fits(name: &str, any: bool) -> Result<(), String> {
    Rule::QualifiedName.check(name)?;
    if any || name.contains('/') || KNOWN.contains(&name) {
        return Ok(());
    }
    Err("begin it with the domain of whom it belongs to: `example.com/NAME`".to_owned())
}
