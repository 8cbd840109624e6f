//! Where a part of a scalar's text stands in its source.

use crate::diagnostics::{Place, Sources};

use super::node::Node;

impl Node {
    /// The place of the bytes `start..end` of a scalar's text. Nothing where the text does not stand in the source line by
    /// line: a folded block, an escape, a file that a flag names.
    pub fn within(&self, sources: &Sources, start: usize, end: usize) -> Option<Place> {
        let token = &self.as_scalar()?.token;
        let source = &sources.get(self.place.source).text;
        let (first, line, column) = line_of(token, start)?;
        let text = token[first..].split('\n').next()?;
        let written = source.get(self.place.start..self.place.end)?;
        // The text of a block begins on the line below its header.
        let header = usize::from(written.starts_with(['|', '>']) && written.contains('\n'));
        let from = source[..self.place.start].rfind('\n').map_or(0, |at| at + 1);
        let mut at = from;
        for (number, row) in source[from..].split_inclusive('\n').enumerate() {
            if number == line + header {
                let skipped = if number == 0 { self.place.start - from } else { 0 };
                let inside = row.get(skipped..)?.find(text)?;
                let begin = at + skipped + inside + column;
                let length = (end.max(start) - start).min(text.len() - column);
                return Some(Place::new(self.place.source, begin, begin + length));
            }
            at += row.len();
        }
        None
    }
}

/// Where the line of an offset begins, its number and the offset's column in it, all in bytes from 0.
fn line_of(text: &str, offset: usize) -> Option<(usize, usize, usize)> {
    let before = text.get(..offset)?;
    let first = before.rfind('\n').map_or(0, |at| at + 1);
    Some((first, before.matches('\n').count(), offset - first))
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Diagnostics, SourceKind, Sources};
    use crate::yaml::{ValuePath, read};

    #[test]
    fn a_part_of_a_text_is_found_where_it_was_written() {
        let text = "a:\n  - sql: |\n      SELECT 1;\n\n        SELEC é 2;\n  - sql: SELEC 3\n  - sql: 'it''s SELEC 4'\n  - sql: >\n      one\n      SELEC 5\n  - {sql: \"SELEC 6\", x: 1}\n";
        let mut sources = Sources::new();
        let source = sources.add("x.yaml", SourceKind::File, text);
        let documents = read(&sources, source, &mut Diagnostics::new());
        let found: Vec<Option<String>> = (0..5)
            .map(|index| {
                let path = ValuePath::root().child("a").item(index).child("sql");
                let node = documents[0].at(&path).unwrap();
                let token = &node.as_scalar().unwrap().token;
                let start = token.find("SELEC ").unwrap();
                let place = node.within(&sources, start, start + 5)?;
                assert_eq!(sources.text(place), "SELEC");
                Some(sources.describe(place))
            })
            .collect();
        let exact = |place: &str| Some(format!("x.yaml:{place}"));
        assert_eq!(found, [exact("5:9"), exact("6:10"), None, None, exact("11:12")]);
    }
}
