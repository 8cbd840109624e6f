//! Tests that use pgpod as its users do; `support` says what they stand on.

mod manifest;
mod scripts;
mod sql;
mod support;
