//! Tests that use pgpod as its users do; `support` says what they stand on.

mod bad_input;
mod defaults;
mod determinism;
mod e2e;
mod examples;
mod hostile;
mod kubernetes;
mod kubernetes_schemas;
mod live_values;
mod manifest;
mod notes;
mod postgres_parameters;
mod readme;
mod scripts;
mod servers;
mod secret;
mod sql;
mod support;
mod values_table;
mod yaml;
