//! What the API server demands of fields of one map together: one of some, one beside another, one no more than another.
//!
//! Source: as in `forms`. Definitions are without `io.k8s.`; a field that is null, or an empty list or text, is absent.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::addresses::cidr;
use super::definitions::rows;
use crate::diagnostics::codes::{self, Code};
use crate::quantity::Quantity;

mod beside;
mod tables;

use self::beside::{BESIDE, Beside, If, Then};
use self::tables::{
    ALONE, Alone, FILLED, Filled, MOST, Most, NOT_EMPTY, NUMBERED, Numbered, ORDERED, Ordered, ROLLING,
    Rolling, UNIQUE, Unique, WITHIN, Within,
};

/// What is wrong with a map: at which of its fields (none: at itself), and the title's end after the place there.
pub(super) struct Flaw {
    pub(super) code: Code,
    pub(super) field: Option<&'static str>,
    pub(super) title: String,
    pub(super) help: String,
}

/// The rows of one definition.
pub(super) struct Shapes {
    filled: &'static [Filled],
    not_empty: &'static [Filled],
    numbered: &'static [Numbered],
    beside: &'static [Beside],
    ordered: &'static [Ordered],
    rolling: &'static [Rolling],
    alone: &'static [Alone],
    most: &'static [Most],
    unique: &'static [Unique],
    within: &'static [Within],
}

impl Shapes {
    pub(super) fn of(definition: &str) -> Self {
        Self {
            filled: rows(&FILLED, definition, |row| row.0),
            not_empty: rows(&NOT_EMPTY, definition, |row| row.0),
            numbered: rows(&NUMBERED, definition, |row| row.0),
            beside: rows(&BESIDE, definition, |row| row.0),
            ordered: rows(&ORDERED, definition, |row| row.0),
            rolling: rows(&ROLLING, definition, |row| row.0),
            alone: rows(&ALONE, definition, |row| row.0),
            most: rows(&MOST, definition, |row| row.0),
            unique: rows(&UNIQUE, definition, |row| row.0),
            within: rows(&WITHIN, definition, |row| row.0),
        }
    }

    /// `known` tells whether a field is there in the version that the objects are for; `required` are the fields whose
    /// absence has been reported.
    pub(super) fn flaws(
        &self,
        map: &Map<String, Value>,
        version: u32,
        known: &dyn Fn(&str) -> bool,
        required: &[&str],
    ) -> Vec<Flaw> {
        let mut found = Vec::new();
        let filled = self.filled.iter().filter(|row| map.contains_key(row.1) || !required.contains(&row.1));
        found.extend(filled.filter_map(|row| empty(row, map)));
        found.extend(self.not_empty.iter().filter_map(|row| hollow(row, map)));
        found.extend(self.numbered.iter().filter_map(|row| numbered(row, map, known)));
        found.extend(self.beside.iter().filter_map(|row| beside(row, map, required)));
        found.extend(self.ordered.iter().filter_map(|row| disordered(row, map)));
        found.extend(self.rolling.iter().filter_map(|row| stuck(row, map)));
        found.extend(self.alone.iter().filter_map(|row| accompanied(row, map)));
        found.extend(self.most.iter().filter_map(|row| too_many(row, map)));
        found.extend(self.unique.iter().filter_map(|row| repeated(row, map)));
        found.extend(self.within.iter().flat_map(|row| outside(row, map, version)));
        found
    }
}

fn present<'a>(map: &'a Map<String, Value>, field: &str) -> Option<&'a Value> {
    map.get(field).filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    })
}

/// Whether there is something in a value, however deep.
fn is_full(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => map.values().any(is_full),
        _ => true,
    }
}

fn wrong(field: &'static str, title: String, help: impl Into<String>) -> Flaw {
    Flaw { code: codes::FIELD_VALUE, field: Some(field), title, help: help.into() }
}

fn missing(field: &'static str, map: &Map<String, Value>, help: String) -> Flaw {
    let title = if map.get(field).is_some_and(|value| !value.is_null()) { "is empty" } else { "is missing" };
    Flaw { code: codes::FIELD_MISSING, field: Some(field), title: title.to_owned(), help }
}

fn ticked<'a>(words: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(between)
}

fn empty(&(_, field): &Filled, map: &Map<String, Value>) -> Option<Flaw> {
    let is_full =
        present(map, field).is_some_and(|value| value.as_object().is_none_or(|map| !map.is_empty()));
    (!is_full).then(|| missing(field, map, format!("fill in `{field}`; Kubernetes requires it")))
}

/// A field that is there for nothing: Kubernetes asks whether it is there, not what it says.
fn hollow(&(_, field): &Filled, map: &Map<String, Value>) -> Option<Flaw> {
    let is_there = map.get(field).is_some_and(|value| !value.is_null());
    (is_there && present(map, field).is_none())
        .then(|| wrong(field, "is empty".to_owned(), "remove it, or say what it is"))
}

fn numbered(row: &Numbered, map: &Map<String, Value>, known: &dyn Fn(&str) -> bool) -> Option<Flaw> {
    let (_, fields, (least, most), what) = row;
    let has: Vec<&str> = fields.iter().copied().filter(|field| present(map, field).is_some()).collect();
    if (*least..=*most).contains(&has.len()) {
        return None;
    }
    let flaw = |code, title, help| Some(Flaw { code, field: None, title, help });
    if has.is_empty() {
        let known = fields.iter().copied().filter(|field| known(field));
        let help = if fields.len() > 6 {
            "state one; `kubectl explain` lists them".to_owned()
        } else {
            format!("state one of {}", ticked(known, ", "))
        };
        return flaw(codes::FIELD_MISSING, format!("has no {what}"), help);
    }
    let help = format!("keep one {what}; in a patch, set the others to null");
    flaw(codes::FIELD_VALUE, format!("has {}", ticked(has, " and ")), help)
}

/// A value as a condition compares it.
fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_bool().map(|value| value.to_string()))
}

fn beside(row: &Beside, map: &Map<String, Value>, required: &[&str]) -> Option<Flaw> {
    let (_, condition, demand) = row;
    let why = match condition {
        If::Has(field) => present(map, field).map(|_| format!("beside `{field}`"))?,
        If::Named(field) => {
            present(map, field)?.as_str().map(|name| format!("beside `{field}: {name}`, a name"))?
        }
        If::Lacks(field) if present(map, field).is_some() => return None,
        If::Lacks(field) => format!("without `{field}`"),
        If::Is(field, default, values) => {
            let stated = present(map, field).and_then(word);
            let value = stated.as_deref().unwrap_or(default);
            if !values.contains(&value) {
                return None;
            }
            let shown = format!("beside `{field}: {value}`");
            if stated.is_some() { shown } else { format!("{shown}, the default") }
        }
    };
    match *demand {
        Then::Needs(field) if present(map, field).is_none() && !required.contains(&field) => {
            Some(missing(field, map, format!("add `{field}`; {why}, Kubernetes requires it")))
        }
        Then::Forbids(field) | Then::ForbidsFull(field)
            if present(map, field)
                .is_some_and(|value| matches!(demand, Then::Forbids(_)) || is_full(value)) =>
        {
            let help = "remove it; in a patch, set it to null";
            Some(wrong(field, format!("stands {why}"), help))
        }
        Then::Single(field) => {
            let number = map.get(field)?.as_array()?.len();
            let title = format!("has {number} items {why}");
            (number > 1).then(|| wrong(field, title, "keep one of them"))
        }
        _ => None,
    }
}

/// Where the smaller one of two is the larger one: both as they are written.
fn disordered(row: &Ordered, map: &Map<String, Value>) -> Option<Flaw> {
    let (_, less, more, default, may_be_equal) = row;
    let (small, large) = (map.get(*less)?, map.get(*more));
    let (is, small, large) = if let (Value::Object(small), Some(Value::Object(large))) = (small, large) {
        let read = |value: &Value| Quantity::parse(&text(value)).ok();
        let pairs = small.iter().filter_map(|(key, value)| Some((key, value, large.get(key)?)));
        let mut wrong = pairs.filter(|(_, small, large)| read(small) > read(large) && read(large).is_some());
        let (key, small, large) = wrong.next()?;
        (format!("has {key}"), text(small), text(large))
    } else {
        let (number, bound) = (small.as_i64()?, large.and_then(Value::as_i64));
        let limit = bound.or(*default)?;
        if number < limit || (*may_be_equal && number == limit) {
            return None;
        }
        let note = if bound.is_some() { "" } else { ", the default" };
        ("is".to_owned(), number.to_string(), format!("{limit}{note}"))
    };
    let than = if *may_be_equal { "more than" } else { "not less than" };
    let help = format!("lower this, or raise `{more}`");
    Some(wrong(less, format!("{is} {small}, {than} `{more}`: {large}"), help))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A rollout has to go ahead with one pod more, or with one less; some can't do both.
fn stuck(row: &Rolling, map: &Map<String, Value>) -> Option<Flaw> {
    let (_, defaults, both) = row;
    let fields = ["maxSurge", "maxUnavailable"];
    let is_some = |field: &str, default: bool| {
        present(map, field)
            .map_or(default, |value| !matches!(text(value).trim_end_matches('%').parse::<i64>(), Ok(0)))
    };
    let moves = [is_some(fields[0], defaults.0), is_some(fields[1], defaults.1)];
    match moves {
        [false, false] => {
            let title = "is 0, and so is `maxSurge`".to_owned();
            let help = "let one of the two be more: nothing could be replaced";
            Some(wrong(fields[1], title, help))
        }
        [true, true] if !both => {
            let title = "is more than 0, and so is `maxUnavailable`".to_owned();
            Some(wrong(fields[0], title, "set one of the two to 0"))
        }
        _ => None,
    }
}

fn accompanied(&(_, field, lonely): &Alone, map: &Map<String, Value>) -> Option<Flaw> {
    let items = map.get(field)?.as_array()?;
    let among = items.len() > 1 && items.iter().any(|item| item.as_str() == Some(lonely));
    among.then(|| wrong(field, format!("has `{lonely}` and others"), format!("`{lonely}` stands alone")))
}

fn too_many(&(_, field, most): &Most, map: &Map<String, Value>) -> Option<Flaw> {
    let number = map.get(field)?.as_array()?.len();
    (number > most)
        .then(|| wrong(field, format!("has {number} items"), format!("at most {most} are allowed")))
}

/// Two items of a list that are the same, or by the keys that tell its items apart.
fn repeated(&(_, field, keys): &Unique, map: &Map<String, Value>) -> Option<Flaw> {
    let items = map.get(field)?.as_array()?;
    let of = |item: &Value| match keys {
        [] => Some(vec![text(item)]),
        keys => keys.iter().map(|key| item.get(*key).and_then(word)).collect(),
    };
    let mut seen = BTreeSet::new();
    let twice = items.iter().find(|item| of(item).is_some_and(|item| !seen.insert(item)))?;
    if keys.is_empty() {
        return Some(wrong(field, format!("has `{}` twice", text(twice)), "remove one of them"));
    }
    let words = keys.iter().zip(of(twice)?).map(|(key, value)| format!("`{key}: {value}`"));
    let title = format!("has two with {}", words.collect::<Vec<_>>().join(" and "));
    Some(wrong(field, title, "remove one of them"))
}

/// Networks of a list that are not smaller parts of the one beside it.
fn outside(row: &Within, map: &Map<String, Value>, version: u32) -> Vec<Flaw> {
    let &(_, field, whole) = row;
    let read = |value: &Value| cidr(value.as_str()?, version).ok();
    let Some(all) = map.get(whole).and_then(read) else { return Vec::new() };
    let parts = map.get(field).and_then(Value::as_array).into_iter().flatten();
    let out = parts.filter_map(read).filter(|part| *part == all || !all.contains(part));
    let say = |part| {
        wrong(field, format!("has {part}, which is no smaller part of {all}"), "leave it out, or name a part")
    };
    out.map(say).collect()
}
