//! The Pod Security Standards (kubernetes.io, "Pod Security Standards", v1.31 to v1.37): what keeps a pod from `baseline`
//! or `restricted`, which a namespace can demand.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Part, Subject, containers, is_of, pod_template};
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
    let namespaces = enforced(subject);
    for object in subject.objects {
        let demanded = object.id.namespace.as_deref().and_then(|name| namespaces.get(name).copied());
        let expected = subject.demands.restricted.then_some((Level::Restricted, subject.demands.version));
        let Some((level, version)) = demanded.or(expected) else { continue };
        let Some(template) = pod_template(object) else { continue };
        let Some(spec) = template.at(&["spec"]) else { continue };
        let mut found = breaches(&spec, version);
        annotated_profiles(&template, &mut found);
        for breach in found.into_iter().filter(|breach| breach.level <= level) {
            let severity = if demanded.is_some() { Severity::Error } else { Severity::Warning };
            reporter.say(severity, codes::POD_SECURITY, object, &breach.path, &breach.title, breach.help);
        }
    }
}

/// The level that each namespace among the objects demands, and of which minor version of Kubernetes; of one that is there
/// twice, the first counts.
fn enforced<'a>(subject: &Subject<'a>) -> BTreeMap<&'a str, (Level, u32)> {
    let mut levels = BTreeMap::new();
    for namespace in subject.objects.iter().filter(|object| is_of(object, "", "Namespace")) {
        levels
            .entry(namespace.id.name.as_str())
            .or_insert_with(|| level_of(namespace, subject.demands.version));
    }
    levels.into_iter().filter_map(|(name, level)| Some((name, level?))).collect()
}

fn level_of(namespace: &Object, newest: u32) -> Option<(Level, u32)> {
    let labels = namespace.metadata("labels")?;
    let label = |key: &str| labels.get(format!("pod-security.kubernetes.io/{key}")).and_then(Value::as_str);
    let level = match label("enforce") {
        Some("restricted") => Level::Restricted,
        Some("baseline") => Level::Baseline,
        _ => return None,
    };
    let stated = label("enforce-version").and_then(|version| version.strip_prefix("v1.")?.parse().ok());
    Some((level, stated.unwrap_or(newest).min(newest)))
}

fn breaches(spec: &Part<'_>, version: u32) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut add = |level, path: &ValuePath, title: String, help| {
        found.push(Breach { level, path: path.clone(), title, help });
    };
    let pod = Pod {
        // Its root is nobody on the node.
        own_users: version >= 35 && spec.value.get("hostUsers") == Some(&Value::Bool(false)),
        windows: spec.at(&["os"]).is_some_and(|os| os.text("name") == Some("windows")),
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
        privileges(&container, pod, &mut add);
        for port in container.items("ports") {
            if port.value.get("hostPort").and_then(Value::as_i64).is_some_and(|port| port != 0) {
                let path = port.path.child("hostPort");
                add(Level::Baseline, &path, format!("`{path}` opens a port of the node"), "use a Service");
            }
        }
        if !pod.own_users {
            identity(spec, &container, &mut add);
        }
        if !pod.windows {
            confinement(spec, &container, &mut add);
        }
        if version >= 34 {
            hosts(&container, &mut add);
        }
    }
    if !pod.own_users {
        pod_identity(spec, &mut add);
    }
    profiles(spec, &mut add);
    kernel(spec, version, &mut add);
    found
}

/// What of a pod takes some demands back.
#[derive(Clone, Copy)]
struct Pod {
    own_users: bool,
    windows: bool,
}

type Add<'a> = dyn FnMut(Level, &ValuePath, String, &'static str) + 'a;

fn is_true(part: &Part<'_>, key: &str) -> bool {
    part.value.get(key) == Some(&Value::Bool(true))
}

/// Privileges and capabilities of one container.
fn privileges(container: &Part<'_>, pod: Pod, add: &mut Add<'_>) {
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
    if !pod.windows && !names("drop").iter().any(|name| name == "ALL") {
        let title = format!("`{path}` does not drop all");
        add(
            Level::Restricted,
            &path,
            title,
            "write `capabilities: {drop: [ALL]}` into the container's `securityContext`",
        );
    }
    if !pod.windows && context.value.get("allowPrivilegeEscalation") != Some(&Value::Bool(false)) {
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
        let level = if pod.own_users { Level::Restricted } else { Level::Baseline };
        add(level, &path, format!("`{path}` is not `Default`"), "remove it");
    }
}

fn of<'a>(part: &Part<'a>, key: &str) -> Option<&'a Value> {
    part.value.get("securityContext")?.get(key).filter(|value| !value.is_null())
}

/// That a container cannot run as root, by itself or by its pod.
fn identity(spec: &Part<'_>, container: &Part<'_>, add: &mut Add<'_>) {
    let path = container.path.child("securityContext");
    let here = of(container, "runAsNonRoot").or_else(|| of(spec, "runAsNonRoot"));
    if here != Some(&Value::Bool(true)) {
        let path = path.child("runAsNonRoot");
        add(Level::Restricted, &path, format!("`{path}` is not true"), "write `runAsNonRoot: true`");
    }
    not_root(container, add);
}

/// The same of the pod's own words, which count even where every container has others.
fn pod_identity(spec: &Part<'_>, add: &mut Add<'_>) {
    if of(spec, "runAsNonRoot") == Some(&Value::Bool(false)) {
        let path = spec.path.child("securityContext").child("runAsNonRoot");
        add(
            Level::Restricted,
            &path,
            format!("`{path}` is false"),
            "write `runAsNonRoot: true`, or remove it",
        );
    }
    not_root(spec, add);
}

fn not_root(part: &Part<'_>, add: &mut Add<'_>) {
    if of(part, "runAsUser").and_then(Value::as_i64) == Some(0) {
        let path = part.path.child("securityContext").child("runAsUser");
        add(Level::Restricted, &path, format!("`{path}` is root"), "choose another user than 0");
    }
}

/// That a container has a profile of what it may ask the kernel for, by itself or by its pod.
fn confinement(spec: &Part<'_>, container: &Part<'_>, add: &mut Add<'_>) {
    const KEY: &str = "seccompProfile";
    let profile = of(container, KEY).or_else(|| of(spec, KEY)).and_then(|profile| profile.get("type"));
    if !matches!(profile.and_then(Value::as_str), Some("RuntimeDefault" | "Localhost" | "Unconfined")) {
        let path = container.path.child("securityContext").child(KEY);
        let help = "write `seccompProfile: {type: RuntimeDefault}`";
        add(Level::Restricted, &path, format!("`{path}` is missing"), help);
    }
}

/// That probes and hooks ask the container itself; forbidden otherwise since 1.34.
fn hosts(container: &Part<'_>, add: &mut Add<'_>) {
    const ASK: [&[&str]; 5] = [
        &["livenessProbe"],
        &["readinessProbe"],
        &["startupProbe"],
        &["lifecycle", "postStart"],
        &["lifecycle", "preStop"],
    ];
    for part in ASK.iter().filter_map(|keys| container.at(keys)) {
        for action in ["httpGet", "tcpSocket"].iter().filter_map(|action| part.at(&[action])) {
            if action.text("host").is_some_and(|host| !host.is_empty()) {
                let path = action.path.child("host");
                let title = format!("`{path}` lets the node ask another host");
                add(Level::Baseline, &path, title, "remove it: the container's own address is asked");
            }
        }
    }
}

/// Parameters of the kernel that reach no further than the pod, and since which minor version they are safe.
const SYSCTLS: [(&str, u32); 12] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.tcp_wmem", 32),
];

/// What a pod asks of the kernel beyond its containers: parameters, labels of `SELinux`, a process of the host.
fn kernel(spec: &Part<'_>, version: u32, add: &mut Add<'_>) {
    const TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
    let sysctls = spec.at(&["securityContext"]).map(|context| context.items("sysctls"));
    for sysctl in sysctls.unwrap_or_default() {
        let name = sysctl.text("name").unwrap_or_default();
        if !SYSCTLS.iter().any(|(known, since)| *known == name && *since <= version) {
            let path = sysctl.path.child("name");
            let title = format!("`{path}` is `{name}`, which reaches beyond the pod");
            add(Level::Baseline, &path, title, "remove it, or set it on the node");
        }
    }
    for part in [vec![spec.clone()], containers(spec)].concat() {
        if let Some(options) = part.at(&["securityContext", "seLinuxOptions"]) {
            let text = |key: &str| options.text(key).unwrap_or_default();
            let keys = ["type", "user", "role"];
            let fits = |key: &&str| text(key).is_empty() || (*key == "type" && TYPES.contains(&text(key)));
            for key in keys.iter().filter(|key| !fits(key)) {
                let path = options.path.child(*key);
                let title = format!("`{path}` is `{}`, which no container may have", text(key));
                add(Level::Baseline, &path, title, "remove it");
            }
        }
        if let Some(options) = part.at(&["securityContext", "windowsOptions"])
            && is_true(&options, "hostProcess")
        {
            let path = options.path.child("hostProcess");
            add(Level::Baseline, &path, format!("`{path}` opens the node to the pod"), "remove it");
        }
    }
}

/// The same of AppArmor as it was asked for before 1.30, by annotations of the pod.
fn annotated_profiles(template: &Part<'_>, found: &mut Vec<Breach>) {
    const KEY: &str = "container.apparmor.security.beta.kubernetes.io/";
    let Some(annotations) = template.at(&["metadata", "annotations"]) else { return };
    for (key, profile) in annotations.value.as_object().into_iter().flatten() {
        let profile = profile.as_str().unwrap_or_default();
        let confines = matches!(profile, "" | "runtime/default") || profile.starts_with("localhost/");
        if key.starts_with(KEY) && !confines {
            let title = format!("the annotation `{key}` is `{profile}`");
            let path = annotations.path.child(key.as_str());
            let help = "remove it, or write `runtime/default`";
            found.push(Breach { level: Level::Baseline, path, title, help });
        }
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
