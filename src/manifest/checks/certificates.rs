//! Where a server's certificate comes from: a Secret that is made elsewhere, or one among the objects. And what a
//! Certificate says of itself.

use serde_json::Value;

use super::cron::is_duration;
use super::secrets::TLS;
use super::{Part, Subject, is_of};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::yaml::ValuePath;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects.iter().filter(|object| is_certificate(object)) {
        check_certificate(object, reporter);
    }
    let Some(wanted) = subject.demands.certificate else { return };
    if let Some(secret) = subject.objects.iter().find(|object| is_secret(object) && object.id.name == wanted)
    {
        has_its_keys(secret, reporter);
        return;
    }
    let sources: Vec<Source<'_>> = subject.objects.iter().filter_map(source).collect();
    if sources.iter().any(|source| source.secret == wanted) {
        return;
    }
    for source in sources {
        let mut others = subject.objects.iter().filter(|other| !std::ptr::eq(*other, source.object));
        if others.any(|other| names(&other.value, source.secret)) {
            continue;
        }
        let title = format!(
            "nothing uses its certificate: the server waits for the Secret `{wanted}`, which nothing here makes"
        );
        let help = format!("set `security.tls.secretName` to `{}`", source.secret);
        reporter.say(Severity::Warning, codes::NO_REFERENCE, source.object, &source.path, &title, help);
    }
}

/// Whether an object is the Secret of that name, or has it made.
pub fn makes_secret(object: &Object, name: &str) -> bool {
    (is_secret(object) && object.id.name == name)
        || source(object).is_some_and(|source| source.secret == name)
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

/// The Secret that cert-manager makes for an object, where that is a Certificate.
pub(super) fn issued(object: &Object) -> Option<&str> {
    object.value.pointer("/spec/secretName").and_then(Value::as_str).filter(|_| is_certificate(object))
}

fn is_certificate(object: &Object) -> bool {
    object.id.group() == "cert-manager.io" && object.id.kind == "Certificate"
}

/// What cert-manager refuses though its schema takes any text: durations are read by Go, which has no days.
fn check_certificate(object: &Object, reporter: &mut Reporter<'_>) {
    let Some(spec) = Part::whole(object).at(&["spec"]) else { return };
    let mut say = |key: &str, what: String, help: String| {
        let path = spec.path.child(key);
        reporter.error(codes::FIELD_VALUE, object, &path, &format!("`{path}` is {what}"), help);
    };
    if spec.text("secretName") == Some("") {
        say("secretName", "empty".to_owned(), "name the Secret that the certificate goes into".to_owned());
    }
    for key in ["duration", "renewBefore"] {
        if let Some(text) = spec.text(key).filter(|text| !is_duration(text)) {
            say(key, format!("`{text}`, which is no duration"), in_hours(text));
        }
    }
}

/// How to write a number of days, weeks or years.
fn in_hours(text: &str) -> String {
    const UNITS: [(char, u64); 3] = [('d', 24), ('w', 7 * 24), ('y', 365 * 24)];
    let hours = UNITS.iter().find_map(|(unit, hours)| {
        let number: u64 = text.strip_suffix(*unit)?.parse().ok()?;
        number.checked_mul(*hours)
    });
    let example = hours.unwrap_or(2160);
    format!("hours are the largest unit: write `{example}h`")
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
