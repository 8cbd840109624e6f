//! The one writer of YAML. Every string that it writes is that string to a YAML 1.1 reader (kubectl's) and a 1.2 reader.

use std::borrow::Cow;
use std::fmt::Write;

use memchr::{memchr, memchr_iter};
use serde_json::{Map, Number, Value};

/// Longer keys are written with `?`: YAML 1.1 readers give up on a simple key after 1024 characters.
const SIMPLE_KEY: usize = 512;

/// A value as a YAML document, with a line feed at its end. Key order is kept; lists are flush with their key.
pub fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => write_map(&mut out, map, 0),
        Value::Array(items) if !items.is_empty() => write_list(&mut out, items, 0),
        Value::String(text) => out.push_str(&inline(text)),
        other => write_scalar(&mut out, other, 0),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

fn indent(out: &mut String, level: usize) {
    for _ in 0..level {
        out.push_str("  ");
    }
}

/// Appends the same of a map, but that some keys come first: `top` of its own, `inner.1` of the map at `inner.0`.
pub fn append_in_order(out: &mut String, map: &Map<String, Value>, top: &[&str], inner: (&str, &[&str])) {
    for (at, (key, value)) in in_order(map, top).enumerate() {
        match value {
            Value::Object(below) if key == inner.0 && !below.is_empty() => {
                write_key(out, key, 0);
                out.push_str("\n  ");
                for (at, (key, value)) in in_order(below, inner.1).enumerate() {
                    write_entry(out, at, key, value, 1);
                }
            }
            _ => write_entry(out, at, key, value, 0),
        }
    }
}

/// The entries of a map, those of some keys first.
pub fn in_order<'a>(
    map: &'a Map<String, Value>,
    keys: &'a [&str],
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let ahead = keys.iter().filter_map(|key| map.get_key_value(*key));
    ahead.chain(map.iter().filter(|(key, _)| !keys.contains(&key.as_str())))
}

/// Writes the entries of a map; the first one's indentation is the caller's.
fn write_map(out: &mut String, map: &Map<String, Value>, level: usize) {
    for (at, (key, value)) in map.iter().enumerate() {
        write_entry(out, at, key, value, level);
    }
}

fn write_entry(out: &mut String, at: usize, key: &str, value: &Value, level: usize) {
    if at > 0 {
        indent(out, level);
    }
    write_key(out, key, level);
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            out.push('\n');
            indent(out, level + 1);
            write_map(out, inner, level + 1);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            indent(out, level);
            write_list(out, items, level);
        }
        scalar => {
            out.push(' ');
            write_scalar(out, scalar, level + 1);
            end_line(out);
        }
    }
}

fn write_key(out: &mut String, key: &str, level: usize) {
    let key = inline(key);
    if key.len() > SIMPLE_KEY {
        out.push_str("? ");
        out.push_str(&key);
        out.push('\n');
        indent(out, level);
    } else {
        out.push_str(&key);
    }
    out.push(':');
}

/// Writes the items of a list; the first one's indentation is the caller's.
fn write_list(out: &mut String, items: &[Value], level: usize) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            indent(out, level);
        }
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => write_map(out, map, level + 1),
            Value::Array(inner) if !inner.is_empty() => write_list(out, inner, level + 1),
            scalar => {
                write_scalar(out, scalar, level + 1);
                end_line(out);
            }
        }
    }
}

fn end_line(out: &mut String) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Writes a scalar, or a collection that is empty. `level` is that of a block's lines.
fn write_scalar(out: &mut String, value: &Value, level: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::String(text) if fits_block(text) => write_block(out, text, level),
        Value::String(text) => out.push_str(&inline(text)),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

/// A number that YAML 1.1 takes for one, too: it wants a point and a sign where there is an exponent.
fn number_text(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Text on several lines that a literal block can hold as it is: no line is blank without being empty, and the first
/// one, which sets the indentation, starts with ink.
fn fits_block(text: &str) -> bool {
    let fits = |line: &str| {
        let ink = line.is_empty() || !line.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        ink && is_printable_line(line)
    };
    memchr(b'\n', text.as_bytes()).is_some() && !text.starts_with([' ', '\t', '\n']) && lines(text).all(fits)
}

/// What stands between line feeds: most of what is written is scripts, and this goes through them many bytes at a time.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    memchr_iter(b'\n', text.as_bytes()).chain([text.len()]).map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line
    })
}

/// Whether a line holds nothing but tabs and what is printable.
fn is_printable_line(line: &str) -> bool {
    // Most lines are ASCII. Without an early end in it, the loop over one takes many bytes at a time.
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
    line.as_bytes().iter().fold(true, |all, byte| all & plain(byte))
        || line.chars().all(|c| c == '\t' || is_printable(c))
}

fn write_block(out: &mut String, text: &str, level: usize) {
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    out.push('\n');
    for line in lines(text.strip_suffix('\n').unwrap_or(text)) {
        if !line.is_empty() {
            indent(out, level);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// A string on one line: plain where every reader agrees, else in double quotes.
fn inline(text: &str) -> Cow<'_, str> {
    if is_plain(text) { Cow::Borrowed(text) } else { Cow::Owned(quoted(text)) }
}

/// Words that some reader takes for something else than text.
const RESERVED: [&str; 13] =
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity", "none"];

fn is_plain(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_./ @=+(),:".contains(&b);
    is_amount(text)
        || text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_')
            && text.bytes().all(allowed)
            && !text.as_bytes().windows(2).any(|pair| matches!(pair, b": " | b"  "))
            && !text.ends_with([' ', ':'])
            && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// `500m`, `16Gi`, `30s`: digits and then letters are no number to any reader, if they start with no zero.
fn is_amount(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.starts_with(|c: char| matches!(c, '1'..='9'))
        && !letters.is_empty()
        && letters.chars().all(|c| c.is_ascii_alphabetic())
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => {
                let code = c as u32;
                let written = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
                written.expect("a String takes all that is written to it");
            }
        }
    }
    out.push('"');
    out
}

/// Whether a character shows as itself to a person and to every reader: no control character, no invisible one, none
/// that changes the direction of the text.
fn is_printable(c: char) -> bool {
    !matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{ad}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shapes_are_those_of_kubectl() {
        let value = json!({
            "apiVersion": "v1",
            "data": {"a.conf": "x = on\ny = 'z'\n", "keep": "a\n\n", "strip": "a\nb", "odd": "a \nb\n \nc"},
            "list": [1, {"a": [], "b": {}}, ["x", null], [{"c": 1.5}]],
            "empty": "",
        });
        let expected = "\
apiVersion: v1
data:
  a.conf: |
    x = on
    y = 'z'
  keep: |+
    a

  strip: |-
    a
    b
  odd: \"a \\nb\\n \\nc\"
list:
- 1
- a: []
  b: {}
- - x
  - null
- - c: 1.5
empty: \"\"
";
        assert_eq!(to_yaml(&value), expected);
    }

    #[test]
    fn what_readers_differ_on_is_quoted() {
        for text in [
            "on",
            "Yes",
            "n",
            "NULL",
            "1",
            "1_000",
            "0x1F",
            "1e3",
            ".5",
            "~",
            "12:30",
            "2024-01-01",
            "=",
            "<<",
            "a: b",
            "a #b",
            "-",
            "- a",
            "a:",
            " a",
            "a ",
            "null",
            ".inf",
            "@x",
            "%m",
            "{{ x }}",
            "---",
            "é",
        ] {
            assert_eq!(to_yaml(&json!({ text: text })), format!("{}: {}\n", quoted(text), quoted(text)));
        }
        for text in
            ["word", "/var/lib", "a=b, c", "a:b", "_x", "md5 (x)", "v1.2.3", "e3", "500m", "16Gi", "1e"]
        {
            assert_eq!(to_yaml(&json!({ text: text })), format!("{text}: {text}\n"));
        }
    }

    #[test]
    fn numbers_are_exact() {
        let value = json!([u64::MAX, i64::MIN, 0.1, 1e21, 1e-7, 1000.0]);
        let expected =
            "- 18446744073709551615\n- -9223372036854775808\n- 0.1\n- 1.0e+21\n- 1.0e-7\n- 1000.0\n";
        assert_eq!(to_yaml(&value), expected);
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(
            to_yaml(&json!("a\u{202e}\u{85}\0\u{feff}\u{e0001}😀")),
            "\"a\\u202e\\x85\\x00\\ufeff\\U000e0001😀\"\n"
        );
    }
}
