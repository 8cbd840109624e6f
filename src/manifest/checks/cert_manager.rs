//! cert-manager's Certificate: the Secret that it makes, and what it refuses though its schema takes any text.

use serde_json::Value;

use super::cron::is_duration;
use super::{Part, Subject};
use crate::diagnostics::codes;
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::yaml::ValuePath;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects.iter().filter(|object| is_certificate(object)) {
        check_certificate(object, reporter);
    }
}

/// The Secret that cert-manager makes for an object, where that is a Certificate.
pub(super) fn issued(object: &Object) -> Option<&str> {
    object.value.pointer("/spec/secretName").and_then(Value::as_str).filter(|_| is_certificate(object))
}

fn is_certificate(object: &Object) -> bool {
    object.id.group() == "cert-manager.io" && object.id.kind == "Certificate"
}

/// The fields of a Certificate that are durations.
const DURATIONS: [&str; 2] = ["duration", "renewBefore"];

/// Durations are read by Go, which has no days.
fn check_certificate(object: &Object, reporter: &mut Reporter<'_>) {
    let Some(spec) = Part::whole(object).at(&["spec"]) else { return };
    let mut say = |key: &str, what: String, help: String| {
        let path = spec.path.child(key);
        reporter.error(codes::FIELD_VALUE, object, &path, &format!("`{path}` is {what}"), help);
    };
    if spec.text("secretName") == Some("") {
        say("secretName", "empty".to_owned(), "name the Secret that the certificate goes into".to_owned());
    }
    for key in DURATIONS {
        if let Some(text) = spec.text(key).filter(|text| !is_duration(text)) {
            say(key, format!("`{text}`, which is no duration"), in_hours(text));
        }
    }
}

/// How to write a number that stands for a duration of a Certificate, whose schema takes any text.
pub(super) fn duration(object: &Object, path: &ValuePath, number: &Value) -> Option<String> {
    let of_spec = |key: &&str| *path == ValuePath::root().child("spec").child(*key);
    let number = number.as_u64().filter(|_| is_certificate(object) && DURATIONS.iter().any(of_spec))?;
    Some(format!("write it with its unit, such as `{number}h`"))
}

/// How to write a number of days, weeks or years.
fn in_hours(text: &str) -> String {
    const UNITS: [(char, u64); 3] = [('d', 24), ('w', 7 * 24), ('y', 365 * 24)];
    let hours = UNITS.iter().find_map(|(unit, hours)| {
        let number: u64 = text.strip_suffix(*unit)?.parse().ok()?;
        number.checked_mul(*hours)
    });
    // A number alone has been hours to somebody.
    let hours = hours.or_else(|| text.parse().ok());
    let example = hours.unwrap_or(2160);
    format!("hours are the largest unit: write `{example}h`")
}
