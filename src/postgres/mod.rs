//! What PostgreSQL is: its majors, settings, tuning, access rules and images. Knows no Kubernetes and no values.

pub mod budget;
mod fault;
pub mod hba;
pub mod images;
mod major;
pub mod tuning;

pub use fault::Fault;
pub use major::Major;
