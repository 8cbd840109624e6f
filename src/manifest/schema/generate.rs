//! Writes `data/kubernetes/definitions.txt`, and proves that it is what `k8s-openapi` says: `BLESS=1 cargo test
//! manifest::schema`.
#![expect(clippy::disallowed_methods, reason = "tests read the environment and files; the library doesn't")]

use k8s_openapi::Resource;
use k8s_openapi::api::{
    apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch, core::v1 as core,
    networking::v1 as networking, policy::v1 as policy, rbac::v1 as rbac, scheduling::v1 as scheduling,
    storage::v1 as storage,
};
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

const TYPES: [Known; 28] = [
    known::<scheduling::PriorityClass>,
    known::<core::Namespace>,
    known::<networking::NetworkPolicy>,
    known::<core::ResourceQuota>,
    known::<core::LimitRange>,
    known::<policy::PodDisruptionBudget>,
    known::<core::ServiceAccount>,
    known::<core::Secret>,
    known::<core::ConfigMap>,
    known::<storage::StorageClass>,
    known::<core::PersistentVolume>,
    known::<core::PersistentVolumeClaim>,
    known::<rbac::ClusterRole>,
    known::<rbac::ClusterRoleBinding>,
    known::<rbac::Role>,
    known::<rbac::RoleBinding>,
    known::<core::Service>,
    known::<apps::DaemonSet>,
    known::<core::Pod>,
    known::<core::ReplicationController>,
    known::<apps::ReplicaSet>,
    known::<apps::Deployment>,
    known::<autoscaling::HorizontalPodAutoscaler>,
    known::<apps::StatefulSet>,
    known::<batch::Job>,
    known::<batch::CronJob>,
    known::<networking::IngressClass>,
    known::<networking::Ingress>,
];

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
