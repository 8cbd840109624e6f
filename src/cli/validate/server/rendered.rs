//! Where what a server says is shown: at the value that it is about, else at the line of the rendered file.

use std::path::PathBuf;

use super::words::Complaint;
use crate::diagnostics::{Diagnostic, Place, SourceKind, Sources, codes};
use crate::pipeline::{Loaded, Made};
use crate::yaml::ValuePath;

/// What was rendered for a server.
pub(super) struct Rendered<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) made: &'a Made,
    pub(super) conf: &'a str,
    pub(super) hba: &'a str,
    pub(super) major: &'a str,
}

impl Rendered<'_> {
    /// The name on each line of `postgresql.conf`.
    fn names(&self) -> Vec<&str> {
        let name = |line| str::split_once(line, " = ").map(|(name, _)| name);
        self.conf.lines().filter_map(name).collect()
    }

    pub(super) fn setting(&self, name: &str) -> Option<&str> {
        let line = self.made.plan.settings.iter().find(|line| line.name == name)?;
        Some(line.value.as_str())
    }

    pub(super) fn of_parameter(
        &self,
        complaint: &Complaint,
        sources: &mut Sources,
        shown: &mut Option<Place>,
    ) -> Diagnostic {
        let names = self.names();
        let on_line = complaint.line().and_then(|line| self.conf.lines().nth(line - 1));
        let named = match on_line.and_then(|line| line.split_once(" = ")) {
            Some((name, _)) => vec![name],
            None => complaint.names(&names),
        };
        let what = match named.as_slice() {
            [] => "`postgresql.conf`".to_owned(),
            names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with "),
        };
        let verb = if complaint.warning { "warns of" } else { "refuses" };
        let severity = if complaint.warning { Diagnostic::warning } else { Diagnostic::error };
        let help = complaint.hint.clone().unwrap_or_else(|| {
            let name = named.first().unwrap_or(&"KEY");
            format!(
                "choose a value that it takes; `pgpod explain postgresql.config.{name}` says what there is"
            )
        });
        let finding = severity(codes::SERVER_REFUSES, format!("PostgreSQL {} {verb} {what}", self.major))
            .cause(format!("it says: {}", without_paths(&complaint.message)))
            .help(help);
        let config = &ValuePath::root().child("postgresql").child("config");
        let written: Vec<Place> = named.iter().filter_map(|name| self.place_below(config, name)).collect();
        if written.is_empty() {
            let name = named.first().copied().unwrap_or_default();
            let start = self.conf.find(&format!("\n{name} = ")).map_or(0, |at| at + 1);
            let end = self.conf[start..].find('\n').map_or(self.conf.len(), |length| start + length);
            return finding.at(file_place(sources, shown, "postgresql.conf", self.conf, start, end), "");
        }
        written.into_iter().fold(finding, |finding, place| finding.at(place, ""))
    }

    /// Where a map of the values has a key, whatever its case.
    fn place_below(&self, map: &ValuePath, name: &str) -> Option<Place> {
        let map_node = self.loaded.merged.root.at(map)?.as_map()?;
        let entry = map_node.iter().find(|entry| entry.key.eq_ignore_ascii_case(name))?;
        Some(entry.node.place)
    }

    pub(super) fn of_rule(
        &self,
        line: usize,
        message: &str,
        sources: &mut Sources,
        shown: &mut Option<Place>,
    ) -> Diagnostic {
        let finding = Diagnostic::error(
            codes::SERVER_REFUSES,
            format!("PostgreSQL {} refuses a rule of `pg_hba.conf`", self.major),
        )
        .cause(format!("it says: {}", without_paths(message)))
        .help("correct the rule; with one that it can't read, the server does not start");
        let head = self.hba.lines().position(|line| line == USERS_RULES);
        let index = head.and_then(|head| (line - 1).checked_sub(head + 1));
        let rules = ValuePath::root().child("postgresql").child("hba");
        let place = index.and_then(|index| Some(self.loaded.merged.root.at(&rules.item(index))?.place));
        let place = place.unwrap_or_else(|| {
            let start: usize =
                self.hba.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
            let end = self.hba[start..].find('\n').map_or(self.hba.len(), |length| start + length);
            file_place(sources, shown, "pg_hba.conf", self.hba, start, end)
        });
        finding.at(place, "")
    }
}

/// Under this comment, each line of `pg_hba.conf` is a rule of the values.
const USERS_RULES: &str = "# Rules from the values.";

/// A place in a rendered file, which is taken in once.
fn file_place(
    sources: &mut Sources,
    shown: &mut Option<Place>,
    name: &str,
    text: &str,
    start: usize,
    end: usize,
) -> Place {
    let whole = *shown.get_or_insert_with(|| Place::new(sources.add(name, SourceKind::Template, text), 0, 0));
    Place::new(whole.source, start, end)
}

/// A message without the folders of the files that it names: they are gone when it is read.
fn without_paths(message: &str) -> String {
    let parts = message.split('"').enumerate().map(|(index, part)| match part.rsplit_once('/') {
        Some((folder, name))
            if index % 2 == 1 && folder.contains("/pgpod-") && PathBuf::from(part).is_absolute() =>
        {
            name
        }
        _ => part,
    });
    parts.collect::<Vec<_>>().join("\"")
}
