//! "Did you mean": the known word nearest to one that isn't known.

/// The candidate that `word` most likely stands for, if one is near enough to be worth asking: a third of the word may be
/// wrong, one letter of `pot`, four of `highAvailabilty`.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let allowed = 1.max(word.chars().count() / 3);
    first_of_the_nearest(
        candidates.into_iter().filter_map(|c| Some((distance(&lower, &c.to_lowercase(), allowed)?, c))),
    )
}

/// The name that `word` was probably meant to be: the same letters in another notation (`sharedBuffers`,
/// `shared-buffers`), else the nearest by spelling. More strict than [`closest`]: among hundreds of names, one is always near.
pub fn nearest_name<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = letters(word);
    let allowed = (wanted.chars().count() / 4).clamp(1, 4);
    first_of_the_nearest(
        candidates.into_iter().filter_map(|c| Some((distance(&wanted, &letters(c), allowed)?, c))),
    )
}

/// Whether two names differ in nothing but digits, as `line1` and `line2` do: a series, and no slip.
pub fn same_but_for_digits(name: &str, other: &str) -> bool {
    let without = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    without(name) == without(other)
}

/// Whether a name is probably another one that was mistyped. More strict than [`closest`], for names of things that may be
/// there without being known: `cluster-ro` is no slip for `cluster-rw`, nor `application` for `applicationset`. Each
/// part of the name may have one wrong letter of four, two of eight; or the parts are joined in another way.
pub fn is_slip(name: &str, other: &str) -> bool {
    let parts = |name: &str| -> Vec<String> { name.split(['-', '.', '_']).map(str::to_lowercase).collect() };
    let (ours, theirs) = (parts(name), parts(other));
    if ours.len() != theirs.len() {
        return letters(&ours.concat()) == letters(&theirs.concat());
    }
    ours.iter().zip(&theirs).all(|(ours, theirs)| {
        let allowed = (ours.chars().count().min(theirs.chars().count()) / 4).min(2);
        distance(ours, theirs, allowed).is_some()
    })
}

/// How many letters of a word have to be changed, added, left out or swapped with their neighbour to make another one of
/// it; none where it is more than so many. The time grows with the product of the lengths, and people write texts of any
/// length where a word is asked for: where the lengths alone differ by more, nothing is counted.
pub fn distance(word: &str, other: &str, allowed: usize) -> Option<usize> {
    // A letter has one to four bytes.
    let may_be = |long: usize, short: usize| long <= (short + allowed) * 4;
    if !may_be(word.len(), other.len()) || !may_be(other.len(), word.len()) {
        return None;
    }
    if word.chars().count().abs_diff(other.chars().count()) > allowed {
        return None;
    }
    Some(strsim::damerau_levenshtein(word, other)).filter(|distance| *distance <= allowed)
}

fn first_of_the_nearest<'a>(near: impl Iterator<Item = (usize, &'a str)>) -> Option<&'a str> {
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["sharedBuffers", "workMem", "port"];
        assert_eq!(closest("sharedBufers", known), Some("sharedBuffers"));
        assert_eq!(closest("WORKMEM", known), Some("workMem"));
        assert_eq!(closest("prot", known), Some("port"));
        assert_eq!(closest("replicas", known), None);
    }

    #[test]
    fn another_notation_and_near_spellings_are_found() {
        let names = ["shared_buffers", "temp_buffers", "maintenance_work_mem", "work_mem", "fsync", "jit"];
        for (word, expected) in [
            ("sharedBuffers", Some("shared_buffers")),
            ("shared-bufers", Some("shared_buffers")),
            ("wrok_mem", Some("work_mem")),
            ("fsyn", Some("fsync")),
            ("fsink", None),
            ("jti", Some("jit")),
            ("maintenance_work_memory", Some("maintenance_work_mem")),
            ("maintenance_work_mem_of_it_all", None),
            ("checkpoint", None),
            ("", None),
        ] {
            assert_eq!(nearest_name(word, names), expected, "{word}");
        }
    }

    #[test]
    fn a_slip_is_in_the_letters_of_a_part_and_not_in_the_choice_of_it() {
        for (name, other) in [
            ("dashbord", "dashboard"),
            ("plant7-confg", "plant7-config"),
            ("Plant7-config", "plant7-config"),
            ("plant7config", "plant7-config"),
            ("dahsboard", "dashboard"),
        ] {
            assert!(is_slip(name, other) && is_slip(other, name), "{name} {other}");
        }
        for (name, other) in [
            ("db", "dba"),
            ("demo-api", "demo-app"),
            ("demo-ro", "demo-rw"),
            ("argocd-application-controller", "argocd-applicationset-controller"),
            ("config", "config-extra"),
            ("", "db"),
        ] {
            assert!(!is_slip(name, other) && !is_slip(other, name), "{name} {other}");
        }
    }

    #[test]
    fn lengths_are_counted_in_letters() {
        assert_eq!(distance("größe", "grösse", 2), Some(2));
        assert_eq!(distance("ééééé", "e", 4), None);
        assert_eq!(distance("é", "abcd", 3), None);
        assert_eq!(distance("é", "abcd", 4), Some(4));
        assert_eq!(distance(&"x".repeat(1 << 20), "fsync", 4), None);
    }
}
