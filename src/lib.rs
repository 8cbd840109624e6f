//! `pgpod` renders everything a PostgreSQL needs on Kubernetes.

pub mod diagnostics;
pub mod yaml;
