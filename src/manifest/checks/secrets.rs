//! What a Secret holds by its type. Its data are never shown.

use super::demanded::missing;
use super::{Part, is_of};
use crate::diagnostics::codes;
use crate::manifest::encoded;
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

/// Type, the keys that it must have: all of them, or one.
const KEYS: [(&str, &[&str], bool); 5] = [
    ("kubernetes.io/basic-auth", &["username", "password"], false),
    ("kubernetes.io/dockercfg", &[".dockercfg"], true),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"], true),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"], true),
    (TLS.0, &TLS.1, true),
];

/// The type of the Secrets that hold a certificate, and their keys.
pub(super) const TLS: (&str, [&str; 2]) = ("kubernetes.io/tls", ["tls.crt", "tls.key"]);

/// The keys that hold a map as JSON.
const JSON: [&str; 2] = [".dockercfg", ".dockerconfigjson"];

pub(super) fn check(object: &Object, reporter: &mut Reporter<'_>) {
    let whole = Part::whole(object);
    if !is_of(object, "", "Secret") {
        return;
    }
    let its_type = whole.text("type").unwrap_or_default();
    if its_type == "kubernetes.io/service-account-token" {
        check_account(object, &whole, reporter);
    }
    let Some((_, keys, all)) = KEYS.iter().find(|row| row.0 == its_type) else { return };
    let missed: Vec<&&str> = keys.iter().filter(|key| value(&whole, key).is_none()).collect();
    if *all || missed.len() == keys.len() {
        for key in missed.iter().take(if *all { keys.len() } else { 1 }) {
            let part = Part { path: whole.path.child("data"), value: &serde_json::Value::Null };
            missing(object, &part, key, reporter);
        }
    }
    for key in keys.iter().filter(|key| JSON.contains(*key)) {
        let Some((part, Some(text))) = value(&whole, key) else { continue };
        // Go makes an empty map of `null`.
        if serde_json::from_slice::<Option<serde_json::Map<String, serde_json::Value>>>(&text).is_err() {
            let title = format!("`{}` is no map of JSON", part.path);
            let help = "write what `kubectl create secret docker-registry` makes";
            reporter.error(codes::FIELD_VALUE, object, &part.path, &title, help);
        }
    }
}

/// What stands under a key, and its bytes where they can be read.
fn value<'a>(whole: &Part<'a>, key: &str) -> Option<(Part<'a>, Option<Vec<u8>>)> {
    let text = |part: &Part<'a>| part.value.as_str();
    if let Some(part) = whole.at(&["stringData", key]) {
        let bytes = text(&part).map(|text| text.as_bytes().to_vec());
        return Some((part, bytes));
    }
    let part = whole.at(&["data", key])?;
    let bytes = text(&part).and_then(encoded::decode);
    Some((part, bytes))
}

/// A token is of an account, which an annotation names.
fn check_account(object: &Object, whole: &Part<'_>, reporter: &mut Reporter<'_>) {
    const ACCOUNT: &str = "kubernetes.io/service-account.name";
    let named = whole.at(&["metadata", "annotations", ACCOUNT]).and_then(|part| part.value.as_str());
    if named.is_none_or(str::is_empty) {
        let path = whole.path.child("metadata").child("annotations");
        missing(object, &Part { path, value: &serde_json::Value::Null }, ACCOUNT, reporter);
    }
}
