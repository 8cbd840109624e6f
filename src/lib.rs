//! `pgpod` renders everything a PostgreSQL needs on Kubernetes.

pub mod diagnostics;
pub mod values;
pub mod yaml;
