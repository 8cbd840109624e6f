//! The schedule of a CronJob.

/// Why a text is no schedule, as `robfig/cron`'s standard parser takes it: five fields, or a word such as `@daily`.
pub(super) fn read(text: &str) -> Result<(), String> {
    const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
        ("minute", 0, 59, &[]),
        ("hour", 0, 23, &[]),
        ("day of the month", 1, 31, &[]),
        (
            "month",
            1,
            12,
            &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        ),
        ("day of the week", 0, 6, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];
    const WORDS: [&str; 7] =
        ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    if text.starts_with('@') {
        if let Some(length) = text.strip_prefix("@every ") {
            let help = || format!("`{length}` is no duration such as `1h30m`");
            return if is_duration(length) { Ok(()) } else { Err(help()) };
        }
        let known = WORDS.contains(&text);
        return if known { Ok(()) } else { Err(format!("the words are {}", WORDS.join(", "))) };
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("it has {} fields and needs 5", fields.len()));
    }
    for (field, (what, least, most, names)) in fields.into_iter().zip(FIELDS) {
        let number = |text: &str| -> Result<u32, String> {
            let named = names
                .iter()
                .position(|name| text.eq_ignore_ascii_case(name))
                .and_then(|at| u32::try_from(at).ok());
            let number = named.map(|at| at + least).or_else(|| text.parse().ok());
            number
                .filter(|number| (least..=most).contains(number))
                .ok_or_else(|| format!("the {what} `{text}` is none from {least} to {most}"))
        };
        for part in field.split(',').filter(|part| !part.is_empty()) {
            let (range, step) =
                part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
            if step.is_some_and(|step| !step.parse::<i64>().is_ok_and(|step| step > 0)) {
                return Err(format!("the {what} has the step `{}`", step.unwrap_or_default()));
            }
            // What follows a star is not read.
            if matches!(range.split('-').next(), Some("*" | "?")) {
                continue;
            }
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            if number(from)? > number(to)? {
                return Err(format!("the {what} goes from `{from}` down to `{to}`"));
            }
        }
    }
    Ok(())
}

/// Whether Go's `time.ParseDuration` reads a text: numbers, perhaps with a fraction, each with its unit.
pub(super) fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 8] = ["ns", "us", "\u{b5}s", "\u{3bc}s", "ms", "s", "m", "h"];
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, after) = rest.split_at(number);
        let unit = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(unit);
        let is_number = digits.contains(|c: char| c.is_ascii_digit()) && digits.matches('.').count() <= 1;
        if !is_number || !UNITS.contains(&unit) {
            return false;
        }
        rest = next;
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn schedules_are_read_as_cron_reads_them() {
        for good in [
            "0 2 * * *",
            "*/15 0-6 1,15 JAN-dec mon",
            "@daily",
            "@every 1h30m",
            "@every 1.5h",
            "0 0 ? * 0",
            "5/15 * * * *",
            "1/99999999999 * * * *",
            "1,2,,3 * * * *",
            "*-5 * * * *",
        ] {
            assert_eq!(read(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "0 2 * *",
            "0 2 * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "* * * * mo",
            "5-1 * * * *",
            "*/0 * * * *",
            "*/x * * * *",
            "*/-1 * * * *",
            "*/9223372036854775808 * * * *",
            "@dayly",
            "@every soon",
            "@every 1d",
            "@every 5",
            "@every ",
            "@every 1.1.1s",
            "a b c d e",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
