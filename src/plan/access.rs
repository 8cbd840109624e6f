//! The lines of `pg_hba.conf` and `pg_ident.conf`.

use serde::Serialize;

use crate::config::Config;
use crate::rules::Facts;

/// Who may come in: the access files, by their own writer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    pub hba: String,
    pub ident: String,
}

pub(super) fn access(_config: &Config, facts: &Facts) -> Access {
    Access { hba: facts.hba.clone(), ident: facts.ident.clone() }
}
