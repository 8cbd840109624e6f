//! Long texts of a rendered document, put aside while YAML is read. The reader of YAML goes through a quoted text
//! character by character, and most of a render is the files that ConfigMaps hold; the reader of JSON is ten times as
//! fast, and what the templates' writer quotes is JSON.

use serde_yaml::Value;

/// From how many bytes on it is worth it.
const LONG: usize = 128;

/// What stands for a text; a document that has it already is read as it is.
const MARK: &str = "pgpod-text-";

/// What a document says, when all long texts in it stand where they can be put aside.
pub(super) fn read(document: &str) -> Option<Value> {
    if document.len() < LONG || document.contains(MARK) {
        return None;
    }
    let (mut text, mut aside) = (String::new(), Vec::new());
    for line in document.split_inclusive('\n') {
        match long_value(line) {
            Some((before, said)) => {
                text.push_str(&format!("{before}\"{MARK}{}\"\n", aside.len()));
                aside.push(said);
            }
            None => text.push_str(line),
        }
    }
    if aside.is_empty() {
        return None;
    }
    let mut value = serde_yaml::from_str(&text).ok()?;
    put_back(&mut value, &aside).then_some(value)
}

/// Puts each text back where its mark is a value. False where a mark is within something else: a block, a key.
fn put_back(value: &mut Value, aside: &[String]) -> bool {
    match value {
        Value::String(text) if text.contains(MARK) => {
            let number = text.strip_prefix(MARK).and_then(|number| number.parse::<usize>().ok());
            // An alias has the same text twice.
            let said = number.and_then(|number| aside.get(number));
            said.is_some_and(|said| {
                text.clone_from(said);
                true
            })
        }
        Value::Sequence(items) => items.iter_mut().all(|item| put_back(item, aside)),
        Value::Mapping(map) => map.iter_mut().all(|(key, value)| {
            key.as_str().is_some_and(|key| !key.contains(MARK)) && put_back(value, aside)
        }),
        Value::Tagged(_) => false,
        _ => true,
    }
}

/// A line whose key, of plain characters, has a long text in double quotes to the line's end that is JSON: what is before the
/// text, and what it says.
fn long_value(line: &str) -> Option<(&str, String)> {
    let content = line.strip_suffix('\n')?;
    if content.len() < LONG {
        return None;
    }
    let at = content.find(": \"")? + 2;
    let (before, written) = content.split_at(at);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let key = before.trim_start_matches(' ').strip_suffix(": ")?;
    let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    // What YAML 1.1 takes for a line's end is none in JSON.
    let breaks = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    if key.is_empty() || !key.chars().all(plain) || written.contains(breaks) {
        return None;
    }
    Some((before, serde_json::from_str(written).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_aside_comes_back() {
        let long = "x \\\"y\\\" \\\\ \\n \\u00e9 é '{{' ".repeat(12);
        for document in [
            format!("data:\n  a.conf: \"{long}\"\n  b: \"short\"\n  \"c.d\": \"{long}\"\n"),
            format!("a: &a\n  key: \"{long}\"\nb: *a\n"),
            format!("# comment\nlist:\n- b: c\n  a/b: \"{long}\"\n- b\n"),
        ] {
            assert_eq!(read(&document), Some(serde_yaml::from_str(&document).unwrap()), "{document}");
        }
    }

    #[test]
    fn what_stands_within_another_text_or_reads_otherwise_in_json_is_left_to_yaml() {
        let long = "x".repeat(LONG);
        for document in [
            format!("a: |\n  key: \"{long}\"\n  rest\n"),
            format!("a: 'text\n  key: \"{long}\"\n  rest'\n"),
            format!("? |\n  key: \"{long}\"\n: value\n"),
            format!("a: !tag\n  key: \"{long}\"\n"),
            format!("a: \"{long}\u{2028}\"\n"),
            format!("a: \"{long}\" # comment\n"),
            format!("a: \"{long}\\x41\"\n"),
            format!("a: {{b: \"{long}\"}}\n"),
            format!("\"a\\tb\": \"{long}\"\n"),
            format!("a: \"{MARK}0\"\nb: \"{long}\"\n"),
        ] {
            assert_eq!(read(&document), None, "{document}");
        }
    }
}
