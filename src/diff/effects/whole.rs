//! What an object's coming or going leads to.

use super::Consequence::{Credentials, Nothing, Recreate, Risk};
use super::table::{Rule, row};
use super::{Effect, Facts, Subject, effect};
use crate::diff::What;

const COME: [Rule; 5] = [
    row("Secret", "", Credentials, "new credentials"),
    row("PersistentVolumeClaim", "", Nothing, "a new volume is made"),
    row("Deployment", "", Nothing, "a new pod starts"),
    row("StatefulSet", "", Nothing, "new pods start"),
    row("NetworkPolicy", "", Nothing, "connections that it does not allow are refused from then on"),
];
const COMES: Rule = row("*", "", Nothing, "it is new");
const STATEFUL_CLAIM: Rule =
    row("*", "", Nothing, "the StatefulSet that was has made this claim: its volume stays in use");

const STAYS: &str = "kubectl delete {kind} {name} {-n}";
const GO: [Rule; 7] = [
    row("PersistentVolumeClaim", "", Risk, "with the claim, its data is deleted; `kubectl apply` leaves it")
        .recipe(STAYS),
    row(
        "Namespace",
        "",
        Risk,
        "with the namespace, everything in it is deleted, claims too; `kubectl apply` leaves it",
    )
    .recipe(STAYS),
    row("Deployment", "", Nothing, "its pods end with it; `kubectl apply` leaves it").recipe(STAYS),
    row("StatefulSet", "", Nothing, "its pods end with it, and its claims stay; `kubectl apply` leaves it")
        .recipe(STAYS),
    row("Secret", "", Credentials, "pods that start without it wait for it; `kubectl apply` leaves it")
        .recipe(STAYS),
    row(
        "Service",
        "",
        Nothing,
        "clients that use it lose their way when it is deleted; `kubectl apply` leaves it",
    )
    .recipe(STAYS),
    row("ConfigMap", "", Nothing, "pods that start without it wait for it; `kubectl apply` leaves it")
        .recipe(STAYS),
];
const GOES: Rule = row("*", "", Nothing, "`kubectl apply` leaves it").recipe(STAYS);
const SERVER_GOES: Rule =
    row("*", "", Recreate, "the database ends with it, and its claims stay; `kubectl apply` leaves it")
        .recipe(STAYS);
// Without a recipe: deleting them is what loses the data.
const EPHEMERAL_GOES: Rule = row(
    "*",
    "",
    Risk,
    "the database ends with it, and its data, which is on a volume of the pod's; `kubectl apply` leaves it",
);
const CLAIMS_GO: Rule = row(
    "*",
    "",
    Risk,
    "with it, its claims are deleted, and their data (`whenDeleted` is `Delete`); `kubectl apply` leaves it",
);

const SWITCHED_FROM: Rule = row(
    "*",
    "",
    Recreate,
    "the release changes its mode: this one must be gone before the other one starts, since they share a volume",
)
.recipe("kubectl delete {kind} {name} {-n}, then apply: the claims keep the data");
const SWITCHED_TO: Rule =
    row("*", "", Recreate, "the release changes its mode: it starts on the volume of the old one");

pub(super) fn whole(subject: &Subject<'_>, what: What, facts: &Facts) -> Effect {
    let workload = matches!(subject.kind, "Deployment" | "StatefulSet");
    let switch = facts.switch(subject.name).filter(|_| workload);
    let reason = |reason| Effect { consequence: Risk, reason, recipe: None };
    match (switch, what) {
        (Some(switch), _) if !switch.keeps() => {
            return reason(format!("the release changes its mode: {}", switch.loss()));
        }
        (Some(_), What::Removed) if subject.deletes_claims() => {
            return reason(
                "the release changes its mode, and with this one its claims would be deleted: set its \
                 `whenDeleted` to `Retain` first"
                    .to_owned(),
            );
        }
        (Some(_), What::Added) => return effect(&SWITCHED_TO, subject),
        (Some(_), _) => return effect(&SWITCHED_FROM, subject),
        (None, _) => {}
    }
    let rule = if what == What::Added {
        let made = subject.kind == "PersistentVolumeClaim" && facts.has_made(subject.name);
        let row = COME.iter().find(|rule| rule.kind == subject.kind).unwrap_or(&COMES);
        if made { &STATEFUL_CLAIM } else { row }
    } else if subject.is_ephemeral(facts) {
        &EPHEMERAL_GOES
    } else if subject.deletes_claims() {
        &CLAIMS_GO
    } else if subject.is_server() {
        &SERVER_GOES
    } else {
        GO.iter().find(|rule| rule.kind == subject.kind).unwrap_or(&GOES)
    };
    effect(rule, subject)
}
