//! From what the command line names to the merged values.

use super::flag::{self, Change, FlagKind};
use super::merge::{merge, parameters, parameters_at, supersede};
use super::presets::{DEFAULTS, PRESETS, Preset, check_shape, embedded};
use super::set::Files;
use super::{Layer, Merged};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, SourceKind, Sources, codes};
use crate::spelling::closest;
use crate::yaml::{self, Entry, Map, Node, Style, Value, ValuePath};

/// What the command line names, in its order.
#[derive(Debug, Clone)]
pub enum Input {
    File { name: String, text: String, stdin: bool },
    Flag { kind: FlagKind, argument: String },
}

/// The preset that the command line names; it goes before `resourcePreset`.
#[derive(Debug, Clone)]
pub enum PresetChoice {
    BuiltIn(String),
    File { name: String, text: String },
}

/// Merges preset, defaults, files and flags. `files` reads what `--set-file` names. Nothing is returned when a part
/// can't be read at all; errors in `found` may come with a result, so that a later stage can add its own.
pub fn load(
    preset: Option<PresetChoice>,
    inputs: Vec<Input>,
    files: Files<'_>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Merged> {
    let defaults = sources.add("defaults", SourceKind::Defaults, DEFAULTS);
    let defaults = layers("defaults", defaults, embedded(DEFAULTS, defaults, sources, found));
    let given = read_inputs(inputs, files, sources, found);
    let mut by_flag = None;
    let preset = if let Some(choice) = preset {
        chosen(choice, &mut by_flag, sources, found)
    } else {
        let below = || defaults.iter().flatten().chain(given.iter().flatten());
        if let Some(node) = written(below().rev()) {
            named(&node, sources, found)
        } else {
            // Errors of this first merge are found again by the second.
            let (root, _) = fold(below().cloned().collect(), sources, &mut Diagnostics::new());
            root.as_map().and_then(|map| named(map.get(PRESET_KEY)?, sources, found))
        }
    };
    let (preset, defaults, given) = (preset?, defaults?, given?);
    let (name, preset) = preset;
    for layer in &preset {
        if let Body::Document(node) = &layer.body {
            check_shape(node, found);
        }
    }
    let all = preset.into_iter().chain(defaults).chain(given).chain(by_flag).collect();
    let (mut root, layers) = fold(all, sources, found);
    if let Value::Map(map) = &mut root.value
        && let Some(Value::Scalar(given)) = map.get_mut("resourcePreset").map(|node| &mut node.value)
        && Preset::find(&given.token).is_none()
        && Preset::find(&name).is_some()
    {
        // It has been told that this is none; the one that stands in for it is.
        given.token.clone_from(&name);
    }
    Some(Merged { root, layers, preset: name, stand_ins: Vec::new() })
}

/// What files and flags alone merge to: nulls stay, indexes act on these alone, scalars are typed as Helm would.
pub fn raw(
    inputs: Vec<Input>,
    files: Files<'_>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<serde_json::Value> {
    let given = read_inputs(inputs, files, sources, found)?;
    let (root, _) = fold(given, sources, found);
    (!found.has_errors()).then(|| root.to_json())
}

/// A layer that was read, but is not merged yet.
#[derive(Clone)]
struct Given {
    name: String,
    source: SourceId,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Document(Node),
    Changes(Vec<Change>),
}

fn read_layer(
    name: &str,
    source: SourceId,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Option<Vec<Given>> {
    layers(name, source, yaml::read(sources, source, found))
}

/// A layer for each document; none where none could be read.
fn layers(name: &str, source: SourceId, documents: Vec<Node>) -> Option<Vec<Given>> {
    let layer = |node| Given { name: name.to_owned(), source, body: Body::Document(node) };
    (!documents.is_empty()).then(|| documents.into_iter().map(layer).collect())
}

/// Files in order, then flags in order. All of them are read before one that can't be read ends it.
fn read_inputs(
    inputs: Vec<Input>,
    files: Files<'_>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Vec<Given>> {
    let mut documents = Some(Vec::new());
    let mut flags = Vec::new();
    for input in inputs {
        match input {
            Input::File { name, text, stdin } => {
                let kind = if stdin { SourceKind::Stdin } else { SourceKind::File };
                let source = sources.add(name.as_str(), kind, text);
                let read = read_layer(&name, source, sources, found);
                documents = documents.zip(read).map(|(mut all, more)| {
                    all.extend(more);
                    all
                });
            }
            Input::Flag { kind, argument } => {
                let source = sources.add(kind.name(), SourceKind::Flag, argument);
                match flag::parse(kind, source, files, sources) {
                    Ok(changes) => flags.push(Given {
                        name: kind.name().to_owned(),
                        source,
                        body: Body::Changes(changes),
                    }),
                    Err(refusal) => found.push(refusal),
                }
            }
        }
    }
    documents.map(|mut all| {
        all.extend(flags);
        all
    })
}

fn fold(given: Vec<Given>, sources: &mut Sources, found: &mut Diagnostics) -> (Node, Vec<Layer>) {
    let start = given.first().map_or_else(|| sources.add("", SourceKind::Defaults, ""), |layer| layer.source);
    let mut root = Node::map(Place::new(start, 0, 0), Map::new());
    let mut layers = Vec::with_capacity(given.len());
    for Given { name, source, body } in given {
        let before = parameters(&root);
        let set = match body {
            Body::Document(node) => {
                merge(&mut root, node.clone());
                vec![(ValuePath::root(), node)]
            }
            Body::Changes(changes) => {
                let values: Vec<Place> = changes.iter().map(Change::value).collect();
                let mut set = Vec::new();
                for change in changes {
                    match change.apply(&mut root, sources) {
                        Ok(done) => set.push(done),
                        Err(refusal) => {
                            // A refused flag shows its keys, never its values.
                            for place in &values {
                                sources.hide(*place);
                            }
                            found.push(refusal);
                            break;
                        }
                    }
                }
                set
            }
        };
        let own: Vec<String> = set.iter().flat_map(|(path, node)| parameters_at(path, node)).collect();
        supersede(&mut root, &before, &own);
        layers.push(Layer { name, source, set });
    }
    (root, layers)
}

/// The preset that the command line names; a built-in one is what `resourcePreset` then says, above all layers.
fn chosen(
    choice: PresetChoice,
    by_flag: &mut Option<Given>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<(String, Vec<Given>)> {
    match choice {
        PresetChoice::File { name, text } => {
            let source = sources.add(name.as_str(), SourceKind::Preset, text);
            let layers = read_layer(&format!("preset `{name}`"), source, sources, found)?;
            Some((name, layers))
        }
        PresetChoice::BuiltIn(name) => {
            let source = sources.add("--preset", SourceKind::Flag, name.as_str());
            let place = Place::new(source, 0, name.len());
            let built_in = built_in(&name, place, sources, found)?;
            let mut says = Map::new();
            let node = Node::scalar(place, built_in.0.as_str(), Style::Text);
            says.insert(Entry { key: PRESET_KEY.to_owned(), key_place: place, node });
            let body = Body::Document(Node::map(place, says));
            *by_flag = Some(Given { name: "--preset".to_owned(), source, body });
            Some(built_in)
        }
    }
}

/// The key that names the preset.
const PRESET_KEY: &str = "resourcePreset";

/// What the highest of some layers that names the preset says; none where a flag could have a say in it: that needs a merge.
fn written<'a>(layers: impl Iterator<Item = &'a Given>) -> Option<Node> {
    for layer in layers {
        match &layer.body {
            Body::Document(node) => {
                if let Some(node) = node.as_map().and_then(|map| map.get(PRESET_KEY)) {
                    return Some(node.clone());
                }
            }
            Body::Changes(changes) if changes.iter().any(|change| change.may_set(PRESET_KEY)) => return None,
            Body::Changes(_) => {}
        }
    }
    None
}

/// The preset that the values name.
fn named(node: &Node, sources: &mut Sources, found: &mut Diagnostics) -> Option<(String, Vec<Given>)> {
    match node.as_scalar() {
        Some(scalar) if !scalar.is_null() => built_in(&scalar.token, node.place, sources, found),
        _ => {
            found.push(
                Diagnostic::error(
                    codes::WRONG_TYPE,
                    format!("`resourcePreset` is {}, but it has to name a preset", node.kind()),
                )
                .at(node.place, "")
                .help(known_presets()),
            );
            None
        }
    }
}

fn built_in(
    name: &str,
    place: Place,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<(String, Vec<Given>)> {
    let preset = if let Some(preset) = Preset::find(name) {
        preset
    } else {
        let near = closest(name, PRESETS.iter().map(|preset| preset.name));
        let guess = near.map(|guess| format!("did you mean `{guess}`? ")).unwrap_or_default();
        found.push(
            Diagnostic::error(codes::UNKNOWN_PRESET, format!("there is no preset `{name}`"))
                .at(place, "")
                .help(format!("{guess}{}", known_presets())),
        );
        // So that the rest can be judged: what was meant, else the largest, in which most settings fit.
        near.and_then(Preset::find).or(PRESETS.last())?
    };
    let name = preset.name;
    let source = sources.add(format!("preset {name}"), SourceKind::Preset, preset.text);
    let documents = embedded(preset.text, source, sources, found);
    let layers = layers(&format!("preset `{name}`"), source, documents)?;
    Some((name.to_owned(), layers))
}

fn known_presets() -> String {
    let names: Vec<_> = PRESETS.iter().map(|preset| format!("`{}`", preset.name)).collect();
    format!("the presets are {}; `--preset FILE` takes a shape of your own", names.join(", "))
}
