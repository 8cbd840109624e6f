//! The Prometheus operator's monitors: a port that they name is one of those that they select, where these are among the
//! objects. Others may be in the cluster, so that it is a warning.

use serde_json::Value;

use super::labelled::{Unknown, selects};
use super::{Part, Subject, Whole, containers, is_of, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::suggestion;

/// Kind, where its end points are, what it selects.
const MONITORS: [(&str, &str, &str); 2] =
    [("PodMonitor", "podMetricsEndpoints", "pod"), ("ServiceMonitor", "endpoints", "Service")];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    if subject.demands.whole == Whole::Part {
        return;
    }
    for object in subject.objects {
        let monitor = MONITORS.iter().find(|row| is_of(object, "monitoring.coreos.com", row.0));
        let (Some((_, key, selected)), Some(spec)) = (monitor, Part::whole(object).at(&["spec"])) else {
            continue;
        };
        let Some(known) = ports(object, &spec, *selected == "Service", subject) else { continue };
        for end_point in spec.items(key) {
            let Some(port) = end_point.stated("port").filter(|port| !known.contains(port)) else { continue };
            let title = format!("no {selected} that it selects here has a port named `{port}`");
            let help = suggestion(port, known.iter().copied());
            let path = end_point.path.child("port");
            reporter.say(Severity::Warning, codes::TARGET_PORT, object, &path, &title, help);
        }
    }
}

/// The names of the ports of what a monitor selects in its own namespace; none where it selects nothing here, or may
/// select in other namespaces.
fn ports<'a>(
    monitor: &Object,
    spec: &Part<'_>,
    services: bool,
    subject: &Subject<'a>,
) -> Option<Vec<&'a str>> {
    let namespace = monitor.id.namespace.as_deref();
    if let Some(places) = spec.at(&["namespaceSelector"]) {
        let names = places.value.get("matchNames").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let is_here = names.iter().all(|name| name.as_str() == namespace);
        if !is_here || places.value.get("any") == Some(&Value::Bool(true)) {
            return None;
        }
    }
    let selector = spec.value.get("selector")?;
    if selector.as_object().is_none_or(serde_json::Map::is_empty) {
        return None;
    }
    let mut names = Vec::new();
    let mut any = false;
    for object in subject.objects.iter().filter(|object| object.id.namespace.as_deref() == namespace) {
        let template = if services { None } else { pod_template(object) };
        let labels = match &template {
            Some(template) => template.value.pointer("/metadata/labels"),
            None if services && is_of(object, "", "Service") => object.metadata("labels"),
            None => continue,
        };
        if !selects(selector, labels, Unknown::Fits) {
            continue;
        }
        any = true;
        let spec = template.unwrap_or_else(|| Part::whole(object)).at(&["spec"]);
        let holders =
            spec.map_or_else(Vec::new, |spec| if services { vec![spec] } else { containers(&spec) });
        names.extend(
            holders.iter().flat_map(|holder| holder.items("ports")).filter_map(|port| port.text("name")),
        );
    }
    names.sort_unstable();
    names.dedup();
    any.then_some(names)
}
