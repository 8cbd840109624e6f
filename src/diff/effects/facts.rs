//! What both sides say of the release as a whole.

use serde_json::Value as Json;

use super::Subject;
use crate::manifest::Object;
use crate::postgres::Major;

/// What consequences depend on beside the change itself.
#[derive(Debug)]
pub(in crate::diff) struct Facts {
    pub(in crate::diff) old_major: Major,
    pub(in crate::diff) new_major: Major,
    /// Names and replicas of the old side's StatefulSets.
    sets: Vec<(String, u64)>,
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
        for set in sets(old).iter().chain(&sets(new)) {
            let templates = set.value.pointer("/spec/volumeClaimTemplates").and_then(Json::as_array);
            for name in templates.into_iter().flatten().filter_map(|t| t.pointer("/metadata/name")?.as_str())
            {
                claimed.push(format!("{name}-{}-", set.id.name));
            }
        }
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
            primary: primary(old).unwrap_or(0),
            claimed,
        }
    }

    /// In which order the pods of a StatefulSet are replaced, if there are several.
    pub(super) fn roll(&self, subject: &Subject<'_>) -> Option<String> {
        let (_, replicas) =
            self.sets.iter().find(|(name, _)| subject.kind == "StatefulSet" && name == subject.name)?;
        if *replicas < 2 {
            return None;
        }
        let last = replicas - 1;
        Some(if self.primary == 0 {
            format!("the pods are replaced from ordinal {last} down, the primary (0) last")
        } else {
            format!(
                "the pods are replaced from ordinal {last} down, so the primary ({}) is not the last",
                self.primary
            )
        })
    }

    pub(super) fn primary(&self) -> u64 {
        self.primary
    }

    pub(in crate::diff) fn is_claimed(&self, claim: &str) -> bool {
        self.claimed.iter().any(|start| {
            claim.strip_prefix(start.as_str()).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
        })
    }
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
        .filter_map(|service| {
            service.value.get("spec")?.get("selector")?.get("statefulset.kubernetes.io/pod-name")
        })
        .find_map(|name| name.as_str()?.rsplit_once('-')?.1.parse().ok())
}
