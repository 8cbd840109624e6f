//! One password from a source of random bytes.

/// Letters and digits without those that are taken for each other (`0 O o 1 l I`). Nothing here means anything to a
/// shell, a URL, a connection string, YAML's block text, or SQL.
const ALPHABET: &[u8; 56] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Characters of a password: 28 of 56 possible ones are 162 bits.
pub const LENGTH: usize = 28;

/// Draws a password. `randomness` fills a buffer with random bytes; its error is passed on.
pub fn password<E>(randomness: &mut dyn FnMut(&mut [u8]) -> Result<(), E>) -> Result<String, E> {
    let mut drawn = String::with_capacity(LENGTH);
    let mut bytes = [0u8; 2 * LENGTH];
    while drawn.len() < LENGTH {
        randomness(&mut bytes)?;
        drawn.extend(bytes.iter().filter_map(|byte| character(*byte)).take(LENGTH - drawn.len()));
    }
    Ok(drawn)
}

/// The character for a random byte; none for the bytes from 224 on, which would favour the alphabet's start.
fn character(byte: u8) -> Option<char> {
    let fair = u8::MAX - u8::MAX % 56;
    (byte < fair).then(|| char::from(ALPHABET[usize::from(byte % 56)]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn every_character_of_the_alphabet_stands_for_as_many_bytes() {
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for drawn in (0..=u8::MAX).filter_map(character) {
            *counts.entry(drawn).or_default() += 1;
        }
        assert_eq!(counts.len(), ALPHABET.len());
        assert!(counts.values().all(|count| *count == 4), "{counts:?}");
    }

    #[test]
    fn a_byte_that_would_wrap_around_unevenly_is_drawn_again() {
        let mut calls = 0;
        let mut randomness = |bytes: &mut [u8]| -> Result<(), Infallible> {
            calls += 1;
            bytes.fill(if calls == 1 { 224 } else { 55 });
            Ok(())
        };
        assert_eq!(password(&mut randomness), Ok("9".repeat(LENGTH)));
        assert_eq!(calls, 2);
    }

    #[test]
    fn a_source_that_fails_gives_its_error() {
        assert_eq!(password(&mut |_| Err("no randomness")), Err("no randomness"));
    }

    #[test]
    fn nothing_in_a_password_looks_like_something_else() {
        assert!(ALPHABET.iter().all(|byte| byte.is_ascii_alphanumeric() && !b"0Oo1lI".contains(byte)));
    }
}
