//! `pg_hba.conf` and `pg_ident.conf`: rules by their words, in their order; comments and columns mean nothing.

use crate::diff::Body;
use crate::diff::path::Path;
use crate::postgres::Major;

pub(super) fn compare(path: &Path, before: &str, after: &str, _: Major) -> Vec<(Path, Body)> {
    let (old, new) = (rules(before), rules(after));
    if old == new {
        return Vec::new();
    }
    vec![(path.clone(), Body::Text { before: old, after: new })]
}

/// The rules of a file, one in a line, one space between two words.
fn rules(text: &str) -> String {
    text.lines().filter_map(rule).map(|rule| format!("{rule}\n")).collect()
}

fn rule(line: &str) -> Option<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '#' if !quoted => break,
            c if c.is_whitespace() && !quoted => words.push(String::new()),
            c => {
                quoted ^= c == '"';
                words.last_mut()?.push(c);
            }
        }
    }
    words.retain(|word| !word.is_empty());
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::rules;

    #[test]
    fn rules_are_their_words() {
        let text = "# a comment\n\nhost   all  \"my # role\"\t10.0.0.0/8  reject # why\n";
        assert_eq!(rules(text), "host all \"my # role\" 10.0.0.0/8 reject\n");
    }
}
