//! Selectors: a workload's own template, and the pods that a Service, a budget or a policy of the release means. And the
//! ports that are asked for on the way to them.

use crate::diagnostics::codes;
use serde_json::Value;

use super::references::back_ends;
use super::{Part, Subject, Whole, is_of, pod_template};
use crate::manifest::object::{Object, Origin};
use crate::manifest::reporter::Reporter;

/// Kinds of a group that select pods by labels of their own, and where they do.
const SELECTORS: [(&str, &str, &[&str]); 4] = [
    ("", "Service", &["spec", "selector"]),
    ("policy", "PodDisruptionBudget", &["spec", "selector", "matchLabels"]),
    ("networking.k8s.io", "NetworkPolicy", &["spec", "podSelector", "matchLabels"]),
    ("", "ReplicationController", &["spec", "selector"]),
];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        check_own_template(object, reporter);
        if is_of(object, "networking.k8s.io", "Ingress") {
            check_back_ends(object, subject, reporter);
        }
        // Somebody's own object may mean pods that are not ours.
        if !matches!(object.origin, Origin::Value(_)) {
            check_selects_something(object, subject, reporter);
        }
    }
}

fn check_own_template(object: &Object, reporter: &mut Reporter<'_>) {
    const WORKLOADS: [&str; 4] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
    if !WORKLOADS.iter().any(|kind| is_of(object, "apps", kind)) {
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
    let expressions = selector.items("matchExpressions");
    for expression in expressions.iter().filter(|expression| !holds(expression.value, labels)) {
        let key = expression.text("key").unwrap_or_default();
        let title = format!("`{}` is not true of its own template's label `{key}`", expression.path);
        let help = "give the template a label that the selector means";
        reporter.error(codes::OWN_SELECTOR, object, &expression.path, &title, help);
    }
    if wanted.is_none_or(serde_json::Map::is_empty) && expressions.is_empty() {
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

/// Whether an expression of a selector is true of labels; one that can't be read is the schema's business.
pub(super) fn holds(expression: &Value, labels: Option<&Value>) -> bool {
    let text = |key| expression.get(key).and_then(Value::as_str);
    let (Some(key), Some(operator)) = (text("key"), text("operator")) else { return true };
    let values = expression.get("values").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let label = labels.and_then(|labels| labels.get(key));
    let listed = label.is_some_and(|label| values.contains(label));
    match operator {
        "In" => listed || values.is_empty(),
        "NotIn" => !listed,
        "Exists" => label.is_some(),
        "DoesNotExist" => label.is_none(),
        _ => true,
    }
}

fn check_selects_something(object: &Object, subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let Some((.., keys)) = SELECTORS.iter().find(|(group, kind, _)| is_of(object, group, kind)) else {
        return;
    };
    let Some(selector) = Part::whole(object).at(keys) else { return };
    let selected = subject.pods.meant(selector.value, object);
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
    if is_of(object, "", "Service") {
        check_target_ports(object, &selected, subject.demands.whole, reporter);
    }
}

/// A port that a Service names must be one that a container of its pods has.
fn check_target_ports(service: &Object, selected: &[&Object], whole: Whole, reporter: &mut Reporter<'_>) {
    let Some(spec) = Part::whole(service).at(&["spec"]) else { return };
    // Pods of a job that bear the labels serve nobody for that; those of a Deployment elsewhere may.
    let served = selected.iter().filter(|object| object.id.group() != "batch");
    if served.clone().next().is_none() && whole == Whole::Part {
        return;
    }
    let known: Vec<&str> = served
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

/// A port that an Ingress sends to must be one of the Service's, where that is among the objects. Controllers look it up by
/// name and number, some of them by what it stands for in the pods.
fn check_back_ends(ingress: &Object, subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for back_end in back_ends(ingress) {
        let mut services = subject.objects.iter().filter(|other| is_of(other, "", "Service"));
        let Some(service) = services.find(|service| {
            Some(service.id.name.as_str()) == back_end.text("name")
                && service.id.namespace == ingress.id.namespace
        }) else {
            continue;
        };
        let Some(spec) = Part::whole(service).at(&["spec"]) else { continue };
        let ports = spec.items("ports");
        for (key, field) in [("name", "name"), ("number", "port")] {
            let Some(wanted) = back_end.at(&["port", key]) else { continue };
            // What is not known is not missing: a Service that is a name of another host need not state its ports.
            let is_there = |port: &Part<'_>| {
                [field, "targetPort"].iter().any(|field| port.value.get(field) == Some(wanted.value))
            };
            if ports.is_empty() || ports.iter().any(is_there) {
                continue;
            }
            let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let known: Vec<String> =
                ports.iter().filter_map(|port| port.value.get(field)).map(shown).collect();
            let known = known.iter().map(String::as_str);
            let help = if key == "name" {
                crate::manifest::schema::suggestion(&shown(wanted.value), known)
            } else {
                format!("known here: {}", known.collect::<Vec<_>>().join(", "))
            };
            let title = format!("the Service `{}` has no port `{}`", service.id.name, shown(wanted.value));
            reporter.error(codes::TARGET_PORT, ingress, &wanted.path, &title, help);
        }
    }
}
