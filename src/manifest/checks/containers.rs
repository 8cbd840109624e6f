//! What containers may say by where they stand in their pod, and of the ports that they share.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Part, Subject, is_sidecar, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

/// What only a container has that goes on running.
const OF_RUNNING: [&str; 4] = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let Some(spec) = pod_template(object).and_then(|template| template.at(&["spec"])) else { continue };
        let (sidecars, plain): (Vec<_>, Vec<_>) =
            spec.items("initContainers").into_iter().partition(is_sidecar);
        for (container, key) in plain.iter().flat_map(|container| OF_RUNNING.map(|key| (container, key))) {
            let Some(part) = container.at(&[key]) else { continue };
            let title = format!("`{}` stands in a container that ends before the others start", part.path);
            let help = "remove it; `restartPolicy: Always` makes a sidecar of the container";
            reporter.error(codes::FIELD_VALUE, object, &part.path, &title, help);
        }
        let running = [sidecars, spec.items("containers")].concat();
        for container in &running {
            if let Some(part) = container.at(&["readinessProbe", "terminationGracePeriodSeconds"]) {
                let title = format!("`{}` has no meaning: a readiness probe ends nothing", part.path);
                reporter.error(codes::FIELD_VALUE, object, &part.path, &title, "remove it");
            }
        }
        check_sleep(object, &spec, &running, reporter);
        check_host_ports(object, &spec, reporter);
        check_shared_ports(object, &running, reporter);
    }
}

/// A container that is told to end has the pod's time for it, the nap before it included.
fn check_sleep(object: &Object, spec: &Part<'_>, running: &[Part<'_>], reporter: &mut Reporter<'_>) {
    let grace = number(spec, "terminationGracePeriodSeconds").unwrap_or(30);
    for sleep in running.iter().filter_map(|container| container.at(&["lifecycle", "preStop", "sleep"])) {
        if let Some(seconds) = number(&sleep, "seconds").filter(|seconds| *seconds > grace) {
            let path = sleep.path.child("seconds");
            let title = format!("`{path}` is {seconds}, and the pod has {grace} seconds to end");
            let help = "raise `terminationGracePeriodSeconds`, or sleep for less";
            reporter.error(codes::FIELD_VALUE, object, &path, &title, help);
        }
    }
}

fn number(port: &Part<'_>, key: &str) -> Option<i64> {
    port.value.get(key).and_then(Value::as_i64)
}

/// Ports of the node: the same as the container's where the pod has no network of its own, and each taken once.
fn check_host_ports(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let on_host = spec.value.get("hostNetwork") == Some(&Value::Bool(true));
    let mut taken = BTreeSet::new();
    for port in spec.items("containers").iter().flat_map(|container| container.items("ports")) {
        let Some(host) = number(&port, "hostPort").filter(|host| *host != 0) else { continue };
        let path = port.path.child("hostPort");
        if on_host && number(&port, "containerPort").is_some_and(|port| port != host) {
            let title = format!("`{path}` is {host}, and the container's port is another one");
            let help = "remove it: with `hostNetwork`, the container's ports are the node's";
            reporter.error(codes::PORTS, object, &path, &title, help);
        }
        let key = (host, port.text("protocol").unwrap_or("TCP"), port.text("hostIP").unwrap_or_default());
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
            if let Some(number) = number(&port, "containerPort") {
                let first = *numbers.entry((number, port.text("protocol").unwrap_or("TCP"))).or_insert(at);
                if first != at {
                    let path = port.path.child("containerPort");
                    let title = format!("two containers of the pod have the port {number}");
                    let help = "they share one network: only one of them can listen there";
                    reporter.say(Severity::Warning, codes::PORTS, object, &path, &title, help);
                }
            }
            let Some(name) = port.text("name") else { continue };
            if *names.entry(name).or_insert(at) != at {
                let path = port.path.child("name");
                let title = format!("two containers of the pod have a port named `{name}`");
                let help = "a Service that names it means the first one; give this one another name";
                reporter.say(Severity::Warning, codes::PART_NAME, object, &path, &title, help);
            }
        }
    }
}
