//! What `pgpod` knows of PostgreSQL itself: its majors, parameters and extensions, tuning, access rules, images, and
//! the formats of its files.
//!
//! Nothing here knows Kubernetes or the user's values. A parameter is a row of the generated table
//! (`parameters/table.rs`, made from `data/pg-settings`); an extension is a row in
//! `extensions.rs`; a derived setting is a row in `tuning/`.

pub mod budget;
pub mod conf;
pub mod extensions;
mod fault;
pub mod hba;
pub mod images;
mod major;
pub mod parameters;
pub(crate) mod regex;
pub mod sql;
pub mod tuning;
pub mod units;

pub use fault::{Fault, Mistake};
pub use major::Major;
