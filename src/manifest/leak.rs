//! Passwords where everybody may read them.

use serde_json::Value as Json;

use super::object::Object;
use crate::diagnostics::{Diagnostic, SecretTexts, codes};
use crate::yaml::{Step, ValuePath};

/// The error of an object that everybody may read and that holds a password.
pub fn leak(object: &Object, secret: &SecretTexts) -> Option<Diagnostic> {
    let path = (object.id.kind != "Secret").then(|| path_to(&object.value, secret)).flatten()?;
    Some(
        Diagnostic::error(codes::PASSWORD_IN_CLEAR, format!("a password would be in {}", object.id))
            .cause(format!("its text stands in `{path}`, which is kept and shown in clear"))
            .help(
                "read it from the Secret (`valueFrom.secretKeyRef` in `extraEnv`, or its mounted file), or choose a \
                 password that is part of no other value",
            ),
    )
}

/// The first place in a value that holds a secret.
fn path_to(value: &Json, secret: &SecretTexts) -> Option<ValuePath> {
    let holds = |text: &str| secret.are_in(text).then(ValuePath::root);
    let below = |step: ValuePath, rest: ValuePath| {
        rest.steps().iter().fold(step, |path, step| match step {
            Step::Key(key) => path.child(key.as_str()),
            Step::Index(index) => path.item(*index),
        })
    };
    match value {
        Json::String(text) => holds(text),
        Json::Number(number) => holds(&number.to_string()),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| Some(below(ValuePath::root().item(at), path_to(item, secret)?))),
        Json::Object(map) => map.iter().find_map(|(key, value)| {
            let rest = holds(key).or_else(|| path_to(value, secret))?;
            Some(below(ValuePath::root().child(key.as_str()), rest))
        }),
        Json::Null | Json::Bool(_) => None,
    }
}
