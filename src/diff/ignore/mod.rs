//! What is no difference: the API server's defaults, what it and its controllers assign, equal quantities, order that
//! means nothing. A field that only the live object has and that no row explains is shown.

mod table;

use serde_json::Value as Json;

use self::table::{Is, ROWS, Row, Scope};
use super::applied::Applied;
use super::path::Path;
use crate::quantity::Quantity;

/// Where pods' specs are.
const PODS: [(&str, &[&str]); 6] = [
    ("Deployment", &["spec", "template", "spec"]),
    ("StatefulSet", &["spec", "template", "spec"]),
    ("DaemonSet", &["spec", "template", "spec"]),
    ("Job", &["spec", "template", "spec"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
    ("Pod", &["spec"]),
];

/// Fields that say something by being empty: all pods, all namespaces, a volume that ends with its pod.
const EMPTY_MEANS: [&str; 6] =
    ["emptyDir", "labelSelector", "namespaceSelector", "objectSelector", "podSelector", "selector"];

/// The side that has a field which the other one lacks.
#[derive(Clone, Copy)]
pub(super) enum Side<'a> {
    New,
    Old(&'a Old),
}

/// The old side's object.
pub(super) struct Old {
    /// Whether a cluster has it; else it was rendered.
    pub(super) is_live: bool,
    pub(super) applied: Option<Applied>,
}

/// Why a field that one side lacks is no difference. `holder` is the map that has it.
/// What the server assigns is ignored on the old side alone: the new one asks for it.
pub(super) fn one_sided(
    kind: &str,
    path: &Path,
    value: &Json,
    holder: &Json,
    side: Side<'_>,
) -> Option<&'static str> {
    if is_empty(value) && !EMPTY_MEANS.contains(&path.last()) {
        return Some("empty is as good as absent");
    }
    let in_pod = in_pod(kind, path);
    ROWS.iter().filter(|row| hits(row, kind, path, in_pod.as_ref())).find_map(|row| match row.is {
        Is::Value(default) => {
            let default: Json = serde_json::from_str(default).unwrap_or_default();
            (default == *value).then_some("it is the API server's default")
        }
        Is::Assigned(why) => matches!(side, Side::Old(_)).then_some(why),
        Is::Chosen(why) => {
            let own = |old: &Old| old.applied.as_ref().is_some_and(|applied| applied.has(path));
            matches!(side, Side::Old(old) if old.is_live && !own(old)).then_some(why)
        }
        Is::Fits(fits, why) => fits(holder, value).then_some(why),
    })
}

/// Why a field that both sides have with another value is no difference.
pub(super) fn both_sided(path: &Path, kind: &str, left: &Json, right: &Json) -> Option<&'static str> {
    let kept = [
        "status **",
        "metadata uid",
        "metadata resourceVersion",
        "metadata generation",
        "metadata creationTimestamp",
    ];
    let kept = kept.iter().any(|pattern| path.fits(pattern)) || path.fits("metadata managedFields **");
    if kept || path.fits("metadata annotations kubectl.kubernetes.io/last-applied-configuration") {
        return Some("the API server keeps it");
    }
    let quantity = |value: &Json| match value {
        Json::String(text) => Quantity::parse(text).ok(),
        Json::Number(number) => Quantity::parse(&number.to_string()).ok(),
        _ => None,
    };
    let amounts = is_quantity(path, kind)
        && quantity(left).is_some_and(|left| quantity(right).is_some_and(|right| left == right));
    amounts.then_some("both are the same quantity")
}

/// Whether a field holds a quantity of Kubernetes.
pub(super) fn is_quantity(path: &Path, kind: &str) -> bool {
    let pod = in_pod(kind, path).is_some_and(|path| {
        ["* * resources * *", "volumes * emptyDir sizeLimit", "overhead *", "resources * *"]
            .iter()
            .any(|pattern| path.fits(pattern))
            || path.fits("* * env * valueFrom resourceFieldRef divisor")
            || path.fits("volumes * ephemeral volumeClaimTemplate spec resources * *")
    });
    let own: &[&str] = match kind {
        "PersistentVolumeClaim" => &["spec resources * *"],
        "StatefulSet" => &["spec volumeClaimTemplates * spec resources * *"],
        "PersistentVolume" => &["spec capacity *"],
        "ResourceQuota" => &["spec hard *"],
        "LimitRange" => &["spec limits * * *"],
        _ => &[],
    };
    pod || own.iter().any(|pattern| path.fits(pattern))
}

/// The path in the pod's spec, if it is there.
pub(super) fn in_pod(kind: &str, path: &Path) -> Option<Path> {
    PODS.iter().find(|(of, _)| *of == kind).and_then(|(_, prefix)| path.after(prefix))
}

fn hits(row: &Row, kind: &str, path: &Path, in_pod: Option<&Path>) -> bool {
    match row.scope {
        Scope::All => path.fits(row.path),
        Scope::Pod => in_pod.is_some_and(|path| path.fits(row.path)),
        Scope::Kind(of) => of == kind && path.fits(row.path),
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Object(map) => map.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}
