//! Annotations of GitHub's workflows: one line for all, one for each change.

use super::{inline, many_namespaces, summary, title};
use crate::diagnostics::formats::{escape_data, escape_property};
use crate::diff::{Body, Change, Consequence, Diff, Effect, Kept, What};

pub fn github(diff: &Diff, against: &str, explain_ignored: bool) -> String {
    let many = many_namespaces(diff);
    let mut text = line("notice", "pgpod diff", summary(diff, against).trim_end());
    for object in &diff.objects {
        let title = title(object, many);
        let mut add = |effect: &Effect, what: Option<String>| {
            let what = what.map(|what| format!("{what}: ")).unwrap_or_default();
            let recipe =
                effect.recipe.as_ref().map(|recipe| format!(" To do it: {recipe}")).unwrap_or_default();
            let title = format!("{}: {title}", effect.consequence.word());
            let message = format!("{what}{}.{recipe}", effect.reason);
            text.push_str(&line(level(effect.consequence), &title, &message));
        };
        for effect in &object.effects {
            // What the API server says of a changed object is of all its changes.
            let one_sided = matches!(object.what, What::Added | What::Removed);
            add(effect, one_sided.then(|| object.what.word().to_owned()));
        }
        for change in &object.changes {
            for effect in &change.effects {
                add(effect, Some(said(change)));
            }
        }
        for (field, owner) in &object.conflicts {
            let message = format!("{field} is held by `{owner}`, with another value.");
            text.push_str(&line("warning", &format!("conflict: {title}"), &message));
        }
        for ignored in object.ignored.iter().filter(|_| explain_ignored) {
            let message = format!("{}: {}", ignored.path, ignored.why);
            text.push_str(&line("notice", &format!("ignored: {title}"), &message));
        }
    }
    for Kept { id, why } in diff.kept.iter().filter(|_| explain_ignored) {
        text.push_str(&line("notice", &format!("kept: {} {}", id.kind, id.name), why));
    }
    text
}

fn level(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Risk | Consequence::Refused | Consequence::Recreate => "error",
        Consequence::Nothing | Consequence::Reload | Consequence::Resize => "notice",
        _ => "warning",
    }
}

fn line(level: &str, title: &str, message: &str) -> String {
    format!("::{level} title={}::{}\n", escape_property(title), escape_data(message))
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
