//! What kinds demand beyond their schemas: the API server refuses the object otherwise. A demand is a function here and a
//! row of [`DEMANDS`].
//!
//! Source: `k8s.io/kubernetes/pkg/apis/*/validation`, and the answers of a real API server (`tests/manifest/refused.rs`).

use serde_json::Value;

use super::{Part, Subject, containers, cron, pod_template};
use crate::diagnostics::codes;
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::quantity::Quantity;

type Demand = fn(&Object, &Part<'_>, &mut Reporter<'_>);

/// The kind, and what is demanded of its `spec`; an empty kind: of every pod's.
const DEMANDS: [(&str, Demand); 15] = [
    ("", containers_have_images),
    ("", probes_succeed_once),
    ("", names_are_resolved),
    ("", tolerations_make_sense),
    ("", privileges_agree),
    ("CronJob", schedule_is_cron),
    ("DaemonSet", pods_start_again),
    ("Deployment", pods_start_again),
    ("Deployment", recreate_rolls_nothing),
    ("Job", pods_end),
    ("PersistentVolumeClaim", claim_is_complete),
    ("PodDisruptionBudget", one_bound),
    ("ReplicaSet", pods_start_again),
    ("Service", ports_are_there),
    ("StatefulSet", pods_start_again),
];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let pod = pod_template(object).and_then(|template| template.at(&["spec"]));
        let own = Part::whole(object).at(&["spec"]);
        for (kind, demand) in DEMANDS {
            let part =
                if kind.is_empty() { pod.as_ref() } else { own.as_ref().filter(|_| kind == object.id.kind) };
            if let Some(part) = part {
                demand(object, part, reporter);
            }
        }
        if object.id.kind == "CronJob"
            && let Some(job) = own.and_then(|spec| spec.at(&["jobTemplate", "spec"]))
        {
            pods_end(object, &job, reporter);
        }
        for claim in Part::whole(object)
            .at(&["spec"])
            .map(|spec| spec.items("volumeClaimTemplates"))
            .unwrap_or_default()
        {
            if let Some(spec) = claim.at(&["spec"]) {
                claim_is_complete(object, &spec, reporter);
            }
        }
        secret_is_of_its_type(object, reporter);
    }
}

fn missing(object: &Object, part: &Part<'_>, key: &str, reporter: &mut Reporter<'_>) {
    let path = part.path.child(key);
    let title = format!("`{path}` is missing");
    reporter.error(
        codes::FIELD_MISSING,
        object,
        &path,
        &title,
        format!("add `{key}`; Kubernetes requires it"),
    );
}

fn wrong(object: &Object, part: &Part<'_>, key: &str, why: &str, help: &str, reporter: &mut Reporter<'_>) {
    let path = part.path.child(key);
    reporter.error(codes::FIELD_VALUE, object, &path, &format!("`{path}` {why}"), help);
}

fn containers_have_images(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    if spec.items("containers").is_empty() && spec.value.get("containers").is_some_and(Value::is_array) {
        missing(object, spec, "containers", reporter);
    }
    for container in containers(spec) {
        match container.value.get("image") {
            None | Some(Value::Null) => missing(object, &container, "image", reporter),
            Some(Value::String(image)) if image.is_empty() => missing(object, &container, "image", reporter),
            Some(Value::String(image)) if image.trim() != image => {
                wrong(
                    object,
                    &container,
                    "image",
                    "begins or ends with a blank",
                    "remove the blank",
                    reporter,
                );
            }
            Some(_) => {}
        }
    }
}

/// Who turns off the cluster's DNS says what to ask instead.
fn names_are_resolved(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let servers = spec.at(&["dnsConfig"]).map(|config| config.items("nameservers")).unwrap_or_default();
    if spec.text("dnsPolicy") == Some("None") && servers.is_empty() {
        missing(
            object,
            &Part { path: spec.path.child("dnsConfig"), value: &Value::Null },
            "nameservers",
            reporter,
        );
    }
}

/// A probe that kills or holds back a container counts from its first success.
fn probes_succeed_once(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    for container in containers(spec) {
        for name in ["livenessProbe", "startupProbe"] {
            let Some(probe) = container.at(&[name]) else { continue };
            if probe.value.get("successThreshold").and_then(Value::as_i64).is_some_and(|number| number != 1) {
                wrong(
                    object,
                    &probe,
                    "successThreshold",
                    "is not 1",
                    "leave it out: this probe needs one success",
                    reporter,
                );
            }
        }
    }
}

fn tolerations_make_sense(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    for toleration in spec.items("tolerations") {
        let text = |key: &str| toleration.text(key).unwrap_or_default();
        let exists = text("operator") == "Exists";
        if text("key").is_empty() && !exists {
            wrong(
                object,
                &toleration,
                "operator",
                "is not `Exists`, and there is no key",
                "name a key, or write `operator: Exists`",
                reporter,
            );
        }
        if exists && !text("value").is_empty() {
            wrong(
                object,
                &toleration,
                "value",
                "stands beside `operator: Exists`",
                "remove the value, or write `operator: Equal`",
                reporter,
            );
        }
        if toleration.value.get("tolerationSeconds").is_some_and(Value::is_number)
            && text("effect") != "NoExecute"
        {
            wrong(
                object,
                &toleration,
                "tolerationSeconds",
                "stands beside another effect than `NoExecute`",
                "remove it, or write `effect: NoExecute`",
                reporter,
            );
        }
    }
}

fn privileges_agree(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    for container in containers(spec) {
        let Some(context) = container.at(&["securityContext"]) else { continue };
        let is = |key: &str, wanted: bool| context.value.get(key) == Some(&Value::Bool(wanted));
        if is("privileged", true) && is("allowPrivilegeEscalation", false) {
            wrong(
                object,
                &context,
                "allowPrivilegeEscalation",
                "is false in a privileged container",
                "remove `privileged`, or this",
                reporter,
            );
        }
    }
}

fn restart_policy(object: &Object, spec: &Part<'_>, allowed: &[&str], reporter: &mut Reporter<'_>) {
    let Some(pod) = spec.at(&["template", "spec"]) else { return };
    let policy = pod.text("restartPolicy").unwrap_or("Always");
    if !allowed.contains(&policy) {
        let words: Vec<String> = allowed.iter().map(|word| format!("`{word}`")).collect();
        let why = format!("is `{policy}`");
        wrong(object, &pod, "restartPolicy", &why, &format!("write {}", words.join(" or ")), reporter);
    }
}

fn pods_start_again(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    restart_policy(object, spec, &["Always"], reporter);
}

fn pods_end(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    restart_policy(object, spec, &["OnFailure", "Never"], reporter);
}

fn recreate_rolls_nothing(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let Some(strategy) = spec.at(&["strategy"]) else { return };
    if strategy.text("type") == Some("Recreate") && strategy.at(&["rollingUpdate"]).is_some() {
        wrong(
            object,
            &strategy,
            "rollingUpdate",
            "stands beside `type: Recreate`",
            "remove it; in a patch, set it to null",
            reporter,
        );
    }
}

fn claim_is_complete(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    if spec.items("accessModes").is_empty() {
        missing(object, spec, "accessModes", reporter);
    }
    let requests = Part { path: spec.path.child("resources").child("requests"), value: &Value::Null };
    let storage = spec.at(&["resources", "requests", "storage"]);
    match storage {
        None => missing(object, &requests, "storage", reporter),
        Some(storage) => {
            let text = storage.value.as_str().map_or_else(|| storage.value.to_string(), str::to_owned);
            if Quantity::parse(&text).is_ok_and(|size| size.units() <= 0) {
                wrong(
                    object,
                    &requests,
                    "storage",
                    &format!("is {text}"),
                    "a volume is larger than nothing",
                    reporter,
                );
            }
        }
    }
}

fn one_bound(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    if spec.at(&["minAvailable"]).is_some() && spec.at(&["maxUnavailable"]).is_some() {
        wrong(
            object,
            spec,
            "minAvailable",
            "stands beside `maxUnavailable`",
            "keep one of the two",
            reporter,
        );
    }
}

fn ports_are_there(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    match spec.text("type").unwrap_or("ClusterIP") {
        "ExternalName" if spec.text("externalName").is_none_or(str::is_empty) => {
            missing(object, spec, "externalName", reporter);
        }
        "ExternalName" => {}
        _ if spec.items("ports").is_empty() && spec.text("clusterIP") != Some("None") => {
            missing(object, spec, "ports", reporter);
        }
        "ClusterIP" => {
            for port in spec.items("ports") {
                if port.value.get("nodePort").and_then(Value::as_i64).is_some_and(|number| number != 0) {
                    wrong(
                        object,
                        &port,
                        "nodePort",
                        "stands in a Service of type `ClusterIP`",
                        "write `type: NodePort`, or remove it",
                        reporter,
                    );
                }
            }
        }
        _ => {}
    }
}

/// What Secrets of the common types must hold.
fn secret_is_of_its_type(object: &Object, reporter: &mut Reporter<'_>) {
    const KEYS: [(&str, &[&str]); 3] = [
        ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
        ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
        ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
    ];
    let whole = Part::whole(object);
    if object.id.kind != "Secret" {
        return;
    }
    let Some((_, keys)) = KEYS.iter().find(|(kind, _)| whole.text("type") == Some(kind)) else { return };
    let has = |key: &str| ["data", "stringData"].iter().any(|map| whole.at(&[map, key]).is_some());
    for key in keys.iter().filter(|key| !has(key)) {
        missing(object, &Part { path: whole.path.child("data"), value: &Value::Null }, key, reporter);
    }
}

fn schedule_is_cron(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let Some(schedule) = spec.text("schedule") else { return };
    if schedule.contains("TZ") {
        wrong(object, spec, "schedule", "names a time zone", "write it into `timeZone`", reporter);
    } else if let Err(why) = cron::read(schedule) {
        let help = format!("{why}; write `0 2 * * *` for two o'clock each night");
        wrong(object, spec, "schedule", &format!("is `{schedule}`, which is no time"), &help, reporter);
    }
}
