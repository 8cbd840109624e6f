//! Where two renders differ: lines of generated files, values of objects.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::diagnostics::{STARS, SecretTexts};
use crate::manifest::Object;
use crate::pipeline::Made;

/// A place in what is rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spot {
    /// A generated file (`postgresql.conf`), or an object (`Deployment/demo`).
    pub file: String,
    /// The line of a file, or the path in an object, as `--set` writes it.
    pub at: String,
    /// What stands there; a text of several lines is shown by its first.
    pub text: String,
    /// Whether it is there only with the other value.
    pub only_then: bool,
}

/// Everything in which one render differs from another.
pub(super) fn differences(now: &Made, then: &Made, secrets: &SecretTexts) -> Vec<Spot> {
    let (files, other_files) = (now.files(), then.files());
    let mut spots = Vec::new();
    for name in files.keys().chain(other_files.keys().filter(|name| !files.contains_key(*name))) {
        let text = |files: &BTreeMap<String, String>| files.get(name).cloned().unwrap_or_default();
        spots.extend(lines(name, &text(&files), &text(&other_files)));
    }
    let (objects, others) = (leaves(now, &files), leaves(then, &other_files));
    for (key, text) in &objects {
        if others.get(key) != Some(text) {
            spots.push(spot(key, text, false));
        }
    }
    for (key, text) in others.iter().filter(|(key, _)| !objects.contains_key(*key)) {
        spots.push(spot(key, text, true));
    }
    for spot in &mut spots {
        spot.at = secrets.star(&spot.at);
        spot.text = secrets.star(&spot.text);
    }
    spots
}

/// Files first, each by its lines; then objects, each by its paths.
pub(super) fn sort(spots: &mut [Spot]) {
    spots.sort_by_key(|spot| {
        let line: Option<usize> = spot.at.parse().ok();
        (spot.file.contains('/'), spot.file.clone(), line, spot.at.clone())
    });
}

/// The lines of a generated file that set a parameter.
pub(super) fn setting_lines(made: &Made, name: &str) -> Vec<Spot> {
    let conf = made.files().remove("postgresql.conf").unwrap_or_default();
    let sets = |line: &&str| line.split(['=', ' ']).next() == Some(name);
    let numbered = conf.lines().enumerate().filter(|(_, line)| sets(line));
    numbered.map(|(at, line)| line_spot("postgresql.conf", at, line, false)).collect()
}

/// The value of a variable of the pod's containers.
pub(super) fn environment(made: &Made, name: &str) -> Option<String> {
    let leaves = leaves(made, &BTreeMap::new());
    let path = format!("containers[name=postgres].env[name={name}].value");
    leaves.into_iter().find(|((_, at), _)| at.ends_with(&path)).map(|(_, text)| text)
}

/// The lines of the pod's scripts that give a parameter to the server or write it into a file.
pub(super) fn script_lines(made: &Made, name: &str) -> Vec<Spot> {
    let says = |line: &str| {
        let flag = if name == "data_directory" { "postgres -D ".to_owned() } else { format!("{name}=") };
        !line.trim_start().starts_with('#') && (line.contains(&flag) || line.contains(&format!("{name} = '")))
    };
    let mut spots = Vec::new();
    for script in ["start", "peers"] {
        let text = made.files().remove(script).unwrap_or_default();
        let lines = text.lines().enumerate().filter(|(_, line)| says(line));
        spots.extend(lines.map(|(at, line)| line_spot(script, at, line, false)));
    }
    spots
}

/// The lines that one text has more often than another; where it has none, those that the other has more often.
fn lines(file: &str, now: &str, then: &str) -> Vec<Spot> {
    let own = surplus(now, then);
    if own.is_empty() {
        return surplus(then, now).into_iter().map(|(at, line)| line_spot(file, at, line, true)).collect();
    }
    own.into_iter().map(|(at, line)| line_spot(file, at, line, false)).collect()
}

fn surplus<'a>(text: &'a str, other: &str) -> Vec<(usize, &'a str)> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for line in other.lines() {
        *count.entry(line).or_default() += 1;
    }
    let more = |(_, line): &(usize, &'a str)| match count.get_mut(line) {
        Some(left @ 1..) => {
            *left -= 1;
            false
        }
        _ => true,
    };
    text.lines().enumerate().filter(more).collect()
}

fn line_spot(file: &str, at: usize, line: &str, only_then: bool) -> Spot {
    Spot { file: file.to_owned(), at: (at + 1).to_string(), text: line.trim().to_owned(), only_then }
}

type Leaves = BTreeMap<(String, String), String>;

/// Every scalar of every object by object and path; files in ConfigMaps, whose lines are compared, are left out.
fn leaves(made: &Made, files: &BTreeMap<String, String>) -> Leaves {
    let mut leaves = Leaves::new();
    for object in &made.objects {
        walk(object, &object.value, String::new(), &mut leaves);
    }
    leaves.retain(|_, text| !files.values().any(|file| file == text));
    leaves
}

fn walk(object: &Object, value: &Json, path: String, leaves: &mut Leaves) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            for (key, member) in map {
                let key = key.replace('.', "\\.");
                let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                walk(object, member, path, leaves);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                // By name, as patches and `--set` find it: another item before it moves nothing.
                let name = item.get("name").and_then(Json::as_str);
                let step = name.map_or_else(|| index.to_string(), |name| format!("name={name}"));
                walk(object, item, format!("{path}[{step}]"), leaves);
            }
        }
        scalar => {
            let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            leaves.insert((format!("{}/{}", object.id.kind, object.id.name), path), text);
        }
    }
}

fn spot((file, at): &(String, String), text: &str, only_then: bool) -> Spot {
    // What a Secret holds is nobody's to read here, encoded or not.
    let text = if file.starts_with("Secret/") && at.contains("ata.") { STARS } else { text };
    let first = text.lines().next().unwrap_or_default();
    let text = if first.len() < text.trim_end().len() { format!("{first} …") } else { first.to_owned() };
    Spot { file: file.clone(), at: at.clone(), text, only_then }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_differ_by_how_often_they_are_there() {
        let shown = |now: &str, then: &str| -> Vec<String> {
            lines("f", now, then)
                .iter()
                .map(|s| format!("{}{}:{}", if s.only_then { "+" } else { "" }, s.at, s.text))
                .collect()
        };
        assert_eq!(shown("a\nb\nc\n", "a\nx\nc\n"), ["2:b"]);
        assert_eq!(shown("a\na\n", "a\n"), ["2:a"]);
        assert_eq!(shown("a\n", "a\n  b\n"), ["+2:b"]);
        assert_eq!(shown("a\nb\n", "b\na\n"), [""; 0]);
    }
}
