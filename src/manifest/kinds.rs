//! The kinds that are known: where they live, when they are applied, what their names and fields may be.

use k8s_openapi::Resource;
use k8s_openapi::api::{
    apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch, core::v1 as core,
    networking::v1 as networking, policy::v1 as policy, rbac::v1 as rbac, scheduling::v1 as scheduling,
    storage::v1 as storage,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::object::{Object, ObjectId};
use crate::names::Rule;

/// A kind of object.
#[derive(Debug)]
pub struct Kind {
    pub api_version: &'static str,
    pub kind: &'static str,
    /// Whether its objects live in a namespace; the others are the cluster's.
    pub namespaced: bool,
    /// What its objects' names must look like.
    pub(super) name: Rule,
    pub(super) schema: fn(&mut SchemaGenerator) -> Schema,
}

const fn namespaced<T: Resource + JsonSchema>(name: Rule) -> Kind {
    Kind { api_version: T::API_VERSION, kind: T::KIND, namespaced: true, name, schema: schema::<T> }
}

const fn of_the_cluster<T: Resource + JsonSchema>(name: Rule) -> Kind {
    Kind { namespaced: false, ..namespaced::<T>(name) }
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Every known kind, in the order in which objects are applied: Helm's (`InstallOrder` in `helm/helm`,
/// `pkg/release/v1/util/kind_sorter.go`), so that what an object refers to is there before it.
pub(super) static KINDS: [Kind; 28] = [
    of_the_cluster::<scheduling::PriorityClass>(Rule::Subdomain),
    of_the_cluster::<core::Namespace>(Rule::Label),
    namespaced::<networking::NetworkPolicy>(Rule::Subdomain),
    namespaced::<core::ResourceQuota>(Rule::Subdomain),
    namespaced::<core::LimitRange>(Rule::Subdomain),
    namespaced::<policy::PodDisruptionBudget>(Rule::Subdomain),
    namespaced::<core::ServiceAccount>(Rule::Subdomain),
    namespaced::<core::Secret>(Rule::Subdomain),
    namespaced::<core::ConfigMap>(Rule::Subdomain),
    of_the_cluster::<storage::StorageClass>(Rule::Subdomain),
    of_the_cluster::<core::PersistentVolume>(Rule::Subdomain),
    namespaced::<core::PersistentVolumeClaim>(Rule::Subdomain),
    of_the_cluster::<rbac::ClusterRole>(Rule::PathSegment),
    of_the_cluster::<rbac::ClusterRoleBinding>(Rule::PathSegment),
    namespaced::<rbac::Role>(Rule::PathSegment),
    namespaced::<rbac::RoleBinding>(Rule::PathSegment),
    namespaced::<core::Service>(Rule::ServiceName),
    namespaced::<apps::DaemonSet>(Rule::Subdomain),
    namespaced::<core::Pod>(Rule::Subdomain),
    namespaced::<core::ReplicationController>(Rule::Subdomain),
    namespaced::<apps::ReplicaSet>(Rule::Subdomain),
    namespaced::<apps::Deployment>(Rule::Subdomain),
    namespaced::<autoscaling::HorizontalPodAutoscaler>(Rule::Subdomain),
    namespaced::<apps::StatefulSet>(Rule::Label),
    namespaced::<batch::Job>(Rule::Subdomain),
    namespaced::<batch::CronJob>(Rule::CronJobName),
    of_the_cluster::<networking::IngressClass>(Rule::Subdomain),
    namespaced::<networking::Ingress>(Rule::Subdomain),
];

impl Kind {
    /// The row of an object's kind; none for a custom resource.
    pub fn of(id: &ObjectId) -> Option<&'static Self> {
        KINDS.iter().find(|row| row.kind == id.kind && row.api_version == id.api_version)
    }

    /// Rows of the same kind under another API version or group, for a remedy.
    pub(super) fn namesakes(id: &ObjectId) -> impl Iterator<Item = &'static Self> {
        KINDS.iter().filter(|row| row.kind == id.kind && row.api_version != id.api_version)
    }

    fn position(id: &ObjectId) -> usize {
        KINDS.iter().position(|row| row.kind == id.kind).unwrap_or(KINDS.len())
    }
}

/// Puts objects into apply order; those of one kind stay as they were, unknown kinds come last.
pub fn sort(objects: &mut [Object]) {
    objects.sort_by_key(|object| Kind::position(&object.id));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_row() {
        for (position, row) in KINDS.iter().enumerate() {
            assert_eq!(KINDS.iter().position(|other| other.kind == row.kind), Some(position), "{}", row.kind);
        }
    }
}
