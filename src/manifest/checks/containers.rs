//! What containers may say by where they stand in their pod.

use super::{Part, Subject, is_sidecar, pod_template};
use crate::diagnostics::codes;
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
