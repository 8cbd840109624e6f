//! Where a container mounts the volumes of its pod, and which of them it has as devices.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Part;
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::suggestion;

pub(super) fn check(
    object: &Object,
    spec: &Part<'_>,
    container: &Part<'_>,
    volumes: &BTreeSet<&str>,
    reporter: &mut Reporter<'_>,
) {
    let (mut paths, mut places) = (BTreeSet::new(), BTreeSet::new());
    for mount in container.items("volumeMounts") {
        check_name(object, &mount, "mounts the volume", volumes, reporter);
        check_inside(object, &mount, reporter);
        check_access(object, container, &mount, reporter);
        let Some(path) = mount.text("mountPath") else { continue };
        let mut complain = |severity, title: &str, help: &str| {
            reporter.say(severity, codes::MOUNT, object, &mount.path.child("mountPath"), title, help);
        };
        if path.is_empty() {
            complain(Severity::Error, "a volume is mounted at no path", "write where, such as `/data`");
        } else if !paths.insert(path) {
            let title = format!("two volumes are mounted at `{path}`");
            complain(Severity::Error, &title, "mount one of them elsewhere");
        } else if !places.insert(path.trim_end_matches('/')) {
            // An API server compares the texts.
            let title = format!("`{path}` is where another volume is mounted: one of them is not seen");
            complain(Severity::Warning, &title, "mount one of them elsewhere");
        } else if path.contains(':') && !is_for_windows(spec) {
            let title = format!("`{path}` has a `:`, which only paths of Windows may have");
            let help = "write a path without `:`, or say that the pod is for Windows: `nodeSelector: {kubernetes.io/os: windows}`";
            complain(Severity::Warning, &title, help);
        }
    }
    check_devices(object, spec, container, volumes, reporter);
}

/// Whether a pod is for nodes with Windows, as far as it says so.
fn is_for_windows(spec: &Part<'_>) -> bool {
    let chosen = spec.at(&["nodeSelector"]).and_then(|selector| {
        selector.text("kubernetes.io/os").or_else(|| selector.text("beta.kubernetes.io/os"))
    });
    let stated = spec.at(&["os"]).and_then(|os| os.text("name"));
    stated.or(chosen) == Some("windows")
}

fn check_name(
    object: &Object,
    item: &Part<'_>,
    does: &str,
    volumes: &BTreeSet<&str>,
    reporter: &mut Reporter<'_>,
) {
    if let Some(name) = item.text("name").filter(|name| !volumes.contains(name)) {
        let title = format!("it {does} `{name}`, which the pod doesn't have");
        let help = suggestion(name, volumes.iter().copied());
        reporter.error(codes::MOUNT, object, &item.path.child("name"), &title, help);
    }
}

/// The part of the volume that is mounted is below its root.
fn check_inside(object: &Object, mount: &Part<'_>, reporter: &mut Reporter<'_>) {
    for key in ["subPath", "subPathExpr"] {
        let sub = mount.text(key).unwrap_or_default();
        if sub.starts_with('/') || sub.split('/').any(|part| part == "..") {
            let title = format!("`{sub}` is no path inside a volume");
            let help = "write a path below the volume's root, without `..`";
            reporter.error(codes::MOUNT, object, &mount.path.child(key), &title, help);
        }
    }
}

/// What a container does with a mount is what it may do.
fn check_access(object: &Object, container: &Part<'_>, mount: &Part<'_>, reporter: &mut Reporter<'_>) {
    let mut complain = |key: &str, why: &str, help: &str| {
        let path = mount.path.child(key);
        reporter.error(codes::MOUNT, object, &path, &format!("`{path}` {why}"), help);
    };
    let is = |part: &Part<'_>, key: &str| part.value.get(key) == Some(&Value::Bool(true));
    let propagation = mount.stated("mountPropagation").unwrap_or("None");
    if let Some(recursive @ ("Enabled" | "IfPossible")) = mount.text("recursiveReadOnly") {
        if !is(mount, "readOnly") {
            let why = format!("is `{recursive}`, and the volume is not mounted read-only");
            complain("recursiveReadOnly", &why, "add `readOnly: true`, or remove it");
        } else if propagation != "None" {
            let why = format!("is `{recursive}` beside `mountPropagation: {propagation}`");
            complain("recursiveReadOnly", &why, "remove one of the two");
        }
    }
    let privileged = container.at(&["securityContext"]).is_some_and(|context| is(&context, "privileged"));
    if propagation == "Bidirectional" && !privileged {
        let why = "is `Bidirectional`, which only a privileged container may have";
        complain("mountPropagation", why, "write `HostToContainer`, or remove it");
    }
}

/// Block devices: each is a volume of its own, of a kind that can be one, and not mounted as well.
fn check_devices(
    object: &Object,
    spec: &Part<'_>,
    container: &Part<'_>,
    volumes: &BTreeSet<&str>,
    reporter: &mut Reporter<'_>,
) {
    let devices = container.items("volumeDevices");
    if devices.is_empty() {
        return;
    }
    let sources: BTreeMap<&str, Part<'_>> =
        spec.items("volumes").into_iter().filter_map(|volume| Some((volume.text("name")?, volume))).collect();
    let mounts = container.items("volumeMounts");
    let texts = |items: &[Part<'_>], key: &str| {
        items.iter().filter_map(|item| item.text(key).map(str::to_owned)).collect::<BTreeSet<_>>()
    };
    let (mut names, mut paths) = (texts(&mounts, "name"), texts(&mounts, "mountPath"));
    for device in &devices {
        check_name(object, device, "has as a device the volume", volumes, reporter);
        let mut complain = |key: &str, title: &str, help: &str| {
            reporter.error(codes::MOUNT, object, &device.path.child(key), title, help);
        };
        if let Some(name) = device.text("name") {
            let claims = ["persistentVolumeClaim", "ephemeral"];
            if sources.get(name).is_some_and(|volume| claims.iter().all(|key| volume.at(&[key]).is_none())) {
                let title = format!("the volume `{name}` can't be a device");
                complain("name", &title, "mount it with `volumeMounts`; only claims can be devices");
            }
            if !names.insert(name.to_owned()) {
                let title = format!("the volume `{name}` is used twice");
                complain("name", &title, "keep one of its devices and mounts");
            }
        }
        let Some(path) = device.text("devicePath") else { continue };
        if path.is_empty() {
            complain("devicePath", "a device is at no path", "write where, such as `/dev/xvda`");
        } else if path.split('/').any(|part| part == "..") {
            let title = format!("`{path}` is no path of a device");
            complain("devicePath", &title, "write one without `..`, such as `/dev/xvda`");
        } else if !paths.insert(path.to_owned()) {
            let title = format!("two volumes are at `{path}`");
            complain("devicePath", &title, "put one of them elsewhere");
        }
    }
}
