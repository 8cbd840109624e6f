//! A rule: the text that a user writes, and what is left once every field is known to be right.

use std::collections::BTreeMap;

use super::super::Major;
use super::method::{self, Method, Where};
use super::name::{self, Of};
use super::{Address, Fault, Kind, Name, options};

/// A rule as a user writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleText {
    /// `local`, `host`, `hostssl`, `hostnossl`.
    pub kind: String,
    pub databases: Vec<String>,
    pub users: Vec<String>,
    pub address: Option<String>,
    pub method: String,
    pub options: BTreeMap<String, String>,
}

/// What a rule's correctness depends on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub major: Major,
    /// Whether the server speaks TLS.
    pub tls: bool,
    /// Whether the server has a CA to check clients' certificates with (`ssl_ca_file`).
    pub client_ca: bool,
    /// Whether `oauth_validator_libraries` is set.
    pub oauth_validators: bool,
    /// The superuser's name.
    pub superuser: &'a str,
    /// Methods that the image's server was built without.
    pub absent: &'a [&'a str],
    /// The maps that `pg_ident.conf` has.
    pub maps: &'a [&'a str],
}

/// A rule that the server loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub kind: Kind,
    pub databases: Vec<Name>,
    pub users: Vec<Name>,
    /// Absent for `local` only.
    pub address: Option<Address>,
    pub method: &'static str,
    pub options: BTreeMap<String, String>,
}

/// Reads a rule. There is one unless a fault is an error, other than of a method that the server takes; all faults are
/// reported at once.
pub fn check(text: &RuleText, context: &Context) -> (Option<Rule>, Vec<Fault>) {
    let mut faults = Vec::new();
    let kind = check_kind(text, context, &mut faults);
    let databases = check_names(Of::Databases, &text.databases, context.major, &mut faults);
    let users = check_names(Of::Users, &text.users, context.major, &mut faults);
    let address = check_address(text, kind, &mut faults);
    let method = check_method(text, kind, address.as_ref(), context, &mut faults);
    if let Some(method) = method {
        options::check(&text.options, method, kind, context, &mut faults);
    }
    // A method that proves nothing lets the same clients in: what else is wrong with them is told as well.
    let lets_in = |fault: &Fault| fault.field == "method" && fault.taken;
    let good = faults.iter().all(|fault| fault.severity != super::Severity::Error || lets_in(fault));
    let rule = match (kind, method) {
        (Some(kind), Some(method)) if good => {
            let options = text.options.clone();
            Some(Rule { kind, databases, users, address, method: method.name, options })
        }
        _ => None,
    };
    (rule, faults)
}

fn check_kind(text: &RuleText, context: &Context, faults: &mut Vec<Fault>) -> Option<Kind> {
    let Some(kind) = Kind::parse(&text.kind) else {
        faults.push(Fault::error(
            "kind",
            format!("`{}` is not a kind of rule", text.kind),
            "a rule is for the socket (`local`), for TCP (`host`), or for TCP with or without TLS",
            "write `local`, `host`, `hostssl` or `hostnossl`".to_owned(),
        ));
        return None;
    };
    if kind == Kind::HostSsl && !context.tls {
        faults.push(
            Fault::error(
                "kind",
                "`hostssl` never matches: TLS is off".to_owned(),
                "without TLS the server skips every `hostssl` rule, and its clients are locked out",
                "set `security.tls.enabled: true`, or write `host`".to_owned(),
            )
            .taken(),
        );
    }
    Some(kind)
}

fn check_names(of: Of, texts: &[String], major: Major, faults: &mut Vec<Fault>) -> Vec<Name> {
    let list = if of == Of::Databases { "databases" } else { "users" };
    if texts.is_empty() {
        faults.push(Fault::error(
            list,
            format!("the rule names no {list}"),
            "a rule needs at least one",
            "write `[all]` to mean every one".to_owned(),
        ));
    }
    let mut names = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let field = format!("{list}[{at}]");
        faults.extend(name::hardly_a_name(&field, text));
        match Name::parse(of, &field, text, major) {
            Ok(name) => names.push(name),
            Err(fault) => faults.push(fault),
        }
    }
    names
}

fn check_address(text: &RuleText, kind: Option<Kind>, faults: &mut Vec<Fault>) -> Option<Address> {
    match (kind, text.address.as_deref()) {
        (Some(Kind::Local), Some(address)) => {
            faults.push(Fault::error(
                "address",
                format!("a `local` rule has the address `{address}`"),
                "a client of the socket has no address",
                "drop `address`, or write `host`".to_owned(),
            ));
            None
        }
        (Some(Kind::Local) | None, None) => None,
        (Some(kind), None) => {
            faults.push(Fault::error(
                "address",
                format!("a `{}` rule has no address", kind.word()),
                "a rule for TCP says where clients come from",
                "write `all`, or a network like `10.0.0.0/8`".to_owned(),
            ));
            None
        }
        (_, Some(address)) => match Address::parse(address) {
            Ok(address) => Some(address),
            Err(fault) => {
                faults.push(fault);
                None
            }
        },
    }
}

fn check_method(
    text: &RuleText,
    kind: Option<Kind>,
    address: Option<&Address>,
    context: &Context,
    faults: &mut Vec<Fault>,
) -> Option<&'static Method> {
    let Some(method) = method::find(&text.method) else {
        let names: Vec<_> = usable(context.major).map(|method| format!("`{}`", method.name)).collect();
        faults.push(Fault::error(
            "method",
            format!("`{}` is not an authentication method", text.method),
            "PostgreSQL refuses the whole file",
            format!("write one of {}", names.join(", ")),
        ));
        return None;
    };
    let kind = kind.unwrap_or(Kind::Host);
    if let Where::Nowhere(reason) = method.place {
        faults.push(Fault::error(
            "method",
            format!("`{}` is not there in a container", method.name),
            reason,
            "write `scram-sha-256`".to_owned(),
        ));
        return None;
    } else if context.absent.contains(&method.name) {
        faults.push(Fault::error(
            "method",
            format!("the image has no `{}`", method.name),
            "its server was built without, and refuses the whole file",
            "set `postgresql.image.flavor` to `debian`, or write `scram-sha-256`".to_owned(),
        ));
        return None;
    } else if method.since > context.major {
        faults.push(Fault::error(
            "method",
            format!("PostgreSQL {} has no `{}`", context.major.number(), method.name),
            "the method is newer",
            format!("use PostgreSQL {}, or `scram-sha-256`", method.since.number()),
        ));
        return None;
    } else if method.name == "trust" {
        check_trust(kind, address, faults);
    } else if !method.place.takes(kind) {
        faults.push(Fault::error(
            "method",
            format!("`{}` can't be used in a `{}` rule", method.name, kind.word()),
            match method.place {
                Where::Socket => "it asks the kernel who is at the other end of the socket",
                Where::Tls => "it takes the client's TLS certificate for proof",
                _ => "it needs a client that comes over TCP",
            },
            match method.place {
                Where::Socket => "write `local`, or the method `scram-sha-256`".to_owned(),
                Where::Tls => "write `hostssl`".to_owned(),
                _ if method.name == "ident" => "write `peer`, its like for the socket".to_owned(),
                _ => "write `host` or `hostssl`, or the method `peer`".to_owned(),
            },
        ));
    } else if method.name == "password" && !matches!(kind, Kind::HostSsl | Kind::Local) {
        faults.push(
            Fault::error(
                "method",
                "`password` sends passwords in clear over the network".to_owned(),
                "anyone on the way can read them",
                if context.tls {
                    "write `scram-sha-256`, or `hostssl`".to_owned()
                } else {
                    "write `scram-sha-256`".to_owned()
                },
            )
            .taken(),
        );
    } else if method.name == "oauth" && !context.oauth_validators {
        faults.push(Fault::error(
            "method",
            "`oauth` has nothing to check tokens with".to_owned(),
            "PostgreSQL refuses the whole file without a library for it",
            "set `oauth_validator_libraries`, or write `scram-sha-256`".to_owned(),
        ));
    } else if method.name == "ident" {
        faults.push(Fault::warning(
            "method",
            "`ident` believes the client's own machine".to_owned(),
            "whoever runs that machine says who its user is, and where nothing answers on port 113, nobody gets in",
            "write `scram-sha-256`".to_owned(),
        ));
    } else if method.name == "md5" {
        faults.push(Fault::warning(
            "method",
            "`md5` is weak, and a later PostgreSQL drops it".to_owned(),
            "an MD5 hash can be used in place of the password",
            "write `scram-sha-256`: roles that pgpod makes have SCRAM passwords".to_owned(),
        ));
    }
    Some(method)
}

fn check_trust(kind: Kind, address: Option<&Address>, faults: &mut Vec<Fault>) {
    if kind == Kind::Local {
        faults.push(Fault::warning(
            "method",
            "`trust` lets every container of the pod in as any of these users".to_owned(),
            "the socket is shared with the exporter and other sidecars",
            "write `peer` or `scram-sha-256`".to_owned(),
        ));
    } else if address.is_some_and(Address::is_own) {
        faults.push(Fault::warning(
            "method",
            "`trust` lets every container of the pod in as any of these users".to_owned(),
            "they share one network, and whoever may use `kubectl port-forward` comes from there too",
            "write `scram-sha-256`".to_owned(),
        ));
    } else {
        faults.push(
            Fault::error(
                "method",
                "`trust` lets anyone on the network in without a password".to_owned(),
                "it asks for nothing but a user name",
                "write `scram-sha-256`".to_owned(),
            )
            .taken(),
        );
    }
}

/// The methods that some rule of this major can have.
fn usable(major: Major) -> impl Iterator<Item = &'static Method> {
    method::METHODS
        .iter()
        .filter(move |method| method.since <= major && !matches!(method.place, Where::Nowhere(_)))
}
