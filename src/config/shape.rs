//! Merged values × schema → typed values, or every misfit with its place. A scalar's type is the schema's:
//! the token decides nothing by itself.

use serde_json::{Map as Object, Value as Json};

use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, Sources, codes};
use crate::spelling::closest;
use crate::values::{self, Merged};
use crate::yaml::{Entry, Map, Node, Scalar, Style, Trail, Value, ValuePath};

use super::image;
use super::keyword::{Kind, choices, kind, member, plain};
use super::renamed::renamed;
use super::scalar::{self, Misfit, first_sentence, list};
use super::text::FORMATS;

/// Types the merged values. Where some do not fit, the built-in ones stand in for them, so that the rest can be judged.
/// The second is where they do.
pub(super) fn shape(
    merged: &Merged,
    schema: &Json,
    found: &mut Diagnostics,
) -> Option<(Json, Vec<ValuePath>)> {
    let mut walk = Walk { below: below(merged), ..Walk::new(found) };
    let mut typed = walk.node(&merged.root, schema, &Trail::from(&ValuePath::root()))?;
    if walk.misfits > 0 {
        complete(&mut typed, &built_in(schema)?);
    }
    Some((typed, walk.stand_ins))
}

/// What preset and defaults alone come to.
fn built_in(schema: &Json) -> Option<Json> {
    let mut none = Diagnostics::new();
    let no_file = |_: &str| Err(String::new());
    let merged = values::load(None, Vec::new(), &no_file, &mut Sources::new(), &mut none)?;
    Walk::new(&mut none).node(&merged.root, schema, &Trail::from(&ValuePath::root()))
}

/// Fills in what is missing, so that later rules can judge the rest of values that do not fit.
fn complete(typed: &mut Json, built_in: &Json) {
    let (Json::Object(typed), Json::Object(built_in)) = (typed, built_in) else { return };
    for (key, value) in built_in {
        match typed.get_mut(key) {
            Some(typed) => complete(typed, value),
            None => {
                typed.insert(key.clone(), value.clone());
            }
        }
    }
}

/// So many misfits are worth a suggestion each; more are one mistake, made many times.
const SUGGESTED: usize = 200;

struct Walk<'a> {
    found: &'a mut Diagnostics,
    misfits: usize,
    /// How many lists deep the walk is: a misfit spoils the whole item there, since its places would shift without it.
    items: usize,
    /// Where the preset is, which has to say what no default does, and the source of the defaults.
    below: Option<(Place, SourceId)>,
    /// What could not be typed, but for what is in lists: there it is the whole list.
    stand_ins: Vec<ValuePath>,
}

fn below(merged: &Merged) -> Option<(Place, SourceId)> {
    let defaults = merged.layers.iter().find(|layer| layer.name == "defaults")?;
    Some((merged.preset_place()?, defaults.source))
}

impl<'a> Walk<'a> {
    fn new(found: &'a mut Diagnostics) -> Self {
        Self { found, misfits: 0, items: 0, below: None, stand_ins: Vec::new() }
    }
}

impl Walk<'_> {
    fn misfit(&mut self, diagnostic: Diagnostic) -> Option<Json> {
        self.misfits += 1;
        self.found.push(diagnostic);
        None
    }

    fn node(&mut self, node: &Node, schema: &Json, path: &Trail<'_>) -> Option<Json> {
        let schema = plain(schema);
        if schema.get("x-kubernetes").is_some() {
            return self.kubernetes(node, path);
        }
        match (kind(schema), &node.value) {
            (Kind::Object, Value::Map(map)) => self.object(map, node.place, schema, path),
            (Kind::List, Value::List(items)) => {
                let item = schema.get("items").unwrap_or(&Json::Null);
                self.items += 1;
                let mut gap = None;
                let mut typed = Vec::with_capacity(items.len());
                for (index, node) in items.iter().enumerate() {
                    // An index too high leaves many nulls in one place: they are one mistake.
                    if node.is_null() && gap.replace(node.place) == Some(node.place) {
                        continue;
                    }
                    typed.push(self.item(node, item, &path.item(index)));
                }
                self.items -= 1;
                typed.into_iter().collect::<Option<Vec<_>>>().map(Json::Array)
            }
            (Kind::Boolean | Kind::Integer | Kind::Text | Kind::Choice, Value::Scalar(scalar)) => {
                self.scalar(scalar, node.place, schema, path)
            }
            (wanted, value) => {
                let must = match wanted {
                    Kind::Choice => list(&choices(schema)),
                    _ => wanted.wanted().to_owned(),
                };
                let wrong = Diagnostic::error(
                    codes::WRONG_TYPE,
                    format!("`{path}` is {}, but must be {must}", is(value)),
                )
                .at(node.place, format!("this is {}", is(value)));
                self.misfit(match (wanted, value) {
                    (Kind::Text, Value::List(_)) if schema.get("format").is_some_and(|f| f == "token") => {
                        wrong.help("write the list as one text, as PostgreSQL does: `'a, b'`")
                    }
                    (Kind::Text, Value::Map(map)) if schema.get("format").is_some_and(|f| f == "token") => {
                        let inner = map.iter().next().map_or("", |entry| entry.key.as_str());
                        let whole = path.to_string();
                        let name = whole.rsplit('.').next().unwrap_or_default();
                        wrong
                            .cause(
                                "a dot is a part of a parameter's name here, not the way to a key below it",
                            )
                            .help(format!(
                                "write `{name}.{inner}: …` in a file, `{name}\\.{inner}=…` after `--set`"
                            ))
                    }
                    (Kind::Text, Value::Map(_)) => wrong.help(
                        "write the text alone, without a key, or quote it, if the braces or the colon are part of it",
                    ),
                    (Kind::List, _) => {
                        wrong.help("write it as a list: `[a, b]`, or `- a` on lines of their own; after `--set`, `{a,b}`")
                    }
                    (Kind::Object, _) => wrong.help("write keys below it; `pgpod schema` has them all"),
                    _ => wrong.help("write one value"),
                })
            }
        }
    }

    /// An item of a list: `null` has nothing to drop there.
    fn item(&mut self, node: &Node, schema: &Json, path: &Trail<'_>) -> Option<Json> {
        if node.is_null() {
            return self.misfit(
                Diagnostic::error(codes::NULL_VALUE, format!("`{path}` is null"))
                    .at(node.place, "nothing here")
                    .cause(
                        "lists replace each other, so `null` has nothing to drop in one; an index beyond a list's \
                         end leaves such items",
                    )
                    .help("write a value, or leave the item out"),
            );
        }
        self.node(node, schema, path)
    }

    fn object(&mut self, map: &Map, place: Place, schema: &Json, path: &Trail<'_>) -> Option<Json> {
        let before = self.misfits;
        let mut typed = Object::new();
        let required = |key: &str| {
            schema.get("required").and_then(Json::as_array).is_some_and(|r| r.iter().any(|name| name == key))
        };
        for entry in map {
            let at = path.child(&entry.key);
            let Some(member) = member(schema, &entry.key) else {
                self.unknown(entry, schema, &at);
                continue;
            };
            if let Some(why) = key_misfit(&entry.key, schema) {
                self.misfit(
                    Diagnostic::error(
                        codes::BAD_KEY_NAME,
                        format!("`{}` is no name that can stand in `{path}`", entry.key.escape_debug()),
                    )
                    .at(entry.key_place, "this key")
                    .cause(why)
                    .help("rename it"),
                );
                continue;
            }
            if entry.node.is_null() {
                if required(&entry.key) {
                    self.stand_in(&at);
                    self.misfit(
                        Diagnostic::error(codes::NULL_VALUE, format!("`{at}` is null, but it is required"))
                            .at(entry.node.place, "this drops what lower layers say")
                            .help("write a value, or leave the key out"),
                    );
                }
                continue;
            }
            match self.node(&entry.node, member, &at) {
                Some(value) => {
                    typed.insert(entry.key.clone(), value);
                }
                None => self.stand_in(&at),
            }
        }
        for name in
            schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
        {
            if map.get(name).is_none() {
                self.missing(name, place, schema, path);
            }
        }
        (self.misfits == before || self.items == 0).then_some(Json::Object(typed))
    }

    fn stand_in(&mut self, path: &Trail<'_>) {
        if self.items == 0 {
            self.stand_ins.push(path.path());
        }
    }

    fn missing(&mut self, name: &str, place: Place, schema: &Json, path: &Trail<'_>) {
        let at = path.child(name);
        self.stand_in(&at);
        let missing = Diagnostic::error(codes::MISSING_VALUE, format!("`{at}` is missing"));
        let missing = match self.below.filter(|(_, defaults)| *defaults == place.source) {
            Some((preset, _)) if values::is_shape(&at.to_string()) => missing
                .at(preset, "the preset does not say it")
                .help(format!("add `{at}` to the preset, or to a values file")),
            _ => missing.at(place, format!("`{name}` belongs in here")).help(format!("add `{name}`")),
        };
        let what = member(schema, name).and_then(|m| m.get("description")).and_then(Json::as_str);
        self.misfit(match what {
            Some(what) => missing.cause(format!("`{at}`: {}", first_sentence(what))),
            None => missing,
        });
    }

    fn unknown(&mut self, entry: &Entry, schema: &Json, path: &Trail<'_>) {
        let diagnostic = Diagnostic::error(codes::UNKNOWN_KEY, format!("`{path}` is not a key"))
            .at(entry.key_place, "unknown key");
        let known: Vec<&str> = schema
            .get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
            .map(|(k, _)| k.as_str())
            .collect();
        let near = if self.misfits < SUGGESTED { closest(&entry.key, known.iter().copied()) } else { None };
        let help = match (renamed(&path.to_string()), near) {
            (Some(new), _) => format!("here it is {new}"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) if known.len() <= 12 => format!("the keys here are {}", list(&known)),
            (None, None) => "`pgpod schema` has every key".into(),
        };
        self.misfit(diagnostic.help(help));
    }

    fn kubernetes(&mut self, node: &Node, path: &Trail<'_>) -> Option<Json> {
        if matches!(node.value, Value::Map(_)) {
            return Some(node.to_json());
        }
        self.misfit(
            Diagnostic::error(
                codes::WRONG_TYPE,
                format!("`{path}` is {}, but must be a map", is(&node.value)),
            )
            .at(node.place, "this goes into a Kubernetes object as it is")
            .help("write it as in a manifest"),
        )
    }

    fn scalar(&mut self, scalar: &Scalar, place: Place, schema: &Json, path: &Trail<'_>) -> Option<Json> {
        match scalar::typed(&scalar.token, schema) {
            Ok(value) => Some(value),
            Err(Misfit { wanted, help }) => {
                let secret = schema.get("x-secret").is_some();
                let title = if secret {
                    format!("`{path}` cannot be used: {wanted}")
                } else {
                    format!("`{path}` is {}, but {wanted}", scalar::shown(&scalar.token))
                };
                let diagnostic = Diagnostic::error(codes::BAD_VALUE, title)
                    .at(place, if scalar.style == Style::Quoted { "this text" } else { "this value" });
                // Only an empty value has no remedy of its own.
                let split = if schema.get("format").is_some_and(|format| format == "repository") {
                    image::split(&path.to_string(), &scalar.token)
                } else {
                    None
                };
                let help = split.or(help).unwrap_or_else(|| {
                    "write a value, or leave the key out: empty is not the same as not there".to_owned()
                });
                self.misfit(diagnostic.help(help))
            }
        }
    }
}

/// Why a key of a free map is no name there.
fn key_misfit(key: &str, schema: &Json) -> Option<String> {
    let format = schema.get("x-keys").and_then(Json::as_str)?;
    let format = FORMATS.iter().find(|f| f.name == format)?;
    (format.check)(key).err()
}

fn is(value: &Value) -> &'static str {
    match value {
        Value::Scalar(_) => "one value",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
    }
}
