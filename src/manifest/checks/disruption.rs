//! Budgets that never let a pod be evicted: `kubectl drain` then waits for ever, and a node cannot be maintained.

use serde_json::Value;

use super::{Part, Subject, is_of};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects.iter().filter(|object| is_of(object, "policy", "PodDisruptionBudget")) {
        let Some(spec) = Part::whole(object).at(&["spec"]) else { continue };
        let pods = pods(object, &spec, subject);
        for (key, blocks) in [
            ("maxUnavailable", none_may_go as fn(&Value, Option<u64>) -> bool),
            ("minAvailable", all_must_stay),
        ] {
            let Some(part) = spec.at(&[key]).filter(|part| blocks(part.value, pods)) else { continue };
            let help = match pods {
                Some(1) => "no node with this pod can be drained: leave the budget out for a single pod",
                _ => "no node with such a pod can be drained: write `maxUnavailable: 1`",
            };
            let title = format!("`{}` never lets a pod be evicted", part.path);
            reporter.say(Severity::Warning, codes::NO_DRAIN, object, &part.path, &title, help);
        }
    }
}

/// A number, or a share of some pods, rounded up as Kubernetes does. None where it is neither, or of pods unknown.
fn count(value: &Value, pods: Option<u64>) -> Option<u64> {
    let Value::String(text) = value else { return value.as_u64() };
    let percent: u64 = text.strip_suffix('%')?.parse().ok()?;
    if percent == 0 { Some(0) } else { Some(pods?.checked_mul(percent)?.div_ceil(100)) }
}

fn none_may_go(value: &Value, pods: Option<u64>) -> bool {
    count(value, pods) == Some(0)
}

fn all_must_stay(value: &Value, pods: Option<u64>) -> bool {
    let enough = count(value, pods).zip(pods).is_some_and(|(count, pods)| count >= pods);
    enough || value.as_str() == Some("100%")
}

/// How many pods a budget is for, where that is known: nothing scales them, and the selector is plain. Of no pods, none
/// needs to be evicted.
fn pods(budget: &Object, spec: &Part<'_>, subject: &Subject<'_>) -> Option<u64> {
    let selector = spec.at(&["selector", "matchLabels"])?;
    if spec.at(&["selector", "matchExpressions"]).is_some() {
        return None;
    }
    let mut sum = 0;
    for object in subject.pods.meant(selector.value, budget) {
        let scaled = subject.objects.iter().any(|other| {
            // Kubernetes' own autoscaler, and those of others.
            other.value.pointer("/spec/scaleTargetRef/name").and_then(Value::as_str) == Some(&object.id.name)
        });
        if scaled {
            return None;
        }
        sum += match object.id.kind.as_str() {
            "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController" => {
                object.value.pointer("/spec/replicas").map_or(Some(1), Value::as_u64)?
            }
            "Pod" => 1,
            _ => return None,
        };
    }
    (sum > 0).then_some(sum)
}
