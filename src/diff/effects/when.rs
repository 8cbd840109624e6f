//! Conditions of rows: on which change, of which object.

use serde_json::Value as Json;

use super::volumes::Switch;
use super::{Facts, Subject, texts};
use crate::diff::{Body, Change};
use crate::postgres::images::same_libc;
use crate::quantity::Quantity;

/// Whether a pod comes into a selector, or leaves it, since the release changes its mode and stays on its volume.
pub(super) fn is_first_server(change: &Change, _: &Subject<'_>, facts: &Facts) -> bool {
    changes_mode(change, facts).is_some_and(Switch::keeps)
}

/// The same with a server on another volume.
pub(super) fn switches_away(change: &Change, _: &Subject<'_>, facts: &Facts) -> bool {
    changes_mode(change, facts).is_some_and(|switch| !switch.keeps())
}

fn changes_mode<'a>(change: &Change, facts: &'a Facts) -> Option<&'a Switch> {
    let (before, after) = texts(&change.body);
    let (pod, other) = if before.is_empty() { (after, before) } else { (before, after) };
    let (workload, _) = pod.rsplit_once('-')?;
    facts.switch(workload).filter(|_| other.is_empty())
}

pub(super) fn is_workload(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    matches!(subject.kind, "Deployment" | "StatefulSet" | "DaemonSet")
}

/// Whether pods of it run a server of a release: nobody else's pods are told what is true of that alone.
pub(super) fn is_server(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    subject.is_server()
}

/// Whether it is an object of a release.
pub(super) fn is_ours(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    subject.is_ours()
}

/// Whether the server's images are known to have different C libraries.
pub(super) fn other_libc(change: &Change, subject: &Subject<'_>, facts: &Facts) -> bool {
    let (before, after) = texts(&change.body);
    is_server(change, subject, facts) && same_libc(before, after) == Some(false)
}

/// Whether the names of the server's images don't tell which C libraries they have.
pub(super) fn unknown_libc(change: &Change, subject: &Subject<'_>, facts: &Facts) -> bool {
    let (before, after) = texts(&change.body);
    let both = !before.is_empty() && !after.is_empty();
    is_server(change, subject, facts) && both && same_libc(before, after).is_none()
}

/// Whether the new side accepts what another image sorts by.
pub(super) fn is_accepted(subject: &Subject<'_>) -> bool {
    let containers = subject.after("spec/template/spec/containers").and_then(Json::as_array);
    let variables = containers.into_iter().flatten().filter_map(|container| container.get("env")?.as_array());
    variables
        .flatten()
        .any(|variable| variable.get("name").is_some_and(|name| name == "PGPOD_ACCEPT_IMAGE_FAMILY"))
}

/// Whether the lines that say a database's encoding or locale differ, the databases being the same.
pub(super) fn other_encoding(change: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let (before, after) = texts(&change.body);
    let (before, after) = (encodings(before), encodings(after));
    subject.is_ours()
        && before.iter().any(|(name, how)| after.iter().any(|(other, now)| other == name && now != how))
}

/// Databases of `init.sql`, each with its encoding and locale.
fn encodings(sql: &str) -> Vec<(&str, [&str; 2])> {
    let mut found: Vec<(&str, [&str; 2])> = Vec::new();
    for line in sql.lines() {
        let Some((name, value)) = line.strip_prefix("\\set ").and_then(|rest| rest.split_once(' ')) else {
            continue;
        };
        match (name, found.last_mut()) {
            ("database", _) => found.push((value, [""; 2])),
            ("encoding", Some(last)) if last.1[0].is_empty() => last.1[0] = value,
            ("locale", Some(last)) if last.1[1].is_empty() => last.1[1] = value,
            _ => {}
        }
    }
    found
}

/// Whether a claim would be smaller than its volume; one that asked for more than it has got may ask for less again.
pub(super) fn shrinks(change: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let capacity = subject.old.and_then(|old| old.pointer("/status/capacity/storage")?.as_str());
    let capacity = capacity.and_then(|capacity| Quantity::parse(capacity).ok());
    sizes(change).is_some_and(|(before, after)| after < capacity.unwrap_or(before))
}

/// Whether a claim waits for its volume.
pub(super) fn is_pending(subject: &Subject<'_>) -> bool {
    subject.old.and_then(|old| old.pointer("/status/phase")).is_some_and(|phase| phase == "Pending")
}

pub(super) fn is_immutable(subject: &Subject<'_>) -> bool {
    subject.old.and_then(|old| old.get("immutable")) == Some(&Json::Bool(true))
}

/// A whole number on both sides, one where it is absent.
pub(super) fn number(change: &Change) -> (i128, i128) {
    let read = |value: &Option<Json>| value.as_ref().and_then(Json::as_i64).map_or(1, i128::from);
    match &change.body {
        Body::Value { before, after } => (read(before), read(after)),
        _ => (1, 1),
    }
}

pub(super) fn sizes(change: &Change) -> Option<(Quantity, Quantity)> {
    let (before, after) = texts(&change.body);
    Some((Quantity::parse(before).ok()?, Quantity::parse(after).ok()?))
}

/// The new side as text.
pub(super) fn after(change: &Change) -> String {
    match &change.body {
        Body::Value { after: Some(Json::String(text)), .. } => text.clone(),
        Body::Value { after: Some(value), .. } => value.to_string(),
        _ => String::new(),
    }
}

/// Whether the pods that a StatefulSet no longer has take their claims with them.
pub(super) fn scales_with_claims(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    subject.says("spec/persistentVolumeClaimRetentionPolicy/whenScaled", "Delete")
}

/// Whether the primary's ordinal is below the first one that a StatefulSet is to have.
pub(super) fn leaves_primary(_: &Change, subject: &Subject<'_>, facts: &Facts) -> bool {
    let start = subject.after("spec/ordinals/start").and_then(Json::as_u64).unwrap_or(0);
    let replicas = subject.after("spec/replicas").and_then(Json::as_u64).unwrap_or(1);
    subject.is_server() && !(start..start + replicas).contains(&facts.primary())
}

/// Whether the keeper reads the Secret: it is where the server's passwords are.
pub(super) fn is_password(_: &Change, subject: &Subject<'_>, facts: &Facts) -> bool {
    facts.has_passwords(subject.name)
}

/// Whether a Service is, and stays, one of a load balancer.
pub(super) fn is_load_balancer(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let was =
        subject.old.and_then(|old| old.pointer("/spec/type")).is_some_and(|kind| kind == "LoadBalancer");
    was && subject.says("spec/type", "LoadBalancer")
}

/// Whether the first of a Service's families is another one.
pub(super) fn other_family(change: &Change, _: &Subject<'_>, _: &Facts) -> bool {
    let first = |value: &Option<Json>| value.as_ref().and_then(|value| value.get(0)).cloned();
    let Body::Value { before, after } = &change.body else { return false };
    let (before, after) = (first(before), first(after));
    before.is_some() && after.is_some() && before != after
}

/// Whether a StatefulSet is from now on to wait for its pods to be deleted.
pub(super) fn stops_rolling(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let was = subject.old.and_then(|old| old.pointer("/spec/updateStrategy/type"));
    was.is_none_or(|was| was == "RollingUpdate") && subject.says("spec/updateStrategy/type", "OnDelete")
}

/// Fields of a Job that the API server lets change while it runs.
pub(super) fn stays_open(change: &Change, _: &Subject<'_>, _: &Facts) -> bool {
    let open = [
        "activeDeadlineSeconds",
        "backoffLimit",
        "maxFailedIndexes",
        "podReplacementPolicy",
        "ttlSecondsAfterFinished",
    ];
    open.contains(&change.path.word(1))
}
