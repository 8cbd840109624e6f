//! Selectors: a workload's own template, and the pods that a Service, a budget or a policy of the release means.

use crate::diagnostics::codes;
use serde_json::Value;

use super::{Part, Subject, Whole, pod_template};
use crate::manifest::object::{Object, Origin};
use crate::manifest::reporter::Reporter;

/// Labels that a pod gets only when it runs.
const AT_RUN_TIME: [&str; 3] =
    ["statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "pgpod/role"];

/// Kinds that select pods by labels of their own, and where they do.
const SELECTORS: [(&str, &[&str]); 4] = [
    ("Service", &["spec", "selector"]),
    ("PodDisruptionBudget", &["spec", "selector", "matchLabels"]),
    ("NetworkPolicy", &["spec", "podSelector", "matchLabels"]),
    ("ReplicationController", &["spec", "selector"]),
];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        check_own_template(object, reporter);
        // Somebody's own object may mean pods that are not ours.
        if !matches!(object.origin, Origin::Value(_)) {
            check_selects_something(object, subject, reporter);
        }
    }
}

fn check_own_template(object: &Object, reporter: &mut Reporter<'_>) {
    if !matches!(object.id.kind.as_str(), "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") {
        return;
    }
    let Some(selector) = Part::whole(object).at(&["spec", "selector"]) else { return };
    let labels = pod_template(object).and_then(|template| template.value.pointer("/metadata/labels"));
    let wanted = selector.value.get("matchLabels").and_then(Value::as_object);
    for (key, value) in wanted.into_iter().flatten() {
        let has = labels.and_then(|labels| labels.get(key));
        if has == Some(value) {
            continue;
        }
        let path = selector.path.child("matchLabels").child(key.as_str());
        let shown = has.map_or_else(|| "lacks it".to_owned(), |has| format!("has {has}"));
        let title = format!("it selects pods with `{key}` {value}, and its own template {shown}");
        reporter.error(
            codes::OWN_SELECTOR,
            object,
            &path,
            &title,
            "give the selector and the template the same label",
        );
    }
    let expressions = selector.value.get("matchExpressions").and_then(Value::as_array);
    if wanted.is_none_or(serde_json::Map::is_empty) && expressions.is_none_or(Vec::is_empty) {
        let help = "state `matchLabels`; a workload has to know its pods";
        reporter.error(
            codes::OWN_SELECTOR,
            object,
            &selector.path,
            "`spec.selector` selects everything",
            help,
        );
    }
}

fn check_selects_something(object: &Object, subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let Some((_, keys)) = SELECTORS.iter().find(|(kind, _)| *kind == object.id.kind) else { return };
    let Some(selector) = Part::whole(object).at(keys) else { return };
    let selected: Vec<&Object> =
        subject.objects.iter().filter(|other| selects(selector.value, object, other)).collect();
    if selected.is_empty() {
        // The pods of somebody's Service may be made elsewhere.
        if subject.demands.whole == Whole::Part {
            return;
        }
        let title = format!("`{}` selects no pod of the release", selector.path);
        reporter.error(
            codes::SELECTS_NOTHING,
            object,
            &selector.path,
            &title,
            "give it labels that a pod template has",
        );
        return;
    }
    if object.id.kind == "Service" {
        check_target_ports(object, &selected, reporter);
    }
}

/// Whether a selector means the pods of `other`.
pub(super) fn selects(selector: &Value, object: &Object, other: &Object) -> bool {
    let Some(template) = pod_template(other) else { return false };
    let labels = template.value.pointer("/metadata/labels");
    let wanted = selector.as_object().into_iter().flatten();
    object.id.namespace == other.id.namespace
        && wanted
            .into_iter()
            .filter(|(key, _)| !AT_RUN_TIME.contains(&key.as_str()))
            .all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
}

/// A port that a Service names must be one that a container of its pods has.
fn check_target_ports(service: &Object, selected: &[&Object], reporter: &mut Reporter<'_>) {
    let Some(spec) = Part::whole(service).at(&["spec"]) else { return };
    let known: Vec<&str> = selected
        .iter()
        .filter_map(|object| pod_template(object)?.at(&["spec"]))
        .flat_map(|spec| super::containers(&spec))
        .flat_map(|container| container.items("ports"))
        .filter_map(|port| port.text("name"))
        .collect();
    for port in spec.items("ports") {
        let Some(target) = port.text("targetPort") else { continue };
        if !known.contains(&target) {
            let title = format!("no container of its pods has a port named `{target}`");
            let help = crate::manifest::schema::suggestion(target, known.iter().copied());
            reporter.error(codes::TARGET_PORT, service, &port.path.child("targetPort"), &title, help);
        }
    }
}
