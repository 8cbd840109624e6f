//! Kubernetes quantities (`500m`, `1.5Gi`, `2e3`), exact: integers of a thousand-millionth, no floating point.
//!
//! Grammar and suffixes: `k8s.io/apimachinery/pkg/api/resource`, `ParseQuantity`. Kubernetes rounds what is finer than
//! a thousand-millionth up and caps what is larger than 2^63-1; both are refused here, because nobody writes them on
//! purpose.

use std::fmt;

/// An amount, counted in thousand-millionths of one. Ordered by size: `1000m` equals `1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    nanos: i128,
}

/// Why a text is no quantity: a clause that follows "`10Gbb` is not a quantity: ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAQuantity(pub String);

impl fmt::Display for NotAQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const ONE: i128 = 1_000_000_000;

/// Suffix, base, power.
const SUFFIXES: [(&str, i128, i32); 16] = [
    ("Ki", 1024, 1),
    ("Mi", 1024, 2),
    ("Gi", 1024, 3),
    ("Ti", 1024, 4),
    ("Pi", 1024, 5),
    ("Ei", 1024, 6),
    ("n", 10, -9),
    ("u", 10, -6),
    ("m", 10, -3),
    ("", 10, 0),
    ("k", 10, 3),
    ("M", 10, 6),
    ("G", 10, 9),
    ("T", 10, 12),
    ("P", 10, 15),
    ("E", 10, 18),
];

impl Quantity {
    /// The amount of so many bytes (or of anything whole).
    pub const fn whole(amount: u64) -> Self {
        // `From` is not const; the cast loses nothing.
        let nanos = amount as i128 * ONE;
        Self { nanos }
    }

    /// Reads a quantity as Kubernetes does.
    pub fn parse(text: &str) -> Result<Self, NotAQuantity> {
        let refuse = |why: &str| Err(NotAQuantity(why.to_owned()));
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let number_end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at(number_end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if text.is_empty() {
            return refuse("it needs a number, such as `10` or `1.5`");
        }
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return refuse("a number comes first, such as `10` or `1.5`");
        }
        let (base, power) = scale(suffix)?;
        let digits: String = [whole, fraction].concat();
        let digits = digits.trim_start_matches('0');
        let Ok(mantissa) = (if digits.is_empty() { Ok(0) } else { digits.parse::<i128>() }) else {
            return refuse("the number has too many digits");
        };
        let places = i32::try_from(fraction.len()).unwrap_or(i32::MAX);
        let Some(nanos) = scaled(mantissa, base, power, places) else {
            return refuse("it is finer than Kubernetes counts (a thousand-millionth)");
        };
        if nanos > i128::from(i64::MAX) * ONE {
            return refuse("it is larger than Kubernetes counts (2^63-1)");
        }
        Ok(Self { nanos: if text.starts_with('-') { -nanos } else { nanos } })
    }

    /// Thousandths, as CPU is counted; rounded up, as Kubernetes does.
    pub fn millis(self) -> i128 {
        self.ceil(ONE / 1000)
    }

    /// Whole units (bytes of memory or disk); rounded up, as Kubernetes does.
    pub fn units(self) -> i128 {
        self.ceil(ONE)
    }

    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    fn ceil(self, step: i128) -> i128 {
        self.nanos.div_euclid(step) + i128::from(self.nanos.rem_euclid(step) != 0)
    }
}

/// Bytes in the largest binary unit that says them exactly: `1536Mi`.
pub fn print_binary(bytes: u64) -> String {
    let unit = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)]
        .into_iter()
        .find(|(_, power)| bytes > 0 && bytes.trailing_zeros() >= *power);
    match unit {
        Some((unit, power)) => format!("{}{unit}", bytes >> power),
        None => bytes.to_string(),
    }
}

/// Thousandths of a CPU: `500m`, `2`.
pub fn print_millis(millis: u64) -> String {
    if millis.is_multiple_of(1000) { (millis / 1000).to_string() } else { format!("{millis}m") }
}

/// Base and power of a suffix, or of an exponent such as `e3`.
fn scale(suffix: &str) -> Result<(i128, i32), NotAQuantity> {
    if let Some((_, base, power)) = SUFFIXES.iter().find(|(name, ..)| *name == suffix) {
        return Ok((*base, *power));
    }
    let exponent = suffix.strip_prefix(['e', 'E']).filter(|digits| !digits.is_empty());
    if let Some(exponent) = exponent.and_then(|digits| digits.parse::<i32>().ok()) {
        return Ok((10, exponent));
    }
    let hint = match suffix {
        "K" | "KB" | "kB" | "KiB" => "; kilobytes are `k` (1000) or `Ki` (1024)",
        "MB" | "MiB" | "mb" => "; megabytes are `M` (1000²) or `Mi` (1024²)",
        "GB" | "GiB" | "g" | "gb" | "Gb" => "; gigabytes are `G` (1000³) or `Gi` (1024³)",
        "TB" | "TiB" | "t" | "tb" => "; terabytes are `T` (1000⁴) or `Ti` (1024⁴)",
        _ => "; known are m, k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei",
    };
    Err(NotAQuantity(format!("`{suffix}` is no unit of Kubernetes{hint}")))
}

/// `mantissa × base^power ÷ 10^places` in thousand-millionths; `None` where that is no whole number, saturated far
/// above the largest amount where it overflows.
fn scaled(mantissa: i128, base: i128, power: i32, places: i32) -> Option<i128> {
    const FAR_ABOVE: i128 = i128::MAX;
    if mantissa == 0 {
        return Some(0);
    }
    let (up, down) = if base == 10 {
        let net = 9_i32.saturating_add(power).saturating_sub(places);
        (10_i128.checked_pow(net.max(0).unsigned_abs()), 10_i128.checked_pow(net.min(0).unsigned_abs()))
    } else {
        let units = base.checked_pow(power.unsigned_abs()).and_then(|units| units.checked_mul(ONE));
        (units, 10_i128.checked_pow(places.unsigned_abs()))
    };
    let down = down?;
    let Some(product) = up.and_then(|up| mantissa.checked_mul(up)) else { return Some(FAR_ABOVE) };
    (product % down == 0).then_some(product / down)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> Result<i128, String> {
        Quantity::parse(text).map(|quantity| quantity.nanos).map_err(|why| why.0)
    }

    #[test]
    fn what_kubernetes_reads_is_read_exactly() {
        let one = ONE;
        for (text, expected) in [
            ("0", 0),
            ("1", one),
            ("+1", one),
            ("-1", -one),
            ("1.", one),
            (".5", one / 2),
            ("0.1", one / 10),
            ("100m", one / 10),
            ("1n", 1),
            ("1u", 1000),
            ("1500m", one * 3 / 2),
            ("1k", one * 1000),
            ("1Ki", one * 1024),
            ("1.5Gi", one * 3 * 512 * 1024 * 1024),
            ("0.5Ki", one * 512),
            ("1e3", one * 1000),
            ("1E3", one * 1000),
            ("1e-3", one / 1000),
            ("1e+3", one * 1000),
            ("9E", one * 9_000_000_000_000_000_000),
            ("7Ei", one * 7 * (1 << 60)),
            ("9223372036854775807", one * 9_223_372_036_854_775_807),
            ("00010", one * 10),
            ("0e99", 0),
        ] {
            assert_eq!(nanos(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_says_why() {
        let long = "9".repeat(60);
        for (text, expected) in [
            ("", "it needs a number, such as `10` or `1.5`"),
            ("Gi", "a number comes first, such as `10` or `1.5`"),
            (".", "a number comes first, such as `10` or `1.5`"),
            ("1.2.3", "a number comes first, such as `10` or `1.5`"),
            (" 1", "a number comes first, such as `10` or `1.5`"),
            ("10GB", "`GB` is no unit of Kubernetes; gigabytes are `G` (1000³) or `Gi` (1024³)"),
            ("1K", "`K` is no unit of Kubernetes; kilobytes are `k` (1000) or `Ki` (1024)"),
            (
                "1 Gi",
                "` Gi` is no unit of Kubernetes; known are m, k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei",
            ),
            ("1e", "`e` is no unit of Kubernetes; known are m, k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei"),
            ("0.1n", "it is finer than Kubernetes counts (a thousand-millionth)"),
            ("9223372036854775808", "it is larger than Kubernetes counts (2^63-1)"),
            ("8Ei", "it is larger than Kubernetes counts (2^63-1)"),
            ("1e99", "it is larger than Kubernetes counts (2^63-1)"),
            ("1e-99", "it is finer than Kubernetes counts (a thousand-millionth)"),
            (long.as_str(), "the number has too many digits"),
        ] {
            assert_eq!(nanos(text), Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn equal_amounts_are_equal_however_they_are_written() {
        for (left, right) in
            [("1000m", "1"), ("1024Mi", "1Gi"), ("1e3", "1k"), ("0.5", "500m"), ("1Ki", "1.024k")]
        {
            assert_eq!(Quantity::parse(left), Quantity::parse(right), "{left} {right}");
        }
        assert!(read("1G") < read("1Gi"));
        assert_eq!(Quantity::parse("1Gi"), Ok(Quantity::whole(1 << 30)));
    }

    fn read(text: &str) -> Quantity {
        Quantity::parse(text).unwrap_or(Quantity::whole(0))
    }

    #[test]
    fn what_is_printed_is_read_as_the_same_amount() {
        for (bytes, text) in [
            (0, "0"),
            (1000, "1000"),
            (1 << 10, "1Ki"),
            (3 << 29, "1536Mi"),
            (1 << 40, "1Ti"),
            (5 << 50, "5120Ti"),
        ] {
            assert_eq!(print_binary(bytes), text);
            assert_eq!(read(text), Quantity::whole(bytes));
        }
        assert_eq!([0, 250, 1000, 1500].map(print_millis), ["0", "250m", "1", "1500m"]);
    }

    #[test]
    fn fractions_of_a_unit_round_up() {
        assert_eq!((read("0.1").units(), read("1.5").units(), read("2").units()), (1, 2, 2));
        assert_eq!((read("500m").millis(), read("1u").millis(), read("2").millis()), (500, 1, 2000));
        assert_eq!(read("-1500m").units(), -1);
    }
}
