//! What a token means where no schema says so: to Helm, to kubectl, to `--set`.

use serde_json::{Number, Value};

use super::node::{self, Node, Scalar, Style};

/// What YAML 1.1 takes a plain token for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Int,
    Float,
    Text,
}

/// A scalar of a file as Helm reads it (YAML 1.1 as `sigs.k8s.io/yaml` resolves it); a flag's as `--set` infers it.
pub fn helm_file(scalar: &Scalar) -> Value {
    match scalar.style {
        Style::Plain => plain(&scalar.token).1,
        Style::Quoted | Style::Text => Value::String(scalar.token.clone()),
        Style::Flag => helm_flag(&scalar.token),
        Style::Json => json(&scalar.token),
    }
}

impl Node {
    /// The whole value as Helm or kubectl would take it: what [`helm_file`] says of each scalar. Nulls stay.
    pub fn to_json(&self) -> Value {
        match &self.value {
            node::Value::Scalar(scalar) => helm_file(scalar),
            node::Value::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            node::Value::Map(map) => {
                Value::Object(map.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect())
            }
        }
    }
}

/// A scalar as kubectl reads it in a manifest: by the same reader as Helm's.
pub fn kubernetes(scalar: &Scalar) -> Value {
    helm_file(scalar)
}

/// Whether kubectl reads a scalar as infinity or as no number at all (`.inf`, `.NaN`), for which JSON has no words.
pub fn is_endless(scalar: &Scalar) -> bool {
    let token = scalar.token.strip_prefix(['+', '-']).unwrap_or(&scalar.token);
    let infinite = matches!(token, ".inf" | ".Inf" | ".INF");
    let none = matches!(scalar.token.as_str(), ".nan" | ".NaN" | ".NAN");
    scalar.style == Style::Plain && (infinite || none)
}

/// A `--set` token by Helm's inference: true, false and null in any case, whole numbers without a leading zero; else text.
pub fn helm_flag(token: &str) -> Value {
    if token.eq_ignore_ascii_case("true") {
        return Value::Bool(true);
    }
    if token.eq_ignore_ascii_case("false") {
        return Value::Bool(false);
    }
    if token.eq_ignore_ascii_case("null") {
        return Value::Null;
    }
    if token == "0" {
        return Value::from(0);
    }
    match token.parse::<i64>() {
        Ok(number) if !token.starts_with('0') => Value::from(number),
        _ => Value::String(token.to_owned()),
    }
}

/// A JSON token; digits beyond what a number can hold are rounded here, and only here.
fn json(token: &str) -> Value {
    match token {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        _ => integer(token)
            .map(Value::Number)
            .or_else(|| decimal(token).map(from_float))
            .unwrap_or_else(|| Value::String(token.to_owned())),
    }
}

pub(super) fn plain_kind(token: &str) -> Kind {
    plain(token).0
}

/// YAML 1.1 by `sigs.k8s.io/yaml` (go-yaml 2): its order of attempts, its quirks.
fn plain(token: &str) -> (Kind, Value) {
    let text = || (Kind::Text, Value::String(token.to_owned()));
    match token {
        "" | "~" | "null" | "Null" | "NULL" => return (Kind::Null, Value::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return (Kind::Bool, Value::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return (Kind::Bool, Value::Bool(false));
        }
        _ => {}
    }
    let first = token.as_bytes()[0];
    if first == b'.' {
        return decimal(token).map_or_else(text, |float| (Kind::Float, from_float(float)));
    }
    if !matches!(first, b'0'..=b'9' | b'+' | b'-') {
        return text();
    }
    // Underscores count for nothing in a number, wherever they stand.
    let digits = token.replace('_', "");
    if let Some(number) = integer(&digits) {
        return (Kind::Int, Value::Number(number));
    }
    decimal(&digits).map_or_else(text, |float| (Kind::Float, from_float(float)))
}

/// A whole number with an optional sign: decimal, or by its prefix binary, octal (a bare zero, too) or hexadecimal.
fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = digits.get(..2).unwrap_or_default().to_ascii_lowercase();
    let (radix, digits) = match prefix.as_str() {
        "0x" => (16, &digits[2..]),
        "0o" => (8, &digits[2..]),
        "0b" => (2, &digits[2..]),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    let size = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -size } else { size };
    i64::try_from(value).map(Number::from).or_else(|_| u64::try_from(value).map(Number::from)).ok()
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, if it is finite.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, ""), |(whole, fraction)| (whole, fraction));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.map(|text| text.strip_prefix(['-', '+']).unwrap_or(text));
    let shaped = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent_digits.is_none_or(|text| !text.is_empty() && digits(text));
    shaped.then(|| text.parse::<f64>().ok()).flatten().filter(|float| float.is_finite())
}

/// A float as JSON prints it: without a point where it is whole.
fn from_float(float: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
    if float.fract() == 0.0 && float.abs() < 9.0e18 {
        return Value::from(float as i64);
    }
    Number::from_f64(float).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(token: &str) -> Value {
        helm_file(&Scalar { token: token.to_owned(), style: Style::Plain })
    }

    #[test]
    fn a_plain_token_means_what_helm_takes_it_for() {
        let table = [
            (vec!["no", "off", "n", "False"], json!(false)),
            (vec!["y", "on", "Yes", "TRUE"], json!(true)),
            (vec!["", "~", "null", "NULL"], json!(null)),
            (vec!["16.10"], json!(16.1)),
            (vec!["1.0", "1.", "1e0", "+1", "0x1", "0b1", "0o1", "01", "0_1", "1_"], json!(1)),
            (vec!["010", "0o10", "0O10", "08", "8."], json!(8)),
            (vec!["0700", "0_700"], json!(448)),
            (vec!["0x10", "0X10", "0b10000", "16"], json!(16)),
            (vec!["1_000", "1e3", "1E+3"], json!(1000)),
            (vec!["0e1234", "0", "-0"], json!(0)),
            (vec!["-0x10", "-16"], json!(-16)),
            (vec![".5", "+.5", "0.5"], json!(0.5)),
            (vec!["9223372036854775807"], json!(i64::MAX)),
            (vec!["18446744073709551615"], json!(u64::MAX)),
            (vec!["1e400"], json!("1e400")),
        ];
        for (tokens, expected) in table {
            for token in tokens {
                assert_eq!(file(token), expected, "{token:?}");
            }
        }
        for text in [
            "12:30",
            "2024-01-01",
            "=",
            "yEs",
            "nUll",
            "0x",
            "0b2",
            "-",
            "+",
            ".",
            ".e3",
            "1e",
            "0xg",
            "--1",
            "e3",
            "_1",
            "%m",
        ] {
            assert_eq!(file(text), json!(text), "{text:?}");
        }
    }

    #[test]
    fn a_flag_is_typed_by_helms_inference() {
        for (token, expected) in [
            ("TRUE", json!(true)),
            ("tRuE", json!(true)),
            ("nUlL", json!(null)),
            ("0", json!(0)),
            ("-0", json!(0)),
            ("+1", json!(1)),
            ("-01", json!(-1)),
            ("9223372036854775807", json!(i64::MAX)),
        ] {
            assert_eq!(helm_flag(token), expected, "{token:?}");
        }
        for text in [
            "01",
            "00",
            "0x10",
            "1_000",
            "1.0",
            ".5",
            "1e3",
            "NaN",
            "9223372036854775808",
            "yes",
            "~",
            "nil",
            "",
            " ",
            " 1",
            "0755",
        ] {
            assert_eq!(helm_flag(text), json!(text), "{text:?}");
        }
    }

    #[test]
    fn quotes_and_string_flags_stay_text_and_json_is_json() {
        let typed = |token: &str, style| helm_file(&Scalar { token: token.to_owned(), style });
        assert_eq!(typed("no", Style::Quoted), json!("no"));
        assert_eq!(typed("1", Style::Text), json!("1"));
        assert_eq!(typed("1.0", Style::Json), json!(1));
        assert_eq!(typed("9007199254740993", Style::Json), json!(9_007_199_254_740_993_i64));
        assert_eq!(typed("true", Style::Json), json!(true));
    }
}
