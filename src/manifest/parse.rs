//! Rendered text to objects.

use std::ops::Range;

use serde_json::{Map, Value};

use super::object::{Document, NoObject, Object, Origin, identify};
use super::rendered::RenderedFile;
use super::skeleton;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceKind, Sources, codes};
use crate::yaml;

/// Reads every document of every file; empty documents are left out. What can't be read is reported at its place in the
/// rendered text, and the rest goes on.
pub fn parse(files: Vec<RenderedFile>, sources: &mut Sources, found: &mut Diagnostics) -> Vec<Object> {
    let mut objects = Vec::new();
    for file in files {
        let template = file.template.clone();
        let values = if file.is_blank() { Some(Vec::new()) } else { skeleton::read(&file) };
        let source = sources.add_later(template.as_str(), SourceKind::Template, move || file.text());
        if let Some(values) = values {
            for (number, value) in values.into_iter().enumerate() {
                let document = Document { source, number };
                match object(&template, document, value) {
                    Ok(object) => objects.extend(object),
                    Err(why) => {
                        found.push(why.finding().at(first_line(document.place(sources), sources), ""));
                    }
                }
            }
            continue;
        }
        for (number, range) in documents(&sources.get(source).text).into_iter().enumerate() {
            let place = Place::new(source, range.start, range.end);
            match read(place, sources) {
                Ok(value) => match object(&template, Document { source, number }, value) {
                    Ok(object) => objects.extend(object),
                    Err(why) => found.push(why.finding().at(first_line(place, sources), "")),
                },
                Err(diagnostics) => found.extend(diagnostics),
            }
        }
    }
    objects
}

impl Document {
    /// Where the document is in its text.
    pub(super) fn place(self, sources: &Sources) -> Place {
        let text = &sources.get(self.source).text;
        let range = documents(text).into_iter().nth(self.number).unwrap_or(0..0);
        Place::new(self.source, range.start, range.end)
    }
}

/// Where the documents of a text are: a line that begins with `---` begins one, whatever it stands in.
pub(super) fn documents(text: &str) -> Vec<Range<usize>> {
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let marks = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if marks && at > start {
            documents.push(start..at);
            start = at;
        }
        at += line.len();
    }
    documents.push(start..at);
    documents
}

/// What one document says.
fn read(place: Place, sources: &Sources) -> Result<Value, Vec<Diagnostic>> {
    let value =
        serde_yaml::from_str(sources.text(place)).map_err(|error| unreadable(&error, place, sources))?;
    to_json(value).map_err(|why| {
        let title = format!("this can't be said in JSON, as Kubernetes wants it: {why}");
        vec![
            Diagnostic::error(codes::NOT_A_MANIFEST, title)
                .at(first_line(place, sources), "")
                .help("write maps with texts as keys, lists, texts, numbers, true, false"),
        ]
    })
}

/// The object of one document; none where the document is empty, and why where it is no object.
fn object(template: &str, document: Document, mut value: Value) -> Result<Option<Object>, NoObject> {
    if value.is_null() {
        return Ok(None);
    }
    drop_nulls(&mut value);
    let id = identify(&value)?;
    Ok(Some(Object { template: template.to_owned(), id, value, origin: Origin::Rendered(document) }))
}

/// Leaves out what a template places as null: an optional field that a release does not use. Left in, kubectl would
/// send it as a change each time the same render is applied.
pub(super) fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// What is wrong with a text that is no YAML: by the reader that knows places, where it sees the mistake too.
fn unreadable(error: &serde_yaml::Error, document: Place, sources: &Sources) -> Vec<Diagnostic> {
    let mut own = Diagnostics::new();
    yaml::read(sources, document.source, &mut own);
    let inside = |place: Place| (document.start..=document.end).contains(&place.start);
    let own: Vec<Diagnostic> =
        own.into_iter().filter(|diagnostic| diagnostic.place().is_some_and(inside)).collect();
    if !own.is_empty() {
        return own;
    }
    let at = document.start + error.location().map_or(0, |location| location.index());
    vec![
        Diagnostic::error(codes::NOT_A_MANIFEST, "the rendered text is no YAML")
            .at(Place::new(document.source, at, at), "")
            .cause(error.to_string())
            .help("mend the template; `{{ value }}` quotes by itself and needs no quotes around it"),
    ]
}

/// The first line of a document that says something.
pub(super) fn first_line(document: Place, sources: &Sources) -> Place {
    let mut at = document.start;
    for line in sources.text(document).split_inclusive('\n') {
        let said = line.trim_end();
        let content = said.strip_prefix("---").unwrap_or(said).trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return Place::new(document.source, at, at + said.len());
        }
        at += line.len();
    }
    Place::new(document.source, document.start, document.start)
}

/// The same value as JSON, or why it has none.
pub(super) fn to_json(value: serde_yaml::Value) -> Result<Value, String> {
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
