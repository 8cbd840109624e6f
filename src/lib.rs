//! `pgpod` renders everything a PostgreSQL needs on Kubernetes: a preset, the defaults, values files and flags in;
//! manifests, `postgresql.conf`, `pg_hba.conf`, SQL and scripts out.
//!
//! ```text
//! layers -> Merged -> Config -> (rules) -> Plan -> rendered files -> objects -> (checks) -> output | diff
//! ```

pub mod cli;
#[cfg(feature = "cluster")]
pub mod cluster;
pub mod config;
pub mod diagnostics;
pub mod diff;
pub mod explain;
pub mod manifest;
pub mod names;
pub mod notes;
pub mod pipeline;
pub mod plan;
pub mod postgres;
pub mod presets;
pub mod quantity;
pub mod release;
pub mod render;
pub mod rules;
pub mod secrets;
pub mod spelling;
pub mod values;
pub mod yaml;
#[rustfmt::skip]
mod zones;
