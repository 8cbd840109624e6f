//! The rows of `shapes`, sorted by definition.

/// A field that may not be empty, though the schema takes an empty one, or none.
pub(super) type Filled = (&'static str, &'static str);

/// Fields of which so many may be there, and what one of them is called.
pub(super) type Numbered = (&'static str, &'static [&'static str], (usize, usize), &'static str);

/// Where one field says something, another one is needed, or can't be.
pub(super) type Beside = (&'static str, If, Then);

/// A field that is no more than another one: a number, or a map of quantities. The default of that one, if it has any;
/// whether the two may be equal.
pub(super) type Ordered = (&'static str, &'static str, &'static str, Option<i64>, bool);

/// Whether `maxSurge` and `maxUnavailable` are more than 0 by default; whether both may be.
pub(super) type Rolling = (&'static str, (bool, bool), bool);

/// A list, and what stands in it only alone.
pub(super) type Alone = (&'static str, &'static str, &'static str);

/// A list of networks that lie in another one.
pub(super) type Within = (&'static str, &'static str, &'static str);

/// A list, and the keys that no two of its items share.
pub(super) type Unique = (&'static str, &'static str, &'static [&'static str]);

/// A list, and how many items it has at most.
pub(super) type Most = (&'static str, &'static str, usize);

pub(super) enum If {
    Has(&'static str),
    /// Has a text where a number could be.
    Named(&'static str),
    Lacks(&'static str),
    /// A field, what it is where it is absent, and what it has to be.
    Is(&'static str, &'static str, &'static [&'static str]),
}

pub(super) enum Then {
    Needs(&'static str),
    Forbids(&'static str),
    /// No more than one item.
    Single(&'static str),
}

use If::{Has, Is, Lacks, Named};
use Then::{Forbids, Needs, Single};

pub(super) static FILLED: [Filled; 22] = [
    ("api.core.v1.ExecAction", "command"),
    ("api.core.v1.HostPathVolumeSource", "path"),
    ("api.core.v1.NodeSelector", "nodeSelectorTerms"),
    ("api.core.v1.NodeSelectorRequirement", "key"),
    ("api.core.v1.PersistentVolumeClaimVolumeSource", "claimName"),
    ("api.core.v1.PersistentVolumeSpec", "accessModes"),
    ("api.core.v1.PersistentVolumeSpec", "capacity"),
    ("api.core.v1.PodAffinityTerm", "topologyKey"),
    ("api.core.v1.SecretVolumeSource", "secretName"),
    ("api.core.v1.TopologySpreadConstraint", "topologyKey"),
    ("api.networking.v1.HTTPIngressRuleValue", "paths"),
    ("api.networking.v1.IngressServiceBackend", "name"),
    ("api.networking.v1.IngressServiceBackend", "port"),
    ("api.rbac.v1.PolicyRule", "verbs"),
    ("api.rbac.v1.RoleRef", "name"),
    ("api.rbac.v1.Subject", "name"),
    ("api.storage.v1.StorageClass", "provisioner"),
    ("apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement", "key"),
    ("apimachinery.pkg.apis.meta.v1.OwnerReference", "apiVersion"),
    ("apimachinery.pkg.apis.meta.v1.OwnerReference", "kind"),
    ("apimachinery.pkg.apis.meta.v1.OwnerReference", "name"),
    ("apimachinery.pkg.apis.meta.v1.OwnerReference", "uid"),
];

const ONE: (usize, usize) = (1, 1);
const AT_MOST_ONE: (usize, usize) = (0, 1);
const ANY: (usize, usize) = (1, usize::MAX);

pub(super) static NUMBERED: [Numbered; 13] = [
    ("api.autoscaling.v2.MetricTarget", &["averageUtilization", "averageValue", "value"], ANY, "target"),
    ("api.core.v1.DownwardAPIVolumeFile", &["fieldRef", "resourceFieldRef"], ONE, "source"),
    (
        "api.core.v1.EnvVarSource",
        &["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"],
        ONE,
        "source",
    ),
    ("api.core.v1.LifecycleHandler", &["exec", "httpGet", "sleep", "tcpSocket"], ONE, "handler"),
    (
        "api.core.v1.PersistentVolumeSpec",
        &[
            "awsElasticBlockStore",
            "azureDisk",
            "azureFile",
            "cephfs",
            "cinder",
            "csi",
            "fc",
            "flexVolume",
            "flocker",
            "gcePersistentDisk",
            "glusterfs",
            "hostPath",
            "iscsi",
            "local",
            "nfs",
            "photonPersistentDisk",
            "portworxVolume",
            "quobyte",
            "rbd",
            "scaleIO",
            "storageos",
            "vsphereVolume",
        ],
        ONE,
        "source",
    ),
    ("api.core.v1.VolumeMount", &["subPath", "subPathExpr"], AT_MOST_ONE, "path"),
    (
        "api.core.v1.VolumeProjection",
        &[
            "clusterTrustBundle",
            "configMap",
            "downwardAPI",
            "podCertificate",
            "secret",
            "serviceAccountToken",
        ],
        AT_MOST_ONE,
        "source",
    ),
    ("api.networking.v1.IngressBackend", &["resource", "service"], ONE, "back end"),
    ("api.networking.v1.IngressSpec", &["defaultBackend", "rules"], ANY, "back end"),
    ("api.networking.v1.NetworkPolicyPeer", &["ipBlock", "namespaceSelector"], AT_MOST_ONE, "kind of peer"),
    ("api.networking.v1.NetworkPolicyPeer", &["ipBlock", "podSelector"], AT_MOST_ONE, "kind of peer"),
    ("api.networking.v1.NetworkPolicyPeer", &["ipBlock", "namespaceSelector", "podSelector"], ANY, "peer"),
    ("api.networking.v1.ServiceBackendPort", &["name", "number"], ONE, "port"),
];

const LISTED: If = Is("operator", "", &["In", "NotIn"]);
const COMPARED: If = Is("operator", "", &["Gt", "Lt"]);
const UNLISTED: If = Is("operator", "", &["Exists", "DoesNotExist"]);
const OF_NODE: If = Is("type", "", &["Localhost"]);
const NOT_OF_NODE: If = Is("type", "", &["RuntimeDefault", "Unconfined"]);

pub(super) static BESIDE: [Beside; 32] = [
    ("api.apps.v1.DeploymentStrategy", Is("type", "RollingUpdate", &["Recreate"]), Forbids("rollingUpdate")),
    (
        "api.apps.v1.StatefulSetUpdateStrategy",
        Is("type", "RollingUpdate", &["OnDelete"]),
        Forbids("rollingUpdate"),
    ),
    ("api.autoscaling.v2.MetricSpec", Is("type", "", &["ContainerResource"]), Needs("containerResource")),
    ("api.autoscaling.v2.MetricSpec", Is("type", "", &["External"]), Needs("external")),
    ("api.autoscaling.v2.MetricSpec", Is("type", "", &["Object"]), Needs("object")),
    ("api.autoscaling.v2.MetricSpec", Is("type", "", &["Pods"]), Needs("pods")),
    ("api.autoscaling.v2.MetricSpec", Is("type", "", &["Resource"]), Needs("resource")),
    ("api.batch.v1.JobSpec", Is("manualSelector", "false", &["false"]), Forbids("selector")),
    ("api.core.v1.AppArmorProfile", OF_NODE, Needs("localhostProfile")),
    ("api.core.v1.AppArmorProfile", NOT_OF_NODE, Forbids("localhostProfile")),
    ("api.core.v1.LimitRangeItem", Is("type", "", &["Pod"]), Forbids("default")),
    ("api.core.v1.LimitRangeItem", Is("type", "", &["Pod"]), Forbids("defaultRequest")),
    ("api.core.v1.NodeSelectorRequirement", LISTED, Needs("values")),
    ("api.core.v1.NodeSelectorRequirement", COMPARED, Needs("values")),
    ("api.core.v1.NodeSelectorRequirement", COMPARED, Single("values")),
    ("api.core.v1.NodeSelectorRequirement", UNLISTED, Forbids("values")),
    ("api.core.v1.PersistentVolumeSpec", Has("local"), Needs("nodeAffinity")),
    ("api.core.v1.SeccompProfile", OF_NODE, Needs("localhostProfile")),
    ("api.core.v1.SeccompProfile", NOT_OF_NODE, Forbids("localhostProfile")),
    ("api.core.v1.ServiceSpec", Is("type", "ClusterIP", &["ExternalName"]), Forbids("clusterIP")),
    (
        "api.core.v1.ServiceSpec",
        Is("type", "ClusterIP", &["ClusterIP", "ExternalName", "NodePort"]),
        Forbids("loadBalancerSourceRanges"),
    ),
    (
        "api.core.v1.TopologySpreadConstraint",
        Is("whenUnsatisfiable", "", &["ScheduleAnyway"]),
        Forbids("minDomains"),
    ),
    ("api.networking.v1.HTTPIngressPath", Is("pathType", "", &["Exact", "Prefix"]), Needs("path")),
    ("api.networking.v1.NetworkPolicyPort", Lacks("port"), Forbids("endPort")),
    ("api.networking.v1.NetworkPolicyPort", Named("port"), Forbids("endPort")),
    ("api.rbac.v1.PolicyRule", Has("nonResourceURLs"), Forbids("apiGroups")),
    ("api.rbac.v1.PolicyRule", Has("nonResourceURLs"), Forbids("resources")),
    ("api.rbac.v1.PolicyRule", Lacks("nonResourceURLs"), Needs("apiGroups")),
    ("api.rbac.v1.PolicyRule", Lacks("nonResourceURLs"), Needs("resources")),
    ("api.rbac.v1.Subject", Is("kind", "", &["ServiceAccount"]), Forbids("apiGroup")),
    ("apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement", LISTED, Needs("values")),
    ("apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement", UNLISTED, Forbids("values")),
];

pub(super) static ORDERED: [Ordered; 9] = [
    ("api.apps.v1.DeploymentSpec", "minReadySeconds", "progressDeadlineSeconds", Some(600), false),
    ("api.autoscaling.v2.HorizontalPodAutoscalerSpec", "minReplicas", "maxReplicas", None, true),
    ("api.core.v1.LimitRangeItem", "default", "max", None, true),
    ("api.core.v1.LimitRangeItem", "defaultRequest", "default", None, true),
    ("api.core.v1.LimitRangeItem", "defaultRequest", "max", None, true),
    ("api.core.v1.LimitRangeItem", "min", "default", None, true),
    ("api.core.v1.LimitRangeItem", "min", "defaultRequest", None, true),
    ("api.core.v1.LimitRangeItem", "min", "max", None, true),
    ("api.networking.v1.NetworkPolicyPort", "port", "endPort", None, true),
];

pub(super) static ROLLING: [Rolling; 2] = [
    ("api.apps.v1.RollingUpdateDaemonSet", (false, true), false),
    ("api.apps.v1.RollingUpdateDeployment", (true, true), true),
];

pub(super) static ALONE: [Alone; 2] = [
    ("api.core.v1.PersistentVolumeClaimSpec", "accessModes", "ReadWriteOncePod"),
    ("api.core.v1.PersistentVolumeSpec", "accessModes", "ReadWriteOncePod"),
];

pub(super) static MOST: [Most; 2] =
    [("api.core.v1.PodDNSConfig", "nameservers", 3), ("api.core.v1.PodDNSConfig", "searches", 32)];

pub(super) static UNIQUE: [Unique; 2] = [
    ("api.core.v1.PodSecurityContext", "sysctls", &["name"]),
    ("api.core.v1.PodSpec", "topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"]),
];

pub(super) static WITHIN: [Within; 1] = [("api.networking.v1.IPBlock", "except", "cidr")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::schema::Definition;

    #[test]
    fn every_row_names_fields_that_exist_and_rows_are_sorted() {
        let known = |rows: Vec<(&str, Vec<&str>)>| {
            assert!(rows.is_sorted_by_key(|row| row.0));
            for (definition, fields) in rows {
                let known = Definition::named(&format!("io.k8s.{definition}"));
                let properties = known.and_then(|known| known.schema.properties.as_ref());
                for field in fields {
                    let is_known = properties.is_some_and(|properties| properties.contains_key(field));
                    assert!(is_known, "{definition} {field}");
                }
            }
        };
        known(FILLED.iter().map(|row| (row.0, vec![row.1])).collect());
        known(NUMBERED.iter().map(|row| (row.0, row.1.to_vec())).collect());
        let of = |row: &Beside| {
            let (If::Has(one) | If::Named(one) | If::Lacks(one) | If::Is(one, ..)) = row.1;
            let (Then::Needs(other) | Then::Forbids(other) | Then::Single(other)) = row.2;
            (row.0, vec![one, other])
        };
        known(BESIDE.iter().map(of).collect());
        known(ORDERED.iter().map(|row| (row.0, vec![row.1, row.2])).collect());
        known(ROLLING.iter().map(|row| (row.0, vec!["maxSurge", "maxUnavailable"])).collect());
        known(ALONE.iter().map(|row| (row.0, vec![row.1])).collect());
        known(MOST.iter().map(|row| (row.0, vec![row.1])).collect());
        known(UNIQUE.iter().map(|row| (row.0, vec![row.1])).collect());
        known(WITHIN.iter().map(|row| (row.0, vec![row.1, row.2])).collect());
    }
}
