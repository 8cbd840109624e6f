//! A rule's options: known to the method, of the right form, none missing, none at odds.

use std::collections::BTreeMap;

use super::method::{self, Method};
use super::{Context, Fault, Kind, ldap};

/// Checks the options of a rule, each for itself and all together.
pub(super) fn check(
    options: &BTreeMap<String, String>,
    method: &Method,
    kind: Option<Kind>,
    context: &Context,
    faults: &mut Vec<Fault>,
) {
    for (name, value) in options {
        if let Some(fault) = check_option(name, value, method, kind, context) {
            faults.push(fault);
        }
    }
    let has = |name: &&str| options.contains_key(*name);
    for needed in method.needs {
        if !needed.iter().any(has) {
            let names: Vec<_> = needed.iter().map(|name| format!("`{name}`")).collect();
            faults.push(Fault::error(
                "options",
                format!("`{}` needs {}", method.name, names.join(" or ")),
                "PostgreSQL refuses the whole file without it",
                format!("add it under `options`, or use another method than `{}`", method.name),
            ));
        }
    }
    for (some, others) in method::EXCLUDING {
        let pair = some.iter().find(|name| has(name)).zip(others.iter().find(|name| has(name)));
        if let Some((one, other)) = pair {
            faults.push(ldap::excluding(one, other));
        }
    }
    if method.name == "ldap" {
        ldap::check(options, faults);
    }
    let by_certificate = method.name == "cert" || options.contains_key("clientcert");
    if by_certificate && !context.client_ca {
        faults.push(Fault::error(
            if method.name == "cert" { "method" } else { "options.clientcert" },
            "clients' certificates can't be checked: the server has no CA for them".to_owned(),
            "it needs `ssl_ca_file`, and pgpod sets up no CA for clients",
            "write `scram-sha-256`, without `clientcert`".to_owned(),
        ));
    }
}

fn check_option(
    name: &str,
    value: &str,
    method: &Method,
    kind: Option<Kind>,
    context: &Context,
) -> Option<Fault> {
    let field = format!("options.{name}");
    let of_tls = method::TLS_OPTIONS.contains(&name) && kind == Some(Kind::HostSsl);
    if !of_tls && !method.options.contains(&name) {
        let mut names: Vec<_> = method.options.iter().map(|option| format!("`{option}`")).collect();
        if kind == Some(Kind::HostSsl) {
            names.extend(method::TLS_OPTIONS.iter().map(|option| format!("`{option}`")));
        }
        let help = if names.is_empty() {
            "it has no options here: drop it".to_owned()
        } else {
            format!("write one of {}", names.join(", "))
        };
        let rule = kind.map_or("host", Kind::word);
        let title = format!("`{name}` is not an option of `{}` in a `{rule}` rule", method.name);
        return Some(Fault::error(field, title, "PostgreSQL refuses the whole file", help));
    }
    if value.is_empty() || value.chars().any(char::is_control) {
        return Some(Fault::error(
            field,
            format!("the value of `{name}` is empty or has control characters"),
            "pg_hba.conf is read line by line",
            "write a value of one line".to_owned(),
        ));
    }
    let choices = method::CHOICES.iter().find(|(option, _)| *option == name).map_or(&[][..], |found| found.1);
    let choices = if method.name == "cert" && name == "clientcert" { &["verify-full"][..] } else { choices };
    if !choices.is_empty() && !choices.contains(&value) {
        let names: Vec<_> = choices.iter().map(|choice| format!("`{choice}`")).collect();
        return Some(Fault::error(
            field,
            format!("`{value}` is not a value of `{name}`"),
            "PostgreSQL refuses the whole file",
            format!("write {}", names.join(" or ")),
        ));
    }
    if name.starts_with("radius") && value.contains(char::is_whitespace) && !value.contains('"') {
        return Some(Fault::error(
            field,
            format!("the value of `{name}` has a blank outside quotes"),
            "it is a list of values separated by commas, and PostgreSQL refuses the whole file",
            "put double quotes around each value that has blanks".to_owned(),
        ));
    }
    if name == "ldapport" && !value.parse::<u16>().is_ok_and(|port| port > 0) {
        return Some(Fault::error(
            field,
            format!("`{value}` is not a port"),
            "a port is a number from 1 to 65535",
            "write `389`, or drop it".to_owned(),
        ));
    }
    if name == "map" && !context.maps.contains(&value) {
        let names: Vec<_> = context.maps.iter().map(|map| format!("`{map}`")).collect();
        return Some(
            Fault::error(
                field,
                format!("there is no map `{value}`"),
                "pg_ident.conf has no line for it, so nobody would get in",
                format!("use {}, or drop `map`: names then have to be equal", names.join(" or ")),
            )
            .taken(),
        );
    }
    method::SECRET_OPTIONS.contains(&name).then(|| {
        Fault::error(
            field,
            format!("`{name}` would be readable in a ConfigMap"),
            "pg_hba.conf has no way to read a secret from a file, and no secret belongs where anybody may read it",
            "use a method that needs none, such as `ldap` with `ldapprefix` and `ldapsuffix`".to_owned(),
        ).taken()
    })
}
