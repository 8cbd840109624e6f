//! Where a server's certificate comes from: a Secret that is made elsewhere, or one among the objects.

use serde_json::Value;

use super::cert_manager::issued;
use super::secrets::TLS;
use super::{Part, Subject, is_of};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::yaml::ValuePath;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let Some(wanted) = subject.demands.certificate else { return };
    if let Some(secret) = subject.objects.iter().find(|object| is_secret(object) && wanted.is_made_by(object))
    {
        has_its_keys(secret, reporter);
        return;
    }
    if subject.objects.iter().any(|object| wanted.is_made_by(object)) {
        return;
    }
    for source in subject.objects.iter().filter_map(source) {
        let (where_to, path, help) = if wanted.is_beside(source.object) {
            (String::new(), source.path, format!("set `security.tls.secretName` to `{}`", source.secret))
        } else if source.secret == wanted.name {
            let help = format!(
                "put it into namespace `{}`: pods take Secrets only from their own",
                wanted.namespace
            );
            let path = ValuePath::root().child("metadata").child("namespace");
            (format!(" in namespace `{}`", wanted.namespace), path, help)
        } else {
            // Another name in another namespace: somebody else's.
            continue;
        };
        let mut neighbours = subject.objects.iter().filter(|other| {
            !std::ptr::eq(*other, source.object) && other.id.namespace == source.object.id.namespace
        });
        if neighbours.any(|other| names(&other.value, source.secret)) {
            continue;
        }
        let title = format!(
            "nothing uses its certificate: the server waits for the Secret `{}`, which nothing here makes{where_to}",
            wanted.name
        );
        reporter.say(Severity::Warning, codes::NO_REFERENCE, source.object, &path, &title, help);
    }
}

/// A Secret by its name, and the namespace that it is wanted in.
#[derive(Debug, Clone, Copy)]
pub struct SecretReference<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
}

impl SecretReference<'_> {
    /// Whether an object is this Secret, or has it made.
    pub fn is_made_by(&self, object: &Object) -> bool {
        let named = |name: &str| name == self.name;
        self.is_beside(object)
            && (is_secret(object) && named(&object.id.name)
                || source(object).is_some_and(|source| named(source.secret)))
    }

    fn is_beside(&self, object: &Object) -> bool {
        object.id.namespace.as_deref().is_none_or(|namespace| namespace == self.namespace)
    }
}

/// An object that a certificate comes from.
struct Source<'a> {
    object: &'a Object,
    /// The name of the Secret that holds it, and where that name stands.
    secret: &'a str,
    path: ValuePath,
}

fn source(object: &Object) -> Option<Source<'_>> {
    let whole = Part::whole(object);
    if is_secret(object) && (whole.text("type") == Some(TLS.0) || holds(object, TLS.1[0])) {
        let path = whole.path.child("metadata").child("name");
        return Some(Source { object, secret: &object.id.name, path });
    }
    let path = whole.path.child("spec").child("secretName");
    Some(Source { object, secret: issued(object)?, path })
}

/// A Secret of the type for certificates is judged by what the API demands of that type.
fn has_its_keys(secret: &Object, reporter: &mut Reporter<'_>) {
    let missing: Vec<String> =
        TLS.1.iter().filter(|key| !holds(secret, key)).map(|key| format!("no `{key}`")).collect();
    if missing.is_empty() || Part::whole(secret).text("type") == Some(TLS.0) {
        return;
    }
    let title = format!("the server takes its certificate from it, and it has {}", missing.join(" and "));
    let help = format!(
        "name the keys {}, or let `pgpod secret tls` make the Secret",
        TLS.1.map(|key| format!("`{key}`")).join(" and ")
    );
    let path = ValuePath::root().child("metadata").child("name");
    reporter.error(codes::CERTIFICATE_KEYS, secret, &path, &title, help);
}

fn is_secret(object: &Object) -> bool {
    is_of(object, "", "Secret")
}

fn holds(secret: &Object, key: &str) -> bool {
    ["data", "stringData"]
        .into_iter()
        .any(|field| secret.value.get(field).is_some_and(|map| map.get(key).is_some()))
}

/// Whether a name stands anywhere in an object: volumes, an Ingress, the issuer of further certificates.
fn names(value: &Value, name: &str) -> bool {
    match value {
        Value::String(text) => text == name,
        Value::Array(items) => items.iter().any(|item| names(item, name)),
        Value::Object(map) => map.values().any(|value| names(value, name)),
        _ => false,
    }
}
