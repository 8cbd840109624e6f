//! The lines of a source around some places, as they may be shown: secrets starred out, long lines cut to a window.

use std::ops::Range;

use super::redact::{STARS, secret_ranges};
use super::source::{Place, SourceId, Sources};

/// Characters of a line that are shown; a longer line is cut to this much around its first place.
const WINDOW: usize = 120;
const BEFORE: usize = 40;
const CUT: &str = "…";

/// Text to show, the number of its first line, and where each place ended up in it (byte ranges).
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) first_line: usize,
    pub(super) spans: Vec<Range<usize>>,
}

/// The lines from the first to the last of `places` (all in source `id`); lines that no report shows are left empty.
pub(super) fn excerpt(sources: &Sources, id: SourceId, places: &[Place]) -> Excerpt {
    let source = sources.get(id);
    let lines: Vec<usize> = places.iter().map(|place| source.line_of(place.start)).collect();
    let first = lines.iter().copied().min().unwrap_or(0);
    let last = lines.iter().copied().max().unwrap_or(0);
    let mut text = String::new();
    let mut spans = vec![0..0; places.len()];
    for line in first..=last {
        if line > first {
            text.push('\n');
        }
        let near = lines.iter().any(|other| other.abs_diff(line) <= 1);
        if !near {
            continue;
        }
        let here: Vec<usize> = (0..places.len()).filter(|at| lines[*at] == line).collect();
        let wanted: Vec<Place> = here.iter().map(|at| places[*at]).collect();
        let (shown, found) = show_line(sources, id, line, &wanted);
        for (at, span) in here.iter().zip(found) {
            spans[*at] = span.start + text.len()..span.end + text.len();
        }
        text.push_str(&shown);
    }
    Excerpt { text, first_line: first + 1, spans }
}

/// One piece of a line: what is shown for a byte range of the source.
struct Piece<'a> {
    from: Range<usize>,
    shown: &'a str,
    /// Stands for its whole range; a place that touches it covers all of it.
    starred: bool,
}

fn show_line(sources: &Sources, id: SourceId, line: usize, places: &[Place]) -> (String, Vec<Range<usize>>) {
    let source = sources.get(id);
    let range = source.line_range(line);
    let mut pieces = Vec::new();
    let mut at = range.start;
    for secret in secret_ranges(sources, id, line) {
        pieces.push(Piece { from: at..secret.start, shown: &source.text[at..secret.start], starred: false });
        pieces.push(Piece { from: secret.clone(), shown: STARS, starred: true });
        at = secret.end;
    }
    pieces.push(Piece { from: at..range.end, shown: &source.text[at..range.end], starred: false });
    let text: String = pieces.iter().map(|piece| piece.shown).collect();
    let spans: Vec<_> = places
        .iter()
        // A place of several lines is shown by its first.
        .map(|place| shown_at(&pieces, place.start, false)..shown_at(&pieces, place.end.min(range.end), true))
        .map(|span| span.start..span.end.max(span.start))
        .collect();
    cut(text, spans)
}

/// Where a byte offset of the source is in the shown line.
fn shown_at(pieces: &[Piece<'_>], offset: usize, end: bool) -> usize {
    let mut length = 0;
    for piece in pieces {
        let inside = if end { offset <= piece.from.end } else { offset < piece.from.end };
        if inside {
            let into = offset.saturating_sub(piece.from.start);
            return length + if piece.starred { if end && into > 0 { STARS.len() } else { 0 } } else { into };
        }
        length += piece.shown.len();
    }
    length
}

/// Cuts a long line to a window around its first span.
fn cut(text: String, spans: Vec<Range<usize>>) -> (String, Vec<Range<usize>>) {
    if text.chars().count() <= WINDOW {
        return (text, spans);
    }
    let focus = spans.iter().map(|span| span.start).min().unwrap_or(0);
    let start = text[..focus].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let end = text[start..].char_indices().nth(WINDOW).map_or(text.len(), |(at, _)| start + at);
    let prefix = if start > 0 { CUT } else { "" };
    let suffix = if end < text.len() { CUT } else { "" };
    let shift = |at: usize| at.clamp(start, end) - start + prefix.len();
    let spans = spans.iter().map(|span| shift(span.start)..shift(span.end)).collect();
    (format!("{prefix}{}{suffix}", &text[start..end]), spans)
}
