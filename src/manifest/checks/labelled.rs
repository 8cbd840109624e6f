//! Which objects make the pods that a selector means. There may be thousands of selectors and of pods: each label leads to
//! those that have it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::pod_template;
use super::selectors::holds;
use crate::manifest::object::Object;

/// Labels that a pod gets only when it runs.
const AT_RUN_TIME: [&str; 3] =
    ["statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "pgpod/role"];

/// What a selector says of a label that a pod gets only when it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    Fits,
    Differs,
}

/// Whether a selector with `matchLabels` and `matchExpressions` means a pod with these labels.
pub(super) fn selects(selector: &Value, labels: Option<&Value>, unknown: Unknown) -> bool {
    let at_run_time = |key: &str| AT_RUN_TIME.contains(&key).then_some(unknown == Unknown::Fits);
    let wanted = selector.get("matchLabels").and_then(Value::as_object);
    let expressions = selector.get("matchExpressions").and_then(Value::as_array);
    wanted.into_iter().flatten().all(|(key, value)| {
        let has = || labels.and_then(|labels| labels.get(key)) == Some(value);
        at_run_time(key).unwrap_or_else(has)
    }) && expressions.into_iter().flatten().all(|expression| {
        let key = expression.get("key").and_then(Value::as_str).unwrap_or_default();
        at_run_time(key).unwrap_or_else(|| holds(expression, labels))
    })
}

/// The objects that make pods, in their order, and which of them are in a namespace and have a label there.
pub(super) struct Pods<'a> {
    /// Each with its pods' labels.
    makers: Vec<(&'a Object, Option<&'a Value>)>,
    all: BTreeMap<Option<&'a str>, Vec<usize>>,
    labelled: BTreeMap<(Option<&'a str>, &'a str, &'a str), Vec<usize>>,
}

impl<'a> Pods<'a> {
    pub(super) fn of(objects: &'a [Object]) -> Self {
        let mut pods = Self { makers: Vec::new(), all: BTreeMap::new(), labelled: BTreeMap::new() };
        for object in objects {
            let Some(template) = pod_template(object) else { continue };
            let (at, namespace) = (pods.makers.len(), object.id.namespace.as_deref());
            let labels = template.value.pointer("/metadata/labels");
            pods.makers.push((object, labels));
            pods.all.entry(namespace).or_default().push(at);
            for (key, value) in labels.and_then(Value::as_object).into_iter().flatten() {
                if let Some(value) = value.as_str() {
                    pods.labelled.entry((namespace, key, value)).or_default().push(at);
                }
            }
        }
        pods
    }

    /// The objects whose pods a selector of `object` means.
    pub(super) fn meant(&self, selector: &Value, object: &Object) -> Vec<&'a Object> {
        let namespace = object.id.namespace.as_deref();
        let wanted = selector.as_object().into_iter().flatten();
        let wanted: Vec<_> = wanted.filter(|(key, _)| !AT_RUN_TIME.contains(&key.as_str())).collect();
        let texts = wanted.iter().filter_map(|(key, value)| Some((namespace, key.as_str(), value.as_str()?)));
        let of_labels = texts.map(|label| self.labelled.get(&label).map_or(&[][..], Vec::as_slice));
        let fewest = of_labels.min_by_key(|makers| makers.len());
        let some = fewest.or_else(|| self.all.get(&namespace).map(Vec::as_slice)).unwrap_or_default();
        let makers = some.iter().map(|at| self.makers[*at]);
        let has = |labels: Option<&Value>, key: &str, value: &Value| {
            labels.and_then(|labels| labels.get(key)) == Some(value)
        };
        makers
            .filter(|(_, labels)| wanted.iter().all(|(key, value)| has(*labels, key, value)))
            .map(|(object, _)| object)
            .collect()
    }
}
