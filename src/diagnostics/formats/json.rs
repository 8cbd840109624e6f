//! The report as JSON.

use serde_json::{Value, json};

use super::{Finding, Spot};
use crate::diagnostics::{Severity, SourceKind};

/// The JSON Schema of the report.
pub const SCHEMA: &str = include_str!("findings.schema.json");

/// The findings and their numbers, as `findings.schema.json` describes them.
pub fn json(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let report = json!({
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
    });
    format!("{report:#}\n")
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code.id(),
        "severity": finding.severity.word(),
        "title": finding.title,
        "cause": finding.cause,
        "help": finding.help,
        "places": finding.spots.iter().map(spot).collect::<Vec<_>>(),
        "with": finding.with,
    })
}

fn spot(spot: &Spot) -> Value {
    json!({
        "source": spot.source,
        "kind": kind(spot.kind),
        "line": spot.start.0,
        "column": spot.start.1,
        "endLine": spot.end.0,
        "endColumn": spot.end.1,
        "label": spot.label,
    })
}

fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Preset => "preset",
        SourceKind::Defaults => "defaults",
        SourceKind::File => "file",
        SourceKind::Stdin => "stdin",
        SourceKind::Flag => "flag",
        SourceKind::Template => "template",
    }
}
