//! Findings for programs: JSON, GitHub's annotations, SARIF.
//!
//! All three are made of [`Finding`]s, which have left their sources behind: a run over many files keeps no texts.

mod github;
mod json;
mod sarif;

use super::report::shown;
use super::{Code, Diagnostic, Diagnostics, Place, Severity, SourceKind, Sources};

pub use github::{escape_data, escape_property, github};
pub use json::{SCHEMA, json};
pub use sarif::sarif;

/// A finding with its places by name, without the text of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    pub title: String,
    pub cause: Option<String>,
    pub help: Option<String>,
    /// The first is what it is about.
    pub spots: Vec<Spot>,
    /// The inputs that it is found with, of several that are judged by turns, where none of its places says so.
    pub with: Vec<String>,
}

/// A place by name. Lines and columns count from 1, columns in characters; the end is the first column after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub source: String,
    pub kind: SourceKind,
    pub start: (usize, usize),
    pub end: (usize, usize),
    pub label: String,
}

/// The findings by place, each once.
pub fn findings(found: &Diagnostics, sources: &Sources) -> Vec<Finding> {
    shown(found, sources).into_iter().map(|diagnostic| finding(diagnostic, sources)).collect()
}

fn finding(diagnostic: Diagnostic, sources: &Sources) -> Finding {
    let spots = diagnostic.labels.into_iter().map(|(place, label)| spot(place, label, sources)).collect();
    let Diagnostic { code, severity, title, cause, help, .. } = diagnostic;
    Finding { code, severity, title, cause, help, spots, with: Vec::new() }
}

fn spot(place: Place, label: String, sources: &Sources) -> Spot {
    let text = sources.get(place.source).text.as_str();
    // What a parser gives as an end may lie beyond the value's line break.
    let end = place.start + text.get(place.start..place.end).map_or(0, |text| text.trim_end().len());
    Spot {
        source: sources.name(place.source),
        kind: sources.get(place.source).kind,
        start: sources.line_col(place),
        end: sources.line_col(Place::new(place.source, end, end)),
        label,
    }
}

impl Finding {
    /// The first place in a file that somebody keeps.
    fn file(&self) -> Option<&Spot> {
        self.spots.iter().find(|spot| spot.kind == SourceKind::File)
    }

    /// Title, cause and remedy, a line each; and the place, where it is in no file.
    fn message(&self) -> String {
        let mut lines = vec![self.title.clone()];
        if let Some(spot) = self.spots.first().filter(|spot| spot.kind != SourceKind::File) {
            lines.push(format!("at {}, line {}, column {}", spot.source, spot.start.0, spot.start.1));
        }
        lines.extend(self.cause.clone());
        lines.extend((!self.with.is_empty()).then(|| format!("with {}", listed(&self.with))));
        lines.extend(self.help.as_ref().map(|help| format!("help: {help}")));
        lines.join("\n")
    }
}

/// The first of many names, and how many more there are; JSON has them all.
pub fn listed(names: &[String]) -> String {
    const SHOWN: usize = 10;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

impl Severity {
    /// `error`, `warning`.
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

#[cfg(test)]
mod tests;
