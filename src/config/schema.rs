//! The JSON Schema of the values, from the types and their documentation.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Config;

/// The schema of a values file, for editors (draft 2020-12): every key is optional there, since presets and defaults fill
/// in the rest.
pub fn json_schema() -> Value {
    let mut schema = schema().clone();
    relax(&mut schema, false);
    schema["title"] = "Values of pgpod".into();
    schema
}

/// The schema of the merged values: what has no default is required where the type says so.
pub fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
        settings.into_generator().into_root_schema_for::<Config>().into()
    })
}

/// Makes every key of the layers optional and nullable; items of lists stay strict, since lists replace.
fn relax(schema: &mut Value, in_list: bool) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        for property in properties.values_mut() {
            relax(property, in_list);
            widen(property, !in_list);
        }
        if !in_list {
            object.remove("required");
        }
    }
    if let Some(items) = object.get_mut("items").filter(|items| items.is_object()) {
        relax(items, true);
        widen(items, false);
    }
    if let Some(additional) = object.get_mut("additionalProperties").filter(|a| a.is_object()) {
        relax(additional, in_list);
        widen(additional, !in_list);
    }
}

/// Lets an editor take what pgpod takes: a number, `true` or `false` where the text of it is meant (`version: 16`), `null`
/// to drop a key.
fn widen(schema: &mut Value, nullable: bool) {
    let Some(object) = schema.as_object_mut() else { return };
    let Some(kind) = object.get("type").cloned() else { return };
    let mut kinds: Vec<Value> = match kind {
        Value::Array(kinds) => kinds,
        kind => vec![kind],
    };
    let is_text = kinds.iter().any(|kind| kind == "string");
    if nullable {
        kinds.push("null".into());
    }
    if let Some(Value::Array(choices)) = object.get_mut("enum") {
        let numbers: Vec<Value> = choices
            .iter()
            .filter_map(|choice| choice.as_str()?.parse::<u64>().ok().map(Value::from))
            .collect();
        if is_text && !numbers.is_empty() {
            kinds.push("integer".into());
            choices.extend(numbers);
        }
        if nullable && !choices.contains(&Value::Null) {
            choices.push(Value::Null);
        }
    } else if is_text {
        kinds.extend(["number".into(), "boolean".into()]);
    }
    let mut distinct: Vec<Value> = Vec::new();
    for kind in kinds {
        if !distinct.contains(&kind) {
            distinct.push(kind);
        }
    }
    object
        .insert("type".into(), if distinct.len() == 1 { distinct.remove(0) } else { Value::Array(distinct) });
}
