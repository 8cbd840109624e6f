//! Where PostgreSQL's manual has a parameter, and what the table says of it in words.

use super::explain::{bounds, list};
use super::{Context, Kind, Major, Parameter, Span};
use crate::postgres::units::Unit;

/// Chapters of the manual by the beginning of a category: the page's name after `runtime-config-`.
const PAGES: &[(&str, &str)] = &[
    ("Client Connection Defaults", "client"),
    ("Connections and Authentication", "connection"),
    ("Customized Options", "custom"),
    ("Developer Options", "developer"),
    ("Error Handling", "error-handling"),
    ("File Locations", "file-locations"),
    ("Lock Management", "locks"),
    ("Preset Options", "preset"),
    ("Query Tuning", "query"),
    ("Replication", "replication"),
    ("Reporting and Logging", "logging"),
    ("Resource Usage", "resource"),
    ("Statistics", "statistics"),
    ("Vacuuming", "vacuum"),
    ("Version and Platform Compatibility", "compatible"),
    ("Write-Ahead Log", "wal"),
];

/// Before 18, the chapters that "Vacuuming" was made of, by the rest of the category.
const VACUUM_PAGES: &[(&str, &str)] =
    &[("Automatic Vacuuming", "autovacuum"), ("Cost-Based Vacuum Delay", "resource"), ("Freezing", "client")];

/// Manuals of extensions, by the beginning of a parameter's name; those of PostgreSQL's own distribution are pages of
/// its manual.
const EXTENSIONS: &[(&str, &str)] = &[
    ("auth_delay", "auth-delay.html"),
    ("auto_explain", "auto-explain.html"),
    ("basebackup_to_shell", "basebackup-to-shell.html"),
    ("basic_archive", "basic-archive.html"),
    ("cron", "https://github.com/citusdata/pg_cron#readme"),
    ("hnsw", "https://github.com/pgvector/pgvector#readme"),
    ("isn", "isn.html"),
    ("ivfflat", "https://github.com/pgvector/pgvector#readme"),
    ("passwordcheck", "passwordcheck.html"),
    ("pg_prewarm", "pgprewarm.html"),
    ("pg_stat_statements", "pgstatstatements.html"),
    ("pg_trgm", "pgtrgm.html"),
    ("pgaudit", "https://github.com/pgaudit/pgaudit#readme"),
    ("pgcrypto", "pgcrypto.html"),
    ("plpgsql", "plpgsql-implementation.html"),
    ("postgres_fdw", "postgres-fdw.html"),
    ("timescaledb", "https://docs.timescale.com/self-hosted/latest/configuration/"),
];

impl Parameter {
    /// The page of the manual of that major, or of the extension.
    pub fn manual(&self, major: Major) -> String {
        let site = format!("https://www.postgresql.org/docs/{major}/");
        if let Some((extension, _)) = self.name.split_once('.') {
            let page = EXTENSIONS.iter().find(|(name, _)| *name == extension).map(|(_, page)| *page);
            return match page {
                Some(page) if page.starts_with("https:") => page.to_owned(),
                page => site + page.unwrap_or("runtime-config-custom.html"),
            };
        }
        let (chapter, section) = self.category.split_once(" / ").unwrap_or((self.category, ""));
        let page = |table: &[(&str, &'static str)], heading: &str| {
            table.iter().find(|(name, _)| *name == heading).map(|(_, page)| *page)
        };
        let old =
            if chapter == "Vacuuming" && major < Major::V18 { page(VACUUM_PAGES, section) } else { None };
        let page = old.or_else(|| page(PAGES, chapter)).unwrap_or("custom");
        let anchor = self.name.to_ascii_uppercase().replace('_', "-");
        format!("{site}runtime-config-{page}.html#GUC-{anchor}")
    }
}

impl Span {
    /// What kind of value it takes, in words.
    pub fn kind_in_words(&self) -> String {
        let counted = |of: &str, unit: Option<Unit>| match unit {
            Some(unit) if unit.is_memory() => {
                format!("an amount of memory; a bare number counts {}", plural(unit))
            }
            Some(unit) => format!("an amount of time; a bare number counts {}", plural(unit)),
            None => of.to_owned(),
        };
        match &self.kind {
            Kind::Bool => "a switch: `on` or `off`".to_owned(),
            Kind::Integer { unit, .. } => counted("a whole number", *unit),
            Kind::Real { unit, .. } => counted("a number", *unit),
            Kind::Text => "a text".to_owned(),
            Kind::Enum { values, .. } => format!("one of {}", list(values.iter().copied())),
        }
    }

    /// The least and the most that it takes; nothing where it is no number.
    pub fn range_in_words(&self) -> Option<String> {
        match self.kind {
            Kind::Integer { .. } | Kind::Real { .. } => Some(bounds(&self.kind)),
            Kind::Bool | Kind::Text | Kind::Enum { .. } => None,
        }
    }
}

fn plural(unit: Unit) -> &'static str {
    match unit {
        Unit::Byte => "bytes",
        Unit::Kilobyte => "kB",
        Unit::Block => "pages of 8 kB",
        Unit::Megabyte => "MB",
        Unit::Millisecond => "milliseconds",
        Unit::Second => "seconds",
        Unit::Minute => "minutes",
    }
}

impl Context {
    /// When a change takes effect.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Internal => "never: it tells how the server was built or initialised",
            Self::Postmaster => "at a restart",
            Self::Sighup => "at a reload",
            Self::SuperuserBackend | Self::Backend => "at a reload, in new sessions",
            Self::Superuser | Self::User => {
                "at a reload, where no session, role or database has its own value"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Major, all, find, table};

    #[test]
    fn every_parameter_has_a_page_of_the_manual() {
        for parameter in all().iter().chain(table::EXTENSION_PARAMETERS) {
            for major in Major::ALL {
                let page = parameter.manual(major);
                let lost =
                    page.contains("runtime-config-custom") && parameter.category != "Customized Options";
                assert!(!lost && (!parameter.name.contains('.') || !page.contains("custom")), "{page}");
            }
        }
    }

    #[test]
    fn the_page_follows_the_major() {
        let page = |major, name| find(major, name).unwrap().manual(major);
        for (name, major, end) in [
            ("work_mem", Major::V17, "17/runtime-config-resource.html#GUC-WORK-MEM"),
            ("autovacuum_naptime", Major::V17, "17/runtime-config-autovacuum.html#GUC-AUTOVACUUM-NAPTIME"),
            ("autovacuum_naptime", Major::V18, "18/runtime-config-vacuum.html#GUC-AUTOVACUUM-NAPTIME"),
            ("vacuum_cost_delay", Major::V14, "14/runtime-config-resource.html#GUC-VACUUM-COST-DELAY"),
            ("vacuum_freeze_min_age", Major::V16, "16/runtime-config-client.html#GUC-VACUUM-FREEZE-MIN-AGE"),
            ("pg_stat_statements.max", Major::V15, "15/pgstatstatements.html"),
        ] {
            assert_eq!(page(major, name), format!("https://www.postgresql.org/docs/{end}"));
        }
    }
}
