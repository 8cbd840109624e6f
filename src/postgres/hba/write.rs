//! Rules as lines, quoted so that the server reads back the same names, in aligned columns.
//!
//! The server's tokenizer (`next_token` in `hba.c`) ends a token at a blank, a comma or `#` outside quotes, takes `""`
//! inside quotes for one quote, and knows no other escape. Quotes take the meaning from a word and from a leading `@`;
//! from a leading `+` only if they stand before it; from a leading `/` not at all.

use super::super::Major;
use super::{Name, Rule};

/// Columns wider than this are not aligned.
const WIDEST: usize = 32;

/// A token that reads back as exactly this text. `text` has no control characters: every constructor refuses them.
fn token(text: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b'=');
    let starts_plain =
        text.starts_with(|first: char| first.is_ascii_alphanumeric() || matches!(first, '_' | '.' | ':'));
    if starts_plain && text.bytes().all(plain) { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A name as a token of its column.
pub(super) fn name(name: &Name, major: Major) -> String {
    match name {
        Name::Word(word) => (*word).to_owned(),
        Name::MembersOf(role) => format!("+{}", quoted(role)),
        Name::Regex(regex) => quoted(&format!("/{regex}")),
        Name::Literal(literal) if literal.starts_with('/') && major >= Major::V16 => {
            // Even in quotes this would be a regular expression; one that matches only this name stands in for it.
            let escaped: String = literal.chars().flat_map(escape).collect();
            quoted(&format!("/^{escaped}$"))
        }
        Name::Literal(literal) if is_word(literal) => quoted(literal),
        Name::Literal(literal) => token(literal),
    }
}

/// A backslash before anything but a letter, digit or underscore makes it stand for itself.
fn escape(character: char) -> impl Iterator<Item = char> {
    let special = character.is_ascii() && !character.is_ascii_alphanumeric() && character != '_';
    special.then_some('\\').into_iter().chain([character])
}

fn is_word(text: &str) -> bool {
    ["all", "sameuser", "samerole", "samegroup", "replication"].contains(&text)
}

/// The columns of a rule.
fn columns(rule: &Rule, major: Major) -> [String; 5] {
    let names = |list: &[Name]| list.iter().map(|each| name(each, major)).collect::<Vec<_>>().join(",");
    let options =
        rule.options.iter().map(|(option, value)| format!(" {}", token(&format!("{option}={value}"))));
    [
        rule.kind.word().to_owned(),
        names(&rule.databases),
        names(&rule.users),
        rule.address.as_ref().map(|address| token(&address.text())).unwrap_or_default(),
        format!("{}{}", rule.method, options.collect::<String>()),
    ]
}

/// Sections, each under its comment, with columns aligned over all of them.
pub(super) fn sections(sections: &[(&str, Vec<Rule>)], major: Major) -> String {
    let mut rows: Vec<Result<&str, [String; 5]>> =
        vec![Err(["# type", "database", "user", "address", "method"].map(str::to_owned))];
    for (comment, rules) in sections {
        rows.push(Ok(comment));
        rows.extend(rules.iter().map(|rule| Err(columns(rule, major))));
    }
    let mut widths = [0; 4];
    for cells in rows.iter().filter_map(|row| row.as_ref().err()) {
        for (width, cell) in widths.iter_mut().zip(cells) {
            let length = cell.chars().count();
            *width = if length > WIDEST { *width } else { length.max(*width) };
        }
    }
    let mut text = String::new();
    for row in rows {
        match row {
            Ok(comment) => text.extend(["\n# ", comment, "\n"]),
            Err(cells) => text.push_str(&line(&cells, &widths)),
        }
    }
    text
}

fn line([kind, database, user, address, method]: &[String; 5], widths: &[usize; 4]) -> String {
    let [of_kind, of_database, of_user, of_address] = *widths;
    format!("{kind:of_kind$} {database:of_database$} {user:of_user$} {address:of_address$} {method}\n")
}

/// A line of `pg_ident.conf`: on this map, that user of the operating system may be that role.
pub(super) fn ident_line(map: &str, os_user: &str, role: &Name, major: Major) -> String {
    format!("{} {} {}\n", token(map), token(os_user), name(role, major))
}
