//! Every key and every parameter is explained.

use pgpod::diagnostics::{Diagnostics, Sources, report};
use pgpod::explain::{Explained, Explainer};
use pgpod::pipeline;
use pgpod::postgres::{Major, parameters};
use pgpod::release::Release;
use pgpod::render::Templates;
use serde_json::Value as Json;

/// Explains words of a release with the defaults, with the places where they end up or without.
fn explained(words: impl IntoIterator<Item = (String, bool)>, judge: impl Fn(&Explained) -> Option<String>) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let no_file = |_: &str| Err(String::new());
    let loaded = pipeline::load(None, Vec::new(), &no_file, &mut sources, &mut found).expect("it loads");
    let release = Release::new("demo", "plant7", false).expect("the names are valid");
    let templates = Templates::default();
    let explainer = Explainer::new(&loaded, &release, &templates, &mut sources, &mut found);
    let explainer = explainer.expect("the defaults render");
    let mut problems = String::new();
    for (word, with_places) in words {
        match if with_places { explainer.explain(&word) } else { explainer.describe(&word) } {
            Ok(explained) => {
                problems.extend(
                    judge(&explained).map(|problem| format!("{word}: {problem}\n{}\n", explained.text())),
                );
            }
            Err(wrong) => {
                let mut found = Diagnostics::new();
                found.push(wrong);
                problems += &report(&found, &sources, false);
            }
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn every_documented_key_says_where_it_ends_up_or_what_it_counts_with() {
    let keys = pgpod::config::all_keys();
    assert!(keys.len() > 180, "{keys:?}");
    explained(keys.into_iter().map(|key| (key, true)), |explained| {
        let none = explained.places.none.as_deref().unwrap_or_default();
        let vague = ["another value gives the same render", "not found out"];
        let alone = |text: &str| text.starts_with("Its ") || text.contains(" it ") && text.len() < 30;
        match () {
            () if explained.description.is_empty() => Some("it has no documentation".to_owned()),
            () if alone(&explained.description) => Some("its documentation does not stand alone".to_owned()),
            () if explained.keys.is_empty()
                && explained.places.spots.is_empty()
                && explained.places.none.is_none() =>
            {
                Some("it does not say where it ends up".to_owned())
            }
            () if vague.iter().any(|words| none.contains(words)) => Some("it does not say why".to_owned()),
            () => None,
        }
    });
}

/// The path of every key, of the sections and of the first items of lists too.
fn keys(value: &Json, path: &str, keys: &mut Vec<String>) {
    let members: Vec<(String, &Json)> = match value {
        Json::Object(map) => {
            let dot = if path.is_empty() { "" } else { "." };
            map.iter().map(|(key, member)| (format!("{path}{dot}{key}"), member)).collect()
        }
        Json::Array(items) => items.iter().take(1).map(|item| (format!("{path}[0]"), item)).collect(),
        _ => Vec::new(),
    };
    for (path, member) in members {
        keys.push(path.clone());
        self::keys(member, &path, keys);
    }
}

#[test]
fn every_key_of_the_defaults_is_explained() {
    let mut all = Vec::new();
    keys(&pipeline::defaults(), "", &mut all);
    assert!(all.len() > 90, "{all:?}");
    explained(all.into_iter().map(|key| (key, false)), |explained| {
        let shown = explained.value.is_some() && explained.winner.is_some();
        match () {
            () if explained.description.is_empty() => Some("it has no documentation".to_owned()),
            () if explained.keys.is_empty() && !shown => Some("nobody has set it".to_owned()),
            () => None,
        }
    });
}

#[test]
fn every_parameter_of_17_is_explained() {
    let names: Vec<String> = parameters::all()
        .iter()
        .filter(|parameter| parameter.in_major(Major::V17).is_some())
        .map(|parameter| parameter.name.to_owned())
        .collect();
    assert_eq!(names.len(), 383);
    // A render for each would take half a minute: every eighth stands for its neighbours.
    let words = names.into_iter().enumerate().map(|(at, name)| (name, at % 8 == 0));
    explained(words, |explained| {
        let parameter = explained.parameter.as_ref()?;
        let places = &explained.places;
        let settable = parameters::can_be_set(Major::V17, &explained.key);
        let in_conf = places.spots.iter().any(|spot| spot.file == "postgresql.conf");
        let restarts = places.spots.iter().any(|spot| spot.at.ends_with("restart-checksum"));
        match () {
            () if parameter.manual.is_none() => Some("it has no page of the manual".to_owned()),
            () if explained.kind.is_empty() || explained.value.is_none() => {
                Some("it has no value".to_owned())
            }
            () if places.spots.is_empty() && places.none.is_none() => None,
            () if settable && !in_conf => Some("it does not reach postgresql.conf".to_owned()),
            () if settable && restarts != parameter.restart => {
                Some("the pod restarts without need".to_owned())
            }
            () => None,
        }
    });
}
