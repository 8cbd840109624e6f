//! What single types cannot say: values that have to fit each other, PostgreSQL and the image. Each rule reports all that
//! it finds; what they find out on the way is in [`Facts`].
//!
//! To add a rule: a function in the file of its subject, and a row in `RULES`, `IMAGE_RULES` or `SETTING_RULES`. A key
//! that has no effect while another is as it is: a row in `unused.rs`. A setting that is dangerous by itself: a row in
//! `postgres/parameters/risks.rs`.

mod access;
mod budget;
mod collations;
mod databases;
mod facts;
mod findings;
mod image;
mod labels;
mod libraries;
mod needs;
mod nodes;
mod parameters;
mod passwords;
mod placement;
mod pod;
mod registry;
mod replication;
mod risks;
mod roles;
mod scripts;
mod settings;
mod sizes;
mod storage;
mod unused;
mod weakness;

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Sources};
use crate::postgres::{Major, images};
use crate::release::Release;
use crate::values::Merged;

pub use facts::{By, Effective, Facts, Image, image_reference};
use findings::Findings;
pub(crate) use findings::refused;
pub(crate) use parameters::config_key;

/// What a rule judges.
struct Subject<'a> {
    config: &'a Config,
    release: &'a Release,
    major: Major,
}

type Rule = fn(&Subject<'_>, &mut Findings<'_>);

/// The rules that need no more than the values.
const RULES: &[Rule] = &[
    databases::names_are_unique,
    databases::encodings_and_locales_exist,
    databases::encodings_fit_their_locales,
    databases::scripts_are_sql,
    databases::scripts_name_a_database,
    labels::reserved_labels_are_free,
    libraries::tag_is_of_the_major,
    needs::files_are_mounted,
    needs::log_folder_is_writable,
    nodes::servers_have_nodes_to_spread_over,
    passwords::are_all_or_none,
    passwords::are_keys_of_their_own,
    passwords::are_not_guessed,
    passwords::are_not_in_the_environment,
    passwords::are_not_kept_in_clear,
    placement::extra_containers_find_free_ports,
    placement::node_port_is_in_range,
    placement::the_server_has_time_to_stop,
    pod::ports_are_distinct,
    pod::names_of_extras_are_free,
    pod::memory_requests_fit_limits,
    pod::major_is_supported,
    replication::commits_can_be_confirmed,
    replication::keys_fit_the_mode,
    replication::servers_exist,
    roles::are_distinct,
    roles::keep_their_rights,
    roles::names_can_exist,
    scripts::scripts_can_run_again,
    scripts::statements_fit_their_transaction,
    sizes::amounts_have_their_unit,
    sizes::cpus_are_not_thousands,
    sizes::lag_has_its_unit,
    storage::source_ranges_are_networks,
    storage::wal_is_retired_while_mounted,
    unused::keys_have_an_effect,
];

/// The rules that judge the image that was chosen.
const IMAGE_RULES: &[fn(&Subject<'_>, &Image, &mut Findings<'_>)] = &[
    collations::locales_are_in_the_image,
    collations::the_tag_names_its_base,
    libraries::are_in_the_image,
    libraries::tag_names_its_major,
    needs::are_met,
    placement::nodes_run_the_image,
    registry::stands_in_front_once,
];

/// The rules that judge every parameter that is set.
const SETTING_RULES: &[fn(&Subject<'_>, &[Effective], &mut Findings<'_>)] =
    &[replication::slots_are_limited, risks::are_known, sizes::log_fits_its_volume];

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
    if let Some(image) = &image {
        for rule in IMAGE_RULES {
            rule(&subject, image, &mut findings);
        }
    }
    let effective = settings.as_ref().map(|derived| derived.settings.as_slice());
    if let Some(settings) = effective {
        for rule in SETTING_RULES {
            rule(&subject, settings, &mut findings);
        }
    }
    let access = access::access(&subject, image.as_ref(), &mut findings);
    let budget = budget::judge(&subject, settings.as_ref(), &mut findings);
    replication::judge(&subject, effective, &mut findings);
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
        enough_memory: budget.enough,
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
