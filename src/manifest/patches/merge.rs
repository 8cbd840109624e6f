//! Strategic merge: `mergeMap` and `mergeSlice` of `k8s.io/apimachinery/pkg/util/strategicpatch`, without the
//! directives that only machines write.

use serde_json::{Map, Value};

use super::merge_keys::{Strategy, strategy};
use crate::manifest::schema::{Definition, Schema};
use crate::yaml::{Step, ValuePath};

/// Why a patch can't be merged.
pub(super) struct Refused {
    pub(super) title: String,
    pub(super) help: String,
    /// The way to what is refused, from it up to the patch's root.
    steps: Vec<Step>,
}

impl Refused {
    /// Where in the patch it is.
    pub(super) fn path(&self) -> ValuePath {
        self.steps.iter().rev().cloned().collect()
    }

    fn below(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    fn below_key(self, key: &str) -> Self {
        self.below(Step::Key(key.to_owned()))
    }
}

type Merged<T> = Result<T, Refused>;

/// What a value is: a definition's name and schema, nothing for a kind that is not known.
#[derive(Clone, Copy)]
struct Shape {
    definition: &'static str,
    schema: Option<&'static Schema>,
}

/// An object with a patch applied; `definition` is its kind's, empty for one that is not known (its lists are
/// replaced).
pub(super) fn whole(object: &Value, patch: &Value, definition: &str) -> Merged<Value> {
    let definition = Definition::named(definition);
    let shape = Shape {
        definition: definition.map_or("", |definition| definition.name),
        schema: definition.map(|definition| &definition.schema),
    };
    match (object, patch) {
        (Value::Object(object), Value::Object(patch)) => {
            if patch.contains_key("$patch") {
                let refused = refused("it has `$patch` at its top", "only `$patch: delete` can stand there");
                return Err(refused.below_key("$patch"));
            }
            Ok(Value::Object(map(object, patch, shape)?))
        }
        _ => Err(refused("it is not a map", "write the fields to change, as they stand in the object")),
    }
}

fn map(
    original: &Map<String, Value>,
    patch: &Map<String, Value>,
    shape: Shape,
) -> Merged<Map<String, Value>> {
    match patch.get("$patch") {
        None => {}
        Some(Value::String(directive)) if directive == "replace" => return Ok(without_directive(patch)),
        Some(Value::String(directive)) if directive == "delete" => return Ok(Map::new()),
        Some(_) => {
            return Err(unknown_directive());
        }
    }
    let mut merged = original.clone();
    for (key, change) in patch {
        let here = |refused: Refused| refused.below_key(key);
        refuse_directive(key).map_err(here)?;
        match (merged.get_mut(key), change) {
            (_, Value::Null) => {
                merged.shift_remove(key);
            }
            (None, _) => {
                let added = added(change, key, shape).map_err(here)?;
                merged.insert(key.clone(), added);
            }
            (Some(present), _) => *present = field(present, change, key, shape).map_err(here)?,
        }
    }
    Ok(merged)
}

/// A field that both have.
fn field(original: &Value, change: &Value, key: &str, shape: Shape) -> Merged<Value> {
    let inner = inner(key, shape);
    match (original, change, strategy(shape.definition, key)) {
        (Value::Object(_), Value::Object(_), Some(Strategy::Replace)) => Ok(change.clone()),
        (Value::Object(original), Value::Object(change), _) => {
            Ok(Value::Object(map(original, change, inner)?))
        }
        (Value::Array(original), Value::Array(change), Some(Strategy::ByKey(by))) => {
            Ok(Value::Array(list(original, change, key, by, items(inner))?))
        }
        (Value::Array(original), Value::Array(change), Some(Strategy::Union)) => {
            let new = change.iter().filter(|item| !original.contains(item));
            Ok(Value::Array(original.iter().chain(new).cloned().collect()))
        }
        _ => Ok(change.clone()),
    }
}

/// A field that only the patch has: the same without its directives and nulls.
fn added(change: &Value, key: &str, shape: Shape) -> Merged<Value> {
    let empty = match change {
        Value::Object(_) => Value::Object(Map::new()),
        Value::Array(_) if matches!(strategy(shape.definition, key), Some(Strategy::ByKey(_))) => {
            Value::Array(Vec::new())
        }
        _ => return Ok(change.clone()),
    };
    field(&empty, change, key, shape)
}

fn list(original: &[Value], patch: &[Value], field: &str, by: &str, item: Shape) -> Merged<Vec<Value>> {
    let directive = |item: &Value| item.get("$patch").and_then(Value::as_str).map(str::to_owned);
    let (mut changes, mut kept) = (Vec::new(), original.to_vec());
    let mut replaces = false;
    for (index, change) in patch.iter().enumerate() {
        match directive(change).as_deref() {
            None if change.get(by).is_some_and(|key| !key.is_null()) => changes.push((index, change)),
            Some("delete") if change.get(by).is_some() => {
                kept.retain(|item| item.get(by) != change.get(by));
            }
            Some("replace") => replaces = true,
            None | Some("delete") => {
                let refused = refused(
                    &format!("an item of `{field}` has no `{by}`"),
                    &format!("state `{by}`: it tells which item is meant"),
                );
                return Err(refused.below(Step::Index(index)));
            }
            Some(_) => return Err(unknown_directive().below(Step::Index(index))),
        }
    }
    if replaces {
        kept.clear();
    }
    let before = kept.clone();
    for (index, change) in &changes {
        let Value::Object(change) = change else { continue };
        let here = |refused: Refused| refused.below(Step::Index(*index));
        match kept.iter_mut().find(|item| item.get(by) == change.get(by)) {
            Some(present) => {
                let original = present.as_object().cloned().unwrap_or_default();
                *present = Value::Object(map(&original, change, item).map_err(here)?);
            }
            None => kept.push(Value::Object(map(&Map::new(), change, item).map_err(here)?)),
        }
    }
    let changes: Vec<&Value> = changes.into_iter().map(|(_, change)| change).collect();
    Ok(in_order(kept, &changes, &before, by))
}

fn inner(key: &str, shape: Shape) -> Shape {
    shape_of(shape.schema.and_then(|schema| schema.field(key)))
}

fn items(list: Shape) -> Shape {
    shape_of(list.schema.and_then(|schema| schema.items.as_deref()))
}

fn shape_of(schema: Option<&'static Schema>) -> Shape {
    schema.map_or(Shape { definition: "", schema: None }, |schema| {
        let resolved = schema.resolve();
        let definition = resolved.definition.map_or("", |definition| definition.name);
        Shape { definition, schema: Some(resolved.schema) }
    })
}

/// The items that the patch names in its order, the others in theirs, woven together as Kubernetes does: an item stays
/// before another as it was, a new one comes before those that the patch doesn't name.
fn in_order(merged: Vec<Value>, patch: &[&Value], before: &[Value], by: &str) -> Vec<Value> {
    let position =
        |list: &[&Value], item: &Value| list.iter().position(|other| other.get(by) == item.get(by));
    let before: Vec<&Value> = before.iter().collect();
    let (mut named, others): (Vec<Value>, Vec<Value>) =
        merged.into_iter().partition(|item| position(patch, item).is_some());
    named.sort_by_key(|item| position(patch, item));
    let (mut named, mut others) = (named.into_iter().peekable(), others.into_iter().peekable());
    let mut ordered = Vec::new();
    loop {
        let take_named = match (named.peek(), others.peek()) {
            (None, None) => return ordered,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(named), Some(other)) => match (position(&before, named), position(&before, other)) {
                (Some(named), Some(other)) => named < other,
                _ => true,
            },
        };
        ordered.extend(if take_named { named.next() } else { others.next() });
    }
}

fn without_directive(patch: &Map<String, Value>) -> Map<String, Value> {
    patch
        .iter()
        .filter(|(key, _)| *key != "$patch")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Directives that `kubectl apply` computes; written by hand they say what two lines of YAML say better.
fn refuse_directive(key: &str) -> Merged<()> {
    if !key.starts_with('$') || key == "$patch" {
        return Ok(());
    }
    Err(refused(
        &format!("`{key}` is not supported"),
        "use `$patch: delete` or `$patch: replace`, or `null` to drop a field",
    ))
}

fn unknown_directive() -> Refused {
    refused("`$patch` is neither `delete` nor `replace`", "use one of the two").below_key("$patch")
}

fn refused(title: &str, help: &str) -> Refused {
    Refused { title: title.to_owned(), help: help.to_owned(), steps: Vec::new() }
}
