//! `pgpod` renders everything a PostgreSQL needs on Kubernetes.
