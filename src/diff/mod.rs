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
pub use print::{SCHEMA, Style, github, json, paths, summary, unified};
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
    /// Claims that a StatefulSet made and uses: no render has them.
    pub kept: Vec<ObjectId>,
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

/// Compares old objects with new ones.
///
/// `show_secrets` leaves secrets as they are: for a person at a terminal.
///
/// `said` is what the API server says of objects: refusals, and fields that others hold.
pub fn compare(
    old: &[Object],
    new: &[Object],
    said: Vec<Said>,
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
        let applied = last_applied(&before.value).map(|applied| secrets.hidden(&applied, show_secrets));
        let before = secrets.hidden(&before.value, show_secrets);
        let mut found = both(&object.id, &before, after, &facts);
        if let Some(applied) = applied {
            by_hand(&mut found.changes, &applied);
        }
        diff.same += usize::from(found.what == What::Same);
        diff.objects.push(found);
    }
    for object in old.iter().filter(|object| !new.iter().any(|other| same_object(&other.id, &object.id))) {
        if object.id.kind == "PersistentVolumeClaim" && facts.is_claimed(&object.id.name) {
            diff.kept.push(if show_secrets { object.id.clone() } else { secrets.hidden_id(&object.id) });
            continue;
        }
        let value = secrets.hidden(&object.value, show_secrets);
        diff.objects.push(one_sided(object, What::Removed, value));
    }
    effects::judge(&mut diff, &facts, old);
    for said in said {
        diff.tell(said);
    }
    if !show_secrets {
        diff.objects.iter_mut().for_each(|object| secrets.hide_words(object));
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
        conflicts: Vec::new(),
        old: Some(shown),
        new: Some(new),
    }
}

/// Where `kubectl apply` keeps what it sent last.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What `kubectl apply` sent last.
fn last_applied(live: &Json) -> Option<Json> {
    let annotations = live.get("metadata")?.get("annotations")?;
    serde_json::from_str(annotations.get(LAST_APPLIED)?.as_str()?).ok()
}

/// Marks what the live object has, the new one lacks, and nobody applied: another apply leaves it.
fn by_hand(changes: &mut [Change], applied: &Json) {
    for change in changes {
        let gone = matches!(&change.body, Body::Value { before: Some(_), after: None });
        change.by_hand = gone && change.path.find(applied).is_none();
    }
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
