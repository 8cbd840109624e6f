//! Which change leads to what: the first row that fits.

use super::Consequence::{
    self, Credentials, Failover, Nothing, Recreate, Refused, Reload, Resize, Restart, Risk,
};
use super::taken::{
    gives_up_its_address, had_no_address, is_elastic, is_source, is_unbound, keeps_node_port, opens_gates,
    waits,
};
use super::when::{
    after, is_accepted, is_first_server, is_immutable, is_load_balancer, is_ours, is_password, is_pending,
    is_server, is_workload, leaves_primary, number, other_encoding, other_family, other_libc,
    scales_with_claims, shrinks, sizes, stays_open, stops_rolling, switches_away, unknown_libc,
};
use super::{Facts, Subject};
use crate::diff::Change;

/// A consequence of changes of certain fields.
pub(super) struct Rule {
    /// `*` is every kind.
    pub(super) kind: &'static str,
    /// A pattern of paths.
    path: &'static str,
    when: fn(&Change, &Subject<'_>, &Facts) -> bool,
    pub(super) consequence: Consequence,
    pub(super) reason: &'static str,
    /// What carries it out; `{kind}`, `{name}` and `{-n}` stand for the object's.
    pub(super) recipe: &'static str,
}

pub(super) const fn row(
    kind: &'static str,
    path: &'static str,
    consequence: Consequence,
    reason: &'static str,
) -> Rule {
    Rule { kind, path, when: |_, _, _| true, consequence, reason, recipe: "" }
}

impl Rule {
    pub(super) const fn when(mut self, when: fn(&Change, &Subject<'_>, &Facts) -> bool) -> Self {
        self.when = when;
        self
    }

    pub(super) const fn recipe(mut self, recipe: &'static str) -> Self {
        self.recipe = recipe;
        self
    }
}

const DELETE_AND_APPLY: &str = "kubectl delete {kind} {name} {-n}, then apply";
const ORPHAN_AND_APPLY: &str =
    "kubectl delete {kind} {name} {-n} --cascade=orphan, then apply: the pods go on and are taken over";
const KEPT: &str = "what is no longer stated stays as it is, until the Service is made anew";
const GIVEN_UP: &str = "a Service that is another name only has no address: it is given up";
const IMMUTABLE: &str = "the field can't be changed";

#[rustfmt::skip]
const RULES: &[Rule] = &[
    row("*", "apiVersion", Nothing, "it is the same object in another version of the API"),
    row("PersistentVolumeClaim", "metadata deletionTimestamp", Risk, "it is being deleted, and its data with it, as soon as no pod uses it: nothing takes that back"),
    row("Namespace", "metadata deletionTimestamp", Risk, "it is being deleted, with everything in it: nothing takes that back"),
    row("*", "metadata deletionTimestamp", Recreate, "it is being deleted: nothing takes that back, and what is applied meanwhile goes with it").recipe("kubectl wait --for=delete {kind}/{name} {-n}, then apply"),
    row("*", "metadata labels app.kubernetes.io/*", Nothing, "labels of the object restart nothing"),
    row("*", "metadata **", Nothing, "labels and annotations of the object restart nothing").when(|change, _, _| !change.path.fits("metadata finalizers **")),

    // What the pod is made of. Data first.
    row("*", "spec template spec containers * env PGDATA **", Risk, "another major does not start on the files of the old one, and begins with an empty folder beside them: move the data by `pg_upgrade` or a dump").when(is_server),
    row("*", "spec template spec containers postgres env PGPOD_MAJOR **", Risk, "another major does not start on the files of the old one: move the data by `pg_upgrade` or a dump").when(is_server),
    row("*", "spec template spec containers postgres image", Risk, "the other image has another C library, or another version of it, which may sort texts otherwise, and which `postgresql.image.acceptFamily` accepts: indexes on texts are wrong until they are rebuilt").when(|change, subject, facts| other_libc(change, subject, facts) && is_accepted(subject)),
    row("*", "spec template spec containers postgres image", Risk, "the other image has another C library, or another version of it, which may sort texts otherwise: the server does not start until `postgresql.image.acceptFamily` names it, and indexes on texts are to be rebuilt").when(other_libc),
    row("*", "spec template spec containers postgres image", Restart, "another image needs another pod; whether it has the same C library is not known, and the server does not start with another one until `postgresql.image.acceptFamily` names it").when(unknown_libc),
    row("*", "spec template spec containers * env PGPOD_LOCALE **", Recreate, "databases keep the locale that they were made with: only a dump and a restore change it").when(is_server),
    row("*", "spec template spec volumes data persistentVolumeClaim **", Risk, "the pod then has another volume: its data is left on the old one").when(is_server),
    row("*", "spec template spec volumes data **", Risk, "the pod then has another volume, and the data is left on the old one or ends with the pod").when(is_server),
    row("*", "spec template spec volumes wal **", Risk, "the write-ahead log is on that volume: without it the server does not start").when(|change, subject, facts| is_server(change, subject, facts) && after(change).is_empty()),
    row("*", "spec template spec securityContext runAsUser", Risk, "the server does not start on files of another user: while it is down, give them to the new one (`chown -R`)").when(is_server),
    row("*", "spec template spec containers postgres securityContext runAsUser", Risk, "the server does not start on files of another user: while it is down, give them to the new one (`chown -R`)").when(is_server),
    row("*", "spec template spec containers * image", Restart, "another image needs another pod").when(is_workload),
    row("*", "spec template metadata annotations pgpod/restart-checksum", Restart, "something that only a start of the server takes over has changed").when(is_workload),
    row("*", "spec template spec containers * resources **", Restart, "other amounts of memory or processors need another pod").when(is_workload),
    row("*", "spec template metadata **", Restart, "labels and annotations of the pod's template are part of it").when(is_workload),
    row("*", "spec template **", Restart, "it is part of the pod's template: another template is another pod").when(is_workload),

    row("DaemonSet", "spec selector **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("Deployment", "spec selector **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("Deployment", "spec replicas", Restart, "with no replica the database stops").when(|change, subject, _| subject.is_server() && number(change).1 == 0),
    row("Deployment", "spec replicas", Risk, "two servers on one volume: the second waits for the first, and never serves").when(|change, subject, _| subject.is_server() && number(change).1 > 1),
    row("Deployment", "spec replicas", Restart, "the database starts").when(|change, subject, _| subject.is_server() && number(change).0 == 0),
    row("Deployment", "spec replicas", Nothing, "another number of pods"),
    row("Deployment", "spec strategy **", Nothing, "it counts when the pod is next replaced"),
    row("Deployment", "spec **", Nothing, "it changes how the Deployment is watched, not the pod"),

    row("StatefulSet", "spec replicas", Failover, "the primary's pod would end").when(|change, subject, facts| subject.is_server() && number(change).1 <= i128::from(facts.primary())).recipe("promote another standby first (`highAvailability.primary`), then lower the replicas"),
    row("StatefulSet", "spec replicas", Nothing, "standbys are added; each clones the primary").when(|change, subject, _| subject.is_server() && number(change).1 > number(change).0),
    row("StatefulSet", "spec replicas", Nothing, "pods are added").when(|change, _, _| number(change).1 > number(change).0),
    row("StatefulSet", "spec replicas", Risk, "the pods with the highest ordinals end, and their claims are deleted with them (`whenScaled` is `Delete`)").when(scales_with_claims),
    row("StatefulSet", "spec replicas", Nothing, "the pods with the highest ordinals end; their claims stay"),
    row("StatefulSet", "spec persistentVolumeClaimRetentionPolicy **", Risk, "claims are then deleted with their pods").when(|change, _, _| after(change).contains("Delete")),
    row("StatefulSet", "spec volumeClaimTemplates * spec resources requests storage", Refused, "a claim can't shrink").when(shrinks).recipe("move the data to a new, smaller claim by a dump or a base backup, or keep the size"),
    row("StatefulSet", "spec volumeClaimTemplates * spec resources requests storage", Refused, "the size in a StatefulSet's claim template can't be changed; the claims' own can, if their class allows it (`allowVolumeExpansion`)").recipe("{grow}; kubectl delete statefulset {name} {-n} --cascade=orphan, then apply: the pods go on and are taken over"),
    row("StatefulSet", "spec serviceName", Refused, IMMUTABLE).recipe(ORPHAN_AND_APPLY),
    row("StatefulSet", "spec podManagementPolicy", Refused, IMMUTABLE).recipe(ORPHAN_AND_APPLY),
    row("StatefulSet", "spec selector **", Refused, "the field can't be changed, and with the StatefulSet its claims would be deleted (`whenDeleted` is `Delete`)").when(|_, subject, _| subject.deletes_claims()).recipe("set `whenDeleted` to `Retain` and apply; then kubectl delete {kind} {name} {-n}, and apply"),
    row("StatefulSet", "spec selector **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StatefulSet", "spec updateStrategy **", Refused, "the API server keeps the `rollingUpdate` that it has set by itself, and `OnDelete` does not allow one").when(stops_rolling).recipe("kubectl patch {kind} {name} {-n} --type merge -p '{\"spec\":{\"updateStrategy\":{\"type\":\"OnDelete\",\"rollingUpdate\":null}}}', then apply"),
    row("StatefulSet", "spec ordinals **", Failover, "the primary's pod ends at once: its ordinal is not one of those that are left").when(leaves_primary).recipe("promote a standby that stays first (`highAvailability.primary`)"),
    row("StatefulSet", "spec ordinals **", Restart, "pods whose ordinals are not among the new ones end at once, and others are made"),
    row("StatefulSet", "spec volumeClaimTemplates **", Refused, "the field can't be changed; claims that are there stay as they are").recipe(ORPHAN_AND_APPLY),
    row("StatefulSet", "spec **", Nothing, "it counts when pods are next replaced"),

    row("PersistentVolumeClaim", "spec resources requests storage", Refused, "a claim can't shrink").when(shrinks).recipe("move the data to a new, smaller claim by a dump or a base backup, or keep the size"),
    row("PersistentVolumeClaim", "spec resources requests storage", Refused, "the claim has no volume yet: its size can't be changed before").when(|_, subject, _| is_pending(subject)).recipe("wait until it is bound, or delete it and apply: it holds nothing"),
    row("PersistentVolumeClaim", "spec resources requests storage", Resize, "a growth that was not carried out is taken back").when(|change, _, _| sizes(change).is_some_and(|(before, after)| after < before)),
    row("PersistentVolumeClaim", "spec resources requests storage", Resize, "the volume grows, if its class allows it (`allowVolumeExpansion`)"),
    row("PersistentVolumeClaim", "spec volumeAttributesClassName", Nothing, "the volume's driver changes it while it is used"),
    row("PersistentVolumeClaim", "spec volumeName", Nothing, "the claim waits for that volume").when(is_unbound),
    row("PersistentVolumeClaim", "spec **", Refused, "of a claim only the size can be changed").recipe("move the data to a claim of another name (`persistence.existingClaim`), or keep the value"),

    row("Service", "spec selector statefulset.kubernetes.io/pod-name", Nothing, "the release changes its mode: that pod has the volume that the one server has").when(is_first_server),
    row("Service", "spec selector statefulset.kubernetes.io/pod-name", Risk, "the release changes its mode: connections made from then on go to a server without the data of the old one").when(switches_away),
    row("Service", "spec selector statefulset.kubernetes.io/pod-name", Failover, "connections made from then on go to another pod: promote it first").when(is_ours),
    row("Service", "spec selector **", Nothing, "connections made from then on go to the pods that fit"),
    row("Service", "spec clusterIP", Nothing, "the Service had no address before").when(had_no_address),
    row("Service", "spec clusterIPs **", Nothing, "the Service had no address before").when(had_no_address),
    row("Service", "spec clusterIP", Nothing, GIVEN_UP).when(gives_up_its_address),
    row("Service", "spec clusterIPs", Nothing, GIVEN_UP).when(gives_up_its_address),
    row("Service", "spec clusterIP", Nothing, KEPT).when(|change, _, _| after(change).is_empty()),
    row("Service", "spec clusterIPs", Nothing, KEPT).when(|change, _, _| after(change).is_empty()),
    row("Service", "spec ports * nodePort", Nothing, KEPT).when(keeps_node_port),
    row("Service", "spec ports * nodePort", Nothing, "the port on the nodes is given up").when(|change, _, _| after(change).is_empty()),
    row("Service", "spec ports * nodePort", Nothing, "clients from outside have to use the other port; the pod stays"),
    row("Service", "spec clusterIP", Refused, "an address can't be changed").recipe(DELETE_AND_APPLY),
    row("Service", "spec clusterIPs **", Refused, "an address can't be changed").recipe(DELETE_AND_APPLY),
    row("Service", "spec loadBalancerClass", Refused, IMMUTABLE).when(is_load_balancer).recipe(DELETE_AND_APPLY),
    row("Service", "spec ipFamilies", Refused, "the first family can't be changed").when(other_family).recipe(DELETE_AND_APPLY),
    row("Service", "spec ports **", Nothing, "clients have to use the other port; the pod stays"),
    row("Service", "spec **", Nothing, "it changes how clients come to the pod, which stays"),

    row("ConfigMap", "data **", Refused, "the ConfigMap is immutable").when(|_, subject, _| is_immutable(subject)).recipe(DELETE_AND_APPLY),
    row("ConfigMap", "binaryData **", Refused, "the ConfigMap is immutable").when(|_, subject, _| is_immutable(subject)).recipe(DELETE_AND_APPLY),
    row("Secret", "data **", Refused, "the Secret is immutable").when(|_, subject, _| is_immutable(subject)).recipe(DELETE_AND_APPLY),
    row("*", "immutable", Refused, "what was made immutable stays so").when(|change, _, _| after(change).is_empty()).recipe(DELETE_AND_APPLY),
    row("ConfigMap", "data postgresql.conf", Risk, "the server does not start without it").when(|change, _, _| after(change).is_empty()),
    row("ConfigMap", "data postgresql.conf", Reload, "the server reads it again at a reload; what only a start takes over waits for one"),
    row("ConfigMap", "data pg_hba.conf", Reload, "rules take effect at a reload, for connections made from then on"),
    row("ConfigMap", "data pg_ident.conf", Reload, "maps take effect at a reload, for connections made from then on"),
    row("ConfigMap", "data high-availability primary", Failover, "another ordinal becomes the primary: the old one restarts as a standby in its pod, the new one has to be promoted").when(is_ours),
    row("ConfigMap", "data high-availability **", Reload, "the keeper takes it over while the server runs").when(is_ours),
    row("ConfigMap", "data pgbouncer.ini **", Reload, "the pooler takes it over at a reload"),
    row("ConfigMap", "data passwd", Nothing, "it is mounted at the start of a pod").when(is_ours),
    row("ConfigMap", "data *", Recreate, "an existing database keeps its encoding and locale: only a dump and a restore change them").when(other_encoding),
    row("ConfigMap", "data *", Reload, "the keeper runs it in the running database; what it names no more stays there").when(|change, subject, _| subject.is_ours() && change.path.last().ends_with(".sql")),
    row("ConfigMap", "data *", Reload, "the keeper runs it in the running database; what it names no more stays there").when(|_, subject, _| subject.is_ours() && subject.name.ends_with("-init")),
    row("ConfigMap", "data *", Restart, "a script takes effect when its container starts").when(|_, subject, _| subject.is_ours() && subject.name.ends_with("-scripts")),
    row("ConfigMap", "**", Nothing, "who mounts it sees it within a minute and a half"),
    row("Secret", "data **", Credentials, "the keeper gives the roles their new passwords; sessions go on").when(is_password),
    row("Secret", "data **", Credentials, "who mounts it sees it within a minute and a half; a variable has it from the next start of its container on"),
    row("Secret", "type", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("Secret", "**", Nothing, "it restarts nothing"),

    row("RoleBinding", "roleRef **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("ClusterRoleBinding", "roleRef **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("PersistentVolume", "spec **", Refused, "where a volume is, and how it is used, can't be changed").when(is_source).recipe("make a PersistentVolume of another name, or keep the value"),
    row("ResourceQuota", "spec scopes **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("IngressClass", "spec controller", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("ReplicaSet", "spec selector **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("RuntimeClass", "handler", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("EndpointSlice", "addressType", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StorageClass", "parameters **", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StorageClass", "provisioner", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StorageClass", "reclaimPolicy", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("StorageClass", "volumeBindingMode", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("PriorityClass", "value", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("PriorityClass", "preemptionPolicy", Refused, IMMUTABLE).recipe(DELETE_AND_APPLY),
    row("Job", "spec parallelism", Nothing, "the Job goes on with another number of pods"),
    row("Job", "spec suspend", Nothing, "the Job pauses or goes on"),
    row("Job", "spec **", Nothing, "the Job goes on by it").when(stays_open),
    row("Job", "spec template **", Nothing, "the Job is suspended, and its pods are made by it when it goes on").when(waits),
    row("Job", "spec completions", Nothing, "the Job goes on with as many indexes as pods").when(is_elastic),
    row("Job", "spec **", Refused, "what a Job does can't be changed once it is made").recipe(DELETE_AND_APPLY),
    row("Pod", "spec containers * image", Restart, "the container is started anew from the other image"),
    row("Pod", "spec initContainers * image", Nothing, "it counts when it is next started"),
    row("Pod", "spec activeDeadlineSeconds", Nothing, "the pod may run for another time"),
    row("Pod", "spec schedulingGates **", Nothing, "the pod is started on a node when no gate is left").when(opens_gates),
    row("Pod", "spec **", Refused, "a pod can't be changed once it is made").recipe(DELETE_AND_APPLY),
    row("CronJob", "spec **", Nothing, "it counts from the next run on"),
    row("NetworkPolicy", "**", Nothing, "connections are allowed or refused by it at once; the pod stays"),
    row("Namespace", "**", Nothing, "pods that are made from then on are judged by it"),
];

/// For what no row is of.
const OTHER: Rule = row("*", "**", Nothing, "it restarts nothing");

pub(super) fn rule(change: &Change, subject: &Subject<'_>, facts: &Facts) -> &'static Rule {
    let fits = |rule: &&Rule| {
        (rule.kind == "*" || rule.kind == subject.kind)
            && change.path.fits(rule.path)
            && (rule.when)(change, subject, facts)
    };
    RULES.iter().find(fits).unwrap_or(&OTHER)
}
