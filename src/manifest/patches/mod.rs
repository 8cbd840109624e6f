//! Patches: the way out when no value fits. A strategic merge, as `kubectl patch` does it.

mod merge;
mod merge_keys;

use std::collections::BTreeSet;

use serde_json::Value;

pub use self::merge_keys::{MERGE_KEYS, MergeKey, Strategy};
use super::entered::within;
use super::kinds::Kind;
use super::object::{Object, ObjectId, identify};
use super::schema::suggestion;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, codes};
use crate::spelling::closest;
use crate::yaml::{Node, Step, ValuePath};

/// A change to objects that somebody wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    pub kind: String,
    /// Every object of the kind where there is none.
    pub name: Option<String>,
    /// The API group (`apps`), where two groups have the kind.
    pub group: Option<String>,
    pub value: Value,
    /// Where it was written.
    pub place: Place,
    /// The value as it was written, with the places of its parts.
    pub written: Option<Node>,
}

impl Patch {
    /// The place of a part of it; that of the key where there is one.
    fn place_of(&self, path: &ValuePath) -> Place {
        self.written.as_ref().and_then(|node| within(node, path, true)).unwrap_or(self.place)
    }

    pub(super) fn hits(&self, id: &ObjectId) -> bool {
        self.kind == id.kind
            && self.name.as_ref().is_none_or(|name| *name == id.name)
            && self.group.as_ref().is_none_or(|group| group == id.group())
    }

    fn target(&self) -> String {
        let kind = &self.kind;
        self.name.as_ref().map_or_else(|| format!("{kind} of any name"), |name| format!("{kind} `{name}`"))
    }
}

/// Applies patches in their order. One that hits nothing, changes what an object is, or can't be merged is reported at
/// its place, and leaves the objects as they were.
pub fn apply_patches(objects: &mut Vec<Object>, patches: &[Patch], found: &mut Diagnostics) {
    for patch in patches {
        if !objects.iter().any(|object| patch.hits(&object.id)) {
            found.push(hits_nothing(patch, objects));
            continue;
        }
        if patch.value.get("$patch").and_then(Value::as_str) == Some("delete") {
            objects.retain(|object| !patch.hits(&object.id));
            continue;
        }
        for object in objects.iter_mut().filter(|object| patch.hits(&object.id)) {
            match patched(object, patch) {
                Ok(value) => object.value = value,
                Err(diagnostic) => found.push(diagnostic),
            }
        }
    }
}

/// A container that a patch names nearly as one that is there, and says no image of: it would be added beside that one, and
/// can't be.
fn misnamed_container(object: &Object, patch: &Patch) -> Option<Diagnostic> {
    const LISTS: [&str; 2] = ["initContainers", "containers"];
    LISTS.into_iter().find_map(|list| {
        let containers = |value: &'_ Value| {
            value.pointer(&format!("/spec/template/spec/{list}")).and_then(Value::as_array).cloned()
        };
        let name = |item: &Value| Some(item.get("name")?.as_str()?.to_owned());
        let there: Vec<String> = containers(&object.value)?.iter().filter_map(name).collect();
        let named = containers(&patch.value)?.into_iter().enumerate();
        let (index, own, meant) = named
            .filter(|(_, item)| item.get("image").is_none() && item.get("$patch").is_none())
            .filter_map(|(index, item)| Some((index, name(&item)?)))
            .filter(|(_, own)| !there.contains(own))
            .find_map(|(index, own)| {
                let meant = closest(&own, there.iter().map(String::as_str))?;
                Some((index, own.clone(), meant))
            })?;
        let path: ValuePath =
            ["spec", "template", "spec", list].into_iter().map(|key| Step::Key(key.to_owned())).collect();
        let known: Vec<String> = there.iter().map(|name| format!("`{name}`")).collect();
        let title = format!("the patch of {} adds a container `{own}` without an image", object.id);
        Some(
            Diagnostic::error(codes::PATCH, title)
                .at(patch.place_of(&path.item(index).child("name")), "")
                .cause(format!("`{list}` has {}; another name is another container", known.join(", ")))
                .help(format!("did you mean `{meant}`?")),
        )
    })
}

fn patched(object: &Object, patch: &Patch) -> Result<Value, Diagnostic> {
    if let Some(finding) = misnamed_container(object, patch) {
        return Err(finding);
    }
    let definition = Kind::of(&object.id).map(Kind::definition).unwrap_or_default();
    let merged = merge::whole(&object.value, &patch.value, &definition).map_err(|refused| {
        let place = patch.place_of(&refused.path());
        Diagnostic::error(codes::PATCH, format!("the patch of {}: {}", object.id, refused.title))
            .at(place, "")
            .help(refused.help)
    })?;
    if identify(&merged).is_ok_and(|id| id == object.id) {
        return Ok(merged);
    }
    let changed = ["apiVersion", "kind", "metadata.name", "metadata.namespace"].iter().filter_map(|path| {
        let pointer = format!("/{}", path.replace('.', "/"));
        let differs = merged.pointer(&pointer) != object.value.pointer(&pointer);
        ValuePath::parse(path).ok().filter(|_| differs)
    });
    let path = changed.into_iter().next().unwrap_or_default();
    Err(Diagnostic::error(codes::PATCH, format!("the patch of {} changes what the object is", object.id))
        .at(patch.place_of(&path), "")
        .cause("`apiVersion`, `kind`, `metadata.name` and `metadata.namespace` stay as they are")
        .help("remove them from the patch; a new object goes into `extraObjects`"))
}

fn hits_nothing(patch: &Patch, objects: &[Object]) -> Diagnostic {
    let mut there: Vec<String> = objects.iter().map(|object| object.id.to_string()).collect();
    there.dedup();
    let mut kinds: Vec<&str> = objects.iter().map(|object| object.id.kind.as_str()).collect();
    let mut seen = BTreeSet::new();
    kinds.retain(|kind| seen.insert(*kind));
    let near = suggestion(&patch.kind, kinds.into_iter());
    let same_kind: Vec<&str> = objects
        .iter()
        .filter(|object| object.id.kind == patch.kind)
        .map(|object| object.id.name.as_str())
        .collect();
    let help = match (&patch.name, same_kind.is_empty()) {
        (Some(name), false) => suggestion(name, same_kind.into_iter()),
        _ => near,
    };
    let code = if patch.name.is_some() { codes::PATCH_TARGET } else { codes::PATCH };
    Diagnostic::error(code, format!("the patch hits nothing: there is no {}", patch.target()))
        .at(patch.place, "")
        .cause(format!("the objects are {}", there.join(", ")))
        .help(help)
}
