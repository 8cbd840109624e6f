//! The ports of a pod's containers, and those of a Service.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pods::check_unique;
use super::{Part, Subject, containers, is_of, is_sidecar, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::names::Rule;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        check_service_ports(object, reporter);
        let Some(spec) = pod_template(object).and_then(|template| template.at(&["spec"])) else { continue };
        for container in containers(&spec) {
            let ports = container.items("ports");
            check_unique(object, &named(&ports), Rule::PortName, "port", Severity::Error, reporter);
            check_port_clash(object, &ports, subject.twice(), reporter);
        }
        let (sidecars, _): (Vec<_>, Vec<_>) = spec.items("initContainers").into_iter().partition(is_sidecar);
        let running = [sidecars, spec.items("containers")].concat();
        check_host_ports(object, &spec, reporter);
        check_shared_ports(object, &running, reporter);
    }
}

/// Those of a list of ports that have a name; an empty one is none.
fn named<'a>(ports: &[Part<'a>]) -> Vec<Part<'a>> {
    ports.iter().filter(|port| port.stated("name").is_some()).cloned().collect()
}

/// No port of a container is there twice; what several containers say of one is in `containers`.
///
/// `kubectl apply` takes such a pod with a warning, `kubectl apply --server-side` refuses it.
fn check_port_clash(object: &Object, ports: &[Part<'_>], severity: Severity, reporter: &mut Reporter<'_>) {
    let mut seen = BTreeSet::new();
    for port in ports {
        let Some(number) = port.number("containerPort") else { continue };
        if !seen.insert((number, port.stated("protocol").unwrap_or("TCP"), port.stated("hostIP"))) {
            let path = port.path.child("containerPort");
            let title = format!("two ports of the container are {number}");
            reporter.say(severity, codes::PORTS, object, &path, &title, "remove one of them");
        }
    }
}

/// Ports of a Service: named where there are several, each name and number once.
fn check_service_ports(object: &Object, reporter: &mut Reporter<'_>) {
    if !is_of(object, "", "Service") {
        return;
    }
    let Some(spec) = Part::whole(object).at(&["spec"]) else { return };
    let ports = spec.items("ports");
    check_unique(object, &named(&ports), Rule::Label, "port", Severity::Error, reporter);
    let mut seen = BTreeSet::new();
    for port in &ports {
        if ports.len() > 1 && port.stated("name").is_none() {
            reporter.error(
                codes::PORTS,
                object,
                &port.path,
                "a port has no name",
                "name each one where a Service has several",
            );
        }
        let Some(number) = port.number("port") else { continue };
        if !seen.insert((number, port.stated("protocol").unwrap_or("TCP"))) {
            let title = format!("two ports are {number}");
            reporter.error(codes::PORTS, object, &port.path.child("port"), &title, "remove one of them");
        }
    }
}

/// Ports of the node: the same as the container's where the pod has no network of its own, and each taken once.
fn check_host_ports(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let on_host = spec.value.get("hostNetwork") == Some(&Value::Bool(true));
    let mut taken = BTreeSet::new();
    for port in spec.items("containers").iter().flat_map(|container| container.items("ports")) {
        let Some(host) = port.number("hostPort").filter(|host| *host != 0) else { continue };
        let path = port.path.child("hostPort");
        if on_host && port.number("containerPort").is_some_and(|port| port != host) {
            let title = format!("`{path}` is {host}, and the container's port is another one");
            let help = "remove it: with `hostNetwork`, the container's ports are the node's";
            reporter.error(codes::PORTS, object, &path, &title, help);
        }
        let key = (host, port.stated("protocol").unwrap_or("TCP"), port.text("hostIP").unwrap_or_default());
        if !taken.insert(key) {
            let title = format!("two ports of the pod take the node's port {host}");
            reporter.error(codes::PORTS, object, &path, &title, "give one of them another port");
        }
    }
}

/// Ports that several containers have. A server warns: one of them may be told by other means to listen elsewhere.
fn check_shared_ports(object: &Object, running: &[Part<'_>], reporter: &mut Reporter<'_>) {
    let mut numbers = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (at, container) in running.iter().enumerate() {
        for port in container.items("ports") {
            if let Some(number) = port.number("containerPort") {
                let first = *numbers.entry((number, port.stated("protocol").unwrap_or("TCP"))).or_insert(at);
                if first != at {
                    let path = port.path.child("containerPort");
                    let title = format!("two containers of the pod have the port {number}");
                    let help = "they share one network: only one of them can listen there";
                    reporter.say(Severity::Warning, codes::PORTS, object, &path, &title, help);
                }
            }
            let Some(name) = port.stated("name") else { continue };
            if *names.entry(name).or_insert(at) != at {
                let path = port.path.child("name");
                let title = format!("two containers of the pod have a port named `{name}`");
                let help = "a Service that names it means the first one; give this one another name";
                reporter.say(Severity::Warning, codes::PART_NAME, object, &path, &title, help);
            }
        }
    }
}
