//! The rows of `shapes` about one field beside another, sorted by definition.

/// Where one field says something, another one is needed, or can't be.
pub(super) type Beside = (&'static str, If, Then);

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
    /// The same, where there is something in it.
    ForbidsFull(&'static str),
    /// No more than one item.
    Single(&'static str),
}

use If::{Has, Is, Lacks, Named};
use Then::{Forbids, ForbidsFull, Needs, Single};

const LISTED: If = Is("operator", "", &["In", "NotIn"]);
const COMPARED: If = Is("operator", "", &["Gt", "Lt"]);
const UNLISTED: If = Is("operator", "", &["Exists", "DoesNotExist"]);
const OF_NODE: If = Is("type", "", &["Localhost"]);
const NOT_OF_NODE: If = Is("type", "", &["RuntimeDefault", "Unconfined"]);
const NOT_INDEXED: If = Is("completionMode", "NonIndexed", &["NonIndexed"]);
const NO_BALANCER: If = Is("type", "ClusterIP", &["ClusterIP", "ExternalName", "NodePort"]);
const ELSEWHERE: If = Is("type", "ClusterIP", &["ExternalName"]);

pub(super) static BESIDE: [Beside; 48] = [
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
    ("api.batch.v1.JobSpec", Is("manualSelector", "false", &["false"]), ForbidsFull("selector")),
    ("api.batch.v1.JobSpec", Is("manualSelector", "false", &["true"]), Needs("selector")),
    ("api.batch.v1.JobSpec", NOT_INDEXED, Forbids("backoffLimitPerIndex")),
    ("api.batch.v1.JobSpec", NOT_INDEXED, Forbids("maxFailedIndexes")),
    ("api.batch.v1.JobSpec", NOT_INDEXED, Forbids("successPolicy")),
    ("api.batch.v1.JobSpec", Has("maxFailedIndexes"), Needs("backoffLimitPerIndex")),
    ("api.core.v1.AppArmorProfile", OF_NODE, Needs("localhostProfile")),
    ("api.core.v1.AppArmorProfile", NOT_OF_NODE, Forbids("localhostProfile")),
    ("api.core.v1.Container", Has("restartPolicyRules"), Needs("restartPolicy")),
    ("api.core.v1.LimitRangeItem", Is("type", "", &["Pod"]), ForbidsFull("default")),
    ("api.core.v1.LimitRangeItem", Is("type", "", &["Pod"]), ForbidsFull("defaultRequest")),
    ("api.core.v1.NodeSelectorRequirement", LISTED, Needs("values")),
    ("api.core.v1.NodeSelectorRequirement", COMPARED, Needs("values")),
    ("api.core.v1.NodeSelectorRequirement", COMPARED, Single("values")),
    ("api.core.v1.NodeSelectorRequirement", UNLISTED, Forbids("values")),
    ("api.core.v1.PersistentVolumeSpec", Has("local"), Needs("nodeAffinity")),
    ("api.core.v1.PodAffinityTerm", Lacks("labelSelector"), Forbids("matchLabelKeys")),
    ("api.core.v1.PodAffinityTerm", Lacks("labelSelector"), Forbids("mismatchLabelKeys")),
    ("api.core.v1.PodSpec", Is("hostNetwork", "false", &["true"]), Forbids("hostnameOverride")),
    ("api.core.v1.PodSpec", Is("setHostnameAsFQDN", "false", &["true"]), Forbids("hostnameOverride")),
    ("api.core.v1.SeccompProfile", OF_NODE, Needs("localhostProfile")),
    ("api.core.v1.SeccompProfile", NOT_OF_NODE, Forbids("localhostProfile")),
    ("api.core.v1.ServiceSpec", ELSEWHERE, Forbids("clusterIP")),
    ("api.core.v1.ServiceSpec", NO_BALANCER, Forbids("loadBalancerSourceRanges")),
    ("api.core.v1.ServiceSpec", NO_BALANCER, Forbids("allocateLoadBalancerNodePorts")),
    ("api.core.v1.ServiceSpec", NO_BALANCER, Forbids("loadBalancerClass")),
    ("api.core.v1.ServiceSpec", ELSEWHERE, Forbids("ipFamilies")),
    ("api.core.v1.ServiceSpec", ELSEWHERE, Forbids("ipFamilyPolicy")),
    ("api.core.v1.ServiceSpec", Lacks("clusterIP"), Forbids("clusterIPs")),
    (
        "api.core.v1.TopologySpreadConstraint",
        Is("whenUnsatisfiable", "", &["ScheduleAnyway"]),
        Forbids("minDomains"),
    ),
    ("api.core.v1.TopologySpreadConstraint", Lacks("labelSelector"), Forbids("matchLabelKeys")),
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

#[cfg(test)]
mod tests {
    use super::super::tables::tests::known;
    use super::*;

    #[test]
    fn every_row_names_fields_that_exist_and_rows_are_sorted() {
        let of = |row: &Beside| {
            let (If::Has(one) | If::Named(one) | If::Lacks(one) | If::Is(one, ..)) = row.1;
            let (Then::Needs(other) | Then::Forbids(other) | Then::ForbidsFull(other) | Then::Single(other)) =
                row.2;
            (row.0, vec![one, other])
        };
        known(BESIDE.iter().map(of).collect());
    }
}
