//! The Pod Security Standards (kubernetes.io, "Pod Security Standards", v1.31 to v1.37): what keeps a pod from `baseline`
//! or `restricted`, which a namespace can demand.

use serde_json::Value;

use super::{Part, Subject, containers, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::yaml::ValuePath;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Baseline,
    Restricted,
}

/// Something that a level forbids: where, what, what to do.
struct Breach {
    level: Level,
    path: ValuePath,
    title: String,
    help: &'static str,
}

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let demanded = enforced(subject, object);
        let expected = subject.demands.restricted.then_some(Level::Restricted);
        let Some(level) = demanded.or(expected) else { continue };
        let Some(template) = pod_template(object) else { continue };
        let Some(spec) = template.at(&["spec"]) else { continue };
        for breach in breaches(&spec).into_iter().filter(|breach| breach.level <= level) {
            let severity = if demanded.is_some() { Severity::Error } else { Severity::Warning };
            reporter.say(severity, codes::POD_SECURITY, object, &breach.path, &breach.title, breach.help);
        }
    }
}

/// The level that the object's namespace demands, where the namespace is among the objects.
fn enforced(subject: &Subject<'_>, object: &Object) -> Option<Level> {
    let mut namespaces = subject.objects.iter().filter(|other| other.id.kind == "Namespace");
    let namespace = namespaces.find(|other| Some(&other.id.name) == object.id.namespace.as_ref())?;
    let labels = namespace.metadata("labels")?;
    match labels.get("pod-security.kubernetes.io/enforce").and_then(Value::as_str) {
        Some("restricted") => Some(Level::Restricted),
        Some("baseline") => Some(Level::Baseline),
        _ => None,
    }
}

fn breaches(spec: &Part<'_>) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut add = |level, path: &ValuePath, title: String, help| {
        found.push(Breach { level, path: path.clone(), title, help });
    };
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        if is_true(spec, key) {
            let path = spec.path.child(key);
            add(Level::Baseline, &path, format!("`{path}` opens the node to the pod"), "remove it");
        }
    }
    for volume in spec.items("volumes") {
        const ALLOWED: [&str; 8] = [
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "persistentVolumeClaim",
            "projected",
            "secret",
        ];
        for kind in volume
            .value
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, _)| key)
        {
            let path = volume.path.child(kind.as_str());
            match kind.as_str() {
                "name" => {}
                "hostPath" => add(
                    Level::Baseline,
                    &path,
                    format!("`{path}` mounts the node's own files"),
                    "use a claim, or an `emptyDir`",
                ),
                kind if ALLOWED.contains(&kind) || kind == "image" => {}
                _ => add(
                    Level::Restricted,
                    &path,
                    format!("`{path}` is a volume that `restricted` forbids"),
                    "use a claim",
                ),
            }
        }
    }
    for container in containers(spec) {
        privileges(&container, &mut add);
        for port in container.items("ports") {
            if port.value.get("hostPort").and_then(Value::as_i64).is_some_and(|port| port != 0) {
                let path = port.path.child("hostPort");
                add(Level::Baseline, &path, format!("`{path}` opens a port of the node"), "use a Service");
            }
        }
        identity(spec, &container, &mut add);
    }
    profiles(spec, &mut add);
    found
}

type Add<'a> = dyn FnMut(Level, &ValuePath, String, &'static str) + 'a;

fn is_true(part: &Part<'_>, key: &str) -> bool {
    part.value.get(key) == Some(&Value::Bool(true))
}

/// Privileges and capabilities of one container.
fn privileges(container: &Part<'_>, add: &mut Add<'_>) {
    const BASELINE: [&str; 13] = [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ];
    let path = container.path.child("securityContext");
    let context = container.at(&["securityContext"]).unwrap_or(Part { path, value: &Value::Null });
    if is_true(&context, "privileged") {
        let path = context.path.child("privileged");
        add(Level::Baseline, &path, format!("`{path}` gives the container the whole node"), "remove it");
    }
    let names = |key: &str| {
        let list = context.value.pointer(&format!("/capabilities/{key}")).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let path = context.path.child("capabilities");
    for name in names("add") {
        let level = if !BASELINE.contains(&name.as_str()) {
            Level::Baseline
        } else if name != "NET_BIND_SERVICE" {
            Level::Restricted
        } else {
            continue;
        };
        add(level, &path.child("add"), format!("`{}` has `{name}`", path.child("add")), "leave it out");
    }
    if !names("drop").iter().any(|name| name == "ALL") {
        let title = format!("`{path}` does not drop all");
        add(
            Level::Restricted,
            &path,
            title,
            "write `capabilities: {drop: [ALL]}` into the container's `securityContext`",
        );
    }
    if context.value.get("allowPrivilegeEscalation") != Some(&Value::Bool(false)) {
        let path = context.path.child("allowPrivilegeEscalation");
        add(
            Level::Restricted,
            &path,
            format!("`{path}` is not false"),
            "write `allowPrivilegeEscalation: false`",
        );
    }
    if context.text("procMount").is_some_and(|mount| mount != "Default") {
        let path = context.path.child("procMount");
        add(Level::Baseline, &path, format!("`{path}` is not `Default`"), "remove it");
    }
}

/// That a container cannot run as root, by itself or by its pod.
fn identity(spec: &Part<'_>, container: &Part<'_>, add: &mut Add<'_>) {
    let of = |part: &Part<'_>, key: &str| part.value.pointer(&format!("/securityContext/{key}")).cloned();
    let effective = |key: &str| of(container, key).or_else(|| of(spec, key));
    let path = container.path.child("securityContext");
    if effective("runAsNonRoot") != Some(Value::Bool(true)) {
        let path = path.child("runAsNonRoot");
        add(Level::Restricted, &path, format!("`{path}` is not true"), "write `runAsNonRoot: true`");
    }
    for part in [container, spec] {
        if of(part, "runAsUser").and_then(|user| user.as_i64()) == Some(0) {
            let path = part.path.child("securityContext").child("runAsUser");
            add(Level::Restricted, &path, format!("`{path}` is root"), "choose another user than 0");
        }
    }
    let profile = effective("seccompProfile").and_then(|profile| profile.get("type").cloned());
    if !matches!(
        profile.as_ref().and_then(Value::as_str),
        Some("RuntimeDefault" | "Localhost" | "Unconfined")
    ) {
        let path = path.child("seccompProfile");
        add(
            Level::Restricted,
            &path,
            format!("`{path}` is missing"),
            "write `seccompProfile: {type: RuntimeDefault}`",
        );
    }
}

/// Profiles that switch off what confines a container.
fn profiles(spec: &Part<'_>, add: &mut Add<'_>) {
    for part in [vec![spec.clone()], containers(spec)].concat() {
        for key in ["seccompProfile", "appArmorProfile"] {
            let Some(profile) = part.at(&["securityContext", key]) else { continue };
            if profile.text("type") == Some("Unconfined") {
                let path = profile.path.child("type");
                add(Level::Baseline, &path, format!("`{path}` is `Unconfined`"), "write `RuntimeDefault`");
            }
        }
    }
}
