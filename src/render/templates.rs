//! The embedded templates, and a user's own over them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::engine::Engine;

/// An embedded template: its path below `templates/` and its text.
pub struct Embedded {
    pub path: &'static str,
    pub text: &'static str,
}

macro_rules! templates {
    ($($path:literal),* $(,)?) => {
        &[$(Embedded { path: $path, text: include_str!(concat!("../../templates/", $path)) }),*]
    };
}

/// Every embedded template, in the order in which its objects are printed where kinds are equal.
pub const TEMPLATES: &[Embedded] = templates![
    "config/pg_hba.conf",
    "config/pg_ident.conf",
    "config/postgresql.conf",
    "kubernetes/claims.yaml",
    "kubernetes/config.yaml",
    "kubernetes/disruption-budget.yaml",
    "kubernetes/init.yaml",
    "kubernetes/namespace.yaml",
    "kubernetes/role.yaml",
    "kubernetes/scripts.yaml",
    "kubernetes/secret.yaml",
    "kubernetes/service-account.yaml",
    "kubernetes/service-headless.yaml",
    "kubernetes/service-metrics.yaml",
    "kubernetes/service-ro.yaml",
    "kubernetes/service.yaml",
    "kubernetes/workload.yaml",
    "scripts/alone",
    "scripts/cluster",
    "scripts/join",
    "scripts/keeper",
    "scripts/lib",
    "scripts/peers",
    "scripts/probe",
    "scripts/promote",
    "scripts/reload",
    "scripts/replication",
    "scripts/role",
    "scripts/start",
    "scripts/wal",
    "sql/audit.sql",
    "sql/database.sql",
    "sql/energy.sql",
    "sql/extension.sql",
    "sql/factory.sql",
    "sql/industrial.sql",
    "sql/init.sql",
    "sql/maintenance.sql",
    "sql/owned.sql",
    "sql/password.sql",
    "sql/passwords.sql",
    "sql/production.sql",
    "sql/quality.sql",
    "sql/rights.sql",
    "sql/role.sql",
    "sql/scada.sql",
    "sql/schema.sql",
    "sql/script-begin.sql",
    "sql/script-end.sql",
    "sql/session.sql",
];

/// The templates of a render: the embedded ones, and a user's own that replace them or add to them.
#[derive(Debug, Clone)]
pub struct Templates {
    set: BTreeMap<String, Template>,
    /// The same, read: when they are first rendered.
    engine: OnceLock<Arc<Engine>>,
}

/// A template's text.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) text: Cow<'static, str>,
}

/// The text of an embedded template.
pub(super) fn embedded(path: &str) -> Option<&'static str> {
    let at = TEMPLATES.binary_search_by_key(&path, |template| template.path).ok()?;
    Some(TEMPLATES[at].text)
}

impl Default for Templates {
    fn default() -> Self {
        let row = |t: &Embedded| (t.path.to_owned(), Template { text: Cow::Borrowed(t.text) });
        Self { set: TEMPLATES.iter().map(row).collect(), engine: OnceLock::new() }
    }
}

impl Templates {
    /// Adds a user's template, or replaces the embedded one of the same path.
    pub fn insert(&mut self, path: String, text: String) {
        self.set.insert(path, Template { text: Cow::Owned(text) });
        self.engine = OnceLock::new();
    }

    /// The scripts, piece by piece, for the checksum of what needs a restart.
    pub fn scripts(&self) -> impl Iterator<Item = &str> {
        let scripts = self.set.iter().filter(|(path, _)| path.starts_with("scripts/"));
        scripts.flat_map(|(path, template)| [path, "\n", &template.text, "\n"])
    }

    pub(super) fn engine(&self) -> &Engine {
        let rows = || self.set.iter().map(|(path, template)| (path.as_str(), template));
        self.engine.get_or_init(|| Arc::new(Engine::new(rows())))
    }

    /// The text of a template of the set.
    pub(super) fn text(&self, path: &str) -> &str {
        self.set.get(path).map_or("", |template| &template.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_row_has_a_language() {
        assert!(TEMPLATES.windows(2).all(|pair| pair[0].path < pair[1].path));
        for template in TEMPLATES {
            assert!(super::super::escape::Language::of(template.path).is_some(), "{}", template.path);
        }
    }
}
