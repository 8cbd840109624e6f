//! Texts by their lines.

use similar::{ChangeTag, TextDiff};

/// The changed lines of a text with those around them: a sign, and the line without its break.
pub(super) fn hunks(before: &str, after: &str, context: usize) -> Vec<(char, String)> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    // No text has more lines than bytes; the library multiplies the number.
    for group in diff.grouped_ops(context.min(before.len() + after.len())) {
        if let (Some(first), Some(last)) = (group.first(), group.last()) {
            let (old, new) = (
                first.old_range().start..last.old_range().end,
                first.new_range().start..last.new_range().end,
            );
            let range = |range: std::ops::Range<usize>| match range.len() {
                1 => format!("{}", range.start + 1),
                0 => format!("{},0", range.start),
                length => format!("{},{length}", range.start + 1),
            };
            lines.push(('@', format!("@@ -{} +{} @@", range(old), range(new))));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            let text = change.value();
            lines.push((sign, text.strip_suffix('\n').unwrap_or(text).to_owned()));
            if !text.ends_with('\n') {
                lines.push(('\\', "No newline at end of file".to_owned()));
            }
        }
    }
    lines
}
