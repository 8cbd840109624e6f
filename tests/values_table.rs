//! The tables of values in README.md and docs/values.md, made of the schema and the defaults.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::support::pgpod;

fn json(args: &[&str]) -> Json {
    serde_json::from_str(&pgpod(args).ok()).expect("it is JSON")
}

/// The top level: a row for each key.
pub(crate) fn short() -> String {
    let schema = json(&["schema"]);
    let mut table = String::from("| key | holds |\n|---|---|\n");
    for (key, member) in properties(&schema) {
        let _ = writeln!(table, "| `{key}` | {} |", sentence(member));
    }
    table
}

/// Every key, with its type and its default.
pub(crate) fn full() -> String {
    let schema = json(&["schema"]);
    let mut page = String::from(
        "# Values\n\nMade of the schema and the defaults by `BLESS=1 cargo test readme::`. Every key may be left out of a \
         values file, and `null` drops what lower layers say; the keys of a list's items marked *needed* may not. Where \
         the default is *preset*, the preset decides.\n\n| key | type | default | meaning |\n|---|---|---|---|\n",
    );
    let defaults = json(&["values", "--defaults", "--format=json"]);
    rows(&Level { prefix: "", in_list: false, preset: &preset() }, &schema, &defaults, &mut page);
    page
}

/// Where the rows are.
struct Level<'a> {
    prefix: &'a str,
    in_list: bool,
    preset: &'a [String],
}

fn rows(level: &Level<'_>, schema: &Json, defaults: &Json, page: &mut String) {
    let needed: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    for (key, member) in properties(schema) {
        let path = format!("{}{key}", level.prefix);
        let default = defaults.get(key).unwrap_or(&Json::Null);
        let member = plain(member);
        let inner = plain(member.get("items").unwrap_or(&Json::Null));
        if properties(member).next().is_some() {
            let _ = writeln!(page, "| **`{path}`** | | | {} |", description(member));
            rows(&Level { prefix: &format!("{path}."), ..*level }, member, default, page);
            continue;
        }
        let shown = match default {
            _ if level.in_list && needed.contains(&key) => "*needed*".to_owned(),
            Json::Null if level.preset.contains(&path) => "*preset*".to_owned(),
            Json::Null => String::new(),
            Json::Array(items) if !items.is_empty() => "see `pgpod values --defaults`".to_owned(),
            Json::Object(map) if !map.is_empty() => "see `pgpod values --defaults`".to_owned(),
            Json::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        };
        let _ = writeln!(page, "| `{path}` | {} | {shown} | {} |", kind(member), description(member));
        if properties(inner).next().is_some() {
            let level = Level { prefix: &format!("{path}[]."), in_list: true, ..*level };
            rows(&level, inner, &Json::Null, page);
        }
    }
}

/// The keys that a preset says.
fn preset() -> Vec<String> {
    let origins = json(&["values", "--origin", "--format=json"]);
    let rows = origins.as_array().expect("it is a list").iter();
    let of_preset = rows.filter(|row| row["layer"].as_str().is_some_and(|layer| layer.starts_with("preset")));
    of_preset.filter_map(|row| row["path"].as_str().map(str::to_owned)).collect()
}

fn properties(schema: &Json) -> impl Iterator<Item = (&str, &Json)> {
    let map = schema.get("properties").and_then(Json::as_object);
    map.into_iter().flatten().map(|(key, member)| (key.as_str(), member))
}

/// The schema of an optional key without its `null`.
fn plain(schema: &Json) -> &Json {
    let variants = schema.get("anyOf").and_then(Json::as_array);
    variants.and_then(|all| all.iter().find(|v| v["type"] != "null")).unwrap_or(schema)
}

fn kind(schema: &Json) -> String {
    let choices: Vec<String> = schema["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(schema["oneOf"].as_array().into_iter().flatten().map(|variant| &variant["const"]))
        .filter_map(|choice| choice.as_str().map(|choice| format!("`{choice}`")))
        .collect();
    if !choices.is_empty() {
        return choices.join(", ");
    }
    let format = schema["format"].as_str().unwrap_or_default();
    let named = |name: &str| {
        schema["type"] == name
            || schema["type"].as_array().is_some_and(|all| all.iter().any(|kind| kind == name))
    };
    match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) if named("integer") => format!("{least} to {most}"),
        _ if schema.get("x-kubernetes").is_some() => "as in Kubernetes".to_owned(),
        _ if named("boolean") && !named("string") => "`true`, `false`".to_owned(),
        _ if named("array") => format!("list: {}", kind(plain(&schema["items"]))),
        _ if named("object") && schema["additionalProperties"].is_object() => {
            format!("map: {}", kind(plain(&schema["additionalProperties"])))
        }
        _ if named("object") => "map".to_owned(),
        _ => match format {
            "quantity" => "quantity".to_owned(),
            "secret" => "password".to_owned(),
            "token" => "parameter's value".to_owned(),
            "identifier" => "name in PostgreSQL".to_owned(),
            "dns-label" | "dns-subdomain" | "storage-class" => "name in Kubernetes".to_owned(),
            "line" => "one line".to_owned(),
            _ => "text".to_owned(),
        },
    }
}

fn description(schema: &Json) -> String {
    schema["description"].as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|")
}

/// The first sentence of a description.
fn sentence(schema: &Json) -> String {
    let text = description(schema);
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}
