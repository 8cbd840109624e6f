//! What kinds demand beyond their schemas: the API server refuses the object otherwise. A demand is a function here and a
//! row of [`DEMANDS`].
//!
//! Source: `k8s.io/kubernetes/pkg/apis/*/validation`, and the answers of a real API server (`tests/manifest/refused.rs`).

use serde_json::Value;

use super::{Part, Subject, containers, cron, is_of, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::quantity::Quantity;

type Demand = fn(&Object, &Part<'_>, &mut Reporter<'_>);

/// The group and kind, and what is demanded of its `spec`; an empty kind: of every pod's.
const DEMANDS: [(&str, &str, Demand); 16] = [
    ("", "", containers_have_images),
    ("", "", probes_succeed_once),
    ("", "", names_are_resolved),
    ("", "", pull_secrets_have_names),
    ("", "", tolerations_make_sense),
    ("", "", privileges_agree),
    ("batch", "CronJob", schedule_is_cron),
    ("apps", "DaemonSet", pods_start_again),
    ("apps", "Deployment", pods_start_again),
    ("batch", "Job", pods_end),
    ("", "PersistentVolumeClaim", claim_is_complete),
    ("policy", "PodDisruptionBudget", one_bound),
    ("apps", "ReplicaSet", pods_start_again),
    ("", "Service", ports_are_there),
    ("", "Service", traffic_comes_from_outside),
    ("apps", "StatefulSet", pods_start_again),
];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let pod = pod_template(object).and_then(|template| template.at(&["spec"]));
        let own = Part::whole(object).at(&["spec"]);
        for (group, kind, demand) in DEMANDS {
            let its_own = own.as_ref().filter(|_| is_of(object, group, kind));
            let part = if kind.is_empty() { pod.as_ref() } else { its_own };
            if let Some(part) = part {
                demand(object, part, reporter);
            }
        }
        if is_of(object, "batch", "CronJob")
            && let Some(job) = own.and_then(|spec| spec.at(&["jobTemplate", "spec"]))
        {
            pods_end(object, &job, reporter);
        }
        if is_of(object, "apps", "StatefulSet") {
            let claims = Part::whole(object).at(&["spec"]).map(|spec| spec.items("volumeClaimTemplates"));
            for spec in claims.unwrap_or_default().iter().filter_map(|claim| claim.at(&["spec"])) {
                claim_is_complete(object, &spec, reporter);
            }
        }
        accounts_are_somewhere(object, reporter);
        super::secrets::check(object, reporter);
    }
}

pub(super) fn missing(object: &Object, part: &Part<'_>, key: &str, reporter: &mut Reporter<'_>) {
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
            if probe
                .value
                .get("successThreshold")
                .and_then(Value::as_i64)
                .is_some_and(|number| !matches!(number, 0 | 1))
            {
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

/// The server passes over a pull secret without a name, with a warning.
fn pull_secrets_have_names(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    for secret in spec.items("imagePullSecrets") {
        if secret.value.is_object()
            && secret.stated("name").is_none()
            && secret.at(&["name"]).is_none_or(|name| name.value.is_string())
        {
            let title = format!("`{}` names no Secret", secret.path);
            let help = "remove it, or name the Secret that has the registry's password";
            reporter.say(Severity::Warning, codes::FIELD_MISSING, object, &secret.path, &title, help);
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
    let policy = pod.stated("restartPolicy").unwrap_or("Always");
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
    match spec.stated("type").unwrap_or("ClusterIP") {
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

/// What nobody reaches from outside has no policy for it.
fn traffic_comes_from_outside(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let kind = spec.stated("type").unwrap_or("ClusterIP");
    if matches!(kind, "LoadBalancer" | "NodePort") && spec.text("clusterIP") == Some("None") {
        let why = format!("is `None` in a Service of type `{kind}`");
        wrong(object, spec, "clusterIP", &why, "remove it, or write `type: ClusterIP`", reporter);
    }
    let inside = matches!(kind, "ClusterIP" | "ExternalName") && spec.items("externalIPs").is_empty();
    if inside && spec.text("externalTrafficPolicy").is_some_and(|policy| !policy.is_empty()) {
        let why = format!("stands in a Service of type `{kind}`");
        let help = "remove it, or write `type: NodePort` or `type: LoadBalancer`";
        wrong(object, spec, "externalTrafficPolicy", &why, help, reporter);
    }
}

/// A binding of the whole cluster says in which namespace an account is.
fn accounts_are_somewhere(object: &Object, reporter: &mut Reporter<'_>) {
    if !is_of(object, "rbac.authorization.k8s.io", "ClusterRoleBinding") {
        return;
    }
    for subject in Part::whole(object).items("subjects") {
        if subject.text("kind") == Some("ServiceAccount")
            && subject.text("namespace").is_none_or(str::is_empty)
        {
            missing(object, &subject, "namespace", reporter);
        }
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
