//! What a change does to the database, and why.

mod facts;
mod parameters;
mod subject;
mod table;
mod taken;
mod volumes;
mod when;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

pub(super) use self::facts::Facts;
use self::facts::Roll;
use self::subject::Subject;
use self::table::{Rule, rule};
use self::volumes::release_of;
use self::whole::whole;
use super::{Body, Change, Diff, What};
use crate::manifest::Object;

/// What a change leads to, the graver the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// The running pods take no notice.
    Nothing,
    /// The server or the keeper takes it over while it runs.
    Reload,
    /// Passwords or certificates change.
    Credentials,
    /// A volume grows.
    Resize,
    /// The server's pods are replaced, one after the other.
    Restart,
    /// They are replaced from the last ordinal down: standbys, then the primary.
    StandbysFirst,
    /// Another pod becomes the primary.
    Failover,
    /// Something has to be deleted and made anew.
    Recreate,
    /// Kubernetes refuses the change as it is.
    Refused,
    /// Data can be lost, be out of reach, or be wrong.
    Risk,
}

impl Consequence {
    pub const ALL: [Self; 10] = [
        Self::Nothing,
        Self::Reload,
        Self::Credentials,
        Self::Resize,
        Self::Restart,
        Self::StandbysFirst,
        Self::Failover,
        Self::Recreate,
        Self::Refused,
        Self::Risk,
    ];

    /// As the column names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Reload => "reload",
            Self::Credentials => "credentials",
            Self::Resize => "resize",
            Self::Restart => "restart",
            Self::StandbysFirst => "standbys-first",
            Self::Failover => "failover",
            Self::Recreate => "recreate",
            Self::Refused => "refused",
            Self::Risk => "risk",
        }
    }

    /// As the summary says it.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Nothing => "nothing restarts",
            Self::Reload => "reload",
            Self::Credentials => "credentials change",
            Self::Resize => "volume resize",
            Self::Restart => "rolling restart",
            Self::StandbysFirst => "restart of standbys first",
            Self::Failover => "failover needed",
            Self::Recreate => "recreation",
            Self::Refused => "refused by Kubernetes",
            Self::Risk => "data at risk",
        }
    }
}

/// A consequence, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub consequence: Consequence,
    pub reason: String,
    /// What carries the change out, where applying does not.
    pub recipe: Option<String>,
}

/// Says of every change what it leads to.
pub(super) fn judge(diff: &mut Diff, facts: &Facts, old: &[Object], new: &[Object]) {
    let releases: BTreeSet<&str> = new.iter().filter_map(|object| release_of(&object.value)).collect();
    let restarts: BTreeMap<&str, String> = releases
        .into_iter()
        .filter_map(|release| Some((release, parameters::restarts(diff, facts, release)?)))
        .collect();
    for object in &mut diff.objects {
        let id = object.id.clone();
        let side = |objects: &'_ [Object]| -> Option<usize> {
            objects.iter().position(|other| super::same_object(&other.id, &id))
        };
        let left = object.changes.iter().filter(|change| change.by_hand);
        let subject = Subject {
            kind: &id.kind,
            name: &id.name,
            namespace: id.namespace.as_deref(),
            old: side(old).map(|at| &old[at].value),
            new: side(new).map(|at| &new[at].value),
            left: left.map(|change| change.path.to_string()).collect(),
        };
        match object.what {
            What::Added | What::Removed => object.effects = vec![whole(&subject, object.what, facts)],
            What::Changed | What::Same => {
                let restarts = subject.new.and_then(release_of).and_then(|release| restarts.get(release));
                for change in &mut object.changes {
                    change.effects = vec![one(change, &subject, facts, restarts.map(String::as_str))];
                }
            }
        }
    }
}

fn one(change: &Change, subject: &Subject<'_>, facts: &Facts, restarts: Option<&str>) -> Effect {
    if change.by_hand {
        let reason = "nobody applied it, and `kubectl apply` leaves it as it is".to_owned();
        return Effect { consequence: Consequence::Nothing, reason, recipe: None };
    }
    if let Some(effect) = parameters::effect(change, subject, facts) {
        return effect;
    }
    let mut effect = effect(rule(change, subject, facts), subject);
    effect.recipe = effect.recipe.map(|recipe| recipe.replace("{grow}", &grow(change, subject)));
    if let Some(why) = restarts.filter(|_| change.path.last() == "pgpod/restart-checksum") {
        why.clone_into(&mut effect.reason);
    }
    if effect.consequence == Consequence::Restart && change.path.fits("spec template **") {
        replaced(&mut effect, facts.roll(subject));
    }
    without_data(&mut effect, change, subject, facts);
    effect
}

/// Says how pods are replaced whose template is another one.
fn replaced(effect: &mut Effect, roll: Roll) {
    let (consequence, how) = match roll {
        Roll::Alone => return,
        Roll::Ordered(order) => (Consequence::StandbysFirst, order),
        Roll::Down(order) => (Consequence::Restart, order),
        Roll::Stays(why) => (Consequence::Nothing, why.to_owned()),
    };
    effect.consequence = consequence;
    effect.reason = format!("{}; {how}", effect.reason);
}

/// A pod whose volume ends with it takes the database along.
fn without_data(effect: &mut Effect, change: &Change, subject: &Subject<'_>, facts: &Facts) {
    use Consequence::{Recreate, Refused, Restart, StandbysFirst};
    if !subject.is_ephemeral(facts) {
        return;
    }
    let starts = change.path.fits("spec replicas") && when::number(change).0 == 0;
    match effect.consequence {
        Restart | StandbysFirst if !starts => {
            effect.consequence = Consequence::Risk;
            effect.reason =
                format!("{}; the database is on a volume that ends with the pod: it is lost", effect.reason);
        }
        Recreate | Refused if effect.recipe.as_ref().is_some_and(|recipe| !recipe.contains("orphan")) => {
            effect.recipe = None;
            effect.reason = format!(
                "{}; the database is on a volume that ends with the pod: move it by a dump before anything is deleted",
                effect.reason
            );
        }
        _ => {}
    }
}

fn effect(rule: &Rule, subject: &Subject<'_>) -> Effect {
    let recipe = (!rule.recipe.is_empty()).then(|| {
        rule.recipe
            .replace("{kind}", &subject.kind.to_ascii_lowercase())
            .replace("{name}", subject.name)
            .replace(" {-n}", &subject.flag())
    });
    Effect { consequence: rule.consequence, reason: rule.reason.to_owned(), recipe }
}

/// The commands that give the claims of a StatefulSet the size that its template asks for.
fn grow(change: &Change, subject: &Subject<'_>) -> String {
    let (_, size) = texts(&change.body);
    let patch = json!({ "spec": { "resources": { "requests": { "storage": size } } } });
    let namespace = subject.flag();
    let replicas = subject.old.and_then(|old| old.pointer("/spec/replicas")?.as_u64()).unwrap_or(1);
    let claim = format!("{}-{}", change.path.word(2), subject.name);
    let command = |ordinal: u64| format!("kubectl patch pvc {claim}-{ordinal}{namespace} -p '{patch}'");
    (0..replicas).map(command).collect::<Vec<_>>().join("; ")
}

/// The text of a value that a change has on one side.
fn text(value: Option<&serde_json::Value>) -> &str {
    value.and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// Both sides of a change of a plain value, as texts.
fn texts(body: &Body) -> (&str, &str) {
    match body {
        Body::Value { before, after } => (text(before.as_ref()), text(after.as_ref())),
        Body::Text { before, after } => (before, after),
        Body::Order { .. } => ("", ""),
    }
}
