//! The JSON Schema of the values, from the types and their documentation.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Config;

/// The schema of a values file, for editors (draft 2020-12): every key is optional there, since presets and defaults fill
/// in the rest.
pub fn json_schema() -> Value {
    let mut schema = schema().clone();
    relax(&mut schema, true);
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
fn relax(schema: &mut Value, nullable: bool) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        for property in properties.values_mut() {
            relax(property, true);
            widen(property, nullable);
        }
        object.remove("required");
    }
    if let Some(additional) = object.get_mut("additionalProperties").filter(|a| a.is_object()) {
        widen(additional, nullable);
    }
}

/// Lets an editor take what pgpod takes: a number where the text of it is meant, `null` to drop a key.
fn widen(schema: &mut Value, nullable: bool) {
    let Some(object) = schema.as_object_mut() else { return };
    let Some(kind) = object.get("type").cloned() else { return };
    let mut kinds: Vec<Value> = match kind {
        Value::Array(kinds) => kinds,
        kind => vec![kind],
    };
    let number_like = ["line", "quantity", "tag", "token"];
    if object.get("format").and_then(Value::as_str).is_some_and(|format| number_like.contains(&format)) {
        kinds.extend(["number".into(), "boolean".into()]);
    }
    if nullable && !object.contains_key("enum") && !object.contains_key("const") {
        kinds.push("null".into());
    }
    kinds.dedup();
    object.insert("type".into(), if kinds.len() == 1 { kinds.remove(0) } else { Value::Array(kinds) });
}
