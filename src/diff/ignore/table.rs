//! What the API server adds to an object that says nothing of it: defaults by their values, and what it assigns.
//!
//! The defaults are those of `SetDefaults_*` in Kubernetes (`pkg/apis/*/v1/defaults.go`); that no other field differs is
//! seen on a real API server, where every example is applied and compared.

use serde_json::Value as Json;

/// Where a row holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scope {
    /// Every object.
    All,
    /// A pod's spec, in a Pod or in any template of one.
    Pod,
    /// A kind's objects.
    Kind(&'static str),
}

/// What may be left out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Is {
    /// Only this value, as JSON.
    Value(&'static str),
    /// Whatever it is: the server or a controller chooses it.
    Assigned(&'static str),
    /// Whatever it is in a live object where nobody applied it: the server or a controller chose it.
    Chosen(&'static str),
    /// What fits the map that holds it.
    Fits(fn(&Json, &Json) -> bool, &'static str),
}

pub(super) struct Row {
    pub(super) scope: Scope,
    pub(super) path: &'static str,
    pub(super) is: Is,
}

use Is::{Assigned, Chosen, Fits, Value};
use Scope::{All, Kind, Pod};

const fn row(scope: Scope, path: &'static str, is: Is) -> Row {
    Row { scope, path, is }
}

const fn job_label(path: &'static str) -> Row {
    row(Kind("Job"), path, Assigned("the controller of Jobs makes it"))
}

const SERVER: Is = Assigned("the API server keeps it");

pub(super) const ROWS: &[Row] = &[
    row(All, "status **", Assigned("it is what was observed, and nobody's wish")),
    row(All, "metadata uid", SERVER),
    row(All, "metadata resourceVersion", SERVER),
    row(All, "metadata generation", SERVER),
    row(All, "metadata creationTimestamp", SERVER),
    row(
        All,
        "metadata deletionGracePeriodSeconds",
        Fits(|metadata, _| metadata.get("deletionTimestamp").is_some(), "it goes with `deletionTimestamp`"),
    ),
    row(All, "metadata selfLink", SERVER),
    row(All, "metadata managedFields **", SERVER),
    row(All, "metadata namespace", Value("\"default\"")),
    row(
        All,
        "metadata annotations kubectl.kubernetes.io/last-applied-configuration",
        Assigned("`kubectl apply` keeps its last input in it"),
    ),
    row(
        All,
        "metadata annotations deployment.kubernetes.io/revision",
        Assigned("the controller of Deployments counts in it"),
    ),
    row(
        All,
        "metadata annotations deprecated.daemonset.template.generation",
        Assigned("the controller of DaemonSets counts in it"),
    ),
    row(
        All,
        "spec template metadata annotations kubectl.kubernetes.io/restartedAt",
        Assigned("`kubectl rollout restart` wrote it, and `apply` leaves it"),
    ),
    row(All, "spec template metadata creationTimestamp", SERVER),
    row(All, "spec jobTemplate metadata creationTimestamp", SERVER),
    row(All, "spec jobTemplate spec template metadata creationTimestamp", SERVER),
    // Pods.
    row(Pod, "restartPolicy", Value("\"Always\"")),
    row(Pod, "dnsPolicy", Value("\"ClusterFirst\"")),
    row(Pod, "schedulerName", Value("\"default-scheduler\"")),
    row(Pod, "terminationGracePeriodSeconds", Value("30")),
    row(Pod, "securityContext", Value("{}")),
    row(Pod, "enableServiceLinks", Value("true")),
    row(Pod, "preemptionPolicy", Value("\"PreemptLowerPriority\"")),
    row(
        Pod,
        "serviceAccount",
        Fits(
            |pod, own| pod.get("serviceAccountName").is_none_or(|name| name == own),
            "it is an old name of `serviceAccountName`",
        ),
    ),
    row(Pod, "serviceAccountName", Value("\"default\"")),
    row(Pod, "topologySpreadConstraints * nodeAffinityPolicy", Value("\"Honor\"")),
    row(Pod, "topologySpreadConstraints * nodeTaintsPolicy", Value("\"Ignore\"")),
    // Containers of every sort: `*` is the list and the container.
    row(Pod, "* * imagePullPolicy", Fits(pull_policy, "it is the default of the image's tag")),
    row(Pod, "* * terminationMessagePath", Value("\"/dev/termination-log\"")),
    row(Pod, "* * terminationMessagePolicy", Value("\"File\"")),
    row(Pod, "* * resources", Value("{}")),
    row(Pod, "* * securityContext procMount", Value("\"Default\"")),
    row(Pod, "* * resources requests", Fits(requests, "they are the limits")),
    row(Pod, "* * ports * protocol", Value("\"TCP\"")),
    row(Pod, "* * env * value", Value("\"\"")),
    row(Pod, "* * env * valueFrom fieldRef apiVersion", Value("\"v1\"")),
    row(Pod, "* * env * valueFrom resourceFieldRef divisor", Value("\"0\"")),
    row(Pod, "* * * timeoutSeconds", Value("1")),
    row(Pod, "* * * periodSeconds", Value("10")),
    row(Pod, "* * * successThreshold", Value("1")),
    row(Pod, "* * * failureThreshold", Value("3")),
    row(Pod, "* * * httpGet scheme", Value("\"HTTP\"")),
    row(Pod, "* * * grpc service", Value("\"\"")),
    row(Pod, "* * lifecycle * httpGet scheme", Value("\"HTTP\"")),
    row(Pod, "volumes * secret defaultMode", Value("420")),
    row(Pod, "volumes * configMap defaultMode", Value("420")),
    row(Pod, "volumes * projected defaultMode", Value("420")),
    row(Pod, "volumes * downwardAPI defaultMode", Value("420")),
    row(Pod, "volumes * downwardAPI items * fieldRef apiVersion", Value("\"v1\"")),
    row(Pod, "volumes * projected sources * downwardAPI items * fieldRef apiVersion", Value("\"v1\"")),
    row(Pod, "volumes * projected sources * serviceAccountToken expirationSeconds", Value("3600")),
    row(Pod, "volumes * hostPath type", Value("\"\"")),
    row(Pod, "volumes * ephemeral volumeClaimTemplate spec volumeMode", Value("\"Filesystem\"")),
    // Workloads.
    row(Kind("Deployment"), "spec replicas", Value("1")),
    row(Kind("Deployment"), "spec progressDeadlineSeconds", Value("600")),
    row(Kind("Deployment"), "spec revisionHistoryLimit", Value("10")),
    row(Kind("Deployment"), "spec strategy type", Value("\"RollingUpdate\"")),
    row(Kind("Deployment"), "spec strategy rollingUpdate maxSurge", Value("\"25%\"")),
    row(Kind("Deployment"), "spec strategy rollingUpdate maxUnavailable", Value("\"25%\"")),
    row(Kind("StatefulSet"), "spec replicas", Value("1")),
    row(Kind("StatefulSet"), "spec podManagementPolicy", Value("\"OrderedReady\"")),
    row(Kind("StatefulSet"), "spec revisionHistoryLimit", Value("10")),
    row(Kind("StatefulSet"), "spec updateStrategy type", Value("\"RollingUpdate\"")),
    row(Kind("StatefulSet"), "spec updateStrategy rollingUpdate partition", Value("0")),
    row(Kind("StatefulSet"), "spec updateStrategy rollingUpdate", Value("{}")),
    row(Kind("StatefulSet"), "spec persistentVolumeClaimRetentionPolicy whenDeleted", Value("\"Retain\"")),
    row(Kind("StatefulSet"), "spec persistentVolumeClaimRetentionPolicy whenScaled", Value("\"Retain\"")),
    row(Kind("StatefulSet"), "spec volumeClaimTemplates * apiVersion", Value("\"v1\"")),
    row(Kind("StatefulSet"), "spec volumeClaimTemplates * kind", Value("\"PersistentVolumeClaim\"")),
    row(Kind("StatefulSet"), "spec volumeClaimTemplates * status **", SERVER),
    row(Kind("StatefulSet"), "spec volumeClaimTemplates * metadata creationTimestamp", SERVER),
    row(Kind("StatefulSet"), "spec volumeClaimTemplates * spec volumeMode", Value("\"Filesystem\"")),
    row(Kind("DaemonSet"), "spec revisionHistoryLimit", Value("10")),
    row(Kind("DaemonSet"), "spec updateStrategy type", Value("\"RollingUpdate\"")),
    row(Kind("DaemonSet"), "spec updateStrategy rollingUpdate maxUnavailable", Value("1")),
    row(Kind("DaemonSet"), "spec updateStrategy rollingUpdate maxSurge", Value("0")),
    row(Kind("CronJob"), "spec concurrencyPolicy", Value("\"Allow\"")),
    row(Kind("CronJob"), "spec suspend", Value("false")),
    row(Kind("CronJob"), "spec successfulJobsHistoryLimit", Value("3")),
    row(Kind("CronJob"), "spec failedJobsHistoryLimit", Value("1")),
    row(Kind("Job"), "spec backoffLimit", Value("6")),
    row(Kind("Job"), "spec completions", Value("1")),
    row(Kind("Job"), "spec parallelism", Value("1")),
    row(Kind("Job"), "spec completionMode", Value("\"NonIndexed\"")),
    row(Kind("Job"), "spec manualSelector", Value("false")),
    row(Kind("Job"), "spec suspend", Value("false")),
    row(Kind("Job"), "spec podReplacementPolicy", Value("\"TerminatingOrFailed\"")),
    row(Kind("Job"), "spec selector", Chosen("the controller of Jobs makes it")),
    job_label("spec template metadata labels batch.kubernetes.io/controller-uid"),
    job_label("spec template metadata labels batch.kubernetes.io/job-name"),
    job_label("spec template metadata labels controller-uid"),
    job_label("spec template metadata labels job-name"),
    // A Job without labels has those of its template.
    job_label("metadata labels batch.kubernetes.io/controller-uid"),
    job_label("metadata labels batch.kubernetes.io/job-name"),
    job_label("metadata labels controller-uid"),
    job_label("metadata labels job-name"),
    // Services and what stands before them.
    row(Kind("Service"), "spec type", Value("\"ClusterIP\"")),
    row(Kind("Service"), "spec clusterIP", Chosen("the API server assigns it")),
    row(Kind("Service"), "spec clusterIPs", Chosen("the API server assigns it")),
    row(Kind("Service"), "spec ipFamilies", Chosen("the API server chooses it by the cluster's networks")),
    row(
        Kind("Service"),
        "spec ipFamilyPolicy",
        Chosen("the API server chooses it by the cluster's networks"),
    ),
    row(Kind("Service"), "spec internalTrafficPolicy", Value("\"Cluster\"")),
    row(Kind("Service"), "spec externalTrafficPolicy", Value("\"Cluster\"")),
    row(Kind("Service"), "spec sessionAffinity", Value("\"None\"")),
    row(Kind("Service"), "spec publishNotReadyAddresses", Value("false")),
    row(Kind("Service"), "spec allocateLoadBalancerNodePorts", Value("true")),
    row(Kind("Service"), "spec healthCheckNodePort", Chosen("the API server assigns it")),
    row(Kind("Service"), "spec ports * nodePort", Chosen("the API server assigns it")),
    row(Kind("Service"), "spec ports * protocol", Value("\"TCP\"")),
    row(
        Kind("Service"),
        "spec ports * targetPort",
        Fits(|port, own| port.get("port") == Some(own), "it is the port's number"),
    ),
    row(Kind("NetworkPolicy"), "spec ingress * ports * protocol", Value("\"TCP\"")),
    row(Kind("NetworkPolicy"), "spec egress * ports * protocol", Value("\"TCP\"")),
    row(Kind("NetworkPolicy"), "spec policyTypes", Fits(policy_types, "it follows from the rules")),
    row(Kind("NetworkPolicy"), "spec podSelector", Value("{}")),
    // Volumes.
    row(Kind("PersistentVolumeClaim"), "spec volumeMode", Value("\"Filesystem\"")),
    row(Kind("PersistentVolumeClaim"), "spec volumeName", Chosen("it is the volume that was bound")),
    row(Kind("PersistentVolumeClaim"), "spec storageClassName", Chosen("it is the cluster's default class")),
    row(
        Kind("PersistentVolumeClaim"),
        "metadata annotations pv.kubernetes.io/bind-completed",
        Assigned("the volume's controller keeps it"),
    ),
    row(
        Kind("PersistentVolumeClaim"),
        "metadata annotations pv.kubernetes.io/bound-by-controller",
        Assigned("the volume's controller keeps it"),
    ),
    row(
        Kind("PersistentVolumeClaim"),
        "metadata annotations volume.kubernetes.io/storage-provisioner",
        Assigned("the volume's controller keeps it"),
    ),
    row(
        Kind("PersistentVolumeClaim"),
        "metadata annotations volume.beta.kubernetes.io/storage-provisioner",
        Assigned("the volume's controller keeps it"),
    ),
    row(
        Kind("PersistentVolumeClaim"),
        "metadata annotations volume.kubernetes.io/selected-node",
        Assigned("the scheduler keeps it"),
    ),
    row(Kind("PersistentVolumeClaim"), "metadata finalizers", Value("[\"kubernetes.io/pvc-protection\"]")),
    // The rest.
    row(Kind("Secret"), "type", Value("\"Opaque\"")),
    row(Kind("ServiceAccount"), "secrets", Assigned("the controller of tokens adds to it")),
    row(Kind("Namespace"), "spec finalizers", Value("[\"kubernetes\"]")),
    row(
        Kind("Namespace"),
        "metadata labels kubernetes.io/metadata.name",
        Assigned("the API server keeps it"),
    ),
    row(
        Kind("RoleBinding"),
        "subjects * apiGroup",
        Fits(|subject, own| group(subject) == own.as_str(), "it follows from the kind"),
    ),
    row(
        Kind("ClusterRoleBinding"),
        "subjects * apiGroup",
        Fits(|subject, own| group(subject) == own.as_str(), "it follows from the kind"),
    ),
    row(Kind("RoleBinding"), "roleRef apiGroup", Value("\"rbac.authorization.k8s.io\"")),
    row(Kind("PodDisruptionBudget"), "spec unhealthyPodEvictionPolicy", Value("\"IfHealthyBudget\"")),
];

/// `Always` for the tag `latest` and for none, else `IfNotPresent`.
fn pull_policy(container: &Json, own: &Json) -> bool {
    let image = container.get("image").and_then(Json::as_str).unwrap_or_default();
    let name = image.rsplit('/').next().unwrap_or_default();
    let latest = !image.contains('@') && name.split_once(':').is_none_or(|(_, tag)| tag == "latest");
    own == if latest { "Always" } else { "IfNotPresent" }
}

/// What a container that states limits only requests.
fn requests(resources: &Json, own: &Json) -> bool {
    resources.get("limits") == Some(own)
}

/// Ingress always, egress where there are such rules.
fn policy_types(spec: &Json, own: &Json) -> bool {
    let egress = spec.get("egress").and_then(Json::as_array).is_some_and(|rules| !rules.is_empty());
    *own == if egress { serde_json::json!(["Ingress", "Egress"]) } else { serde_json::json!(["Ingress"]) }
}

fn group(subject: &Json) -> Option<&'static str> {
    match subject.get("kind").and_then(Json::as_str)? {
        "ServiceAccount" => Some(""),
        _ => Some("rbac.authorization.k8s.io"),
    }
}
