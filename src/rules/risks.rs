//! Settings that the server takes and that somebody will be sorry for, where the user made them.

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
