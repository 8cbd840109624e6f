//! Tests that use pgpod as its users do; `support` says what they stand on.
#![allow(clippy::disallowed_methods, reason = "tests read files and the environment; the library does not")]

mod architecture;
mod bad_input;
mod codes;
mod defaults;
mod determinism;
mod diff;
mod e2e;
mod examples;
mod explain;
mod hostile;
mod kubernetes;
mod kubernetes_schemas;
mod live_values;
mod manifest;
mod many_files;
mod notes;
mod objects;
mod postgres_parameters;
mod presets;
mod readers;
mod readme;
mod scripts;
mod secret;
mod servers;
mod several_servers;
mod shapes;
mod shown_secrets;
mod sql;
mod support;
mod validate;
mod values_schema;
mod values_table;
mod with_postgres;
mod wrong_inputs;
mod yaml;
