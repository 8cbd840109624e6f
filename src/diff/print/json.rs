//! For programs.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::diff::{Body, Change, Diff, Effect, ObjectDiff, What};

/// The JSON Schema of the result.
pub const SCHEMA: &str = include_str!("diff.schema.json");

/// One JSON object, indented by two, as `diff.schema.json` describes it.
pub fn json(diff: &Diff, against: &str, explain_ignored: bool) -> String {
    let count = |what: What| diff.objects.iter().filter(|object| object.what == what).count();
    let shown =
        |object: &&ObjectDiff| object.what != What::Same || (explain_ignored && !object.ignored.is_empty());
    let objects: Vec<Json> = diff.objects.iter().filter(shown).map(|o| object(o, explain_ignored)).collect();
    let document = json!({
        "against": against,
        "added": count(What::Added),
        "changed": count(What::Changed),
        "removed": count(What::Removed),
        "same": diff.same,
        "consequences": diff.consequences(),
        "kept": diff.kept.iter().map(|kept| json!({ "kind": kept.id.kind, "name": kept.id.name })).collect::<Vec<_>>(),
        "objects": objects,
    });
    format!("{document:#}\n")
}

fn object(object: &ObjectDiff, explain_ignored: bool) -> Json {
    let id = &object.id;
    let mut json = json!({
        "apiVersion": id.api_version,
        "kind": id.kind,
        "namespace": id.namespace,
        "name": id.name,
        "change": object.what.word(),
        "changes": object.changes.iter().map(change).collect::<Vec<_>>(),
        "effects": object.effects.iter().map(Shown::from).collect::<Vec<_>>(),
        "conflicts": object.conflicts.iter().map(|(field, owner)| json!({ "field": field, "owner": owner })).collect::<Vec<_>>(),
    });
    if explain_ignored {
        let row =
            |ignored: &crate::diff::Ignored| json!({ "path": ignored.path.to_string(), "why": ignored.why });
        json["ignored"] = object.ignored.iter().map(row).collect();
    }
    json
}

fn change(change: &Change) -> Json {
    let (before, after, order) = match &change.body {
        Body::Value { before, after } => (json!(before), json!(after), false),
        Body::Text { before, after } => (json!(before), json!(after), false),
        Body::Order { before, after } => (json!(before), json!(after), true),
    };
    json!({
        "path": change.path.to_string(),
        "before": before,
        "after": after,
        "orderOnly": order,
        "byHand": change.by_hand,
        "effects": change.effects.iter().map(Shown::from).collect::<Vec<_>>(),
    })
}

#[derive(Serialize)]
struct Shown<'a> {
    consequence: &'static str,
    reason: &'a str,
    recipe: Option<&'a str>,
}

impl<'a> From<&'a Effect> for Shown<'a> {
    fn from(effect: &'a Effect) -> Self {
        Self {
            consequence: effect.consequence.word(),
            reason: &effect.reason,
            recipe: effect.recipe.as_deref(),
        }
    }
}

impl What {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Same => "same",
        }
    }
}
