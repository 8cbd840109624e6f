//! Redaction by value, before anything is compared: a secret's text becomes `<secret 1>` wherever it stands, on both
//! sides, the same number for the same text. What follows never sees it, so nothing can show it.

mod parts;

use serde_json::{Map, Value as Json};

use super::Diff;
use super::applied::LAST_APPLIED;
use crate::diagnostics::{SHORTEST_SECRET, holds_secret, spellings};
use crate::manifest::{Object, ObjectId, decode};

/// Keys of a Secret whose values are hidden in it, and are no secret elsewhere: a user's name is in every line.
const HARMLESS: [&str; 11] = [
    "user",
    "username",
    "host",
    "hostname",
    "port",
    "dbname",
    "database",
    "ca.crt",
    "tls.crt",
    "namespace",
    "type",
];

/// What is secret, and the number that each text is shown by.
#[derive(Default)]
pub struct Secrets {
    /// Texts by their numbers.
    texts: Vec<String>,
    /// Every spelling of a text, the longest first, with its number.
    spellings: Vec<(String, usize)>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.texts.len())
    }
}

impl Secrets {
    /// Learns every secret of the objects: Secrets' values and the passwords in them, variables, passwords in URLs and
    /// connection strings. A text that `is_public` is one of a bad password, and hidden only in its own place.
    pub fn learn(&mut self, objects: &[Object], is_public: &dyn Fn(&str) -> bool) {
        let mut found = Vec::new();
        for object in objects {
            of_object(&object.value, &mut found);
        }
        for (text, written) in found {
            // One that is too short to be looked for has no number until its own place is hidden.
            let is_long = [text.trim(), &written].iter().any(|text| text.len() >= SHORTEST_SECRET);
            if is_long && !is_public(text.trim()) {
                self.add(&text);
                let number = self.number(&text);
                self.spell(written, number);
            }
        }
        self.spellings.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    }

    /// Learns one text; every line of it counts by itself too.
    fn add(&mut self, text: &str) {
        let number = self.number(text);
        let whole = text.trim();
        let lines = text.lines().map(str::trim);
        for part in std::iter::once(whole).chain(lines).filter(|part| part.len() >= SHORTEST_SECRET) {
            for spelling in spellings(part) {
                self.spell(spelling, number);
            }
        }
    }

    fn spell(&mut self, spelling: String, number: usize) {
        if spelling.len() >= SHORTEST_SECRET && !self.spellings.iter().any(|(known, _)| *known == spelling) {
            self.spellings.push((spelling, number));
        }
    }

    fn number(&mut self, text: &str) -> usize {
        self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        })
    }

    /// Names, reasons and recipes, with every secret in them replaced.
    pub(super) fn hide_words(&self, diff: &mut Diff) {
        for kept in &mut diff.kept {
            kept.id = self.hidden_id(&kept.id);
        }
        for object in &mut diff.objects {
            object.id = self.hidden_id(&object.id);
            let changes = object.changes.iter_mut().flat_map(|change| &mut change.effects);
            for effect in object.effects.iter_mut().chain(changes) {
                effect.reason = self.hide(&effect.reason);
                effect.recipe = effect.recipe.as_deref().map(|recipe| self.hide(recipe));
            }
            for (field, owner) in &mut object.conflicts {
                (*field, *owner) = (self.hide(field), self.hide(owner));
            }
        }
    }

    fn hidden_id(&self, id: &ObjectId) -> ObjectId {
        ObjectId {
            api_version: self.hide(&id.api_version),
            kind: self.hide(&id.kind),
            namespace: id.namespace.as_deref().map(|name| self.hide(name)),
            name: self.hide(&id.name),
        }
    }

    /// A text with every secret in it replaced.
    pub fn hide(&self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, spelling, number)) = self.next_in(rest) {
            hidden.push_str(&rest[..at]);
            hidden.push_str(&shown(number));
            rest = &rest[at + spelling.len()..];
        }
        hidden + rest
    }

    /// The first secret in a text, the longest of those that begin there.
    fn next_in(&self, text: &str) -> Option<(usize, &str, usize)> {
        let found = self.spellings.iter().filter_map(|(spelling, number)| {
            text.find(spelling.as_str()).map(|at| (at, spelling.as_str(), *number))
        });
        found.min_by_key(|(at, spelling, _)| (*at, usize::MAX - spelling.len()))
    }

    /// An object in which nothing is secret any more. A Secret's `stringData` is in its `data`, as the API keeps it.
    pub(super) fn hidden(&mut self, value: &Json, show: bool) -> Json {
        if value.get("kind").and_then(Json::as_str) != Some("Secret") {
            return if show { value.clone() } else { self.hide_in(value) };
        }
        let mut object = value.as_object().cloned().unwrap_or_default();
        let texts = secret_texts(value);
        let had = object.contains_key("data") || object.contains_key("stringData");
        for key in ["data", "stringData"] {
            object.remove(key);
        }
        let mut object = if show { Json::Object(object) } else { self.hide_in(&Json::Object(object)) };
        let mut data = Map::new();
        for (key, text) in texts {
            let value = if show { text } else { shown(self.number(&text)) };
            data.insert(if show { key } else { self.hide(&key) }, value.into());
        }
        if had {
            object["data"] = Json::Object(data);
        }
        object
    }

    fn hide_in(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => self.hide(text).into(),
            Json::Number(number) => {
                let text = number.to_string();
                let hidden = self.hide(&text);
                if hidden == text { value.clone() } else { hidden.into() }
            }
            Json::Array(items) => items.iter().map(|item| self.hide_in(item)).collect(),
            Json::Object(map) => map
                .iter()
                .map(|(key, value)| (self.hide(key), self.hide_in(value)))
                .collect::<Map<_, _>>()
                .into(),
            Json::Null | Json::Bool(_) => value.clone(),
        }
    }
}

fn shown(number: usize) -> String {
    format!("<secret {}>", number + 1)
}

/// The texts of a Secret by their keys, `stringData` over `data`; bytes that are no text stay in base64.
fn secret_texts(secret: &Json) -> Vec<(String, String)> {
    let map = |key: &str| secret.get(key).and_then(Json::as_object);
    let mut texts = std::collections::BTreeMap::new();
    for (key, value) in map("data").into_iter().flatten() {
        let encoded = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let decoded = decode(encoded.trim()).and_then(|bytes| String::from_utf8(bytes).ok());
        texts.insert(key.clone(), decoded.unwrap_or(encoded));
    }
    for (key, value) in map("stringData").into_iter().flatten() {
        texts.insert(key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    texts.into_iter().collect()
}

/// The secrets of an object, each as it is and as it is written.
fn of_object(object: &Json, found: &mut Vec<(String, String)>) {
    collect(object, found);
    if object.get("kind").and_then(Json::as_str) == Some("Secret") {
        let texts = secret_texts(object).into_iter();
        for (_, text) in texts.filter(|(key, _)| !HARMLESS.contains(&key.as_str())) {
            let parts = parts::in_a_secret(&text);
            found.push((text.clone(), text));
            found.extend(parts);
        }
    }
}

/// Secrets that are no Secret's: values of variables and arguments that sound like one, and passwords in longer texts.
fn collect(value: &Json, found: &mut Vec<(String, String)>) {
    match value {
        Json::String(text) => found.extend(parts::in_the_open(text)),
        Json::Array(items) => {
            for pair in items.windows(2) {
                if let [Json::String(flag), Json::String(value)] = pair
                    && flag.strip_prefix("--").is_some_and(|name| !name.contains('=') && holds_secret(name))
                {
                    found.push((value.clone(), value.clone()));
                }
            }
            for item in items {
                collect(item, found);
            }
        }
        Json::Object(map) => {
            if let (Some(Json::String(name)), Some(Json::String(value))) = (map.get("name"), map.get("value"))
                && holds_secret(name)
                && !parts::is_reference(value)
            {
                found.push((value.clone(), value.clone()));
            }
            for (key, value) in map {
                // It may be of a Secret that somebody has changed since.
                let applied = value.as_str().filter(|_| key == LAST_APPLIED);
                match applied.and_then(|text| serde_json::from_str(text).ok()) {
                    Some(applied) => of_object(&applied, found),
                    None => collect(value, found),
                }
            }
        }
        _ => {}
    }
}
