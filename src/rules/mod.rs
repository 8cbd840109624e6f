//! What single types cannot say: values that have to fit each other, PostgreSQL and the image. Each rule reports all that
//! it finds; what they find out on the way is in [`Facts`].
//!
//! To add a rule: a function `fn(&Subject, &mut Findings)` in the file of its subject, and a row in `RULES`.

mod access;
mod budget;
mod databases;
mod facts;
mod findings;
mod image;
mod labels;
mod pod;
mod replication;
mod roles;
mod settings;
mod storage;

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Sources};
use crate::postgres::{Major, images};
use crate::release::Release;
use crate::values::Merged;

pub use facts::{By, Effective, Facts, Image};
use findings::Findings;
pub(crate) use findings::refused;

/// What a rule judges.
struct Subject<'a> {
    config: &'a Config,
    release: &'a Release,
    major: Major,
}

/// The rules that find out nothing for the plan.
const RULES: &[fn(&Subject<'_>, &mut Findings<'_>)] = &[
    databases::names_are_unique,
    databases::encodings_and_locales_exist,
    databases::roles_keep_their_rights,
    databases::scripts_name_a_database,
    labels::reserved_labels_are_free,
    pod::passwords_are_all_or_none,
    pod::ports_are_distinct,
    pod::names_of_extras_are_free,
    pod::memory_requests_fit_limits,
    pod::major_is_supported,
    replication::commits_can_be_confirmed,
    replication::keys_fit_the_mode,
    replication::servers_exist,
    roles::are_distinct,
    roles::names_can_exist,
    storage::class_and_claim_are_used,
    storage::service_keys_fit_its_type,
    storage::wal_is_retired_while_mounted,
];

/// Judges the values. Nothing is returned when the plan could not be made of them.
pub fn judge(
    config: &Config,
    merged: &Merged,
    release: &Release,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Option<Facts> {
    let major = major(config);
    let subject = Subject { config, release, major };
    let mut findings = Findings::new(merged, sources, found);
    for rule in RULES {
        rule(&subject, &mut findings);
    }
    let image = image::choose(&subject, &mut findings);
    let settings = settings::settings(&subject, &mut findings);
    let access = access::access(&subject, &mut findings);
    let budget = budget::judge(&subject, settings.as_ref(), &mut findings);
    replication::judge(&subject, settings.as_ref().map(|s| s.settings.as_slice()), &mut findings);
    let (hba, ident) = access?;
    let (settings, budget) = settings.zip(budget)?;
    Some(Facts {
        major,
        image: image?,
        exporter: image::parts(images::EXPORTER),
        curl: image::parts(images::CURL),
        locale: locale(major),
        shm: budget.shm,
        shape: settings.shape,
        budget: budget.budget,
        settings: settings.settings,
        hba,
        ident,
        extensions: image::created(config),
    })
}

/// The major that the values choose.
pub(crate) fn major(config: &Config) -> Major {
    use crate::config::Version;
    match config.postgresql.version {
        Version::V14 => Major::V14,
        Version::V15 => Major::V15,
        Version::V16 => Major::V16,
        Version::V17 => Major::V17,
        Version::V18 => Major::V18,
    }
}

/// The locale of a new cluster. The builtin provider is the one that no change of the image can alter.
fn locale(major: Major) -> &'static str {
    match major {
        Major::V14 => "libc C.UTF-8",
        Major::V15 | Major::V16 => "icu und",
        Major::V17 | Major::V18 => "builtin C.UTF-8",
    }
}
