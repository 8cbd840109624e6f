//! Amounts of memory and time as PostgreSQL writes and reads them.
//!
//! PostgreSQL's units are binary, whatever their spelling (`1kB` is 1024 bytes), and case matters.

/// The unit in which a parameter counts, or in which a user wrote an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Byte,
    Kilobyte,
    /// A page of 8 kB; no user can write this one.
    Block,
    Megabyte,
    Millisecond,
    Second,
    Minute,
}

impl Unit {
    /// The unit column of `pg_settings`.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Byte,
            Self::Kilobyte,
            Self::Block,
            Self::Megabyte,
            Self::Millisecond,
            Self::Second,
            Self::Minute,
        ]
        .into_iter()
        .find(|unit| unit.name() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Byte => "B",
            Self::Kilobyte => "kB",
            Self::Block => "8kB",
            Self::Megabyte => "MB",
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::Minute => "min",
        }
    }

    pub fn is_memory(self) -> bool {
        matches!(self, Self::Byte | Self::Kilobyte | Self::Block | Self::Megabyte)
    }

    /// What may follow a number, largest first, with its size in bytes or microseconds.
    pub(crate) fn scale(self) -> &'static [(&'static str, u64)] {
        if self.is_memory() { MEMORY } else { TIME }
    }

    /// One of this unit in bytes or microseconds.
    pub(crate) fn size(self) -> u64 {
        match self {
            Self::Byte => 1,
            Self::Kilobyte => 1 << 10,
            Self::Block => 8 << 10,
            Self::Megabyte => 1 << 20,
            Self::Millisecond => 1_000,
            Self::Second => 1_000_000,
            Self::Minute => 60_000_000,
        }
    }
}

const MEMORY: &[(&str, u64)] =
    &[("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10), ("B", 1)];
const TIME: &[(&str, u64)] = &[
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("min", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// An amount in the largest unit that says it exactly: `131072` of 8 kB is `1GB`. Zero and the negative numbers,
/// which are switches rather than amounts, stay bare.
pub fn print(number: i64, unit: Unit) -> String {
    match u64::try_from(number) {
        Ok(amount @ 1..) => exact(u128::from(amount) * u128::from(unit.size()), unit.scale()),
        _ => number.to_string(),
    }
}

/// Bytes in the largest unit that says them exactly: `1536MB`.
pub fn print_bytes(bytes: u64) -> String {
    exact(u128::from(bytes), MEMORY)
}

/// An amount for a sentence: exact when that is short, else near a round number.
pub(crate) fn describe(number: i64, unit: Unit) -> String {
    let exact = print(number, unit);
    if number < i64::from(i32::MAX) / 2 || exact.len() <= 7 {
        return exact;
    }
    let above = print(number + 1, unit);
    if above.len() <= 5 {
        return format!("just under {above}");
    }
    let amount = u128::from(number.unsigned_abs()) * u128::from(unit.size());
    let scale = unit.scale();
    let (name, size) = scale.iter().find(|(_, size)| amount >= u128::from(*size) * 2).unwrap_or(&scale[0]);
    format!("about {}{name}", amount / u128::from(*size))
}

fn exact(amount: u128, scale: &[(&str, u64)]) -> String {
    let fitting = scale.iter().find(|(_, size)| amount != 0 && amount.is_multiple_of(u128::from(*size)));
    match fitting.or(scale.last()) {
        Some((name, size)) => format!("{}{name}", amount / u128::from(*size)),
        None => amount.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Unit, describe, print, print_bytes};

    #[test]
    fn amounts_print_in_the_largest_exact_unit() {
        for (number, unit, expected) in [
            (131_072, Unit::Block, "1GB"),
            (125, Unit::Block, "1000kB"),
            (8192, Unit::Kilobyte, "8MB"),
            (8193, Unit::Kilobyte, "8193kB"),
            (1024, Unit::Megabyte, "1GB"),
            (1000, Unit::Byte, "1000B"),
            (90_000, Unit::Millisecond, "90s"),
            (1440, Unit::Minute, "1d"),
            (0, Unit::Second, "0"),
            (-1, Unit::Kilobyte, "-1"),
            (i64::from(i32::MAX), Unit::Minute, "2147483647min"),
        ] {
            assert_eq!(print(number, unit), expected);
        }
        assert_eq!(print_bytes(1536 << 20), "1536MB");
        assert_eq!(print_bytes(0), "0B");
    }

    #[test]
    fn limits_are_described_by_round_numbers() {
        let most = i64::from(i32::MAX);
        for (number, unit, expected) in [
            (most, Unit::Kilobyte, "just under 2TB"),
            (most, Unit::Byte, "just under 2GB"),
            (1_073_741_823, Unit::Block, "just under 8TB"),
            (most, Unit::Millisecond, "about 24d"),
            (600, Unit::Second, "10min"),
            (64, Unit::Kilobyte, "64kB"),
        ] {
            assert_eq!(describe(number, unit), expected);
        }
    }
}
