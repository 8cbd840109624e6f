//! The lines of `postgresql.conf`.

use serde::Serialize;

use crate::rules::Facts;

/// A line of `postgresql.conf`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingLine {
    pub name: String,
    /// The value as PostgreSQL reads it, without quotes: the template's writer adds them.
    pub value: String,
    /// Whether it takes effect with a restart only.
    pub restart: bool,
}

pub(super) fn settings(facts: &Facts) -> Vec<SettingLine> {
    let line = |s: &crate::rules::Effective| SettingLine {
        name: s.name.clone(),
        value: s.value.clone(),
        restart: s.restart,
    };
    facts.settings.iter().map(line).collect()
}
