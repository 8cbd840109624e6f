//! Rendered text to objects.

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::RenderedFile;
use super::object::{Object, Origin, identify, not_an_object};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, SourceKind, Sources};
use crate::yaml;

/// Reads every document of every file; empty documents are left out. What can't be read is reported at its place in the
/// rendered text, and the rest goes on.
pub fn parse(files: &[RenderedFile], sources: &mut Sources, found: &mut Diagnostics) -> Vec<Object> {
    let mut objects = Vec::new();
    for file in files {
        let text = sources.add(file.template.clone(), SourceKind::Template, file.text.clone());
        for (document, read) in serde_yaml::Deserializer::from_str(&file.text).enumerate() {
            let value = match serde_yaml::Value::deserialize(read) {
                Ok(value) => value,
                Err(error) => {
                    unreadable(&error, text, sources, found);
                    // What follows a mistake in the syntax can't be told apart from it.
                    break;
                }
            };
            let origin = Origin::Rendered { text, document };
            match to_json(value)
                .and_then(|value| if value.is_null() { Ok(None) } else { object(value, file, origin) })
            {
                Ok(object) => objects.extend(object),
                Err(why) => {
                    found.push(not_an_object(&why).at(document_place(document, text, sources), ""));
                }
            }
        }
    }
    objects
}

fn object(mut value: Value, file: &RenderedFile, origin: Origin) -> Result<Option<Object>, String> {
    drop_nulls(&mut value);
    let id = identify(&value)?;
    Ok(Some(Object { template: file.template.clone(), id, value, origin }))
}

/// Leaves out what a template places as null: an optional field that a release does not use.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Reports a text that is no YAML: by the reader that knows places, where it sees the mistake too.
fn unreadable(error: &serde_yaml::Error, text: SourceId, sources: &Sources, found: &mut Diagnostics) {
    let mut own = Diagnostics::new();
    yaml::read(sources, text, &mut own);
    if own.has_errors() {
        found.extend(own);
        return;
    }
    let at = error.location().map_or(0, |location| location.index());
    found.push(
        Diagnostic::error("the rendered text is no YAML")
            .at(Place::new(text, at, at), "")
            .cause(error.to_string())
            .help("mend the template; `{{ value }}` quotes by itself and needs no quotes around it"),
    );
}

fn document_place(document: usize, text: SourceId, sources: &Sources) -> Place {
    let read = yaml::read(sources, text, &mut Diagnostics::new());
    read.get(document).map_or(Place::new(text, 0, 0), |node| node.place)
}

/// The same value as JSON, or why it has none.
fn to_json(value: serde_yaml::Value) -> Result<Value, String> {
    Ok(match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(value) => Value::Bool(value),
        serde_yaml::Value::String(value) => Value::String(value),
        serde_yaml::Value::Number(number) => json_number(&number)?,
        serde_yaml::Value::Sequence(items) => {
            Value::Array(items.into_iter().map(to_json).collect::<Result<_, _>>()?)
        }
        serde_yaml::Value::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let serde_yaml::Value::String(key) = key else {
                    return Err(format!("the key `{}` is not a text; quote it", shown(&key)));
                };
                map.insert(key, to_json(value)?);
            }
            Value::Object(map)
        }
        serde_yaml::Value::Tagged(tagged) => return Err(format!("it has the tag `{}`", tagged.tag)),
    })
}

fn json_number(number: &serde_yaml::Number) -> Result<Value, String> {
    if let Some(value) = number.as_i64() {
        return Ok(value.into());
    }
    if let Some(value) = number.as_u64() {
        return Ok(value.into());
    }
    let float = number.as_f64().and_then(serde_json::Number::from_f64);
    float.map(Value::Number).ok_or_else(|| format!("`{number}` is not a number of JSON"))
}

fn shown(key: &serde_yaml::Value) -> String {
    serde_yaml::to_string(key).unwrap_or_default().trim_end().to_owned()
}
