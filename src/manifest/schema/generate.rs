//! Writes `data/kubernetes/definitions.txt`, and proves that it is what `k8s-openapi` says: `BLESS=1 cargo test
//! manifest::schema`.
#![expect(clippy::disallowed_methods, reason = "tests read the environment and files; the library doesn't")]

use k8s_openapi::Resource;
use k8s_openapi::api::{
    admissionregistration::v1 as admission, apps::v1 as apps, autoscaling::v1 as autoscaling_v1,
    autoscaling::v2 as autoscaling_v2, batch::v1 as batch, certificates::v1 as certificates,
    coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery, events::v1 as events,
    flowcontrol::v1 as flowcontrol, networking::v1 as networking, node::v1 as node, policy::v1 as policy,
    rbac::v1 as rbac, resource::v1 as resource, scheduling::v1 as scheduling, storage::v1 as storage,
    storagemigration::v1 as storagemigration,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as aggregator;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use crate::manifest::kinds::KINDS;

/// A kind's API version and name, by its type, once its definition is known to the generator.
fn known<T: Resource + JsonSchema>(generator: &mut SchemaGenerator) -> (&'static str, &'static str) {
    generator.subschema_for::<T>();
    (T::API_VERSION, T::KIND)
}

/// Makes one type known.
type Known = fn(&mut SchemaGenerator) -> (&'static str, &'static str);

const TYPES: [Known; 64] = [
    known::<node::RuntimeClass>,
    known::<scheduling::PriorityClass>,
    known::<core::Namespace>,
    known::<networking::NetworkPolicy>,
    known::<core::ResourceQuota>,
    known::<core::LimitRange>,
    known::<policy::PodDisruptionBudget>,
    known::<core::ServiceAccount>,
    known::<core::Secret>,
    known::<core::ConfigMap>,
    known::<storage::CSIDriver>,
    known::<storage::StorageClass>,
    known::<storage::VolumeAttributesClass>,
    known::<core::PersistentVolume>,
    known::<core::PersistentVolumeClaim>,
    known::<apiextensions::CustomResourceDefinition>,
    known::<rbac::ClusterRole>,
    known::<rbac::ClusterRoleBinding>,
    known::<rbac::Role>,
    known::<rbac::RoleBinding>,
    known::<networking::ServiceCIDR>,
    known::<networking::IPAddress>,
    known::<core::Service>,
    known::<core::Endpoints>,
    known::<discovery::EndpointSlice>,
    known::<resource::DeviceClass>,
    known::<resource::ResourceClaimTemplate>,
    known::<resource::ResourceClaim>,
    known::<core::PodTemplate>,
    known::<apps::DaemonSet>,
    known::<core::Pod>,
    known::<core::ReplicationController>,
    known::<apps::ReplicaSet>,
    known::<apps::Deployment>,
    known::<autoscaling_v2::HorizontalPodAutoscaler>,
    known::<autoscaling_v1::HorizontalPodAutoscaler>,
    known::<apps::StatefulSet>,
    known::<batch::Job>,
    known::<batch::CronJob>,
    known::<networking::IngressClass>,
    known::<networking::Ingress>,
    known::<aggregator::APIService>,
    known::<admission::MutatingAdmissionPolicy>,
    known::<admission::MutatingAdmissionPolicyBinding>,
    known::<admission::MutatingWebhookConfiguration>,
    known::<admission::ValidatingAdmissionPolicy>,
    known::<admission::ValidatingAdmissionPolicyBinding>,
    known::<admission::ValidatingWebhookConfiguration>,
    known::<apps::ControllerRevision>,
    known::<certificates::CertificateSigningRequest>,
    known::<certificates::ClusterTrustBundle>,
    known::<certificates::PodCertificateRequest>,
    known::<coordination::Lease>,
    known::<flowcontrol::FlowSchema>,
    known::<flowcontrol::PriorityLevelConfiguration>,
    known::<resource::DeviceTaintRule>,
    known::<resource::ResourceSlice>,
    known::<storage::CSINode>,
    known::<storage::CSIStorageCapacity>,
    known::<storage::VolumeAttachment>,
    known::<storagemigration::StorageVersionMigration>,
    known::<core::Event>,
    known::<events::Event>,
    known::<core::Node>,
];

/// Fields that an API server does without, though the schemas require them: proved on one of 1.36. Definition, field.
const LAX: [(&str, &str); 9] = [
    ("api.core.v1.Event", "involvedObject"),
    ("api.discovery.v1.ForZone", "name"),
    ("api.resource.v1.DeviceCapacity", "value"),
    ("api.resource.v1.ResourcePool", "generation"),
    ("api.storage.v1.CSIDriver", "spec"),
    ("api.storage.v1.CSINode", "spec"),
    ("api.storage.v1.CSINodeSpec", "drivers"),
    ("api.storage.v1.TokenRequest", "audience"),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", "served"),
];

/// Fields that it demands, though the schemas do not; those of the kinds that pods come from are in `shapes`.
const DEMANDED: [(&str, &[&str]); 18] = [
    ("api.admissionregistration.v1.ApplyConfiguration", &["expression"]),
    ("api.admissionregistration.v1.MutatingAdmissionPolicy", &["spec"]),
    ("api.admissionregistration.v1.MutatingAdmissionPolicyBinding", &["spec"]),
    ("api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec", &["policyName"]),
    (
        "api.admissionregistration.v1.MutatingAdmissionPolicySpec",
        &["matchConstraints", "mutations", "reinvocationPolicy"],
    ),
    (
        "api.admissionregistration.v1.NamedRuleWithOperations",
        &["apiGroups", "apiVersions", "operations", "resources"],
    ),
    (
        "api.admissionregistration.v1.RuleWithOperations",
        &["apiGroups", "apiVersions", "operations", "resources"],
    ),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicy", &["spec"]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", &["matchConstraints"]),
    ("api.core.v1.PodTemplate", &["template"]),
    (
        "api.events.v1.Event",
        &["action", "eventTime", "reason", "reportingController", "reportingInstance", "type"],
    ),
    ("api.networking.v1.ServiceCIDR", &["spec"]),
    ("api.networking.v1.ServiceCIDRSpec", &["cidrs"]),
    ("api.resource.v1.DeviceSelector", &["cel"]),
    ("api.storage.v1.VolumeAttributesClass", &["parameters"]),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", &["schema"]),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion", &["clientConfig"]),
    ("kube-aggregator.pkg.apis.apiregistration.v1.APIService", &["spec"]),
];

/// What a definition requires, as a server sees it.
fn correct(name: &str, schema: &mut Value) {
    let name = name.strip_prefix("io.k8s.").unwrap_or(name);
    let listed = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut required: Vec<String> = listed
        .iter()
        .filter_map(Value::as_str)
        .filter(|field| !LAX.contains(&(name, field)))
        .map(str::to_owned)
        .collect();
    let demanded = DEMANDED.iter().filter(|row| row.0 == name).flat_map(|row| row.1);
    required.extend(demanded.map(|field| (*field).to_owned()));
    if let Some(words) = schema.as_object_mut() {
        words.shift_remove("required");
        if !required.is_empty() {
            words.insert("required".to_owned(), required.into());
        }
        // Anything at all, though `k8s-openapi` says that it is a map.
        if name.ends_with(".JSON") || name.ends_with(".RawExtension") {
            words.shift_remove("type");
        }
    }
}

/// Leaves out the texts for people: they are most of the schemas, and nothing here shows them.
fn strip(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("description").is_some_and(Value::is_string) {
                map.shift_remove("description");
            }
            for (key, member) in map.iter_mut() {
                match member {
                    Value::Object(fields) if key == "properties" => fields.values_mut().for_each(strip),
                    member => strip(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[test]
fn the_definitions_are_those_of_the_api() {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let types = TYPES.map(|known| known(&mut generator));
    let built_in = KINDS.iter().map(|row| (row.api_version, row.kind)).take(types.len());
    assert_eq!(types.to_vec(), built_in.collect::<Vec<_>>());
    let mut lines: Vec<String> = generator
        .definitions()
        .iter()
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            strip(&mut schema);
            correct(name, &mut schema);
            format!("{name}\t{schema}\n")
        })
        .collect();
    lines.sort();
    let expected = lines.concat();
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/kubernetes/definitions.txt");
        std::fs::write(file, expected).unwrap();
        return;
    }
    assert!(
        super::definitions::DEFINITIONS == expected,
        "BLESS=1 cargo test manifest::schema writes what the API says now"
    );
}

#[test]
fn every_kind_has_its_definition_and_every_reference_leads_somewhere() {
    for kind in &KINDS {
        let fields =
            super::Definition::named(&kind.definition()).and_then(|known| known.schema.properties.as_ref());
        assert!(fields.is_some_and(|fields| fields.contains_key("metadata")), "{}", kind.definition());
    }
    for line in super::definitions::DEFINITIONS.lines().chain(super::definitions::CUSTOM.lines()) {
        for part in line.split("\"#/$defs/").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            assert!(super::Definition::named(name).is_some(), "{name}");
        }
    }
}
