//! Two sets of objects become what differs between them, and what each difference does to the database.
//!
//! [`compare`] pairs objects by their identity, hides what is secret ([`Secrets`]), compares what is left field by field
//! (`tree`), leaves out what is no difference (`ignore`), reads embedded files in their own terms (`embedded`), and says
//! of each change what it leads to (`effects`). `print` writes it. Nothing here touches the world.
//!
//! To add a default of the API: a row of `ignore/table.rs`. To add a consequence: a row of `effects/table.rs`.

mod applied;
mod effects;
mod embedded;
mod ignore;
mod left;
mod lists;
mod path;
mod print;
mod secrets;
mod tree;

use serde_json::Value as Json;

pub use effects::{Consequence, Effect};
pub use path::Path;
pub use print::{SCHEMA, Style, github, json, paths, summary, unified};
pub use secrets::Secrets;

use crate::manifest::{Object, ObjectId, references};
use crate::postgres::Major;
use applied::Applied;
use effects::Facts;
use ignore::Old;

/// What differs between an old and a new set of objects.
#[derive(Debug, Default)]
pub struct Diff {
    /// Objects that differ: in apply order, those that are gone at the end.
    pub objects: Vec<ObjectDiff>,
    /// How many objects are the same on both sides.
    pub same: usize,
    /// What no render has and is in use: claims that a StatefulSet made, Secrets that pods name.
    pub kept: Vec<Kept>,
}

/// An object that only the old side has, and that is no difference.
#[derive(Debug)]
pub struct Kept {
    pub id: ObjectId,
    pub why: &'static str,
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
    /// Fields that another field manager holds with another value, and who that is.
    pub conflicts: Vec<(String, String)>,
    /// Without secrets and without what is ignored.
    pub old: Option<Json>,
    /// Without secrets.
    pub new: Option<Json>,
}

/// What a dry run says beside the new side, which is what it makes of a render.
#[derive(Debug, Default)]
pub struct Told {
    /// The render itself.
    pub rendered: Vec<Object>,
    pub said: Vec<Said>,
}

/// What the API server says of an object.
#[derive(Debug)]
pub struct Said {
    pub id: ObjectId,
    pub refused: Option<String>,
    /// Fields, and who holds them.
    pub conflicts: Vec<(String, String)>,
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
    /// Whether nobody applied it: only the live object has it.
    pub by_hand: bool,
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

/// Compares old objects with new ones, and takes in what a dry run says beside.
///
/// `show_secrets` leaves secrets as they are: for a person at a terminal.
pub fn compare(
    old: &[Object],
    new: &[Object],
    told: Told,
    secrets: &mut Secrets,
    show_secrets: bool,
) -> Diff {
    let facts = Facts::read(old, new);
    let mut diff = Diff::default();
    for object in new {
        let before = old.iter().find(|other| same_object(&other.id, &object.id));
        let after = secrets.hidden(&object.value, show_secrets);
        let Some(before) = before else {
            diff.objects.push(one_sided(object, What::Added, after));
            continue;
        };
        let found = both(before, after, &facts, secrets, show_secrets);
        diff.same += usize::from(found.what == What::Same);
        diff.objects.push(found);
    }
    for object in old.iter().filter(|object| !new.iter().any(|other| same_object(&other.id, &object.id))) {
        let Some(why) = kept(object, new, &facts) else {
            let value = secrets.hidden(&object.value, show_secrets);
            diff.objects.push(one_sided(object, What::Removed, value));
            continue;
        };
        if object.metadata("deletionTimestamp").is_some() {
            let mut stays = object.value.clone();
            if let Some(metadata) = stays.get_mut("metadata").and_then(Json::as_object_mut) {
                metadata.retain(|key, _| !key.starts_with("deletion"));
            }
            let stays = secrets.hidden(&stays, show_secrets);
            diff.objects.push(both(object, stays, &facts, secrets, show_secrets));
        } else {
            diff.kept.push(Kept { id: object.id.clone(), why });
        }
    }
    effects::judge(&mut diff, &facts, old, new);
    diff.leave(old, &told.rendered, secrets, show_secrets);
    for said in told.said {
        diff.tell(said);
    }
    if !show_secrets {
        secrets.hide_words(&mut diff);
    }
    diff
}

/// Whether group, kind, namespace and name are the same; another version of the API is a change.
pub fn same_object(left: &ObjectId, right: &ObjectId) -> bool {
    left.group() == right.group()
        && left.kind == right.kind
        && left.name == right.name
        && left.namespace == right.namespace
}

fn one_sided(object: &Object, what: What, value: Json) -> ObjectDiff {
    let (old, new) = if what == What::Added { (None, Some(value)) } else { (Some(value), None) };
    ObjectDiff {
        id: object.id.clone(),
        what,
        changes: vec![],
        effects: vec![],
        ignored: vec![],
        conflicts: vec![],
        old,
        new,
    }
}

/// Compares an old object with its new side, from which secrets are gone already.
fn both(object: &Object, new: Json, facts: &Facts, secrets: &mut Secrets, show: bool) -> ObjectDiff {
    let id = &object.id;
    let is_live = object.metadata("uid").is_some();
    let old = Old { is_live, applied: Applied::read(id, &object.value, secrets, show) };
    let mut comparison = tree::Comparison {
        kind: &id.kind,
        major: facts.major(),
        old,
        changes: Vec::new(),
        ignored: Vec::new(),
    };
    let shown = comparison.both(&Path::default(), &secrets.hidden(&object.value, show), &new);
    let mut changes = comparison.changes;
    if let Some(applied) = comparison.old.applied {
        applied.mark(&mut changes);
    }
    let what = if changes.is_empty() { What::Same } else { What::Changed };
    ObjectDiff {
        id: id.clone(),
        what,
        changes,
        effects: Vec::new(),
        ignored: comparison.ignored,
        conflicts: Vec::new(),
        old: Some(shown),
        new: Some(new),
    }
}

/// Why an object that only the old side has is no difference: who makes it, or who uses it.
fn kept(object: &Object, new: &[Object], facts: &Facts) -> Option<&'static str> {
    let id = &object.id;
    if id.kind == "PersistentVolumeClaim" && facts.is_claimed(&id.name) {
        return Some("a StatefulSet made it and uses it");
    }
    let names = |other: &&Object| {
        other.id.namespace == id.namespace
            && references(&other.value).iter().any(|named| named.kind == "Secret" && named.name == id.name)
    };
    let used = id.kind == "Secret" && new.iter().any(|other| names(&other));
    used.then_some("what is rendered uses it, and no render has to hold it")
}

impl Diff {
    /// Takes in what the API server says of an object.
    fn tell(&mut self, said: Said) {
        let Some(object) = self.objects.iter_mut().find(|object| object.id == said.id) else { return };
        object.conflicts = said.conflicts;
        if let Some(refused) = said.refused {
            let reason = format!("the API server refuses it: {refused}");
            object.effects.push(Effect { consequence: Consequence::Refused, reason, recipe: None });
            // The rows' own word for it would say the same once more.
            if object.what == What::Same {
                object.what = What::Changed;
                self.same -= 1;
            }
        }
    }

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
