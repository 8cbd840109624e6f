//! Readers of the languages that a render is in, each as its own program reads it, small and apart from the writers.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// The value of a variable as a container gets it: Kubernetes replaces `$(NAME)` and takes `$$` for `$`
/// (`third_party/forked/golang/expansion`).
///
/// # Panics
/// When a reference is left: it would be replaced by what that variable holds.
pub(super) fn expanded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek()) {
            ('$', Some('$')) => {
                rest.next();
                out.push('$');
            }
            ('$', Some('(')) => panic!("Kubernetes would replace the reference in {text:?}"),
            _ => out.push(c),
        }
    }
    out
}

/// The settings of a `postgresql.conf` as `guc-file.l` reads them.
pub(super) fn conf(text: &str) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    let mut rest = text.chars().peekable();
    loop {
        skip(&mut rest, |c| c.is_ascii_whitespace());
        match rest.peek() {
            None => return settings,
            Some('#') => skip(&mut rest, |c| c != '\n'),
            Some(_) => {
                let name = take(&mut rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
                skip(&mut rest, |c| matches!(c, ' ' | '\t' | '='));
                let value = if rest.next_if_eq(&'\'').is_some() {
                    escaped(&mut rest)
                } else {
                    take(&mut rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/'))
                };
                skip(&mut rest, |c| matches!(c, ' ' | '\t'));
                assert!(
                    matches!(rest.next(), None | Some('\n')),
                    "what follows `{name}` is no end of a line:\n{text}"
                );
                assert!(settings.insert(name.clone(), value).is_none(), "`{name}` is set twice");
            }
        }
    }
}

/// The tokens of the lines of a `pg_hba.conf` as `next_token` of `hba.c` reads them; a name that stands as a regular
/// expression for itself is that name.
pub(super) fn hba(text: &str) -> Vec<Vec<String>> {
    let line = |line: &str| {
        let mut tokens = Vec::new();
        let mut rest = line.chars().peekable();
        loop {
            skip(&mut rest, |c| matches!(c, ' ' | ',' | '\t'));
            if matches!(rest.peek(), None | Some('#')) {
                return tokens;
            }
            let (mut token, mut quoted) = (String::new(), false);
            while let Some(c) = rest.next_if(|c| quoted || !matches!(c, ' ' | ',' | '\t' | '#')) {
                if c != '"' {
                    token.push(c);
                } else if quoted && rest.next_if_eq(&'"').is_some() {
                    token.push('"');
                } else {
                    quoted = !quoted;
                }
            }
            assert!(!quoted, "a quote is left open: {line}");
            let regex = token.strip_prefix("/^").and_then(|regex| regex.strip_suffix('$'));
            tokens.push(regex.map_or(token.clone(), unescaped));
        }
    };
    text.lines().map(line).filter(|tokens| !tokens.is_empty()).collect()
}

/// What a regular expression of escaped characters matches.
fn unescaped(regex: &str) -> String {
    let mut out = String::new();
    let mut rest = regex.chars();
    while let Some(c) = rest.next() {
        out.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A word, a number or a sign of SQL, or a command of psql.
    Word,
    Literal,
    Identifier,
    /// An argument of a command of psql.
    Argument,
    /// The database of a connection string in such an argument.
    Database,
}

/// The tokens of a file that psql runs, decoded (`psqlscan.l`, `psqlscanslash.l`; strings conform to the standard).
pub(super) fn psql(text: &str) -> Vec<(Kind, String)> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    let mut command = false;
    while let Some(c) = rest.next() {
        match c {
            '\n' => command = false,
            c if c.is_ascii_whitespace() => {}
            '\\' => {
                command = true;
                tokens.push((Kind::Word, take(&mut rest, |c| !c.is_ascii_whitespace())));
            }
            '\'' if command => tokens.push(argument(escaped(&mut rest))),
            '\'' => tokens.push((Kind::Literal, doubled(&mut rest, '\''))),
            '"' => tokens.push((Kind::Identifier, doubled(&mut rest, '"'))),
            '-' if rest.next_if_eq(&'-').is_some() => skip(&mut rest, |c| c != '\n'),
            '/' if rest.peek() == Some(&'*') => panic!("a comment that nobody wrote"),
            'E' if rest.next_if_eq(&'\'').is_some() => tokens.push((Kind::Literal, escaped(&mut rest))),
            'U' if rest.next_if_eq(&'&').is_some() => {
                assert_eq!(rest.next(), Some('"'));
                tokens.push((Kind::Identifier, unicode(&doubled(&mut rest, '"'))));
            }
            c if c.is_alphanumeric() || c == '_' => {
                let more = take(&mut rest, |c| c.is_alphanumeric() || c == '_');
                tokens.push((Kind::Word, format!("{c}{more}")));
            }
            sign => tokens.push((Kind::Word, sign.to_string())),
        }
    }
    tokens
}

fn argument(text: String) -> (Kind, String) {
    if !text.starts_with("dbname='") {
        return (Kind::Argument, text);
    }
    let connection = without_quotes(&text);
    let database = connection.strip_prefix("dbname='").and_then(|rest| rest.strip_suffix('\''));
    let database = database.expect("the name is quoted to its end");
    let mut rest = database.chars();
    let mut name = String::new();
    while let Some(c) = rest.next() {
        assert_ne!(c, '\'', "the connection string goes on after the name: {text}");
        name.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    (Kind::Database, name)
}

/// What `\connect` makes of an argument: it takes double quotes out, but for doubled ones between others
/// (`dequote_downcase_identifier`).
fn without_quotes(text: &str) -> String {
    let mut out = String::new();
    let (mut rest, mut quoted) = (text.chars().peekable(), false);
    while let Some(c) = rest.next() {
        if c != '"' {
            out.push(c);
        } else if quoted && rest.next_if_eq(&'"').is_some() {
            out.push('"');
        } else {
            quoted = !quoted;
        }
    }
    out
}

/// The rest of a quoted text in which a quote is doubled.
fn doubled(rest: &mut Peekable<Chars<'_>>, quote: char) -> String {
    let mut out = String::new();
    while let Some(c) = rest.next() {
        if c == quote && rest.next_if_eq(&quote).is_none() {
            return out;
        }
        out.push(c);
    }
    panic!("a quote is left open after {out:?}")
}

/// The rest of a text in single quotes with backslashes, as in E'…', in `postgresql.conf` and in psql's commands.
fn escaped(rest: &mut Peekable<Chars<'_>>) -> String {
    let mut out = String::new();
    while let Some(c) = rest.next() {
        match c {
            '\n' => panic!("a quoted text goes on after its line: {out:?}"),
            '\'' if rest.next_if_eq(&'\'').is_none() => return out,
            '\\' => match rest.next().expect("a character follows a backslash") {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                digit @ '0'..='7' => {
                    let mut code = digit.to_digit(8).unwrap_or(0);
                    for _ in 0..2 {
                        let Some(next) = rest.next_if(|c| ('0'..='7').contains(c)) else { break };
                        code = code * 8 + next.to_digit(8).unwrap_or(0);
                    }
                    assert!(code < 0x80, "an octal escape is a byte, not a character");
                    out.extend(char::from_u32(code));
                }
                other => out.push(other),
            },
            c => out.push(c),
        }
    }
    panic!("a quote is left open after {out:?}")
}

/// `\0024` and `\\` in an identifier of the form U&"…".
fn unicode(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' || rest.next_if_eq(&'\\').is_some() {
            out.push(c);
        } else {
            let digits: String = rest.by_ref().take(4).collect();
            out.extend(char::from_u32(u32::from_str_radix(&digits, 16).expect("four digits")));
        }
    }
    out
}

fn skip(rest: &mut Peekable<Chars<'_>>, fits: impl Fn(char) -> bool) {
    while rest.next_if(|c| fits(*c)).is_some() {}
}

fn take(rest: &mut Peekable<Chars<'_>>, fits: impl Fn(char) -> bool) -> String {
    std::iter::from_fn(|| rest.next_if(|c| fits(*c))).collect()
}
