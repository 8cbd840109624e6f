//! Merged values × schema → typed values, or every misfit with its place. A scalar's type is the schema's:
//! the token decides nothing by itself.

use serde_json::{Map as Object, Number, Value as Json};

use crate::diagnostics::{Diagnostic, Diagnostics, Place, Sources};
use crate::values::{self, Merged};
use crate::yaml::{Entry, Map, Node, Scalar, Style, Value, ValuePath};

use super::renamed::renamed;
use super::text::FORMATS;

/// Types the merged values. Where some do not fit, the built-in ones stand in for them, so that the rest can be judged.
pub(super) fn shape(merged: &Merged, schema: &Json, found: &mut Diagnostics) -> Option<Json> {
    let mut walk = Walk { found, misfits: 0, items: 0 };
    let mut typed = walk.node(&merged.root, schema, &ValuePath::root())?;
    if walk.misfits > 0 {
        complete(&mut typed, &built_in(schema)?);
    }
    Some(typed)
}

/// What preset and defaults alone come to.
fn built_in(schema: &Json) -> Option<Json> {
    let mut none = Diagnostics::new();
    let no_file = |_: &str| Err(String::new());
    let merged = values::load(None, Vec::new(), &no_file, &mut Sources::new(), &mut none)?;
    Walk { found: &mut none, misfits: 0, items: 0 }.node(&merged.root, schema, &ValuePath::root())
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

struct Walk<'a> {
    found: &'a mut Diagnostics,
    misfits: usize,
    /// How many lists deep the walk is: a misfit spoils the whole item there, since its places would shift without it.
    items: usize,
}

impl Walk<'_> {
    fn misfit(&mut self, diagnostic: Diagnostic) -> Option<Json> {
        self.misfits += 1;
        self.found.push(diagnostic);
        None
    }

    fn node(&mut self, node: &Node, schema: &Json, path: &ValuePath) -> Option<Json> {
        let schema = plain(schema);
        if schema.get("x-kubernetes").is_some() {
            return self.kubernetes(node, path);
        }
        match (kind(schema), &node.value) {
            (Kind::Object, Value::Map(map)) => self.object(map, node.place, schema, path),
            (Kind::List, Value::List(items)) => {
                let item = schema.get("items").unwrap_or(&Json::Null);
                self.items += 1;
                let typed: Vec<_> =
                    items.iter().enumerate().map(|(i, node)| self.item(node, item, &path.item(i))).collect();
                self.items -= 1;
                typed.into_iter().collect::<Option<Vec<_>>>().map(Json::Array)
            }
            (Kind::Boolean | Kind::Integer | Kind::Text | Kind::Choice, Value::Scalar(scalar)) => {
                self.scalar(scalar, node.place, schema, path)
            }
            (wanted, value) => {
                let wrong =
                    Diagnostic::error(format!("`{path}` is {}, but must be {}", is(value), wanted.wanted()))
                        .at(node.place, format!("this is {}", is(value)));
                self.misfit(match (wanted, value) {
                    (Kind::Text, Value::List(_)) if schema.get("format").is_some_and(|f| f == "token") => {
                        wrong.help("write the list as one text, as PostgreSQL does: `'a, b'`")
                    }
                    (Kind::Text | Kind::Choice, Value::Map(_)) => {
                        wrong.help("quote it, if the braces or the colon are part of a text")
                    }
                    (Kind::List, _) => {
                        wrong.help("write it as a list: `[a, b]`, or `- a` on lines of their own")
                    }
                    (Kind::Object, _) => wrong.help("write keys below it; `pgpod schema` has them all"),
                    _ => wrong.help("write one value"),
                })
            }
        }
    }

    /// An item of a list: `null` has nothing to drop there.
    fn item(&mut self, node: &Node, schema: &Json, path: &ValuePath) -> Option<Json> {
        if node.is_null() {
            return self.misfit(
                Diagnostic::error(format!("`{path}` is null"))
                    .at(node.place, "nothing here")
                    .cause("lists replace each other, so `null` has nothing to drop in one")
                    .help("write a value, or leave the item out"),
            );
        }
        self.node(node, schema, path)
    }

    fn object(&mut self, map: &Map, place: Place, schema: &Json, path: &ValuePath) -> Option<Json> {
        let before = self.misfits;
        let mut typed = Object::new();
        let required = |key: &str| {
            schema.get("required").and_then(Json::as_array).is_some_and(|r| r.iter().any(|name| name == key))
        };
        for entry in map {
            let at = path.child(entry.key.as_str());
            let Some(member) = member(schema, &entry.key) else {
                self.unknown(entry, schema, &at);
                continue;
            };
            if let Some(why) = key_misfit(&entry.key, schema) {
                self.misfit(
                    Diagnostic::error(format!(
                        "`{}` is no name that can stand in `{path}`",
                        entry.key.escape_debug()
                    ))
                    .at(entry.key_place, "this key")
                    .cause(why)
                    .help("rename it"),
                );
                continue;
            }
            if entry.node.is_null() {
                if required(&entry.key) {
                    self.misfit(
                        Diagnostic::error(format!("`{at}` is null, but it is required"))
                            .at(entry.node.place, "this drops what lower layers say")
                            .help("write a value, or leave the key out to use the default"),
                    );
                }
                continue;
            }
            if let Some(value) = self.node(&entry.node, member, &at) {
                typed.insert(entry.key.clone(), value);
            }
        }
        for name in
            schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
        {
            if map.get(name).is_none() {
                self.misfit(
                    Diagnostic::error(format!("`{}` is missing", path.child(name)))
                        .at(place, format!("`{name}` belongs in here"))
                        .help(
                            match member(schema, name)
                                .and_then(|m| m.get("description"))
                                .and_then(Json::as_str)
                            {
                                Some(what) => format!("add `{name}`: {}", first_sentence(what)),
                                None => format!("add `{name}`"),
                            },
                        ),
                );
            }
        }
        (self.misfits == before || self.items == 0).then_some(Json::Object(typed))
    }

    fn unknown(&mut self, entry: &Entry, schema: &Json, path: &ValuePath) {
        let diagnostic =
            Diagnostic::error(format!("`{path}` is not a key")).at(entry.key_place, "unknown key");
        let known: Vec<&str> = schema
            .get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
            .map(|(k, _)| k.as_str())
            .collect();
        let help = match (renamed(&path.to_string()), nearest(&entry.key, &known)) {
            (Some(new), _) => format!("here it is {new}"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) if known.len() <= 12 => format!("the keys here are {}", list(&known)),
            (None, None) => "`pgpod schema` has every key".into(),
        };
        self.misfit(diagnostic.help(help));
    }

    fn kubernetes(&mut self, node: &Node, path: &ValuePath) -> Option<Json> {
        if matches!(node.value, Value::Map(_)) {
            return Some(node.to_json());
        }
        self.misfit(
            Diagnostic::error(format!("`{path}` is {}, but must be a map", is(&node.value)))
                .at(node.place, "this goes into a Kubernetes object as it is")
                .help("write it as in a manifest"),
        )
    }

    fn scalar(&mut self, scalar: &Scalar, place: Place, schema: &Json, path: &ValuePath) -> Option<Json> {
        let token = scalar.token.as_str();
        let typed = match kind(schema) {
            Kind::Boolean => boolean(token),
            Kind::Integer => integer(token, schema),
            Kind::Choice => choice(token, schema),
            _ => text(token, schema),
        };
        match typed {
            Ok(value) => Some(value),
            Err(Misfit { wanted, help }) => {
                let secret = schema.get("x-secret").is_some();
                let shown = if secret { "what is given".into() } else { shown(token) };
                let diagnostic = Diagnostic::error(format!("`{path}` is {shown}, but {wanted}"))
                    .at(place, if scalar.style == Style::Quoted { "this text" } else { "this value" });
                self.misfit(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic.help(match schema.get("description").and_then(Json::as_str) {
                        Some(what) => format!("`{path}`: {}", first_sentence(what)),
                        None => format!("`pgpod schema` describes `{path}`"),
                    }),
                })
            }
        }
    }
}

/// A scalar as its schema types it; one that does not fit is its text.
pub(super) fn typed_scalar(scalar: &Scalar, schema: &Json) -> Json {
    let token = scalar.token.as_str();
    let typed = match kind(schema) {
        Kind::Boolean => boolean(token),
        Kind::Integer => integer(token, schema),
        _ => Ok(Json::String(token.to_owned())),
    };
    typed.unwrap_or_else(|_| Json::String(token.to_owned()))
}

struct Misfit {
    wanted: String,
    help: Option<String>,
}

fn misfit(wanted: impl Into<String>, help: Option<String>) -> Misfit {
    Misfit { wanted: wanted.into(), help }
}

fn boolean(token: &str) -> Result<Json, Misfit> {
    match token.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Ok(Json::Bool(true)),
        "false" | "no" | "off" => Ok(Json::Bool(false)),
        _ => Err(misfit("must be true or false", Some("write `true` or `false`".into()))),
    }
}

/// A whole number as it looks: `1e6` is a million; `0755` could be meant in two ways, so it is neither.
fn integer(token: &str, schema: &Json) -> Result<Json, Misfit> {
    let digits = token.strip_prefix(['-', '+']).unwrap_or(token);
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(misfit(
            "a number with a zero in front can be read as octal or as decimal",
            Some(format!("write `{}`, if the decimal number is meant", digits.trim_start_matches('0'))),
        ));
    }
    let number = whole(token).ok_or_else(|| misfit("must be a whole number", None))?;
    let bound = |key: &str| schema.get(key).and_then(Json::as_i64).map(i128::from);
    let (least, most) = (bound("minimum"), bound("maximum"));
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        let range = match (least, most) {
            (Some(least), Some(most)) => format!("must be from {least} to {most}"),
            (Some(least), None) => format!("must be {least} or more"),
            (None, most) => format!("must be {} or less", most.unwrap_or_default()),
        };
        return Err(misfit(range, None));
    }
    i64::try_from(number).map(|n| Json::Number(Number::from(n))).map_err(|_| misfit("is too large", None))
}

/// The value of a decimal number that has no fraction: `200`, `1e6`, `2.0`.
fn whole(token: &str) -> Option<i128> {
    if let Ok(number) = token.parse::<i128>() {
        return Some(number);
    }
    let lower = token.to_ascii_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{after}");
    if digits.is_empty() || digits.len() > 30 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let shift = exponent.parse::<i32>().ok()? - i32::try_from(after.len()).ok()?;
    let number: i128 = digits.parse().ok()?;
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let number = if shift >= 0 {
        number.checked_mul(power)?
    } else {
        (number % power == 0).then(|| number / power)?
    };
    Some(if negative { -number } else { number })
}

fn choice(token: &str, schema: &Json) -> Result<Json, Misfit> {
    let choices = choices(schema);
    if let Some(found) = choices.iter().find(|c| **c == token) {
        return Ok(Json::String((*found).to_owned()));
    }
    let help = match nearest(token, &choices) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use {}", list(&choices)),
    };
    Err(misfit(format!("must be {}", list(&choices)), Some(help)))
}

fn text(token: &str, schema: &Json) -> Result<Json, Misfit> {
    let format = schema.get("format").and_then(Json::as_str);
    if let Some(format) = FORMATS.iter().find(|f| Some(f.name) == format) {
        (format.check)(token).map_err(|why| misfit(why, None))?;
    }
    Ok(Json::String(token.to_owned()))
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Object,
    List,
    Boolean,
    Integer,
    Text,
    Choice,
}

impl Kind {
    fn wanted(self) -> &'static str {
        match self {
            Self::Object => "a map",
            Self::List => "a list",
            Self::Boolean => "true or false",
            Self::Integer => "a whole number",
            Self::Text => "a text",
            Self::Choice => "one of its choices",
        }
    }
}

fn kind(schema: &Json) -> Kind {
    if !choices(schema).is_empty() {
        return Kind::Choice;
    }
    let named = |name: &str| match schema.get("type") {
        Some(Json::String(kind)) => kind == name,
        Some(Json::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        _ => false,
    };
    [("object", Kind::Object), ("array", Kind::List), ("boolean", Kind::Boolean), ("integer", Kind::Integer)]
        .into_iter()
        .find(|(name, _)| named(name))
        .map_or(Kind::Text, |(_, kind)| kind)
}

/// The texts that a schema allows, where it lists them.
pub(crate) fn choices(schema: &Json) -> Vec<&str> {
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        return values.iter().filter_map(Json::as_str).collect();
    }
    let variants = schema.get("oneOf").and_then(Json::as_array);
    variants.into_iter().flatten().filter_map(|v| v.get("const").and_then(Json::as_str)).collect()
}

/// The schema itself, without the `null` of an optional key.
pub(super) fn plain(schema: &Json) -> &Json {
    let variants = schema.get("anyOf").and_then(Json::as_array);
    let only = variants.and_then(|all| all.iter().find(|v| v.get("type").is_none_or(|kind| kind != "null")));
    only.unwrap_or(schema)
}

/// The schema of a key: a property, or what a free map says of every key.
pub(super) fn member<'a>(schema: &'a Json, key: &str) -> Option<&'a Json> {
    let named = schema.get("properties").and_then(|p| p.get(key));
    named.or_else(|| schema.get("additionalProperties").filter(|a| a.is_object()))
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

/// A token as an error shows it: short, in backticks.
fn shown(token: &str) -> String {
    let mut short: String = token.chars().take(40).collect();
    if short.len() < token.len() {
        short.push('…');
    }
    if short.is_empty() { "empty".into() } else { format!("`{}`", short.escape_debug()) }
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".into(),
    }
}

fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&word, &name.to_lowercase());
    let best = known.iter().copied().min_by_key(|name| distance(name))?;
    (distance(best) <= 1 + word.chars().count() / 4).then_some(best)
}

fn first_sentence(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(". ").map_or(line, |(first, _)| first).trim_end_matches('.').to_owned()
}
