//! What kinds demand beyond their schemas: the API server refuses the object otherwise. A demand is a function here and a
//! row of [`DEMANDS`].
//!
//! Source: `k8s.io/kubernetes/pkg/apis/*/validation`, and the answers of a real API server (`tests/manifest/refused.rs`).

use serde_json::Value;

use super::{Part, Subject, containers, is_of, pod_template, services, systems, workloads};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::suggestion;
use crate::quantity::Quantity;

type Demand = fn(&Object, &Part<'_>, &mut Reporter<'_>);

/// The group and kind, and what is demanded of its `spec`; an empty kind: of every pod's.
const DEMANDS: [(&str, &str, Demand); 23] = [
    ("", "", containers::have_images),
    ("", "", containers::privileges_agree),
    ("", "", containers::probes_succeed_once),
    ("", "", names_are_resolved),
    ("", "", pull_secrets_have_names),
    ("", "", systems::fields_are_of_the_system),
    ("", "", tolerations_make_sense),
    ("", "", users_are_apart),
    ("batch", "CronJob", workloads::schedule_is_cron),
    ("apps", "DaemonSet", workloads::pods_start_again),
    ("apps", "Deployment", workloads::pods_start_again),
    ("autoscaling", "HorizontalPodAutoscaler", target_is_of_a_group),
    ("batch", "Job", workloads::pods_end),
    ("", "PersistentVolumeClaim", claim_is_complete),
    ("", "Pod", workloads::nobody_debugs),
    ("policy", "PodDisruptionBudget", one_bound),
    ("apps", "ReplicaSet", workloads::pods_start_again),
    ("", "ReplicationController", workloads::pods_start_again),
    ("", "Service", services::addresses_agree),
    ("", "Service", services::node_ports_differ),
    ("", "Service", services::ports_are_there),
    ("", "Service", services::traffic_comes_from_outside),
    ("apps", "StatefulSet", workloads::pods_start_again),
];

/// The kinds whose `spec` the schemas let be absent, and the API server does not.
const HAVE_SPECS: [(&str, &str); 8] = [
    ("batch", "Job"),
    ("networking.k8s.io", "Ingress"),
    ("networking.k8s.io", "IngressClass"),
    ("", "PersistentVolume"),
    ("", "PersistentVolumeClaim"),
    ("", "Pod"),
    ("", "ReplicationController"),
    ("", "Service"),
];

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let pod = pod_template(object).and_then(|template| template.at(&["spec"]));
        let own = Part::whole(object).at(&["spec"]);
        if own.is_none() && HAVE_SPECS.iter().any(|(group, kind)| is_of(object, group, kind)) {
            missing(object, &Part::whole(object), "spec", reporter);
        }
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
            workloads::pods_end(object, &job, reporter);
        }
        if is_of(object, "apps", "StatefulSet") {
            let claims = Part::whole(object).at(&["spec"]).map(|spec| spec.items("volumeClaimTemplates"));
            for spec in claims.unwrap_or_default().iter().filter_map(|claim| claim.at(&["spec"])) {
                claim_is_complete(object, &spec, reporter);
            }
        }
        for volume in pod.iter().flat_map(|spec| spec.items("volumes")) {
            if let Some(claim) = volume.at(&["ephemeral", "volumeClaimTemplate", "spec"]) {
                claim_is_complete(object, &claim, reporter);
            }
        }
        accounts_are_somewhere(object, reporter);
        owners_last(object, reporter);
        levels_exist(object, reporter);
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

/// Whether a list is absent or empty; what is no list is the schema's business.
pub(super) fn lacks(part: &Part<'_>, key: &str) -> bool {
    part.at(&[key]).is_none_or(|list| list.value.as_array().is_some_and(Vec::is_empty))
}

pub(super) fn wrong(
    object: &Object,
    part: &Part<'_>,
    key: &str,
    why: &str,
    help: &str,
    reporter: &mut Reporter<'_>,
) {
    let path = part.path.child(key);
    reporter.error(codes::FIELD_VALUE, object, &path, &format!("`{path}` {why}"), help);
}

/// Who turns off the cluster's DNS says what to ask instead.
fn names_are_resolved(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let none = spec.at(&["dnsConfig"]).is_none_or(|config| lacks(&config, "nameservers"));
    if spec.text("dnsPolicy") == Some("None") && none {
        missing(
            object,
            &Part { path: spec.path.child("dnsConfig"), value: &Value::Null },
            "nameservers",
            reporter,
        );
    }
}

/// A pod whose users are not the node's shares nothing of the node's.
fn users_are_apart(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let is = |key: &str, wanted: bool| spec.value.get(key) == Some(&Value::Bool(wanted));
    for key in ["hostIPC", "hostNetwork", "hostPID"] {
        if is("hostUsers", false) && is(key, true) {
            wrong(object, spec, key, "stands beside `hostUsers: false`", "remove one of the two", reporter);
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

fn claim_is_complete(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    if lacks(spec, "accessModes") {
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

/// Only the kinds of the core have no group, and of those only one can be scaled.
fn target_is_of_a_group(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let Some(target) = spec.at(&["scaleTargetRef"]) else { return };
    let group = target.stated("apiVersion").and_then(|version| version.split_once('/'));
    let kind = target.text("kind").unwrap_or_default();
    if group.is_some() || matches!(kind, "" | "ReplicationController") {
        return;
    }
    if target.stated("apiVersion").is_none() {
        missing(object, &target, "apiVersion", reporter);
    } else {
        let why = "states no API group";
        let help = "write the group and version of the kind, such as `apps/v1` of a Deployment";
        wrong(object, &target, "apiVersion", why, help, reporter);
    }
}

/// Events are swept away, and what they owned would be with them.
fn owners_last(object: &Object, reporter: &mut Reporter<'_>) {
    let Some(metadata) = Part::whole(object).at(&["metadata"]) else { return };
    for owner in metadata.items("ownerReferences") {
        if owner.text("apiVersion") == Some("v1") && owner.text("kind") == Some("Event") {
            wrong(object, &owner, "kind", "is `Event`, which owns nothing", "name another owner", reporter);
        }
    }
}

/// The levels of PodSecurity that a namespace's labels name.
fn levels_exist(object: &Object, reporter: &mut Reporter<'_>) {
    const LEVELS: [&str; 3] = ["privileged", "baseline", "restricted"];
    let Some(labels) = Part::whole(object).at(&["metadata", "labels"]) else { return };
    if !is_of(object, "", "Namespace") {
        return;
    }
    for mode in ["audit", "enforce", "warn"] {
        let key = format!("pod-security.kubernetes.io/{mode}");
        if let Some(level) = labels.text(&key).filter(|level| !LEVELS.contains(level)) {
            let help = suggestion(level, LEVELS.into_iter());
            wrong(object, &labels, &key, &format!("is `{level}`, which is no level"), &help, reporter);
        }
        let key = format!("{key}-version");
        if let Some(version) = labels.text(&key).filter(|version| !is_version(version)) {
            let help = "write `latest`, or `v1.` and a number such as `v1.34`";
            wrong(object, &labels, &key, &format!("is `{version}`, which is no version"), help, reporter);
        }
    }
}

fn is_version(text: &str) -> bool {
    let minor = text.strip_prefix("v1.").unwrap_or_default();
    let is_number = !minor.is_empty() && minor.bytes().all(|c| c.is_ascii_digit());
    text == "latest" || (is_number && (minor == "0" || !minor.starts_with('0')))
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
