//! Time zones as the server reads them: a name, an offset with a name as POSIX has it, or an offset alone.

use super::hooks::{Refusal, Verdict};
use crate::spelling::nearest_name;
use crate::zones::ZONES;

/// A zone, or the hours east of Greenwich.
pub(super) fn time_zone(text: &str) -> Verdict {
    match hours(text) {
        Some(hours) if hours.abs() >= HOURS_OF_A_WEEK => Err(Refusal::new(
            "no zone is a week or more away from Greenwich",
            "write a name such as `UTC` or `Europe/Berlin`",
        )),
        Some(_) => Ok(None),
        None => named_time_zone(text),
    }
}

/// Where a zone's offset ends.
const HOURS_OF_A_WEEK: f64 = 168.0;

/// The hours of a zone that is a number, counted to the east; in `TimeZone` alone.
pub(super) fn hours(text: &str) -> Option<f64> {
    let hours = text.strip_prefix(['-', '+']).unwrap_or(text);
    if hours.starts_with(|c: char| c.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Hours, and minutes and seconds after colons, without a name: the server reads them as POSIX does, to the west.
pub(super) fn is_unnamed_zone(text: &str) -> bool {
    let parts: Vec<&str> = text.strip_prefix(['-', '+']).unwrap_or(text).split(':').collect();
    let number = |part: &str| {
        part.parse::<u8>().ok().filter(|_| part.bytes().all(|digit| digit.is_ascii_digit())).map(f64::from)
    };
    let numbers: Option<Vec<f64>> = parts.iter().map(|part| number(part)).collect();
    match numbers.as_deref() {
        Some([hours]) => *hours < HOURS_OF_A_WEEK,
        Some([hours, minutes]) => *hours < HOURS_OF_A_WEEK && *minutes < 60.0,
        _ => false,
    }
}

pub(super) fn named_time_zone(text: &str) -> Verdict {
    if ZONES.iter().any(|zone| zone.eq_ignore_ascii_case(text))
        || is_posix_zone(text)
        || is_unnamed_zone(text)
    {
        return Ok(None);
    }
    let help = match nearest_name(text, ZONES.iter().copied()).or_else(|| city(text)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "write a name such as `UTC` or `Europe/Berlin`".to_owned(),
    };
    Err(Refusal::new("PostgreSQL knows no time zone of that name", help))
}

/// The zone of a city whose continent was left out.
fn city(text: &str) -> Option<&'static str> {
    let last = |zone: &&&str| zone.rsplit_once('/').is_some_and(|(_, city)| city.eq_ignore_ascii_case(text));
    ZONES.iter().find(last).copied()
}

/// An abbreviation and an offset to the west, such as `CET-1` or `<+03>-3`; with rules for summer time after them.
fn is_posix_zone(text: &str) -> bool {
    let rest = match text.strip_prefix('<') {
        Some(inner) => match inner.split_once('>') {
            Some((name, rest))
                if name.len() >= 3 && name.chars().all(|c| c.is_ascii_alphanumeric() || "+-".contains(c)) =>
            {
                rest
            }
            _ => return false,
        },
        None => text.trim_start_matches(|c: char| c.is_ascii_alphabetic()),
    };
    let name = text.len() - rest.len();
    let offset = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    let hours = offset.split([':', ',']).next().unwrap_or_default();
    let hours = hours.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let rules = |c: char| c.is_ascii_alphanumeric() || ":,./+-".contains(c);
    name >= 3 && hours.parse::<u8>().is_ok_and(|hours| hours <= 24) && offset.chars().all(rules)
}

#[cfg(test)]
mod tests {
    use super::{named_time_zone, time_zone};

    #[test]
    fn time_zones_are_known_by_name() {
        for text in ["UTC", "etc/utc", "Europe/Berlin", "EST5EDT", "<+03>-3", "CET-1CEST,M3.5.0,M10.5.0/3"] {
            assert_eq!(named_time_zone(text), Ok(None), "{text}");
        }
        for text in ["-3.5", "167.99", "5:30", "-5:30", "24:59"] {
            assert_eq!(time_zone(text), Ok(None), "{text}");
        }
        for text in ["2", "5:30", "167"] {
            assert_eq!(named_time_zone(text), Ok(None), "{text}");
        }
        for text in ["168", "-168", "169", "5:60", "168:00"] {
            assert!(time_zone(text).is_err() && named_time_zone(text).is_err(), "{text}");
        }
        for (text, help) in [
            ("Europe/Berln", "did you mean `Europe/Berlin`?"),
            ("Berlin", "did you mean `Europe/Berlin`?"),
            ("", "write a name such as `UTC` or `Europe/Berlin`"),
            ("9x", "write a name such as `UTC` or `Europe/Berlin`"),
        ] {
            assert_eq!(time_zone(text).unwrap_err().help, help, "{text}");
        }
    }
}
