//! Settings that the server takes and that somebody will be sorry for, where the user made them.

use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::parameters;

use super::findings::{Findings, path};
use super::{By, Effective, Subject};

pub(super) fn are_known(subject: &Subject<'_>, settings: &[Effective], found: &mut Findings<'_>) {
    let of = |name: &str| settings.iter().find(|setting| setting.name.eq_ignore_ascii_case(name));
    let value = |name: &str| of(name)?.read(subject.major);
    let own = |name: &str| of(name).is_some_and(|setting| setting.by == By::Values);
    for (name, fault) in parameters::risks(subject.major, &own, &value) {
        let key = subject.config.postgresql.config.keys().find(|key| key.eq_ignore_ascii_case(name));
        let at = path(&["postgresql", "config"]).child(key.map_or(name, String::as_str));
        if found.is_given(&at) {
            found.at(
                &at,
                "",
                Diagnostic::warning(codes::PARAMETER_RISK, fault.title).cause(fault.cause).help(fault.help),
            );
        }
    }
}
