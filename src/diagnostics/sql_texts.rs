//! What of SQL is not shown, line by line: where a statement speaks of passwords, any text in it may be one. A statement
//! that no reader understands is the reason for most excerpts, so nothing here relies on reading it well.

use std::ops::Range;

use super::lookalike;

/// So many lines above a line are asked for the head of its statement.
const REACH: usize = 12;

/// Words that only SQL has near a password; without one, a line is no SQL.
const VERBS: [&str; 17] = [
    "create",
    "alter",
    "insert",
    "update",
    "select",
    "set",
    "set_config",
    "execute",
    "perform",
    "values",
    "options",
    "with",
    "do",
    "identified",
    "copy",
    "login",
    "format",
];

/// What a role, a server or a subscription can have texts of that are passwords, by whatever name.
const HOLDERS: [&str; 7] = ["role", "user", "group", "server", "subscription", "mapping", "program"];

/// Functions that take what is to be hidden, whatever it is called.
const CIPHERS: [&str; 5] = ["crypt", "hmac", "pgp_sym_encrypt", "pgp_sym_decrypt", "encrypt"];

/// The ranges of a line that may be passwords of SQL; `line_at` gives the lines of its text.
pub(super) fn ranges<'a>(line: usize, count: usize, line_at: impl Fn(usize) -> &'a str) -> Vec<Range<usize>> {
    let text = line_at(line);
    if !speaks(text) && !speaks(line_at((line + 1).min(count - 1))) && !in_statement(line, &line_at) {
        return Vec::new();
    }
    let broken_above = line > 0 && !begins_value(text) && quotes(line_at(line - 1)) % 2 == 1;
    let mut ranges = texts(text, broken_above);
    ranges.extend(dollars(text));
    ranges.extend(bare(text));
    if line > 0 && !begins_value(text) && ends_in_word(line_at(line - 1)) {
        let start = text.len() - text.trim_start().len();
        let end = text[start..].find([' ', ';']).map_or(text.len(), |end| start + end);
        ranges.extend((start < end).then_some(start..end));
    }
    ranges
}

/// Whether a line ends in a word for a password, so that the next one begins with it.
fn ends_in_word(line: &str) -> bool {
    let lower = line.split("--").next().unwrap_or(line).trim_end().to_ascii_lowercase();
    let word = lower.rsplit(char::is_whitespace).next().unwrap_or_default();
    lower.ends_with(char::is_alphanumeric) && !lookalike::ends(word).is_empty()
}

/// Whether the lines above that may be of the same statement speak of passwords.
fn in_statement<'a>(line: usize, line_at: impl Fn(usize) -> &'a str) -> bool {
    for above in (line.saturating_sub(REACH)..line).rev() {
        if begins_value(line_at(above + 1)) {
            return false;
        }
        let text = line_at(above);
        // Within a text in quotes a semicolon ends nothing.
        if text.trim_end().ends_with(';') && quotes(text).is_multiple_of(2) {
            return false;
        }
        if speaks(text) {
            return true;
        }
    }
    false
}

/// Whether a line is one of YAML with a key.
fn begins_value(line: &str) -> bool {
    let key = line.trim_start_matches([' ', '-']).trim_start_matches('"');
    let rest = key.trim_start_matches(|c: char| c.is_alphanumeric() || "_-./".contains(c));
    let rest = rest.trim_start_matches('"');
    rest.len() < key.len() && rest.starts_with(':') && rest[1..].chars().next().is_none_or(|c| c == ' ')
}

/// Whether a line is SQL that a password may stand in.
fn speaks(line: &str) -> bool {
    if line.len() > 100_000 {
        return true;
    }
    let lower = line.to_ascii_lowercase();
    let words = words(&lower);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(word));
    holds(&words)
        || has(&["identified", "set_config"])
        || has(&CIPHERS)
        || (has(&VERBS) && !lookalike::ends(&lower).is_empty())
        || (lower.contains(['\'', '$']) && !begins_value(line) && !lookalike::ends(&lower).is_empty())
}

/// Whether these are words of a statement about what has a password.
fn holds(words: &[&str]) -> bool {
    let has = |all: &[&str]| words.iter().any(|word| all.contains(word));
    has(&["create", "alter", "copy"]) && has(&HOLDERS)
}

fn words(lower: &str) -> Vec<&str> {
    lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect()
}

fn quotes(line: &str) -> usize {
    line.matches('\'').count()
}

/// The texts in quotes. Where it is in doubt what is within them, everything from the first quote is.
fn texts(line: &str, broken_above: bool) -> Vec<Range<usize>> {
    let Some(first) = line.find('\'') else {
        let inside = broken_above && !line.trim().is_empty();
        let all = line.len() - line.trim_start().len()..line.len();
        return inside.then_some(all).into_iter().collect();
    };
    if quotes(line) % 2 == 1 {
        let start = if broken_above { line.len() - line.trim_start().len() } else { first + 1 };
        return std::iter::once(start..line.len()).collect();
    }
    let last = line.rfind('\'').unwrap_or(first);
    if line.contains("\\'") {
        return std::iter::once(first + 1..last).collect();
    }
    let mut texts: Vec<Range<usize>> = Vec::new();
    let mut rest =
        line[first..].char_indices().filter(|(_, c)| *c == '\'').map(|(at, _)| first + at).peekable();
    while let Some(open) = rest.next() {
        let mut close = rest.next().unwrap_or(line.len());
        // A doubled quote stands for itself.
        while rest.peek() == Some(&(close + 1)) {
            rest.next();
            close = rest.next().unwrap_or(line.len());
        }
        // A quote that a word is flush with did not end the text.
        if line[close..].chars().nth(1).is_some_and(char::is_alphanumeric) {
            texts.push(open + 1..last.max(close));
            break;
        }
        texts.push(open + 1..close);
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// From the first to the last dollar quote of a line; the quotes of a routine's body are not of them.
fn dollars(line: &str) -> Option<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let body = ["do", "as", "begin", "end", "language"];
    let of_body = lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| body.contains(&word));
    let mut quotes: Vec<Range<usize>> = Vec::new();
    for (at, _) in line.match_indices('$').filter(|(at, _)| !line[..*at].ends_with(char::is_alphanumeric)) {
        let tag = line[at + 1..].trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        let end = line.len() - tag.len() + 1;
        if tag.starts_with('$') && quotes.last().is_none_or(|last| last.end <= at) {
            quotes.push(at..end);
        }
    }
    let outer = quotes.first().map(|quote| &line[quote.clone()]).filter(|_| of_body);
    let mut inner = quotes.iter().filter(|quote| outer != Some(&line[(*quote).clone()]));
    let first = inner.next()?;
    let last = inner.next_back().map_or(line.len(), |last| last.start);
    Some(first.end..last).filter(|range| !range.is_empty())
}

/// What stands right behind a word for a password and is not in quotes: all the rest of the line in a statement that sets
/// one, since where it ends only its quotes could tell.
fn bare(line: &str) -> Vec<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let sets = holds(&words(&lower));
    let behind = |end: usize| {
        let after = line[end..].trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        let mut value = after.trim_start();
        for word in ["to ", "TO ", "by ", "BY ", "=>", "="] {
            value = value.strip_prefix(word).unwrap_or(value).trim_start();
        }
        while let Some((_, rest)) = value.strip_prefix("/*").and_then(|rest| rest.split_once("*/")) {
            value = rest.trim_start();
        }
        let value = value.trim_start_matches(['(', '"', '\\']);
        let start = line.len() - value.len();
        if value.starts_with('$') {
            return Some(start..line.len());
        }
        let is_quoted = |text: &str| text.trim_start_matches(['"', '(']).starts_with('\'');
        if (sets && !is_quoted(value) || value.starts_with(['‘', '’', '“', '”', '„', '«']))
            && after.len() != value.len()
        {
            let prefix = value.find('\'').is_some_and(|end| {
                ["e", "u&", "n", "b", "x"].contains(&value[..end].to_ascii_lowercase().as_str())
            });
            return (!prefix && !value.is_empty() && !value.starts_with([';', ',']))
                .then_some(start..line.len());
        }
        let length = value.find(|c: char| c.is_whitespace() || ",;)\"'".contains(c)).unwrap_or(value.len());
        // `E'x'` is a text in quotes.
        let prefix = value[length..].starts_with('\'')
            && ["e", "u&", "n", "b", "x"].contains(&value[..length].to_ascii_lowercase().as_str());
        let is_word = after.len() != value.len() && !value.starts_with(['-', '/', '[', '{', '*']);
        (is_word && !prefix && length > 0).then_some(start..start + length)
    };
    let identified = lower.match_indices("identified").map(|(at, word)| at + word.len());
    lookalike::ends(&lower).into_iter().chain(identified).filter_map(behind).collect()
}

#[cfg(test)]
mod tests {
    use super::ranges;

    fn shown(text: &str, line: usize) -> String {
        let lines: Vec<&str> = text.lines().collect();
        let hidden = ranges(line, lines.len(), |at| lines[at]);
        crate::diagnostics::redact::star(lines[line], crate::diagnostics::redact::merge(hidden))
    }

    #[test]
    fn what_is_needed_to_see_the_mistake_stays() {
        for (text, line, expected) in [
            ("CREATE TABEL x (a text DEFAULT 'b');", 0, "CREATE TABEL x (a text DEFAULT 'b');"),
            ("SELECT 'a' || 'b' FOO (;", 0, "SELECT 'a' || 'b' FOO (;"),
            ("GRANT x TO y;\nSELECT 'a' FOO (;", 1, "SELECT 'a' FOO (;"),
            ("ALTER ROLE a SET x = 'b';\n\nSELECT 'a' FOO (;", 2, "SELECT 'a' FOO (;"),
            ("sql: CREATE ROLE a\nconfig: 'b'", 1, "config: 'b'"),
            ("host: 'db'\npassword: 'x'", 0, "host: 'db'"),
            ("CREATE ROLE a PASSWORD E'x' FOO (;", 0, "CREATE ROLE a PASSWORD E'********' FOO (;"),
            (
                "SELECT f('a', password => 'x') FOO (;",
                0,
                "SELECT f('********', password => '********') FOO (;",
            ),
        ] {
            assert_eq!(shown(text, line), expected, "{text}");
        }
    }
}
