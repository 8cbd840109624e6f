//! Workflow commands of GitHub Actions, which a runner shows as annotations of lines.
//!
//! Escaping is that of the runner (`ActionCommand.cs` in `actions/runner`): it knows a message's `%25`, `%0D`, `%0A`, and
//! in a property also `%3A` and `%2C`.

use std::fmt::Write as _;

use super::Finding;

/// A line for each finding: `::error file=prod.yaml,line=14,col=3,title=…::…`.
pub fn github(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let mut line = format!("::{} ", finding.severity.word());
    if let Some(spot) = finding.file() {
        let _ = write!(
            line,
            "file={},line={},endLine={}",
            escape_property(&spot.source),
            spot.start.0,
            spot.end.0
        );
        // Columns are shown only within one line.
        if spot.start.0 == spot.end.0 {
            let _ = write!(line, ",col={},endColumn={}", spot.start.1, spot.end.1);
        }
        line.push(',');
    }
    let _ =
        writeln!(line, "title={}::{}", escape_property(finding.code.id()), escape_data(&finding.message()));
    line
}

/// A message as a workflow command has it.
pub fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command, such as its title.
pub fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
