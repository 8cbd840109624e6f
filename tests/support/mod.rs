//! What tests stand on: the program, real PostgreSQL servers, real Kubernetes, other people's checkers.
//!
//! `.ci/servers` installs all that is not the program itself, and prints where it is. Each thing has a gate,
//! a function that gives an `Option`: where the thing is missing, it says so on standard error and gives `None`,
//! and the test returns; where `PGPOD_REQUIRE` names the thing, it fails the test instead.
//!
//! ```ignore
//! let Some(server) = support::server(17) else { return };
//! let cluster = support::TempCluster::started(server);
//! assert_eq!(cluster.psql("SHOW fsync"), Ok("off\n".to_owned()));
//! ```
#![expect(clippy::disallowed_methods, reason = "tests read the environment and files; the library doesn't")]

mod api_server;
mod cases;
mod checkers;
mod gate;
mod kubectl;
mod lab;
mod program;
mod rendered;
mod schema;
mod servers;
mod temp_cluster;

pub(crate) use api_server::{LOGGED_IN, api_server};
pub(crate) use checkers::{
    against_schema, custom_table, installed, kubernetes_validate, read_as_yaml_1_1, since_table,
};
pub(crate) use kubectl::Kubectl;
pub(crate) use lab::{Namespace, lab};
pub(crate) use program::{Pgpod, Ran, pgpod, run};
pub(crate) use rendered::{Rendered, named, rendered, yaml};
pub(crate) use schema::{Leaf, Step, leaves};
pub(crate) use servers::{MAJORS, Server, full_server, server};
pub(crate) use temp_cluster::{TempCluster, postgres_c};
