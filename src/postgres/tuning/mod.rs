//! Settings that follow from a shape: how much memory, how many CPUs, which disk.
//!
//! Every derived setting is a [`Row`] of one of the tables below (`memory`, `wal`, `workers`, `storage`);
//! to add one, add a row there. The specification's formulas come first; the rest follows pgtune, timescaledb-tune
//! and what operators of PostgreSQL on Kubernetes do. All arithmetic is on integers, rounds down, and moves in
//! small steps: a shape that is a little larger gets settings that are a little larger.
//!
//! A formula and its value are one thing (`Worked`). A formula never looks at another setting that a user may have set by hand: it starts from the shape again.

mod memory;
mod storage;
mod wal;
mod worked;
mod workers;

use super::Major;
use worked::Worked;

pub(crate) use super::units::print_bytes as size;
pub(crate) use memory::{BACKEND_BYTES, OTHER_BYTES, hash_mem_multiplier_thousandths};
pub(crate) use workers::LOCK_BYTES;

pub(crate) const KIB: u64 = 1024;
pub(crate) const MIB: u64 = 1024 * KIB;
pub(crate) const GIB: u64 = 1024 * MIB;

/// What the queries are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// Many short transactions.
    Oltp,
    /// A little of everything.
    Mixed,
    /// A steady stream of inserts, queries over time ranges.
    Timeseries,
    /// Few, long queries over much data.
    Warehouse,
    /// A small machine that does other work too.
    Edge,
}

/// What the data lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    Ssd,
    Nvme,
    Hdd,
    /// An SD card or eMMC flash.
    Sd,
}

/// Everything that derived settings depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The memory limit of the server's container, in bytes.
    pub memory_bytes: u64,
    /// The CPU limit (or the request, where no limit is set), in thousandths of a CPU.
    pub cpu_millis: u64,
    /// The size of the data volume, in bytes.
    pub storage_bytes: u64,
    /// The size of the volume of its own that the WAL has, in bytes; `None`: the WAL lies on the data volume.
    pub wal_bytes: Option<u64>,
    /// Connections that clients may open (`max_connections`).
    pub connections: u32,
    /// How many servers there are, the primary included.
    pub replicas: u32,
    pub workload: Workload,
    pub disk: Disk,
    /// Whether TimescaleDB is loaded.
    pub timescaledb: bool,
    pub major: Major,
}

/// A setting that was derived, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    pub name: &'static str,
    /// As `postgresql.conf` wants it, unquoted: `1GB`, `on`, `0.05`.
    pub value: String,
    /// The formula with this shape's numbers in it.
    pub formula: String,
    /// Why the setting is derived at all.
    pub reason: &'static str,
}

/// One derived setting of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub name: &'static str,
    pub reason: &'static str,
    /// The value and its formula; `None` where this shape keeps PostgreSQL's own default.
    pub derive: fn(&Shape) -> Option<Value>,
}

/// A derived value as text, and the formula that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub text: String,
    pub formula: String,
}

/// Every row, by table.
pub const TABLES: [&[Row]; 4] = [memory::ROWS, storage::ROWS, wal::ROWS, workers::ROWS];

/// All settings that follow from a shape, sorted by name.
pub fn derive(shape: &Shape) -> Vec<Derived> {
    let mut derived: Vec<Derived> = TABLES
        .iter()
        .flat_map(|rows| rows.iter())
        .filter_map(|row| {
            (row.derive)(shape).map(|Value { text, formula }| Derived {
                name: row.name,
                value: text,
                formula,
                reason: row.reason,
            })
        })
        .collect();
    derived.sort_by_key(|setting| setting.name);
    derived
}

/// What one setting is derived as, as [`derive()`] would.
pub fn derive_one(shape: &Shape, name: &str) -> Option<String> {
    let row = TABLES.iter().flat_map(|rows| rows.iter()).find(|row| row.name == name)?;
    (row.derive)(shape).map(|value| value.text)
}

impl Shape {
    /// Whole CPUs, rounded up; a server without any share of a CPU counts as one.
    fn cpus(&self) -> u64 {
        self.cpu_millis.div_ceil(1000).max(1)
    }

    fn connections(&self) -> u64 {
        u64::from(self.connections.max(1))
    }
}

/// A value that no number of the shape changes.
#[expect(clippy::unnecessary_wraps, reason = "most rows end with this call, and a row gives an Option")]
fn fixed(text: &str, formula: &str) -> Option<Value> {
    Some(Value { text: text.to_owned(), formula: formula.to_owned() })
}

/// A value that was worked out.
#[expect(clippy::unnecessary_wraps, reason = "most rows end with this call, and a row gives an Option")]
fn value(worked: Worked) -> Option<Value> {
    Some(worked.into())
}

fn percent(bytes: u64, percent: u64) -> u64 {
    // Two steps, so that no real size overflows.
    bytes / 100 * percent + bytes % 100 * percent / 100
}

/// Rounds down to whole MB where there is at least one, else to whole pages of 8 kB.
fn whole(bytes: u64) -> u64 {
    let step = if bytes >= MIB { MIB } else { 8 * KIB };
    bytes / step * step
}

#[cfg(test)]
mod tests;
