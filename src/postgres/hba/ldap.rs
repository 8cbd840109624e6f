//! `ldapurl`, read as OpenLDAP's `ldap_url_parse` and `hba.c` do: a URL is server, name, attribute, scope and filter in one,
//! which the options beside it must not contradict.

use std::collections::BTreeMap;

use super::Fault;

const SCOPES: [&str; 8] = ["base", "one", "onelevel", "sub", "subtree", "subord", "subordinate", "children"];

/// Checks the options of a rule for `ldap`, all together.
pub(super) fn check(options: &BTreeMap<String, String>, faults: &mut Vec<Fault>) {
    let url = match options.get("ldapurl").map(|url| read(url).map_err(|why| (url, why))) {
        None => Vec::new(),
        Some(Ok(says)) => says,
        Some(Err((url, why))) => {
            return faults.push(Fault::error(
                "options.ldapurl",
                format!("`{url}` is no URL of an LDAP server"),
                &format!("PostgreSQL refuses the whole file: {why}"),
                "write one like `ldap://ldap.plant.local/dc=plant,dc=local?uid?sub`".to_owned(),
            ));
        }
    };
    let has = |name: &str| options.contains_key(name);
    let by_name = ["ldapprefix", "ldapsuffix"].into_iter().find(|name| has(name));
    let said = |name: &str| url.contains(&name);
    let base = said("ldapbasedn") || has("ldapbasedn");
    if by_name.is_none() && !base {
        faults.push(Fault::error(
            if has("ldapurl") { "options.ldapurl" } else { "options" },
            "`ldap` needs `ldapbasedn`, `ldapprefix` or `ldapsuffix`, or an `ldapurl` with a path".to_owned(),
            "PostgreSQL refuses the whole file without it",
            "add it under `options`, or use another method than `ldap`".to_owned(),
        ));
    } else if !said("ldapserver") && !has("ldapserver") && !base {
        // With a base, the server is looked up in the DNS by the domain that the base names.
        faults.push(
            Fault::error(
                "options",
                "`ldap` has no server to ask".to_owned(),
                "without `ldapserver` it is looked up by the domain in `ldapbasedn`, and there is none either",
                "add `ldapserver` under `options`".to_owned(),
            )
            .taken(),
        );
    }
    if let Some(name) = by_name.filter(|_| said("ldapbasedn")) {
        faults.push(excluding(name, "ldapurl"));
    }
    let (attribute, filter) = (said("ldapsearchattribute"), said("ldapsearchfilter"));
    let pair = match (attribute, filter) {
        (true, true) => Some(("the attribute", "the filter of `ldapurl`")),
        (true, false) => {
            has("ldapsearchfilter").then_some(("the attribute of `ldapurl`", "`ldapsearchfilter`"))
        }
        (false, true) => {
            has("ldapsearchattribute").then_some(("the filter of `ldapurl`", "`ldapsearchattribute`"))
        }
        (false, false) => None,
    };
    if let Some((one, other)) = pair {
        faults.push(Fault::error(
            "options.ldapurl",
            format!("{one} and {other} exclude each other"),
            "PostgreSQL refuses the whole file: a filter says by itself which attribute has the user's name",
            "keep the filter, with `$username` where the name goes, or the attribute".to_owned(),
        ));
    }
}

/// Two options of which a rule has one.
pub(super) fn excluding(one: &str, other: &str) -> Fault {
    Fault::error(
        format!("options.{one}"),
        format!("`{one}` and `{other}` exclude each other"),
        "they belong to two different ways of finding the user",
        format!("keep `{one}` or `{other}`"),
    )
}

/// The options that a URL stands for.
fn read(url: &str) -> Result<Vec<&'static str>, &'static str> {
    let bare = match url.strip_prefix('<') {
        Some(inner) => inner.strip_suffix('>').ok_or("what begins with `<` ends with `>`")?,
        None => url,
    };
    let bare = without(bare, "URL:").unwrap_or(bare);
    let rest = without(bare, "ldap://").or_else(|| without(bare, "ldaps://"));
    let rest = rest.ok_or("it has to begin with `ldap://` or `ldaps://`")?;
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, Some(path)),
        None => (rest.split('?').next().unwrap_or_default(), None),
    };
    check_port(host)?;
    // Without a path, what follows a `?` is not looked at.
    let mut says = Vec::from_iter((!host.is_empty()).then_some("ldapserver"));
    let Some(path) = path else { return Ok(says) };
    says.push("ldapbasedn");
    let parts: Vec<&str> = path.split('?').collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    if parts.len() > 5 || (parts.len() == 5 && part(4).trim_matches(',').is_empty()) {
        return Err("behind the path there are an attribute, a scope and a filter, each after a `?`");
    }
    let attribute = part(1);
    if !attribute.is_empty() && (attribute.trim_matches(',').is_empty() || !is_escaped(attribute)) {
        // Worse: it reads the first of a list that has none.
        return Err("its list of attributes has none");
    }
    let scope = part(2);
    if !scope.is_empty() && !scope.contains('%') && !SCOPES.contains(&&*scope.to_ascii_lowercase()) {
        return Err("the scope is `base`, `one`, `sub` or `subordinate`");
    }
    says.extend((!attribute.is_empty()).then_some("ldapsearchattribute"));
    says.extend((!part(3).is_empty()).then_some("ldapsearchfilter"));
    Ok(says)
}

fn without<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (front, rest) = text.split_at_checked(start.len())?;
    front.eq_ignore_ascii_case(start).then_some(rest)
}

/// Behind the host's `:` stands a number, and nothing else.
fn check_port(host: &str) -> Result<(), &'static str> {
    let port = match host.strip_prefix('[') {
        Some(inner) => {
            let (_, behind) = inner.split_once(']').ok_or("an IPv6 address ends with `]`")?;
            behind.strip_prefix(':')
        }
        None => host.split_once(':').map(|(_, port)| port),
    };
    let is_number = |port: &str| {
        let digits = port.trim_start().trim_start_matches(['+', '-']);
        port.contains('%') || (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match port {
        Some(port) if !is_number(port) => {
            Err("behind the host's `:` stands its port; a user and a password have no place in it")
        }
        _ => Ok(()),
    }
}

/// Whether each `%` has its two digits behind it: of a part in which one has none, OpenLDAP makes an empty text.
fn is_escaped(part: &str) -> bool {
    part.split('%').skip(1).all(|rest| {
        let digits = rest.get(..2).unwrap_or_default();
        digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{check, read};

    #[test]
    fn a_url_is_read_as_the_server_does() {
        let bare = &["ldapserver", "ldapbasedn"][..];
        let attribute = &["ldapserver", "ldapbasedn", "ldapsearchattribute"];
        for (url, expected) in [
            ("ldap://x/dc=x", bare),
            ("LDAPS://x:636/", bare),
            ("<URL:ldap://[::1]:389/dc=x>", bare),
            ("ldap://u@x/dc=x", bare),
            ("ldap://x/dc=x???", bare),
            ("ldap://x/dc=x????!ext", bare),
            ("ldap://x/dc=x?uid,cn?SUB", attribute),
            ("ldap://x/dc=x?,uid?%73ub", attribute),
            ("ldap://x/dc=x??one?(a=b)", &["ldapserver", "ldapbasedn", "ldapsearchfilter"]),
            ("ldap:///dc=x", &["ldapbasedn"]),
            ("ldap://x?uid", &["ldapserver"]),
        ] {
            assert_eq!(read(url).as_deref(), Ok(expected), "{url}");
        }
        for url in [
            "http://x/dc=x",
            "ldapi://x/dc=x",
            "x/dc=x",
            " ldap://x/dc=x",
            "<ldap://x/dc=x",
            "ldap://u:geheim@x/dc=x",
            "ldap://x:/dc=x",
            "ldap://x:1 /dc=x",
            "ldap://[::1/dc=x",
            "ldap://::1/dc=x",
            "ldap://h1:1,h2:2/dc=x",
            "ldap://x/dc=x?,?sub",
            "ldap://x/dc=x?uid?tree",
            "ldap://x/dc=x????",
            "ldap://x/dc=x????e?f",
        ] {
            assert!(read(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_url_and_the_options_beside_it_are_judged_together() {
        for (options, expected) in [
            (&[("ldapurl", "ldap://x/dc=x?uid?sub")][..], None),
            (&[("ldapbasedn", "dc=x")], None),
            (&[("ldapurl", "ldap://x"), ("ldapprefix", "cn=")], None),
            (&[("ldapprefix", "cn=")], Some("options: `ldap` has no server to ask")),
            (
                &[("ldapurl", "ldap://x")],
                Some(
                    "options.ldapurl: `ldap` needs `ldapbasedn`, `ldapprefix` or `ldapsuffix`, or an `ldapurl` with a path",
                ),
            ),
            (
                &[("ldapurl", "http://x/dc=x")],
                Some("options.ldapurl: `http://x/dc=x` is no URL of an LDAP server"),
            ),
            (
                &[("ldapurl", "ldap://x/"), ("ldapsuffix", "cn=")],
                Some("options.ldapsuffix: `ldapsuffix` and `ldapurl` exclude each other"),
            ),
            (
                &[("ldapurl", "ldap://x/dc=x?uid?sub?(filter)")],
                Some("options.ldapurl: the attribute and the filter of `ldapurl` exclude each other"),
            ),
            (
                &[("ldapurl", "ldap://x/dc=x??sub?(a=b)"), ("ldapsearchattribute", "uid")],
                Some("options.ldapurl: the filter of `ldapurl` and `ldapsearchattribute` exclude each other"),
            ),
        ] {
            let options: BTreeMap<_, _> =
                options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let mut faults = Vec::new();
            check(&options, &mut faults);
            let told: Vec<_> =
                faults.iter().map(|fault| format!("{}: {}", fault.field, fault.title)).collect();
            assert_eq!(told, Vec::from_iter(expected.map(str::to_owned)), "{options:?}");
        }
    }
}
