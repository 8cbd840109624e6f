//! What stands beside the name of a secret: any key of its map may be a misspelt `value`.

use std::ops::Range;

use super::redact::indent_of;
use super::secret_names::near_secret;
use super::source::{Source, SourceKind};

/// So many lines on either side belong to one map at most.
const REACH: usize = 40;

/// Keys beside a `name` that say what is meant with it, and hold no secret.
const HARMLESS: [&str; 27] = [
    "name",
    "mountPath",
    "subPath",
    "readOnly",
    "key",
    "optional",
    "image",
    "imagePullPolicy",
    "kind",
    "apiVersion",
    "namespace",
    "port",
    "containerPort",
    "targetPort",
    "protocol",
    "type",
    "run",
    "database",
    "claimName",
    "secretName",
    "valueFrom",
    "sql",
    "metadata",
    "defaultMode",
    "items",
    "secret",
    "configMap",
];

/// Whether what stands under a key may be the secret that the `name` beside it speaks of: `val` of a variable, too.
pub(super) fn may_hold_named(key: &str) -> bool {
    !HARMLESS.contains(&key)
}

/// The same of a key beside this name: a container or an object has a label for a name (`token-refresher`), and of what is
/// beside that only what looks like `value` may be a secret.
pub fn may_hold(key: &str, name: &str) -> bool {
    let name = name.trim_matches([' ', '"', '\'', ',']);
    let is_label =
        name.contains('-') && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let key = key.trim_matches([' ', '"', '\'']);
    let like_value = key.starts_with(['v', 'V']) && !key.starts_with("vol");
    may_hold_named(key) && near_secret(name) && (!is_label || like_value)
}

/// The ranges of a line that may be the secret which a `name` on a line beside it, or further on in its own map, speaks of.
pub(super) fn ranges(source: &Source, line: usize) -> Vec<Range<usize>> {
    if source.kind == SourceKind::Flag {
        return Vec::new();
    }
    let text = line_of(source, line);
    let mut ranges = before_name(text);
    if let Some(value) = value(text).filter(|_| is_beside_name(source, line)) {
        ranges.push(value);
    }
    let Some(key) = (line.saturating_sub(REACH)..line).rev().find(|above| {
        let other = line_of(source, *above);
        !other.trim().is_empty() && content(other) < indent_of(text)
    }) else {
        return ranges;
    };
    let above = line_of(source, key);
    // What goes on below is the text of a block, or of quotes.
    if value(above).is_some_and(|value| !above[value].starts_with(['{', '[', '&']))
        && is_beside_name(source, key)
    {
        ranges.push(indent_of(text)..text.len());
    }
    ranges.retain(|range| !range.is_empty());
    ranges
}

fn line_of(source: &Source, line: usize) -> &str {
    &source.text[source.line_range(line)]
}

/// The column in which a line's key begins, the dashes of lists left out.
fn content(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t', '-']).len()
}

fn key(line: &str) -> Option<&str> {
    let said = &line[content(line)..];
    let end =
        said.find(':').filter(|end| said[end + 1..].chars().next().is_none_or(|c| c == ' ' || c == '"'))?;
    Some(said[..end].trim_matches(['"', '\'', ' ', '?']))
}

/// The value of a line's key that may be a secret by its key.
fn value(line: &str) -> Option<Range<usize>> {
    key(line).filter(|key| may_hold_named(key) && !key.contains(['{', '[']))?;
    let colon = content(line) + line[content(line)..].find(':')?;
    let start = colon + 1 + indent_of(&line[colon + 1..]);
    (start < line.len()).then_some(start..line.len())
}

fn is_beside_name(source: &Source, line: usize) -> bool {
    let column = content(line_of(source, line));
    let own = key(line_of(source, line)).unwrap_or_default();
    let begins = |text: &str| text.trim_start().starts_with('-');
    let names = |text: &str| {
        content(text) == column
            && key(text) == Some("name")
            && text.split_once(':').is_some_and(|(_, name)| may_hold(own, name))
    };
    let inside = |text: &&str| text.trim().is_empty() || content(text) >= column;
    if !begins(line_of(source, line)) {
        let above =
            (line.saturating_sub(REACH)..line).rev().map(|above| line_of(source, above)).take_while(inside);
        for text in above {
            if names(text) {
                return true;
            }
            if begins(text) && content(text) == column {
                break;
            }
        }
    }
    let last = (line + 1 + REACH).min(source.line_count());
    let below = (line + 1..last).map(|below| line_of(source, below)).take_while(inside);
    let mut below = below.take_while(|text| !(begins(text) && content(text) <= column));
    below.any(names)
}

/// What stands before the name within one map on a line: `{value: x, name: PASSWORD}`.
fn before_name(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("name") {
        let behind = line[at + "name".len()..].trim_start_matches(['"', '\'']);
        let Some(name) = behind.strip_prefix(':') else { continue };
        let name = name.split([',', '}']).next().unwrap_or(name);
        if line[..at].ends_with(char::is_alphanumeric) || !near_secret(name) {
            continue;
        }
        let Some(open) = line[..at].rfind('{') else { continue };
        let mut from = open + 1;
        for part in line[from..at].split_inclusive(',') {
            let value = part.find(':').map(|colon| (part[..colon].trim_matches([' ', '"', '\'']), colon + 1));
            match value {
                Some((key, start)) if may_hold(key, name) => {
                    let start = start + indent_of(&part[start..]);
                    found.push(from + start..from + part.trim_end_matches(',').len());
                }
                Some(_) => {}
                // A comma within the value before it.
                None => found.push(from..from + part.trim_end_matches([' ', '"', '\'']).len()),
            }
            from += part.len();
        }
    }
    found.retain(|range| range.start < range.end);
    found
}
