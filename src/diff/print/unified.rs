//! The objects as YAML, as `diff -u` compares them; consequences are comments before each.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::{BOLD, DIM, Style, colour_of, lines, paint};
use crate::diff::{Diff, ObjectDiff, What};
use crate::yaml::to_yaml;

pub fn unified(diff: &Diff, style: Style) -> String {
    let mut text = String::new();
    for object in diff.objects.iter().filter(|object| object.what != What::Same) {
        let _ = writeln!(text);
        effects(&mut text, object, style);
        let name = name(object);
        let file =
            |exists: bool, side: &str| if exists { format!("{side}/{name}") } else { "/dev/null".to_owned() };
        for (sign, exists, side) in
            [("---", object.old.is_some(), "old"), ("+++", object.new.is_some(), "new")]
        {
            let _ =
                writeln!(text, "{}", paint(&format!("{sign} {}", file(exists, side)), BOLD, style.colour));
        }
        let (old, new) = (yaml(object.old.as_ref()), yaml(object.new.as_ref()));
        for (sign, line) in lines::hunks(&old, &new, style.context) {
            let line = match sign {
                '@' => paint(&line, DIM, style.colour),
                ' ' => format!(" {line}"),
                '\\' => format!("\\ {line}"),
                sign => paint(&format!("{sign}{line}"), colour_of(sign), style.colour),
            };
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

fn yaml(object: Option<&Json>) -> String {
    object.map(to_yaml).unwrap_or_default()
}

fn name(object: &ObjectDiff) -> String {
    let id = &object.id;
    format!("{}/{}/{}", id.namespace.as_deref().unwrap_or("-"), id.kind, id.name)
}

fn effects(text: &mut String, object: &ObjectDiff, style: Style) {
    let mut line = |line: String| {
        let _ = writeln!(text, "{}", paint(&line, DIM, style.colour));
    };
    for effect in &object.effects {
        line(format!("# {}: {}", effect.consequence.word(), effect.reason));
        if let Some(recipe) = &effect.recipe {
            line(format!("#   to do it: {recipe}"));
        }
    }
    for change in &object.changes {
        for effect in &change.effects {
            line(format!("# {}: {}: {}", effect.consequence.word(), change.path, effect.reason));
            if let Some(recipe) = &effect.recipe {
                line(format!("#   to do it: {recipe}"));
            }
        }
    }
    for (field, owner) in &object.conflicts {
        line(format!("# conflict: {field} is held by `{owner}`, with another value"));
    }
    if style.explain_ignored {
        for ignored in &object.ignored {
            line(format!("# ignored: {}: {}", ignored.path, ignored.why));
        }
    }
}
