//! A parameter of PostgreSQL: what the manual says, what is in effect, and why.

use serde_json::Value as Json;

use crate::postgres::parameters::{self, OWNED, Parameter};
use crate::postgres::tuning;
use crate::rules::By;
use crate::yaml::ValuePath;

use super::key::origin;
use super::spots::setting_lines;
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
        value: effective
            .map(|setting| setting.value.clone())
            .or(default)
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
        let spots = setting_lines(&ground.made, name);
        let none = spots.is_empty().then(|| "nowhere: the server decides it by itself".to_owned());
        Places { tried: Vec::new(), spots, none }
    }
}

/// The key that sets it, or would.
fn key(ground: &Explainer<'_>, name: &str) -> ValuePath {
    config_key(ground.loaded, &ground.made.facts, name)
        .unwrap_or_else(|| ValuePath::root().child("postgresql").child("config").child(name))
}
