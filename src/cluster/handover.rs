//! What a server-side apply by kubectl takes away of what its client-side applies left.
//!
//! The API server leaves the fields of another manager alone, those of `kubectl-client-side-apply` too, and its dry run
//! shows them as staying. But kubectl itself then hands them over to the manager that applies, and applies again: what
//! that one does not state is gone. (Seen with kubectl 1.36 for its own and for other managers; its own `diff
//! --server-side` does not show it.)

use serde_json::Value as Json;

use crate::manifest::place;

/// Who kubectl says that it is when it applies from the client's side.
const CLIENT_SIDE: &str = "kubectl-client-side-apply";

/// Takes away what client-side applies alone hold, in an object that a dry run gave.
pub(super) fn hand_over(object: &mut Json) {
    let Some(managers) = object.pointer("/metadata/managedFields").and_then(Json::as_array).cloned() else {
        return;
    };
    let is_client_side = |entry: &&Json| entry["manager"] == CLIENT_SIDE && entry["operation"] == "Update";
    let fields = |entry: &Json| entry["fieldsV1"].clone();
    let held: Vec<Json> = managers.iter().filter(is_client_side).map(fields).collect();
    let others: Vec<Json> = managers.iter().filter(|entry| !is_client_side(entry)).map(fields).collect();
    for fields in held {
        take(object, &fields, &others.iter().collect::<Vec<_>>());
    }
}

/// Takes away the fields of a tree that are in none of the others.
fn take(value: &mut Json, held: &Json, others: &[&Json]) {
    let Some(held) = held.as_object() else { return };
    for (step, below) in held.iter().filter(|(step, _)| *step != ".") {
        let others: Vec<&Json> = others.iter().filter_map(|other| other.get(step)).collect();
        if others.is_empty() && is_whole(below) {
            remove(value, step);
        } else if let Some(inner) = find(value, step) {
            take(inner, below, &others);
        }
    }
}

/// Whether a tree holds the value itself, and not only fields of it.
fn is_whole(tree: &Json) -> bool {
    tree.as_object().is_none_or(|tree| tree.is_empty() || tree.contains_key("."))
}

/// The part of a value that a step of a tree leads to: a field, or the item of a list with certain keys.
fn find<'a>(value: &'a mut Json, step: &str) -> Option<&'a mut Json> {
    if let Some(name) = step.strip_prefix("f:") {
        return value.get_mut(name);
    }
    let at = place(value.as_array()?, step)?;
    value.get_mut(at)
}

fn remove(value: &mut Json, step: &str) {
    match value {
        Json::Object(map) => {
            step.strip_prefix("f:").and_then(|name| map.shift_remove(name));
        }
        Json::Array(items) => {
            if let Some(at) = place(items, step) {
                items.remove(at);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::hand_over;

    #[test]
    fn what_client_side_applies_alone_hold_goes_and_the_rest_stays() {
        let fields = |names: &[&str]| {
            let env: serde_json::Map<_, _> = names
                .iter()
                .map(|name| (format!("k:{{\"name\":\"{name}\"}}"), json!({".": {}, "f:name": {}})))
                .collect();
            json!({"f:spec": {"f:env": env}})
        };
        let mut object = json!({
            "metadata": {
                "labels": {"a": "1", "b": "2"},
                "finalizers": ["x/one", "x/two"],
                "managedFields": [
                    {"manager": "kubectl-client-side-apply", "operation": "Update", "fieldsV1": {
                        "f:metadata": {
                            "f:labels": {".": {}, "f:a": {}, "f:b": {}},
                            "f:finalizers": {".": {}, "v:\"x/one\"": {}},
                        },
                        "f:data": {".": {}, "f:gone": {}},
                        "f:resources": {"f:limits": {".": {}, "f:cpu": {}}},
                    }},
                    {"manager": "kubectl-client-side-apply", "operation": "Update", "fieldsV1": fields(&["A", "B", "C"])},
                    {"manager": "kubectl", "operation": "Apply", "fieldsV1": fields(&["A"])},
                    {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": fields(&["C"])},
                    {"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:metadata": {"f:labels": {"f:a": {}}, "f:finalizers": {"v:\"x/two\"": {}}}}},
                ],
            },
            "data": {"gone": "1"},
            "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1"}},
            "spec": {"env": [{"name": "A"}, {"name": "B", "value": "by nobody"}, {"name": "C"}]},
        });
        hand_over(&mut object);
        object["metadata"]["managedFields"].take();
        assert_eq!(
            object,
            json!({
                "metadata": {
                    "labels": {"a": "1"},
                    "finalizers": ["x/two"],
                    "managedFields": null,
                },
                "resources": {"requests": {"cpu": "1"}},
                "spec": {"env": [{"name": "A"}, {"name": "C"}]},
            })
        );
    }
}
