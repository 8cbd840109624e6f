use std::fmt;

use super::Kind;
use super::number::{self, Misread};
use crate::postgres::units::{self, Unit};

/// What a token means to a parameter; two values are equal when the server takes them for the same.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Bool(bool),
    Integer { number: i64, unit: Option<Unit> },
    Real { number: f64, unit: Option<Unit> },
    Enum(&'static str),
    Text(String),
}

impl Value {
    /// The amount in bytes, of a parameter that counts memory; `None` of another, and of a switch such as `-1`.
    pub fn bytes(&self) -> Option<u64> {
        match self {
            Self::Integer { number, unit: Some(unit) } if unit.is_memory() => {
                u64::try_from(*number).ok()?.checked_mul(unit.size())
            }
            _ => None,
        }
    }

    /// The number in the parameter's own unit, of an integer.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Integer { number, .. } => Some(*number),
            _ => None,
        }
    }
}

/// The canonical text for `postgresql.conf`, before quoting.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::Integer { number, unit: Some(unit) } => f.write_str(&units::print(*number, *unit)),
            Self::Integer { number, unit: None } => write!(f, "{number}"),
            Self::Real { number, unit: Some(unit) } if *number > 0.0 => write!(f, "{number}{}", unit.name()),
            Self::Real { number, .. } => write!(f, "{number}"),
            Self::Enum(value) => f.write_str(value),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Why a token is no value of its kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Unreadable {
    NotABool,
    Number(Misread),
    /// What was read, and on which side of the range it lies.
    OutOfRange {
        read: String,
        below: bool,
    },
    NotAChoice,
}

pub(crate) fn read(kind: &Kind, token: &str) -> Result<Value, Unreadable> {
    match *kind {
        Kind::Bool => read_bool(token).map(Value::Bool).ok_or(Unreadable::NotABool),
        Kind::Integer { unit, min, max } => {
            let number = number::integer(token, unit).map_err(Unreadable::Number)?;
            let value = Value::Integer { number, unit };
            if (min..=max).contains(&number) { Ok(value) } else { Err(out_of_range(&value, number < min)) }
        }
        Kind::Real { unit, min, max } => {
            let number = number::real(token, unit).map_err(Unreadable::Number)?;
            let value = Value::Real { number, unit };
            if (min..=max).contains(&number) { Ok(value) } else { Err(out_of_range(&value, number < min)) }
        }
        Kind::Text => Ok(Value::Text(token.to_owned())),
        Kind::Enum { values, aliases } => values
            .iter()
            .find(|value| value.eq_ignore_ascii_case(token))
            .map(|value| resolve(value, aliases))
            .or_else(|| {
                aliases.iter().find(|(name, _)| name.eq_ignore_ascii_case(token)).map(|(_, value)| *value)
            })
            .map(Value::Enum)
            .ok_or(Unreadable::NotAChoice),
    }
}

fn out_of_range(value: &Value, below: bool) -> Unreadable {
    Unreadable::OutOfRange { read: value.to_string(), below }
}

/// A listed value may stand for another one, as `on` does for `pglz` in `wal_compression`.
fn resolve(value: &'static str, aliases: &[(&'static str, &'static str)]) -> &'static str {
    aliases.iter().find(|(name, _)| *name == value).map_or(value, |(_, meaning)| meaning)
}

/// The spellings of `parse_bool`: any start of true, false, yes and no, and of on and off from two letters; 1 and 0.
fn read_bool(token: &str) -> Option<bool> {
    let token = token.to_ascii_lowercase();
    let starts = |word: &str, least: usize| token.len() >= least && word.starts_with(&token);
    if starts("true", 1) || starts("yes", 1) || starts("on", 2) || token == "1" {
        Some(true)
    } else if starts("false", 1) || starts("no", 1) || starts("off", 2) || token == "0" {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Unreadable, Value, read};
    use crate::postgres::parameters::Kind;
    use crate::postgres::units::Unit;

    #[test]
    fn booleans_take_the_servers_spellings() {
        for (token, expected) in [
            ("on", true),
            ("ON", true),
            ("t", true),
            ("tru", true),
            ("Y", true),
            ("1", true),
            ("of", false),
            ("off", false),
            ("NO", false),
            ("f", false),
            ("0", false),
        ] {
            assert_eq!(read(&Kind::Bool, token), Ok(Value::Bool(expected)), "{token}");
        }
        for token in ["o", "onn", " on", "on ", "", "2", "00", "enabled"] {
            assert_eq!(read(&Kind::Bool, token), Err(Unreadable::NotABool), "{token}");
        }
    }

    #[test]
    fn equal_amounts_are_equal_values_however_written() {
        let kind = Kind::Integer { unit: Some(Unit::Block), min: 16, max: 1_073_741_823 };
        assert_eq!(read(&kind, "1GB"), read(&kind, "1024MB"));
        assert_eq!(read(&kind, "131072").unwrap().to_string(), "1GB");
        assert_eq!(read(&kind, "1GB").unwrap().bytes(), Some(1 << 30));
        assert_eq!(read(&kind, "12kB"), Err(Unreadable::OutOfRange { read: "16kB".to_owned(), below: true }));
    }

    #[test]
    fn choices_take_any_case_and_hidden_spellings() {
        let kind =
            Kind::Enum { values: &["pglz", "lz4", "on", "off"], aliases: &[("on", "pglz"), ("no", "off")] };
        for (token, expected) in [("LZ4", "lz4"), ("on", "pglz"), ("No", "off"), ("off", "off")] {
            assert_eq!(read(&kind, token), Ok(Value::Enum(expected)), "{token}");
        }
        assert_eq!(read(&kind, "snappy"), Err(Unreadable::NotAChoice));
    }
}
