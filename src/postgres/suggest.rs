/// The candidate that `word` was probably meant to be: the same letters in another notation (`sharedBuffers`,
/// `shared-buffers`), else the nearest by spelling, if it is near enough to be worth saying.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = letters(word);
    let allowed = (wanted.chars().count() / 4).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &letters(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

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
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }
}
