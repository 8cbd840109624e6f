//! One line for each change: its consequence, its path, old and new value.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::{BOLD, DIM, Style, alarm, colour_of, inline, lines, many_namespaces, paint, sign, title};
use crate::diff::{Body, Change, Diff, Effect, Kept, ObjectDiff, What};

/// A longer pair of values is written on a line each.
const WIDE: usize = 100;

pub fn paths(diff: &Diff, style: Style) -> String {
    let mut text = String::new();
    let many = many_namespaces(diff);
    for object in &diff.objects {
        let ignored = style.explain_ignored && !object.ignored.is_empty();
        if object.what == What::Same && !ignored {
            continue;
        }
        let head = format!("{} {}", sign(object.what), title(object, many));
        let _ = writeln!(text, "\n{}", paint(&head, BOLD, style.colour));
        changes(&mut text, object, style);
        for (field, owner) in &object.conflicts {
            let _ =
                writeln!(text, "  {:<14}   {field} is held by `{owner}`, with another value", "(conflict)");
        }
        if ignored {
            for ignored in &object.ignored {
                let _ = writeln!(text, "  {:<14}   {}: {}", "(ignored)", ignored.path, ignored.why);
            }
        }
    }
    for Kept { id, why } in diff.kept.iter().filter(|_| style.explain_ignored) {
        let _ = writeln!(text, "\n  {} {}\n  {:<14}   {why}", id.kind, id.name, "(kept)");
    }
    text
}

fn changes(text: &mut String, object: &ObjectDiff, style: Style) {
    for effect in &object.effects {
        let _ = writeln!(text, "  {}   {}", column(effect, style), effect.reason);
        recipe(text, effect);
    }
    let mut said: Option<&Effect> = None;
    for change in &object.changes {
        let effect = change.effects.first();
        let word = effect.map_or_else(String::new, |effect| column(effect, style));
        body(text, &word, change, style);
        // One reason for a row of changes.
        if let Some(effect) = effect.filter(|effect| said != Some(*effect)) {
            let reason = paint(&effect.reason, DIM, style.colour);
            let _ = writeln!(text, "{:19}{reason}", "");
            recipe(text, effect);
        }
        said = effect;
    }
}

fn column(effect: &Effect, style: Style) -> String {
    paint(&format!("{:<14}", effect.consequence.word()), alarm(effect.consequence), style.colour)
}

fn recipe(text: &mut String, effect: &Effect) {
    if let Some(recipe) = &effect.recipe {
        let _ = writeln!(text, "{:19}to do it: {recipe}", "");
    }
}

fn body(text: &mut String, word: &str, change: &Change, style: Style) {
    let mut line = |sign: char, rest: &str| {
        let rest = paint(&format!("{sign} {rest}"), colour_of(sign), style.colour);
        let _ = writeln!(text, "  {word} {rest}");
    };
    let path = &change.path;
    match &change.body {
        Body::Value { before: Some(before), after: Some(after) } => {
            let (old, new) = (inline(before), inline(after));
            if old.len() + new.len() <= WIDE {
                line('~', &format!("{path}: {old} -> {new}"));
            } else {
                line('~', &format!("{path}:"));
                block(text, &[('-', old), ('+', new)], style);
            }
        }
        Body::Value { before, after } => {
            let sign = if before.is_some() { '-' } else { '+' };
            let value = before.as_ref().or(after.as_ref()).unwrap_or(&Json::Null);
            let short = inline(value);
            if short.len() <= WIDE && !value.as_str().is_some_and(|text| text.contains('\n')) {
                line(sign, &format!("{path}: {short}"));
            } else {
                line(sign, &format!("{path}:"));
                let long = value.as_str().map_or_else(|| crate::yaml::to_yaml(value), str::to_owned);
                block(text, &long.lines().map(|line| (sign, line.to_owned())).collect::<Vec<_>>(), style);
            }
        }
        Body::Text { before, after } => {
            line('~', &format!("{path}:"));
            block(text, &lines::hunks(before, after, style.context), style);
        }
        Body::Order { before, after } => {
            line('~', &format!("{path}: another order: {} -> {}", before.join(", "), after.join(", ")));
        }
    }
}

fn block(text: &mut String, lines: &[(char, String)], style: Style) {
    for (sign, line) in lines {
        let line = match sign {
            '@' => paint(line, DIM, style.colour),
            ' ' => format!("  {line}"),
            sign => paint(&format!("{sign} {line}"), colour_of(*sign), style.colour),
        };
        let _ = writeln!(text, "{:21}{}", "", line.trim_end());
    }
}
