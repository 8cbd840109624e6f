//! The object that a change is in, as it is and as it will be.

use serde_json::Value as Json;

use super::Facts;
use super::volumes::{Volume, is_ours, is_server, volume};

/// The object that a change is in.
pub(super) struct Subject<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) namespace: Option<&'a str>,
    /// The old side as it is, with its status.
    pub(super) old: Option<&'a Json>,
    /// The new side as it was rendered.
    pub(super) new: Option<&'a Json>,
    /// Paths of what a hand added, which an apply leaves.
    pub(super) left: Vec<String>,
}

impl<'a> Subject<'a> {
    /// A value of the object when it is applied; the words of the path are divided by `/`.
    pub(super) fn after(&self, path: &str) -> Option<&'a Json> {
        let pointer = format!("/{path}");
        if let Some(value) = self.new.and_then(|new| new.pointer(&pointer)) {
            return Some(value);
        }
        let path = path.replace('/', ".");
        let covers = |left: &String| {
            path.strip_prefix(left.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if self.left.iter().any(covers) { self.old?.pointer(&pointer) } else { None }
    }

    pub(super) fn says(&self, path: &str, value: &str) -> bool {
        self.after(path).is_some_and(|own| own == value)
    }

    /// Whether a StatefulSet's claims are deleted with it, or were it deleted now.
    pub(super) fn deletes_claims(&self) -> bool {
        let delete = |side: Option<&Json>| {
            side.and_then(|side| side.pointer("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted"))
                .is_some_and(|when| when == "Delete")
        };
        self.kind == "StatefulSet" && delete(self.old)
    }

    /// Whether its pods run a server of a release, before or after.
    pub(super) fn is_server(&self) -> bool {
        self.sides().any(is_server)
    }

    /// Whether a release has rendered it, by its label, on either side.
    pub(super) fn is_ours(&self) -> bool {
        self.sides().any(is_ours)
    }

    fn sides(&self) -> impl Iterator<Item = &'a Json> {
        [self.old, self.new].into_iter().flatten()
    }

    /// Whether its server's data ends with its pod.
    pub(super) fn is_ephemeral(&self, facts: &Facts) -> bool {
        self.is_server() && self.old.is_some_and(|old| volume(old, facts.primary()) == Volume::Pod)
    }

    /// ` -n plant7`, for an object that is in a namespace.
    pub(super) fn flag(&self) -> String {
        self.namespace.map(|namespace| format!(" -n {namespace}")).unwrap_or_default()
    }
}
