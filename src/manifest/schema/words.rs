//! How a message calls a value, a type, and what was probably meant.

use serde_json::Value;

use crate::spelling::distance;

pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("the number {number}"),
        // Any text may be a secret.
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a map".to_owned(),
    }
}

pub(super) fn named(wanted: &str) -> &'static str {
    match wanted {
        "object" => "a map",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "true or false",
    }
}

pub(super) fn type_help(wanted: &str, value: &Value) -> String {
    match (wanted, value) {
        ("string", Value::Bool(_) | Value::Number(_)) => format!("quote it: `\"{value}\"`"),
        ("integer" | "number", Value::String(text)) if text.parse::<i64>().is_ok() => {
            format!("write it without quotes: `{text}`")
        }
        ("boolean", Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
            format!("write it without quotes: `{text}`")
        }
        ("array", _) => "write it as a list, each item after a `-`".to_owned(),
        ("object", Value::Array(_)) => "write it as a map, without `-`".to_owned(),
        _ => format!("write {}", named(wanted)),
    }
}

/// A remedy for an unknown word: the known one that it resembles, or all of them where they are few.
pub(in crate::manifest) fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let lower = word.to_ascii_lowercase();
    let near = known
        .iter()
        .filter_map(|other| {
            let allowed = 1 + other.len().min(word.len()) / 4;
            let near = distance(&lower, &other.to_ascii_lowercase(), allowed)?;
            Some((near, strsim::damerau_levenshtein(word, other), *other))
        })
        .min();
    match near {
        Some((.., other)) => format!("did you mean `{other}`?"),
        None if known.is_empty() => {
            "there is none of that kind here; add one, or name what exists".to_owned()
        }
        None if known.len() <= 12 => format!("known here: {}", known.join(", ")),
        None => "remove it, or look it up with `kubectl explain`".to_owned(),
    }
}
