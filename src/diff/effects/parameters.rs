//! What a changed parameter of the server leads to, by its context in that major.

use serde_json::Value as Json;

use super::volumes::release_of;
use super::{Consequence, Effect, Facts, Subject};
use crate::diff::{Body, Change, Diff, ObjectDiff, Path, What};
use crate::postgres::Major;
use crate::postgres::parameters::{self, Context};

/// A value of a parameter that puts data at risk, and why.
const RISKS: [(&str, &[&str], &str); 8] = [
    ("fsync", &["off", "false", "no", "0"], "a crash of the machine can then destroy the whole database"),
    ("full_page_writes", &["off", "false", "no", "0"], "a crash of the machine can then tear pages for good"),
    ("synchronous_commit", &["off"], "a crash can then lose transactions that were acknowledged"),
    (
        "zero_damaged_pages",
        &["on", "true", "yes", "1"],
        "damaged pages are then emptied, with all rows in them",
    ),
    ("ignore_checksum_failure", &["on", "true", "yes", "1"], "damaged data is then read as if it were good"),
    ("data_sync_retry", &["on", "true", "yes", "1"], "a failed write to the disk can then go unnoticed"),
    ("wal_level", &["minimal"], "backups of the log and standbys then have nothing to go by"),
    (
        "archive_mode",
        &["off"],
        "the log is then archived no more: a point in time later than now can't be restored",
    ),
];

/// Words of the file that are no parameters.
const DIRECTIVES: [&str; 3] = ["include", "include_dir", "include_if_exists"];

/// The parameter that a change is of.
fn parameter<'a>(change: &'a Change, kind: &str) -> Option<&'a str> {
    let conf = kind == "ConfigMap" && matches!(change.body, Body::Value { .. }) && is_setting(&change.path);
    conf.then(|| change.path.last())
}

fn is_setting(path: &Path) -> bool {
    path.fits("data * *") && path.word(1).ends_with("postgresql.conf")
}

pub(super) fn effect(change: &Change, subject: &Subject<'_>, facts: &Facts) -> Option<Effect> {
    let name = parameter(change, subject.kind)?;
    let Body::Value { after, .. } = &change.body else { return None };
    let effect = |consequence, reason: String| Some(Effect { consequence, reason, recipe: None });
    if is_stated_default(change, name, facts) {
        let how = if after.is_some() { "stated" } else { "left out" };
        return effect(
            Consequence::Nothing,
            format!("the server's own default is {how}: the value is the same as before"),
        );
    }
    let major = facts.new_major;
    if let Some(why) = risk(name, after.as_ref().and_then(Json::as_str), major) {
        return effect(Consequence::Risk, why);
    }
    if DIRECTIVES.contains(&name) {
        let reason =
            "it brings in other settings at a reload; those that only a start takes over wait for one";
        return effect(Consequence::Reload, reason.to_owned());
    }
    let restart = effect(Consequence::Restart, format!("`{name}` takes effect at a start of the server"));
    let span = parameters::find(major, name).and_then(|parameter| parameter.in_major(major));
    let Some(span) = span else {
        let gone = format!("PostgreSQL {major} does not have `{name}`");
        return if parameters::needs_restart(major, name) {
            restart
        } else {
            effect(Consequence::Reload, gone)
        };
    };
    let back = if after.is_none() { "; without a line it has the server's own default" } else { "" };
    let reason = match span.context {
        Context::Postmaster => return restart,
        Context::Internal => return effect(Consequence::Nothing, format!("`{name}` can't be set")),
        Context::Sighup => "takes effect at a reload",
        Context::Backend | Context::SuperuserBackend => {
            "takes effect at a reload, in sessions that begin then"
        }
        Context::Superuser | Context::User => {
            "takes effect at a reload, where no role, database or session has its own value"
        }
    };
    effect(Consequence::Reload, format!("it {reason}{back}"))
}

/// Why a value puts data at risk, or the server's own default where there is no line.
fn risk(name: &str, value: Option<&str>, major: Major) -> Option<String> {
    let (_, values, why) = RISKS.iter().find(|(risky, ..)| *risky == name)?;
    let Some(value) = value.map(str::to_ascii_lowercase) else {
        let default = values.iter().find(|value| parameters::is_default(major, name, value))?;
        return Some(format!("`{name}` is `{default}`, the server's own default: {why}"));
    };
    values.contains(&&*value).then(|| format!("`{name}` is `{value}`: {why}"))
}

/// Whether one side states the server's own default, and the other one nothing.
fn is_stated_default(change: &Change, name: &str, facts: &Facts) -> bool {
    let Body::Value { before, after } = &change.body else { return false };
    let stated = match (before, after) {
        (Some(stated), None) | (None, Some(stated)) => stated.as_str(),
        _ => None,
    };
    let same_major = facts.old_major == facts.new_major;
    same_major && stated.is_some_and(|stated| parameters::is_default(facts.new_major, name, stated))
}

/// Why the annotation that restarts the server of a release is another one: parameters by name, then the scripts.
pub(super) fn restarts(diff: &Diff, facts: &Facts, release: &str) -> Option<String> {
    let (mut names, mut defaults) = (Vec::new(), Vec::new());
    let of_release = |object: &&ObjectDiff| object.new.as_ref().and_then(release_of) == Some(release);
    for object in diff.objects.iter().filter(|object| object.what == What::Changed).filter(of_release) {
        for change in &object.changes {
            let name = parameter(change, &object.id.kind);
            if let Some(name) = name.filter(|name| parameters::needs_restart(facts.new_major, name)) {
                let known = if is_stated_default(change, name, facts) { &mut defaults } else { &mut names };
                known.push(format!("`{name}`"));
            }
            let script = object.id.kind == "ConfigMap" && object.id.name.ends_with("-scripts");
            if script && change.path.fits("data *") {
                names.push(format!("the script `{}`", change.path.last()));
            }
        }
    }
    if names.is_empty() && defaults.is_empty() {
        return None;
    }
    if names.is_empty() {
        return Some(format!(
            "it is a checksum of what is written, {} included, though no value is another",
            defaults.join(", ")
        ));
    }
    let take = if names.len() == 1 { "takes" } else { "take" };
    Some(format!("{} {take} effect at a start of the server", names.join(", ")))
}
