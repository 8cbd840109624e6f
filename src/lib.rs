//! `pgpod` renders everything a PostgreSQL needs on Kubernetes.

pub mod postgres;
