//! What must hold of the objects before they are sent. A check is one file here and one row of [`CHECKS`].

mod apis;
mod cert_manager;
mod certificates;
mod containers;
mod cron;
mod demanded;
mod disruption;
mod environment;
mod finalizers;
mod identity;
mod labelled;
mod monitors;
mod mounts;
mod own_paths;
mod passwords;
mod pods;
mod policies;
mod ports;
mod references;
mod resources;
mod secrets;
mod security;
mod selectors;
mod server;
mod services;
mod structure;
mod systems;
mod workloads;

use serde_json::Value;

pub use self::certificates::SecretReference;
use self::labelled::Pods;
pub use self::references::{Reference, references};
pub use self::server::Server;
use super::entered::Entered;
use super::object::Object;
use super::reporter::Reporter;
use crate::diagnostics::{Diagnostics, Severity, Sources};
use crate::yaml::ValuePath;

/// What objects are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Demands<'a> {
    /// What exists without being among the objects: an existing Secret, what `extraVolumes` mount …
    pub outside: &'a [Reference],
    /// The Secret that the server takes its certificate from, if it has one.
    pub certificate: Option<SecretReference<'a>>,
    /// The server that they are for, if they are a release.
    pub server: Option<Server<'a>>,
    /// The minor version of Kubernetes that they are for.
    pub version: u32,
    pub whole: Whole,
    /// Whether a pod that PodSecurity `restricted` would refuse is worth a warning, if nothing demands that level.
    pub restricted: bool,
}

impl Demands<'_> {
    /// What is asked of somebody's manifests, for the newest version of Kubernetes that is supported.
    pub const PART: Self = Self {
        outside: &[],
        certificate: None,
        server: None,
        version: 37,
        whole: Whole::Part,
        restricted: false,
    };
}

/// Whether the objects are all that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// A release: what an object names is among them, or known to be outside.
    Release,
    /// Somebody's manifests: there may be more in the cluster.
    Part,
}

/// Everything that a check can look at.
struct Subject<'a> {
    objects: &'a [Object],
    pods: Pods<'a>,
    demands: &'a Demands<'a>,
}

const CHECKS: [fn(&Subject<'_>, &mut Reporter<'_>); 19] = [
    identity::check,
    apis::check,
    structure::check,
    finalizers::check,
    demanded::check,
    pods::check,
    ports::check,
    containers::check,
    selectors::check,
    monitors::check,
    policies::check,
    server::check,
    own_paths::check,
    disruption::check,
    references::check,
    cert_manager::check,
    certificates::check,
    passwords::check,
    security::check,
];

/// Checks every object, and all of them together.
pub fn check(objects: &[Object], demands: &Demands<'_>, sources: &Sources, found: &mut Diagnostics) {
    check_entered(objects, demands, &Entered::default, sources, found);
}

/// The same of objects that parts of the values went into: what is found in one is shown where it was written. `entered` is
/// asked only if something is found.
pub fn check_entered<'a>(
    objects: &[Object],
    demands: &Demands<'_>,
    entered: &'a dyn Fn() -> Entered<'a>,
    sources: &'a Sources,
    found: &'a mut Diagnostics,
) {
    let subject = Subject { objects, pods: Pods::of(objects), demands };
    let mut reporter = Reporter::new(entered, sources, found);
    for check in CHECKS {
        check(&subject, &mut reporter);
    }
}

impl Subject<'_> {
    /// How bad it is that two items of a list are the same by the keys that tell them apart, where `kubectl apply` takes
    /// them with a warning and `kubectl apply --server-side` refuses them: of somebody's manifests, which are applied
    /// already, it is a warning.
    const fn twice(&self) -> Severity {
        match self.demands.whole {
            Whole::Release => Severity::Error,
            Whole::Part => Severity::Warning,
        }
    }
}

/// A part of an object, and where it is in it.
#[derive(Clone)]
struct Part<'a> {
    path: ValuePath,
    value: &'a Value,
}

impl<'a> Part<'a> {
    fn whole(object: &'a Object) -> Self {
        Self { path: ValuePath::root(), value: &object.value }
    }

    /// The part at a chain of keys, if it is there.
    fn at(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |part, key| {
            let value = part.value.get(key).filter(|value| !value.is_null())?;
            Some(Self { path: part.path.child(*key), value })
        })
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// The same; an empty text is absent, as it is for most of what the API server has a default for.
    fn stated(&self, key: &str) -> Option<&'a str> {
        self.text(key).filter(|text| !text.is_empty())
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.value.get(key).and_then(Value::as_i64)
    }

    /// The items of a list below; none where it is no list.
    fn items(&self, key: &str) -> Vec<Self> {
        let items = self.value.get(key).and_then(Value::as_array);
        let path = self.path.child(key);
        items
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| Self { path: path.item(index), value })
            .collect()
    }
}

/// Whether an object is of a kind of an API group; other groups have kinds of the same name (Knative's Service). Of the
/// group that Kubernetes' own were in once, a kind says what it says in its new one.
fn is_of(object: &Object, group: &str, kind: &str) -> bool {
    object.id.kind == kind && (object.id.group() == group || object.id.group() == "extensions")
}

/// Where a kind of a group has its pod template: the template's metadata and `spec` are below.
const POD_TEMPLATES: [(&str, &str, &[&str]); 9] = [
    ("", "Pod", &[]),
    ("", "PodTemplate", &["template"]),
    ("", "ReplicationController", &["spec", "template"]),
    ("apps", "ReplicaSet", &["spec", "template"]),
    ("apps", "Deployment", &["spec", "template"]),
    ("apps", "DaemonSet", &["spec", "template"]),
    ("apps", "StatefulSet", &["spec", "template"]),
    ("batch", "Job", &["spec", "template"]),
    ("batch", "CronJob", &["spec", "jobTemplate", "spec", "template"]),
];

/// The pod template of an object; none where it makes no pods.
fn pod_template(object: &Object) -> Option<Part<'_>> {
    let whole = Part::whole(object);
    let (.., keys) = POD_TEMPLATES.iter().find(|(group, kind, _)| is_of(object, group, kind))?;
    whole.at(keys)
}

/// Every container of a pod's `spec`, the initial ones first.
fn containers<'a>(spec: &Part<'a>) -> Vec<Part<'a>> {
    [spec.items("initContainers"), spec.items("containers")].concat()
}

/// Whether an initial container goes on beside the others, as a sidecar.
fn is_sidecar(container: &Part<'_>) -> bool {
    container.text("restartPolicy") == Some("Always")
}
