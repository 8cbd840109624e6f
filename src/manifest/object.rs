//! One Kubernetes object and what identifies it.

use std::fmt;

use serde_json::Value;

use super::kinds::Kind;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, codes};
use crate::yaml::{self, Node, Step, ValuePath};

/// What two objects can't share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    pub api_version: String,
    pub kind: String,
    /// None where the object is the cluster's, or states none and is of a kind that is not known here.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document {
    pub(super) source: SourceId,
    pub(super) number: usize,
}

/// Where an object's text can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
        let object = Self::of(value, template, place, namespace);
        object.map_err(|why| found.push(why.finding().at(place, ""))).ok()
    }

    /// The same, of a value whose words are known: what keeps it from being an object is shown where it stands.
    pub fn from_written(
        value: Value,
        template: &str,
        node: &Node,
        namespace: &str,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let object = Self::of(value, template, node.place, namespace);
        object.map_err(|why| found.push(why.finding_in(node, node.place))).ok()
    }

    fn of(value: Value, template: &str, place: Place, namespace: &str) -> Result<Self, NoObject> {
        let id = identify(&value)?;
        let mut object = Self { template: template.to_owned(), id, value, origin: Origin::Value(place) };
        object.settle_in(namespace);
        Ok(object)
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

/// Why something is no object.
#[derive(Debug)]
pub(super) struct NoObject {
    why: String,
    help: &'static str,
    /// Where it says something that is no text.
    not_a_text: Option<ValuePath>,
}

const AN_OBJECT: &str = "an object is a map with `apiVersion`, `kind` and `metadata.name`, each a text";

impl NoObject {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), help: AN_OBJECT, not_a_text: None }
    }

    pub(super) fn finding(&self) -> Diagnostic {
        Diagnostic::error(codes::NOT_AN_OBJECT, format!("this is no Kubernetes object: {}", self.why))
            .help(self.help)
    }

    /// The finding at the value that is to blame, else at `whole`.
    pub(super) fn finding_in(&self, object: &Node, whole: Place) -> Diagnostic {
        let misread = self.not_a_text.as_ref().and_then(|path| {
            let node = object.at(path)?;
            Some((path, node, node.as_scalar()?))
        });
        let Some((path, node, scalar)) = misread else {
            return self.finding().at(whole, "");
        };
        let Misread { found, help } = Misread::new(&scalar.token, &yaml::kubernetes(scalar));
        let title = format!("this is no Kubernetes object: its `{path}` is {found}; a text is needed");
        Diagnostic::error(codes::NOT_AN_OBJECT, title).at(node.place, "").help(help)
    }
}

/// A plain token where a text is needed, and how to make one of it.
pub(super) struct Misread {
    pub(super) found: String,
    pub(super) help: String,
}

impl Misread {
    /// `value` is what YAML 1.1 makes of the token.
    pub(super) fn new(token: &str, value: &Value) -> Self {
        let number = if value.is_number() { "the number " } else { "" };
        let found = match value.to_string() {
            same if same == token && value.is_number() => format!("the number {token}"),
            same if same == token => format!("`{token}`"),
            other => format!("`{token}`, which YAML reads as {number}`{other}`"),
        };
        Self { found, help: format!("quote it: `\"{token}\"`") }
    }
}

/// The identity that an object's value states, or what it lacks.
pub(super) fn identify(value: &Value) -> Result<ObjectId, NoObject> {
    if !value.is_object() {
        return Err(NoObject::new("it is not a map"));
    }
    let text = |keys: &[&str]| {
        let path: ValuePath = keys.iter().map(|key| Step::Key((*key).to_owned())).collect();
        match keys.iter().try_fold(value, |value, key| value.get(key)) {
            None | Some(Value::Null) => Err(NoObject::new(format!("it has no `{path}`"))),
            Some(Value::String(text)) if text.is_empty() => {
                Err(NoObject::new(format!("its `{path}` is empty")))
            }
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => {
                let why = format!("its `{path}` is not a text");
                Err(NoObject { why, help: AN_OBJECT, not_a_text: Some(path) })
            }
        }
    };
    if value.get("kind").and_then(Value::as_str) == Some("List") && value.get("items").is_some() {
        let why = "it is a `List` of objects".to_owned();
        return Err(NoObject { why, help: "write its items here, one by one", not_a_text: None });
    }
    if value.pointer("/metadata/name").is_none() && value.pointer("/metadata/generateName").is_some() {
        let why = "it has `metadata.generateName`, which `kubectl apply` refuses".to_owned();
        return Err(NoObject { why, help: "write a `metadata.name` instead", not_a_text: None });
    }
    let namespace = match value.pointer("/metadata/namespace") {
        None | Some(Value::Null) => None,
        // As the API server takes it, and as a chart writes it whose namespace is not set.
        Some(Value::String(empty)) if empty.is_empty() => None,
        Some(_) => Some(text(&["metadata", "namespace"])?),
    };
    let mut id = ObjectId {
        api_version: text(&["apiVersion"])?,
        kind: text(&["kind"])?,
        namespace,
        name: text(&["metadata", "name"])?,
    };
    // An API server drops the namespace of what is the cluster's.
    if Kind::of(&id).is_some_and(|kind| !kind.namespaced) {
        id.namespace = None;
    }
    Ok(id)
}
