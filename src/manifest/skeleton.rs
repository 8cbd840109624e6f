//! The documents of a text whose values are apart: the text is read with its marks, and the values put where they stand.
//!
//! This is for speed alone. Wherever it could come to something else than reading the whole text would, nothing is given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::parse::{documents, to_json};
use super::rendered::{RenderedFile, number};

/// The documents of a text with their marks.
type Skeleton = Arc<Vec<Value>>;

/// The skeletons that were read, by their texts: those of many releases are a few.
static READ: Mutex<BTreeMap<String, Option<Skeleton>>> = Mutex::new(BTreeMap::new());

/// How many are kept.
const KEPT: usize = 256;

/// Every document of a file, null where it is empty.
pub(super) fn read(file: &RenderedFile) -> Option<Vec<Value>> {
    let (text, values) = file.parts()?;
    let known = READ.lock().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
    let skeleton = known.unwrap_or_else(|| {
        let skeleton = skeleton(text, values.len()).map(Arc::new);
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if read.len() < KEPT {
            read.insert(text.to_owned(), skeleton.clone());
        }
        skeleton
    })?;
    skeleton.iter().map(|document| fill(document, values)).collect()
}

/// The documents of a text in which each of so many marks is a whole value or a key.
fn skeleton(text: &str, marks: usize) -> Option<Vec<Value>> {
    // A tag says what the value after it is.
    if text.contains('!') {
        return None;
    }
    let read = |range| to_json(serde_yaml::from_str(&text[range]).ok()?).ok();
    let documents: Vec<Value> = documents(text).into_iter().map(read).collect::<Option<_>>()?;
    let mut found = 0;
    documents.iter().all(|document| count(document, &mut found)).then_some(())?;
    (found == marks).then_some(documents)
}

/// Counts the marks of a tree; false where one is within a longer text.
fn count(tree: &Value, found: &mut usize) -> bool {
    let mut whole = |text: &str| match number(text) {
        None => true,
        Some(number) => {
            *found += 1;
            number.is_ok()
        }
    };
    match tree {
        Value::String(text) => whole(text),
        Value::Array(items) => items.iter().all(|item| count(item, found)),
        Value::Object(map) => {
            map.keys().all(|key| whole(key)) && map.values().all(|value| count(value, found))
        }
        _ => true,
    }
}

/// The tree with its values; none where a key is no text or is there twice.
fn fill(tree: &Value, values: &[Value]) -> Option<Value> {
    let value = |text: &str| values.get(number(text)?.ok()?);
    Some(match tree {
        Value::String(text) => value(text).unwrap_or(tree).clone(),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| fill(item, values)).collect::<Option<_>>()?)
        }
        Value::Object(entries) => {
            let mut map = Map::with_capacity(entries.len());
            for (key, inner) in entries {
                let key = match value(key) {
                    Some(key) => key.as_str()?,
                    None => key,
                };
                if map.insert(key.to_owned(), fill(inner, values)?).is_some() {
                    return None;
                }
            }
            Value::Object(map)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::manifest::rendered::mark;

    /// A text with a value for each `@` in it.
    fn apart(text: &str, values: &[Value]) -> RenderedFile {
        let values = &values[..text.matches('@').count()];
        let text =
            (0..values.len()).fold(text.to_owned(), |text, number| text.replacen('@', &mark(number), 1));
        RenderedFile::apart("x.yaml".to_owned(), text, values.to_vec()).expect("each mark is there once")
    }

    #[test]
    fn values_come_to_stand_where_their_text_would() {
        let long = "x \"y\" \\ \n é '{{' \u{85} --- a: b # c".repeat(9);
        let values = [json!(long), json!({ "a": [null, 1.5, "on"], "b": null }), json!(-5)];
        for text in [
            "a: @\nb: @\nc: @\n",
            "a: [@, {b: @}]\n---\n- @\n",
            "@: @\nc: @\n",
            "# comment\n? a\n: @\nb:\n  - - @\n    - c: @\n",
            "--- @\n--- @\n--- @ # comment\n",
        ] {
            let file = apart(text, &values);
            let whole = file.text();
            let expected: Vec<Value> = documents(&whole)
                .into_iter()
                .map(|range| to_json(serde_yaml::from_str(&whole[range]).unwrap()).unwrap())
                .collect();
            assert_eq!(read(&file), Some(expected), "{whole}");
        }
    }

    #[test]
    fn what_would_read_otherwise_is_left_to_the_whole_text() {
        for (text, value) in [
            ("a: |\n  key: @\n  rest\n", json!("x")),
            ("a: '@'\n", json!("x")),
            ("a: 'text\n  @\n  rest'\n", json!("x")),
            ("a:@\n", json!(5)),
            ("# @\na: b\n", json!("x")),
            ("a: !!str @\n", json!(5)),
            ("a: &a @\nb: *a\n", json!("x")),
            ("a: @ b\n", json!(5)),
            ("a: @@\n", json!(5)),
            ("@: x\n", json!(5)),
            ("@: x\na: y\n", json!("a")),
            ("a: pgpod-value-0\nb: @\n", json!("x")),
        ] {
            assert_eq!(read(&apart(text, &[value.clone(), value])), None, "{text}");
        }
    }
}
