//! `postgresql.conf` as text.
//!
//! The server's reader is `guc-file.l`: a quoted string ends at a lone `'`, doubles it to hold one, takes backslash
//! escapes as C does, and may not hold a raw line break.

use std::fmt::Write as _;

/// A value as a quoted string, which the server reads back as that very text.
pub fn quote(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('\'');
    for c in value.chars() {
        match c {
            '\'' => quoted.push_str("''"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_ascii_control() => {
                write!(quoted, "\\{:03o}", u32::from(c)).expect("a String takes any text");
            }
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// One setting as a line, without its line break; words and numbers stay unquoted where they can.
pub fn conf_line(name: &str, value: &str) -> String {
    if is_word(value) || is_amount(value) {
        format!("{name} = {value}")
    } else {
        format!("{name} = {}", quote(value))
    }
}

fn is_word(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// An integer, with or without a unit.
fn is_amount(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let unit = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < digits.len() && unit.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{conf_line, quote};

    /// Reads a quoted string as `guc-file.l` and its `DeescapeQuotedString` do; `None` where they see no string.
    fn unquote(text: &str) -> Option<String> {
        let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
        let mut bytes = Vec::new();
        let mut rest = inner.bytes().peekable();
        while let Some(byte) = rest.next() {
            match byte {
                b'\n' => return None,
                b'\'' => bytes.push(rest.next_if_eq(&b'\'')?),
                b'\\' => match rest.next()? {
                    b'\n' => return None,
                    b'b' => bytes.push(8),
                    b'f' => bytes.push(12),
                    b'n' => bytes.push(10),
                    b'r' => bytes.push(13),
                    b't' => bytes.push(9),
                    first @ b'0'..=b'7' => {
                        let mut code = first - b'0';
                        for _ in 0..2 {
                            let Some(digit) = rest.next_if(|b| (b'0'..=b'7').contains(b)) else { break };
                            code = code.wrapping_mul(8).wrapping_add(digit - b'0');
                        }
                        bytes.push(code);
                    }
                    other => bytes.push(other),
                },
                other => bytes.push(other),
            }
        }
        String::from_utf8(bytes).ok()
    }

    #[test]
    fn hostile_text_is_quoted() {
        for (value, expected) in [
            ("it's", "'it''s'"),
            ("C:\\new", "'C:\\\\new'"),
            ("two\nlines\t", "'two\\nlines\\t'"),
            ("bell\x07", "'bell\\007'"),
            ("", "''"),
            ("é # %m", "'é # %m'"),
        ] {
            assert_eq!(quote(value), expected);
            assert_eq!(unquote(expected).as_deref(), Some(value));
        }
    }

    #[test]
    fn plain_words_and_amounts_stay_bare() {
        for (value, expected) in [
            ("on", "x = on"),
            ("1GB", "x = 1GB"),
            ("-1", "x = -1"),
            ("0.9", "x = '0.9'"),
            ("2.5ms", "x = '2.5ms'"),
            ("0x10", "x = '0x10'"),
            ("ISO, MDY", "x = 'ISO, MDY'"),
            ("scram-sha-256", "x = 'scram-sha-256'"),
            ("1 # GB", "x = '1 # GB'"),
            ("", "x = ''"),
            ("-", "x = '-'"),
        ] {
            assert_eq!(conf_line("x", value), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(value in "[^\\x00]*") {
            prop_assert_eq!(unquote(&quote(&value)), Some(value));
        }

        #[test]
        fn quotes_and_backslashes_come_back(value in "[\\\\'\\n\\r\\t07n\\x01 ]*") {
            prop_assert_eq!(unquote(&quote(&value)), Some(value));
        }
    }
}
