//! Databases and scripts have to fit each other, and PostgreSQL.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::extensions::EnabledExtensions;
use crate::postgres::parameters::encoding_letters;
use crate::postgres::{Major, parameters, sql};

use super::Subject;
use super::findings::{Findings, path};

/// Databases of the cluster itself.
const RESERVED: [&str; 3] = ["postgres", "template0", "template1"];

pub(super) fn names_are_unique(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let databases = path(&["postgresql", "databases"]);
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, database) in subject.config.postgresql.databases.iter().enumerate() {
        let name = database.name.as_str();
        let here = databases.item(index).child("name");
        if RESERVED.contains(&name) {
            found.at(
                &here,
                "",
                Diagnostic::error(
                    codes::DATABASE_RESERVED,
                    format!("the database `{name}` is PostgreSQL's own"),
                )
                .cause("it is there in every cluster, and pgpod works from it")
                .help("choose another name"),
            );
        }
        if let Some(other) = first.insert(name, index) {
            let other = databases.item(other).child("name");
            found.at_all(
                &[(&here, "the second"), (&other, "the first")],
                Diagnostic::error(codes::DATABASE_TWICE, format!("the database `{name}` is there twice"))
                    .help("merge the two, or rename one"),
            );
        }
        for (at, schema) in database.schemas.iter().flatten().enumerate() {
            if is_reserved_schema(schema.name.as_str()) {
                found.at(
                    &databases.item(index).child("schemas").item(at).child("name"),
                    "",
                    Diagnostic::error(codes::SCHEMA_RESERVED, format!("the schema `{}` cannot be made", schema.name.as_str()))
                        .cause("`information_schema` and names that begin with `pg_` are PostgreSQL's own, `pgpod` is pgpod's")
                        .help("choose another name"),
                );
            }
        }
    }
}

fn is_reserved_schema(name: &str) -> bool {
    name.starts_with("pg_") || matches!(name, "information_schema" | "pgpod")
}

/// Encodings that only clients can have (the manual, "Supported Character Sets").
const OF_CLIENTS: [&str; 7] = ["big5", "gb18030", "gbk", "johab", "shiftjis2004", "sjis", "uhc"];

/// Encodings that go with a locale of UTF-8; for the first, the server compares nothing.
const OF_UTF8: [&str; 3] = ["sqlascii", "unicode", "utf8"];

pub(super) fn encodings_fit_their_locales(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let databases = path(&["postgresql", "databases"]);
    for (index, database) in subject.config.postgresql.databases.iter().enumerate() {
        let (Some(encoding), Some(locale)) = (&database.encoding, &database.locale) else { continue };
        let codeset = locale
            .as_str()
            .split_once('.')
            .map(|(_, rest)| encoding_letters(rest.split('@').next().unwrap_or(rest)));
        // What another codeset means, the C library of the image decides.
        if codeset.as_deref() != Some("utf8") || OF_UTF8.contains(&&*encoding_letters(encoding.as_str())) {
            continue;
        }
        let item = databases.item(index);
        found.at_all(
            &[(&item.child("encoding"), "this encoding"), (&item.child("locale"), "a locale of UTF-8")],
            Diagnostic::error(
                codes::DATABASE_PROPERTY,
                format!(
                    "a database with the locale `{}` can only be in UTF8",
                    locale.as_str().escape_debug()
                ),
            )
            .cause("the locale's rules read UTF-8; PostgreSQL refuses the pair")
            .help("leave out `encoding`, or choose the locale `C`, which goes with every encoding"),
        );
    }
}

/// Whether a text can be the name of a locale at all. This parameter takes the same names.
pub(super) fn can_be_a_locale(major: Major, name: &str) -> bool {
    parameters::check(major, "lc_monetary", name, &EnabledExtensions::default()).is_ok()
}

pub(super) fn encodings_and_locales_exist(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let databases = path(&["postgresql", "databases"]);
    for (index, database) in subject.config.postgresql.databases.iter().enumerate() {
        // These parameters take the same names.
        let pairs = [
            ("encoding", "client_encoding", &database.encoding),
            ("locale", "lc_monetary", &database.locale),
        ];
        for (key, parameter, value) in pairs {
            let Some(value) = value else { continue };
            let title = || {
                Diagnostic::error(
                    codes::DATABASE_PROPERTY,
                    format!("a database cannot have the {key} `{}`", value.as_str().escape_debug()),
                )
            };
            let here = databases.item(index).child(key);
            let checked =
                parameters::check(subject.major, parameter, value.as_str(), &EnabledExtensions::default());
            if let Err(fault) = checked {
                found.at(&here, "", title().cause(fault.cause).help(fault.help));
            } else if key == "encoding" && OF_CLIENTS.contains(&&*encoding_letters(value.as_str())) {
                let finding = title().cause("PostgreSQL knows it for clients only");
                found.at(&here, "", finding.help("leave it out for UTF8: clients choose their own encoding"));
            }
        }
    }
}

pub(super) fn scripts_name_a_database(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let postgresql = &subject.config.postgresql;
    let base = path(&["postgresql", "initScripts"]);
    let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (index, script) in postgresql.init_scripts.iter().enumerate() {
        let here = base.item(index);
        if !postgresql.databases.iter().any(|database| database.name == script.database) {
            let known: Vec<_> =
                postgresql.databases.iter().map(|d| format!("`{}`", d.name.as_str())).collect();
            found.at(
                &here.child("database"),
                "",
                Diagnostic::error(
                    codes::NO_DATABASE,
                    format!("there is no database `{}` for this script", script.database.as_str()),
                )
                .help(format!("add it to `postgresql.databases`, or name one of {}", known.join(", "))),
            );
        }
        if let Some(other) = first.insert((script.database.as_str(), script.name.as_str()), index) {
            found.at_all(
                &[(&here.child("name"), "the second"), (&base.item(other).child("name"), "the first")],
                Diagnostic::error(
                    codes::SCRIPT_TWICE,
                    format!("the script `{}` is there twice", script.name.as_str()),
                )
                .cause("what ran once is known by its name and database")
                .help("rename one"),
            );
        }
    }
}

/// A statement that no server reads stops the script, at every start, until somebody looks.
pub(super) fn scripts_are_sql(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for (index, script) in subject.config.postgresql.init_scripts.iter().enumerate() {
        let at = path(&["postgresql", "initScripts"]).item(index).child("sql");
        for unreadable in sql::check(script.sql.as_str()) {
            found.within(
                &at,
                (unreadable.start, unreadable.end),
                Diagnostic::warning(
                    codes::SQL_SYNTAX,
                    format!("the script `{}` is no SQL here", script.name.as_str()),
                )
                .cause(unreadable.message)
                .help("mend it, or try the script on a server: pgpod's reader is not the server's own"),
            );
        }
    }
}
