//! The cluster as the old side.

use std::time::Duration;

use anyhow::anyhow;
use serde_json::Value as Json;

use crate::cluster::{self, Access, Answer, Question};
use crate::diagnostics::{Diagnostics, Place, SourceKind, Sources};
use crate::diff::{Said, Secrets};
use crate::manifest::{self, Object};
use crate::pipeline;
use crate::release::Release;

use super::super::failure::{self, Failure};
use super::{ClusterArgs, Compared};

/// Compares what was rendered with what runs.
pub(super) fn compare(args: &ClusterArgs, release: &Release, new: Vec<Object>) -> Result<Compared, Failure> {
    let access = Access { context: args.kube_context.clone(), timeout: Duration::from_secs(args.timeout) };
    let question = Question {
        release: release.name.clone(),
        namespace: release.namespace.clone(),
        rendered: new.iter().map(|object| (object.id.clone(), object.value.clone())).collect(),
        secrets: secrets(&new, &release.namespace),
        dry_run: args.server_side.then(|| args.field_manager.clone()),
    };
    let answer = cluster::ask(&access, question)?;
    for note in &answer.notes {
        failure::note(note);
    }
    let place = Place::new(Sources::new().add("the cluster", SourceKind::File, ""), 0, 0);
    let objects = |values: &[Json]| -> Vec<Object> {
        let mut found = Diagnostics::new();
        let object = |value: &Json| {
            Object::from_value(value.clone(), "the cluster", place, &release.namespace, &mut found)
        };
        values.iter().filter_map(object).collect()
    };
    let (old, hidden) = (objects(&answer.live), objects(&answer.secrets));
    if let Some(error) = answer.failed {
        let mut secrets = Secrets::default();
        for side in [&old, &new, &hidden] {
            secrets.learn(side, &pipeline::is_public);
        }
        return Err(anyhow!(secrets.hide(&format!("{error:#}"))).into());
    }
    let mode = if args.server_side { "by a dry run of the API server" } else { "read only" };
    let against = format!("{} in {} against {}, {mode}", release.name, release.namespace, answer.context);
    let rendered = if args.server_side { new.clone() } else { Vec::new() };
    let (new, said) = dry_run(new, &answer);
    Ok(Compared { old, new, rendered, hidden, against, said })
}

/// The rendered objects as the API server would keep them, and what it says beside.
fn dry_run(mut new: Vec<Object>, answer: &Answer) -> (Vec<Object>, Vec<Said>) {
    let mut said = Vec::new();
    for (object, dry) in new.iter_mut().zip(&answer.dry_runs) {
        let conflicts = dry.conflicts.iter().map(|c| (c.field.clone(), c.owner.clone())).collect();
        said.push(Said { id: object.id.clone(), refused: dry.refused.clone(), conflicts });
        if let Some(merged) = &dry.merged {
            object.value = merged.clone();
            // That an object is being deleted is what is, and not what an apply makes of it.
            if let Some(metadata) = object.value.get_mut("metadata").and_then(Json::as_object_mut) {
                metadata.retain(|key, _| !key.starts_with("deletion"));
            }
        }
    }
    (new, said)
}

/// The Secrets that rendered pods name: namespace and name.
fn secrets(objects: &[Object], namespace: &str) -> Vec<(String, String)> {
    let named = objects.iter().flat_map(|object| {
        let own = object.id.namespace.as_deref().unwrap_or(namespace);
        let secrets = manifest::references(&object.value).into_iter();
        secrets.filter(|reference| reference.kind == "Secret").map(|secret| (own.to_owned(), secret.name))
    });
    let mut names: Vec<(String, String)> = named.collect();
    names.sort();
    names.dedup();
    names
}
