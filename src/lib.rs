//! `pgpod` renders everything a PostgreSQL needs on Kubernetes.

pub mod diagnostics;
pub mod manifest;
pub mod names;
pub mod quantity;
pub mod secrets;
pub mod yaml;
