//! Words that were most likely meant to be one that names a secret. Only excerpts ask: there a word too many costs nothing.

/// A word, and how many slips still leave it recognizable.
const WORDS: [(&str, usize); 3] = [("password", 2), ("secret", 1), ("credential", 1)];

/// Words that name a secret when nothing else is beside them.
const WHOLE: [&str; 5] = ["pass", "pw", "psw", "authorization", "bearer"];

/// The ends of what looks like such a word, by their bytes, in order; `plain` is in lower case.
pub(super) fn ends(plain: &str) -> Vec<usize> {
    let mut ends: Vec<usize> = WORDS.into_iter().flat_map(|(word, slips)| near(plain, word, slips)).collect();
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    for word in WHOLE {
        let alone =
            |at: usize| !plain[..at].ends_with(is_letter) && !plain[at + word.len()..].starts_with(is_letter);
        let all = plain.match_indices(word).map(|(at, _)| at).filter(|at| alone(*at));
        ends.extend(all.map(|at| at + word.len()));
    }
    ends.sort_unstable();
    ends
}

/// Where a part of a word ends that differs from `wanted` in at most so many letters left out, put in or exchanged: one
/// column of the table of edit distances for each letter, begun anew at every one.
fn near(plain: &str, wanted: &str, slips: usize) -> Vec<usize> {
    let first: Vec<usize> = (0..=wanted.len()).collect();
    let mut column = first.clone();
    let mut ends = Vec::new();
    for (at, letter) in plain.bytes().enumerate() {
        if !letter.is_ascii_alphabetic() {
            column.clone_from(&first);
            continue;
        }
        let mut diagonal = column[0];
        for (row, expected) in wanted.bytes().enumerate() {
            let exchanged = diagonal + usize::from(letter != expected);
            diagonal = column[row + 1];
            column[row + 1] = exchanged.min(column[row] + 1).min(diagonal + 1);
        }
        if column[wanted.len()] <= slips {
            ends.push(at + 1);
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::ends;

    #[test]
    fn slips_are_seen_through_and_other_words_are_left_alone() {
        let seen = [
            "passwort",
            "pasword",
            "passwrd",
            "passwrod",
            "ldapbindpasword",
            "apppaswords",
            "secrt",
            "radiussecrts",
            "pass",
            "x.pw",
            "authorization",
            "credentals",
        ];
        assert_eq!(seen.map(|word| ends(word).is_empty()), [false; 12]);
        let other = [
            "keyword",
            "forward",
            "select",
            "create",
            "section",
            "dashboard",
            "bypassed",
            "parsed",
            "compass",
            "authorizations",
            "standby",
            "resources",
        ];
        assert_eq!(other.map(|word| ends(word).len()), [0; 12]);
    }
}
