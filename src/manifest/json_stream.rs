//! Objects of JSON that follow each other, which `kubectl` reads one by one.

use serde::de::IgnoredAny;
use serde_json::Deserializer;
use serde_json::error::{Category, Error};

use crate::diagnostics::{Diagnostic, Place, SourceId, Sources, codes};

/// What JSON has between its values; `kubectl` takes no other blank there.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Such objects, and what is wrong with the first that can't be read; a text that is not of that kind is one part. Behind a
/// `---` anything may follow.
pub(super) fn parts(source: SourceId, sources: &Sources) -> (Vec<Place>, Option<Diagnostic>) {
    let text = sources.get(source).text.as_str();
    let place = |start, end| Place::new(source, start, end);
    let mut parts = Vec::new();
    let (mut from, mut marked) = (0, false);
    loop {
        let start = text.len() - text[from..].trim_start_matches(BLANKS).len();
        let rest = &text[start..];
        if rest.is_empty() {
            break;
        }
        let object = rest.starts_with('{');
        let read = object.then(|| {
            let mut values = Deserializer::from_str(rest).into_iter::<IgnoredAny>();
            values.next().unwrap_or(Ok(IgnoredAny)).map(|_| start + values.byte_offset())
        });
        match read {
            Some(Ok(end)) => {
                parts.push(place(from, end));
                let rest = text[end..].trim_start_matches(BLANKS);
                marked = rest.starts_with("---");
                from = text.len() - rest.strip_prefix("---").unwrap_or(rest).len();
            }
            // What is no JSON at its beginning is read as YAML, and told so what is wrong with it.
            _ if parts.is_empty() => break,
            _ if marked => {
                parts.push(place(from, text.len()));
                return (parts, None);
            }
            Some(Err(error)) => {
                let (at, finding) = broken(&error, rest);
                return (parts, Some(finding.at(place(start + at.start, start + at.end), "")));
            }
            None if rest.starts_with(char::is_whitespace) => {
                let blank = rest.chars().next().unwrap_or_default();
                let title = format!("behind an object of JSON, U+{:04X} is no blank", u32::from(blank));
                let finding = Diagnostic::error(codes::YAML_SYNTAX, title)
                    .at(place(start, start + blank.len_utf8()), "")
                    .help("remove it; JSON's blanks are the space, the tab and the line break");
                return (parts, Some(finding));
            }
            // One object may be YAML, with a comment behind it.
            None if parts.len() == 1 => break,
            None => {
                let line = rest.lines().next().unwrap_or_default().trim_end();
                let finding = Diagnostic::error(
                    codes::YAML_SYNTAX,
                    "behind an object of JSON, only another one can follow",
                )
                .at(place(start, start + line.len()), "")
                .help("remove it, or begin it with a line `---` if it is a document of YAML");
                return (parts, Some(finding));
            }
        }
    }
    if parts.len() > 1 { (parts, None) } else { (vec![place(0, text.len())], None) }
}

/// What is wrong with a text that begins as an object of JSON, and where in it.
fn broken(error: &Error, text: &str) -> (std::ops::Range<usize>, Diagnostic) {
    if error.classify() == Category::Eof {
        let finding = Diagnostic::error(codes::YAML_SYNTAX, "the text ends before this object of JSON does")
            .help("close what is open of `{`, `[` and `\"`; if the text was cut off, write it anew");
        return (0..1, finding);
    }
    let line: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (line + error.column().saturating_sub(1)).min(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let length = text[at..].chars().next().map_or(0, char::len_utf8);
    let said = error.to_string();
    let why = said.rsplit_once(" at line ").map_or(said.as_str(), |(why, _)| why);
    let (why, help) = match why {
        "expected `,` or `}`" | "expected `,` or `]`" => (why, "put a `,` before it, or close what is open"),
        "key must be a string" if text[at..].starts_with('}') => {
            ("trailing comma", "remove the comma before it")
        }
        "key must be a string" => ("a key in double quotes is expected", "put the key into double quotes"),
        "trailing comma" => (why, "remove the comma before it"),
        _ if why.starts_with("control character") => (
            "a text goes on behind the end of its line, or holds another control character",
            "close its quote; inside a text, a line break is `\\n`",
        ),
        _ => (
            why,
            "texts and keys are in double quotes; a `,` is between two of them, and none behind the last",
        ),
    };
    (
        at..at + length,
        Diagnostic::error(codes::YAML_SYNTAX, format!("this is not valid JSON: {why}")).help(help),
    )
}
