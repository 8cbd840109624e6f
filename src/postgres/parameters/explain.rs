//! What is wrong with a value, in words.

use super::number::Misread;
use super::value::{self, Unreadable};
use super::{Kind, Parameter, Span};
use crate::postgres::fault::{Fault, Mistake};
use crate::postgres::units::{self, Unit};
use crate::spelling::nearest_name;

pub(super) fn explain(parameter: &Parameter, span: &Span, token: &str, why: &Unreadable) -> Fault {
    let name = parameter.name;
    let title = invalid(name, token);
    let kind = &span.kind;
    let octal = |token: &str| u16::from_str_radix(token, 8).is_ok_and(|mode| mode <= 0o777);
    match why {
        Unreadable::OutOfRange { .. } | Unreadable::Number(Misread::TooLarge) if name == "log_file_mode" => {
            let help = if octal(token) {
                format!("write `0{token}`")
            } else {
                "write a mode such as `0600`".to_owned()
            };
            let cause = "it takes `0000` to `0777`, and a mode is octal only with a zero in front";
            Fault::new(Mistake::Value, format!("`{}` is no mode for `{name}`", short(token)), cause, help)
        }
        Unreadable::NotABool => Fault::new(Mistake::Value, title, "it is a switch", "write `on` or `off`"),
        Unreadable::NotAChoice => not_a_choice(title, token, kind),
        Unreadable::OutOfRange { read, below } => {
            let title = format!("`{}` is out of range for `{name}`", short(token));
            // A number without a unit that the user may have meant in another one, or one that was rounded.
            let cause = if unit_of(kind).is_some() && !read.contains(token.trim()) {
                format!("PostgreSQL reads {read}, and it takes {}", bounds(kind))
            } else {
                format!("it takes {}", bounds(kind))
            };
            Fault::new(Mistake::Value, title, cause, nearest_end(kind, *below, span.default))
        }
        Unreadable::Number(Misread::TooLarge) => Fault::new(
            Mistake::Value,
            format!("`{}` is out of range for `{name}`", short(token)),
            format!("it takes {}", bounds(kind)),
            nearest_end(kind, token.trim_start().starts_with('-'), span.default),
        ),
        Unreadable::Number(Misread::BadUnit { number, unit }) => bad_unit(title, number, unit, span),
        Unreadable::Number(Misread::NoUnit(rest)) => Fault::new(
            Mistake::Value,
            title,
            format!("it is a number without a unit, and `{}` is left over", short(rest)),
            format!("write {}", wanted(span)),
        ),
        Unreadable::Number(Misread::NotANumber) => {
            Fault::new(Mistake::Value, title, "it is not a number", format!("write {}", wanted(span)))
        }
    }
}

pub(super) fn invalid(name: &str, token: &str) -> String {
    format!("`{}` is no value for `{name}`", short(token))
}

/// Words in a sentence: "`a`, `b` and `c`".
pub(super) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// A token for a headline: one line, no novel.
fn short(token: &str) -> String {
    let line: String = token.chars().map(|c| if c.is_control() { ' ' } else { c }).take(40).collect();
    if line.len() < token.len() { format!("{line}…") } else { line }
}

fn not_a_choice(title: String, token: &str, kind: &Kind) -> Fault {
    let (values, aliases) = match *kind {
        Kind::Enum { values, aliases } => (values, aliases),
        _ => (&[][..], &[][..]),
    };
    let spellings = values.iter().copied().chain(aliases.iter().map(|(alias, _)| *alias));
    let help = match nearest_name(token.trim(), spellings) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "write one of them".to_owned(),
    };
    Fault::new(Mistake::Value, title, format!("it takes {}", list(values.iter().copied())), help)
}

fn bad_unit(title: String, number: &str, unit: &str, span: &Span) -> Fault {
    let of = unit_of(&span.kind).unwrap_or(Unit::Byte);
    let names = || of.scale().iter().rev().map(|(name, _)| *name);
    let cause = format!("`{}` is none of its units; they are {} (case matters)", short(unit), list(names()));
    let meant = names().find(|name| name.eq_ignore_ascii_case(unit)).or_else(|| other_spelling(unit, of));
    let help = match meant {
        Some(meant) => format!("did you mean `{number}{meant}`?"),
        None => format!("write {}", wanted(span)),
    };
    Fault::new(Mistake::Value, title, cause, help)
}

/// The unit that people, Kubernetes and other databases write otherwise.
fn other_spelling(unit: &str, of: Unit) -> Option<&'static str> {
    const MEMORY: &[(&str, &str)] = &[
        ("k", "kB"),
        ("ki", "kB"),
        ("kib", "kB"),
        ("m", "MB"),
        ("mi", "MB"),
        ("mib", "MB"),
        ("g", "GB"),
        ("gi", "GB"),
        ("gib", "GB"),
        ("t", "TB"),
        ("ti", "TB"),
        ("tib", "TB"),
    ];
    const TIME: &[(&str, &str)] = &[
        ("sec", "s"),
        ("second", "s"),
        ("seconds", "s"),
        ("m", "min"),
        ("minute", "min"),
        ("minutes", "min"),
        ("hour", "h"),
        ("hours", "h"),
        ("day", "d"),
        ("days", "d"),
    ];
    let spellings = if of.is_memory() { MEMORY } else { TIME };
    spellings.iter().find(|(other, _)| other.eq_ignore_ascii_case(unit)).map(|(_, name)| *name)
}

fn unit_of(kind: &Kind) -> Option<Unit> {
    match *kind {
        Kind::Integer { unit, .. } | Kind::Real { unit, .. } => unit,
        Kind::Bool | Kind::Text | Kind::Enum { .. } => None,
    }
}

/// What to write for a number: "an amount of memory such as `4MB`".
fn wanted(span: &Span) -> String {
    let Some(unit) = unit_of(&span.kind) else { return format!("a number from {}", bounds(&span.kind)) };
    let of = if unit.is_memory() { "memory" } else { "time" };
    let fallback = if unit.is_memory() { "64MB" } else { "30s" };
    let default = value::read(&span.kind, span.default).map(|value| value.to_string()).unwrap_or_default();
    // Zero and -1 switch something off; they show no unit.
    let example =
        if default.ends_with(|c: char| c.is_ascii_alphabetic()) { default.as_str() } else { fallback };
    format!("an amount of {of} such as `{example}`")
}

/// The range in words: "-1, or 64kB to just under 2TB".
pub(super) fn bounds(kind: &Kind) -> String {
    match ends(kind) {
        (least, None) => format!("{least} upwards"),
        (least, Some(most)) if least == "-1" && unit_of(kind).is_some() => format!("-1, or 0 to {most}"),
        (least, Some(most)) if least == most => format!("{least} only"),
        (least, Some(most)) => format!("{least} to {most}"),
    }
}

fn nearest_end(kind: &Kind, below: bool, default: &str) -> String {
    let (least, most) = ends(kind);
    let bare =
        unit_of(kind).map(|unit| format!("; a bare number counts in {}", unit.name())).unwrap_or_default();
    match most {
        // As far as a double reaches, or finer than it counts.
        None if !below => format!("write a number of ordinary size, such as `{default}`"),
        Some(_) if !below && is_rounded(kind) => format!("write less{bare}"),
        Some(most) if most == least => format!("write `{least}`"),
        Some(most) if !below => format!("write at most {most}{bare}"),
        _ => format!("write at least {least}{bare}"),
    }
}

/// Whether the upper end is told by a round number beside it.
fn is_rounded(kind: &Kind) -> bool {
    ends(kind).1.is_some_and(|most| most.contains(' '))
}

/// The least and the most that a number may be; no most where a double holds anything.
fn ends(kind: &Kind) -> (String, Option<String>) {
    let plain = |number: f64, unit: Option<Unit>| match unit {
        Some(unit) if number > 0.0 => format!("{number}{}", unit.name()),
        _ => number.to_string(),
    };
    match *kind {
        Kind::Integer { unit: Some(unit), min, max } => {
            (units::describe(min, unit), Some(units::describe(max, unit)))
        }
        Kind::Integer { unit: None, min, max } => (min.to_string(), Some(max.to_string())),
        Kind::Real { unit, min, max } => (plain(min, unit), (max < f64::MAX).then(|| plain(max, unit))),
        Kind::Bool | Kind::Text | Kind::Enum { .. } => ("0".to_owned(), None),
    }
}
