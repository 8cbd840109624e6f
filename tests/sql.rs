//! The init SQL on real servers: what the keeper runs, as it runs it, from the files that the pod gets.
//!
//! To add a case: a function in a file below `sql/`, beginning with [`Site::new`].

mod databases;
mod rights;
mod roles;
mod runs;
mod scripts;
mod site;
mod tables;

use site::{Outcome, Site};
