//! The safety net under [`Sources::hide`]: text beside a key that sounds secret is not shown, whoever reports it, and
//! no password that a text says is one.

use std::ops::Range;

use super::credentials::credentials;
use super::secret_names::{SECRET_WORDS, comparable, near_secret};
use super::siblings::may_hold_named;
use super::source::{Place, SourceId, SourceKind, Sources};
use super::{lookalike, siblings, sql_texts};

/// What stands in for a secret, whatever its length.
pub const STARS: &str = "********";

/// Bytes of a line that is read for what may be a secret in it.
const LONGEST: usize = 8 << 10;

/// The byte ranges of a line (0-based) of a source that must not be shown, in order, none touching another.
pub(super) fn secret_ranges(sources: &Sources, id: SourceId, line: usize) -> Vec<Range<usize>> {
    let source = sources.get(id);
    let range = source.line_range(line);
    let mut ranges = sources.hidden_in(id, &range);
    let text = &source.text[range.clone()];
    let by_value = sources.secrets_of_reports().into_iter().flat_map(|secrets| secrets.ranges(text));
    ranges.extend(by_value.map(|at| range.start + at.start..range.start + at.end));
    if text.len() > LONGEST {
        // A few words of such a line are shown at most; which of them belong together would take too long to find out.
        let is_in_doubt = near_secret(text) || text.contains(['@', '\'']);
        return if is_in_doubt { std::iter::once(range).collect() } else { merge(ranges) };
    }
    if continues_secret(sources, id, line) {
        ranges.push(range.start + indent_of(text)..range.end);
    } else if let Some(start) = secret_value(text, source.kind == SourceKind::Flag) {
        ranges.push(range.start + start..range.end);
    }
    let lines = source.line_count();
    let of_line = passwords_in(text)
        .into_iter()
        .chain(credentials(text))
        .chain(siblings::ranges(source, line))
        .chain(sql_texts::ranges(line, lines, |line| &source.text[source.line_range(line)]));
    ranges.extend(of_line.map(|at| range.start + at.start..range.start + at.end));
    merge(ranges)
}

/// Where the value of the first secret-sounding key of a line starts: after the first `:` or `=` that follows the key.
fn secret_value(line: &str, flag: bool) -> Option<usize> {
    let plain = comparable(line);
    let ends = |word: &'static str| plain.match_indices(word).map(|(at, word)| at + word.len());
    let mut ends: Vec<usize> = SECRET_WORDS.into_iter().flat_map(ends).collect();
    ends.extend(lookalike::ends(&plain));
    ends.sort_unstable();
    ends.dedup();
    // What lies before the next sign is one key or one value, however many words are in it.
    ends.dedup_by_key(|word| line[*word..].find([':', '=', ',']).map(|at| at + *word));
    ends.into_iter().find_map(|word| value_after(line, word, flag))
}

/// Where the value starts whose key holds the secret-sounding word that ends at `word`.
fn value_after<'a>(line: &'a str, word: usize, flag: bool) -> Option<usize> {
    let sign = line[word..].find([':', '='])? + word;
    // In a flag, `]` belongs to the key.
    let separators: &[char] = if flag { &[','] } else { &[',', ']', '}'] };
    if let Some(at) = line[word..sign].rfind(separators) {
        // The word was a value itself: the next key has nothing to do with it, unless both are one variable's.
        let bare = |text: &'a str| text.trim_matches(|c: char| !c.is_alphanumeric());
        let key = bare(&line[word + at..sign]);
        let key = key.rsplit('.').next().unwrap_or(key);
        let named = line[..word].rfind([':', '=']).map(|sign| bare(&line[..sign]));
        let is_name = named.is_some_and(|key| {
            let before = key.len() - "name".len().min(key.len());
            key.get(before..) == Some("name") && !key[..before].ends_with(char::is_alphanumeric)
        });
        let apart = !flag && line[word..sign].contains(['}', ']']);
        if key != "value" && (apart || !is_name || !may_hold_named(key)) {
            // A key that is harmless may be followed by one that isn't.
            return if is_name && !apart { next_value(line, sign + 1, flag) } else { None };
        }
    }
    // `kind: Secret` names no value and `--set a=secret` has the word behind its sign, so nothing follows there.
    let start = sign + 1 + indent_of(&line[sign + 1..]);
    let rest = &line[start..];
    let value = rest.trim_end();
    let opens_block = !flag && (value.is_empty() || value.starts_with(['|', '>', '#']));
    (!opens_block && !value.is_empty()).then_some(start)
}

/// Where the next value starts whose key may hold what the `name` of its map speaks of.
fn next_value(line: &str, mut from: usize, flag: bool) -> Option<usize> {
    loop {
        let comma = line[from..].find(',')? + from;
        if !flag && line[from..comma].contains(['}', ']']) {
            return None;
        }
        let sign = line[comma..].find([':', '='])? + comma;
        let key = line[comma..sign].trim_matches(|c: char| !c.is_alphanumeric());
        if may_hold_named(key.rsplit('.').next().unwrap_or(key)) {
            return Some(sign + 1 + indent_of(&line[sign + 1..]));
        }
        from = sign + 1;
    }
}

/// The passwords that a text itself says are some, by their bytes: those of its URLs, of SQL, of `PGPASSWORD=x`.
pub fn passwords_in(text: &str) -> Vec<Range<usize>> {
    let found = url_passwords(text).into_iter().chain(quoted_passwords(text)).chain(assigned_passwords(text));
    merge(found.collect())
}

/// What stands behind `=` and a name that sounds secret: up to a blank or a quote, or within its quotes.
fn assigned_passwords(text: &str) -> Vec<Range<usize>> {
    if !text.contains('=') {
        return Vec::new();
    }
    let plain = comparable(text);
    let ends = |word: &'static str| plain.match_indices(word).map(|(at, word)| at + word.len());
    let mut ends: Vec<usize> = SECRET_WORDS.into_iter().flat_map(ends).collect();
    ends.sort_unstable();
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
    // What lies within a name or a value that was read is not read again: a text may be long, and full of such words.
    let (mut name_end, mut value_end) = (0, 0);
    let value = |word: usize| {
        if word < name_end {
            return None;
        }
        let behind = text[word..].trim_start_matches(is_of_name);
        name_end = text.len() - behind.len();
        let value = behind.trim_start_matches([' ', '\\']).strip_prefix('=')?.trim_start_matches(' ');
        let quote = value.chars().next().filter(|first| "'\"".contains(*first));
        let inner = quote.map_or(value, |quote| &value[quote.len_utf8()..]);
        let start = text.len() - inner.len();
        if start < value_end {
            return None;
        }
        let end = match quote {
            Some(quote) => inner.find(quote),
            None => inner.find(|c: char| c.is_whitespace() || "'\"`".contains(c)),
        };
        value_end = start + end.unwrap_or(inner.len());
        Some(start..value_end).filter(|range| !range.is_empty())
    };
    ends.into_iter().filter_map(value).collect()
}

/// The texts behind the word, as SQL has them: `PASSWORD 'x'`, `password E'x'`.
fn quoted_passwords(line: &str) -> Vec<Range<usize>> {
    const WORD: &str = "password";
    let lower = line.to_ascii_lowercase();
    let text_after = |(at, _)| {
        let after = at + WORD.len();
        let quote = after + line[after..].find(|c: char| !c.is_whitespace() && !"eE\\".contains(c))?;
        let mark = line[quote..].chars().next().filter(|mark| quote > after && "'\"$".contains(*mark))?;
        let start = quote + 1;
        if mark == '$' {
            return Some(start..line.len());
        }
        // A doubled quote stands for itself; a text that goes on is hidden to the end of its line.
        let mut rest = line[start..].char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            if c == mark && rest.next_if(|(_, next)| *next == mark).is_none() {
                return Some(start..start + at);
            }
        }
        Some(start..line.len())
    };
    lower.match_indices(WORD).filter_map(text_after).collect()
}

/// The passwords of a text's URLs, by their bytes: that of `postgres://app:x@db/production`.
pub fn url_passwords(text: &str) -> Vec<Range<usize>> {
    let password = |(at, mark): (usize, &str)| {
        let start = at + mark.len();
        // People write `?` and `#` in passwords as they are.
        let end = text[start..].find(|c: char| c.is_whitespace() || "/\"'".contains(c));
        let user = &text[start..start + text[start..end.map_or(text.len(), |end| start + end)].rfind('@')?];
        Some(start + user.find(':')? + 1..start + user.len())
    };
    text.match_indices("://").filter_map(password).filter(|range| !range.is_empty()).collect()
}

/// Whether a text holds a password as those of connections do: `postgres://app:x@db`, `host=db password=x`. `$(OTHER)` is
/// another variable.
pub fn holds_password(text: &str) -> bool {
    let is_variable = |password: &str| password.starts_with("$(");
    let of_words = text.split_whitespace().filter_map(|word| word.strip_prefix("password="));
    let of_urls = url_passwords(text).into_iter().map(|range| &text[range]);
    of_words.chain(of_urls).any(|password| !password.is_empty() && !is_variable(password))
}

/// Whether a line belongs to the text of a secret-sounding key on a line above it: a block or a folded scalar, or a
/// list of values.
fn continues_secret(sources: &Sources, id: SourceId, line: usize) -> bool {
    let source = sources.get(id);
    if source.kind == SourceKind::Flag {
        return line > 0 && (0..line).any(|above| names_secret(&source.text[source.line_range(above)]));
    }
    let text = &source.text[source.line_range(line)];
    let Some(parent) = source.parent_of(line).map(|parent| &source.text[source.line_range(parent)]) else {
        return false;
    };
    let Some((_, value)) = parent.split_once(": ").or_else(|| parent.trim_end().split_once(':')) else {
        return false;
    };
    let has_key =
        text.trim_start().trim_start_matches("- ").split(['"', '\'']).next().unwrap_or("").contains(": ")
            || text.trim_end().ends_with(':');
    names_secret(parent) && (!value.trim().is_empty() || !has_key)
}

fn names_secret(line: &str) -> bool {
    near_secret(line.split([':', '=']).next().unwrap_or(line))
}

pub(super) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// A text as a finding may say it: without the texts of secrets, and without the passwords that it says are some.
pub(super) fn starred(text: &str, sources: &Sources) -> String {
    let mut ranges = passwords_in(text);
    ranges.extend(cut_passwords(text));
    for secrets in sources.secrets_of_reports() {
        ranges.extend(secrets.ranges(text));
    }
    star(text, merge(ranges))
}

/// What an excerpt hides of the value that a finding is about: what is said of it does not show it either.
pub(super) fn hidden_at(sources: &Sources, place: Place) -> Vec<String> {
    let source = sources.get(place.source);
    // A key is no secret, even in the middle of hidden text. Before a flag's `=` may be what a comma cut off from one.
    let behind = source.text.get(place.end..).unwrap_or_default();
    if behind.trim_start_matches(['"', '\'']).starts_with(':') {
        return Vec::new();
    }
    let ranges = secret_ranges(sources, place.source, source.line_of(place.start));
    let ranges = ranges.iter().map(|range| range.start.max(place.start)..range.end.min(place.end));
    let texts = ranges.filter(|range| range.start < range.end).map(|range| &source.text[range]);
    texts
        .map(|text| text.trim_matches(|c: char| c.is_whitespace() || "'\"".contains(c)).to_owned())
        // What is shorter is in too many words: the sign that is missing, the name of a kind.
        .filter(|text| text.chars().filter(|c| c.is_alphanumeric()).count() >= 4)
        .collect()
}

/// What a message has left of a URL's password, where it shows only the first part of a long value.
fn cut_passwords(text: &str) -> Vec<Range<usize>> {
    let password = |(at, mark): (usize, &str)| {
        let start = at + mark.len();
        let rest = &text[start..];
        let user =
            &rest[..rest.find(|c: char| c.is_whitespace() || "/\"'`".contains(c)).unwrap_or(rest.len())];
        let user = user.strip_suffix('…').filter(|user| !user.contains('@'))?;
        Some(start + user.find(':')? + 1..start + user.len()).filter(|range| !range.is_empty())
    };
    text.match_indices("://").filter_map(password).collect()
}

/// A text with stars in the place of its ranges, which are in order and don't touch.
pub(super) fn star(text: &str, ranges: Vec<Range<usize>>) -> String {
    let mut starred = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        starred.push_str(&text[at..range.start]);
        starred.push_str(STARS);
        at = range.end;
    }
    starred + &text[at..]
}

pub(super) fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
