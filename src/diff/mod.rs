//! Two sets of objects become what differs between them, and what each difference does to the database.
//!
//! [`compare`] pairs objects by their identity, hides what is secret ([`Secrets`]), compares what is left field by field
//! (`tree`), leaves out what is no difference (`ignore`), reads embedded files in their own terms (`embedded`), and says
//! of each change what it leads to (`effects`). `print` writes it. Nothing here touches the world.
//!
//! To add a default of the API: a row of `ignore/table.rs`. To add a consequence: a row of `effects/table.rs`.

mod effects;
mod embedded;
mod ignore;
mod lists;
mod path;
mod print;
mod secrets;
mod tree;

use serde_json::Value as Json;

pub use effects::{Consequence, Effect};
pub use path::Path;
pub use print::{Style, github, json, paths, summary, unified};
pub use secrets::Secrets;

use crate::manifest::{Object, ObjectId};
use crate::postgres::Major;
use effects::Facts;

/// What differs between an old and a new set of objects.
#[derive(Debug, Default)]
pub struct Diff {
    /// Objects that differ: in apply order, those that are gone at the end.
    pub objects: Vec<ObjectDiff>,
    /// How many objects are the same on both sides.
    pub same: usize,
}

/// What differs in one object.
#[derive(Debug)]
pub struct ObjectDiff {
    pub id: ObjectId,
    pub what: What,
    pub changes: Vec<Change>,
    /// What the whole object's coming or going leads to.
    pub effects: Vec<Effect>,
    pub ignored: Vec<Ignored>,
    /// Without secrets and without what is ignored.
    pub old: Option<Json>,
    /// Without secrets.
    pub new: Option<Json>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Added,
    Removed,
    Changed,
    /// Nothing but what is ignored differs.
    Same,
}

/// One difference.
#[derive(Debug)]
pub struct Change {
    pub path: Path,
    pub body: Body,
    pub effects: Vec<Effect>,
}

/// What a difference is.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A value that differs; one side may lack it.
    Value { before: Option<Json>, after: Option<Json> },
    /// A text of several lines.
    Text { before: String, after: String },
    /// The same items in another order.
    Order { before: Vec<String>, after: Vec<String> },
}

/// A difference that is none.
#[derive(Debug)]
pub struct Ignored {
    pub path: Path,
    pub why: &'static str,
}

/// Compares old objects with new ones.
///
/// `show_secrets` leaves secrets as they are: for a person at a terminal.
pub fn compare(old: &[Object], new: &[Object], secrets: &mut Secrets, show_secrets: bool) -> Diff {
    let facts = Facts::read(old, new);
    let mut diff = Diff::default();
    for object in new {
        let before = old.iter().find(|other| same_object(&other.id, &object.id));
        let after = secrets.hidden(&object.value, show_secrets);
        let Some(before) = before else {
            diff.objects.push(one_sided(object, What::Added, after));
            continue;
        };
        let before = secrets.hidden(&before.value, show_secrets);
        let found = both(&object.id, &before, after, &facts);
        diff.same += usize::from(found.what == What::Same);
        diff.objects.push(found);
    }
    for object in old.iter().filter(|object| !new.iter().any(|other| same_object(&other.id, &object.id))) {
        let value = secrets.hidden(&object.value, show_secrets);
        diff.objects.push(one_sided(object, What::Removed, value));
    }
    effects::judge(&mut diff, &facts);
    for object in &mut diff.objects {
        object.id = hidden_id(&object.id, secrets, show_secrets);
    }
    diff
}

/// Group, kind, namespace and name; another version of the API is a change.
fn same_object(left: &ObjectId, right: &ObjectId) -> bool {
    left.group() == right.group()
        && left.kind == right.kind
        && left.name == right.name
        && left.namespace == right.namespace
}

fn one_sided(object: &Object, what: What, value: Json) -> ObjectDiff {
    let (old, new) = if what == What::Added { (None, Some(value)) } else { (Some(value), None) };
    ObjectDiff { id: object.id.clone(), what, changes: vec![], effects: vec![], ignored: vec![], old, new }
}

fn both(id: &ObjectId, old: &Json, new: Json, facts: &Facts) -> ObjectDiff {
    let mut comparison =
        tree::Comparison { kind: &id.kind, major: facts.major(), changes: Vec::new(), ignored: Vec::new() };
    let shown = comparison.both(&Path::default(), old, &new);
    let what = if comparison.changes.is_empty() { What::Same } else { What::Changed };
    ObjectDiff {
        id: id.clone(),
        what,
        changes: comparison.changes,
        effects: Vec::new(),
        ignored: comparison.ignored,
        old: Some(shown),
        new: Some(new),
    }
}

fn hidden_id(id: &ObjectId, secrets: &Secrets, show: bool) -> ObjectId {
    let hide = |text: &str| if show { text.to_owned() } else { secrets.hide(text) };
    ObjectId {
        api_version: hide(&id.api_version),
        kind: hide(&id.kind),
        namespace: id.namespace.as_deref().map(hide),
        name: hide(&id.name),
    }
}

impl Diff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.objects.iter().all(|object| object.what == What::Same)
    }

    /// Every consequence that the changes have, the gravest first.
    pub fn consequences(&self) -> Vec<Consequence> {
        let mut all: Vec<Consequence> =
            self.objects.iter().flat_map(ObjectDiff::all_effects).map(|e| e.consequence).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all.dedup();
        all
    }
}

impl ObjectDiff {
    /// What the object and its changes lead to.
    pub fn all_effects(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().chain(self.changes.iter().flat_map(|change| &change.effects))
    }
}

impl Facts {
    fn major(&self) -> Major {
        self.new_major
    }
}
