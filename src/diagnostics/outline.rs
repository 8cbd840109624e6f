//! Which line a line is below, by indentation alone: of a text that no reader understands, nothing else is known.

use super::redact::indent_of;

/// A line that others may be below.
struct Open {
    line: usize,
    indent: usize,
    item: bool,
}

/// For each line the nearest one above that is indented less. A list may be flush with its key: an item is below the nearest
/// line of its own indentation that is none. Nothing is below an empty line or a comment.
pub(super) fn parents<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Option<usize>> {
    // In order of lines and of indentation; of one indentation a line that is no item, and an item behind it, at most.
    let mut open: Vec<Open> = Vec::new();
    let parent = |(line, text): (usize, &str)| {
        let (indent, said) = (indent_of(text), text.trim_start());
        let item = said.starts_with("- ");
        let outer = open.partition_point(|above| above.indent < indent);
        let key = open.get(outer).filter(|above| item && above.indent == indent && !above.item);
        let parent = key.or_else(|| open[..outer].last()).map(|above| above.line);
        if !said.is_empty() && !said.starts_with('#') {
            let kept = outer + usize::from(key.is_some());
            open.truncate(kept);
            open.push(Open { line, indent, item });
        }
        parent
    };
    lines.enumerate().map(parent).collect()
}

#[cfg(test)]
mod tests {
    use super::parents;

    #[test]
    fn a_line_is_below_the_nearest_that_is_indented_less() {
        let text = "a:\n  b:\n\n# c\n    d\n  - e\n    f\n  - g\n   h\n  i\n- j\n- k\nl";
        let found = parents(text.lines());
        let (a, b, e, g) = (Some(0), Some(1), Some(5), Some(7));
        assert_eq!(found, [None, a, None, None, b, b, e, b, g, a, a, a, None]);
    }
}
