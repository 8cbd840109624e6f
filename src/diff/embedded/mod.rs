//! Files inside of objects, in their own terms: a parameter by its name and value, a rule by its words, other texts by
//! their lines.

mod conf;
mod rules;

use super::Body;
use super::path::Path;
use crate::postgres::Major;

type Compare = fn(&Path, &str, &str, Major) -> Vec<(Path, Body)>;

/// Files by the end of their names, and what compares them.
const LANGUAGES: [(&str, Compare); 6] = [
    ("postgresql.conf", conf::compare),
    ("postgresql.auto.conf", conf::compare),
    ("pg_hba.conf", rules::compare),
    ("pg_ident.conf", rules::compare),
    ("high-availability", conf::compare_pairs),
    (".ini", conf::compare_pairs),
];

/// Whether a text is compared as a file: a ConfigMap's, or any of several lines.
pub(super) fn is_file(kind: &str, path: &Path, before: &str, after: &str) -> bool {
    let lines = |text: &str| text.trim_end_matches('\n').contains('\n');
    (kind == "ConfigMap" && path.fits("data *") && language(path.last()).is_some())
        || lines(before)
        || lines(after)
}

/// What differs in two versions of a file; nothing where they only look different.
pub(super) fn compare(path: &Path, before: &str, after: &str, major: Major) -> Vec<(Path, Body)> {
    match language(path.last()) {
        Some(compare) => compare(path, before, after, major),
        None => vec![text(path, before, after)],
    }
}

fn language(file: &str) -> Option<Compare> {
    LANGUAGES.iter().find(|(end, _)| file.ends_with(end)).map(|(_, compare)| *compare)
}

/// Two texts, compared line by line when they are printed.
fn text(path: &Path, before: &str, after: &str) -> (Path, Body) {
    (path.clone(), Body::Text { before: before.to_owned(), after: after.to_owned() })
}
