//! The server that the objects of a release are for, and what its workload must leave as it is: a patch can change it.

use serde_json::Value;

use super::{Part, Subject, is_of, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::{Object, Origin};
use crate::manifest::reporter::Reporter;
use crate::quantity::Quantity;
use crate::yaml::ValuePath;

/// What a release's server needs of its objects.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    pub namespace: &'a str,
    /// The name of its workload.
    pub name: &'a str,
    /// How many pods there are to be.
    pub replicas: u32,
    /// What its parameters can come to take of its memory, in bytes.
    pub memory: u64,
}

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let Some(server) = &subject.demands.server else { return };
    let Some(object) = workload(server, subject.objects) else { return };
    let Some(spec) = Part::whole(object).at(&["spec"]) else { return };
    if object.id.kind == "Deployment" {
        check_one_at_a_time(object, &spec, reporter);
    } else {
        check_number(object, &spec, server, reporter);
    }
    check_memory(object, server, reporter);
}

/// A second pod waits for the lock on the volume.
fn check_one_at_a_time(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let mut say = |path: &ValuePath, title: &str, help: &str| {
        reporter.error(codes::SERVER_PODS, object, path, title, help);
    };
    if let Some(pods) = spec.number("replicas").filter(|pods| *pods > 1) {
        let path = spec.path.child("replicas");
        let title = format!("`{path}` is {pods}: the pods share one volume, and only one of them can serve");
        say(&path, &title, "remove it; several servers are made by `deploymentMode: ha`");
    }
    // Without one, Kubernetes takes a rolling update.
    let none = || Part { path: spec.path.child("strategy"), value: &Value::Null };
    let strategy = spec.at(&["strategy"]).unwrap_or_else(none);
    if strategy.stated("type") != Some("Recreate") && new_pod_comes_first(&strategy) {
        let path = strategy.at(&["type"]).map_or_else(|| strategy.path.clone(), |part| part.path);
        let title = format!(
            "`{}` starts the new pod first: it waits for the volume, which the old one holds until the new one is ready",
            strategy.path
        );
        say(&path, &title, "remove it: with `Recreate` the old pod ends first");
    }
}

/// Whether a rolling update of one pod makes the new one before the old one may go (`ResolveFenceposts`).
fn new_pod_comes_first(strategy: &Part<'_>) -> bool {
    let of_one = |key: &str, round: fn(u64) -> u64| {
        let value = strategy.value.pointer(&format!("/rollingUpdate/{key}")).unwrap_or(&Value::Null);
        let percent = |text: &str| text.strip_suffix('%')?.parse().ok().map(round);
        value.as_u64().or_else(|| value.as_str().and_then(percent)).unwrap_or_else(|| round(25))
    };
    of_one("maxSurge", |percent| percent.div_ceil(100)) > 0
        && of_one("maxUnavailable", |percent| percent / 100) == 0
}

/// None at all is a pause.
fn check_number(object: &Object, spec: &Part<'_>, server: &Server<'_>, reporter: &mut Reporter<'_>) {
    let wanted = i64::from(server.replicas);
    let Some(pods) = spec.number("replicas").filter(|pods| ![0, wanted].contains(pods)) else { return };
    let path = spec.path.child("replicas");
    let (severity, consequence) = if pods > wanted {
        (Severity::Error, "nobody keeps a slot for the others")
    } else {
        (Severity::Warning, "the log is kept for those that are away")
    };
    let title = format!("`{path}` is {pods}, and the servers know of {wanted}: {consequence}");
    let help = "set `highAvailability.replicas` instead, which tells the servers, too";
    reporter.say(severity, codes::SERVER_PODS, object, &path, &title, help);
}

fn check_memory(object: &Object, server: &Server<'_>, reporter: &mut Reporter<'_>) {
    let limits = pod_template(object)
        .and_then(|pod| container(&pod, "postgres"))
        .and_then(|container| container.at(&["resources", "limits"]));
    let Some(limits) = limits else { return };
    let Some(memory) = limits.at(&["memory"]) else { return };
    let text = memory.value.as_str().map_or_else(|| memory.value.to_string(), str::to_owned);
    let needed = i128::from(server.memory);
    if Quantity::parse(&text).is_ok_and(|limit| limit.units() < needed) {
        let path = memory.path;
        let mebibytes = server.memory.div_ceil(1024 * 1024);
        let title = format!("`{path}` is `{text}`, and the server can come to need {mebibytes} MiB");
        let help = "set `resources.limits.memory` instead: the parameters follow it";
        reporter.say(Severity::Warning, codes::MEMORY_BUDGET, object, &path, &title, help);
    }
}

/// The object that makes the server's pods.
pub(super) fn workload<'a>(server: &Server<'_>, objects: &'a [Object]) -> Option<&'a Object> {
    objects.iter().find(|object| {
        ["Deployment", "StatefulSet"].iter().any(|kind| is_of(object, "apps", kind))
            && object.id.name == server.name
            && !matches!(object.origin, Origin::Value(_))
    })
}

/// A container of a pod by its name.
pub(super) fn container<'a>(pod: &Part<'a>, name: &str) -> Option<Part<'a>> {
    let containers = pod.at(&["spec"])?.items("containers");
    containers.into_iter().find(|container| container.text("name") == Some(name))
}

/// The value of a container's variable, where it is stated.
pub(super) fn variable<'a>(container: &Part<'a>, name: &str) -> Option<&'a str> {
    let variables = container.items("env");
    variables.into_iter().find(|variable| variable.text("name") == Some(name))?.text("value")
}

/// A volume of a pod by its name; none where a StatefulSet's claim brings it.
pub(super) fn volume<'a>(pod: &Part<'a>, name: &str) -> Option<Part<'a>> {
    let volumes = pod.at(&["spec"])?.items("volumes");
    volumes.into_iter().find(|volume| volume.text("name") == Some(name))
}
