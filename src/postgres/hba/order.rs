//! Rules together: the first that matches a client decides, so that an earlier one can make a later one useless, let the
//! superuser in, or keep the release's own roles out.

use super::file::{self, Roles};
use super::{Address, Context, Fault, Kind, Name, Rule};

/// What is wrong with a rule because of where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// The rule's number among the user's.
    pub rule: usize,
    pub fault: Fault,
    /// The user's rule that takes its clients first.
    pub earlier: Option<usize>,
}

/// Judges the user's rules in their order; one that could not be read is `None`.
pub fn judge(rules: &[Option<Rule>], roles: &Roles, context: &Context) -> Vec<Misplaced> {
    let mut found = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let Some(rule) = rule else { continue };
        let before = || rules[..index].iter().enumerate().filter_map(|(at, rule)| Some((at, rule.as_ref()?)));
        let misplaced = |fault| Misplaced { rule: index, fault, earlier: None };
        if file::opening(roles).iter().any(|own| covers(own, rule, context.tls)) {
            let why = if rule.method == "peer" && rule.options.get("map").is_some_and(|map| map == file::MAP)
            {
                "pgpod's own rules for the socket come first, and do the same"
            } else {
                "pgpod's own rules for the socket come first, and let this user in by `peer`, from the pod's own containers"
            };
            let fault = never_matches(why, rule);
            found.push(misplaced(Fault { help: "remove it".to_owned(), ..fault }));
        } else if let Some((at, _)) = before().find(|(_, earlier)| covers(earlier, rule, context.tls)) {
            let fault = never_matches("an earlier rule takes every client that it is for", rule);
            found.push(Misplaced { earlier: Some(at), ..misplaced(fault) });
        }
        let refused =
            |of: &Rule| before().any(|(_, earlier)| is_reject(earlier) && covers(earlier, of, context.tls));
        if let Some(fault) = superuser(rule, &refused, context) {
            found.push(misplaced(fault));
        }
        let decided = |of: &Rule| {
            before().any(|(_, earlier)| covers(earlier, of, context.tls) || lets_some_in(earlier, of))
        };
        if let Some(fault) = shuts_out(rule, &decided, roles, context) {
            found.push(misplaced(fault));
        }
    }
    found
}

pub(super) fn is_reject(rule: &Rule) -> bool {
    rule.method == "reject"
}

fn never_matches(why: &str, rule: &Rule) -> Fault {
    let help = if is_reject(rule) {
        "move it up: what is refused goes before what is allowed"
    } else {
        "move it up, narrow the earlier one, or remove it"
    };
    Fault::warning("", "this rule never matches".to_owned(), why, help.to_owned())
}

/// Whether a rule lets the superuser in over TCP, who is kept to the socket by a rule behind it.
fn superuser(rule: &Rule, refused: &dyn Fn(&Rule) -> bool, context: &Context) -> Option<Fault> {
    let user = Name::Literal(context.superuser.to_owned());
    if rule.kind == Kind::Local || is_reject(rule) {
        return None;
    }
    let at = rule.users.iter().position(|name| includes(name, &user))?;
    let as_superuser = Rule { users: vec![user], ..rule.clone() };
    if refused(&as_superuser) {
        return None;
    }
    let name = match &rule.users[at] {
        Name::Regex(regex) => format!("`/{regex}`"),
        Name::Word(word) => format!("`{word}`"),
        _ => "this rule".to_owned(),
    };
    let from_anywhere = rule.address.as_ref().is_some_and(is_everywhere);
    let (whence, help) = match &rule.users[at] {
        Name::Literal(_) => ("come in by `kubectl exec` and the socket instead", "remove it"),
        _ => ("this rule comes before the one that keeps the superuser to the socket", "name the users"),
    };
    Some(Fault::warning(
        format!("users[{at}]"),
        format!(
            "{name} lets the superuser `{}` in over TCP{}",
            context.superuser,
            if from_anywhere { ", from anywhere" } else { "" }
        ),
        whence,
        format!("{help}, or put a `reject` rule for `{}` before it", context.superuser),
    ))
}

/// Whether a `reject` rule takes all that pgpod's own rules would let in behind it, or all of it that comes by IPv4.
fn shuts_out(
    rule: &Rule,
    earlier: &dyn Fn(&Rule) -> bool,
    roles: &Roles,
    context: &Context,
) -> Option<Fault> {
    if !is_reject(rule) {
        return None;
    }
    let by_ipv4 = rule.address.as_ref().is_some_and(is_all_of_ipv4);
    let taken = |own: &Rule| {
        let address = if by_ipv4 { rule.address.clone() } else { own.address.clone() };
        let own = Rule { address, ..own.clone() };
        covers(rule, &own, context.tls) && !earlier(&own)
    };
    let standbys = file::standbys(roles, context.tls);
    let clients = file::clients(roles, context.tls);
    let (shut, cause) = if let Some(shut) = standbys.first().filter(|own| taken(own)) {
        (shut, "standbys come in by it: none could be made, or follow the primary")
    } else if let Some(shut) = clients.iter().find(|own| taken(own)) {
        (shut, "it comes before pgpod's own rules, and refuses every client that they would let in")
    } else {
        let shut = standbys.iter().find(|own| taken(own))?;
        (shut, "a server that was the primary comes in by it, to become a standby of the new one")
    };
    let name = match shut.users.first() {
        Some(Name::Literal(name)) => name.as_str(),
        _ => "",
    };
    let over = if by_ipv4 { ", over IPv4" } else { "" };
    Some(Fault::warning(
        "",
        format!("this rule keeps the role `{name}` of the release out{over}"),
        cause,
        "name the users that it is for, or a narrower network".to_owned(),
    ))
}

/// Whether an earlier rule lets some clients of a later one in: what refuses the rest narrows the later one, on purpose.
fn lets_some_in(earlier: &Rule, later: &Rule) -> bool {
    let replicates = |rule: &Rule| rule.databases.contains(&Name::Word("replication"));
    let connects = |rule: &Rule| rule.databases.iter().any(|name| *name != Name::Word("replication"));
    let users = later.users.iter().all(|user| earlier.users.iter().any(|name| includes(name, user)));
    let databases = (replicates(earlier) && replicates(later)) || (connects(earlier) && connects(later));
    earlier.kind != Kind::Local && !is_reject(earlier) && users && databases
}

fn is_all_of_ipv4(address: &Address) -> bool {
    matches!(address, Address::Network(network) if network.prefix_len() == 0 && network.network().is_ipv4())
}

/// Whether every client that `later` is for is one that `earlier` is for.
pub(super) fn covers(earlier: &Rule, later: &Rule, tls: bool) -> bool {
    let kind = match (earlier.kind, later.kind) {
        (Kind::Host, Kind::Host | Kind::HostSsl | Kind::HostNoSsl) => true,
        // Without TLS no client uses it.
        (Kind::HostNoSsl, Kind::Host) => !tls,
        (one, other) => one == other,
    };
    let address = match (&earlier.address, &later.address) {
        (Some(one), Some(other)) => contains(one, other),
        (one, other) => one == other,
    };
    let each = |one: &[Name], other: &[Name]| other.iter().all(|o| one.iter().any(|name| includes(name, o)));
    kind && address && each(&earlier.databases, &later.databases) && each(&earlier.users, &later.users)
}

fn contains(one: &Address, other: &Address) -> bool {
    match (one, other) {
        (Address::Word("all"), _) => true,
        (Address::Network(one), Address::Network(other)) => one.contains(other),
        _ => one == other,
    }
}

fn is_everywhere(address: &Address) -> bool {
    match address {
        Address::Word(word) => *word == "all",
        Address::Network(network) => network.prefix_len() == 0,
        Address::Host(_) => false,
    }
}

/// Whether one name stands for all that another stands for. `all` is every database but no replication.
fn includes(one: &Name, other: &Name) -> bool {
    match (one, other) {
        (Name::Word("all"), other) => *other != Name::Word("replication"),
        // PostgreSQL's expressions are richer than ours; one that ours can't read includes nothing.
        (Name::Regex(regex), Name::Literal(name)) => {
            regex_lite::Regex::new(regex).is_ok_and(|regex| regex.is_match(name))
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Major;
    use super::super::{Name, RuleText, check};
    use super::{Context, Roles, judge};

    fn told(tls: bool, rules: &[&str]) -> Vec<String> {
        let context = Context {
            major: Major::V17,
            tls,
            client_ca: false,
            oauth_validators: false,
            superuser: "postgres",
            absent: &[],
            maps: &["pgpod"],
        };
        let name = |text| Name::literal(text).unwrap();
        let roles = Roles {
            superuser: name("postgres"),
            superuser_os: "postgres".to_owned(),
            exporter: Some(name("exporter")),
            exporter_os: "exporter".to_owned(),
            replication: Some(name("replicator")),
            rewind: false,
            clients: vec![name("app"), name("readonly")],
            pooler: None,
        };
        let read = |line: &&str| {
            let words: Vec<&str> = line.split(' ').collect();
            let list = |text: &str| text.split(',').map(str::to_owned).collect();
            let text = RuleText {
                kind: words[0].to_owned(),
                databases: list(words[1]),
                users: list(words[2]),
                address: (words.len() > 4).then(|| words[3].to_owned()),
                method: words[words.len() - 1].to_owned(),
                options: if words[0] == "local" && words[2] == "postgres" {
                    [("map".to_owned(), "pgpod".to_owned())].into()
                } else {
                    [].into()
                },
            };
            let (rule, faults) = check(&text, &context);
            assert!(rule.is_some(), "{faults:?}");
            rule
        };
        let rules: Vec<_> = rules.iter().map(read).collect();
        let word = |earlier: Option<usize>| earlier.map(|at| format!(" (by {at})")).unwrap_or_default();
        judge(&rules, &roles, &context)
            .into_iter()
            .map(|found| format!("{}: {}{}", found.rule, found.fault.title, word(found.earlier)))
            .collect()
    }

    #[test]
    fn a_rule_that_an_earlier_one_covers_never_matches() {
        let never = |by| vec![format!("1: this rule never matches (by {by})")];
        for (tls, first, second, covered) in [
            (false, "host all a,b 10.0.0.0/8 scram-sha-256", "host x a 10.1.0.0/16 reject", true),
            (false, "host all a 10.1.0.0/16 scram-sha-256", "host all a 10.0.0.0/8 scram-sha-256", false),
            (false, "host all a 10.0.0.0/8 scram-sha-256", "host all a fd00::/8 scram-sha-256", false),
            (false, "host x a all scram-sha-256", "host x,y a all scram-sha-256", false),
            (false, "host all a all scram-sha-256", "host replication a all scram-sha-256", false),
            (true, "host all a all scram-sha-256", "hostssl all b all reject", false),
            (true, "hostssl all a all scram-sha-256", "host all a all scram-sha-256", false),
            (true, "host all a all scram-sha-256", "hostssl all a samenet scram-sha-256", true),
            (false, "hostnossl all a all scram-sha-256", "host all a 10.0.0.0/8 scram-sha-256", true),
            (false, "host all /^line all scram-sha-256", "host all line4 all scram-sha-256", true),
            (false, "host all +staff all scram-sha-256", "host all staff all scram-sha-256", false),
            (false, "local all a scram-sha-256", "local x a peer", true),
        ] {
            let expected = if covered { never(0) } else { vec![] };
            assert_eq!(told(tls, &[first, second]), expected, "{first}; {second}");
        }
        for own in ["local all postgres peer", "local x exporter scram-sha-256"] {
            assert_eq!(told(false, &[own]), ["0: this rule never matches"], "{own}");
        }
    }

    #[test]
    fn the_superuser_is_let_in_by_name_by_word_or_by_expression() {
        let in_by =
            |name: &str, end: &str| vec![format!("0: {name} lets the superuser `postgres` in over TCP{end}")];
        for (rule, expected) in [
            ("host all all 10.0.0.0/8 scram-sha-256", in_by("`all`", "")),
            ("host x app,postgres 0.0.0.0/0 scram-sha-256", in_by("this rule", ", from anywhere")),
            ("host all /.* all scram-sha-256", in_by("`/.*`", ", from anywhere")),
            ("host all /^plant all scram-sha-256", vec![]),
            ("local all all scram-sha-256", vec![]),
        ] {
            assert_eq!(told(false, &[rule]), expected, "{rule}");
        }
        let after_reject = ["host all postgres all reject", "host all all 10.0.0.0/8 scram-sha-256"];
        assert_eq!(told(false, &after_reject), Vec::<String>::new());
    }

    #[test]
    fn a_reject_rule_may_not_keep_the_releases_own_roles_out() {
        let app = ["0: this rule keeps the role `app` of the release out"];
        assert_eq!(told(false, &["host all all all reject"]), app);
        assert_eq!(told(true, &["hostssl all app all reject"]), app);
        assert_eq!(told(false, &["host all app 10.0.0.0/8 reject"]), Vec::<String>::new());
        let app_by_ipv4 = ["0: this rule keeps the role `app` of the release out, over IPv4"];
        assert_eq!(told(false, &["host all app 0.0.0.0/0 reject"]), app_by_ipv4);
        assert_eq!(told(false, &["host all app ::/0 reject"]), Vec::<String>::new());
        let let_in_first = ["host all app,readonly all scram-sha-256", "host all all all reject"];
        assert_eq!(told(false, &let_in_first), Vec::<String>::new());
        // Some networks, and nobody else.
        let narrowed = [
            "host all app 10.0.0.0/8 scram-sha-256",
            "host all readonly samenet scram-sha-256",
            "host all all all reject",
        ];
        assert_eq!(told(false, &narrowed), Vec::<String>::new());
        let only_one = ["host all app 10.0.0.0/8 scram-sha-256", "host all all all reject"];
        assert_eq!(told(false, &only_one), ["1: this rule keeps the role `readonly` of the release out"]);
        let to_replicate = ["host replication app 10.0.0.0/8 scram-sha-256", "host all app all reject"];
        assert_eq!(told(false, &to_replicate), ["1: this rule keeps the role `app` of the release out"]);
    }
}
