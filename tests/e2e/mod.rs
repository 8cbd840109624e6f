//! A release in a real cluster: what `pgpod` renders, applied as its users would, and all that happens to it.
//!
//! One command runs it: `just e2e`. It starts the lab, and names it as required, so that nothing is skipped. By hand,
//! with the lab up: `eval "$(.ci/servers)"` and `cargo test e2e::`.
//! A test has a namespace of its own; `PGPOD_KEEP=1` leaves it, to look at afterwards.

mod account;
mod campaign;
mod changes;
mod client;
mod consequences;
mod examples;
mod failures;
mod release;
mod servers;
mod serves;
mod several;

use client::Client;
use release::Release;
use servers::Servers;
