//! One Kubernetes object and what identifies it.

use std::fmt;

use serde_json::Value;

use super::kinds::Kind;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, codes};

/// What two objects can't share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    pub api_version: String,
    pub kind: String,
    /// None where the object states none: it is the cluster's, or of a kind that is not known here.
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectId {
    /// The API group: `apps` of `apps/v1`, empty for the core.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)
    }
}

/// A document of a text, the first being 0. Where it is in the text is worked out when it is asked for: the text need not
/// have been written until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    pub(super) source: SourceId,
    pub(super) number: usize,
}

/// Where an object's text can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A document of a rendered text.
    Rendered(Document),
    /// The object itself in somebody's manifest.
    Written(Place),
    /// A value that somebody wrote.
    Value(Place),
}

/// An object as it will be sent. Its value stays untyped on purpose: the order of its keys is the template's.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// What it was made from, for the `# Source:` line.
    pub template: String,
    pub id: ObjectId,
    pub value: Value,
    pub origin: Origin,
}

impl Object {
    /// Takes an object from the values (a member of `extraObjects`, at `place`). One of a kind that is known to live in
    /// a namespace and states none is put into `namespace`.
    pub fn from_value(
        value: Value,
        template: &str,
        place: Place,
        namespace: &str,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        match identify(&value) {
            Ok(id) => {
                let origin = Origin::Value(place);
                let mut object = Self { template: template.to_owned(), id, value, origin };
                object.settle_in(namespace);
                Some(object)
            }
            Err(why) => {
                found.push(not_an_object(&why).at(place, ""));
                None
            }
        }
    }

    /// Puts an object that states no namespace into one, if its kind is known to live in one.
    pub(super) fn settle_in(&mut self, namespace: &str) {
        let homeless = self.id.namespace.is_none() && Kind::of(&self.id).is_some_and(|kind| kind.namespaced);
        if homeless && let Some(metadata) = self.value.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.insert("namespace".to_owned(), Value::from(namespace));
            self.id.namespace = Some(namespace.to_owned());
        }
    }

    pub fn metadata(&self, key: &str) -> Option<&Value> {
        self.value.get("metadata").and_then(|metadata| metadata.get(key))
    }
}

pub(super) fn not_an_object(why: &str) -> Diagnostic {
    Diagnostic::error(codes::NOT_AN_OBJECT, format!("this is no Kubernetes object: {why}"))
        .help("an object is a map with `apiVersion`, `kind` and `metadata.name`, each a text")
}

/// The identity that an object's value states, or what it lacks.
pub(super) fn identify(value: &Value) -> Result<ObjectId, String> {
    if !value.is_object() {
        return Err("it is not a map".to_owned());
    }
    let text = |pointer: &str, shown: &str| match value.pointer(pointer) {
        None | Some(Value::Null) => Err(format!("it has no `{shown}`")),
        Some(Value::String(text)) if text.is_empty() => Err(format!("its `{shown}` is empty")),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("its `{shown}` is not a text")),
    };
    let namespace = match value.pointer("/metadata/namespace") {
        None | Some(Value::Null) => None,
        Some(_) => Some(text("/metadata/namespace", "metadata.namespace")?),
    };
    Ok(ObjectId {
        api_version: text("/apiVersion", "apiVersion")?,
        kind: text("/kind", "kind")?,
        namespace,
        name: text("/metadata/name", "metadata.name")?,
    })
}
