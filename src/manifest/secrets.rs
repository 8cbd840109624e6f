//! Where secrets stand in what has Kubernetes' shape, as somebody wrote it.

use std::ops::Range;

use super::parse::documents;
use crate::diagnostics::{Place, may_hold, near_secret};
use crate::yaml::{Node, Value};

/// The places of the data of a Secret, and of a variable's value whose name sounds like one.
pub fn secrets(root: &Node) -> Vec<Place> {
    let mut places = Vec::new();
    look_for_secrets(root, false, &mut places);
    places
}

/// What a Secret has beside its data.
const OF_ALL: [&str; 7] = ["apiVersion", "kind", "metadata", "type", "immutable", "items", "spec"];

fn look_for_secrets(node: &Node, of_secret: bool, places: &mut Vec<Place>) {
    let Value::Map(map) = &node.value else {
        let items = node.as_list().unwrap_or_default();
        return items.iter().for_each(|item| look_for_secrets(item, of_secret, places));
    };
    let says = |key: &str| map.get(key).and_then(Node::as_scalar).map(|scalar| scalar.token.as_str());
    let is_object = map.get("metadata").is_some() || map.get("apiVersion").is_some();
    let is_secret = match says("kind") {
        Some(kind) => near_secret(kind),
        None => is_object && ["data", "stringData"].iter().any(|key| map.get(key).is_some()),
    };
    let of_secret = of_secret || is_secret;
    if let Some(name) = says("name") {
        // `value` may be misspelt.
        let values =
            map.iter().filter(|entry| may_hold(&entry.key, name) && entry.node.as_scalar().is_some());
        places.extend(values.map(|entry| entry.node.place));
    }
    for entry in map {
        match entry.key.as_str() {
            // It has the whole of an older Secret in it.
            "kubectl.kubernetes.io/last-applied-configuration" => places.push(entry.node.place),
            // `data` may be misspelt.
            key if (is_secret && !OF_ALL.contains(&key))
                || (of_secret && ["data", "stringData"].contains(&key)) =>
            {
                match entry.node.as_map() {
                    Some(data) => places.extend(data.iter().map(|entry| entry.node.place)),
                    None => places.push(entry.node.place),
                }
            }
            _ => look_for_secrets(&entry.node, of_secret, places),
        }
    }
}

/// The same of a text that could not be read: what stands at and below `data` wherever a Secret may be near, and what
/// stands below `auth`, where the values have their passwords.
pub fn secrets_of_text(text: &str) -> Vec<Range<usize>> {
    documents(text).into_iter().flat_map(|at| data(text, at)).collect()
}

/// Whether a document is plainly one without a Secret; how its kind would be written otherwise is not for us to list.
fn is_harmless(document: &str) -> bool {
    let lower = document.to_ascii_lowercase();
    !lower.contains("secret") && !lower.contains("stringdata") && lower.contains("kind")
}

fn data(text: &str, document: Range<usize>) -> Vec<Range<usize>> {
    let keys: &[&str] =
        if is_harmless(&text[document.clone()]) { &["auth"] } else { &["data", "stringData", "auth"] };
    let mut hidden = Vec::new();
    // The indents of the key, and of the keys below it.
    let mut inside: Option<(usize, Option<usize>)> = None;
    // How many brackets of its value are open.
    let mut open = 0;
    let mut start = document.start;
    for line in text[document].split_inclusive('\n') {
        let (at, said) = (start, line.trim_end());
        start += line.len();
        let indent = said.len() - said.trim_start().len();
        if said.is_empty() {
            continue;
        }
        if open > 0 {
            open += brackets(said);
            hidden.push(at + indent..at + said.len());
            continue;
        }
        // A value in quotes, or a key in front of one, may be flush with the key above.
        let flush =
            |data: usize| indent == data && said[indent..].starts_with([':', '"', '\'', '&', '!', '|', '>']);
        if let Some((data, keys)) = inside.filter(|(data, _)| indent > *data || flush(*data)) {
            let keys = keys.unwrap_or(indent);
            inside = Some((data, Some(keys)));
            let key = said.find(": ").filter(|_| indent == keys).map_or(indent, |colon| colon + 2);
            if !(indent == keys && said.ends_with(':')) {
                hidden.push(at + key..at + said.len());
            }
            continue;
        }
        inside = None;
        if let Some(end) = keys.iter().filter_map(|key| end_of_key(said, key)).min() {
            let end = said.len() - said[end..].trim_start().len();
            inside = Some((indent, None));
            open = brackets(&said[end..]).max(0);
            hidden.extend((end < said.len()).then_some(at + end..at + said.len()));
        }
    }
    hidden
}

fn brackets(text: &str) -> isize {
    let count = |all: [char; 2]| isize::try_from(text.matches(all).count()).unwrap_or(isize::MAX);
    count(['{', '[']) - count(['}', ']'])
}

/// Where a key ends that is on a line, its colon included, however it is quoted.
fn end_of_key(line: &str, key: &str) -> Option<usize> {
    line.match_indices(key).find_map(|(at, _)| {
        let behind = line[at + key.len()..].trim_start_matches(['"', '\'', ' ']);
        let is_key = behind.starts_with(':') || line.trim_start().starts_with('?');
        let is_word = !line[..at].ends_with(|c: char| c.is_alphanumeric() || "-_./".contains(c));
        (is_word && is_key).then(|| line.len() - behind.strip_prefix(':').unwrap_or(behind).len())
    })
}

#[cfg(test)]
mod tests {
    use super::secrets_of_text;

    #[test]
    fn the_data_of_a_secret_is_known_in_a_text_that_cannot_be_read() {
        let text = "kind: ConfigMap\ndata:\n  a: shown\n---\nkind: Secret\nmetadata: {name: x}\ndata:\n  uri: one: two\n  \
                    key: |\n    three: 3\n  \"q\": \"four\"\ntype: Opaque\n---\n{\"kind\": \"Secret\", \"data\": {\"x\": \"five\"\n";
        let hidden: Vec<&str> = secrets_of_text(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(hidden, ["one: two", "|", "three: 3", "\"four\"", "{\"x\": \"five\""]);
        assert!(secrets_of_text("kind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: b\n").is_empty());
    }
}
