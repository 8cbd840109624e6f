use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::Major;
use super::name::Of;
use super::*;

const TLS: Context = Context {
    major: Major::V17,
    tls: true,
    client_ca: true,
    oauth_validators: false,
    superuser: "postgres",
    absent: &[],
    maps: &["pgpod"],
};

fn text(kind: &str, database: &str, user: &str, address: &str, method: &str) -> RuleText {
    RuleText {
        kind: kind.to_owned(),
        databases: vec![database.to_owned()],
        users: vec![user.to_owned()],
        address: (!address.is_empty()).then(|| address.to_owned()),
        method: method.to_owned(),
        options: BTreeMap::new(),
    }
}

fn with(mut text: RuleText, options: &[(&str, &str)]) -> RuleText {
    text.options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    text
}

/// All that a user is told, one line a fault.
fn told(text: &RuleText, context: &Context) -> Vec<String> {
    let (rule, faults) = check(text, context);
    let errors = faults.iter().any(|fault| fault.severity == Severity::Error);
    let lets_in = faults.iter().any(|fault| fault.field == "method" && fault.taken);
    assert_eq!(rule.is_none(), errors && !lets_in);
    faults.iter().map(|fault| format!("{}: {}; {}", fault.field, fault.title, fault.help)).collect()
}

fn line(text: &RuleText, context: &Context) -> String {
    let (rule, faults) = check(text, context);
    let rule = rule.unwrap_or_else(|| panic!("{faults:#?}"));
    let text = write::sections(&[("", vec![rule])], context.major);
    text.lines().last().unwrap().split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn good_rules_become_lines() {
    for (rule, expected) in [
        (text("host", "all", "app", "10.0.0.0/8", "scram-sha-256"), "host all app 10.0.0.0/8 scram-sha-256"),
        (
            text("hostssl", "sameuser", "+staff", "fd00::/8", "scram-sha-256"),
            "hostssl sameuser +\"staff\" fd00::/8 scram-sha-256",
        ),
        (text("hostnossl", "replication", "x", "all", "reject"), "hostnossl replication x all reject"),
        (
            text("host", "\"all\"", "\"all\"", "samenet", "scram-sha-256"),
            "host \"all\" \"all\" samenet scram-sha-256",
        ),
        (
            text("host", "/^line[0-9]+$", "a,b", ".plant.local", "gss"),
            "host \"/^line[0-9]+$\" \"a,b\" .plant.local gss",
        ),
        (
            text("host", "my db", "O\"Neil", "scada.plant.local", "scram-sha-256"),
            "host \"my db\" \"O\"\"Neil\" scada.plant.local scram-sha-256",
        ),
        (with(text("local", "all", "app", "", "peer"), &[("map", "pgpod")]), "local all app peer map=pgpod"),
        (
            text("host", "\"replication\"", "ALLES", "0.0.0.0/0", "scram-sha-256"),
            "host \"replication\" ALLES 0.0.0.0/0 scram-sha-256",
        ),
        (
            with(text("hostssl", "all", "app", "::/0", "cert"), &[("clientname", "DN")]),
            "hostssl all app ::/0 cert clientname=DN",
        ),
        (
            with(
                text("hostssl", "all", "app", "all", "ldap"),
                &[("ldapserver", "ldap.plant.local"), ("ldapprefix", "cn="), ("ldapsuffix", ", dc=plant")],
            ),
            "hostssl all app all ldap ldapprefix=cn= ldapserver=ldap.plant.local \"ldapsuffix=, dc=plant\"",
        ),
    ] {
        assert_eq!(line(&rule, &TLS), expected);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of rules and what is said of each")]
fn faults_name_the_field_and_the_remedy() {
    let plain = Context { tls: false, client_ca: false, ..TLS };
    for (rule, context, expected) in [
        (
            text("hots", "all", "a", "all", "reject"),
            TLS,
            "kind: `hots` is not a kind of rule; write `local`, `host`, `hostssl` or `hostnossl`",
        ),
        (
            text("hostssl", "all", "a", "all", "reject"),
            plain,
            "kind: `hostssl` never matches: TLS is off; set `security.tls.enabled: true`, or write `host`",
        ),
        (
            text("local", "all", "a", "all", "peer"),
            TLS,
            "address: a `local` rule has the address `all`; drop `address`, or write `host`",
        ),
        (
            text("host", "all", "a", "", "reject"),
            TLS,
            "address: a `host` rule has no address; write `all`, or a network like `10.0.0.0/8`",
        ),
        (
            text("host", "all", "a", "10.1.2.3", "reject"),
            TLS,
            "address: `10.1.2.3` has no mask; write `10.1.2.3/32` for this one address",
        ),
        (
            text("host", "all", "a", "fd00::1", "reject"),
            TLS,
            "address: `fd00::1` has no mask; write `fd00::1/128` for this one address",
        ),
        (
            text("host", "all", "a", "10.1.2.3/8", "reject"),
            TLS,
            "address: `10.1.2.3/8` has bits of its address right of the mask; write `10.0.0.0/8` for the network, or `10.1.2.3/32` for this one address",
        ),
        (
            text("host", "all", "a", "010.0.0.0/8", "reject"),
            TLS,
            "address: `010.0.0.0` in `010.0.0.0/8` is not an IP address; write a network like `10.0.0.0/8` or `fd00::/8`",
        ),
        (
            text("host", "all", "a", "10.0.0.0/08", "reject"),
            TLS,
            "address: `/08` in `10.0.0.0/08` is not a mask; write a number from 0 to 32",
        ),
        (
            text("host", "all", "a", "10.0.0.0/33", "reject"),
            TLS,
            "address: `/33` in `10.0.0.0/33` is not a mask; write a number from 0 to 32",
        ),
        (
            text("host", "all", "a", "10.0.0.0/255.0.0.0", "reject"),
            TLS,
            "address: `/255.0.0.0` in `10.0.0.0/255.0.0.0` is not a mask; write a number from 0 to 32",
        ),
        (
            text("host", "all", "a", "10.1", "reject"),
            TLS,
            "address: `10.1` is not an address; write a network like `10.0.0.0/8` or `fd00::/8`",
        ),
        (
            text("host", "all", "a", "scada plant", "reject"),
            TLS,
            "address: `scada plant` is neither a network nor a host name; write `all`, `samenet`, a network like `10.0.0.0/8`, or a host name like `scada.plant.local`",
        ),
        (
            text("host", "ALL", "a", "all", "reject"),
            TLS,
            "databases[0]: `ALL` is not the word `all`; write `all`, or `'\"ALL\"'` for a name that is really called so",
        ),
        (
            text("host", "", "a", "all", "reject"),
            TLS,
            "databases[0]: a name is empty; write a name, or `all`",
        ),
        (
            text("host", "a\nb", "a", "all", "reject"),
            TLS,
            "databases[0]: a name has a control character, U+000A; rename it",
        ),
        (
            text("host", "\"a", "a", "all", "reject"),
            TLS,
            "databases[0]: `\"a` is quoted wrongly; write it like `'\"all\"'`, or without any quotes: pgpod adds those that are needed",
        ),
        (
            text("host", "all", "@users", "all", "reject"),
            TLS,
            "users[0]: `@users` would read names from a file; list the names here, or write `'\"@users\"'` for a name that is really called so",
        ),
        (
            text("host", "/x", "a", "all", "reject"),
            Context { major: Major::V15, ..TLS },
            "databases[0]: `/x` is a regular expression, which PostgreSQL 15 does not know; list the names, or write `'\"/x\"'` for a name that is really called so",
        ),
        (
            text("host", "all", "a", "all", "trust"),
            TLS,
            "method: `trust` lets anyone on the network in without a password; write `scram-sha-256`",
        ),
        (
            text("local", "all", "a", "", "trust"),
            TLS,
            "method: `trust` lets every container of the pod in as any of these users; write `peer` or `scram-sha-256`",
        ),
        (
            text("host", "all", "a", "all", "md5"),
            TLS,
            "method: `md5` is weak, and a later PostgreSQL drops it; write `scram-sha-256`: roles that pgpod makes have SCRAM passwords",
        ),
        (
            text("host", "all", "a", "all", "peer"),
            TLS,
            "method: `peer` can't be used in a `host` rule; write `local`, or the method `scram-sha-256`",
        ),
        (
            text("host", "all", "a", "all", "cert"),
            TLS,
            "method: `cert` can't be used in a `host` rule; write `hostssl`",
        ),
        (
            text("local", "all", "a", "", "ident"),
            TLS,
            "method: `ident` can't be used in a `local` rule; write `peer`, its like for the socket",
        ),
        (
            text("host", "all", "a", "all", "password"),
            TLS,
            "method: `password` sends passwords in clear over the network; write `scram-sha-256`, or `hostssl`",
        ),
        (
            text("host", "all", "a", "all", "password"),
            Context { tls: false, ..TLS },
            "method: `password` sends passwords in clear over the network; write `scram-sha-256`",
        ),
        (
            text("host", "all", "a", "10.0.0.0/8", "ident"),
            TLS,
            "method: `ident` believes the client's own machine; write `scram-sha-256`",
        ),
        (
            text("host", "*", "a", "all", "reject"),
            TLS,
            "databases[0]: `*` is no word of pg_hba.conf; write `all`, or `'\"*\"'` for a name that is really called so",
        ),
        (
            text("host", "all", "a, b", "all", "reject"),
            TLS,
            "users[0]: `a, b` is one name, with its comma; write `[a, b]`, or `'\"a, b\"'` for a name that is really called so",
        ),
        (
            text("host", "all", "a", "all", "oauth"),
            TLS,
            "method: PostgreSQL 17 has no `oauth`; use PostgreSQL 18, or `scram-sha-256`",
        ),
        (
            text("host", "all", "a", "all", "sspi"),
            TLS,
            "method: `sspi` is not there in a container; write `scram-sha-256`",
        ),
        (
            with(text("host", "all", "a", "all", "oauth"), &[("issuer", "https://i"), ("scope", "db")]),
            TLS,
            "method: PostgreSQL 17 has no `oauth`; use PostgreSQL 18, or `scram-sha-256`",
        ),
        (
            with(text("host", "all", "a", "all", "oauth"), &[("issuer", "https://i"), ("scope", "db")]),
            Context { major: Major::V18, ..TLS },
            "method: `oauth` has nothing to check tokens with; set `oauth_validator_libraries`, or write `scram-sha-256`",
        ),
        (
            text("hostssl", "all", "a", "all", "cert"),
            Context { client_ca: false, ..TLS },
            "method: clients' certificates can't be checked: the server has no CA for them; write `scram-sha-256`, without `clientcert`",
        ),
        (
            with(text("host", "all", "a", "all", "scram-sha-256"), &[("map", "x")]),
            TLS,
            "options.map: `map` is not an option of `scram-sha-256` in a `host` rule; it has no options here: drop it",
        ),
        (
            with(text("host", "all", "a", "all", "gss"), &[("map", "x")]),
            TLS,
            "options.map: there is no map `x`; use `pgpod`, or drop `map`: names then have to be equal",
        ),
        (
            with(text("hostssl", "all", "a", "all", "scram-sha-256"), &[("clientcert", "1")]),
            TLS,
            "options.clientcert: `1` is not a value of `clientcert`; write `verify-ca` or `verify-full`",
        ),
        (
            with(text("hostssl", "all", "a", "all", "cert"), &[("clientcert", "verify-ca")]),
            TLS,
            "options.clientcert: `verify-ca` is not a value of `clientcert`; write `verify-full`",
        ),
    ] {
        assert_eq!(told(&rule, &context), [expected]);
    }
}

#[test]
fn a_name_with_a_leading_slash_stays_that_name_where_it_would_be_a_regular_expression() {
    let name = Name::literal("/line 4.a$").unwrap();
    assert_eq!(write::name(&name, Major::V15), "\"/line 4.a$\"");
    for major in [Major::V16, Major::V17, Major::V18] {
        assert_eq!(write::name(&name, major), "\"/^\\/line\\ 4\\.a\\$$\"");
    }
}

#[test]
fn all_faults_of_a_rule_are_told_at_once() {
    let rule = RuleText {
        kind: "host".to_owned(),
        method: "scram".to_owned(),
        address: Some("10.0.0.1".to_owned()),
        ..RuleText::default()
    };
    let fields: Vec<_> = check(&rule, &TLS).1.into_iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["databases", "users", "address", "method"]);
    let help = check(&rule, &TLS).1.pop().unwrap().help;
    assert_eq!(
        help,
        "write one of `cert`, `gss`, `ident`, `ldap`, `md5`, `pam`, `password`, `peer`, `radius`, `reject`, `scram-sha-256`, `trust`"
    );
}

#[test]
fn options_that_a_method_needs_or_that_exclude_each_other_are_told() {
    let ldap = |options| with(text("hostssl", "all", "a", "all", "ldap"), options);
    assert_eq!(
        told(&ldap(&[]), &TLS),
        [
            "options: `ldap` needs `ldapbasedn`, `ldapprefix` or `ldapsuffix`, or an `ldapurl` with a path; add it under `options`, or use another method than `ldap`",
        ]
    );
    assert_eq!(
        told(&ldap(&[("ldapserver", "x"), ("ldapprefix", "cn="), ("ldapbasedn", "dc=x")]), &TLS),
        [
            "options.ldapprefix: `ldapprefix` and `ldapbasedn` exclude each other; keep `ldapprefix` or `ldapbasedn`"
        ]
    );
    let rule =
        ldap(&[("ldapserver", "x"), ("ldapbasedn", "dc=x"), ("ldapbindpasswd", "geheim"), ("ldapport", "0")]);
    assert_eq!(
        told(&rule, &TLS),
        [
            "options.ldapbindpasswd: `ldapbindpasswd` would be readable in a ConfigMap; use a method that needs none, such as `ldap` with `ldapprefix` and `ldapsuffix`",
            "options.ldapport: `0` is not a port; write `389`, or drop it",
        ]
    );
}

#[test]
fn methods_are_sorted_and_their_options_known_once() {
    assert!(method::METHODS.is_sorted_by_key(|method| method.name));
    for method in method::METHODS {
        assert!(method.options.is_sorted(), "{}", method.name);
        for needed in method.needs.iter().flat_map(|names| names.iter()) {
            assert!(method.options.contains(needed), "{needed}");
        }
    }
    let known = |name: &str| {
        method::TLS_OPTIONS.contains(&name)
            || method::METHODS.iter().any(|method| method.options.contains(&name))
    };
    for (name, _) in method::CHOICES {
        assert!(known(name), "{name}");
    }
}

fn roles() -> Roles {
    let name = |text| Name::literal(text).unwrap();
    Roles {
        rewind: false,
        superuser: name("postgres"),
        superuser_os: "postgres".to_owned(),
        exporter: Some(name("exporter")),
        exporter_os: "exporter".to_owned(),
        replication: Some(name("replicator")),
        clients: vec![name("fireball"), name("read only")],
        pooler: None,
    }
}

#[test]
fn the_file_puts_the_users_rules_between_the_pods_and_the_end() {
    let (rule, _) =
        check(&text("hostssl", "scada_historian", "scada", "10.20.0.0/16", "scram-sha-256"), &TLS);
    let expected = r#"# type  database        user        address      method

# The pod's own containers, over the shared socket, by the user that they run as.
local   all             postgres                 peer map=pgpod
local   replication     postgres                 peer map=pgpod
local   all             exporter                 peer map=pgpod

# Rules from the values.
hostssl scada_historian scada       10.20.0.0/16 scram-sha-256

# The socket for everyone else, with a password.
local   all             all                      scram-sha-256

# Standbys: the replication role, and nothing but replication.
hostssl replication     replicator  all          scram-sha-256
host    replication     all         all          reject
host    all             replicator  all          reject

# The superuser and the exporter stay on the socket.
host    all             postgres    all          reject
host    all             exporter    all          reject

# Applications.
hostssl all             fireball    all          scram-sha-256
hostssl all             "read only" all          scram-sha-256

# Nobody else.
host    all             all         all          reject
"#;
    assert_eq!(file(&roles(), &[rule.unwrap()], true, Major::V17), expected);
}

#[test]
fn without_tls_the_file_has_no_line_that_needs_it() {
    let got = file(&roles(), &[], false, Major::V17);
    assert!(!got.contains("hostssl") && !got.contains("Rules from the values"), "{got}");
}

#[test]
fn the_map_says_who_may_be_whom() {
    let roles = Roles { exporter: Some(Name::literal("metrics role").unwrap()), ..roles() };
    assert_eq!(
        ident_file(&roles, Major::V17),
        "# map, user of the operating system, role\npgpod postgres postgres\npgpod exporter \"metrics role\"\n"
    );
}

/// Reads a field as the server's tokenizer does: its tokens, and whether each began with a quote.
fn tokens(field: &str) -> Vec<(String, bool)> {
    let mut tokens = Vec::new();
    let mut characters = field.chars().peekable();
    while characters.peek().is_some() {
        let (mut token, mut initial_quote) = (String::new(), false);
        let (mut in_quote, mut was_quote) = (false, false);
        for character in characters.by_ref() {
            if !in_quote && matches!(character, ' ' | ',' | '#') {
                break;
            }
            if character != '"' || was_quote {
                token.push(character);
            }
            was_quote = in_quote && character == '"' && !was_quote;
            if character == '"' {
                in_quote = !in_quote;
                initial_quote |= token.is_empty();
            }
        }
        tokens.push((token, initial_quote));
    }
    tokens
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_name_reads_back_as_itself(name in "[^\\p{Cc}]{1,15}", other in "[\"', #@+/a-z\\\\]{1,8}") {
        for text in [name, other] {
            let Ok(literal) = Name::literal(&text) else { continue };
            // Up to 15 a name cannot be taken for a regular expression.
            let written = write::name(&literal, Major::V15);
            let read = tokens(&written);
            prop_assert_eq!(read.len(), 1, "{}", &written);
            prop_assert_eq!(&read[0].0, &text);
            // Bare, it must mean nothing else.
            if !read[0].1 {
                let bare = Name::parse(Of::Users, "", &text, Major::V18);
                prop_assert!(matches!(bare, Ok(Name::Literal(_))), "{written}: {bare:?}");
            }
        }
    }

    #[test]
    fn a_quoted_name_of_the_values_is_that_name(name in "[^\\p{Cc}]{1,15}") {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let parsed = Name::parse(Of::Databases, "", &quoted, Major::V17);
        prop_assert_eq!(parsed, Ok(Name::Literal(name)));
    }
}

#[test]
fn a_list_of_radius_values_quotes_blanks() {
    let faults = |identifiers| {
        let options = [("radiusservers", "10.0.0.1"), ("radiusidentifiers", identifiers)];
        let (_, faults) = check(&with(text("host", "all", "a", "all", "radius"), &options), &TLS);
        faults.iter().filter(|fault| fault.field == "options.radiusidentifiers").count()
    };
    assert_eq!((faults("a b"), faults("\"a b\"")), (1, 0));
}
