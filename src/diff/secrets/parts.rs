//! Passwords within a longer text: in a URL, a connection string, `.pgpass`, `userlist.txt`, a file of variables, JSON.
//!
//! Too many are no harm: a text that is none is hidden where it stands again, and nothing else.

use percent_encoding::percent_decode_str;
use serde_json::Value as Json;

use crate::diagnostics::{holds_secret, url_passwords};
use crate::manifest::decode;

/// The passwords in a text that anybody may read, each as it is and as it is written.
pub(super) fn in_the_open(text: &str) -> Vec<(String, String)> {
    let mut found = of_urls(text);
    let is_password = |before: &str| {
        ["password", "passwd", "pwd"].iter().any(|end| {
            let at = before.len().checked_sub(end.len());
            at.and_then(|at| before.get(at..)).is_some_and(|own| own.eq_ignore_ascii_case(end))
        })
    };
    for (sign, before, rest) in assignments(text) {
        // `password: required` is a sentence, or somebody's YAML.
        let is_quoted = rest.starts_with('"');
        if (sign == '=' || is_quoted) && is_password(before) {
            // In a script, the rest of a command would follow.
            let is_command = |text: &str| text.starts_with("$(") || text.starts_with("${");
            found.extend(values(rest).into_iter().filter(|(value, _)| !is_command(value)));
        }
    }
    found
}

/// Those in a text of a Secret, where everything that looks like one is taken for one.
pub(super) fn in_a_secret(text: &str) -> Vec<(String, String)> {
    let mut found = of_urls(text);
    for (_, before, rest) in assignments(text) {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let name = &before[before.trim_end_matches(is_of_name).len()..];
        if sounds_secret(name) {
            found.extend(values(rest));
            let line = rest.lines().next().unwrap_or_default().trim();
            found.push((line.to_owned(), line.to_owned()));
        }
    }
    for line in text.lines().map(str::trim) {
        if let Some(password) = line.strip_prefix('"').and_then(|rest| rest.split('"').nth(2)) {
            // `userlist.txt` of PgBouncer: "user" "password".
            found.push((password.to_owned(), password.to_owned()));
        }
        if !line.contains(char::is_whitespace) && !line.contains("://") {
            found.extend(last_field(line));
        }
    }
    if let Ok(json) = serde_json::from_str(text) {
        members(&json, &mut found);
    }
    found
}

/// Whether a text only names a variable.
pub(super) fn is_reference(text: &str) -> bool {
    (text.starts_with("$(") && text.ends_with(')')) || (text.starts_with("${") && text.ends_with('}'))
}

fn sounds_secret(name: &str) -> bool {
    holds_secret(name) || ["auth", "pass"].contains(&name)
}

/// The passwords of a text's URLs: decoded, and as they are written.
fn of_urls(text: &str) -> Vec<(String, String)> {
    let written = url_passwords(text).into_iter().map(|range| &text[range]);
    written.filter(|password| !is_reference(password)).map(decoded).collect()
}

fn decoded(written: &str) -> (String, String) {
    let decoded = percent_decode_str(written).decode_utf8();
    (decoded.map_or_else(|_| written.to_owned(), Into::into), written.to_owned())
}

/// Every `name = …` and `name: …` of a text: the sign, all up to the name's end, and all that follows.
fn assignments(text: &str) -> impl Iterator<Item = (char, &str, &str)> {
    text.match_indices(['=', ':']).map(|(at, sign)| {
        let before = text[..at].trim_end_matches([' ', '\t']).trim_end_matches(['"', '\'']);
        let rest = text[at + sign.len()..].trim_start_matches([' ', '\t']);
        (if sign == "=" { '=' } else { ':' }, before, rest)
    })
}

/// The value that a text begins with. Where it ends is not certain without quotes: each that it may be.
fn values(text: &str) -> Vec<(String, String)> {
    if let Some(quote) = text.chars().next().filter(|first| ['"', '\''].contains(first)) {
        return quoted(text, quote).into_iter().collect();
    }
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    let short = word.split([',', ';', '&', '"', '\'', '`', ')', '}', ']']).next().unwrap_or_default();
    vec![decoded(word), (word.to_owned(), word.to_owned()), decoded(short)]
}

/// A text in quotes, where `\` escapes and a doubled quote is one. Within a text that is quoted itself, both quotes are
/// doubled.
fn quoted(text: &str, quote: char) -> Option<(String, String)> {
    let mut inner = &text[1..];
    let doubled =
        inner.strip_prefix(quote).filter(|rest| !rest.is_empty() && !rest.starts_with([' ', ',', '\n']));
    let end = if let Some(rest) = doubled {
        inner = rest;
        inner.find(&format!("{quote}{quote}"))?
    } else {
        let mut chars = inner.char_indices().peekable();
        loop {
            match chars.next()? {
                (_, '\\') => _ = chars.next(),
                (_, c) if c == quote && chars.peek().is_some_and(|(_, next)| *next == quote) => {
                    _ = chars.next();
                }
                (at, c) if c == quote => break at,
                _ => {}
            }
        }
    };
    let written = &inner[..end];
    let plain = unescaped(&written.replace(&format!("{quote}{quote}"), &quote.to_string()));
    Some((plain, written.to_owned()))
}

/// What follows the last `:` of a line that no `\` stands before, as in `.pgpass`.
fn last_field(line: &str) -> Option<(String, String)> {
    let is_plain = |at: &usize| !line[..*at].ends_with('\\');
    let at = line.match_indices(':').map(|(at, _)| at).rfind(is_plain)?;
    Some((unescaped(&line[at + 1..]), line[at + 1..].to_owned()))
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    plain
}

/// The members of JSON whose keys sound secret; Docker's `auth` is user and password in base64.
fn members(json: &Json, found: &mut Vec<(String, String)>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| members(item, found)),
        Json::Object(map) => {
            for (key, value) in map {
                if let Json::String(text) = value
                    && sounds_secret(key)
                {
                    found.push((text.clone(), text.clone()));
                    let plain = decode(text).and_then(|bytes| String::from_utf8(bytes).ok());
                    found.extend(plain.as_deref().and_then(last_field));
                }
                members(value, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{in_a_secret, in_the_open};

    #[test]
    fn a_password_is_found_in_what_programs_read() {
        let json = r#"{"auths": {"r.example": {"username": "me", "auth": "bWU6aHVudGVyMjI="}}}"#;
        for (text, expected) in [
            ("postgres://app:hunter%32%32@db/x", "hunter22"),
            ("postgres://db/x?user=app&password=hunter%32%32&sslmode=require", "hunter22"),
            ("host=db password=hunter22", "hunter22"),
            ("host=db password = 'hun\\'ter 22' user=app", "hun'ter 22"),
            ("primary_conninfo = 'host=db password=''hunter 22'''", "hunter 22"),
            ("primary_conninfo = 'host=db password=hunter22'", "hunter22"),
            ("PGPASSWORD=hunter22", "hunter22"),
            ("ldap ldapbindpasswd=\"hunter \"\"22\"", "hunter \"22"),
            (r#"{"user": "app", "password": "hunter22"}"#, "hunter22"),
        ] {
            for found in [in_the_open(text), in_a_secret(text)] {
                assert!(found.iter().any(|(plain, _)| plain == expected), "{text}: {found:?}");
            }
        }
        for (text, expected) in [
            ("db:5432:*:app:hun\\:ter\\\\22", "hun:ter\\22"),
            ("app:hunter22", "hunter22"),
            ("\"app\" \"hunter22\"", "hunter22"),
            ("export A_TOKEN=hunter 22 # x", "hunter 22 # x"),
            ("database:\n  password: hunter 22\n", "hunter 22"),
            (json, "hunter22"),
        ] {
            let found = in_a_secret(text);
            assert!(found.iter().any(|(plain, _)| plain == expected), "{text}: {found:?}");
        }
        for text in [
            "password_encryption = scram-sha-256",
            "password: required by all",
            "PGPASSWORD=\"$(cat /run/secret)\" psql",
            "postgres://app:$(PASSWORD)@db/x",
            "passwords are made by `pgpod secret`",
        ] {
            assert_eq!(in_the_open(text), []);
        }
    }
}
