//! Memory: what the server shares, and what each connection and each worker may take.

use super::super::Major;
use super::worked::Worked;
use super::{GIB, KIB, MIB, Row, Shape, Workload, fixed, percent, value, workers};

/// What an idle connection costs: its process, caches and page tables. Measured on 14, 17 and 18 as private memory:
/// 1.1 to 1.3 MB when fresh, 3.7 to 5.6 MB (the median of 30) after some work on catalogs and one sort.
pub(crate) const BACKEND_BYTES: u64 = 4 * MIB;
/// What the rest of the server takes: the postmaster, its background processes, small shared structures. Of the last,
/// `shared_memory_size` shows 15 MB at 1 GB and 100 connections; 0.8 % of the limit with the largest preset.
pub(crate) const OTHER_BYTES: u64 = 64 * MIB;

/// The largest number of kB that a memory setting takes (`MAX_KILOBYTES`).
const MOST: u64 = 2_147_483_647 * KIB;
/// `shared_buffers` and `effective_cache_size` count pages of 8 kB.
const MOST_PAGES: u64 = 1_073_741_823 * 8 * KIB;

/// The share of the limit up to which maintenance may fill it; what is left is the kernel's and for peaks.
const FILL_PERCENT: u64 = 88;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "shared_buffers",
        reason: "a quarter of the memory: the kernel caches the rest",
        derive: |shape| value(shared_buffers(shape)),
    },
    Row {
        name: "effective_cache_size",
        reason: "what the planner may expect to find cached: the memory that connections leave",
        derive: |shape| value(effective_cache_size(shape)),
    },
    Row {
        name: "work_mem",
        reason: "memory of one sort or hash, so that all connections together stay within a tenth of the limit",
        derive: |shape| value(work_mem(shape)),
    },
    Row {
        name: "maintenance_work_mem",
        reason: "memory of VACUUM and CREATE INDEX, which gain much from more than work_mem",
        derive: |shape| value(maintenance_work_mem(shape)),
    },
    Row {
        name: "autovacuum_work_mem",
        reason: "all autovacuum workers together take as much as one maintenance command",
        derive: |shape| value(autovacuum_work_mem(shape)),
    },
    Row {
        name: "wal_buffers",
        reason: "WAL that waits to be written: one segment at most",
        derive: |shape| value(wal_buffers(shape)),
    },
    Row {
        name: "huge_pages",
        reason: "a pod without a quota of huge pages is killed (SIGBUS) on a node that has them",
        derive: |_| fixed("off", "always off"),
    },
];

/// `hash_mem_multiplier` as this major has it by default, in thousandths.
pub(crate) fn hash_mem_multiplier_thousandths(major: Major) -> u64 {
    if major >= Major::V15 { 2000 } else { 1000 }
}

fn shared_buffers(shape: &Shape) -> Worked {
    Worked::bytes(shape.memory_bytes).percent(25).whole().within(128 * KIB, MOST_PAGES)
}

fn effective_cache_size(shape: &Shape) -> Worked {
    Worked::bytes(shape.memory_bytes)
        .minus(shape.connections(), BACKEND_BYTES)
        .minus(1, OTHER_BYTES)
        .between_percent(50, 75, shape.memory_bytes)
        .whole()
        .within(8 * KIB, MOST_PAGES)
}

fn work_mem(shape: &Shape) -> Worked {
    Worked::bytes(shape.memory_bytes)
        .over(shape.connections(), "")
        .over(10, "")
        .step(KIB)
        .at_least(MIB)
        .within(MIB, MOST)
}

fn wal_buffers(shape: &Shape) -> Worked {
    Worked::bytes(shared_buffers(shape).value).percent(3).whole().between(64 * KIB, 16 * MIB)
}

/// What maintenance may share: the limit up to [`FILL_PERCENT`], without what the specification's formulas take.
fn free(shape: &Shape) -> u64 {
    let active = shape.connections().div_ceil(4);
    let taken = shared_buffers(shape)
        .value
        .saturating_add(wal_buffers(shape).value)
        .saturating_add(shape.connections() * BACKEND_BYTES)
        .saturating_add(
            (active * work_mem(shape).value)
                .saturating_mul(hash_mem_multiplier_thousandths(shape.major) / 1000),
        )
        .saturating_add(OTHER_BYTES);
    percent(shape.memory_bytes, FILL_PERCENT).saturating_sub(taken)
}

fn maintenance_work_mem(shape: &Shape) -> Worked {
    let divisor = if shape.workload == Workload::Warehouse { 8 } else { 16 };
    Worked::bytes(shape.memory_bytes)
        .part(divisor)
        .at_most_half_of("the free", free(shape))
        .whole()
        .between(16 * MIB, 2 * GIB)
}

fn autovacuum_work_mem(shape: &Shape) -> Worked {
    Worked::bytes(shape.memory_bytes)
        .part(16)
        .at_most_half_of("the free", free(shape))
        .shared_by(&workers::autovacuum_max_workers(shape), "workers")
        .whole()
        .between(4 * MIB, GIB)
}
