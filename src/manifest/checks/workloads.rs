//! What Deployments, Jobs and the like demand of their pods, and CronJobs of the time.

use serde_json::Value;

use super::demanded::{missing, wrong};
use super::{Part, containers, cron};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

fn restart_policy(object: &Object, spec: &Part<'_>, allowed: &[&str], reporter: &mut Reporter<'_>) {
    let Some(pod) = spec.at(&["template", "spec"]) else { return };
    let policy = pod.stated("restartPolicy").unwrap_or("Always");
    if !allowed.contains(&policy) {
        let words: Vec<String> = allowed.iter().map(|word| format!("`{word}`")).collect();
        let why = format!("is `{policy}`");
        wrong(object, &pod, "restartPolicy", &why, &format!("write {}", words.join(" or ")), reporter);
    }
}

pub(super) fn pods_start_again(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    restart_policy(object, spec, &["Always"], reporter);
    let Some(pod) = spec.at(&["template", "spec"]) else { return };
    if pod.at(&["activeDeadlineSeconds"]).is_some() {
        let why = format!("stands in a {}, whose pods go on running", object.id.kind);
        wrong(object, &pod, "activeDeadlineSeconds", &why, "remove it", reporter);
    }
    nobody_debugs(object, &pod, reporter);
}

pub(super) fn pods_end(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    restart_policy(object, spec, &["OnFailure", "Never"], reporter);
    let Some(pod) = spec.at(&["template", "spec"]) else { return };
    nobody_debugs(object, &pod, reporter);
    let Some(policy) = spec.at(&["podFailurePolicy"]) else { return };
    if pod.stated("restartPolicy") == Some("OnFailure") {
        let why = "is `OnFailure` beside a `podFailurePolicy`";
        wrong(object, &pod, "restartPolicy", why, "write `Never`, or remove the policy", reporter);
    }
    if spec.text("podReplacementPolicy") == Some("TerminatingOrFailed") {
        let why = "is `TerminatingOrFailed` beside a `podFailurePolicy`";
        wrong(object, spec, "podReplacementPolicy", why, "write `Failed`", reporter);
    }
    for rule in policy.items("rules") {
        if rule.text("action") == Some("FailIndex") && spec.at(&["backoffLimitPerIndex"]).is_none() {
            missing(object, spec, "backoffLimitPerIndex", reporter);
        }
        if let Some(codes) = rule.at(&["onExitCodes"]) {
            codes_are_of_failures(object, &pod, &codes, reporter);
        }
    }
}

/// Containers to debug with are added to a pod that runs.
pub(super) fn nobody_debugs(object: &Object, pod: &Part<'_>, reporter: &mut Reporter<'_>) {
    if !pod.items("ephemeralContainers").is_empty() {
        let help = "remove it: `kubectl debug` adds such a container to a pod that runs";
        wrong(object, pod, "ephemeralContainers", "can't be there from the start", help, reporter);
    }
}

/// The exit codes of a rule: in order, not that of a success, and of a container that the pod has.
fn codes_are_of_failures(object: &Object, pod: &Part<'_>, codes: &Part<'_>, reporter: &mut Reporter<'_>) {
    let values = codes.value.get("values").and_then(Value::as_array);
    let values: Vec<i64> = values.into_iter().flatten().filter_map(Value::as_i64).collect();
    if codes.text("operator") == Some("In") && values.contains(&0) {
        let help = "remove the 0: it is the code of a success";
        wrong(object, codes, "values", "has 0", help, reporter);
    }
    if !values.is_sorted() {
        wrong(object, codes, "values", "is not in order", "write the smallest number first", reporter);
    }
    let all = containers(pod);
    let mut names = all.iter().filter_map(|container| container.text("name"));
    if let Some(name) = codes.stated("containerName").filter(|name| !names.any(|other| other == *name)) {
        let why = format!("is `{name}`, which is no container of the pod");
        wrong(object, codes, "containerName", &why, "name one of the pod's, or remove it", reporter);
    }
}

pub(super) fn schedule_is_cron(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let Some(schedule) = spec.text("schedule") else { return };
    if schedule.contains("TZ") {
        wrong(object, spec, "schedule", "names a time zone", "write it into `timeZone`", reporter);
    } else if let Err(why) = cron::read(schedule) {
        let help = format!("{why}; write `0 2 * * *` for two o'clock each night");
        wrong(object, spec, "schedule", &format!("is `{schedule}`, which is no time"), &help, reporter);
    }
}
