//! The Secret with a server's passwords, where it is among the objects: the keeper waits for all of them.

use serde_json::Value;

use super::server::{container, variable, volume, workload};
use super::{Subject, is_of, pod_template};
use crate::diagnostics::codes;
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::yaml::ValuePath;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let Some(pod) = subject
        .demands
        .server
        .as_ref()
        .and_then(|server| workload(server, subject.objects))
        .and_then(|object| Some((object, pod_template(object)?)))
    else {
        return;
    };
    let (workload, pod) = pod;
    // Keys of other names are looked up where the volume names them.
    let Some(mounted) = volume(&pod, "auth").and_then(|volume| volume.at(&["secret"])) else { return };
    let secret = subject.objects.iter().find(|object| {
        is_of(object, "", "Secret")
            && Some(object.id.name.as_str()) == mounted.text("secretName")
            && object.id.namespace == workload.id.namespace
    });
    let keys = container(&pod, "keeper").and_then(|keeper| variable(&keeper, "PGPOD_PASSWORDS"));
    let (Some(secret), Some(keys)) = (secret.filter(|_| mounted.at(&["items"]).is_none()), keys) else {
        return;
    };
    let missing: Vec<String> = keys
        .split_whitespace()
        .filter(|key| !holds(secret, key) && !is_filled_in(secret, key))
        .map(|key| format!("no `{key}`"))
        .collect();
    if !missing.is_empty() {
        let title = format!("the server waits for its passwords in it, and it has {}", missing.join(", "));
        let help = "add the keys, or let `pgpod secret` make the Secret";
        let path = ValuePath::root().child("metadata").child("name");
        reporter.error(codes::PASSWORD_KEYS, secret, &path, &title, help);
    }
}

fn holds(secret: &Object, key: &str) -> bool {
    let text = |field: &str| secret.value.get(field)?.get(key)?.as_str();
    ["data", "stringData"].into_iter().any(|field| text(field).is_some_and(|text| !text.is_empty()))
}

/// Whether something in the cluster may bring a key: controllers that draw passwords name the keys in an annotation, and
/// those that copy a Secret fill an empty one.
fn is_filled_in(secret: &Object, key: &str) -> bool {
    let Some(Value::Object(annotations)) = secret.metadata("annotations") else { return false };
    let is_empty = |field: &str| {
        let map = secret.value.get(field).and_then(Value::as_object);
        map.is_none_or(serde_json::Map::is_empty)
    };
    let is_whole = is_empty("data") && is_empty("stringData") && !annotations.is_empty();
    is_whole || annotations.values().any(|text| text.as_str().is_some_and(|text| text.contains(key)))
}
