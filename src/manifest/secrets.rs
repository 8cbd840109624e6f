//! Where secrets stand in what has Kubernetes' shape, as somebody wrote it.

use std::ops::Range;

use super::parse::documents;
use crate::diagnostics::{Place, holds_secret};
use crate::yaml::{Node, Value};

/// The places of the data of a Secret, and of a variable's value whose name sounds like one.
pub fn secrets(root: &Node) -> Vec<Place> {
    let mut places = Vec::new();
    look_for_secrets(root, false, &mut places);
    places
}

fn look_for_secrets(node: &Node, of_secret: bool, places: &mut Vec<Place>) {
    let Value::Map(map) = &node.value else {
        let items = node.as_list().unwrap_or_default();
        return items.iter().for_each(|item| look_for_secrets(item, of_secret, places));
    };
    let says = |key: &str| map.get(key).and_then(Node::as_scalar).map(|scalar| scalar.token.as_str());
    let of_secret = of_secret || says("kind") == Some("Secret");
    if says("name").is_some_and(holds_secret) {
        places.extend(map.get("value").filter(|value| value.as_scalar().is_some()).map(|value| value.place));
    }
    for entry in map {
        match entry.key.as_str() {
            "data" | "stringData" if of_secret => match entry.node.as_map() {
                Some(data) => places.extend(data.iter().map(|entry| entry.node.place)),
                None => places.push(entry.node.place),
            },
            _ => look_for_secrets(&entry.node, of_secret, places),
        }
    }
}

/// The same of a text that could not be read: what stands at and below `data` wherever a Secret is near.
pub fn secrets_of_text(text: &str) -> Vec<Range<usize>> {
    let is_of_secret = |document: &Range<usize>| {
        let plain = text[document.clone()].replace(['"', '\'', ' '], "");
        let mut kinds = plain.match_indices("kind:Secret");
        kinds.any(|(at, kind)| !plain[at + kind.len()..].starts_with(char::is_alphanumeric))
    };
    documents(text).into_iter().filter(is_of_secret).flat_map(|at| data(text, at)).collect()
}

fn data(text: &str, document: Range<usize>) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    // The indents of `data`, and of the keys in it.
    let mut inside: Option<(usize, Option<usize>)> = None;
    let mut start = document.start;
    for line in text[document].split_inclusive('\n') {
        let (at, said) = (start, line.trim_end());
        start += line.len();
        let indent = said.len() - said.trim_start().len();
        if said.is_empty() {
            continue;
        }
        if let Some((data, keys)) = inside.filter(|(data, _)| indent > *data) {
            let keys = keys.unwrap_or(indent);
            inside = Some((data, Some(keys)));
            let key = said.find(": ").filter(|_| indent == keys).map_or(indent, |colon| colon + 2);
            if !(indent == keys && said.ends_with(':')) {
                hidden.push(at + key..at + said.len());
            }
            continue;
        }
        inside = None;
        let keys = ["data:", "data\":", "stringData:", "stringData\":"];
        let key = keys.iter().find_map(|key| {
            let at = said.find(key)?;
            (!said[..at].ends_with(char::is_alphanumeric)).then_some(at + key.len())
        });
        if let Some(end) = key {
            inside = Some((indent, None));
            hidden.extend((end < said.len()).then_some(at + end..at + said.len()));
        }
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::secrets_of_text;

    #[test]
    fn the_data_of_a_secret_is_known_in_a_text_that_cannot_be_read() {
        let text = "kind: ConfigMap\ndata:\n  a: shown\n---\nkind: Secret\nmetadata: {name: x}\ndata:\n  uri: one: two\n  \
                    key: |\n    three: 3\n  \"q\": \"four\"\ntype: Opaque\n---\n{\"kind\": \"Secret\", \"data\": {\"x\": \"five\"\n";
        let hidden: Vec<&str> = secrets_of_text(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(hidden, ["one: two", "|", "three: 3", "\"four\"", " {\"x\": \"five\""]);
        assert!(secrets_of_text("kind: SecretStore\ndata:\n  a: b\n").is_empty());
    }
}
