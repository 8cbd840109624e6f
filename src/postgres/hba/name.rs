//! Databases and users as rules name them.

use super::super::Major;
use super::Fault;

/// The longest name that PostgreSQL keeps, in bytes.
const LONGEST: usize = 63;

pub(super) const DATABASE_WORDS: [&str; 5] = ["all", "sameuser", "samerole", "samegroup", "replication"];
const USER_WORDS: [&str; 1] = ["all"];

/// A database or a user of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A word of `pg_hba.conf`: `all`, `sameuser`, `samerole`, `samegroup`, `replication`.
    Word(&'static str),
    /// Exactly this name, whatever characters it has.
    Literal(String),
    /// The members of this role.
    MembersOf(String),
    /// Names that match this regular expression; from 16 on.
    Regex(String),
}

/// Which of the two fields a name stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Databases,
    Users,
}

impl Name {
    /// Exactly this name, if PostgreSQL can have one like it.
    pub fn literal(name: &str) -> Result<Self, Fault> {
        literal("name", name).map(Name::Literal)
    }

    /// Reads a name as `pg_hba.conf` would: words, `+role`, `/regex`, and `"…"` around what is none of these.
    pub(super) fn parse(of: Of, field: &str, text: &str, major: Major) -> Result<Self, Fault> {
        if let Some(inner) = text.strip_prefix('"') {
            let inner = inner.strip_suffix('"').filter(|inner| !inner.replace("\"\"", "").contains('"'));
            return match inner {
                Some(inner) => literal(field, &inner.replace("\"\"", "\"")).map(Name::Literal),
                None => Err(Fault::error(
                    field,
                    format!("`{text}` is quoted wrongly"),
                    "a quoted name ends with a quote, and a quote inside it is doubled",
                    "write it like `'\"all\"'`, or without any quotes: pgpod adds those that are needed"
                        .to_owned(),
                )),
            };
        }
        let words: &[&str] = if of == Of::Databases { &DATABASE_WORDS } else { &USER_WORDS };
        if let Some(word) = words.iter().find(|word| **word == text) {
            return Ok(Name::Word(word));
        }
        if let Some(word) = words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            return Err(Fault::error(
                field,
                format!("`{text}` is not the word `{word}`"),
                "PostgreSQL knows the words of pg_hba.conf in lower case only",
                format!("write `{word}`, or {}", so_called(text)),
            )
            .taken());
        }
        if let Some(regex) = text.strip_prefix('/') {
            return regular_expression(field, regex, major);
        }
        if text.starts_with('@') {
            return Err(Fault::error(
                field,
                format!("`{text}` would read names from a file"),
                "the container has no such file",
                format!("list the names here, or write {}", so_called(text)),
            ));
        }
        if let (Of::Users, Some(role)) = (of, text.strip_prefix('+')) {
            return literal(field, role).map(Name::MembersOf);
        }
        literal(field, text).map(Name::Literal)
    }
}

/// How a values file says that a text is a name whatever it looks like: YAML takes the outer quotes for its own.
fn so_called(text: &str) -> String {
    let quoted = text.replace('"', "\"\"").replace('\'', "''");
    format!("`'\"{quoted}\"'` for a name that is really called so")
}

/// What is a name without quotes, and was hardly meant as one.
pub(super) fn hardly_a_name(field: &str, text: &str) -> Option<Fault> {
    let (title, meant) = match text {
        "*" => ("`*` is no word of pg_hba.conf".to_owned(), "all".to_owned()),
        _ if text.contains(',') && !text.starts_with(['"', '/']) => {
            let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
            (format!("`{text}` is one name, with its comma"), format!("[{}]", parts.join(", ")))
        }
        _ => return None,
    };
    Some(Fault::warning(
        field,
        title,
        "a rule for a name that nothing has never matches, and its clients fall to the rules below it",
        format!("write `{meant}`, or {}", so_called(text)),
    ))
}

fn regular_expression(field: &str, regex: &str, major: Major) -> Result<Name, Fault> {
    if major < Major::V16 {
        return Err(Fault::error(
            field,
            format!("`/{regex}` is a regular expression, which PostgreSQL {} does not know", major.number()),
            "names in pg_hba.conf can be regular expressions from 16 on",
            format!("list the names, or write {}", so_called(&format!("/{regex}"))),
        ));
    }
    if regex.is_empty() {
        return Err(Fault::error(
            field,
            "an empty regular expression matches every name".to_owned(),
            "after the `/` follows a regular expression",
            "write `all` to mean every name".to_owned(),
        )
        .taken());
    }
    refuse_control(field, regex)?;
    if let Err(why) = crate::postgres::regex::check(regex) {
        return Err(Fault::error(
            field,
            format!("`/{regex}` is no regular expression"),
            &format!("the server refuses the whole file: {why}"),
            format!("mend it, or write {}", so_called(&format!("/{regex}"))),
        ));
    }
    Ok(Name::Regex(regex.to_owned()))
}

fn literal(field: &str, name: &str) -> Result<String, Fault> {
    refuse_control(field, name)?;
    if name.is_empty() {
        return Err(Fault::error(
            field,
            "a name is empty".to_owned(),
            "no database and no role has an empty name",
            "write a name, or `all`".to_owned(),
        ));
    }
    if name.len() > LONGEST {
        return Err(Fault::error(
            field,
            format!("`{}…` has {} bytes", name.chars().take(40).collect::<String>(), name.len()),
            "PostgreSQL cuts names off after 63 bytes, so this one would never match",
            "use the name as the server has it".to_owned(),
        )
        .taken());
    }
    Ok(name.to_owned())
}

fn refuse_control(field: &str, text: &str) -> Result<(), Fault> {
    match text.chars().find(|character| character.is_control()) {
        None => Ok(()),
        Some(found) => Err(Fault::error(
            field,
            format!("a name has a control character, U+{:04X}", u32::from(found)),
            "pg_hba.conf is read line by line, so it can't hold this name",
            "rename it".to_owned(),
        )),
    }
}
