//! What the reader refuses, in words: every message about YAML itself is here.

use granit_parser::{ErrorKind, ScanError};

use super::node::{Node, Style};
use super::path::ValuePath;
use crate::diagnostics::{Diagnostic, Place, Sources, codes, shown_name};

/// At most so many characters are complained about one by one.
const CHARACTERS: usize = 5;

/// What makes a text no YAML at all, before it is parsed.
pub(super) fn refuse_text(sources: &Sources, part: Place) -> Vec<Diagnostic> {
    let (id, text) = (part.source, sources.text(part));
    if text.trim_start_matches('\u{feff}').is_empty() {
        let what = if text.is_empty() { "not one byte" } else { "nothing but a byte order mark" };
        let title = format!("`{}` is empty: it has {what}", shown_name(&sources.get(id).name));
        return vec![
            Diagnostic::error(codes::EMPTY_FILE, title)
                .at(Place::new(id, 0, 0), "")
                .cause("a file looks like this when the command that should have written it failed")
                .help("if nothing is to be set, leave the file out, or write a comment into it"),
        ];
    }
    let forbidden = |c: &char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f' | '\u{fffe}' | '\u{ffff}');
    let found = text.char_indices().filter(|(_, c)| forbidden(c)).take(CHARACTERS);
    let place = |at: usize, c: char| Place::new(id, part.start + at, part.start + at + c.len_utf8());
    found.map(|(at, c)| forbidden_character(place(at, c), c)).collect()
}

fn forbidden_character(place: Place, c: char) -> Diagnostic {
    if c == '\0' {
        return null_byte(place);
    }
    Diagnostic::error(
        codes::NOT_TEXT,
        format!("YAML allows no control character, but this is U+{:04X}", c as u32),
    )
    .at(place, "")
    .cause("either this is no text file, or the character came in with a copy from elsewhere")
    .help("remove it; inside a value it can be written in double quotes as an escape")
}

pub(super) fn null_byte(place: Place) -> Diagnostic {
    Diagnostic::error(codes::NOT_TEXT, "a NUL character can be in no value")
        .at(place, "")
        .cause("neither PostgreSQL nor Kubernetes can hold one in a text")
        .help("remove it; a file of this kind may be binary, or UTF-16")
}

pub(super) fn too_deep(place: Place, limit: usize) -> Diagnostic {
    Diagnostic::error(codes::TOO_LARGE, format!("the nesting is deeper than {limit} levels"))
        .at(place, "here")
        .help("flatten it")
}

pub(super) fn too_large(place: Place, limit: usize) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_LARGE,
        format!("the text stands for too much: more than {limit} values, or 4 MiB of repeated text"),
    )
    .at(place, "passed here")
    .cause("an alias counts as often as it is used, with all that its anchor holds")
    .help("use fewer aliases of aliases")
}

pub(super) fn inside_itself(place: Place, around: Option<Place>) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::YAML_FEATURE, "an alias is inside its own anchor")
        .at(place, "")
        .help("write the value out");
    match around {
        Some(around) => diagnostic.at(around, "the anchor's value starts here"),
        None => diagnostic,
    }
}

pub(super) fn empty_key(place: Place) -> Diagnostic {
    Diagnostic::error(codes::BAD_KEY, "a key is empty")
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
        return Diagnostic::error(
            codes::BAD_KEY,
            "a value starts with `{{`, which YAML takes for a map in a map",
        )
        .at(Place::new(node.place.source, start, start + length), "")
        .cause("what is read here is plain YAML: nothing fills a template in")
        .help("if the text is meant as it stands, quote it: '{{ … }}'");
    }
    Diagnostic::error(codes::BAD_KEY, format!("{} can't be a key", node.kind()))
        .at(node.place, "")
        .help("a key is a word; quote it if it holds brackets or braces")
}

pub(super) fn bad_merge(node: &Node) -> Diagnostic {
    Diagnostic::error(codes::YAML_FEATURE, "`<<` merges maps only")
        .at(node.place, format!("this is {}", node.kind()))
        .help("give an alias of a map, a list of such aliases, or write \"<<\" for a key of that name")
}

pub(super) fn duplicate_key(path: &ValuePath, again: Place, first: Place) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_KEY, format!("`{path}` is set twice"))
        .at(again, "again here")
        .at(first, "first here")
        .cause("YAML readers differ on which of the two counts")
        .help("keep one of them")
}

pub(super) fn no_map(node: &Node) -> Diagnostic {
    let colon =
        node.as_scalar().is_some_and(|scalar| scalar.style == Style::Plain && scalar.token.contains(':'));
    let help = if colon {
        "a space has to follow the `:`"
    } else {
        "write `key: value` lines, starting in the first column"
    };
    Diagnostic::error(codes::NOT_A_MAP, "a values file is a map of keys and values")
        .at(node.place, format!("this is {}", node.kind()))
        .help(help)
}

pub(super) fn unknown_tag(place: Place) -> Diagnostic {
    Diagnostic::error(codes::YAML_FEATURE, "this tag means nothing here")
        .at(place, "")
        .help("remove it; a text that starts with `!` needs quotes")
}

pub(super) fn tag_misfit(place: Place, tag: &str, value: Place) -> Diagnostic {
    Diagnostic::error(codes::YAML_FEATURE, format!("the value doesn't fit its tag `{tag}`"))
        .at(place, "")
        .at(value, "this")
        .help("remove the tag, or correct the value")
}

/// Characters that no unquoted value can start with.
const INDICATORS: [char; 11] = ['%', '@', '`', '&', '*', '!', '|', '>', '{', '[', ','];
const QUOTE_IT: &str =
    "a value that starts with one of % @ ` & * ! | > { [ , or holds `: ` or ` #` needs quotes: 'like this'";

const FLOW: &str =
    "between braces and brackets, a text that holds any of [ ] { } , needs quotes: 'like this'";

/// A parser's error as a finding: what YAML minds, where it stands, and what to do about it.
pub(super) fn explain(error: &ScanError, sources: &Sources, part: Place) -> Diagnostic {
    let text = sources.text(part);
    let marker = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let marker = (0..=marker).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let wording = wording(error.kind(), &text[marker..], line_before(text, marker));
    let (start, end) = match wording.at {
        At::Marker => character(text, marker),
        At::Tab => character(text, tab(text, marker)),
        At::Escape => bad_escape(text, marker),
    };
    let code = match error.kind() {
        ErrorKind::RecursionLimitExceeded => codes::TOO_LARGE,
        _ => codes::YAML_SYNTAX,
    };
    let place = Place::new(part.source, part.start + start, part.start + end);
    Diagnostic::error(code, wording.title).at(place, wording.label).help(wording.help)
}

/// The character at an offset; at the end of the text, the last one that isn't blank.
fn character(text: &str, at: usize) -> (usize, usize) {
    match text[at..].chars().next() {
        Some('\n' | '\r') => (at, at),
        Some(c) => (at, at + c.len_utf8()),
        None => {
            let end = text.trim_end().len();
            (text[..end].char_indices().next_back().map_or(0, |(at, _)| at), end)
        }
    }
}

fn line_before(text: &str, at: usize) -> &str {
    &text[text[..at].rfind('\n').map_or(0, |at| at + 1)..at]
}

/// The tab that an error is about: in the indentation of its line, else the next one.
fn tab(text: &str, at: usize) -> usize {
    let before = line_before(text, at);
    let blank = before.trim_start().is_empty();
    match before.find('\t').filter(|_| blank) {
        Some(column) => at - before.len() + column,
        None => text[at..].find('\t').map_or(at, |next| at + next),
    }
}

/// The first escape in a double-quoted text that YAML doesn't know; its opening quote if all are known.
fn bad_escape(text: &str, at: usize) -> (usize, usize) {
    let mut chars = text[at..].char_indices().skip(1);
    while let Some((backslash, c)) = chars.next() {
        let Some((_, escape)) = (if c == '\\' { chars.next() } else { continue }) else { break };
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ if "0abt\tnvfre \"/\\N_LP\r\n".contains(escape) => 0,
            _ => usize::MAX,
        };
        let start = at + backslash;
        let end = start + 1 + escape.len_utf8();
        if digits == usize::MAX {
            return (start, end);
        }
        let found = text[end..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
        if found < digits {
            return (start, end + found);
        }
    }
    character(text, at)
}

/// Where a message points, from where the parser gave up.
enum At {
    Marker,
    Tab,
    Escape,
}

struct Wording {
    at: At,
    title: String,
    label: &'static str,
    help: &'static str,
}

fn wording(kind: &ErrorKind, rest: &str, before: &str) -> Wording {
    let at = rest.chars().next();
    let starts_value = before.trim_end().ends_with([':', '-', '[', ',', '{']) || before.trim().is_empty();
    let own = |title: &str, help| Wording { at: At::Marker, title: title.to_owned(), label: "", help };
    match kind {
        _ if before.contains("{{") || rest.starts_with("{{") => own(
            "this is a template: what is read here is plain YAML, and nothing fills it in",
            "give what it renders to; if the text is meant as it stands, quote it: '{{ … }}'",
        ),
        // The name is not repeated: it may be a password that lacks its quotes.
        ErrorKind::UnknownAnchor => own(
            "no anchor of this name comes before this alias",
            "define it above, in the same document; a text that starts with `*` needs quotes",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => Wording {
            at: At::Escape,
            ..own(
                "double quotes don't know this escape",
                "write `\\\\` for a backslash, or use single quotes, where a backslash is a backslash",
            )
        },
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            own("a quote is not closed", "close it; inside single quotes, a single quote is written twice")
        }
        ErrorKind::RecursionLimitExceeded => own("the nesting is deeper than 64 levels", "flatten it"),
        ErrorKind::UnclosedFlowCollection { open } => own(
            &format!("a `{open}` is not closed"),
            "close it, or quote the text if it is meant as it stands",
        ),
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => own(
            &format!("a `{}` closes nothing that is open", at.unwrap_or(']')),
            "remove it, or quote the text if it is meant as it stands",
        ),
        ErrorKind::InvalidColonPlacement => own(
            "a `:` stands where no key can",
            "a `[` or `{` above may lack its end; a value that holds `: ` needs quotes",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => own(
            "text follows a closing quote",
            "quote the whole value; inside single quotes, a single quote is written twice",
        ),
        ErrorKind::MappingValueNotAllowed => own(
            "a `:` stands where no key can",
            "quote a value that holds `: `; or correct the indentation, if this is a key of its own",
        ),
        _ if at == Some('\t') || is_tab(kind) => Wording {
            at: At::Tab,
            label: "YAML indents with spaces only",
            ..own("a tab is used for indentation", "replace the tab with spaces")
        },
        _ if at == Some('`') && starts_value => {
            own("an unquoted value can't start with a backtick", QUOTE_IT)
        }
        _ if at.is_some_and(|c| INDICATORS.contains(&c)) && starts_value => {
            own(&format!("an unquoted value can't start with `{}`", at.unwrap_or(' ')), QUOTE_IT)
        }
        ErrorKind::BlockSequenceEntryNotAllowed => own(
            "a list can't start on the line of its key",
            "start it on the next line; a text that starts with `- ` needs quotes",
        ),
        ErrorKind::ExpectedBlockSequenceEntry => {
            own("a `- item` is expected here", "check the indentation against the lines above")
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation | ErrorKind::SimpleKeyExpected => {
            own(
                "a `key: value` is expected here",
                "check the indentation against the lines above, and that a space follows the `:`",
            )
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator
            if at == Some('"') =>
        {
            own("a `,` is expected here", "put a `,` before it, or close what is open")
        }
        ErrorKind::ExpectedFlowMappingSeparator => own("a `,` or the closing `}` is expected here", FLOW),
        ErrorKind::ExpectedFlowSequenceSeparator => own("a `,` or the closing `]` is expected here", FLOW),
        kind => own(
            &format!("this is not valid YAML: {kind}"),
            "compare the line with those above it; a text with signs of YAML in it needs quotes: 'like this'",
        ),
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
