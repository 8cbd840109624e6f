//! Where the values set a parameter: PostgreSQL takes its name in any case, and some by an old name too.

use crate::config::Config;
use crate::postgres::{Major, parameters};
use crate::yaml::ValuePath;

use super::Subject;
use super::findings::path;

/// The key of `postgresql.config` that sets a parameter, as the user wrote it; none where the values don't set it.
pub(crate) fn config_key(config: &Config, major: Major, name: &str) -> Option<ValuePath> {
    let same = |key: &&String| {
        key.eq_ignore_ascii_case(name)
            || parameters::find(major, key).is_some_and(|parameter| parameter.name.eq_ignore_ascii_case(name))
    };
    let key = config.postgresql.config.keys().find(same)?;
    Some(path(&["postgresql", "config"]).child(key.as_str()))
}

impl Subject<'_> {
    /// The key that sets a parameter, where the values do.
    pub(super) fn parameter(&self, name: &str) -> Option<ValuePath> {
        config_key(self.config, self.major, name)
    }

    /// The key that sets a parameter, or the one that would.
    pub(super) fn parameter_at(&self, name: &str) -> ValuePath {
        self.parameter(name).unwrap_or_else(|| path(&["postgresql", "config"]).child(name))
    }
}
