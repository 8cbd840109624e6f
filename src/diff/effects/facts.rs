//! What both sides say of the release as a whole.

use serde_json::Value as Json;

use super::Subject;
use super::volumes::{Switch, is_ours, is_server, switches};
use crate::manifest::Object;
use crate::postgres::Major;

/// What consequences depend on beside the change itself.
#[derive(Debug)]
pub(in crate::diff) struct Facts {
    pub(in crate::diff) old_major: Major,
    pub(in crate::diff) new_major: Major,
    /// Names and replicas of the old side's StatefulSets.
    sets: Vec<(String, u64)>,
    /// How claims begin that a StatefulSet of the old side makes, which was rendered: what runs shows its claims.
    made: Vec<String>,
    switches: Vec<Switch>,
    /// Secrets that a keeper reads passwords from.
    passwords: Vec<String>,
    /// The ordinal that the old side has as primary.
    primary: u64,
    /// How claims begin that a StatefulSet of either side makes: `<template>-<set>-`.
    claimed: Vec<String>,
}

impl Facts {
    pub(in crate::diff) fn read(old: &[Object], new: &[Object]) -> Self {
        let sets = |objects: &[Object]| -> Vec<Object> {
            objects.iter().filter(|object| object.id.kind == "StatefulSet").cloned().collect()
        };
        let mut claimed = Vec::new();
        let mut made = Vec::new();
        for (set, is_old) in
            sets(old).iter().map(|set| (set, true)).chain(sets(new).iter().map(|set| (set, false)))
        {
            let templates = set.value.pointer("/spec/volumeClaimTemplates").and_then(Json::as_array);
            for name in templates.into_iter().flatten().filter_map(|t| t.pointer("/metadata/name")?.as_str())
            {
                let start = format!("{name}-{}-", set.id.name);
                if is_old && set.metadata("uid").is_none() {
                    made.push(start.clone());
                }
                claimed.push(start);
            }
        }
        let (from, to) = (primary(old).unwrap_or(0), primary(new).unwrap_or(0));
        let (old_major, new_major) = (major(old), major(new));
        Self {
            old_major: old_major.or(new_major).unwrap_or(Major::V17),
            new_major: new_major.or(old_major).unwrap_or(Major::V17),
            sets: sets(old)
                .iter()
                .map(|set| {
                    (
                        set.id.name.clone(),
                        set.value.pointer("/spec/replicas").and_then(Json::as_u64).unwrap_or(1),
                    )
                })
                .collect(),
            made,
            switches: switches((old, from), (new, to)),
            passwords: [passwords(old), passwords(new)].concat(),
            primary: from,
            claimed,
        }
    }

    /// What becomes of the pods when their template is another one: that they stay, and why; or in which order they
    /// are replaced, if there are several.
    pub(super) fn roll(&self, subject: &Subject<'_>) -> Roll {
        if subject.kind == "Deployment" && subject.after("spec/paused") == Some(&Json::Bool(true)) {
            return Roll::Stays("it waits until the Deployment is no longer paused");
        }
        if subject.says("spec/updateStrategy/type", "OnDelete") {
            return Roll::Stays("each pod waits until it is deleted (`updateStrategy` is `OnDelete`)");
        }
        let set = self.sets.iter().find(|(name, _)| subject.kind == "StatefulSet" && name == subject.name);
        let Some((_, replicas)) = set else { return Roll::Alone };
        let first =
            subject.after("spec/updateStrategy/rollingUpdate/partition").and_then(Json::as_u64).unwrap_or(0);
        if first >= *replicas {
            return Roll::Stays("no pod is replaced (`updateStrategy` has a `partition` above them)");
        }
        if *replicas < 2 {
            return Roll::Alone;
        }
        let last = replicas - 1;
        let down = format!("the pods are replaced from ordinal {last} down");
        if !subject.is_server() {
            let to = if first > 0 { format!(" to {first} (`partition`)") } else { String::new() };
            return Roll::Down(format!("{down}{to}"));
        }
        Roll::Ordered(match self.primary {
            primary if first > primary => {
                format!("{down} to {first} (`partition`), and the primary ({primary}) is not")
            }
            0 => format!("{down}, the primary (0) last"),
            primary => format!("{down}, so the primary ({primary}) is not the last"),
        })
    }

    pub(super) fn primary(&self) -> u64 {
        self.primary
    }

    /// The change of mode of the workload with this name.
    pub(super) fn switch(&self, name: &str) -> Option<&Switch> {
        self.switches.iter().find(|switch| switch.name == name)
    }

    /// Whether a StatefulSet of the old side has made this claim.
    pub(super) fn has_made(&self, claim: &str) -> bool {
        begins(&self.made, claim)
    }

    pub(super) fn has_passwords(&self, secret: &str) -> bool {
        self.passwords.iter().any(|name| name == secret)
    }

    pub(in crate::diff) fn is_claimed(&self, claim: &str) -> bool {
        begins(&self.claimed, claim)
    }
}

/// What becomes of a workload's pods.
pub(super) enum Roll {
    /// There is one.
    Alone,
    /// They are replaced in this order, standbys and a primary.
    Ordered(String),
    /// They are replaced in this order; what they are to each other is not known.
    Down(String),
    /// They stay, for this reason.
    Stays(&'static str),
}

/// Whether a claim's name is one of these beginnings and an ordinal.
fn begins(starts: &[String], claim: &str) -> bool {
    starts.iter().any(|start| {
        claim.strip_prefix(start.as_str()).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The Secrets that pods mount for their keepers.
fn passwords(objects: &[Object]) -> Vec<String> {
    let servers = objects.iter().filter(|object| is_server(&object.value));
    let volumes =
        servers.filter_map(|object| object.value.pointer("/spec/template/spec/volumes")?.as_array());
    let auth = volumes.flatten().filter(|volume| volume.get("name").is_some_and(|name| name == "auth"));
    auth.filter_map(|volume| Some(volume.pointer("/secret/secretName")?.as_str()?.to_owned())).collect()
}

/// The server's major: the pod's own variable, else the label of the objects.
fn major(objects: &[Object]) -> Option<Major> {
    let pods = objects
        .iter()
        .filter_map(|object| object.value.pointer("/spec/template/spec/containers")?.as_array());
    let variables = pods.flatten().filter_map(|container| container.get("env")?.as_array()).flatten();
    let own = variables
        .filter(|variable| variable.get("name").is_some_and(|name| name == "PGPOD_MAJOR"))
        .find_map(|variable| Major::parse(variable.get("value")?.as_str()?));
    let label = || {
        let labels = objects.iter().filter_map(|object| object.metadata("labels"));
        labels.filter_map(|labels| labels.get("app.kubernetes.io/version")?.as_str()).find_map(Major::parse)
    };
    own.or_else(label)
}

/// The ordinal in the selector of the Service that leads to the primary.
fn primary(objects: &[Object]) -> Option<u64> {
    let services = objects.iter().filter(|object| object.id.kind == "Service");
    services
        .filter(|service| is_ours(&service.value))
        .filter_map(|service| {
            service.value.get("spec")?.get("selector")?.get("statefulset.kubernetes.io/pod-name")
        })
        .find_map(|name| name.as_str()?.rsplit_once('-')?.1.parse().ok())
}
