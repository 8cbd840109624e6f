//! Which change leads to what: the first row that fits.

use serde_json::Value as Json;

use super::Consequence::{
    self, Credentials, Failover, Nothing, Recreate, Refused, Reload, Resize, Restart, Risk,
};
use super::{Facts, Subject, texts};
use crate::diff::{Body, Change, What};
use crate::quantity::Quantity;

/// A consequence of changes of certain fields.
pub(super) struct Rule {
    /// `*` is every kind.
    kind: &'static str,
    /// A pattern of paths.
    path: &'static str,
    when: fn(&Change, &Subject<'_>, &Facts) -> bool,
    pub(super) consequence: Consequence,
    pub(super) reason: &'static str,
    /// What carries it out; `{kind}`, `{name}` and `{-n}` stand for the object's.
    pub(super) recipe: &'static str,
}

const fn row(kind: &'static str, path: &'static str, consequence: Consequence, reason: &'static str) -> Rule {
    Rule { kind, path, when: |_, _, _| true, consequence, reason, recipe: "" }
}

impl Rule {
    const fn when(mut self, when: fn(&Change, &Subject<'_>, &Facts) -> bool) -> Self {
        self.when = when;
        self
    }

    const fn recipe(mut self, recipe: &'static str) -> Self {
        self.recipe = recipe;
        self
    }
}

const DELETE_AND_APPLY: &str = "kubectl delete {kind} {name} {-n}, then apply";
const ORPHAN_AND_APPLY: &str =
    "kubectl delete {kind} {name} {-n} --cascade=orphan, then apply: the pods go on and are taken over";
const IMMUTABLE: &str = "the field can't be changed";

#[rustfmt::skip]
const RULES: &[Rule] = &[
    row("*", "apiVersion", Nothing, "it is the same object in another version of the API"),
    row("*", "metadata labels app.kubernetes.io/*", Nothing, "labels of the object restart nothing"),
    row("*", "metadata **", Nothing, "labels and annotations of the object restart nothing").when(|change, _, _| !change.path.fits("metadata finalizers **")),

    // What the pod is made of. Data first.
    row("*", "spec template spec containers * env PGDATA **", Risk, "another major does not start on the files of the old one, and begins with an empty folder beside them: move the data by `pg_upgrade` or a dump").when(is_workload),
    row("*", "spec template spec containers postgres env PGPOD_MAJOR **", Risk, "another major does not start on the files of the old one: move the data by `pg_upgrade` or a dump").when(is_workload),
    row("*", "spec template spec containers * image", Risk, "the other image has another C library, which may sort texts otherwise: the server does not start until `postgresql.image.acceptFamily` names it, and indexes on texts are to be rebuilt").when(other_family),
    row("*", "spec template spec containers * env PGPOD_LOCALE **", Recreate, "databases keep the locale that they were made with: only a dump and a restore change it").when(is_workload),
    row("*", "spec template spec volumes data persistentVolumeClaim **", Risk, "the pod then has another volume: its data is left on the old one").when(is_workload),
    row("*", "spec template spec volumes data **", Risk, "the pod then has another volume, and the data is left on the old one or ends with the pod").when(is_workload),
    row("*", "spec template spec volumes wal **", Risk, "the write-ahead log is on that volume: without it the server does not start").when(|change, subject, facts| is_workload(change, subject, facts) && after(change).is_empty()),
    row("*", "spec template spec containers * image", Restart, "another image needs another pod").when(is_workload),
    row("*", "spec template metadata annotations pgpod/restart-checksum", Restart, "something that only a start of the server takes over has changed").when(is_workload),
    row("*", "spec template spec containers * resources **", Restart, "other amounts of memory or processors need another pod").when(is_workload),
    row("*", "spec template metadata **", Restart, "labels and annotations of the pod's template are part of it").when(is_workload),
    row("*", "spec template **", Restart, "it is part of the pod's template: another template is another pod").when(is_workload),

    row("Deployment", "spec selector **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("Deployment", "spec replicas", Restart, "with no replica the database stops").when(|change, _, _| number(change).1 == 0),
    row("Deployment", "spec replicas", Risk, "two servers on one volume: the second waits for the first, and never serves").when(|change, _, _| number(change).1 > 1),
    row("Deployment", "spec replicas", Restart, "the database starts").when(|change, _, _| number(change).0 == 0),
    row("Deployment", "spec strategy **", Nothing, "it counts when the pod is next replaced"),
    row("Deployment", "spec **", Nothing, "it changes how the Deployment is watched, not the pod"),

    row("StatefulSet", "spec replicas", Failover, "the primary's pod would end").when(|change, _, facts| number(change).1 <= i128::from(facts.primary())).recipe("promote another standby first (`highAvailability.primary`), then lower the replicas"),
    row("StatefulSet", "spec replicas", Nothing, "standbys are added; each clones the primary").when(|change, _, _| number(change).1 > number(change).0),
    row("StatefulSet", "spec replicas", Nothing, "the pods with the highest ordinals end; their claims stay"),
    row("StatefulSet", "spec persistentVolumeClaimRetentionPolicy **", Risk, "claims are then deleted with their pods").when(|change, _, _| after(change).contains("Delete")),
    row("StatefulSet", "spec volumeClaimTemplates * spec resources requests storage", Refused, "a claim can't shrink").when(shrinks).recipe("move the data to a new, smaller claim by a dump or a base backup, or keep the size"),
    row("StatefulSet", "spec volumeClaimTemplates * spec resources requests storage", Refused, "the size in a StatefulSet's claim template can't be changed; the claims' own can, if their class allows it (`allowVolumeExpansion`)").recipe("{grow}; kubectl delete statefulset {name} {-n} --cascade=orphan, then apply: the pods go on and are taken over"),
    row("StatefulSet", "spec serviceName", Refused, IMMUTABLE).recipe(ORPHAN_AND_APPLY),
    row("StatefulSet", "spec podManagementPolicy", Refused, IMMUTABLE).recipe(ORPHAN_AND_APPLY),
    row("StatefulSet", "spec selector **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StatefulSet", "spec volumeClaimTemplates **", Refused, "the field can't be changed; claims that are there stay as they are").recipe(ORPHAN_AND_APPLY),
    row("StatefulSet", "spec **", Nothing, "it counts when pods are next replaced"),

    row("PersistentVolumeClaim", "spec resources requests storage", Refused, "a claim can't shrink").when(shrinks).recipe("move the data to a new, smaller claim by a dump or a base backup, or keep the size"),
    row("PersistentVolumeClaim", "spec resources requests storage", Refused, "the claim has no volume yet: its size can't be changed before").when(|_, subject, _| is_pending(subject)).recipe("wait until it is bound, or delete it and apply: it holds nothing"),
    row("PersistentVolumeClaim", "spec resources requests storage", Resize, "a growth that was not carried out is taken back").when(|change, _, _| sizes(change).is_some_and(|(before, after)| after < before)),
    row("PersistentVolumeClaim", "spec resources requests storage", Resize, "the volume grows, if its class allows it (`allowVolumeExpansion`)"),
    row("PersistentVolumeClaim", "spec volumeAttributesClassName", Nothing, "the volume's driver changes it while it is used"),
    row("PersistentVolumeClaim", "spec **", Refused, "of a claim only the size can be changed").recipe("move the data to a claim of another name (`persistence.existingClaim`), or keep the value"),

    row("Service", "spec selector statefulset.kubernetes.io/pod-name", Nothing, "the release changes its mode: that pod has the volume that the one server has").when(is_first_server),
    row("Service", "spec selector statefulset.kubernetes.io/pod-name", Failover, "connections made from then on go to another pod: promote it first"),
    row("Service", "spec selector **", Nothing, "connections made from then on go to the pods that fit"),
    row("Service", "spec clusterIP", Refused, "an address can't be changed").recipe(DELETE_AND_APPLY),
    row("Service", "spec clusterIPs **", Refused, "an address can't be changed").recipe(DELETE_AND_APPLY),
    row("Service", "spec ports **", Nothing, "clients have to use the other port; the pod stays"),
    row("Service", "spec **", Nothing, "it changes how clients come to the pod, which stays"),

    row("ConfigMap", "data **", Refused, "the ConfigMap is immutable").when(|_, subject, _| is_immutable(subject)).recipe(DELETE_AND_APPLY),
    row("Secret", "data **", Refused, "the Secret is immutable").when(|_, subject, _| is_immutable(subject)).recipe(DELETE_AND_APPLY),
    row("*", "immutable", Refused, "what was made immutable stays so").when(|change, _, _| after(change).is_empty()).recipe(DELETE_AND_APPLY),
    row("ConfigMap", "data pg_hba.conf", Reload, "rules take effect at a reload, for connections made from then on"),
    row("ConfigMap", "data pg_ident.conf", Reload, "maps take effect at a reload, for connections made from then on"),
    row("ConfigMap", "data high-availability primary", Failover, "another ordinal becomes the primary: the old one restarts as a standby in its pod, the new one has to be promoted"),
    row("ConfigMap", "data high-availability **", Reload, "the keeper takes it over while the server runs"),
    row("ConfigMap", "data pgbouncer.ini **", Reload, "the pooler takes it over at a reload"),
    row("ConfigMap", "data passwd", Nothing, "it is mounted at the start of a pod"),
    row("ConfigMap", "data *", Recreate, "an existing database keeps its encoding and locale: only a dump and a restore change them").when(other_encoding),
    row("ConfigMap", "data *", Reload, "the keeper runs it in the running database; what it names no more stays there").when(|change, _, _| change.path.last().ends_with(".sql")),
    row("ConfigMap", "data *", Reload, "the keeper runs it in the running database; what it names no more stays there").when(|_, subject, _| subject.name.ends_with("-init")),
    row("ConfigMap", "data *", Restart, "a script takes effect when its container starts").when(|_, subject, _| subject.name.ends_with("-scripts")),
    row("ConfigMap", "**", Nothing, "who mounts it sees it within a minute and a half"),
    row("Secret", "data **", Credentials, "the keeper gives the roles their new passwords; sessions go on"),
    row("Secret", "type", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("Secret", "**", Nothing, "it restarts nothing"),

    row("RoleBinding", "roleRef **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("ClusterRoleBinding", "roleRef **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StorageClass", "parameters **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StorageClass", "provisioner", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("PriorityClass", "value", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("Job", "spec parallelism", Nothing, "the Job goes on with another number of pods"),
    row("Job", "spec suspend", Nothing, "the Job pauses or goes on"),
    row("Job", "spec **", Refused, "a Job can't be changed once it is made").recipe(DELETE_AND_APPLY),
    row("CronJob", "spec **", Nothing, "it counts from the next run on"),
    row("NetworkPolicy", "**", Nothing, "connections are allowed or refused by it at once; the pod stays"),
    row("Namespace", "**", Nothing, "pods that are made from then on are judged by it"),
];

/// For what no row is of.
const OTHER: Rule = row("*", "**", Nothing, "it restarts nothing");

/// What objects' coming and going lead to.
const COME: [Rule; 5] = [
    row("Secret", "", Credentials, "new credentials"),
    row("PersistentVolumeClaim", "", Nothing, "a new volume is made"),
    row("Deployment", "", Nothing, "a new pod starts"),
    row("StatefulSet", "", Nothing, "new pods start"),
    row("NetworkPolicy", "", Nothing, "connections that it does not allow are refused from then on"),
];
const COMES: Rule = row("*", "", Nothing, "it is new");

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
    row(
        "Deployment",
        "",
        Recreate,
        "the database ends with it, and its claims stay; `kubectl apply` leaves it",
    )
    .recipe(STAYS),
    row(
        "StatefulSet",
        "",
        Recreate,
        "the database ends with it, and its claims stay; `kubectl apply` leaves it",
    )
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

/// A Deployment that becomes a StatefulSet, or the other way round.
pub(super) const SWITCHED_FROM: Rule = row("*", "", Recreate, "the release changes its mode: this one must be gone before the other one starts, since they share a volume").recipe("kubectl delete {kind} {name} {-n}, then apply: the claims keep the data");
pub(super) const SWITCHED_TO: Rule =
    row("*", "", Recreate, "the release changes its mode: it starts on the volume of the old one");
pub(super) fn rule(change: &Change, subject: &Subject<'_>, facts: &Facts) -> &'static Rule {
    let fits = |rule: &&Rule| {
        (rule.kind == "*" || rule.kind == subject.kind)
            && change.path.fits(rule.path)
            && (rule.when)(change, subject, facts)
    };
    RULES.iter().find(fits).unwrap_or(&OTHER)
}

pub(super) fn whole(kind: &str, what: What) -> &'static Rule {
    let (rows, other): (&[Rule], _) = if what == What::Added { (&COME, &COMES) } else { (&GO, &GOES) };
    rows.iter().find(|rule| rule.kind == kind).unwrap_or(other)
}

/// Whether the pod of ordinal 0 comes into a selector, or leaves it, and no other one takes its place.
fn is_first_server(change: &Change, _: &Subject<'_>, _: &Facts) -> bool {
    let (before, after) = texts(&change.body);
    (before.is_empty() && after.ends_with("-0")) || (after.is_empty() && before.ends_with("-0"))
}

fn is_workload(_: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    matches!(subject.kind, "Deployment" | "StatefulSet" | "DaemonSet")
}

/// Whether an image's tag names another C library: alpine's is musl.
fn other_family(change: &Change, subject: &Subject<'_>, facts: &Facts) -> bool {
    let (before, after) = texts(&change.body);
    let alpine = |image: &str| image.contains("alpine");
    let server = change.path.fits("spec template spec containers postgres image");
    server && is_workload(change, subject, facts) && !before.is_empty() && alpine(before) != alpine(after)
}

/// Whether the lines that say a database's encoding or locale differ, the databases being the same.
fn other_encoding(change: &Change, _: &Subject<'_>, _: &Facts) -> bool {
    let (before, after) = texts(&change.body);
    let (before, after) = (encodings(before), encodings(after));
    before.iter().any(|(name, how)| after.iter().any(|(other, now)| other == name && now != how))
}

/// Databases of `init.sql`, each with its encoding and locale.
fn encodings(sql: &str) -> Vec<(&str, [&str; 2])> {
    let mut found: Vec<(&str, [&str; 2])> = Vec::new();
    for line in sql.lines() {
        let Some((name, value)) = line.strip_prefix("\\set ").and_then(|rest| rest.split_once(' ')) else {
            continue;
        };
        match (name, found.last_mut()) {
            ("database", _) => found.push((value, [""; 2])),
            ("encoding", Some(last)) if last.1[0].is_empty() => last.1[0] = value,
            ("locale", Some(last)) if last.1[1].is_empty() => last.1[1] = value,
            _ => {}
        }
    }
    found
}

/// Whether a claim would be smaller than its volume; one that asked for more than it has got may ask for less again.
fn shrinks(change: &Change, subject: &Subject<'_>, _: &Facts) -> bool {
    let capacity = subject.old.and_then(|old| old.pointer("/status/capacity/storage")?.as_str());
    let capacity = capacity.and_then(|capacity| Quantity::parse(capacity).ok());
    sizes(change).is_some_and(|(before, after)| after < capacity.unwrap_or(before))
}

/// Whether a claim waits for its volume.
fn is_pending(subject: &Subject<'_>) -> bool {
    subject.old.and_then(|old| old.pointer("/status/phase")).is_some_and(|phase| phase == "Pending")
}

fn is_immutable(subject: &Subject<'_>) -> bool {
    subject.old.and_then(|old| old.get("immutable")) == Some(&Json::Bool(true))
}

/// A whole number on both sides, one where it is absent.
fn number(change: &Change) -> (i128, i128) {
    let read = |value: &Option<Json>| value.as_ref().and_then(Json::as_i64).map_or(1, i128::from);
    match &change.body {
        Body::Value { before, after } => (read(before), read(after)),
        _ => (1, 1),
    }
}

fn sizes(change: &Change) -> Option<(Quantity, Quantity)> {
    let (before, after) = texts(&change.body);
    Some((Quantity::parse(before).ok()?, Quantity::parse(after).ok()?))
}

/// The new side as text.
fn after(change: &Change) -> String {
    match &change.body {
        Body::Value { after: Some(Json::String(text)), .. } => text.clone(),
        Body::Value { after: Some(value), .. } => value.to_string(),
        _ => String::new(),
    }
}
