//! Names, labels and annotations, and that no two objects are the same one.

use crate::diagnostics::{Severity, codes};
use std::collections::BTreeMap;

use super::{Part, Subject, Whole, pod_template};
use crate::manifest::kinds::Kind;
use crate::manifest::object::{Object, ObjectId};
use crate::manifest::reporter::Reporter;
use crate::names::Rule;

/// All annotations of an object together; `TotalAnnotationSizeLimitB` in `k8s.io/apimachinery`.
const ANNOTATIONS: usize = 256 * 1024;

/// All data of a `ConfigMap` or Secret together; `MaxSecretSize` in `k8s.io/api`.
const DATA: usize = 1024 * 1024;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let mut seen: BTreeMap<ObjectId, &Object> = BTreeMap::new();
    for object in subject.objects {
        if let Some(other) = seen.insert(identity(object), object) {
            let help = "give one of them another name; objects of one kind and namespace share no name";
            reporter.conflict(codes::OBJECT_TWICE, object, other, "it is there twice", help);
        }
        check_name(object, subject.demands.version, reporter);
        check_namespace(object, subject.demands.whole, reporter);
        let whole = Part::whole(object);
        let template = pod_template(object).filter(|template| template.path != whole.path);
        for part in [Some(whole), template].into_iter().flatten() {
            if let Some(metadata) = part.at(&["metadata"]) {
                check_labels(object, &metadata, reporter);
                check_annotations(object, &metadata, reporter);
            }
        }
        check_data(object, reporter);
    }
}

/// The API version doesn't tell objects apart, its group does.
fn identity(object: &Object) -> ObjectId {
    ObjectId { api_version: object.id.group().to_owned(), ..object.id.clone() }
}

fn check_name(object: &Object, version: u32, reporter: &mut Reporter<'_>) {
    let rule = match Kind::of(&object.id).map_or(Rule::PathSegment, |kind| kind.name) {
        // `RelaxedServiceNameValidation` is on since 1.36: a digit may come first.
        Rule::ServiceName if version >= 36 => Rule::Label,
        rule => rule,
    };
    if let Err(why) = rule.check(&object.id.name) {
        let path = Part::whole(object).path.child("metadata").child("name");
        reporter.error(
            codes::OBJECT_NAME,
            object,
            &path,
            "`metadata.name` is no name",
            format!("{why}; choose another"),
        );
    }
}

fn check_namespace(object: &Object, whole: Whole, reporter: &mut Reporter<'_>) {
    let path = Part::whole(object).path.child("metadata").child("namespace");
    match (&object.id.namespace, Kind::of(&object.id)) {
        // An API server takes it and drops it, whatever it says.
        (None, Some(kind)) if !kind.namespaced => {
            if object.metadata("namespace").is_some_and(|namespace| !namespace.is_null()) {
                let help = format!("remove it: a {} belongs to the whole cluster", kind.kind);
                let title = "`metadata.namespace` is ignored";
                reporter.say(Severity::Warning, codes::OBJECT_NAMESPACE, object, &path, title, help);
            }
        }
        (None, Some(_)) if whole == Whole::Release => {
            let help = "add it, so that the object lands in the same place whoever applies it";
            reporter.error(codes::OBJECT_NAMESPACE, object, &path, "`metadata.namespace` is missing", help);
        }
        (Some(namespace), _) => {
            if let Err(why) = Rule::Label.check(namespace) {
                let title = format!("`metadata.namespace` is `{namespace}`, which is no namespace's name");
                reporter.error(codes::OBJECT_NAMESPACE, object, &path, &title, why);
            }
        }
        (None, _) => {}
    }
}

fn check_labels(object: &Object, metadata: &Part<'_>, reporter: &mut Reporter<'_>) {
    let Some(labels) = metadata.at(&["labels"]) else { return };
    for (key, value) in labels.value.as_object().into_iter().flatten() {
        check_key(object, &labels, key, "label", reporter);
        let Some(value) = value.as_str() else { continue };
        if let Err(why) = Rule::LabelValue.check(value) {
            let title = format!("the label `{key}` can't be `{value}`");
            reporter.error(codes::LABEL, object, &labels.path.child(key.as_str()), &title, why);
        }
    }
}

fn check_annotations(object: &Object, metadata: &Part<'_>, reporter: &mut Reporter<'_>) {
    let Some(annotations) = metadata.at(&["annotations"]) else { return };
    let map = annotations.value.as_object();
    for key in map.into_iter().flat_map(|map| map.keys()) {
        // A server lowers them first.
        if Rule::QualifiedName.check(&key.to_ascii_lowercase()).is_err() {
            check_key(object, &annotations, key, "annotation", reporter);
        }
    }
    let size: usize =
        map.into_iter().flatten().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum();
    if size > ANNOTATIONS {
        let title = format!("its annotations have {size} bytes");
        reporter.error(
            codes::LABEL,
            object,
            &annotations.path,
            &title,
            format!("at most {ANNOTATIONS} are allowed"),
        );
    }
}

fn check_key(object: &Object, part: &Part<'_>, key: &str, what: &str, reporter: &mut Reporter<'_>) {
    if let Err(why) = Rule::QualifiedName.check(key) {
        let title =
            format!("`{key}` can't be the key of {} {what}", if what == "label" { "a" } else { "an" });
        reporter.error_at_key(codes::LABEL, object, &part.path.child(key), &title, why);
    }
}

/// Keys of a `ConfigMap` or Secret, none of them in two of its maps, and its size (1 MiB, what etcd takes).
fn check_data(object: &Object, reporter: &mut Reporter<'_>) {
    if !matches!(object.id.kind.as_str(), "ConfigMap" | "Secret") || object.id.api_version != "v1" {
        return;
    }
    let whole = Part::whole(object);
    let mut size = 0;
    for field in ["data", "binaryData", "stringData"] {
        let Some(data) = whole.at(&[field]) else { continue };
        for (key, value) in data.value.as_object().into_iter().flatten() {
            let length = value.as_str().map_or(0, str::len);
            size += key.len() + if is_encoded(&object.id.kind, field) { length / 4 * 3 } else { length };
            if let Err(why) = Rule::DataKey.check(key) {
                let title = format!("`{key}` can't be a key of `{field}`");
                reporter.error_at_key(codes::DATA, object, &data.path.child(key.as_str()), &title, why);
            }
            let twice =
                field == "binaryData" && object.value.get("data").is_some_and(|data| data.get(key).is_some());
            if twice {
                let title = format!("`{key}` is in `data` and in `binaryData`");
                let path = data.path.child(key.as_str());
                reporter.error_at_key(codes::DATA, object, &path, &title, "remove one of the two");
            }
        }
    }
    if size > DATA {
        let title = format!("its data have {size} bytes");
        reporter.error(
            codes::DATA,
            object,
            &whole.path,
            &title,
            format!("at most {DATA} are allowed; divide it"),
        );
    }
}

fn is_encoded(kind: &str, field: &str) -> bool {
    field == "binaryData" || (kind == "Secret" && field == "data")
}
