//! `postgresql.conf` and other files of names and values: by name, and by what the server takes a value for.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::diff::Body;
use crate::diff::path::Path;
use crate::postgres::{Major, parameters};

pub(super) fn compare(path: &Path, before: &str, after: &str, major: Major) -> Vec<(Path, Body)> {
    by_name(path, before, after, &|name, left, right| parameters::same(major, name, left, right))
}

/// A file of `name = value` lines that are nobody's parameters; `[section]` lines are part of the names.
pub(super) fn compare_pairs(path: &Path, before: &str, after: &str, _: Major) -> Vec<(Path, Body)> {
    by_name(path, before, after, &|_, left, right| left == right)
}

fn by_name(
    path: &Path,
    before: &str,
    after: &str,
    same: &dyn Fn(&str, &str, &str) -> bool,
) -> Vec<(Path, Body)> {
    let (Some(old), Some(new)) = (read(before), read(after)) else {
        // It is not what its name says, so it is compared by lines.
        return vec![super::text(path, before, after)];
    };
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let mut changes = Vec::new();
    for name in names {
        let (left, right) = (old.get(name), new.get(name));
        let equal = match (left, right) {
            (Some(left), Some(right)) => left == right || same(name, left, right),
            _ => false,
        };
        if !equal {
            let json = |text: Option<&String>| text.map(|text| Json::from(text.as_str()));
            changes.push((path.key(name), Body::Value { before: json(left), after: json(right) }));
        }
    }
    changes
}

/// Names and values of a file, the last of a name as the server takes it; none where a line is neither.
fn read(text: &str) -> Option<IndexMap<String, String>> {
    let mut values = IndexMap::new();
    let mut section = String::new();
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = format!("{name} ");
            continue;
        }
        let end = line.find(|c: char| c == '=' || c.is_whitespace())?;
        let (name, rest) = line.split_at(end);
        let rest = rest.trim_start();
        let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start();
        if name.is_empty() {
            return None;
        }
        values.insert(format!("{section}{name}"), value(rest));
    }
    Some(values)
}

/// A value without its quotes and the comment behind it.
fn value(text: &str) -> String {
    let Some(inner) = text.strip_prefix('\'') else {
        return text.split('#').next().unwrap_or_default().trim_end().to_owned();
    };
    let mut value = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if chars.peek() == Some(&'\'') => {
                chars.next();
                value.push('\'');
            }
            '\'' => break,
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some('r') => value.push('\r'),
                Some(other) => value.push(other),
                None => value.push('\\'),
            },
            c => value.push(c),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::{compare, read};
    use crate::diff::Body;
    use crate::diff::path::Path;
    use crate::postgres::Major;

    fn changed(before: &str, after: &str) -> Vec<String> {
        let found = compare(&Path::default(), before, after, Major::V17);
        let shown = |(path, body): (Path, Body)| match body {
            Body::Value { before, after } => {
                format!("{path}: {} -> {}", before.unwrap_or_default(), after.unwrap_or_default())
            }
            _ => path.to_string(),
        };
        found.into_iter().map(shown).collect()
    }

    #[test]
    fn parameters_are_compared_as_the_server_takes_them() {
        let before = "# old\nshared_buffers = '1GB'\nwork_mem = 4MB\nfsync = on\nport = 5432\n";
        let after = "port 5432 # same\nfsync = 'yes'\nshared_buffers=1024MB\nwork_mem = '8MB'\njit = off\n";
        assert_eq!(changed(before, after), ["jit: null -> \"off\"", "work_mem: \"4MB\" -> \"8MB\""]);
    }

    #[test]
    fn the_last_of_a_name_counts_and_quotes_are_read() {
        let read = read("a = 1\nlog_line_prefix = 'it''s \\'%m\\' '\na = 2\n").expect("they are settings");
        assert_eq!(read["a"], "2");
        assert_eq!(read["log_line_prefix"], "it's '%m' ");
    }
}
