//! What objects name must be there: in the render, or known to be outside it.

use crate::diagnostics::{Severity, codes};
use crate::spelling::{closest, is_slip, same_but_for_digits};
use serde_json::Value;

use super::cert_manager::issued;
use super::{Part, Subject, Whole, pod_template};
use crate::manifest::kinds::is_built_in;
use crate::manifest::object::{Object, Origin};
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::suggestion;
use crate::yaml::{Trail, ValuePath};

/// One object that another one names, in the same namespace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub kind: String,
    pub name: String,
}

/// Where a name stands: the key of the map, the key in it, the kind that it names.
const NAMED: [(&str, &str, &str); 9] = [
    ("configMap", "name", "ConfigMap"),
    ("configMapKeyRef", "name", "ConfigMap"),
    ("configMapRef", "name", "ConfigMap"),
    ("persistentVolumeClaim", "claimName", "PersistentVolumeClaim"),
    ("secret", "name", "Secret"),
    ("secret", "secretName", "Secret"),
    ("secretKeyRef", "name", "Secret"),
    ("secretRef", "name", "Secret"),
    ("nodePublishSecretRef", "name", "Secret"),
];

/// Keys of whose maps the API says that they may be absent.
const OPTIONAL: &str = "optional";

/// Every `ConfigMap`, Secret and claim that a piece of a pod names (volumes, variables, `envFrom` …), whether it has to
/// be there or not. For what `extraVolumes` and their like bring in.
pub fn references(fragment: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    walk(&Trail::from(&ValuePath::root()), fragment, &mut |_, kind, name, _| {
        found.push(Reference { kind: kind.to_owned(), name: name.to_owned() });
    });
    found
}

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects.iter().filter(|object| !matches!(object.origin, Origin::Value(_))) {
        let mut missing = Vec::new();
        let mut demand = |path: &ValuePath, kind: &str, name: &str, holder: &Value| {
            if !name.is_empty() && holder.get(OPTIONAL) != Some(&Value::Bool(true)) {
                missing.extend(complaint(subject, object, path, kind, name, holder));
            }
        };
        if let Some(spec) = pod_template(object).and_then(|template| template.at(&["spec"])) {
            walk(&Trail::from(&spec.path), spec.value, &mut |path, kind, name, holder| {
                demand(&path.path(), kind, name, holder);
            });
            for secret in spec.items("imagePullSecrets") {
                if let Some(name) = secret.text("name") {
                    demand(&secret.path.child("name"), "Secret", name, secret.value);
                }
            }
            if let Some(name) = spec.text("serviceAccountName").filter(|name| *name != "default") {
                demand(&spec.path.child("serviceAccountName"), "ServiceAccount", name, spec.value);
            }
        }
        for (path, kind, name) in others(object) {
            demand(&path, kind, name, &Value::Null);
        }
        for (severity, path, title, help) in missing {
            reporter.say(severity, codes::NO_REFERENCE, object, &path, &title, help);
        }
    }
}

/// References outside pods: a `StatefulSet`'s Service, a binding's role and accounts, an Ingress' back ends.
fn others<'a>(object: &'a Object) -> Vec<(ValuePath, &'static str, &'a str)> {
    let whole = Part::whole(object);
    let mut named = Vec::new();
    let mut add = |part: Option<Part<'a>>, kind: &'static str| {
        named.extend(part.and_then(|part| Some((part.path, kind, part.value.as_str()?))));
    };
    match (object.id.group(), object.id.kind.as_str()) {
        ("apps", "StatefulSet") => add(whole.at(&["spec", "serviceName"]), "Service"),
        ("rbac.authorization.k8s.io", "RoleBinding") => {
            let role = whole.at(&["roleRef"]).filter(|role| role.text("kind") == Some("Role"));
            add(role.and_then(|role| role.at(&["name"])), "Role");
            let here = object.id.namespace.as_deref();
            for subject in whole.items("subjects") {
                if subject.text("kind") == Some("ServiceAccount") && subject.text("namespace") == here {
                    add(subject.at(&["name"]), "ServiceAccount");
                }
            }
        }
        ("networking.k8s.io", "Ingress") => {
            for service in back_ends(object) {
                add(service.at(&["name"]), "Service");
            }
        }
        _ => {}
    }
    named
}

/// The Services that an Ingress sends to, with their ports.
pub(super) fn back_ends(ingress: &Object) -> Vec<Part<'_>> {
    let Some(spec) = Part::whole(ingress).at(&["spec"]) else { return Vec::new() };
    let paths = spec.items("rules").into_iter().filter_map(|rule| Some(rule.at(&["http"])?.items("paths")));
    let back_ends =
        paths.flatten().filter_map(|path| path.at(&["backend"])).chain(spec.at(&["defaultBackend"]));
    back_ends.filter_map(|back_end| back_end.at(&["service"])).collect()
}

/// What is wrong with a reference: nothing of that name, or no such key in it.
fn complaint(
    subject: &Subject<'_>,
    object: &Object,
    path: &ValuePath,
    kind: &str,
    name: &str,
    holder: &Value,
) -> Vec<(Severity, ValuePath, String, String)> {
    let outside = subject.demands.outside.iter().any(|other| other.kind == kind && other.name == name)
        || (kind == "Secret" && is_issued(subject, object, name));
    let mut there = subject
        .objects
        .iter()
        .filter(|other| other.id.kind == kind && is_built_in(other.id.group()))
        .filter(|other| other.id.namespace == object.id.namespace);
    let Some(target) = there.clone().find(|other| other.id.name == name) else {
        let part = subject.demands.whole == Whole::Part;
        // Of somebody's manifests, only what looks like a slip: the rest may be in the cluster, such as the next one of
        // a series. What is called as the object itself is its own.
        let may_be = |other: &&str| !part || (is_slip(name, other) && !same_but_for_digits(name, other));
        let names = there.by_ref().map(|other| other.id.name.as_str());
        let names: Vec<&str> = names.filter(may_be).collect();
        if outside || (part && (names.is_empty() || name == object.id.name)) {
            return Vec::new();
        }
        let help = suggestion(name, names.into_iter());
        let (severity, place) = match subject.demands.whole {
            Whole::Release => (Severity::Error, "there"),
            Whole::Part => (Severity::Warning, "among the manifests"),
        };
        let title = format!("it names the {kind} `{name}`, which is not {place}");
        return vec![(severity, path.clone(), title, help)];
    };
    if !matches!(kind, "ConfigMap" | "Secret") {
        return Vec::new();
    }
    let known: Vec<&str> = ["data", "binaryData", "stringData"]
        .iter()
        .filter_map(|field| target.value.get(field)?.as_object())
        .flat_map(|map| map.keys().map(String::as_str))
        .collect();
    let items = holder.get("items").and_then(Value::as_array);
    let keys = items.into_iter().flatten().filter_map(|item| item.get("key")).chain(holder.get("key"));
    // Keys that a controller fills in are in no manifest.
    let (severity, is_a_slip): (_, fn(&str, &[&str]) -> bool) = match subject.demands.whole {
        Whole::Release => (Severity::Error, |_, _| true),
        Whole::Part => (Severity::Warning, |key, known| closest(key, known.iter().copied()).is_some()),
    };
    let filled =
        target.value.get("type").and_then(Value::as_str) == Some("kubernetes.io/service-account-token");
    keys.filter_map(Value::as_str)
        .filter(|key| !known.contains(key) && !filled && is_a_slip(key, &known))
        .map(|key| {
            let title = format!("it names the key `{key}` of the {kind} `{name}`, which is not there");
            (severity, path.clone(), title, suggestion(key, known.iter().copied()))
        })
        .collect()
}

/// Whether a Secret beside `user` is one that cert-manager makes for a Certificate.
fn is_issued(subject: &Subject<'_>, user: &Object, secret: &str) -> bool {
    let mut beside = subject.objects.iter().filter(|object| object.id.namespace == user.id.namespace);
    beside.any(|object| issued(object) == Some(secret))
}

/// Calls `visit` with path, kind, name and holder of each reference in a piece of a pod.
fn walk(path: &Trail<'_>, value: &Value, visit: &mut dyn FnMut(&Trail<'_>, &str, &str, &Value)) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let inner = path.child(key);
                for (_, field, kind) in NAMED.iter().filter(|(holder, ..)| holder == key) {
                    if let Some(name) = value.get(field).and_then(Value::as_str) {
                        visit(&inner.child(field), kind, name, value);
                    }
                }
                walk(&inner, value, visit);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                walk(&path.item(index), value, visit);
            }
        }
        _ => {}
    }
}
