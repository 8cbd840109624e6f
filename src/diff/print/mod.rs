//! A diff as text: for people, for a terminal, for programs, for GitHub.

mod github;
mod json;
mod lines;
mod paths;
mod unified;

use serde_json::Value as Json;

use super::{Consequence, Diff, ObjectDiff, What};

pub use github::github;
pub use json::{SCHEMA, json};
pub use paths::paths;
pub use unified::unified;

/// How it is written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Lines around a changed one of a text.
    pub context: usize,
    pub colour: bool,
    pub explain_ignored: bool,
}

/// The first line: how much differs, and what that leads to.
pub fn summary(diff: &Diff, against: &str) -> String {
    let count = |what: What| diff.objects.iter().filter(|object| object.what == what).count();
    if diff.is_empty() {
        return format!("{against}: no differences in {}\n", objects(diff.same));
    }
    let counts = [(What::Added, "added"), (What::Changed, "changed"), (What::Removed, "removed")];
    let mut parts: Vec<String> = counts
        .into_iter()
        .map(|(what, word)| (count(what), word))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    parts.push(format!("{} the same", diff.same));
    let phrases: Vec<&str> = match diff.consequences().as_slice() {
        [Consequence::Nothing] => vec![Consequence::Nothing.phrase()],
        all => all.iter().filter(|c| **c != Consequence::Nothing).map(|c| c.phrase()).collect(),
    };
    format!("{against}: {}; {}\n", parts.join(", "), phrases.join(", "))
}

fn objects(count: usize) -> String {
    format!("{count} object{}", if count == 1 { "" } else { "s" })
}

/// `Deployment demo`, with its namespace where the diff has several.
fn title(object: &ObjectDiff, many: bool) -> String {
    let place =
        object.id.namespace.as_deref().filter(|_| many).map(|n| format!(" in {n}")).unwrap_or_default();
    format!("{} {}{place}", object.id.kind, object.id.name)
}

/// Whether the objects are of more than one namespace.
fn many_namespaces(diff: &Diff) -> bool {
    let mut all: Vec<_> = diff.objects.iter().filter_map(|object| object.id.namespace.as_deref()).collect();
    all.sort_unstable();
    all.dedup();
    all.len() > 1
}

fn sign(what: What) -> char {
    match what {
        What::Added => '+',
        What::Removed => '-',
        What::Changed => '~',
        What::Same => ' ',
    }
}

/// A value on one line: a plain text as it is, others as JSON.
fn inline(value: &Json) -> String {
    match value {
        Json::String(text) if is_plain(text) => text.clone(),
        value => value.to_string(),
    }
}

fn is_plain(text: &str) -> bool {
    let sides = text.trim() == text && !text.is_empty();
    sides && !text.contains(['"', '\'', '\n', '\t', '\r']) && !text.chars().any(char::is_control)
}

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// A text in a colour, where there is colour.
fn paint(text: &str, colour: &str, on: bool) -> String {
    if on { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
}

fn colour_of(sign: char) -> &'static str {
    match sign {
        '+' => GREEN,
        '-' => RED,
        _ => YELLOW,
    }
}

/// The colour of a consequence: what needs a person is red.
fn alarm(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Nothing => DIM,
        Consequence::Reload | Consequence::Credentials | Consequence::Resize => GREEN,
        Consequence::Restart | Consequence::StandbysFirst => YELLOW,
        _ => RED,
    }
}
