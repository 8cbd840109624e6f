//! Names of rules against those that a release has: one that is nearly a known one is a slip, and a rule for replication
//! helps no role that may not replicate.

use super::address::WORDS as ADDRESS_WORDS;
use super::name::DATABASE_WORDS;
use super::{Address, Fault, Kind, Misplaced, Name, Roles, Rule};
use crate::spelling::{distance, same_but_for_digits};

/// The names that a release knows of. There can be others, made by hand.
#[derive(Debug, Default)]
pub struct Known<'a> {
    pub databases: Vec<&'a str>,
    pub users: Vec<&'a str>,
}

/// Judges the names in the user's rules; one that could not be read is `None`.
pub fn judge_names(rules: &[Option<Rule>], known: &Known, roles: &Roles) -> Vec<Misplaced> {
    let mut found = Vec::new();
    let rules = rules.iter().enumerate().filter_map(|(index, rule)| Some((index, rule.as_ref()?)));
    for (index, rule) in rules {
        let fields = [("database", &rule.databases, &known.databases), ("role", &rule.users, &known.users)];
        let slips = fields.into_iter().flat_map(|(what, names, known)| slips(what, names, known));
        found.extend(
            slips.chain(slip_of_address(rule)).chain(of_no_standby(rule, roles)).map(|fault| Misplaced {
                rule: index,
                fault,
                earlier: None,
            }),
        );
    }
    found
}

fn slips<'a>(what: &'a str, names: &'a [Name], known: &'a [&str]) -> impl Iterator<Item = Fault> + 'a {
    names.iter().enumerate().filter_map(move |(at, name)| {
        let Name::Literal(name) = name else { return None };
        let words: &[&str] = if what == "role" { &[] } else { &DATABASE_WORDS };
        let meant = meant(name, known).or_else(|| nearly_a_word(name, words))?;
        let list = if what == "role" { "users" } else { "databases" };
        Some(Fault::warning(
            format!("{list}[{at}]"),
            format!("no {what} of these values is called `{name}`"),
            "a rule for a name that nothing has never matches, and its clients fall to the rules below it",
            format!("did you mean `{meant}`? leave it if the {what} is made elsewhere"),
        ))
    })
}

/// A host's name that is nearly a word.
fn slip_of_address(rule: &Rule) -> Option<Fault> {
    let Some(Address::Host(name)) = &rule.address else { return None };
    let meant = nearly_a_word(name, &ADDRESS_WORDS)?;
    Some(Fault::warning(
        "address",
        format!("`{name}` is taken for the name of a host"),
        "a rule for a host that there is not never matches, and its clients fall to the rules below it",
        format!("did you mean `{meant}`? leave it if a host is called so"),
    ))
}

/// The word of `pg_hba.conf` that a name is one slip away from. `alt` is no slip of `all`, nor `application` one of
/// `replication`.
fn nearly_a_word(name: &str, words: &[&'static str]) -> Option<&'static str> {
    let near = |word: &&&str| word.len() > 3 && distance(name, word, 1).is_some();
    if words.contains(&name) { None } else { words.iter().find(near).copied() }
}

/// The known name that another one most likely stands for.
fn meant<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let near = |other: &&&str| {
        let other = other.to_lowercase();
        let (shorter, longer) = (name.len().min(other.len()), name.len().max(other.len()));
        let allowed = if shorter < 8 { 1 } else { 2 };
        // `app` and `apps` can be two names.
        let alike = shorter == longer || shorter >= 6;
        alike
            && (lower == other || !same_but_for_digits(&lower, &other))
            && distance(&lower, &other, allowed).is_some()
    };
    if known.contains(&name) {
        return None;
    }
    known.iter().find(near).copied()
}

/// A rule for nothing but replication, for a role of the release that may not replicate.
fn of_no_standby(rule: &Rule, roles: &Roles) -> Option<Fault> {
    let for_replication = rule.databases.iter().all(|name| *name == Name::Word("replication"));
    if !for_replication || rule.kind == Kind::Local || rule.method == "reject" {
        return None;
    }
    let own: Vec<&Name> = roles.clients.iter().chain(&roles.exporter).collect();
    let (at, name) = rule.users.iter().enumerate().find(|(_, user)| own.contains(user))?;
    let Name::Literal(name) = name else { return None };
    let fault = Fault::error(
        format!("users[{at}]"),
        format!("the role `{name}` may not replicate"),
        "`replication` stands for connections of standbys, and for no database of that name",
        "name the databases that it is for, or the role of `postgresql.auth.replicationUsername`".to_owned(),
    );
    Some(fault.taken())
}

#[cfg(test)]
mod tests {
    use super::super::name::DATABASE_WORDS;
    use super::{meant, nearly_a_word};

    #[test]
    fn a_slip_of_a_word_is_known() {
        for (name, expected) in [
            ("sameusers", Some("sameuser")),
            ("same_role", Some("samerole")),
            ("replicaton", Some("replication")),
            ("sameuser", None),
            ("application", None),
            ("alt", None),
            ("same", None),
        ] {
            assert_eq!(nearly_a_word(name, &DATABASE_WORDS), expected, "{name}");
        }
    }

    #[test]
    fn a_slip_is_known_and_a_series_is_none() {
        let known = ["app", "prod_db", "line1", "maintenance_logs"];
        for (name, expected) in [
            ("aap", Some("app")),
            ("prod_bd", Some("prod_db")),
            ("PROD_DB", Some("prod_db")),
            ("prod_dbs", Some("prod_db")),
            ("maintenace_log", Some("maintenance_logs")),
            ("app", None),
            ("apps", None),
            ("app2", None),
            ("line2", None),
            ("line12", None),
            ("readonly", None),
        ] {
            assert_eq!(meant(name, &known), expected, "{name}");
        }
    }
}
