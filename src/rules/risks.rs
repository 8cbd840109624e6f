//! Settings that the server takes and that somebody will be sorry for, where the user made them.

use serde_json::Value as Json;

use crate::postgres::parameters;
use crate::yaml::{Step, ValuePath};

use super::findings::{Findings, warned};
use super::{By, Effective, Subject};

pub(super) fn are_known(subject: &Subject<'_>, settings: &[Effective], found: &mut Findings<'_>) {
    let of = |name: &str| settings.iter().find(|setting| setting.name.eq_ignore_ascii_case(name));
    let value = |name: &str| of(name)?.read(subject.major);
    let own = |name: &str| of(name).is_some_and(|setting| setting.by == By::Values);
    let written = |name: &str| {
        let at = subject.parameter(name).filter(|_| own(name))?;
        match at.steps().last()? {
            Step::Key(key) => Some(subject.config.postgresql.config.get(key)?.as_str().to_owned()),
            Step::Index(_) => None,
        }
    };
    for (name, fault) in parameters::risks(subject.major, &written, &value) {
        if name == "huge_pages" && huge_pages_are_patched_in(subject) {
            continue;
        }
        let at = subject.parameter_at(name);
        if found.is_given(&at) {
            found.at(&at, "", warned(fault));
        }
    }
    for (name, limit, fault) in parameters::limited(subject.major, &own, &value) {
        let (at, limit) = (subject.parameter_at(name), subject.parameter_at(limit));
        if found.is_given(&at) {
            let by = Some((&limit, "")).filter(|_| found.is_given(&limit));
            let places: Vec<(&ValuePath, &str)> = [(&at, "")].into_iter().chain(by).collect();
            found.at_all(&places, warned(fault));
        }
    }
}

/// Whether a patch gives the server's container huge pages: no value does.
fn huge_pages_are_patched_in(subject: &Subject<'_>) -> bool {
    subject.config.patches.iter().any(|patch| {
        let containers = patch.patch.0.pointer("/spec/template/spec/containers").and_then(Json::as_array);
        let server = |container: &&Json| container.get("name").and_then(Json::as_str) == Some("postgres");
        let limits =
            containers.into_iter().flatten().find(server).and_then(|it| it.pointer("/resources/limits"));
        let mut names = limits.and_then(Json::as_object).into_iter().flatten();
        names.any(|(name, amount)| name.starts_with("hugepages-") && !amount.is_null())
    })
}
