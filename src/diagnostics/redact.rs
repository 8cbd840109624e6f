//! The safety net under [`Sources::hide`]: text beside a key that sounds secret is not shown, whoever reports it, and
//! no password that a text says is one.

use std::ops::Range;

use super::source::{SourceId, SourceKind, Sources};

/// What stands in for a secret, whatever its length.
pub const STARS: &str = "********";

const SECRET_WORDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "privatekey",
    "private key",
    "apikey",
    "api key",
    "credential",
    "stringdata",
];

/// Keys that hold such a word, and no secret: what they say is a name or a switch that an error has to show.
const HARMLESS: [&str; 9] = [
    "existingsecret",
    "secretname",
    "pullsecrets",
    "password encryption",
    "passwordencryption",
    "serviceaccounttoken",
    "secretkeyref",
    "secretref",
    "secretproviderclass",
];

/// A line as keys are compared: in lower case, one separator, harmless keys blanked. Offsets stay what they were.
fn comparable(line: &str) -> String {
    let plain = line.to_ascii_lowercase().replace(['-', '_'], " ");
    HARMLESS.iter().fold(plain, |plain, key| plain.replace(key, &" ".repeat(key.len())))
}

/// The byte ranges of a line (0-based) of a source that must not be shown, in order, none touching another.
pub(super) fn secret_ranges(sources: &Sources, id: SourceId, line: usize) -> Vec<Range<usize>> {
    let source = sources.get(id);
    let range = source.line_range(line);
    let mut ranges = sources.hidden_in(id, &range);
    let text = &source.text[range.clone()];
    if continues_secret(sources, id, line) {
        ranges.push(range.start + indent_of(text)..range.end);
    } else if let Some(start) = secret_value(text, source.kind == SourceKind::Flag) {
        ranges.push(range.start + start..range.end);
    }
    ranges.extend(passwords_in(text).into_iter().map(|at| range.start + at.start..range.start + at.end));
    let by_value = sources.secrets_of_reports().into_iter().flat_map(|secrets| secrets.ranges(text));
    ranges.extend(by_value.map(|at| range.start + at.start..range.start + at.end));
    merge(ranges)
}

/// Where the value of the first secret-sounding key of a line starts: after the first `:` or `=` that follows the key.
fn secret_value(line: &str, flag: bool) -> Option<usize> {
    let plain = comparable(line);
    let ends = |word: &'static str| plain.match_indices(word).map(|(at, word)| at + word.len());
    let mut ends: Vec<usize> = SECRET_WORDS.into_iter().flat_map(ends).collect();
    ends.sort_unstable();
    ends.into_iter().find_map(|word| value_after(line, word, flag))
}

/// Where the value starts whose key holds the secret-sounding word that ends at `word`.
fn value_after(line: &str, word: usize, flag: bool) -> Option<usize> {
    let sign = line[word..].find([':', '='])? + word;
    // In a flag, `]` belongs to the key.
    let separators: &[char] = if flag { &[','] } else { &[',', ']', '}'] };
    if let Some(at) = line[word..sign].rfind(separators) {
        // The word was a value itself: the next key has nothing to do with it, unless both are one variable's.
        let key = line[word + at..sign].trim_matches(|c: char| !c.is_alphanumeric());
        if key != "value" {
            return None;
        }
    }
    // `kind: Secret` names no value and `--set a=secret` has the word behind its sign, so nothing follows there.
    let start = sign + 1 + indent_of(&line[sign + 1..]);
    let rest = &line[start..];
    let value = rest.trim_end();
    let opens_block = !flag && (value.is_empty() || value.starts_with(['|', '>', '#']));
    (!opens_block && !value.is_empty()).then_some(start)
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
    let indent = indent_of(text);
    let above = (0..line).rev().map(|above| &source.text[source.line_range(above)]);
    // A list may be flush with its key.
    let item = text.trim_start().starts_with("- ");
    let mut parents = above
        .filter(|other| !other.trim().is_empty() && !other.trim_start().starts_with('#'))
        .filter(|other| {
            let theirs = indent_of(other);
            theirs < indent || (item && theirs == indent && !other.trim_start().starts_with("- "))
        });
    let Some(parent) = parents.next() else { return false };
    let Some((_, value)) = parent.split_once(": ").or_else(|| parent.trim_end().split_once(':')) else {
        return false;
    };
    let has_key =
        text.trim_start().trim_start_matches("- ").split(['"', '\'']).next().unwrap_or("").contains(": ")
            || text.trim_end().ends_with(':');
    names_secret(parent) && (!value.trim().is_empty() || !has_key)
}

fn names_secret(line: &str) -> bool {
    sounds_secret(line.split([':', '=']).next().unwrap_or(line))
}

/// Whether what is called so is most likely a secret.
pub fn sounds_secret(name: &str) -> bool {
    let name = comparable(name);
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// Ends of a variable's name that make it the name of something harmless: of a file, a user, a switch, a time.
const HARMLESS_ENDS: [&str; 30] = [
    "_FILE",
    "_PATH",
    "_DIR",
    "_NAME",
    "_KEYS",
    "PASSWORDS",
    "_TTL",
    "_TIMEOUT",
    "_EXPIRY",
    "_EXPIRATION",
    "_LIFETIME",
    "_INTERVAL",
    "_LENGTH",
    "_ENABLED",
    "_TYPE",
    "_URL",
    "_ENDPOINT",
    "_HEADER",
    "_USER",
    "_USERNAME",
    "_POLICY",
    "_URI",
    "_AUDIENCE",
    "_ISSUER",
    "_DAYS",
    "_ALGORITHM",
    "_STORE",
    "_MOUNT",
    "_PROJECT",
    "_TOKENS",
];

/// Whether the value of an environment variable of this name is most likely a secret.
pub fn holds_secret(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    sounds_secret(variable) && !HARMLESS_ENDS.iter().any(|end| name.ends_with(end))
}

fn indent_of(line: &str) -> usize {
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
