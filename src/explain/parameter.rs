//! A parameter of PostgreSQL: what the manual says, what is in effect, and why.

use serde_json::Value as Json;

use crate::config::Config;
use crate::postgres::parameters::{self, OWNED, Parameter};
use crate::postgres::tuning;
use crate::rules::By;
use crate::yaml::ValuePath;

use super::key::origin;
use super::spots::{environment, script_lines, setting_lines};
use super::topic::{Explained, Explainer, OfParameter, Origin, Places};
use super::trial::other_settings;
use super::tuning::{SetBy, config_key};

/// Everything but the places.
pub(super) fn describe(ground: &Explainer<'_>, parameter: &'static Parameter) -> Explained {
    let major = ground.made.facts.major;
    let name = parameter.name;
    let span = parameter.in_major(major).expect("it was looked up in this major");
    let effective = ground.made.facts.settings.iter().find(|setting| setting.name == name);
    let derived = tuning::derive(&ground.made.facts.shape).into_iter().find(|derived| derived.name == name);
    let owned = OWNED.iter().find(|row| row.name == name);
    let default = parameters::default(major, name).map(|value| value.to_string());
    let path = key(ground, name);

    let started = at_start(ground, name);
    let plain = |set_by| Origin { set_by, layer: None, place: None, text: None };
    let mut overrode = Vec::new();
    let winner = match effective.map(|setting| &setting.by) {
        Some(By::Values) => {
            let place = ground.loaded.merged.locate(&path);
            overrode
                .extend(ground.loaded.merged.overridden(&path).into_iter().map(|p| origin(ground, p, false)));
            place.map_or_else(
                || plain(SetBy::Values),
                |place| Origin { set_by: SetBy::Values, ..origin(ground, place, false) },
            )
        }
        Some(By::Derived(_)) => plain(SetBy::Derived),
        Some(By::Pod) => plain(SetBy::Pgpod),
        None if started.is_some() => plain(SetBy::Pgpod),
        None => plain(SetBy::Default),
    };
    if let Some(derived) = derived.as_ref().filter(|_| winner.set_by != SetBy::Derived) {
        overrode.push(Origin { text: Some(derived.value.clone()), ..plain(SetBy::Derived) });
    }
    Explained {
        key: name.to_owned(),
        description: parameter.description.to_owned(),
        kind: span.kind_in_words(),
        range: span.range_in_words(),
        default: default.clone().map(Json::from),
        keys: Vec::new(),
        value: match started {
            Some(AtStart { value }) => value,
            None => effective.map(|setting| setting.value.clone()).or(default),
        }
        .map(|value| Json::from(ground.sources.secret_texts().star(&value))),
        winner: Some(winner),
        overrode,
        parameter: Some(OfParameter {
            version: major.number(),
            category: parameter.category.to_owned(),
            takes_effect: span.context.in_words().to_owned(),
            restart: parameters::needs_restart(major, name),
            manual: Some(parameter.manual(major)),
            formula: derived.as_ref().map(|derived| derived.formula.clone()),
            reason: derived.map(|derived| derived.reason.to_owned()),
            owned: owned.map(|row| format!("{}; {}", row.reason, row.instead)),
        }),
        places: Places::default(),
    }
}

/// Where another value makes a difference.
pub(super) fn places(ground: &Explainer<'_>, parameter: &Parameter) -> Places {
    let (major, name) = (ground.made.facts.major, parameter.name);
    let effective = ground.made.facts.settings.iter().find(|setting| setting.name == name);
    let default = parameters::default(major, name).map(|value| value.to_string());
    let path = key(ground, name);
    let settable = parameters::can_be_set(major, name);
    if settable {
        let mut others = other_settings(major, name, effective.map(|setting| setting.value.as_str()));
        if effective.is_none() {
            // The server's own default, written out, is a line too: for those that take little else.
            others.extend(default.clone());
        }
        // A parameter's value is written as it is: one other shows every place.
        let mut places = ground.places(&path, others.into_iter().map(Json::from).collect(), 1);
        if places.spots.is_empty() {
            places.spots = setting_lines(&ground.made, name);
            places.none = places.none.filter(|_| places.spots.is_empty());
        }
        places
    } else {
        let mut spots = setting_lines(&ground.made, name);
        if at_start(ground, name).is_some() {
            spots.extend(script_lines(&ground.made, name));
        }
        let none = spots.is_empty().then(|| nowhere(&ground.loaded.config, name));
        Places { tried: Vec::new(), spots, none }
    }
}

/// That the pod's scripts give a parameter to the server, or write it into a file beside the data.
struct AtStart {
    /// None where it is known only when they run.
    value: Option<String>,
}

/// None where the scripts say nothing of the parameter.
fn at_start(ground: &Explainer<'_>, name: &str) -> Option<AtStart> {
    let config = &ground.loaded.config;
    let data = || environment(&ground.made, "PGDATA");
    let synchronous = config.high_availability.synchronous.enabled;
    let value = match name {
        "data_directory" => data(),
        // The mounted file, and over it what only the volume knows.
        "config_file" if config.is_ha() => data().map(|data| format!("{data}.conf")),
        "config_file" => Some("/etc/pgpod/config/postgresql.conf".to_owned()),
        "primary_conninfo" | "primary_slot_name" if config.is_ha() => None,
        "synchronous_standby_names" if config.is_ha() && synchronous => None,
        _ => return None,
    };
    Some(AtStart { value })
}

/// Why a parameter that the values may not set is not set.
fn nowhere(config: &Config, name: &str) -> String {
    let Some(owned) = OWNED.iter().find(|row| row.name == name) else {
        return "nowhere: the server decides it by itself".to_owned();
    };
    match name {
        "primary_conninfo" | "primary_slot_name" if !config.is_ha() => {
            "nowhere: a single server follows none; where `deploymentMode` is `ha`, the pod sets it while it runs".to_owned()
        }
        "synchronous_standby_names" => {
            "nowhere as the values are: the keeper sets it where `highAvailability.synchronous.enabled` is true".to_owned()
        }
        _ if name.starts_with("ssl") && !config.security.tls.enabled => {
            "nowhere as the values are: `security.tls.enabled` is false, so the server has no certificate".to_owned()
        }
        _ => format!("nowhere: pgpod leaves it at the server's own default, since {}", owned.reason),
    }
}

/// The key that sets it, or would.
fn key(ground: &Explainer<'_>, name: &str) -> ValuePath {
    config_key(ground.loaded, &ground.made.facts, name)
        .unwrap_or_else(|| ValuePath::root().child("postgresql").child("config").child(name))
}
