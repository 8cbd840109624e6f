//! Numbers that know how they came about: each step changes the value and the formula together, so that a formula can't
//! say other numbers than those that were computed with.

use super::{Value, size, whole};

/// A number and its formula.
#[derive(Debug, Clone)]
pub(super) struct Worked {
    pub(super) value: u64,
    formula: String,
    /// How the number is written.
    write: fn(u64) -> String,
}

impl Worked {
    /// An amount of memory or disk. The formula shows it in whole MB, which is how much of it settings see.
    pub(super) fn bytes(value: u64) -> Self {
        Self { value, formula: size(whole(value)), write: size }
    }

    /// A count of things: `2 CPUs`.
    pub(super) fn count(value: u64, things: &str) -> Self {
        let things = if value == 1 { things.trim_end_matches('s') } else { things };
        Self {
            value,
            formula: format!("{value} {things}").trim_end().to_owned(),
            write: |value| value.to_string(),
        }
    }

    /// A sum of counts, each with what it counts.
    pub(super) fn sum(parts: &[(u64, &str)]) -> Self {
        let shown = parts.iter().map(|(count, things)| format!("{count} {things}").trim_end().to_owned());
        Self {
            value: parts.iter().map(|(count, _)| count).sum(),
            formula: shown.collect::<Vec<_>>().join(" + "),
            write: |value| value.to_string(),
        }
    }

    /// So many for each GB.
    pub(super) fn per_gb(bytes: u64, count: u64) -> Self {
        let value = u64::try_from(u128::from(bytes) * u128::from(count) / u128::from(super::GIB));
        Self {
            value: value.unwrap_or(u64::MAX),
            formula: format!("{count} per GB"),
            write: |value| value.to_string(),
        }
    }

    /// Says what the number is: `the data volume of 50GB`.
    pub(super) fn called(self, name: &str) -> Self {
        Self { formula: format!("{name} {}", self.formula), ..self }
    }

    pub(super) fn percent(self, percent: u64) -> Self {
        let value = super::percent(self.value, percent);
        Self { value, formula: format!("{percent} % of {}", self.formula), ..self }
    }

    /// One part of so many.
    pub(super) fn part(self, of: u64) -> Self {
        Self { value: self.value / of, formula: format!("{} {}", part(of), self.formula), ..self }
    }

    /// One part of so many, rounded up.
    pub(super) fn part_up(self, of: u64) -> Self {
        Self { value: self.value.div_ceil(of), formula: format!("{} {}", part(of), self.formula), ..self }
    }

    /// Divided among so many.
    pub(super) fn over(self, count: u64, things: &str) -> Self {
        let formula = format!("{} / {count} {things}", self.formula);
        Self { value: self.value / count.max(1), formula: formula.trim_end().to_owned(), ..self }
    }

    /// Divided by what another number is, told as that.
    pub(super) fn shared_by(self, count: &Self, things: &str) -> Self {
        let formula = format!("{}, / {} {things}", self.formula, count.value);
        Self { value: self.value / count.value.max(1), formula, ..self }
    }

    pub(super) fn times(self, factor: u64) -> Self {
        Self {
            value: self.value.saturating_mul(factor),
            formula: format!("{factor} x {}", self.formula),
            ..self
        }
    }

    /// Added to a number that stands in front.
    pub(super) fn after(self, first: u64) -> Self {
        Self {
            value: self.value.saturating_add(first),
            formula: format!("{first} + {}", self.formula),
            ..self
        }
    }

    /// Without so many times an amount.
    pub(super) fn minus(self, count: u64, each: u64) -> Self {
        let times = if count == 1 { String::new() } else { format!("{count} x ") };
        let formula = format!("{} - {times}{}", self.formula, (self.write)(each));
        Self { value: self.value.saturating_sub(count.saturating_mul(each)), formula, ..self }
    }

    pub(super) fn at_most_half_of(self, name: &str, other: u64) -> Self {
        let formula = format!("{}, at most half of {name} {}", self.formula, (self.write)(whole(other)));
        Self { value: self.value.min(other / 2), formula, ..self }
    }

    /// Within shares of another amount.
    pub(super) fn between_percent(self, least: u64, most: u64, of: u64) -> Self {
        let formula =
            format!("{}, between {least} and {most} % of {}", self.formula, (self.write)(whole(of)));
        Self { value: self.value.clamp(super::percent(of, least), super::percent(of, most)), formula, ..self }
    }

    pub(super) fn between(self, least: u64, most: u64) -> Self {
        let formula = format!("{}, between {} and {}", self.formula, (self.write)(least), (self.write)(most));
        Self { value: self.value.clamp(least, most), formula, ..self }
    }

    pub(super) fn at_least(self, least: u64) -> Self {
        let formula = format!("{}, at least {}", self.formula, (self.write)(least));
        Self { value: self.value.max(least), formula, ..self }
    }

    pub(super) fn at_most(self, most: u64) -> Self {
        let formula = format!("{}, at most {}", self.formula, (self.write)(most));
        Self { value: self.value.min(most), formula, ..self }
    }

    /// Rounded down to a multiple, which no formula mentions.
    pub(super) fn step(self, step: u64) -> Self {
        Self { value: self.value / step * step, ..self }
    }

    /// Rounded down to whole MB, or to pages where it is less than one.
    pub(super) fn whole(self) -> Self {
        Self { value: whole(self.value), ..self }
    }

    /// Kept within what the parameter takes, which no formula mentions: no shape that exists comes near.
    pub(super) fn within(self, least: u64, most: u64) -> Self {
        Self { value: self.value.clamp(least, most), ..self }
    }
}

impl From<Worked> for Value {
    fn from(worked: Worked) -> Self {
        let text = if worked.value == 0 { "0".to_owned() } else { (worked.write)(worked.value) };
        Self { text, formula: worked.formula }
    }
}

fn part(of: u64) -> String {
    match of {
        2 => "half of".to_owned(),
        4 => "a quarter of".to_owned(),
        of => format!("1/{of} of"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_says_what_was_computed() {
        let shown = |worked: Worked| {
            let Value { text, formula } = worked.into();
            format!("{text} = {formula}")
        };
        let gb = 1 << 30;
        assert_eq!(shown(Worked::bytes(4 * gb).percent(25).whole()), "1GB = 25 % of 4GB");
        assert_eq!(shown(Worked::bytes(gb).over(100, "").over(10, "").step(1024)), "1048kB = 1GB / 100 / 10");
        assert_eq!(
            shown(Worked::count(1, "CPUs").part(4).after(2).between(3, 6)),
            "3 = 2 + a quarter of 1 CPU, between 3 and 6"
        );
        assert_eq!(
            shown(Worked::sum(&[(4, ""), (2, "parallel")]).at_least(8)),
            "8 = 4 + 2 parallel, at least 8"
        );
        assert_eq!(
            shown(Worked::bytes(gb).minus(100, 4 << 20).minus(1, 64 << 20)),
            "560MB = 1GB - 100 x 4MB - 64MB"
        );
        assert_eq!(shown(Worked::bytes(0).part(3)), "0 = 1/3 of 0B");
    }
}
