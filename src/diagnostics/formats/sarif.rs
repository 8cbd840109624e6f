//! SARIF 2.1.0 (OASIS), which code scanning services read.

use serde_json::{Value, json};

use super::{Finding, Spot};
use crate::diagnostics::{Code, SourceKind};

/// The findings as one run of one tool. A finding that is in no file is put at the start of `elsewhere`: GitHub refuses the
/// whole log for one result without a file. The message says where it really is.
pub fn sarif(findings: &[Finding], elsewhere: &str) -> String {
    let mut rules: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    rules.sort_by_key(|code| code.id());
    rules.dedup();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &rules, elsewhere)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "pgpod",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: Code) -> Value {
    let page = code.page();
    json!({
        "id": page.id,
        "shortDescription": { "text": page.meaning },
        "fullDescription": { "text": page.why },
        "help": { "text": format!("`pgpod explain {}` shows a wrong and a right example.", page.id) },
    })
}

fn result(finding: &Finding, rules: &[Code], elsewhere: &str) -> Value {
    let mut result = json!({
        "ruleId": finding.code.id(),
        "ruleIndex": rules.iter().position(|code| *code == finding.code),
        "level": finding.severity.word(),
        "message": { "text": finding.message() },
    });
    // A service that shows results in files needs a file for each: the first that the finding has.
    let main = finding.file();
    result["locations"] = json!([main.map_or_else(|| start_of(elsewhere), location)]);
    let others: Vec<Value> = finding.spots.iter().filter(|spot| Some(*spot) != main).map(location).collect();
    if !others.is_empty() {
        result["relatedLocations"] = Value::Array(others);
    }
    result
}

fn start_of(file: &str) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(file) },
        "region": { "startLine": 1 },
    } })
}

fn location(spot: &Spot) -> Value {
    let mut location = if spot.kind == SourceKind::File {
        json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(&spot.source) },
            "region": {
                "startLine": spot.start.0,
                "startColumn": spot.start.1,
                "endLine": spot.end.0,
                "endColumn": spot.end.1,
            },
        } })
    } else {
        let place = format!("{}, line {}, column {}", spot.source, spot.start.0, spot.start.1);
        json!({ "logicalLocations": [{ "fullyQualifiedName": place }] })
    };
    if !spot.label.is_empty() {
        location["message"] = json!({ "text": spot.label });
    }
    location
}

/// A path as a reference by RFC 3986: an absolute one as a URI, a relative one as it is, odd characters in percents.
fn uri(path: &str) -> String {
    let encoded: String = path
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}
