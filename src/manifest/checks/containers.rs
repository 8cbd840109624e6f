//! What containers demand, and what they may say by where they stand in their pod.

use serde_json::Value;

use super::demanded::{missing, wrong};
use super::{Part, Subject, containers, is_sidecar, pod_template};
use crate::diagnostics::codes;
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

/// The capability that is nearly all of them.
const ADMIN: &str = "CAP_SYS_ADMIN";

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
    }
}

/// A container that is told to end has the pod's time for it, the nap before it included.
fn check_sleep(object: &Object, spec: &Part<'_>, running: &[Part<'_>], reporter: &mut Reporter<'_>) {
    let grace = spec.number("terminationGracePeriodSeconds").unwrap_or(30);
    for sleep in running.iter().filter_map(|container| container.at(&["lifecycle", "preStop", "sleep"])) {
        if let Some(seconds) = sleep.number("seconds").filter(|seconds| *seconds > grace) {
            let path = sleep.path.child("seconds");
            let title = format!("`{path}` is {seconds}, and the pod has {grace} seconds to end");
            let help = "raise `terminationGracePeriodSeconds`, or sleep for less";
            reporter.error(codes::FIELD_VALUE, object, &path, &title, help);
        }
    }
}

pub(super) fn have_images(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    if spec.items("containers").is_empty() && spec.value.get("containers").is_some_and(Value::is_array) {
        missing(object, spec, "containers", reporter);
    }
    for container in containers(spec) {
        match container.value.get("image") {
            None | Some(Value::Null) => missing(object, &container, "image", reporter),
            Some(Value::String(image)) if image.is_empty() => missing(object, &container, "image", reporter),
            Some(Value::String(image)) if image.trim() != image => {
                wrong(
                    object,
                    &container,
                    "image",
                    "begins or ends with a blank",
                    "remove the blank",
                    reporter,
                );
            }
            Some(_) => {}
        }
    }
}

/// A probe that kills or holds back a container counts from its first success.
pub(super) fn probes_succeed_once(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    for container in containers(spec) {
        for name in ["livenessProbe", "startupProbe"] {
            let Some(probe) = container.at(&[name]) else { continue };
            if probe
                .value
                .get("successThreshold")
                .and_then(Value::as_i64)
                .is_some_and(|number| !matches!(number, 0 | 1))
            {
                wrong(
                    object,
                    &probe,
                    "successThreshold",
                    "is not 1",
                    "leave it out: this probe needs one success",
                    reporter,
                );
            }
        }
    }
}

pub(super) fn privileges_agree(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    for container in containers(spec) {
        let Some(context) = container.at(&["securityContext"]) else { continue };
        let is = |key: &str, wanted: bool| context.value.get(key) == Some(&Value::Bool(wanted));
        if is("privileged", true) && is("allowPrivilegeEscalation", false) {
            let why = "is false in a privileged container";
            wrong(
                object,
                &context,
                "allowPrivilegeEscalation",
                why,
                "remove `privileged`, or this",
                reporter,
            );
        }
        let added = context.at(&["capabilities"]).and_then(|all| all.value.get("add")?.as_array().cloned());
        // Of `SYS_ADMIN`, as it is written elsewhere, the server says nothing.
        if is("allowPrivilegeEscalation", false) && added.is_some_and(|all| all.contains(&ADMIN.into())) {
            let why = format!("is false in a container with the capability `{ADMIN}`");
            wrong(
                object,
                &context,
                "allowPrivilegeEscalation",
                &why,
                "remove the capability, or this",
                reporter,
            );
        }
    }
}
