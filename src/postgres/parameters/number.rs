//! Numbers as PostgreSQL reads them: `parse_int` and `parse_real` of its `guc.c`, over C's `strtol` and `strtod`.

use crate::postgres::units::Unit;

/// Why a token is no number for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Misread {
    NotANumber,
    /// Text after the number, where the parameter has no unit.
    NoUnit(String),
    /// Text after the number that is none of the parameter's units.
    BadUnit {
        number: String,
        unit: String,
    },
    /// Beyond what 32 bits hold, or a real beyond what a double holds.
    TooLarge,
}

/// Reads an integer in the parameter's own unit, rounding fractions to the nearest (halves to even).
pub(crate) fn integer(token: &str, unit: Option<Unit>) -> Result<i64, Misread> {
    let (number, rest) = leading_integer(token).ok_or(Misread::NotANumber)?;
    let number = convert(token, number, rest, unit)?.round_ties_even();
    if number > f64::from(i32::MAX) || number < f64::from(i32::MIN) {
        return Err(Misread::TooLarge);
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits 32 bits")]
    Ok(number as i64)
}

/// Reads a real number in the parameter's own unit.
pub(crate) fn real(token: &str, unit: Option<Unit>) -> Result<f64, Misread> {
    let (number, rest) = leading_real(token)?;
    if number.is_nan() {
        return Err(Misread::NotANumber);
    }
    convert(token, number, rest, unit)
}

fn convert(token: &str, number: f64, rest: &str, unit: Option<Unit>) -> Result<f64, Misread> {
    if number.is_nan() {
        return Err(Misread::NotANumber);
    }
    let written = rest.trim_matches(is_space);
    if written.is_empty() {
        return Ok(number);
    }
    let digits = &token[..token.len() - rest.len()];
    let Some(unit) = unit else {
        return Err(Misread::NoUnit(written.to_owned()));
    };
    let scale = unit.scale();
    let bad =
        || Misread::BadUnit { number: digits.trim_matches(is_space).to_owned(), unit: written.to_owned() };
    let place = scale.iter().position(|(name, _)| *name == written).ok_or_else(bad)?;
    let base = to_f64(unit.size());
    let multiplier = to_f64(scale[place].1) / base;
    let value = number * multiplier;
    // A fraction such as 30.1GB is rounded to the next smaller unit, so that it prints short.
    Ok(match scale.get(place + 1) {
        Some((_, smaller)) => {
            let smaller = to_f64(*smaller) / base;
            (value / smaller).round_ties_even() * smaller
        }
        None => value,
    })
}

#[expect(clippy::cast_precision_loss, reason = "the sizes of units are exact in a double")]
fn to_f64(size: u64) -> f64 {
    size as f64
}

/// C's isspace.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// `strtol` with base 0, and `strtod` where that stops at a `.` or an exponent, or overflows.
fn leading_integer(token: &str) -> Option<(f64, &str)> {
    let text = token.trim_start_matches(is_space);
    let (negative, unsigned) = sign(text);
    let (radix, digits) = match unsigned.get(..2) {
        Some("0x" | "0X") if unsigned[2..].starts_with(|c: char| c.is_ascii_hexdigit()) => {
            (16, &unsigned[2..])
        }
        _ if unsigned.starts_with('0') => (8, unsigned),
        _ => (10, unsigned),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    // With nothing read, strtol reports the very beginning of the token as the place where it stopped.
    let stopped_at = if digits.is_empty() { token } else { rest };
    let number = i64::from_str_radix(digits, radix).ok();
    if stopped_at.starts_with(['.', 'e', 'E']) || (number.is_none() && !digits.is_empty()) {
        return leading_real(token).ok();
    }
    #[expect(clippy::cast_precision_loss, reason = "PostgreSQL goes through a double, too")]
    let number = number? as f64;
    Some((if negative { -number } else { number }, rest))
}

/// `strtod`.
fn leading_real(token: &str) -> Result<(f64, &str), Misread> {
    let text = token.trim_start_matches(is_space);
    let (negative, unsigned) = sign(text);
    let signed = |number: f64| if negative { -number } else { number };
    for (word, number) in [("infinity", f64::INFINITY), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
        if unsigned.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)) {
            return Ok((signed(number), &unsigned[word.len()..]));
        }
    }
    let hexadecimal = matches!(unsigned.get(..2), Some("0x" | "0X"))
        && unsigned[2..].trim_start_matches('.').starts_with(|c: char| c.is_ascii_hexdigit());
    let (number, rest) = if hexadecimal { hex_real(&unsigned[2..]) } else { decimal_real(unsigned) };
    let number = number.ok_or(Misread::NotANumber)?;
    if number.is_infinite() || (number.is_subnormal()) || (number == 0.0 && has_nonzero_digit(unsigned, rest))
    {
        return Err(Misread::TooLarge);
    }
    Ok((signed(number), rest))
}

fn decimal_real(text: &str) -> (Option<f64>, &str) {
    let whole = run(text, 10);
    let fraction = text[whole..].strip_prefix('.').map_or(0, |after| 1 + run(after, 10));
    if whole == 0 && fraction <= 1 {
        return (None, text);
    }
    let end = whole + fraction + exponent(&text[whole + fraction..], ['e', 'E']);
    (text[..end].parse().ok(), &text[end..])
}

fn hex_real(text: &str) -> (Option<f64>, &str) {
    let whole = run(text, 16);
    let fraction = text[whole..].strip_prefix('.').map_or(0, |after| 1 + run(after, 16));
    let end = whole + fraction;
    let power = exponent(&text[end..], ['p', 'P']);
    let mut number = 0.0;
    for digit in text[..end].chars().filter_map(|c| c.to_digit(16)) {
        number = number * 16.0 + f64::from(digit);
    }
    let places = i32::try_from(fraction.saturating_sub(1)).unwrap_or(i32::MAX);
    let shift: i32 = if power == 0 { 0 } else { text[end + 1..end + power].parse().unwrap_or(i32::MAX) };
    (Some(number * 2f64.powi(shift.saturating_sub(places.saturating_mul(4)))), &text[end + power..])
}

/// How many characters of `text` are digits of that radix.
fn run(text: &str, radix: u32) -> usize {
    text.find(|c: char| !c.is_digit(radix)).unwrap_or(text.len())
}

/// The length of an exponent such as `e-3`, zero where there is none.
fn exponent(text: &str, marks: [char; 2]) -> usize {
    let Some(after) = text.strip_prefix(marks) else { return 0 };
    let sign = usize::from(after.starts_with(['+', '-']));
    match run(&after[sign..], 10) {
        0 => 0,
        digits => 1 + sign + digits,
    }
}

fn has_nonzero_digit(text: &str, rest: &str) -> bool {
    let mantissa = text[..text.len() - rest.len()].split(['e', 'E']).next().unwrap_or_default();
    mantissa.contains(|c: char| ('1'..='9').contains(&c))
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Misread, integer, real};
    use crate::postgres::units::Unit;

    /// Each line was tried on servers 14.23 to 18.4 with `postgres -C work_mem`.
    #[test]
    fn integers_are_read_as_the_server_reads_them() {
        let kilobytes = Some(Unit::Kilobyte);
        for (token, expected) in [
            ("8MB", 8192),
            (" 8 MB ", 8192),
            ("8\t\n MB", 8192),
            ("+8MB", 8192),
            ("0x100", 256),
            ("0100", 64),
            ("1e3", 1000),
            ("1.5MB", 1536),
            ("8.3kB", 8),
            ("65B", 0),
            ("0x1.8p7", 192),
            (".5MB", 512),
            ("64.5", 64),
            ("65.5", 66),
            ("1TB", 1_073_741_824),
            ("-1", -1),
        ] {
            assert_eq!(integer(token, kilobytes), Ok(expected), "{token}");
        }
        for token in ["8mb", "64kBx", "0x1p3", "1_000", "1PB", "0b11", "08", "8 M B", "1e", "8é"] {
            assert!(matches!(integer(token, kilobytes), Err(Misread::BadUnit { .. })), "{token}");
        }
        for token in ["inf", "nan", "-.5MB", "", " ", "MB", "-", "1e400", "1e-400", "é"] {
            assert_eq!(integer(token, kilobytes), Err(Misread::NotANumber), "{token}");
        }
        for token in ["2TB", "99999999999999999999", "0xFFFFFFFFFFFFFFFFFF", "2147483648", "-2147483649"] {
            assert_eq!(integer(token, kilobytes), Err(Misread::TooLarge), "{token}");
        }
    }

    #[test]
    fn every_unit_converts_to_the_parameters_own() {
        for (token, unit, expected) in [
            ("1000kB", Unit::Block, 125),
            ("12kB", Unit::Block, 2),
            ("1GB", Unit::Block, 131_072),
            ("1536kB", Unit::Megabyte, 2),
            ("1500ms", Unit::Second, 2),
            ("90s", Unit::Minute, 2),
            ("1.5min", Unit::Millisecond, 90_000),
            ("1d", Unit::Minute, 1440),
            // 30.1 GB is rounded to whole MB.
            ("30.1GB", Unit::Kilobyte, 30_822 * 1024),
            ("1.9999GB", Unit::Kilobyte, 2048 * 1024),
        ] {
            assert_eq!(integer(token, Some(unit)), Ok(expected), "{token}");
        }
        assert_eq!(integer("100kB", None), Err(Misread::NoUnit("kB".to_owned())));
        assert_eq!(integer("100.5", None), Ok(100));
        assert_eq!(integer("101.5", None), Ok(102));
    }

    #[test]
    fn reals_are_read_as_the_server_reads_them() {
        assert_eq!(real("0x10", None), Ok(16.0));
        assert_eq!(real("1e1", None), Ok(10.0));
        assert_eq!(real(".5", None), Ok(0.5));
        assert_eq!(real("1.", None), Ok(1.0));
        assert_eq!(real("-.5", None), Ok(-0.5));
        assert_eq!(real("2500us", Some(Unit::Millisecond)), Ok(2.5));
        assert_eq!(real("inf", None), Ok(f64::INFINITY));
        assert_eq!(real("1,5", None), Err(Misread::NoUnit(",5".to_owned())));
        assert_eq!(real("nan", None), Err(Misread::NotANumber));
        assert_eq!(real("1e400", None), Err(Misread::TooLarge));
        assert_eq!(real("1e-400", None), Err(Misread::TooLarge));
    }
}
