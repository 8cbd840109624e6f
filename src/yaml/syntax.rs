//! What the reader refuses, in words: every message about YAML itself is here.

use granit_parser::{ErrorKind, ScanError};

use super::node::Node;
use super::path::ValuePath;
use crate::diagnostics::{Diagnostic, Place, SourceId, Sources};

/// At most so many characters are complained about one by one.
const CHARACTERS: usize = 5;

/// What makes a text no YAML at all, before it is parsed.
pub(super) fn refuse_text(sources: &Sources, id: SourceId) -> Vec<Diagnostic> {
    let source = sources.get(id);
    let text = source.text.as_str();
    if text.trim_start_matches('\u{feff}').is_empty() {
        let title = format!("`{}` is empty: it has not one byte", source.name);
        return vec![
            Diagnostic::error(title)
                .at(Place::new(id, 0, 0), "")
                .cause("a file looks like this when the command that should have written it failed")
                .help("if nothing is to be set, leave the file out, or write a comment into it"),
        ];
    }
    let forbidden = |c: &char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f' | '\u{fffe}' | '\u{ffff}');
    let found = text.char_indices().filter(|(_, c)| forbidden(c)).take(CHARACTERS);
    found.map(|(at, c)| forbidden_character(Place::new(id, at, at + c.len_utf8()), c)).collect()
}

fn forbidden_character(place: Place, c: char) -> Diagnostic {
    if c == '\0' {
        return null_byte(place);
    }
    Diagnostic::error(format!("YAML allows no control character, but this is U+{:04X}", c as u32))
        .at(place, "")
        .cause("either this is no text file, or the character came in with a copy from elsewhere")
        .help("remove it; inside a value it can be written in double quotes as an escape")
}

pub(super) fn null_byte(place: Place) -> Diagnostic {
    Diagnostic::error("a NUL character can be in no value")
        .at(place, "")
        .cause("neither PostgreSQL nor Kubernetes can hold one in a text")
        .help("remove it; a file of this kind may be binary, or UTF-16")
}

pub(super) fn too_deep(place: Place, limit: usize) -> Diagnostic {
    Diagnostic::error(format!("the nesting is deeper than {limit} levels"))
        .at(place, "here")
        .help("flatten it")
}

pub(super) fn too_large(place: Place, limit: usize) -> Diagnostic {
    Diagnostic::error(format!("the text stands for more than {limit} values, or for too many bytes"))
        .at(place, "passed here")
        .cause("an alias counts as often as it is used, with all that its anchor holds")
        .help("use fewer aliases of aliases")
}

pub(super) fn inside_itself(place: Place) -> Diagnostic {
    Diagnostic::error("an alias is inside its own anchor").at(place, "").help("write the value out")
}

pub(super) fn empty_key(place: Place) -> Diagnostic {
    Diagnostic::error("a key is empty")
        .at(place, "a key is expected before `:`")
        .help("write the key, or `\"\"` for an empty one")
}

pub(super) fn complex_key(node: &Node, text: &str) -> Diagnostic {
    let before = text[..node.place.start].trim_end_matches([' ', '{']);
    let template = text[before.len()..].trim_start().starts_with("{{");
    if template {
        let line = text[before.len()..].trim_start();
        let length = line.find("}}").map_or(2, |at| at + 2);
        let start = text.len() - line.len();
        return Diagnostic::error("a value starts with `{{`, which YAML takes for a map in a map")
            .at(Place::new(node.place.source, start, start + length), "")
            .cause("values files hold no templates")
            .help("if the text is meant as it stands, quote it: '{{ … }}'");
    }
    Diagnostic::error(format!("{} can't be a key", node.kind()))
        .at(node.place, "")
        .help("a key is a word; quote it if it holds brackets or braces")
}

pub(super) fn bad_merge(node: &Node) -> Diagnostic {
    Diagnostic::error("`<<` merges maps only")
        .at(node.place, format!("this is {}", node.kind()))
        .help("give an alias of a map, a list of such aliases, or write \"<<\" for a key of that name")
}

pub(super) fn duplicate_key(path: &ValuePath, again: Place, first: Place) -> Diagnostic {
    Diagnostic::error(format!("`{path}` is set twice"))
        .at(again, "again here")
        .at(first, "first here")
        .cause("YAML readers differ on which of the two counts")
        .help("keep one of them")
}

pub(super) fn no_map(node: &Node) -> Diagnostic {
    Diagnostic::error("a values file is a map of keys and values")
        .at(node.place, format!("this is {}", node.kind()))
        .help("write `key: value` lines, starting in the first column")
}

pub(super) fn unknown_tag(place: Place, tag: &str) -> Diagnostic {
    Diagnostic::error(format!("the tag `{tag}` means nothing in a values file"))
        .at(place, "")
        .help("remove it; a text that starts with `!` needs quotes")
}

pub(super) fn tag_misfit(place: Place, tag: &str, value: Place) -> Diagnostic {
    Diagnostic::error(format!("the value doesn't fit its tag `{tag}`"))
        .at(place, "")
        .at(value, "this")
        .help("remove the tag, or correct the value")
}

/// Characters that no unquoted value can start with.
const INDICATORS: [char; 11] = ['%', '@', '`', '&', '*', '!', '|', '>', '{', '[', ','];
const QUOTE_IT: &str =
    "a value that starts with one of % @ ` & * ! | > { [ , or holds `: ` or ` #` needs quotes: 'like this'";
const SPACES: &str = "replace the tab with spaces";

/// A parser's error as a finding: what YAML minds, and what to do about it.
pub(super) fn explain(error: &ScanError, sources: &Sources, id: SourceId) -> Diagnostic {
    let text = sources.get(id).text.as_str();
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let (start, end) = span_at(text, at);
    let place = Place::new(id, start, end);
    let (title, label, help) = wording(error.kind(), &text[start..], before(text, start));
    let diagnostic = Diagnostic::error(title).at(place, label);
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

/// The character at an offset; at the end of a line or of the text, the last one before it that isn't blank.
fn span_at(text: &str, at: usize) -> (usize, usize) {
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    match text[at..].chars().next() {
        Some(c) if !matches!(c, '\n' | '\r') => (at, at + c.len_utf8()),
        Some(_) => (at, at),
        None => {
            let end = text.trim_end().len();
            let start = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
            (start, end)
        }
    }
}

/// The line before an offset.
fn before(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    &text[start..at]
}

fn wording(kind: &ErrorKind, rest: &str, before: &str) -> (String, String, String) {
    let at = rest.chars().next();
    let starts_value = before.trim_end().ends_with([':', '-', '[', ',', '{']) || before.trim().is_empty();
    let own = |title: &str, label: &str, help: &str| (title.to_owned(), label.to_owned(), help.to_owned());
    match kind {
        ErrorKind::UnknownAnchor => {
            let name: String = rest
                .trim_start_matches('*')
                .chars()
                .take_while(|c| !c.is_whitespace() && !",[]{}".contains(*c))
                .collect();
            (
                format!("no anchor `&{name}` comes before this alias"),
                String::new(),
                "define it above, in the same document; a text that starts with `*` needs quotes".to_owned(),
            )
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => own(
            "double quotes don't know this escape",
            "",
            "write `\\\\` for a backslash, or use single quotes, where a backslash is a backslash",
        ),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            own("a quote is not closed", "the text is quoted from here, or ends here", "close it")
        }
        ErrorKind::RecursionLimitExceeded => {
            own("the nesting is deeper than 64 levels", "here", "flatten it")
        }
        ErrorKind::UnclosedFlowCollection { open } => (
            format!("a `{open}` is not closed"),
            String::new(),
            "close it, or quote the text if it is meant as it stands".to_owned(),
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => own(
            "text follows a closing quote",
            "",
            "quote the whole value; inside single quotes, a single quote is written twice",
        ),
        ErrorKind::MappingValueNotAllowed => own(
            "a `:` stands where no key can",
            "",
            "quote a value that holds `: `; or correct the indentation, if this is a key of its own",
        ),
        _ if at == Some('\t') || is_tab(kind) => {
            own("a tab is used for indentation", "YAML indents with spaces only", SPACES)
        }
        _ if at.is_some_and(|c| INDICATORS.contains(&c)) && starts_value => {
            let c = at.unwrap_or(' ');
            (format!("an unquoted value can't start with `{c}`"), String::new(), QUOTE_IT.to_owned())
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation | ErrorKind::SimpleKeyExpected => {
            own(
                "a `key: value` is expected here",
                "",
                "check the indentation against the lines above, and that a space follows the `:`",
            )
        }
        kind => (format!("this is not valid YAML: {kind}"), String::new(), String::new()),
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
    )
}
