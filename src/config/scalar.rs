//! A scalar, typed by its schema from the token as it was written.

use serde_json::{Number, Value as Json};

use crate::spelling::closest;
use crate::yaml::Scalar;

use super::keyword::{Kind, choices, kind};
use super::text::FORMATS;

/// A scalar as its schema types it; one that does not fit is its text.
pub(super) fn typed_scalar(scalar: &Scalar, schema: &Json) -> Json {
    typed(&scalar.token, schema).unwrap_or_else(|_| Json::String(scalar.token.clone()))
}

/// Why a token is no value of its key: what it must be, and what to write where it is not empty.
pub(super) struct Misfit {
    pub(super) wanted: String,
    pub(super) help: Option<String>,
}

/// The value of a token, or why there is none.
pub(super) fn typed(token: &str, schema: &Json) -> Result<Json, Misfit> {
    match kind(schema) {
        Kind::Boolean => boolean(token),
        Kind::Integer => integer(token, schema),
        Kind::Choice => choice(token, schema),
        Kind::Object | Kind::List | Kind::Text => text(token, schema),
    }
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
    let bound = |key: &str| schema.get(key).and_then(Json::as_i64).map(i128::from);
    let (least, most) = (bound("minimum"), bound("maximum"));
    let help = match (least, most) {
        (Some(least), Some(most)) => format!("write a whole number from {least} to {most}"),
        (Some(least), None) => format!("write a whole number, {least} or more"),
        _ => "write a whole number".to_owned(),
    };
    let number = whole(token)
        .ok_or_else(|| misfit("must be a whole number", (!token.is_empty()).then(|| help.clone())))?;
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        let range = match (least, most) {
            (Some(least), Some(most)) => format!("must be from {least} to {most}"),
            (Some(least), None) => format!("must be {least} or more"),
            (None, most) => format!("must be {} or less", most.unwrap_or_default()),
        };
        return Err(misfit(range, Some(help)));
    }
    i64::try_from(number)
        .map(|n| Json::Number(Number::from(n)))
        .map_err(|_| misfit("is too large", Some("write a smaller number".to_owned())))
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
    // A number is not misspelt: 19 is no slip for 14.
    let near = closest(token, choices.iter().copied()).filter(|_| whole(token).is_none());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use {}", list(&choices)),
    };
    Err(misfit(format!("must be {}", list(&choices)), Some(help)))
}

fn text(token: &str, schema: &Json) -> Result<Json, Misfit> {
    let format = schema.get("format").and_then(Json::as_str);
    if let Some(format) = FORMATS.iter().find(|f| Some(f.name) == format) {
        let help = (!token.is_empty()).then(|| format.help.to_owned());
        (format.check)(token).map_err(|why| misfit(why, help))?;
    }
    Ok(Json::String(token.to_owned()))
}

/// A token as an error shows it: short, in backticks.
pub(super) fn shown(token: &str) -> String {
    let mut short: String = token.chars().take(40).collect();
    if short.len() < token.len() {
        short.push('…');
    }
    if short.is_empty() { "empty".into() } else { format!("`{}`", short.escape_debug()) }
}

pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".into(),
    }
}

pub(super) fn first_sentence(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(". ").map_or(line, |(first, _)| first).trim_end_matches('.').to_owned()
}
