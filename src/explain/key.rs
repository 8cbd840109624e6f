//! A key of the values: what it means, who set it, where it ends up.

use serde_json::Value as Json;

use crate::config::{self, Documented};
use crate::diagnostics::{Place, STARS, SourceKind};
use crate::pipeline;
use crate::yaml::ValuePath;

use super::live::needs;
use super::topic::{Below, Explained, Explainer, Origin, Places};
use super::trial::{examples, others};
use super::tuning::SetBy;

/// Everything but the places.
pub(super) fn describe(ground: &Explainer<'_>, path: &ValuePath, documented: &Documented) -> Explained {
    let merged = &ground.loaded.merged;
    let shown = ground.loaded.shown(&ground.sources);
    let now = config::at(&shown, path).cloned();
    let winner = merged.root.at(path).map(|node| origin(ground, node.place, documented.secret));
    let overrode: Vec<Origin> =
        merged.overridden(path).into_iter().map(|place| origin(ground, place, documented.secret)).collect();
    let section = !documented.keys.is_empty();
    Explained {
        key: path.to_string(),
        description: documented.description.clone(),
        kind: documented.kind.clone(),
        range: documented.range.clone(),
        default: config::at(&pipeline::defaults(), path).cloned().filter(|_| !section),
        keys: documented
            .keys
            .iter()
            .map(|(key, description)| Below { key: key.clone(), description: description.clone() })
            .collect(),
        value: now.filter(|_| !section),
        winner: winner.filter(|_| !section),
        overrode: if section { Vec::new() } else { overrode },
        parameter: None,
        places: Places::default(),
    }
}

/// Where another value makes a difference; a section has none of its own.
pub(super) fn places(ground: &Explainer<'_>, path: &ValuePath, documented: &Documented) -> Places {
    if !documented.keys.is_empty() {
        return Places::default();
    }
    let shown = ground.loaded.shown(&ground.sources);
    let now = config::at(&shown, path);
    let above = path.parent().unwrap_or_default();
    let is_item = path.steps().last().is_some_and(|step| matches!(step, crate::yaml::Step::Index(_)));
    let missing_list =
        is_item || above.steps().iter().any(|step| matches!(step, crate::yaml::Step::Index(_)));
    let whole = if is_item { path } else { &above };
    if missing_list && ground.loaded.merged.root.at(whole).is_none() {
        let none = format!("nowhere: the values have no `{whole}`");
        return Places { none: Some(none), ..Places::default() };
    }
    let mut others = others(documented.schema, now);
    if others.is_empty() && documented.schema.is_null() {
        let none = match now {
            Some(_) => "with all that is beside and below it: ask about a single value".to_owned(),
            None => "nowhere: the values do not have it".to_owned(),
        };
        return Places { none: Some(none), ..Places::default() };
    }
    others.extend(examples(&ground.loaded.config, path));
    if documented.secret {
        others = vec![Json::from("another-password")];
    }
    let mut places = ground.places(path, others, 3);
    if documented.secret {
        places.tried = Vec::new();
    }
    if places.none.is_some() {
        places.none = needs(&ground.loaded.config, path).or(places.none);
    }
    places
}

/// A place and who wrote there.
pub(super) fn origin(ground: &Explainer<'_>, place: Place, secret: bool) -> Origin {
    let Explainer { sources, loaded, .. } = ground;
    let text = sources.text(place);
    let first = text.lines().next().unwrap_or_default();
    let text = if first.len() < text.len() { format!("{first} …") } else { first.to_owned() };
    let kind = sources.get(place.source).kind;
    Origin {
        set_by: if kind == SourceKind::Defaults { SetBy::Default } else { SetBy::Values },
        layer: loaded.merged.layer(place).map(|layer| layer.name.clone()),
        place: Some(sources.describe(place)),
        text: Some(if secret { STARS.to_owned() } else { sources.secret_texts().star(&text) }),
    }
}
