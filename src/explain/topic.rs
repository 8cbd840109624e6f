//! What a word that somebody asks about stands for: a key of the values, or a parameter of PostgreSQL.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

use crate::diagnostics::{Diagnostic, Diagnostics, Sources, codes};
use crate::pipeline::{self, Loaded, Made};
use crate::postgres::Major;
use crate::postgres::parameters::{self, Parameter};
use crate::release::Release;
use crate::render::Templates;
use crate::rules;
use crate::yaml::{Node, Step, ValuePath};

use super::spots::{Spot, differences, sort};
use super::trial::Trial;
use super::tuning::SetBy;
use super::{key, parameter};

/// What is to be said of a key or a parameter.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// The key, or the parameter's name.
    pub key: String,
    pub description: String,
    /// Its type in words.
    #[serde(rename = "type")]
    pub kind: String,
    pub range: Option<String>,
    /// What holds where nobody says anything.
    pub default: Option<Json>,
    /// The keys below it, each with its first sentence.
    pub keys: Vec<Below>,
    /// What is in effect; a secret is not shown.
    pub value: Option<Json>,
    /// Who set it, and where.
    pub winner: Option<Origin>,
    /// What the winner went over, the highest first.
    pub overrode: Vec<Origin>,
    /// What is known of a parameter of PostgreSQL.
    pub parameter: Option<OfParameter>,
    pub places: Places,
}

/// A key below a section.
#[derive(Debug, Clone, Serialize)]
pub struct Below {
    pub key: String,
    /// The first sentence on it.
    pub description: String,
}

/// A value and where it was written.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    pub set_by: SetBy,
    /// The layer: a preset, `defaults`, a file, a flag.
    pub layer: Option<String>,
    /// File, line and column.
    pub place: Option<String>,
    /// As it was written there.
    pub text: Option<String>,
}

/// What is known of a parameter of PostgreSQL.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OfParameter {
    /// The major that this is about.
    pub version: u16,
    /// The heading of the manual under which it stands.
    pub category: String,
    /// When a change takes effect.
    pub takes_effect: String,
    /// Whether that is at a restart only.
    pub restart: bool,
    /// The page of the manual.
    pub manual: Option<String>,
    /// The formula with the numbers of this release, where it is derived.
    pub formula: Option<String>,
    /// Why it is derived.
    pub reason: Option<String>,
    /// Why nobody else may set it, and what to do instead, where pgpod does.
    pub owned: Option<String>,
}

/// Where a value ends up in what is rendered.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// The other values that more renders had: what differs is listed.
    pub tried: Vec<Json>,
    pub spots: Vec<Spot>,
    /// Why there is nothing to list.
    pub none: Option<String>,
}

/// Explains what belongs to a release.
#[derive(Debug)]
pub struct Explainer<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) release: &'a Release,
    pub(super) templates: &'a Templates,
    pub(super) sources: Sources,
    /// The render as the values are.
    pub(super) made: Made,
}

impl<'a> Explainer<'a> {
    /// Renders the release once. What is wrong with its values is in `found`.
    pub fn new(
        loaded: &'a Loaded,
        release: &'a Release,
        templates: &'a Templates,
        sources: &mut Sources,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let made = pipeline::make(loaded, release, templates, sources, found)?;
        Some(Self { loaded, release, templates, sources: sources.clone(), made })
    }

    /// Explains a key of the values, or a parameter of PostgreSQL by its bare name. That a word stands for nothing is an
    /// error.
    pub fn explain(&self, word: &str) -> Result<Explained, Diagnostic> {
        Ok(match topic(word, &self.loaded.merged.root, self.made.facts.major)? {
            Topic::Key(path, documented) => {
                let places = key::places(self, &path, &documented);
                Explained { places, ..key::describe(self, &path, &documented) }
            }
            Topic::Parameter(parameter) => {
                let places = parameter::places(self, parameter);
                Explained { places, ..parameter::describe(self, parameter) }
            }
        })
    }

    /// The same without the places, which cost a render or a few.
    pub fn describe(&self, word: &str) -> Result<Explained, Diagnostic> {
        Ok(match topic(word, &self.loaded.merged.root, self.made.facts.major)? {
            Topic::Key(path, documented) => key::describe(self, &path, &documented),
            Topic::Parameter(parameter) => parameter::describe(self, parameter),
        })
    }

    /// What changes in renders with other values at a path: those of `others` that are not refused, `enough` of them at
    /// most. More than one, since a neighbour can be rounded to the same result.
    pub(super) fn places(&self, path: &ValuePath, others: Vec<Json>, enough: usize) -> Places {
        let secrets = self.sources.secret_texts();
        let trial = Trial {
            loaded: self.loaded,
            release: self.release,
            templates: self.templates,
            sources: &self.sources,
        };
        let mut places = Places::default();
        let mut refusal = None;
        for other in others {
            match trial.run(path, &other) {
                Ok(made) => {
                    for spot in differences(&self.made, &made, secrets) {
                        if !places.spots.contains(&spot) {
                            places.spots.push(spot);
                        }
                    }
                    places.tried.push(other);
                }
                Err(why) => {
                    refusal.get_or_insert(why);
                }
            }
            if places.tried.len() == enough {
                break;
            }
        }
        // A line that is only there with another value is told where none of the present ones differs.
        let files: BTreeSet<String> =
            places.spots.iter().filter(|spot| !spot.only_then).map(|spot| spot.file.clone()).collect();
        places.spots.retain(|spot| !spot.only_then || !files.contains(&spot.file));
        sort(&mut places.spots);
        if places.spots.is_empty() {
            places.none = Some(match refusal {
                _ if !places.tried.is_empty() => {
                    "nowhere as the values are: another value gives the same render".to_owned()
                }
                // A value that was made up to be tried says nothing to anybody.
                Some(why) if why.contains("another") => {
                    "not found out: a value alone is refused, it goes with others".to_owned()
                }
                Some(why) => {
                    format!("not found out, since another value alone is refused: {}", secrets.star(&why))
                }
                None => "not found out: there is no other value to try".to_owned(),
            });
        }
        places
    }
}

enum Topic {
    Key(ValuePath, crate::config::Documented),
    Parameter(&'static Parameter),
}

fn topic(word: &str, values: &Node, major: Major) -> Result<Topic, Diagnostic> {
    let parameter = |name: &str| {
        let parameter = parameters::find(major, name).filter(|parameter| parameter.in_major(major).is_some());
        parameter.map(Topic::Parameter)
    };
    if let Some(topic) = parameter(word) {
        return Ok(topic);
    }
    let path = super::word::path(word, values)?;
    if let [Step::Key(first), Step::Key(second), rest @ ..] = path.steps()
        && first == "postgresql"
        && second == "config"
        && !rest.is_empty()
    {
        // A parameter's own name may have a dot.
        let name = rest.iter().map(|step| ValuePath::from_iter([step.clone()]).to_string());
        let name = name.collect::<Vec<_>>().join(".").replace('\\', "");
        return parameter(&name).ok_or_else(|| no_parameter(major, &name));
    }
    match crate::config::document(&path) {
        Ok(documented) if !path.steps().is_empty() => Ok(Topic::Key(path, documented)),
        Ok(_) => Err(Diagnostic::error(codes::UNKNOWN_KEY, "no key is named").help(
            "name one, such as `postgresql.image.tag` or `work_mem`; `pgpod explain postgresql` lists those below it",
        )),
        Err(unknown) => Err(no_key(word, &unknown, major)),
    }
}

fn no_parameter(major: Major, name: &str) -> Diagnostic {
    let enabled = crate::postgres::extensions::EnabledExtensions::default();
    match parameters::check(major, name, "", &enabled) {
        Err(fault) => rules::refused(fault),
        Ok(_) => {
            Diagnostic::error(codes::UNKNOWN_PARAMETER, format!("nothing is known of the parameter `{name}`"))
                .cause("it belongs to an extension that pgpod has no table of")
                .help("look it up in the extension's own documentation")
        }
    }
}

fn no_key(word: &str, unknown: &crate::config::UnknownKey, major: Major) -> Diagnostic {
    let crate::config::UnknownKey { key, above, renamed, meant } = unknown;
    let bare = !word.contains(['.', '[']);
    if bare && let Some(other) = elsewhere(word) {
        return no_parameter(major, other);
    }
    // What belongs to a session is in no table of the configuration's.
    if bare && let Some(owned) = parameters::OWNED.iter().find(|row| row.name == word) {
        return no_parameter(major, owned.name);
    }
    let finding = Diagnostic::error(
        codes::UNKNOWN_KEY,
        format!("there is no key and no parameter `{}`", word.escape_debug()),
    );
    let inside = if above.steps().is_empty() { "the top level".to_owned() } else { format!("`{above}`") };
    let finding = finding.cause(format!("{inside} has no `{}`", key.escape_debug()));
    if let Some(renamed) = renamed {
        return finding.help(format!("use {renamed}"));
    }
    let names = parameters::all().iter().filter(|row| row.in_major(major).is_some()).map(|row| row.name);
    let parameter = if bare { crate::spelling::closest(word, names) } else { None };
    finding.help(match (meant, parameter) {
        (Some(key), Some(name)) => format!("did you mean the key `{key}`, or the parameter `{name}`?"),
        (Some(key), None) => format!("did you mean `{key}`?"),
        (None, Some(name)) => format!("did you mean `{name}`?"),
        (None, None) => match above.steps() {
            [] => "`pgpod schema` has every key; `pgpod values --defaults` prints those that have a default"
                .to_owned(),
            _ => format!("`pgpod explain '{above}'` lists the keys below `{above}`"),
        },
    })
}

/// A parameter of another major.
fn elsewhere(word: &str) -> Option<&'static str> {
    parameters::all().iter().map(|row| row.name).find(|name| name.eq_ignore_ascii_case(word))
}
