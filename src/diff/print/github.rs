//! Annotations of GitHub's workflows: one line for each change.

use super::{inline, many_namespaces, title};
use crate::diagnostics::formats::{escape_data, escape_property};
use crate::diff::{Body, Change, Consequence, Diff, Effect, What};

pub fn github(diff: &Diff) -> String {
    let many = many_namespaces(diff);
    let mut text = String::new();
    for object in diff.objects.iter().filter(|object| object.what != What::Same) {
        let title = title(object, many);
        for effect in &object.effects {
            let what = if object.what == What::Added { "added" } else { "removed" };
            text.push_str(&line(effect, &title, what));
        }
        for change in &object.changes {
            for effect in &change.effects {
                text.push_str(&line(effect, &title, &said(change)));
            }
        }
    }
    text
}

fn line(effect: &Effect, title: &str, what: &str) -> String {
    let level = match effect.consequence {
        Consequence::Risk | Consequence::Refused | Consequence::Recreate => "error",
        Consequence::Nothing | Consequence::Reload | Consequence::Resize => "notice",
        _ => "warning",
    };
    let recipe = effect.recipe.as_ref().map(|recipe| format!(" To do it: {recipe}")).unwrap_or_default();
    let message = escape_data(&format!("{what}: {}.{recipe}", effect.reason));
    let title = escape_property(&format!("{}: {title}", effect.consequence.word()));
    format!("::{level} title={title}::{message}\n")
}

fn said(change: &Change) -> String {
    let path = &change.path;
    match &change.body {
        Body::Value { before: Some(before), after: Some(after) } => {
            format!("{path}: {} -> {}", inline(before), inline(after))
        }
        Body::Value { before: Some(before), after: None } => format!("{path}: {} is gone", inline(before)),
        Body::Value { after: Some(after), .. } => format!("{path}: {} is new", inline(after)),
        Body::Value { .. } | Body::Text { .. } => format!("{path} differs"),
        Body::Order { .. } => format!("{path}: another order"),
    }
}
