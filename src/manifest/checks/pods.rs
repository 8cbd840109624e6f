//! What a pod's parts say of each other: containers, volumes, ports, probes, resources.

use crate::diagnostics::{Severity, codes};
use std::collections::BTreeSet;

use serde_json::Value;

use super::{Part, Subject, containers, is_of, pod_template};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::suggestion;
use crate::names::Rule;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        check_service_ports(object, reporter);
        let Some(spec) = pod_template(object).and_then(|template| template.at(&["spec"])) else { continue };
        let volumes = check_volumes(object, &spec, reporter);
        let all = containers(&spec);
        check_unique(object, &all, "name", Rule::Label, "container", reporter);
        for container in &all {
            check_mounts(object, container, &volumes, reporter);
            check_environment(object, container, reporter);
            check_probes(object, container, reporter);
            super::resources::check(object, &spec, container, reporter);
            let ports = container.items("ports");
            check_unique(object, &ports, "name", Rule::PortName, "port", reporter);
            check_port_clash(object, &ports, reporter);
        }
    }
}

/// That the items of a list have names that are names, each once. Items without one are the schema's business.
fn check_unique(
    object: &Object,
    items: &[Part<'_>],
    key: &str,
    rule: Rule,
    what: &str,
    reporter: &mut Reporter<'_>,
) {
    let mut seen = BTreeSet::new();
    for item in items {
        let Some(name) = item.text(key) else { continue };
        let path = item.path.child(key);
        if let Err(why) = rule.check(name) {
            reporter.error(
                codes::PART_NAME,
                object,
                &path,
                &format!("`{name}` can't be the name of a {what}"),
                why,
            );
        } else if !seen.insert(name) {
            let title = format!("two {what}s have the name `{name}`");
            reporter.error(codes::PART_NAME, object, &path, &title, "give one of them another name");
        }
    }
}

/// Checks the volumes; gives the names that can be mounted.
fn check_volumes<'a>(object: &'a Object, spec: &Part<'a>, reporter: &mut Reporter<'_>) -> BTreeSet<&'a str> {
    let volumes = spec.items("volumes");
    check_unique(object, &volumes, "name", Rule::Label, "volume", reporter);
    for volume in &volumes {
        let sources: Vec<&str> = volume
            .value
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, value)| *key != "name" && !value.is_null())
            .map(|(key, _)| key.as_str())
            .collect();
        let name = volume.text("name").unwrap_or_default();
        // The server makes it an empty one: that may be meant.
        if sources.is_empty() {
            let title = format!("the volume `{name}` has no source, and will be an empty one");
            let help = "say what it is: `emptyDir: {}`, or where its files are";
            reporter.say(Severity::Warning, codes::VOLUME_SOURCE, object, &volume.path, &title, help);
        } else if sources.len() > 1 {
            let title = format!("the volume `{name}` has {} sources", sources.len());
            let help = format!("keep one of {}; in a patch, set the others to null", sources.join(", "));
            reporter.error(codes::VOLUME_SOURCE, object, &volume.path, &title, help);
        }
    }
    let whole = Part::whole(object);
    let claims = whole.at(&["spec"]).map(|spec| spec.items("volumeClaimTemplates")).unwrap_or_default();
    let claimed =
        claims.iter().filter_map(|claim| claim.value.pointer("/metadata/name").and_then(Value::as_str));
    volumes.iter().filter_map(|volume| volume.text("name")).chain(claimed).collect()
}

fn check_mounts(
    object: &Object,
    container: &Part<'_>,
    volumes: &BTreeSet<&str>,
    reporter: &mut Reporter<'_>,
) {
    let mut paths = BTreeSet::new();
    for mount in container.items("volumeMounts") {
        if let Some(name) = mount.text("name").filter(|name| !volumes.contains(name)) {
            let title = format!("it mounts the volume `{name}`, which the pod doesn't have");
            reporter.error(
                codes::MOUNT,
                object,
                &mount.path.child("name"),
                &title,
                suggestion(name, volumes.iter().copied()),
            );
        }
        let Some(path) = mount.text("mountPath") else { continue };
        if !paths.insert(path) {
            let title = format!("two volumes are mounted at `{path}`");
            reporter.error(
                codes::MOUNT,
                object,
                &mount.path.child("mountPath"),
                &title,
                "mount one of them elsewhere",
            );
        }
        if path.contains(':') || path.is_empty() {
            let title = format!("`{path}` can't be mounted at");
            reporter.error(
                codes::MOUNT,
                object,
                &mount.path.child("mountPath"),
                &title,
                "write a path without `:`",
            );
        }
        let sub = mount.text("subPath").unwrap_or_default();
        if sub.starts_with('/') || sub.split('/').any(|part| part == "..") {
            let help = "write a path below the volume's root, without `..`";
            reporter.error(
                codes::MOUNT,
                object,
                &mount.path.child("subPath"),
                &format!("`{sub}` is no path inside a volume"),
                help,
            );
        }
    }
}

fn check_environment(object: &Object, container: &Part<'_>, reporter: &mut Reporter<'_>) {
    let variables = container.items("env");
    check_unique(object, &variables, "name", Rule::EnvironmentName, "variable", reporter);
    for variable in &variables {
        if variable.value.get("value").is_some_and(|value| !value.is_null())
            && variable.at(&["valueFrom"]).is_some()
        {
            let name = variable.text("name").unwrap_or_default();
            let title = format!("the variable `{name}` has `value` and `valueFrom`");
            reporter.error(codes::ENVIRONMENT, object, &variable.path, &title, "keep one of the two");
        }
    }
}

/// A probe or hook does exactly one thing, and a port that it names is one of its container's.
fn check_probes(object: &Object, container: &Part<'_>, reporter: &mut Reporter<'_>) {
    const ACTIONS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];
    let ports = container.items("ports");
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let Some(probe) = container.at(&[probe]) else { continue };
        let actions = ACTIONS.iter().filter(|action| probe.at(&[action]).is_some()).count();
        if actions != 1 {
            let title = format!("`{}` says {actions} ways to ask", probe.path);
            reporter.error(
                codes::PROBE,
                object,
                &probe.path,
                &title,
                format!("state one of {}", ACTIONS.join(", ")),
            );
        }
        for action in ["httpGet", "tcpSocket"] {
            let Some(action) = probe.at(&[action]) else { continue };
            let Some(port) = action.text("port") else { continue };
            let names: Vec<&str> = ports.iter().filter_map(|port| port.text("name")).collect();
            if !names.contains(&port) {
                let title =
                    format!("`{}` asks at the port `{port}`, which the container doesn't have", probe.path);
                reporter.error(
                    codes::PROBE,
                    object,
                    &action.path.child("port"),
                    &title,
                    suggestion(port, names.into_iter()),
                );
            }
        }
    }
}

/// No port of a container is there twice; what several containers say of one is in `containers`.
fn check_port_clash(object: &Object, ports: &[Part<'_>], reporter: &mut Reporter<'_>) {
    let mut seen = BTreeSet::new();
    for port in ports {
        let Some(number) = port.value.get("containerPort").and_then(Value::as_i64) else { continue };
        if !seen.insert((number, port.text("protocol").unwrap_or("TCP"), port.text("hostIP"))) {
            let path = port.path.child("containerPort");
            let title = format!("two ports of the container are {number}");
            reporter.error(codes::PORTS, object, &path, &title, "remove one of them");
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
    check_unique(object, &ports, "name", Rule::Label, "port", reporter);
    let mut seen = BTreeSet::new();
    for port in &ports {
        if ports.len() > 1 && port.text("name").is_none() {
            reporter.error(
                codes::PORTS,
                object,
                &port.path,
                "a port has no name",
                "name each one where a Service has several",
            );
        }
        let Some(number) = port.value.get("port").and_then(Value::as_i64) else { continue };
        if !seen.insert((number, port.text("protocol").unwrap_or("TCP"))) {
            let title = format!("two ports are {number}");
            reporter.error(codes::PORTS, object, &port.path.child("port"), &title, "remove one of them");
        }
    }
}
