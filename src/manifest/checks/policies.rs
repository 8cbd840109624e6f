//! A `NetworkPolicy` beside the server that lets nobody in to one of its ports, or keeps several servers from each other.
//!
//! Policies add up: what one of them lets in is let in. Others may be in the cluster, so nothing here is more than a warning.

use serde_json::Value;

use super::labelled::{Unknown, selects};
use super::server::{Server, container, workload};
use super::{Part, Subject, is_of, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

const GROUP: &str = "networking.k8s.io";

/// The label that every namespace has, with its name.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// A port of the server's pod: who listens there, its number and its name.
struct Port<'a> {
    owner: &'static str,
    number: i64,
    name: &'a str,
}

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    // What policies of a network's own kinds let in counts as well, and is not read here.
    let is_of_others =
        |object: &Object| object.id.kind.ends_with("NetworkPolicy") && !is_of(object, GROUP, "NetworkPolicy");
    if subject.objects.iter().any(is_of_others) {
        return;
    }
    let Some((server, pod)) = subject.demands.server.as_ref().and_then(|server| {
        let object = workload(server, subject.objects)?;
        Some((server, pod_template(object)?))
    }) else {
        return;
    };
    let labels = pod.value.pointer("/metadata/labels");
    let means = |policy: &Object, unknown| {
        let selector = policy.value.pointer("/spec/podSelector").unwrap_or(&Value::Null);
        selects(selector, labels, unknown)
    };
    let policies: Vec<&Object> = subject
        .objects
        .iter()
        .filter(|object| is_of(object, GROUP, "NetworkPolicy") && is_about_who_comes_in(object))
        .filter(|object| object.id.namespace.as_deref() == Some(server.namespace))
        .collect();
    // One that means some of the servers only is not judged, and what it lets in counts for all.
    let Some(policy) = policies.iter().find(|policy| means(policy, Unknown::Differs)) else { return };
    let rules: Vec<Part<'_>> = policies
        .iter()
        .filter(|policy| means(policy, Unknown::Fits))
        .filter_map(|policy| Part::whole(policy).at(&["spec"]))
        .flat_map(|spec| spec.items("ingress"))
        .collect();
    let spec = Part::whole(policy).at(&["spec"]).unwrap_or_else(|| Part::whole(policy));
    let path = spec.at(&["ingress"]).map_or_else(|| spec.path.clone(), |part| part.path);
    let mut say = |title: String, help: String| {
        reporter.say(Severity::Warning, codes::SHUT_OUT, policy, &path, &title, help);
    };
    for port in ports(&pod) {
        let Port { owner, number, name } = port;
        let mut open = rules.iter().filter(|rule| is_for(rule, &port)).peekable();
        if open.peek().is_none() {
            let title = format!("no policy here lets anybody in to port {number} of {owner}");
            let help = if owner == EXPORTER {
                format!(
                    "add a rule with `ports: [{{port: {name}}}]` for those who collect the metrics, or turn \
                     `monitoring.exporter` off"
                )
            } else {
                let others = if server.replicas > 1 { " and the other servers" } else { "" };
                format!("add a rule with `ports: [{{port: {name}}}]` for its clients{others}")
            };
            say(title, help);
        } else if owner == SERVER && server.replicas > 1 && !open.any(|rule| lets_in(rule, labels, server)) {
            let title = format!("no policy here lets the servers in to each other's port {number}");
            let help = format!(
                "add a rule for `podSelector: {{matchLabels: {{app.kubernetes.io/instance: {}}}}}`: standbys copy and \
                 follow the primary there",
                server.name
            );
            say(title, help);
        }
    }
}

const SERVER: &str = "the server";
const EXPORTER: &str = "the exporter";

fn ports<'a>(pod: &Part<'a>) -> Vec<Port<'a>> {
    let of = |owner: &'static str, name: &str| {
        let ports = container(pod, name).map(|container| container.items("ports")).unwrap_or_default();
        ports.into_iter().filter_map(move |port| {
            let number = port.number("containerPort")?;
            Some(Port { owner, number, name: port.text("name").unwrap_or_default() })
        })
    };
    of(SERVER, "postgres").chain(of(EXPORTER, "exporter")).collect()
}

/// Every policy is, unless it says otherwise.
fn is_about_who_comes_in(policy: &Object) -> bool {
    let types = policy.value.pointer("/spec/policyTypes").and_then(Value::as_array);
    types.is_none_or(|types| types.is_empty() || types.iter().any(|one| one == "Ingress"))
}

/// Whether a rule is for a port, whoever may come in.
fn is_for(rule: &Part<'_>, port: &Port<'_>) -> bool {
    let ports = rule.items("ports");
    ports.is_empty()
        || ports.iter().any(|allowed| {
            let fits = match allowed.value.get("port") {
                None | Some(Value::Null) => true,
                Some(Value::String(name)) => name == port.name,
                Some(first) => {
                    let first = first.as_i64().unwrap_or_default();
                    (first..=allowed.number("endPort").unwrap_or(first)).contains(&port.number)
                }
            };
            fits && allowed.stated("protocol").unwrap_or("TCP") == "TCP"
        })
}

/// Whether a rule lets in the server's own pods, as far as can be told: addresses may be theirs.
fn lets_in(rule: &Part<'_>, labels: Option<&Value>, server: &Server<'_>) -> bool {
    let from = rule.items("from");
    from.is_empty()
        || from.iter().any(|peer| {
            let by = |key: &str| peer.value.get(key).filter(|selector| !selector.is_null());
            let pods = by("podSelector").is_none_or(|selector| selects(selector, labels, Unknown::Fits));
            let there = by("namespaceSelector").is_none_or(|selector| {
                // Of the other labels of a namespace nothing is known.
                let named = selector.pointer("/matchLabels").and_then(|labels| labels.get(NAMESPACE_NAME));
                named.is_none_or(|name| name == server.namespace)
            });
            by("ipBlock").is_some() || (pods && there)
        })
}
