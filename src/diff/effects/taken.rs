//! Conditions of rows on what the API server takes of a field that it mostly refuses, or lets go of one that it mostly
//! keeps (`pkg/apis/*/validation` of Kubernetes).

use serde_json::Value as Json;

use super::when::after;
use super::{Facts, Subject};
use crate::diff::{Body, Change};

fn old<'a>(subject: &Subject<'a>, pointer: &str) -> Option<&'a Json> {
    subject.old.and_then(|old| old.pointer(pointer))
}

/// Whether a Service's port on the nodes, which is no longer stated, stays: its type still has one.
pub(super) fn keeps_node_port(change: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let has = ["NodePort", "LoadBalancer"].iter().any(|kind| subject.says("spec/type", kind));
    after(change).is_empty() && has
}

/// Whether a Service that states no address becomes a name only, which has none.
pub(super) fn gives_up_its_address(change: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    after(change).is_empty() && subject.says("spec/type", "ExternalName")
}

/// Whether a Service was a name only: any address is its first one.
pub(super) fn had_no_address(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    old(subject, "/spec/type").is_some_and(|kind| kind == "ExternalName")
}

/// Whether a field of a PersistentVolume says where it is: all those that are not named here are kinds of volumes.
pub(super) fn is_source(change: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let open = [
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
    ];
    let first = |pointer| old(subject, pointer).is_none();
    match change.path.word(1) {
        "nodeAffinity" => !first("/spec/nodeAffinity"),
        "csi" if change.path.word(2) == "controllerExpandSecretRef" => {
            !first("/spec/csi/controllerExpandSecretRef")
        }
        field => !open.contains(&field),
    }
}

/// Whether a claim names no volume yet.
pub(super) fn is_unbound(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    old(subject, "/spec/volumeName").is_none()
}

/// Whether a Job has not begun, and the change is of what its pods are placed by, or of their labels.
pub(super) fn waits(change: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let suspended = old(subject, "/spec/suspend") == Some(&Json::Bool(true));
    let path = &change.path;
    let labels = ["labels", "annotations"];
    let open = match [path.word(2), path.word(3)] {
        ["metadata", ""] => is_only(change, &labels),
        ["metadata", field] => labels.contains(&field),
        ["spec", "affinity"] if path.word(4).is_empty() => is_only(change, &["nodeAffinity"]),
        ["spec", "affinity"] => path.word(4) == "nodeAffinity",
        ["spec", field] => ["nodeSelector", "tolerations", "schedulingGates"].contains(&field),
        _ => false,
    };
    suspended && old(subject, "/status/startTime").is_none() && open
}

/// Whether a whole map comes or goes that has these keys and no others.
fn is_only(change: &Change, keys: &[&str]) -> bool {
    let Body::Value { before, after } = &change.body else { return false };
    let sides = [before, after].into_iter().flatten().filter_map(Json::as_object);
    sides.flat_map(|side| side.keys()).all(|key| keys.contains(&key.as_str()))
}

/// Whether an indexed Job gets as many indexes as pods.
pub(super) fn is_elastic(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let [indexes, pods] = ["spec/completions", "spec/parallelism"].map(|path| subject.after(path));
    subject.says("spec/completionMode", "Indexed") && indexes.is_some() && indexes == pods
}

/// Whether a pod loses gates and gets none.
pub(super) fn opens_gates(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let gates = |value: Option<&'_ Json>| value.and_then(Json::as_array).cloned().unwrap_or_default();
    let was = gates(old(subject, "/spec/schedulingGates"));
    gates(subject.after("spec/schedulingGates")).iter().all(|gate| was.contains(gate))
}
