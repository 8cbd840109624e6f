//! Fields of a pod that only one operating system has. A pod that doesn't say which it is for may have them all.

use serde_json::Value;

use super::demanded::wrong;
use super::{Part, containers};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

/// The fields of a pod that Windows does not have, and the way to them.
const NOT_OF_WINDOWS: [(&[&str], &[&str]); 2] = [
    (&[], &["hostIPC", "hostPID", "hostUsers", "shareProcessNamespace"]),
    (
        &["securityContext"],
        &[
            "appArmorProfile",
            "fsGroup",
            "fsGroupChangePolicy",
            "runAsGroup",
            "runAsUser",
            "seLinuxChangePolicy",
            "seLinuxOptions",
            "seccompProfile",
            "supplementalGroups",
            "supplementalGroupsPolicy",
            "sysctls",
        ],
    ),
];

/// The same of a container's security context.
const NOT_OF_ITS_CONTAINERS: [&str; 10] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile",
];

pub(super) fn fields_are_of_the_system(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let system = spec.at(&["os"]).and_then(|os| os.text("name"));
    let mut forbidden: Vec<(Part<'_>, &str)> = Vec::new();
    let contexts = containers(spec).into_iter().filter_map(|container| container.at(&["securityContext"]));
    match system {
        Some("windows") => {
            for (way, keys) in NOT_OF_WINDOWS {
                let part = spec.at(way);
                forbidden.extend(part.iter().flat_map(|part| keys.iter().map(|key| (part.clone(), *key))));
            }
            for context in contexts {
                forbidden.extend(NOT_OF_ITS_CONTAINERS.map(|key| (context.clone(), key)));
            }
        }
        Some("linux") => {
            let pods = spec.at(&["securityContext"]);
            forbidden.extend(pods.into_iter().chain(contexts).map(|context| (context, "windowsOptions")));
        }
        _ => return,
    }
    let system = system.unwrap_or_default();
    // A namespace of the node that is not shared is the same as none said.
    let is_set = |part: &Part<'_>, key: &str| {
        let value = part.at(&[key]).map(|part| part.value);
        value.is_some_and(|value| !(matches!(key, "hostIPC" | "hostPID") && *value == Value::Bool(false)))
    };
    for (part, key) in forbidden.into_iter().filter(|(part, key)| is_set(part, key)) {
        let why = format!("stands in a pod whose `os.name` is `{system}`, which has no such thing");
        wrong(object, &part, key, &why, "remove it, or `os`", reporter);
    }
}
