//! Points in time, as the API writes them (RFC 3339).

/// Whether a text is a point in time as Go's `time.RFC3339` reads it.
pub(super) fn is_time(text: &str) -> bool {
    read(text).is_some()
}

fn read(text: &str) -> Option<()> {
    let (date, rest) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let end = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = rest.split_at(end);
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, "0"));
    // Go takes an hour of one digit.
    let of_hour = clock.find(':').filter(|digits| *digits == 1).unwrap_or(2);
    let [hour, minute, second] = numbers(clock, ':', [of_hour, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    let zone_fits = zone == "Z"
        || numbers(zone.get(1..)?, ':', [2, 2]).is_some_and(|[hours, minutes]| hours < 24 && minutes < 60);
    let fits = (1..=12).contains(&month)
        && (1..=days).contains(&day)
        && (hour < 24 && minute < 60 && second < 60)
        && (!fraction.is_empty() && fraction.bytes().all(|c| c.is_ascii_digit()))
        && zone_fits;
    fits.then_some(())
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[u32; N]> {
    let parts: Vec<&str> = text.split(between).collect();
    let mut numbers = [0; N];
    if parts.len() != N {
        return None;
    }
    for ((number, part), digits) in numbers.iter_mut().zip(parts).zip(digits) {
        let is_number = part.len() == digits && part.bytes().all(|c| c.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_number)?;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn times_are_read_as_go_reads_them() {
        for good in [
            "2024-02-29T23:59:59Z",
            "2024-01-02T03:04:05.123+01:00",
            "2024-01-02T03:04:05.123456Z",
            "0001-01-01T00:00:00-00:30",
            "2024-01-02T3:04:05Z",
        ] {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "",
            "yesterday",
            "2024-01-02",
            "2024-01-02 03:04:05Z",
            "2024-01-02T03:04:05",
            "2023-02-29T03:04:05Z",
            "2024-13-02T03:04:05Z",
            "2024-01-02T24:00:00Z",
            "2024-1-2T03:04:05Z",
            "2024-01-02T3:4:05Z",
            "2024-01-02T003:04:05Z",
            "2024-01-02T03:04:05.Z",
            "2024-01-02T03:04:05+1:00",
            "2024-01-02T03:04:05é",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
    }
}
