//! `pgpod` renders everything a PostgreSQL needs on Kubernetes.

pub mod names;
pub mod quantity;
pub mod secrets;
