//! Texts that the server reads: lists, encodings, locales.

use super::explain::list;
use super::hooks::{Refusal, Verdict, one_of};

use crate::spelling::nearest_name;

/// `pg_encname_tbl`: the letters and digits of every name that the server knows an encoding by.
const ENCODINGS: &str = "abc alt big5 euccn eucjis2004 eucjp euckr euctw gb18030 gbk iso88591 iso885910 iso885913 \
    iso885914 iso885915 iso885916 iso88592 iso88593 iso88594 iso88595 iso88596 iso88597 iso88598 \
    iso88599 johab koi8 koi8r koi8u latin1 latin10 latin2 latin3 latin4 latin5 latin6 latin7 latin8 \
    latin9 mskanji muleinternal shiftjis shiftjis2004 sjis sqlascii tcvn tcvn5712 uhc unicode utf8 \
    vscii win win1250 win1251 win1252 win1253 win1254 win1255 win1256 win1257 win1258 win866 win874 \
    win932 win936 win949 win950 windows1250 windows1251 windows1252 windows1253 windows1254 \
    windows1255 windows1256 windows1257 windows1258 windows866 windows874 windows932 windows936 \
    windows949 windows950";

/// Names and identifiers are cut to this many bytes.
const LONGEST_NAME: usize = 63;

/// `SplitIdentifierString`: words between commas, unquoted ones in lower case; `None` where it is no list.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return Some(words);
    }
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut word = String::new();
            rest = quoted;
            loop {
                let (part, after) = rest.split_once('"')?;
                word.push_str(part);
                let Some(more) = after.strip_prefix('"') else {
                    rest = after;
                    break;
                };
                word.push('"');
                rest = more;
            }
            words.push(word);
        } else {
            let end = rest.find(|c: char| c == ',' || c.is_ascii_whitespace()).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            words.push(rest[..end].to_ascii_lowercase());
            rest = &rest[end..];
        }
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(words);
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

fn not_a_list() -> Refusal {
    Refusal::new(
        "it is not a list of names divided by commas",
        "write `one, two`; a name with spaces in double quotes",
    )
}

pub(super) fn identifiers(text: &str) -> Verdict {
    split(text).map(|_| None).ok_or_else(not_a_list)
}

/// The server takes any text and logs that it loads nothing of a list that it can't read; a library that it doesn't
/// find keeps it from starting.
pub(super) fn libraries(text: &str) -> Verdict {
    let names = split(text).ok_or_else(not_a_list)?;
    Ok((!names.is_empty()).then(|| format!("an image that has {}", list(names.iter().map(String::as_str)))))
}

pub(super) fn words(text: &str, allowed: &[&str]) -> Verdict {
    for word in split(text).ok_or_else(not_a_list)? {
        if !allowed.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
            let help = match nearest_name(&word, allowed.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("remove `{word}`"),
            };
            return Err(Refusal::new(format!("{}, divided by commas", one_of(allowed)), help));
        }
    }
    Ok(None)
}

/// From 18 on, `log_connections` lists stages; alone, the words of the switch that it was are still taken.
pub(super) fn connection_stages(text: &str) -> Verdict {
    const SWITCH: [&str; 8] = ["on", "off", "true", "false", "yes", "no", "1", "0"];
    if split(text).is_some_and(|words| words.len() == 1 && SWITCH.contains(&words[0].as_str())) {
        return Ok(None);
    }
    words(text, &["receipt", "authentication", "authorization", "setup_durations", "all"])
}

pub(super) fn date_style(text: &str) -> Verdict {
    const WORDS: [&str; 9] = ["iso", "sql", "postgres", "german", "ymd", "dmy", "mdy", "us", "default"];
    let (mut styles, mut orders) = (Vec::new(), Vec::new());
    for word in split(text).ok_or_else(not_a_list)? {
        match word.as_str() {
            "iso" | "sql" | "german" => styles.push(word),
            _ if word.starts_with("postgres") => styles.push("postgres".to_owned()),
            "ymd" => orders.push("ymd"),
            _ if word == "dmy" || word.starts_with("euro") => orders.push("dmy"),
            _ if ["mdy", "us"].contains(&word.as_str()) || word.starts_with("noneuro") => orders.push("mdy"),
            "default" => {}
            _ => return words(&word, &WORDS),
        }
    }
    styles.dedup();
    orders.dedup();
    if styles.len() > 1 || orders.len() > 1 {
        return Err(Refusal::new(
            "its words contradict each other",
            "write one style and one order, such as `ISO, MDY`",
        ));
    }
    Ok(None)
}

pub(super) fn function_names(text: &str) -> Verdict {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ',' | ' ' | '\n' | '\t');
    if text.chars().all(fits) { Ok(None) } else { Err(not_a_list()) }
}

pub(super) fn slots(text: &str) -> Verdict {
    for name in split(text).ok_or_else(not_a_list)? {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
            return Err(Refusal::new(
                format!("`{name}` can't be the name of a replication slot"),
                "slots have names of up to 63 lower-case letters, digits and `_`",
            ));
        }
    }
    Ok(None)
}

pub(super) fn not_empty(text: &str) -> Verdict {
    if text.is_empty() {
        Err(Refusal::new("it may not be empty", "remove it for the default"))
    } else {
        Ok(None)
    }
}

/// Whether the server keeps a name as it is: it replaces other characters, and cuts what is longer.
pub(super) fn is_kept(text: &str) -> bool {
    text.len() <= LONGEST_NAME && text.chars().all(|c| c == ' ' || c.is_ascii_graphic())
}

pub(super) fn encoding(text: &str) -> Verdict {
    let letters = encoding_letters(text);
    // A name with anything but ASCII could only be one by chance.
    if text.is_ascii() && ENCODINGS.split_whitespace().any(|known| known == letters) {
        return Ok(None);
    }
    let help = match nearest_name(&letters, ENCODINGS.split_whitespace()) {
        Some(meant) => format!("did you mean `{}`?", meant.to_ascii_uppercase()),
        None => "write `UTF8`, unless clients need another one".to_owned(),
    };
    Err(Refusal::new("PostgreSQL knows no encoding of that name", help))
}

/// What the server and the C library compare the names of encodings by.
pub(crate) fn encoding_letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

pub(super) fn locale(text: &str) -> Verdict {
    let is_utf8 = |codeset: &str| encoding_letters(codeset) == "utf8";
    if ["", "C", "POSIX"].contains(&text) || text.strip_prefix("C.").is_some_and(is_utf8) {
        return Ok(None);
    }
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@' | '-');
    if letters < 2 || !text.chars().all(fits) {
        return Err(Refusal::new(
            "it is not the name of a locale",
            "write a name such as `C.UTF-8` or `en_US.utf8`",
        ));
    }
    Ok(Some(format!("an image in which the locale `{text}` is installed")))
}

pub(super) fn message_locale(text: &str) -> Verdict {
    if text.is_empty() {
        return Err(Refusal::new("it may not be empty in a configuration file", "write `C`, or remove it"));
    }
    locale(text)
}

pub(super) fn abbreviations(text: &str) -> Verdict {
    if ["Default", "Australia", "India"].contains(&text) {
        return Ok(None);
    }
    Err(Refusal::new(one_of(&["Default", "Australia", "India"]), "write `Default`, or remove it"))
}

#[cfg(test)]
mod tests {
    use super::{date_style, encoding, split};

    #[test]
    fn lists_split_as_the_server_splits_them() {
        let words = |text| split(text).map(|words| words.join("|"));
        for (text, expected) in [
            ("", Some("")),
            (" A , b", Some("a|b")),
            ("\"A b\",\"say \"\"x\"\"\"", Some("A b|say \"x\"")),
            ("a,,b", None),
            ("a b", None),
            ("a,", None),
            ("\"a", None),
        ] {
            assert_eq!(words(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn date_styles_may_not_contradict_themselves() {
        for text in ["ISO, MDY", "iso", "Postgres, European", "SQL,DMY", "default", ""] {
            assert_eq!(date_style(text), Ok(None), "{text}");
        }
        for text in ["ISO, SQL", "MDY, DMY", "ISO MDY", "swedish"] {
            assert!(date_style(text).is_err(), "{text}");
        }
    }

    #[test]
    fn encodings_are_known_by_their_letters() {
        for text in ["UTF8", "utf-8", "ISO_8859_1", "latin1", "WIN1252"] {
            assert_eq!(encoding(text), Ok(None), "{text}");
        }
        assert_eq!(encoding("utf9").unwrap_err().help, "did you mean `UTF8`?");
    }
}
