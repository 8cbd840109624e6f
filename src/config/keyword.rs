//! What the walk reads off a schema: the keywords that schemars writes for the types of this room.

use serde_json::Value as Json;

/// The kind of value that a schema describes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Object,
    List,
    Boolean,
    Integer,
    Text,
    Choice,
}

impl Kind {
    pub(super) fn wanted(self) -> &'static str {
        match self {
            Self::Object => "a map",
            Self::List => "a list",
            Self::Boolean => "true or false",
            Self::Integer => "a whole number",
            Self::Text => "a text",
            Self::Choice => "one of a few words",
        }
    }
}

pub(super) fn kind(schema: &Json) -> Kind {
    if !choices(schema).is_empty() {
        return Kind::Choice;
    }
    let named = |name: &str| match schema.get("type") {
        Some(Json::String(kind)) => kind == name,
        Some(Json::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        _ => false,
    };
    [("object", Kind::Object), ("array", Kind::List), ("boolean", Kind::Boolean), ("integer", Kind::Integer)]
        .into_iter()
        .find(|(name, _)| named(name))
        .map_or(Kind::Text, |(_, kind)| kind)
}

/// The texts that a schema allows, where it lists them.
pub(super) fn choices(schema: &Json) -> Vec<&str> {
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        return values.iter().filter_map(Json::as_str).collect();
    }
    let variants = schema.get("oneOf").and_then(Json::as_array);
    variants.into_iter().flatten().filter_map(|v| v.get("const").and_then(Json::as_str)).collect()
}

/// The schema itself, without the `null` of an optional key.
pub(super) fn plain(schema: &Json) -> &Json {
    let variants = schema.get("anyOf").and_then(Json::as_array);
    let only = variants.and_then(|all| all.iter().find(|v| v.get("type").is_none_or(|kind| kind != "null")));
    only.unwrap_or(schema)
}

/// The schema of a key: a property, or what a free map says of every key.
pub(super) fn member<'a>(schema: &'a Json, key: &str) -> Option<&'a Json> {
    let named = schema.get("properties").and_then(|p| p.get(key));
    named.or_else(|| schema.get("additionalProperties").filter(|a| a.is_object()))
}
