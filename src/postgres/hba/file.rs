//! The whole files: pgpod's own rules around the user's.

use std::collections::BTreeMap;

use super::super::Major;
use super::{Address, Kind, Name, Rule, write};

/// The map of `pg_ident.conf` by which containers of the pod come in over the socket.
pub const MAP: &str = "pgpod";

/// The roles that pgpod's own rules are for.
#[derive(Debug, Clone)]
pub struct Roles {
    pub superuser: Name,
    /// The operating system's name of the server container's user.
    pub superuser_os: String,
    pub exporter: Option<Name>,
    /// The operating system's name of the exporter container's user.
    pub exporter_os: String,
    pub replication: Option<Name>,
    /// Whether the replication role reads what pg_rewind needs, in the database `postgres`.
    pub rewind: bool,
    /// Roles that log in over TCP with a password: the application, the read-only one.
    pub clients: Vec<Name>,
    /// The pooler's own role, where it is a pod of its own.
    pub pooler: Option<Name>,
}

/// `pg_hba.conf`: the socket for the pod's own containers, the user's rules, then what pgpod's roles need and an end
/// to everything else. The first rule that matches decides.
pub fn file(roles: &Roles, user_rules: &[Rule], tls: bool, major: Major) -> String {
    let mut sections = vec![(
        "The pod's own containers, over the shared socket, by the user that they run as.",
        opening(roles),
    )];
    if !user_rules.is_empty() {
        sections.push(("Rules from the values.", user_rules.to_vec()));
    }
    sections.push(("The socket for everyone else, with a password.", vec![socket()]));
    let standbys = if roles.rewind {
        "Standbys: the replication role, for replication and for what pg_rewind reads."
    } else {
        "Standbys: the replication role, and nothing but replication."
    };
    sections.push((standbys, replication(roles, tls)));
    sections.push(("The superuser and the exporter stay on the socket.", on_socket_only(roles)));
    sections.push(("Applications.", clients(roles, tls)));
    sections.push(("Nobody else.", vec![reject(word("all"), word("all"))]));
    write::sections(&sections, major)
}

/// `pg_ident.conf`: who may be whom on the map of the socket.
pub fn ident_file(roles: &Roles, major: Major) -> String {
    let mut text = "# map, user of the operating system, role\n".to_owned();
    text.push_str(&write::ident_line(MAP, &roles.superuser_os, &roles.superuser, major));
    if let Some(exporter) = &roles.exporter {
        text.push_str(&write::ident_line(MAP, &roles.exporter_os, exporter, major));
    }
    text
}

pub(super) fn opening(roles: &Roles) -> Vec<Rule> {
    // `all` is every database but no replication.
    let mut list =
        vec![peer(word("all"), roles.superuser.clone()), peer(word("replication"), roles.superuser.clone())];
    list.extend(roles.exporter.clone().map(|exporter| peer(word("all"), exporter)));
    list
}

fn socket() -> Rule {
    rule(Kind::Local, word("all"), vec![word("all")], None, "scram-sha-256")
}

fn replication(roles: &Roles, tls: bool) -> Vec<Rule> {
    let mut list = Vec::new();
    if let Some(role) = &roles.replication {
        list.push(remote(tls, word("replication"), vec![role.clone()]));
    }
    list.push(reject(word("replication"), word("all")));
    let rewind = roles.replication.clone().filter(|_| roles.rewind);
    list.extend(rewind.map(|role| remote(tls, Name::Literal("postgres".to_owned()), vec![role])));
    list.extend(roles.replication.clone().map(|role| reject(word("all"), role)));
    list
}

fn on_socket_only(roles: &Roles) -> Vec<Rule> {
    let roles = [Some(roles.superuser.clone()), roles.exporter.clone()];
    roles.into_iter().flatten().map(|role| reject(word("all"), role)).collect()
}

pub(super) fn clients(roles: &Roles, tls: bool) -> Vec<Rule> {
    let all = roles.clients.iter().chain(&roles.pooler);
    all.map(|role| remote(tls, word("all"), vec![role.clone()])).collect()
}

/// What standbys come in by: for the log, and for what pg_rewind reads.
pub(super) fn standbys(roles: &Roles, tls: bool) -> Vec<Rule> {
    let role = roles.replication.iter().filter(|_| roles.rewind);
    let databases = [word("replication"), Name::Literal("postgres".to_owned())];
    role.flat_map(|role| databases.clone().map(|database| remote(tls, database, vec![role.clone()])))
        .collect()
}

fn word(word: &'static str) -> Name {
    Name::Word(word)
}

fn peer(database: Name, user: Name) -> Rule {
    let options = BTreeMap::from([("map".to_owned(), MAP.to_owned())]);
    Rule { options, ..rule(Kind::Local, database, vec![user], None, "peer") }
}

fn remote(tls: bool, database: Name, users: Vec<Name>) -> Rule {
    let kind = if tls { Kind::HostSsl } else { Kind::Host };
    rule(kind, database, users, Some(Address::ALL), "scram-sha-256")
}

fn reject(database: Name, user: Name) -> Rule {
    rule(Kind::Host, database, vec![user], Some(Address::ALL), "reject")
}

fn rule(
    kind: Kind,
    database: Name,
    users: Vec<Name>,
    address: Option<Address>,
    method: &'static str,
) -> Rule {
    Rule { kind, databases: vec![database], users, address, method, options: BTreeMap::new() }
}
