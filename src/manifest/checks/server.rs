//! The server that the objects of a release are for.

use super::{Part, is_of};
use crate::manifest::object::{Object, Origin};

/// What a release's server needs of its objects.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    pub namespace: &'a str,
    /// The name of its workload.
    pub name: &'a str,
    /// How many pods there are to be.
    pub replicas: u32,
}

/// The object that makes the server's pods.
pub(super) fn workload<'a>(server: &Server<'_>, objects: &'a [Object]) -> Option<&'a Object> {
    objects.iter().find(|object| {
        ["Deployment", "StatefulSet"].iter().any(|kind| is_of(object, "apps", kind))
            && object.id.name == server.name
            && !matches!(object.origin, Origin::Value(_))
    })
}

/// A container of a pod by its name.
pub(super) fn container<'a>(pod: &Part<'a>, name: &str) -> Option<Part<'a>> {
    let containers = pod.at(&["spec"])?.items("containers");
    containers.into_iter().find(|container| container.text("name") == Some(name))
}
