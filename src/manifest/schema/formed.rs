//! Which fields have which form.

use serde_json::{Map, Value};

use super::forms::Form::{
    self, Amount, Below, Choice, Cidr, ClusterIp, ContainerResource, Driver, ExternalIp, ExternalName,
    Header, Host, HostOrAddress, Ip, Labels, Limited, Name, NoWayUp, OfTheCluster, Owned, PodField, Port,
    Provisioner, QuotaNames, SearchDomain, Share, SourceRange, Sysctl, TimeZone, UrlPath, WindowsUser,
};
use super::limits::Complaint;
use crate::names::Rule;
use crate::yaml::ValuePath;

/// A definition (without `io.k8s.`), the way to a field from it (through every item of a list), its form.
pub(super) type Row = (&'static str, &'static str, Form);

const CLASS: Form = Name(Rule::Subdomain, "class's name");
const DATA_KEY: Form = Name(Rule::DataKey, "key of data");
const KEY: Form = Name(Rule::QualifiedName, "label's key");
const OBJECT: Form = Name(Rule::Subdomain, "object's name");
const QUALIFIED: Form = Name(Rule::QualifiedName, "qualified name");
const SERVICE: Form = Name(Rule::Label, "Service's name");
const ANY_SHARE: Form = Share { of_a_whole: false };
const PART: Form = Share { of_a_whole: true };

pub(super) static FORMS: [Row; 82] = [
    ("api.apps.v1.RollingUpdateDaemonSet", "maxSurge", PART),
    ("api.apps.v1.RollingUpdateDaemonSet", "maxUnavailable", PART),
    ("api.apps.v1.RollingUpdateDeployment", "maxSurge", ANY_SHARE),
    ("api.apps.v1.RollingUpdateDeployment", "maxUnavailable", PART),
    ("api.apps.v1.RollingUpdateStatefulSetStrategy", "maxUnavailable", PART),
    ("api.apps.v1.StatefulSetSpec", "serviceName", SERVICE),
    ("api.apps.v1.StatefulSetSpec", "volumeClaimTemplates.metadata.name", Name(Rule::Label, "volume's name")),
    ("api.batch.v1.CronJobSpec", "timeZone", TimeZone),
    ("api.batch.v1.JobSpec", "managedBy", Owned),
    ("api.core.v1.CSIVolumeSource", "driver", Driver),
    ("api.core.v1.ConfigMapEnvSource", "name", OBJECT),
    ("api.core.v1.ConfigMapKeySelector", "key", DATA_KEY),
    ("api.core.v1.ConfigMapKeySelector", "name", OBJECT),
    ("api.core.v1.DownwardAPIVolumeFile", "fieldRef.fieldPath", PodField { in_a_file: true }),
    ("api.core.v1.DownwardAPIVolumeFile", "path", Below),
    ("api.core.v1.DownwardAPIVolumeFile", "resourceFieldRef.resource", ContainerResource),
    ("api.core.v1.EmptyDirVolumeSource", "sizeLimit", Amount),
    ("api.core.v1.EnvFromSource", "prefix", Name(Rule::EnvironmentName, "beginning of a variable's name")),
    ("api.core.v1.EnvVarSource", "fieldRef.fieldPath", PodField { in_a_file: false }),
    ("api.core.v1.EnvVarSource", "resourceFieldRef.resource", ContainerResource),
    ("api.core.v1.HTTPHeader", "name", Header),
    ("api.core.v1.HostAlias", "hostnames", Name(Rule::Subdomain, "host name")),
    ("api.core.v1.HostAlias", "ip", Ip),
    ("api.core.v1.HostPathVolumeSource", "path", NoWayUp),
    ("api.core.v1.KeyToPath", "path", Below),
    ("api.core.v1.LimitRangeItem", "type", Limited),
    ("api.core.v1.NFSVolumeSource", "path", UrlPath),
    ("api.core.v1.NodeSelectorRequirement", "key", KEY),
    ("api.core.v1.NodeSelectorTerm", "matchFields.key", Choice(&["metadata.name"])),
    ("api.core.v1.NodeSelectorTerm", "matchFields.operator", Choice(&["In", "NotIn"])),
    ("api.core.v1.PersistentVolumeClaimSpec", "storageClassName", CLASS),
    ("api.core.v1.PersistentVolumeSpec", "storageClassName", CLASS),
    ("api.core.v1.PodAffinityTerm", "topologyKey", KEY),
    ("api.core.v1.PodDNSConfig", "nameservers", Ip),
    ("api.core.v1.PodDNSConfig", "searches", SearchDomain),
    ("api.core.v1.PodReadinessGate", "conditionType", QUALIFIED),
    ("api.core.v1.PodSchedulingGate", "name", QUALIFIED),
    ("api.core.v1.PodSpec", "hostname", Name(Rule::Label, "host name")),
    ("api.core.v1.PodSpec", "nodeName", Name(Rule::Subdomain, "node's name")),
    ("api.core.v1.PodSpec", "nodeSelector", Labels),
    ("api.core.v1.PodSpec", "priorityClassName", CLASS),
    ("api.core.v1.PodSpec", "runtimeClassName", CLASS),
    ("api.core.v1.PodSpec", "serviceAccountName", Name(Rule::Subdomain, "account's name")),
    ("api.core.v1.PodSpec", "subdomain", Name(Rule::Label, "subdomain of a pod")),
    ("api.core.v1.ResourceQuotaSpec", "hard", QuotaNames),
    ("api.core.v1.SeccompProfile", "localhostProfile", NoWayUp),
    ("api.core.v1.SecretEnvSource", "name", OBJECT),
    ("api.core.v1.SecretKeySelector", "key", DATA_KEY),
    ("api.core.v1.SecretKeySelector", "name", OBJECT),
    ("api.core.v1.ServiceAccountTokenProjection", "path", Below),
    ("api.core.v1.ServicePort", "appProtocol", Name(Rule::QualifiedName, "protocol's name")),
    ("api.core.v1.ServicePort", "targetPort", Port),
    ("api.core.v1.ServiceSpec", "clusterIP", ClusterIp),
    ("api.core.v1.ServiceSpec", "clusterIPs", ClusterIp),
    ("api.core.v1.ServiceSpec", "externalIPs", ExternalIp),
    ("api.core.v1.ServiceSpec", "externalName", ExternalName),
    ("api.core.v1.ServiceSpec", "loadBalancerClass", Name(Rule::QualifiedName, "class's name")),
    ("api.core.v1.ServiceSpec", "loadBalancerSourceRanges", SourceRange),
    ("api.core.v1.ServiceSpec", "selector", Labels),
    ("api.core.v1.Sysctl", "name", Sysctl),
    ("api.core.v1.Toleration", "key", KEY),
    ("api.core.v1.WindowsSecurityContextOptions", "runAsUserName", WindowsUser),
    ("api.networking.v1.HTTPIngressPath", "path", UrlPath),
    ("api.networking.v1.IPBlock", "cidr", Cidr),
    ("api.networking.v1.IPBlock", "except", Cidr),
    ("api.networking.v1.IngressClassSpec", "controller", Owned),
    ("api.networking.v1.IngressRule", "host", Host),
    ("api.networking.v1.IngressServiceBackend", "name", SERVICE),
    ("api.networking.v1.IngressSpec", "ingressClassName", CLASS),
    ("api.networking.v1.IngressTLS", "hosts", HostOrAddress),
    ("api.networking.v1.IngressTLS", "secretName", OBJECT),
    ("api.networking.v1.NetworkPolicyPort", "port", Port),
    ("api.networking.v1.ServiceBackendPort", "name", Port),
    ("api.policy.v1.PodDisruptionBudgetSpec", "maxUnavailable", PART),
    ("api.policy.v1.PodDisruptionBudgetSpec", "minAvailable", PART),
    ("api.rbac.v1.ClusterRoleBinding", "roleRef.kind", Choice(&["ClusterRole"])),
    ("api.rbac.v1.Role", "rules.nonResourceURLs", OfTheCluster),
    ("api.rbac.v1.RoleBinding", "roleRef.kind", Choice(&["ClusterRole", "Role"])),
    ("api.storage.v1.StorageClass", "provisioner", Provisioner),
    ("apimachinery.pkg.apis.meta.v1.LabelSelector", "matchLabels", Labels),
    ("apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement", "key", KEY),
    (
        "apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
        "values",
        Name(Rule::LabelValue, "label's value"),
    ),
];

/// Everything below `map`, which is at `at`, that lacks the form that the rows of its definition ask for.
pub(super) fn complaints(
    rows: &[Row],
    map: &Map<String, Value>,
    at: &dyn Fn() -> ValuePath,
    version: u32,
) -> Vec<(ValuePath, Complaint)> {
    let mut found = Vec::new();
    for (_, way, form) in rows {
        let (key, rest) = way.split_once('.').unwrap_or((way, ""));
        let Some(value) = map.get(key).filter(|value| !value.is_null()) else { continue };
        below(value, rest, &|| at().child(key), &mut |value, at| {
            for (key, complaint) in form.complaints(value, version) {
                let path = key.map_or_else(at, |key| at().child(key));
                found.push((path, complaint));
            }
        });
    }
    found
}

/// Visits what a way leads to, each item of a list by itself. A path is made where something is said of it.
fn below(
    value: &Value,
    way: &str,
    at: &dyn Fn() -> ValuePath,
    visit: &mut dyn FnMut(&Value, &dyn Fn() -> ValuePath),
) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            below(item, way, &|| at().item(index), visit);
        }
    } else if way.is_empty() {
        visit(value, at);
    } else {
        let (key, rest) = way.split_once('.').unwrap_or((way, ""));
        if let Some(value) = value.get(key).filter(|value| !value.is_null()) {
            below(value, rest, &|| at().child(key), visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::schema::Definition;

    #[test]
    fn every_row_leads_to_a_field_that_exists_and_rows_are_sorted() {
        assert!(FORMS.is_sorted_by_key(|row| (row.0, row.1)));
        for (definition, way, _) in FORMS {
            let known = Definition::named(&format!("io.k8s.{definition}"));
            let last = way.split('.').fold(known.map(|known| &known.schema), |schema, key| {
                let schema = schema?.resolve().schema;
                let schema = schema.items.as_ref().map_or(schema, |items| items.resolve().schema);
                schema.field(key)
            });
            assert!(last.is_some(), "{definition} {way}");
        }
    }
}
