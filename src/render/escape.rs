//! One writer for each language that a template is in. A value reaches a template's text through the writer of
//! its folder alone; what a writer made itself ([`Written`]) is placed as it is, in its own language only.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::postgres::conf;
use crate::yaml::to_flow;

/// The language of a template, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// `kubernetes/*`: any value as JSON, which every YAML reader reads the same.
    Yaml,
    /// `config/*.conf` of the server: quoted settings.
    Conf,
    /// `config/pg_hba.conf` and `pg_ident.conf`: whole lines of their writer.
    Hba,
    /// `sql/*`: quoted literals; identifiers by `| ident`.
    Sql,
    /// `scripts/*`: no template at all, the text as it is.
    Script,
}

impl Language {
    /// The language of a template's path; none for a folder that pgpod doesn't know.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let (folder, file) = path.split_once('/')?;
        match (folder, file) {
            ("kubernetes", file) if file.ends_with(".yaml") => Some(Self::Yaml),
            ("config", "pg_hba.conf" | "pg_ident.conf") => Some(Self::Hba),
            ("config", file) if file.ends_with(".conf") => Some(Self::Conf),
            ("sql", file) if file.ends_with(".sql") => Some(Self::Sql),
            ("scripts", _) => Some(Self::Script),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Conf => "a configuration file",
            Self::Hba => "an access file",
            Self::Sql => "SQL",
            Self::Script => "a script",
        }
    }

    /// Whether a value is no plain data: a text that a writer made, or nothing at all.
    pub(crate) fn is_written(value: &Value) -> bool {
        value.is_undefined() || value.downcast_object_ref::<Written>().is_some()
    }

    /// A value in this language.
    pub(crate) fn write(self, value: &Value) -> Result<String, Error> {
        if let Some(written) = value.downcast_object_ref::<Written>() {
            if written.language == self {
                return Ok(written.text.clone());
            }
            let (from, to) = (written.language.name(), self.name());
            return Err(refuse(format!("this was written for {from}, not for {to}")));
        }
        if value.is_undefined() {
            return Err(refuse("this value is not defined".to_owned()));
        }
        match (self, value.kind()) {
            (Self::Yaml, _) => to_flow(value).map_err(|e| refuse(e.to_string())),
            (Self::Conf, ValueKind::String | ValueKind::Number | ValueKind::Bool) => {
                Ok(conf::quote(&plain(value)))
            }
            (Self::Sql, ValueKind::String) => literal(&plain(value)),
            (Self::Sql, ValueKind::Number | ValueKind::Bool) => Ok(plain(value)),
            (_, kind) => Err(refuse(format!("{} takes no {kind} here", self.name()))),
        }
    }
}

/// A text that its language's own writer made.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) language: Language,
    pub(crate) text: String,
}

impl Written {
    pub(crate) fn value(language: Language, text: String) -> Value {
        Value::from_object(Self { language, text })
    }
}

impl Object for Written {
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An SQL identifier, or several with commas between them.
pub(crate) fn ident(value: &Value) -> Result<Value, Error> {
    let text = match value.kind() {
        ValueKind::String => identifier(&plain(value))?,
        ValueKind::Seq => {
            let names: Result<Vec<_>, _> = value.try_iter()?.map(|name| identifier(&plain(&name))).collect();
            names?.join(", ")
        }
        kind => return Err(refuse(format!("an identifier is a text, not a {kind}"))),
    };
    Ok(Written::value(Language::Sql, text))
}

/// The argument of psql's `\connect` for a database: a connection string, so that a name like `a=b` stays a name.
pub(crate) fn connect(value: &Value) -> Result<Value, Error> {
    let name = checked(&plain(value))?.replace('\\', "\\\\").replace('\'', "\\'");
    // This one command takes double quotes out of its arguments, even out of quoted ones, but for doubled ones
    // between others: a run of them is doubled and put between two.
    let mut kept = String::with_capacity(name.len());
    let mut in_run = false;
    for c in name.chars() {
        if (c == '"') != in_run {
            kept.push('"');
            in_run = !in_run;
        }
        kept.push(c);
        if c == '"' {
            kept.push(c);
        }
    }
    if in_run {
        kept.push('"');
    }
    Ok(Written::value(Language::Sql, psql_argument(&format!("dbname='{kept}'"))))
}

/// An argument of a psql command that is a text.
pub(crate) fn psql(value: &Value) -> Result<Value, Error> {
    Ok(Written::value(Language::Sql, psql_argument(checked(&plain(value))?)))
}

/// The name of a parameter in a configuration file.
pub(crate) fn parameter(value: &Value) -> Result<Value, Error> {
    let name = plain(value);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    if name.is_empty() || !name.chars().all(fits) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(refuse("this is no name of a parameter".to_owned()));
    }
    Ok(Written::value(Language::Conf, name))
}

fn refuse(why: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, why)
}

/// The text of a scalar. Numbers and booleans print as JSON does, not as Python does.
fn plain(value: &Value) -> String {
    match value.kind() {
        ValueKind::Bool => if value.is_true() { "true" } else { "false" }.to_owned(),
        _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}

fn checked(text: &str) -> Result<&str, Error> {
    if text.contains('\0') {
        Err(refuse("NUL is in no text that PostgreSQL can read".to_owned()))
    } else {
        Ok(text)
    }
}

/// An SQL literal that is one line and holds no `$` and no `"`, so that it stays what it is in a comment and in a
/// dollar-quoted body, whatever `standard_conforming_strings` says.
fn literal(text: &str) -> Result<String, Error> {
    checked(text)?;
    let mut out = String::with_capacity(text.len() + 2);
    let mut escaped = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => out.push_str("''"),
            '\\' | '$' | '"' => out.push_str(&format!("\\{:03o}", u32::from(c))),
            '*' | '/' if chars.peek().is_some_and(|next| matches!(next, '*' | '/')) => {
                out.push_str(&format!("\\{:03o}", u32::from(c)));
            }
            c if u32::from(c) < 0x20 || c == '\u{7f}' => out.push_str(&format!("\\{:03o}", u32::from(c))),
            c => {
                out.push(c);
                continue;
            }
        }
        escaped |= c != '\'';
    }
    Ok(if escaped { format!("E'{out}'") } else { format!("'{out}'") })
}

/// An SQL identifier, always quoted, on one line and without `$` and `'`.
fn identifier(text: &str) -> Result<String, Error> {
    checked(text)?;
    if text.is_empty() {
        return Err(refuse("an identifier is not empty".to_owned()));
    }
    let unsafe_char = |c: char| matches!(c, '$' | '\'') || c.is_control();
    if !text.chars().any(unsafe_char) {
        return Ok(format!("\"{}\"", text.replace('"', "\"\"")));
    }
    let mut out = String::from("U&\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\"\""),
            '\\' => out.push_str("\\\\"),
            c if unsafe_char(c) => out.push_str(&format!("\\{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    Ok(out)
}

/// A single-quoted argument of a psql command (the manual's page on psql, "Meta-Commands").
fn psql_argument(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 0x20 || c == '\u{7f}' => out.push_str(&format!("\\{:03o}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_stays_one_in_comments_and_dollar_quotes() {
        for (text, sql) in [
            ("it's", "'it''s'"),
            ("'; DROP TABLE x; --", "'''; DROP TABLE x; --'"),
            ("a\\b", "E'a\\134b'"),
            ("$$; DROP", "E'\\044\\044; DROP'"),
            ("a\nb", "E'a\\012b'"),
            ("*/ DROP", "E'\\052/ DROP'"),
            ("ünïcode 🐘", "'ünïcode 🐘'"),
        ] {
            assert_eq!(literal(text).unwrap(), sql);
        }
        assert!(literal("a\0b").is_err());
    }

    #[test]
    fn an_identifier_is_always_quoted() {
        for (text, sql) in [
            ("app", "\"app\""),
            ("a\"b", "\"a\"\"b\""),
            ("a$$b", "U&\"a\\0024\\0024b\""),
            ("a\\$", "U&\"a\\\\\\0024\""),
        ] {
            assert_eq!(identifier(text).unwrap(), sql);
        }
    }

    #[test]
    fn a_language_is_told_by_its_folder() {
        for (path, language) in [
            ("kubernetes/service.yaml", Some(Language::Yaml)),
            ("config/postgresql.conf", Some(Language::Conf)),
            ("config/pg_hba.conf", Some(Language::Hba)),
            ("sql/init.sql", Some(Language::Sql)),
            ("scripts/start", Some(Language::Script)),
            ("other/x", None),
            ("x", None),
        ] {
            assert_eq!(Language::of(path), language, "{path}");
        }
    }
}
