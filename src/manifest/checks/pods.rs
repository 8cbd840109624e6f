//! What a pod's parts say of each other: containers, volumes, probes.

use crate::diagnostics::{Severity, codes};
use std::collections::BTreeSet;

use serde_json::Value;

use super::{Part, Subject, containers, environment, mounts, pod_template, resources};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::suggestion;
use crate::names::Rule;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let Some(spec) = pod_template(object).and_then(|template| template.at(&["spec"])) else { continue };
        let volumes = check_volumes(object, &spec, reporter);
        let all = containers(&spec);
        environment::check_resources(object, &spec, reporter);
        resources::check_pod(object, &spec, reporter);
        check_unique(object, &all, Rule::Label, "container", Severity::Error, reporter);
        for container in &all {
            mounts::check(object, &spec, container, &volumes, reporter);
            environment::check(object, container, subject.twice(), reporter);
            check_probes(object, container, reporter);
            resources::check(object, &spec, container, reporter);
        }
    }
}

/// That the items of a list have names that are names, each once: `twice` tells how bad it is otherwise. Items without one are the schema's business.
pub(super) fn check_unique(
    object: &Object,
    items: &[Part<'_>],
    rule: Rule,
    what: &str,
    twice: Severity,
    reporter: &mut Reporter<'_>,
) {
    let mut seen = BTreeSet::new();
    for item in items {
        let Some(name) = item.text("name") else { continue };
        let path = item.path.child("name");
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
            reporter.say(twice, codes::PART_NAME, object, &path, &title, "give one of them another name");
        }
    }
}

/// Checks the volumes; gives the names that can be mounted.
fn check_volumes<'a>(object: &'a Object, spec: &Part<'a>, reporter: &mut Reporter<'_>) -> BTreeSet<&'a str> {
    let volumes = spec.items("volumes");
    check_unique(object, &volumes, Rule::Label, "volume", Severity::Error, reporter);
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
                    if port.bytes().all(|digit| digit.is_ascii_digit()) {
                        "write it without quotes: a number in quotes is a name".to_owned()
                    } else {
                        suggestion(port, names.into_iter())
                    },
                );
            }
        }
    }
}
