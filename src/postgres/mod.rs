//! What `pgpod` knows of PostgreSQL itself: its majors, its parameters, its file formats.
//!
//! Nothing here knows Kubernetes or the user's values. A parameter is a row of the generated table
//! (`parameters/table.rs`, made from `data/pg-settings` by `just parameters-table`); an extension is a row in
//! `extensions.rs`.

pub mod conf;
pub mod extensions;
mod fault;
mod major;
pub mod parameters;
mod suggest;
pub mod units;

pub use fault::Fault;
pub use major::Major;
