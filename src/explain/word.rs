//! A key as somebody writes it on the command line: `a[0].b`, `a[].b` for any item, `a[name=x].b` for a certain one.

use crate::diagnostics::{Diagnostic, codes};
use crate::spelling::closest;
use crate::yaml::{Node, ValuePath};

/// The path that a word stands for. `[name=x]` is looked up in the values, as `--set` does.
pub(super) fn path(word: &str, values: &Node) -> Result<ValuePath, Diagnostic> {
    let mut text = String::new();
    let mut rest = word;
    while let Some((before, inside, after)) = bracket(rest) {
        text.push_str(before);
        let index = match inside.split_once('=') {
            // Any item is as good as the first.
            None if inside.is_empty() => "0".to_owned(),
            None => inside.to_owned(),
            Some((field, wanted)) => item(word, &parse(&text)?, (field, wanted), values)?.to_string(),
        };
        text.push_str(&format!("[{index}]"));
        rest = after;
    }
    parse(&format!("{text}{rest}")).map_err(|finding| Diagnostic { title: no_key(word), ..finding })
}

/// What is before the first bracket, in it, and after it; a backslash makes the next character literal.
fn bracket(text: &str) -> Option<(&str, &str, &str)> {
    let mut literal = false;
    let open = text.char_indices().find_map(|(at, c)| {
        let opens = c == '[' && !literal;
        literal = c == '\\' && !literal;
        opens.then_some(at)
    })?;
    let (inside, after) = text[open + 1..].split_once(']')?;
    Some((&text[..open], inside, after))
}

fn no_key(word: &str) -> String {
    format!("`{}` is no key", word.escape_debug())
}

fn parse(text: &str) -> Result<ValuePath, Diagnostic> {
    ValuePath::parse(text).map_err(|why| {
        Diagnostic::error(codes::UNKNOWN_KEY, no_key(text)).cause(why.to_string()).help(
            "write a key as `postgresql.image.tag`, `postgresql.databases[0].name` or \
             `postgresql.databases[name=energy_consumption].owner`",
        )
    })
}

/// The index of the item whose field has a value.
fn item(
    word: &str,
    list: &ValuePath,
    (field, wanted): (&str, &str),
    values: &Node,
) -> Result<usize, Diagnostic> {
    let items = values.at(list).and_then(Node::as_list).unwrap_or_default();
    let value = |item: &Node| {
        let scalar = item.as_map()?.get(field)?.as_scalar()?;
        Some(scalar.token.clone())
    };
    let has: Vec<Option<String>> = items.iter().map(value).collect();
    has.iter().position(|value| value.as_deref() == Some(wanted)).ok_or_else(|| {
        // A name is nobody's secret; another field may be one.
        let known: Vec<&str> = has.iter().flatten().map(String::as_str).filter(|_| field == "name").collect();
        let wanted = wanted.escape_debug();
        let finding = Diagnostic::error(codes::UNKNOWN_KEY, no_key(word))
            .cause(format!("no item of `{list}` has the {} `{wanted}`", field.escape_debug()));
        match closest(&wanted.to_string(), known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("`{list}[]` stands for any item")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Place, SourceKind, Sources};
    use crate::yaml::Map;

    #[test]
    fn a_bracket_of_a_key_is_none_of_a_list() {
        let source = Sources::new().add("values", SourceKind::File, "");
        let values = Node::map(Place::new(source, 0, 0), Map::new());
        let read = |word: &str| path(word, &values).map(|path| path.to_string()).map_err(|why| why.title);
        assert_eq!(read(r"podLabels.a\[x=1]"), Ok(r"podLabels.a\[x\=1]".to_owned()));
        assert_eq!(read("a[][2].b"), Ok("a[0][2].b".to_owned()));
        assert_eq!(read("a[x=1].b"), Err("`a[x=1].b` is no key".to_owned()));
        assert_eq!(read("a[1"), Err("`a[1` is no key".to_owned()));
    }
}
