//! "Did you mean": the known word nearest to one that isn't known.

/// The candidate that `word` most likely stands for, if one is near enough to be worth asking.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let near = candidates.into_iter().map(|candidate| {
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        (distance, candidate)
    });
    let (distance, candidate) = near.min_by_key(|(distance, _)| *distance)?;
    // A third of the word may be wrong: one letter of `pot`, four of `highAvailabilty`.
    (distance <= 1.max(word.chars().count() / 3)).then_some(candidate)
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
}
