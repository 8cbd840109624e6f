//! What the API server demands of a field beyond its type. The schemas list neither choices nor ranges.
//!
//! Source: the constants and comments of `k8s.io/api` (`core/v1/types.go` and its neighbours) and
//! `k8s.io/kubernetes/pkg/apis/*/validation`.

use serde_json::Value;

use super::definitions::rows;

/// What is wrong with a field's value, as "`x` is FOUND".
pub(super) struct Complaint {
    pub(super) found: String,
    pub(super) help: String,
}

/// Definition (without `io.k8s.`), field, the values that it (or each item of it) may have. Where an empty text is among them,
/// the server takes it for absent.
static CHOICES: [(&str, &str, &[&str]); 65] = [
    ("api.apps.v1.DaemonSetUpdateStrategy", "type", &["", "RollingUpdate", "OnDelete"]),
    ("api.apps.v1.DeploymentStrategy", "type", &["", "Recreate", "RollingUpdate"]),
    ("api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted", &["", "Retain", "Delete"]),
    ("api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy", "whenScaled", &["", "Retain", "Delete"]),
    ("api.apps.v1.StatefulSetSpec", "podManagementPolicy", &["", "OrderedReady", "Parallel"]),
    ("api.apps.v1.StatefulSetUpdateStrategy", "type", &["", "RollingUpdate", "OnDelete"]),
    ("api.autoscaling.v2.HPAScalingPolicy", "type", &["Percent", "Pods"]),
    ("api.autoscaling.v2.HPAScalingRules", "selectPolicy", &["Disabled", "Max", "Min"]),
    (
        "api.autoscaling.v2.MetricSpec",
        "type",
        &["ContainerResource", "External", "Object", "Pods", "Resource"],
    ),
    ("api.autoscaling.v2.MetricTarget", "type", &["AverageValue", "Utilization", "Value"]),
    ("api.batch.v1.CronJobSpec", "concurrencyPolicy", &["", "Allow", "Forbid", "Replace"]),
    ("api.batch.v1.JobSpec", "completionMode", &["NonIndexed", "Indexed"]),
    ("api.batch.v1.JobSpec", "podReplacementPolicy", &["Failed", "TerminatingOrFailed"]),
    ("api.batch.v1.PodFailurePolicyOnExitCodesRequirement", "operator", &["In", "NotIn"]),
    ("api.batch.v1.PodFailurePolicyOnPodConditionsPattern", "status", &["", "False", "True", "Unknown"]),
    ("api.batch.v1.PodFailurePolicyRule", "action", &["Count", "FailIndex", "FailJob", "Ignore"]),
    ("api.core.v1.AppArmorProfile", "type", &["Localhost", "RuntimeDefault", "Unconfined"]),
    ("api.core.v1.Container", "imagePullPolicy", &["", "Always", "IfNotPresent", "Never"]),
    ("api.core.v1.Container", "restartPolicy", &["Always", "Never", "OnFailure"]),
    ("api.core.v1.Container", "terminationMessagePolicy", &["", "File", "FallbackToLogsOnError"]),
    ("api.core.v1.ContainerPort", "protocol", &["", "TCP", "UDP", "SCTP"]),
    ("api.core.v1.ContainerResizePolicy", "resourceName", &["cpu", "memory"]),
    ("api.core.v1.ContainerResizePolicy", "restartPolicy", &["NotRequired", "RestartContainer"]),
    ("api.core.v1.HTTPGetAction", "scheme", &["", "HTTP", "HTTPS"]),
    (
        "api.core.v1.HostPathVolumeSource",
        "type",
        &[
            "",
            "BlockDevice",
            "CharDevice",
            "Directory",
            "DirectoryOrCreate",
            "File",
            "FileOrCreate",
            "Socket",
        ],
    ),
    ("api.core.v1.ImageVolumeSource", "pullPolicy", &["", "Always", "IfNotPresent", "Never"]),
    (
        "api.core.v1.NodeSelectorRequirement",
        "operator",
        &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
    ),
    (
        "api.core.v1.PersistentVolumeClaimSpec",
        "accessModes",
        &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"],
    ),
    ("api.core.v1.PersistentVolumeClaimSpec", "volumeMode", &["Filesystem", "Block"]),
    (
        "api.core.v1.PersistentVolumeSpec",
        "accessModes",
        &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"],
    ),
    (
        "api.core.v1.PersistentVolumeSpec",
        "persistentVolumeReclaimPolicy",
        &["", "Retain", "Recycle", "Delete"],
    ),
    ("api.core.v1.PodOS", "name", &["", "linux", "windows"]),
    ("api.core.v1.PodSecurityContext", "fsGroupChangePolicy", &["OnRootMismatch", "Always"]),
    ("api.core.v1.PodSecurityContext", "seLinuxChangePolicy", &["MountOption", "Recursive"]),
    ("api.core.v1.PodSecurityContext", "supplementalGroupsPolicy", &["Merge", "Strict"]),
    ("api.core.v1.PodSpec", "dnsPolicy", &["", "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ("api.core.v1.PodSpec", "preemptionPolicy", &["PreemptLowerPriority", "Never"]),
    ("api.core.v1.PodSpec", "restartPolicy", &["", "Always", "OnFailure", "Never"]),
    ("api.core.v1.SeccompProfile", "type", &["Localhost", "RuntimeDefault", "Unconfined"]),
    ("api.core.v1.SecurityContext", "procMount", &["Default", "Unmasked"]),
    ("api.core.v1.ServicePort", "protocol", &["", "TCP", "UDP", "SCTP"]),
    ("api.core.v1.ServiceSpec", "externalTrafficPolicy", &["", "Cluster", "Local"]),
    ("api.core.v1.ServiceSpec", "internalTrafficPolicy", &["Cluster", "Local"]),
    ("api.core.v1.ServiceSpec", "ipFamilies", &["IPv4", "IPv6"]),
    ("api.core.v1.ServiceSpec", "ipFamilyPolicy", &["SingleStack", "PreferDualStack", "RequireDualStack"]),
    ("api.core.v1.ServiceSpec", "sessionAffinity", &["", "ClientIP", "None"]),
    ("api.core.v1.ServiceSpec", "trafficDistribution", &["PreferClose", "PreferSameNode", "PreferSameZone"]),
    ("api.core.v1.ServiceSpec", "type", &["", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
    ("api.core.v1.Toleration", "effect", &["", "NoSchedule", "PreferNoSchedule", "NoExecute"]),
    ("api.core.v1.Toleration", "operator", &["", "Exists", "Equal"]),
    ("api.core.v1.TopologySpreadConstraint", "nodeAffinityPolicy", &["Honor", "Ignore"]),
    ("api.core.v1.TopologySpreadConstraint", "nodeTaintsPolicy", &["Honor", "Ignore"]),
    ("api.core.v1.TopologySpreadConstraint", "whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"]),
    ("api.core.v1.VolumeMount", "mountPropagation", &["None", "HostToContainer", "Bidirectional"]),
    ("api.core.v1.VolumeMount", "recursiveReadOnly", &["Disabled", "Enabled", "IfPossible"]),
    ("api.networking.v1.HTTPIngressPath", "pathType", &["Exact", "Prefix", "ImplementationSpecific"]),
    ("api.networking.v1.NetworkPolicyPort", "protocol", &["TCP", "UDP", "SCTP"]),
    ("api.networking.v1.NetworkPolicySpec", "policyTypes", &["Ingress", "Egress"]),
    (
        "api.policy.v1.PodDisruptionBudgetSpec",
        "unhealthyPodEvictionPolicy",
        &["IfHealthyBudget", "AlwaysAllow"],
    ),
    ("api.rbac.v1.RoleRef", "apiGroup", &["", "rbac.authorization.k8s.io"]),
    ("api.rbac.v1.Subject", "kind", &["Group", "ServiceAccount", "User"]),
    ("api.scheduling.v1.PriorityClass", "preemptionPolicy", &["PreemptLowerPriority", "Never"]),
    ("api.storage.v1.StorageClass", "reclaimPolicy", &["", "Delete", "Retain"]),
    ("api.storage.v1.StorageClass", "volumeBindingMode", &["Immediate", "WaitForFirstConsumer"]),
    (
        "apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
        "operator",
        &["In", "NotIn", "Exists", "DoesNotExist"],
    ),
];

/// Least and most; whether 0 is the same as absent.
type Range = (i64, i64, bool);

const PORT: Range = (1, 65_535, false);
const PORT_OR_NONE: Range = (1, 65_535, true);
const COUNT: Range = (0, i32::MAX as i64, false);
const POSITIVE: Range = (1, i32::MAX as i64, false);
const POSITIVE_OR_NONE: Range = (1, i32::MAX as i64, true);
const MODE: Range = (0, 0o777, false);
const ID: Range = (0, i32::MAX as i64, false);

/// Definition (without `io.k8s.`), field, what it (or each item of it) may be.
static RANGES: [(&str, &str, Range); 66] = [
    ("api.apps.v1.DaemonSetSpec", "minReadySeconds", COUNT),
    ("api.apps.v1.DaemonSetSpec", "revisionHistoryLimit", COUNT),
    ("api.apps.v1.DeploymentSpec", "minReadySeconds", COUNT),
    ("api.apps.v1.DeploymentSpec", "progressDeadlineSeconds", POSITIVE),
    ("api.apps.v1.DeploymentSpec", "replicas", COUNT),
    ("api.apps.v1.DeploymentSpec", "revisionHistoryLimit", COUNT),
    ("api.apps.v1.ReplicaSetSpec", "minReadySeconds", COUNT),
    ("api.apps.v1.ReplicaSetSpec", "replicas", COUNT),
    ("api.apps.v1.RollingUpdateStatefulSetStrategy", "partition", COUNT),
    ("api.apps.v1.StatefulSetOrdinals", "start", COUNT),
    ("api.apps.v1.StatefulSetSpec", "minReadySeconds", COUNT),
    ("api.apps.v1.StatefulSetSpec", "replicas", COUNT),
    ("api.apps.v1.StatefulSetSpec", "revisionHistoryLimit", COUNT),
    ("api.autoscaling.v2.HPAScalingPolicy", "periodSeconds", (1, 1800, false)),
    ("api.autoscaling.v2.HPAScalingPolicy", "value", POSITIVE),
    ("api.autoscaling.v2.HPAScalingRules", "stabilizationWindowSeconds", (0, 3600, false)),
    ("api.autoscaling.v2.HorizontalPodAutoscalerSpec", "maxReplicas", POSITIVE),
    ("api.autoscaling.v2.MetricTarget", "averageUtilization", POSITIVE),
    ("api.batch.v1.CronJobSpec", "failedJobsHistoryLimit", COUNT),
    ("api.batch.v1.CronJobSpec", "startingDeadlineSeconds", COUNT),
    ("api.batch.v1.CronJobSpec", "successfulJobsHistoryLimit", COUNT),
    ("api.batch.v1.JobSpec", "activeDeadlineSeconds", COUNT),
    ("api.batch.v1.JobSpec", "backoffLimit", COUNT),
    ("api.batch.v1.JobSpec", "backoffLimitPerIndex", COUNT),
    ("api.batch.v1.JobSpec", "completions", COUNT),
    ("api.batch.v1.JobSpec", "maxFailedIndexes", COUNT),
    ("api.batch.v1.JobSpec", "parallelism", COUNT),
    ("api.batch.v1.JobSpec", "ttlSecondsAfterFinished", COUNT),
    ("api.core.v1.ClientIPConfig", "timeoutSeconds", (1, 86_400, false)),
    ("api.core.v1.ConfigMapVolumeSource", "defaultMode", MODE),
    ("api.core.v1.ContainerPort", "containerPort", PORT),
    ("api.core.v1.ContainerPort", "hostPort", PORT_OR_NONE),
    ("api.core.v1.DownwardAPIVolumeSource", "defaultMode", MODE),
    ("api.core.v1.GRPCAction", "port", PORT),
    ("api.core.v1.HTTPGetAction", "port", PORT),
    ("api.core.v1.KeyToPath", "mode", MODE),
    ("api.core.v1.PodSecurityContext", "fsGroup", ID),
    ("api.core.v1.PodSecurityContext", "runAsGroup", ID),
    ("api.core.v1.PodSecurityContext", "runAsUser", ID),
    ("api.core.v1.PodSecurityContext", "supplementalGroups", ID),
    ("api.core.v1.PodSpec", "activeDeadlineSeconds", POSITIVE),
    ("api.core.v1.PreferredSchedulingTerm", "weight", (1, 100, false)),
    ("api.core.v1.Probe", "failureThreshold", POSITIVE_OR_NONE),
    ("api.core.v1.Probe", "initialDelaySeconds", COUNT),
    ("api.core.v1.Probe", "periodSeconds", POSITIVE_OR_NONE),
    ("api.core.v1.Probe", "successThreshold", POSITIVE_OR_NONE),
    ("api.core.v1.Probe", "terminationGracePeriodSeconds", POSITIVE),
    ("api.core.v1.Probe", "timeoutSeconds", POSITIVE_OR_NONE),
    ("api.core.v1.ProjectedVolumeSource", "defaultMode", MODE),
    ("api.core.v1.ReplicationControllerSpec", "replicas", COUNT),
    ("api.core.v1.SecretVolumeSource", "defaultMode", MODE),
    ("api.core.v1.SecurityContext", "runAsGroup", ID),
    ("api.core.v1.SecurityContext", "runAsUser", ID),
    ("api.core.v1.ServiceAccountTokenProjection", "expirationSeconds", (600, 1 << 32, false)),
    ("api.core.v1.ServicePort", "nodePort", PORT_OR_NONE),
    ("api.core.v1.ServicePort", "port", PORT),
    ("api.core.v1.ServicePort", "targetPort", PORT_OR_NONE),
    ("api.core.v1.SleepAction", "seconds", COUNT),
    ("api.core.v1.TCPSocketAction", "port", PORT),
    ("api.core.v1.TopologySpreadConstraint", "maxSkew", POSITIVE),
    ("api.core.v1.TopologySpreadConstraint", "minDomains", POSITIVE),
    ("api.core.v1.WeightedPodAffinityTerm", "weight", (1, 100, false)),
    ("api.networking.v1.NetworkPolicyPort", "endPort", PORT),
    ("api.networking.v1.NetworkPolicyPort", "port", PORT),
    ("api.networking.v1.ServiceBackendPort", "number", PORT),
    ("api.scheduling.v1.PriorityClass", "value", (i32::MIN as i64, 1_000_000_000, false)),
];

/// The rows of one definition.
pub(super) struct Limits {
    choices: &'static [(&'static str, &'static str, &'static [&'static str])],
    ranges: &'static [(&'static str, &'static str, Range)],
}

impl Limits {
    pub(super) fn of(definition: &str) -> Self {
        Self {
            choices: rows(&CHOICES, definition, |row| row.0),
            ranges: rows(&RANGES, definition, |row| row.0),
        }
    }
}

/// What is wrong with a field of a definition beyond its type; a value of the wrong type has been reported already.
pub(super) fn complaints(limits: &Limits, field: &str, value: &Value) -> Vec<Complaint> {
    let mut found = Vec::new();
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    if let Some((.., choices)) = limits.choices.iter().find(|row| row.1 == field) {
        found.extend(items.iter().filter_map(Value::as_str).filter_map(|chosen| choice(chosen, choices)));
    }
    if let Some((.., (least, most, or_none))) = limits.ranges.iter().find(|row| row.1 == field)
        && let Some(number) = items
            .iter()
            .filter_map(Value::as_i64)
            .find(|number| !((*least..=*most).contains(number) || (*or_none && *number == 0)))
    {
        let help = if *most == MODE.1 {
            "a mode is octal, from 0000 to 0777 (0 to 511 as a plain number)".to_owned()
        } else {
            format!("it can be from {least} to {most}")
        };
        found.push(Complaint { found: number.to_string(), help });
    }
    found
}

/// What is wrong with a text that must be one of some.
pub(super) fn choice(chosen: &str, choices: &[&str]) -> Option<Complaint> {
    if choices.contains(&chosen) {
        return None;
    }
    let help = super::suggestion(chosen, choices.iter().copied().filter(|choice| !choice.is_empty()));
    Some(Complaint { found: format!("`{chosen}`, which is none of its values"), help })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::schema::Definition;

    #[test]
    fn every_row_names_a_field_that_exists_and_rows_are_sorted() {
        let rows = |names: &[(&'static str, &'static str)]| {
            assert!(names.is_sorted(), "{names:?}");
            for (definition, field) in names {
                let known = Definition::named(&format!("io.k8s.{definition}"));
                let field_is_known =
                    known.and_then(|known| known.schema.properties.as_ref()?.get(field)).is_some();
                assert!(field_is_known, "{definition} {field}");
            }
        };
        rows(&CHOICES.map(|row| (row.0, row.1)));
        rows(&RANGES.map(|row| (row.0, row.1)));
    }
}
