//! Authentication methods and their options, by major and by kind of rule.

use super::super::Major;
use super::Kind;

/// Where a method can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Anywhere,
    Socket,
    Tcp,
    Tls,
    /// The official images never have it; the reason.
    Nowhere(&'static str),
}

impl Where {
    pub(super) fn takes(self, kind: Kind) -> bool {
        match self {
            Where::Anywhere => true,
            Where::Socket => kind == Kind::Local,
            Where::Tcp => kind != Kind::Local,
            Where::Tls => kind == Kind::HostSsl,
            Where::Nowhere(_) => false,
        }
    }
}

/// A row of [`METHODS`].
#[derive(Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) place: Where,
    pub(super) since: Major,
    pub(super) options: &'static [&'static str],
    /// Options that the method can't do without; of a list, one is enough.
    pub(super) needs: &'static [&'static [&'static str]],
}

const fn method(name: &'static str, place: Where, options: &'static [&'static str]) -> Method {
    Method { name, place, since: Major::V14, options, needs: &[] }
}

/// Sorted by name.
pub(super) const METHODS: &[Method] = &[
    method("bsd", Where::Nowhere("it needs OpenBSD"), &[]),
    method("cert", Where::Tls, &["map"]),
    method("gss", Where::Tcp, &["include_realm", "krb_realm", "map"]),
    method("ident", Where::Tcp, &["map"]),
    method(
        "ldap",
        Where::Anywhere,
        &[
            "ldapbasedn",
            "ldapbinddn",
            "ldapbindpasswd",
            "ldapport",
            "ldapprefix",
            "ldapscheme",
            "ldapsearchattribute",
            "ldapsearchfilter",
            "ldapserver",
            "ldapsuffix",
            "ldaptls",
            "ldapurl",
        ],
    ),
    method("md5", Where::Anywhere, &[]),
    Method {
        since: Major::V18,
        needs: &[&["issuer"], &["scope"]],
        ..method("oauth", Where::Anywhere, &["delegate_ident_mapping", "issuer", "map", "scope", "validator"])
    },
    method("pam", Where::Anywhere, &["pam_use_hostname", "pamservice"]),
    method("password", Where::Anywhere, &[]),
    method("peer", Where::Socket, &["map"]),
    Method {
        needs: &[&["radiusservers"], &["radiussecrets"]],
        ..method(
            "radius",
            Where::Anywhere,
            &["radiusidentifiers", "radiusports", "radiussecrets", "radiusservers"],
        )
    },
    method("reject", Where::Anywhere, &[]),
    method("scram-sha-256", Where::Anywhere, &[]),
    method("sspi", Where::Nowhere("it needs Windows"), &[]),
    method("trust", Where::Socket, &[]),
];

/// Options of every method on a `hostssl` rule.
pub(super) const TLS_OPTIONS: [&str; 2] = ["clientcert", "clientname"];

/// Options whose value is a secret, which a ConfigMap would show.
pub(super) const SECRET_OPTIONS: [&str; 2] = ["ldapbindpasswd", "radiussecrets"];

/// Options that take certain values only.
pub(super) const CHOICES: &[(&str, &[&str])] = &[
    ("clientcert", &["verify-ca", "verify-full"]),
    ("clientname", &["CN", "DN"]),
    ("delegate_ident_mapping", &["0", "1"]),
    ("include_realm", &["0", "1"]),
    ("ldapscheme", &["ldap", "ldaps"]),
    ("ldaptls", &["0", "1"]),
    ("pam_use_hostname", &["0", "1"]),
];

/// The options that exclude each other; what `ldapurl` says of them is in `ldap.rs`.
pub(super) const EXCLUDING: &[(&[&str], &[&str])] = &[
    (
        &["ldapprefix", "ldapsuffix"],
        &["ldapbasedn", "ldapbinddn", "ldapbindpasswd", "ldapsearchattribute", "ldapsearchfilter"],
    ),
    (&["ldapsearchattribute"], &["ldapsearchfilter"]),
    (&["delegate_ident_mapping"], &["map"]),
];

pub(super) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}
