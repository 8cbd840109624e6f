//! On which volume a server's data is, before and after.

use serde_json::Value as Json;

use crate::manifest::Object;

/// Where the data is that a workload's server works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Volume {
    /// A claim of this name.
    Claim(String),
    /// A volume that ends with the pod.
    Pod,
    /// Nothing that is known here.
    Other,
}

/// A Deployment that becomes a StatefulSet of its name, or the other way round.
#[derive(Debug)]
pub(super) struct Switch {
    pub(super) name: String,
    to_kind: String,
    from: Volume,
    to: Volume,
}

/// The item of a list that has this text at a pointer.
fn item<'a>(list: Option<&'a Json>, at: &str, text: &str) -> Option<&'a Json> {
    let mut items = list.and_then(Json::as_array)?.iter();
    items.find(|item| item.pointer(at).is_some_and(|own| own == text))
}

/// The release that has rendered an object, by its labels.
pub(super) fn release_of(object: &Json) -> Option<&str> {
    let release = object.pointer("/metadata/labels/app.kubernetes.io~1instance")?;
    release.as_str().filter(|_| is_ours(object))
}

/// Whether a release has rendered an object, by its label.
pub(super) fn is_ours(object: &Json) -> bool {
    object.pointer("/metadata/labels/app.kubernetes.io~1managed-by").is_some_and(|by| by == "pgpod")
}

/// Whether the pods of a Deployment or a StatefulSet run a server of a release: a container of it has the variable
/// that no other has.
pub(super) fn is_server(workload: &Json) -> bool {
    let kind = workload.get("kind").and_then(Json::as_str);
    let server = item(workload.pointer("/spec/template/spec/containers"), "/name", "postgres");
    matches!(kind, Some("Deployment" | "StatefulSet"))
        && server.is_some_and(|server| item(server.get("env"), "/name", "PGPOD_MAJOR").is_some())
}

/// The volume of the server that writes: in a StatefulSet, that of the pod with the ordinal `primary`.
pub(super) fn volume(workload: &Json, primary: u64) -> Volume {
    let name = workload.pointer("/metadata/name").and_then(Json::as_str).unwrap_or_default();
    if item(workload.pointer("/spec/volumeClaimTemplates"), "/metadata/name", "data").is_some() {
        return Volume::Claim(format!("data-{name}-{primary}"));
    }
    let volume = item(workload.pointer("/spec/template/spec/volumes"), "/name", "data");
    let Some(volume) = volume else { return Volume::Other };
    if volume.get("emptyDir").is_some() {
        return Volume::Pod;
    }
    let claim = volume.pointer("/persistentVolumeClaim/claimName").and_then(Json::as_str);
    claim.map_or(Volume::Other, |claim| Volume::Claim(claim.to_owned()))
}

/// The workloads that change their kind, with the old and the new side's primaries.
pub(super) fn switches(old: (&[Object], u64), new: (&[Object], u64)) -> Vec<Switch> {
    let is_workload = |object: &&Object| matches!(&*object.id.kind, "Deployment" | "StatefulSet");
    let named = |objects: &[Object], like: &Object, kind: bool| {
        let same = |other: &&Object| {
            other.id.name == like.id.name
                && other.id.namespace == like.id.namespace
                && (other.id.kind == like.id.kind) == kind
        };
        objects.iter().filter(is_workload).find(same).map(|object| object.value.clone())
    };
    let comes = new.0.iter().filter(is_workload).filter(|object| named(old.0, object, true).is_none());
    comes
        .filter_map(|object| {
            let before = named(old.0, object, false)?;
            if !is_server(&before) && !is_server(&object.value) {
                return None;
            }
            Some(Switch {
                name: object.id.name.clone(),
                to_kind: object.id.kind.clone(),
                from: volume(&before, old.1),
                to: volume(&object.value, new.1),
            })
        })
        .collect()
}

impl Switch {
    /// Whether the new server starts on the data of the old one.
    pub(super) fn keeps(&self) -> bool {
        self.from == self.to && matches!(self.from, Volume::Claim(_))
    }

    /// What becomes of the data, where the new server does not start on it.
    pub(super) fn loss(&self) -> String {
        let start = match &self.to {
            Volume::Claim(claim) => format!("on `{claim}`"),
            Volume::Pod => "on an empty volume that ends with its pod".to_owned(),
            Volume::Other => "on another volume".to_owned(),
        };
        match &self.from {
            Volume::Pod => format!(
                "the data ends with the old pod, and the new server starts {start}: move it by a dump"
            ),
            Volume::Claim(claim) => {
                format!("the data is on `{claim}`, and the new server starts {start}: {}", self.way(claim))
            }
            Volume::Other => format!("the new server starts {start}, and the data stays where it is"),
        }
    }

    /// How the new server gets the data of a claim.
    fn way(&self, claim: &str) -> String {
        let ordinal = claim.strip_prefix(&format!("data-{}-", self.name));
        let ordinal = ordinal.filter(|ordinal| ordinal.parse::<u8>().is_ok() && self.to != Volume::Pod);
        match ordinal {
            Some(ordinal) if self.to_kind == "Deployment" => {
                format!("`persistence.fromOrdinal: {ordinal}` takes it over")
            }
            Some(ordinal) => format!("`highAvailability.primary: {ordinal}` takes it over"),
            None => "move it by a dump".to_owned(),
        }
    }
}
