//! Roles: those of the release are distinct, and PostgreSQL can have every one that is named.

use crate::config::Identifier;
use crate::diagnostics::{Diagnostic, codes};
use crate::release::names;
use crate::yaml::ValuePath;

use super::Subject;
use super::findings::{Findings, path};

/// The release's own roles, each by its key.
pub(super) fn own<'a>(subject: &Subject<'a>) -> [(&'static str, &'a str); 4] {
    let auth = &subject.config.postgresql.auth;
    [
        ("owner", auth.owner.as_str()),
        ("username", auth.username.as_str()),
        ("readOnlyUsername", auth.read_only_username.as_str()),
        ("replicationUsername", auth.replication_username.as_str()),
    ]
}

/// Roles that databases, schemas, grants and scripts name; they are made when they are missing.
pub(super) fn others<'a>(subject: &Subject<'a>) -> Vec<(ValuePath, &'a str)> {
    let postgresql = &subject.config.postgresql;
    let mut roles = Vec::new();
    for (index, database) in postgresql.databases.iter().enumerate() {
        let base = path(&["postgresql", "databases"]).item(index);
        roles.extend(database.owner.iter().map(|role| (base.child("owner"), role.as_str())));
        for (at, schema) in database.schemas.iter().flatten().enumerate() {
            let here = base.child("schemas").item(at).child("owner");
            roles.extend(schema.owner.iter().map(|role| (here.clone(), role.as_str())));
        }
        for (at, grant) in database.grants.iter().flatten().enumerate() {
            roles.push((base.child("grants").item(at).child("role"), grant.role.as_str()));
        }
    }
    for (index, script) in postgresql.init_scripts.iter().enumerate() {
        let here = path(&["postgresql", "initScripts"]).item(index).child("as");
        roles.extend(script.run_as.iter().map(|role| (here.clone(), role.as_str())));
    }
    roles
}

pub(super) fn names_can_exist(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let base = path(&["postgresql", "auth"]);
    let mut refuse = |here: &ValuePath, name: &str, why: &str| {
        let finding = Diagnostic::error(codes::ROLE_NAME, format!("the role `{name}` cannot be used here"));
        found.at(here, "", finding.cause(why).help("choose another name"));
    };
    for (key, name) in own(subject) {
        let why = match name {
            names::SUPERUSER => Some("it is the superuser, who comes in over the socket only"),
            names::EXPORTER => Some("it is the exporter's role, which has no password"),
            name => reserved(name),
        };
        if let Some(why) = why {
            refuse(&base.child(key), name, why);
        }
    }
    for (here, name) in others(subject) {
        if let Some(why) = reserved(name) {
            refuse(&here, name, why);
        }
    }
}

/// Why PostgreSQL makes no role of this name (`CreateRole` in `user.c`).
fn reserved(name: &str) -> Option<&'static str> {
    match name {
        "public" | "none" => Some("the word has a meaning of its own where PostgreSQL expects a role"),
        name if name.starts_with("pg_") => Some("PostgreSQL keeps names that begin with `pg_` for itself"),
        _ => None,
    }
}

pub(super) fn are_distinct(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let base = path(&["postgresql", "auth"]);
    let roles = own(subject);
    for (index, (key, name)) in roles.iter().enumerate() {
        if let Some((other, _)) = roles[..index].iter().find(|(_, other)| other == name) {
            found.at_all(
                &[(&base.child(*key), "the second"), (&base.child(*other), "the first")],
                Diagnostic::error(codes::ROLE_TWICE, format!("the role `{name}` is used for two things"))
                    .cause("each role has rights of its own: together they would be one too many")
                    .help("give each its own name"),
            );
        }
    }
}

/// The release's own roles have rights of their own; the owner alone may own.
pub(super) fn keep_their_rights(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let auth = &subject.config.postgresql.auth;
    let own = [&auth.username, &auth.read_only_username, &auth.replication_username].map(Identifier::as_str);
    let is_own = |name: &str| own.contains(&name) || name == names::EXPORTER;
    let refuse = |found: &mut Findings<'_>, at: &ValuePath, name: &str, what: &str| {
        found.at(
            at,
            "",
            Diagnostic::error(codes::ROLE_FIXED, format!("the role `{name}` cannot {what}"))
                .cause("it is a role of the release itself, with rights that are fixed")
                .help("name another role: it is made when it is missing"),
        );
    };
    let databases = path(&["postgresql", "databases"]);
    for (index, database) in subject.config.postgresql.databases.iter().enumerate() {
        let here = databases.item(index);
        for owner in database.owner.iter().filter(|owner| is_own(owner.as_str())) {
            refuse(found, &here.child("owner"), owner.as_str(), "own a database");
        }
        for (at, schema) in database.schemas.iter().flatten().enumerate() {
            for owner in schema.owner.iter().filter(|owner| is_own(owner.as_str())) {
                let at = here.child("schemas").item(at).child("owner");
                refuse(found, &at, owner.as_str(), "own a schema");
            }
        }
        for (at, grant) in database.grants.iter().flatten().enumerate() {
            if is_own(grant.role.as_str()) {
                let at = here.child("grants").item(at).child("role");
                refuse(found, &at, grant.role.as_str(), "be granted more");
            }
        }
    }
}
