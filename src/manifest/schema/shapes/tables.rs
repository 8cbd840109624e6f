//! The rows of `shapes`, sorted by definition.

/// A field that may not be empty, though the schema takes an empty one: of `FILLED`, it may not be absent either.
pub(super) type Filled = (&'static str, &'static str);

/// Fields of which so many may be there, and what one of them is called.
pub(super) type Numbered = (&'static str, &'static [&'static str], (usize, usize), &'static str);

/// A field that is no more than another one: a number, or a map of quantities. The default of that one, if it has any;
/// whether the two may be equal.
pub(super) type Ordered = (&'static str, &'static str, &'static str, Option<i64>, bool);

/// Whether `maxSurge` and `maxUnavailable` are more than 0 by default; whether both may be.
pub(super) type Rolling = (&'static str, (bool, bool), bool);

/// A list, and what stands in it only alone.
pub(super) type Alone = (&'static str, &'static str, &'static str);

/// A list of networks that lie in another one.
pub(super) type Within = (&'static str, &'static str, &'static str);

/// A list, and the keys that no two of its items share; without keys, no two of its items are the same.
pub(super) type Unique = (&'static str, &'static str, &'static [&'static str]);

/// A list, and how many items it has at most.
pub(super) type Most = (&'static str, &'static str, usize);

pub(super) static FILLED: [Filled; 49] = [
    ("api.batch.v1.PodFailurePolicyOnExitCodesRequirement", "values"),
    ("api.batch.v1.SuccessPolicy", "rules"),
    ("api.core.v1.CSIVolumeSource", "driver"),
    ("api.core.v1.ConfigMapEnvSource", "name"),
    ("api.core.v1.ConfigMapKeySelector", "key"),
    ("api.core.v1.ConfigMapKeySelector", "name"),
    ("api.core.v1.ConfigMapProjection", "name"),
    ("api.core.v1.ConfigMapVolumeSource", "name"),
    ("api.core.v1.EphemeralVolumeSource", "volumeClaimTemplate"),
    ("api.core.v1.ExecAction", "command"),
    ("api.core.v1.HostAlias", "ip"),
    ("api.core.v1.HostPathVolumeSource", "path"),
    ("api.core.v1.ISCSIVolumeSource", "iqn"),
    ("api.core.v1.ISCSIVolumeSource", "targetPortal"),
    ("api.core.v1.ImageVolumeSource", "reference"),
    ("api.core.v1.KeyToPath", "key"),
    ("api.core.v1.KeyToPath", "path"),
    ("api.core.v1.NFSVolumeSource", "path"),
    ("api.core.v1.NFSVolumeSource", "server"),
    ("api.core.v1.NodeSelector", "nodeSelectorTerms"),
    ("api.core.v1.NodeSelectorRequirement", "key"),
    ("api.core.v1.ObjectFieldSelector", "fieldPath"),
    ("api.core.v1.PersistentVolumeClaimVolumeSource", "claimName"),
    ("api.core.v1.PersistentVolumeSpec", "accessModes"),
    ("api.core.v1.PersistentVolumeSpec", "capacity"),
    ("api.core.v1.PodAffinityTerm", "topologyKey"),
    ("api.core.v1.PodDNSConfigOption", "name"),
    ("api.core.v1.PodOS", "name"),
    ("api.core.v1.SecretEnvSource", "name"),
    ("api.core.v1.SecretKeySelector", "key"),
    ("api.core.v1.SecretKeySelector", "name"),
    ("api.core.v1.SecretProjection", "name"),
    ("api.core.v1.SecretVolumeSource", "secretName"),
    ("api.core.v1.ServiceAccountTokenProjection", "path"),
    ("api.core.v1.Sysctl", "name"),
    ("api.core.v1.TopologySpreadConstraint", "topologyKey"),
    ("api.networking.v1.HTTPIngressRuleValue", "paths"),
    ("api.networking.v1.IngressClassSpec", "controller"),
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

pub(super) static NOT_EMPTY: [Filled; 6] = [
    ("api.autoscaling.v2.HPAScalingRules", "policies"),
    ("api.core.v1.PodSpec", "runtimeClassName"),
    ("api.core.v1.ServicePort", "appProtocol"),
    ("api.core.v1.ServiceSpec", "loadBalancerClass"),
    ("api.core.v1.WindowsSecurityContextOptions", "runAsUserName"),
    ("api.networking.v1.IngressSpec", "ingressClassName"),
];

const ONE: (usize, usize) = (1, 1);
const AT_MOST_ONE: (usize, usize) = (0, 1);
const ANY: (usize, usize) = (1, usize::MAX);

pub(super) static NUMBERED: [Numbered; 17] = [
    ("api.autoscaling.v2.MetricTarget", &["averageUtilization", "averageValue", "value"], ANY, "target"),
    ("api.batch.v1.PodFailurePolicyRule", &["onExitCodes", "onPodConditions"], ONE, "condition"),
    ("api.batch.v1.SuccessPolicyRule", &["succeededCount", "succeededIndexes"], ANY, "condition"),
    ("api.core.v1.DownwardAPIVolumeFile", &["fieldRef", "resourceFieldRef"], ONE, "source"),
    ("api.core.v1.EnvFromSource", &["configMapRef", "secretRef"], ONE, "source"),
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
    ("api.core.v1.PodResourceClaim", &["resourceClaimName", "resourceClaimTemplateName"], ONE, "source"),
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

pub(super) static ORDERED: [Ordered; 10] = [
    ("api.apps.v1.DeploymentSpec", "minReadySeconds", "progressDeadlineSeconds", Some(600), false),
    ("api.autoscaling.v2.HorizontalPodAutoscalerSpec", "minReplicas", "maxReplicas", None, true),
    ("api.batch.v1.JobSpec", "maxFailedIndexes", "completions", None, true),
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

pub(super) static MOST: [Most; 3] = [
    ("api.core.v1.PodDNSConfig", "nameservers", 3),
    ("api.core.v1.PodDNSConfig", "searches", 32),
    ("api.networking.v1.NetworkPolicySpec", "policyTypes", 2),
];

pub(super) static UNIQUE: [Unique; 6] = [
    ("api.batch.v1.PodFailurePolicyOnExitCodesRequirement", "values", &[]),
    ("api.core.v1.Container", "resizePolicy", &["resourceName"]),
    ("api.core.v1.PodSecurityContext", "sysctls", &["name"]),
    ("api.core.v1.PodSpec", "schedulingGates", &["name"]),
    ("api.core.v1.PodSpec", "topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"]),
    ("api.core.v1.ServiceSpec", "ipFamilies", &[]),
];

pub(super) static WITHIN: [Within; 1] = [("api.networking.v1.IPBlock", "except", "cidr")];

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::manifest::schema::Definition;

    pub(in super::super) fn known(rows: Vec<(&str, Vec<&str>)>) {
        assert!(rows.is_sorted_by_key(|row| row.0));
        for (definition, fields) in rows {
            let known = Definition::named(&format!("io.k8s.{definition}"));
            let properties = known.and_then(|known| known.schema.properties.as_ref());
            for field in fields {
                let is_known = properties.is_some_and(|properties| properties.contains_key(field));
                assert!(is_known, "{definition} {field}");
            }
        }
    }

    #[test]
    fn every_row_names_fields_that_exist_and_rows_are_sorted() {
        known(FILLED.iter().map(|row| (row.0, vec![row.1])).collect());
        known(NOT_EMPTY.iter().map(|row| (row.0, vec![row.1])).collect());
        known(NUMBERED.iter().map(|row| (row.0, row.1.to_vec())).collect());
        known(ORDERED.iter().map(|row| (row.0, vec![row.1, row.2])).collect());
        known(ROLLING.iter().map(|row| (row.0, vec!["maxSurge", "maxUnavailable"])).collect());
        known(ALONE.iter().map(|row| (row.0, vec![row.1])).collect());
        known(MOST.iter().map(|row| (row.0, vec![row.1])).collect());
        known(UNIQUE.iter().map(|row| (row.0, vec![row.1])).collect());
        known(WITHIN.iter().map(|row| (row.0, vec![row.1, row.2])).collect());
    }
}
