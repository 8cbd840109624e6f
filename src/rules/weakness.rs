//! What makes a password weak: a table of what is tried first, and the patterns that hands make.

/// A shorter one is found by trying (NIST SP 800-63B, section 3.1.1).
const SHORTEST: usize = 8;

/// A longer one is no word with something around it.
const LONG: usize = 64;

/// What is tried first, without the digits and signs that people put around it. Sorted.
const COMMON: &[&str] = &[
    "abc",
    "access",
    "admin",
    "administrator",
    "april",
    "august",
    "autumn",
    "backup",
    "changeit",
    "changeme",
    "database",
    "december",
    "default",
    "demo",
    "docker",
    "dragon",
    "energy",
    "engineer",
    "factory",
    "february",
    "football",
    "friday",
    "geheim",
    "guest",
    "hello",
    "herbst",
    "hunter",
    "iloveyou",
    "industrial",
    "january",
    "kubernetes",
    "letmein",
    "login",
    "maintenance",
    "master",
    "monday",
    "monkey",
    "november",
    "october",
    "operator",
    "passwd",
    "password",
    "passwort",
    "pgpod",
    "pgsql",
    "postgres",
    "postgresql",
    "princess",
    "production",
    "quality",
    "readonly",
    "replication",
    "replicator",
    "root",
    "scada",
    "secret",
    "september",
    "service",
    "sommer",
    "spring",
    "summer",
    "sunday",
    "sunshine",
    "superuser",
    "support",
    "temp",
    "test",
    "timescale",
    "timescaledb",
    "user",
    "welcome",
    "winter",
];

/// Rows that a hand runs along, forwards or backwards.
const ROWS: &[&str] = &[
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
];

/// A run of so many keys or equal signs is remembered as one, and guessed as one.
const RUN: usize = 4;

/// So many runs and signs are few.
const FEW: usize = 3;

/// Why a password is weak, in words that don't give it away.
pub(super) fn weakness(password: &str, role: &str, release: &str) -> Option<String> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let signs: Vec<char> = lower.chars().collect();
    let repeats =
        |unit: usize| signs.len() >= 2 * unit && signs.iter().zip(&signs[unit..]).all(|(a, b)| a == b);
    if length >= SHORTEST && (1..SHORTEST).any(repeats) {
        return Some("it is one that is too short, repeated".to_owned());
    }
    if length > LONG {
        return None;
    }
    let names = [role.to_lowercase(), release.to_lowercase()];
    if length < SHORTEST {
        return Some(format!("it has fewer than {SHORTEST} characters"));
    }
    if names.contains(&lower) || cores(&lower).any(|core| names.contains(&core)) {
        return Some("it is the name of the role or of the release, or that with a number".to_owned());
    }
    if cores(&lower).any(|core| COMMON.binary_search(&core.as_str()).is_ok()) {
        let why = "it is a word that everybody tries first, or that with numbers and signs in or around it";
        return Some(why.to_owned());
    }
    (runs(&signs) <= FEW).then(|| "it is a row of keys, letters, digits or equal signs".to_owned())
}

/// A text without digits and signs around it, as it is and with the letters that signs in it stand for.
fn cores(text: &str) -> impl Iterator<Item = String> {
    let is_extra = |c: &char| !c.is_alphabetic();
    let signs: Vec<char> = text.chars().collect();
    let front = signs.iter().take_while(|c| is_extra(c)).count();
    let back = signs.iter().rev().take_while(|c| is_extra(c)).count();
    let length = signs.len();
    let cuts =
        (0..=front).flat_map(move |from| (0..=back).map(move |less| (from, length.saturating_sub(less))));
    cuts.filter(|(from, to)| from < to).flat_map(move |(from, to)| {
        let core = &signs[from..to];
        [core.iter().collect(), letters(core, 'i'), letters(core, 'l')]
    })
}

/// A text with the letters that its digits and signs look like; `1` looks like two.
fn letters(signs: &[char], one: char) -> String {
    let letter = |c: &char| match c {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => one,
        '0' => 'o',
        '$' | '5' => 's',
        '7' => 't',
        other => *other,
    };
    signs.iter().map(letter).collect()
}

/// How many runs and single signs a text consists of.
fn runs(signs: &[char]) -> usize {
    let rows = || ROWS.iter().flat_map(|row| [row.chars().collect::<String>(), row.chars().rev().collect()]);
    let (mut at, mut count) = (0, 0);
    while at < signs.len() {
        let rest = &signs[at..];
        let equal = rest.iter().take_while(|sign| **sign == rest[0]).count();
        let along = rows().map(|row| common(&row, rest)).max().unwrap_or(0);
        let longest = equal.max(along);
        at += if longest >= RUN { longest } else { 1 };
        count += 1;
    }
    count
}

/// How much of the start of a text a row has, wherever in it.
fn common(row: &str, text: &[char]) -> usize {
    let row: Vec<char> = row.chars().collect();
    let from = |start: usize| row[start..].iter().zip(text).take_while(|(one, other)| one == other).count();
    (0..row.len()).map(from).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{COMMON, ROWS, weakness};

    #[test]
    fn the_tables_are_in_lower_case_and_the_words_are_sorted() {
        assert!(COMMON.is_sorted());
        assert!(COMMON.iter().all(|word| word.chars().all(|c| c.is_ascii_lowercase())));
        assert!(ROWS.iter().all(|row| **row == row.to_lowercase()));
    }

    #[test]
    fn weak_passwords_are_known_and_drawn_ones_are_not() {
        for weak in [
            "short-7",
            "PlantApp2024!",
            "plantapp",
            "aaaaaaaaaaaa",
            "1234567890",
            "Changeme123!",
            "prod-line7",
            "prod-line",
            "P@ssw0rd",
            "p@ssword123",
            "123Passw0rd",
            "qwertyuiop",
            "abcdefgh",
            "1q2w3e4r",
            "asdfghjk",
            "12341234",
            "11112222",
            "87654321",
            "Summer2026!",
            "hunter2hunter2",
            "Hell0!!!",
            "abcd1234",
            "Adm1n2024",
            "qwertz1234!",
        ] {
            assert!(weakness(weak, "plantapp", "prod-line").is_some(), "{weak}");
        }
        for good in [
            "8chars-x",
            "pwX9vLq2Rt7z",
            "correct horse battery",
            "password-of-the-plant-7",
            "90210471",
            "summer-in-the-plant",
            "4bd1c87e02f95a36",
            "rootvegetables",
        ] {
            assert_eq!(weakness(good, "plantapp", "prod-line"), None, "{good}");
        }
    }
}
