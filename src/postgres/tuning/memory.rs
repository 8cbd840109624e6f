//! Memory: what the server shares, and what each connection and each worker may take.

use super::super::Major;
use super::{GIB, KIB, MIB, Row, Shape, Value, Workload, size, value, whole, workers};

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
        derive: |shape| {
            let limit = size(whole(shape.memory_bytes));
            value(size(shared_buffers(shape)), format!("25 % of {limit}"))
        },
    },
    Row {
        name: "effective_cache_size",
        reason: "what the planner may expect to find cached: the memory that connections leave",
        derive: |shape| {
            let limit = size(whole(shape.memory_bytes));
            let formula = format!(
                "{limit} - {} x {} - {}, between 50 and 75 % of {limit}",
                shape.connections(),
                size(BACKEND_BYTES),
                size(OTHER_BYTES)
            );
            value(size(effective_cache_size(shape)), formula)
        },
    },
    Row {
        name: "work_mem",
        reason: "memory of one sort or hash, so that all connections together stay within a tenth of the limit",
        derive: |shape| {
            let limit = size(whole(shape.memory_bytes));
            value(size(work_mem(shape)), format!("{limit} / {} / 10, at least 1MB", shape.connections()))
        },
    },
    Row {
        name: "maintenance_work_mem",
        reason: "memory of VACUUM and CREATE INDEX, which gain much from more than work_mem",
        derive: |shape| {
            let formula = format!(
                "1/{} of {}, at most half of the free {}, between 16MB and 2GB",
                maintenance_divisor(shape),
                size(whole(shape.memory_bytes)),
                size(whole(free(shape)))
            );
            value(size(maintenance_work_mem(shape)), formula)
        },
    },
    Row {
        name: "autovacuum_work_mem",
        reason: "all autovacuum workers together take as much as one maintenance command",
        derive: |shape| {
            let formula = format!(
                "1/16 of {}, at most half of the free {}, / {} workers, between 4MB and 1GB",
                size(whole(shape.memory_bytes)),
                size(whole(free(shape))),
                workers::autovacuum_max_workers(shape)
            );
            value(size(autovacuum_work_mem(shape)), formula)
        },
    },
    Row {
        name: "wal_buffers",
        reason: "WAL that waits to be written: one segment at most",
        derive: |shape| {
            let formula = format!("3 % of {}, between 64kB and 16MB", size(shared_buffers(shape)));
            value(size(wal_buffers(shape)), formula)
        },
    },
    Row {
        name: "huge_pages",
        reason: "a pod without a quota of huge pages is killed (SIGBUS) on a node that has them",
        derive: |_| Some(Value { text: "off".to_owned(), formula: "always off".to_owned() }),
    },
];

/// `hash_mem_multiplier` as this major has it by default, in thousandths.
pub(crate) fn hash_mem_multiplier_thousandths(major: Major) -> u64 {
    if major >= Major::V15 { 2000 } else { 1000 }
}

fn percent(bytes: u64, percent: u64) -> u64 {
    // Two steps, so that no real size overflows.
    bytes / 100 * percent + bytes % 100 * percent / 100
}

fn shared_buffers(shape: &Shape) -> u64 {
    whole(shape.memory_bytes / 4).clamp(128 * KIB, MOST_PAGES)
}

fn effective_cache_size(shape: &Shape) -> u64 {
    let limit = shape.memory_bytes;
    let left = limit.saturating_sub(shape.connections() * BACKEND_BYTES + OTHER_BYTES);
    whole(left.clamp(limit / 2, percent(limit, 75))).clamp(8 * KIB, MOST_PAGES)
}

fn work_mem(shape: &Shape) -> u64 {
    (shape.memory_bytes / shape.connections() / 10 / KIB * KIB).clamp(MIB, MOST)
}

fn wal_buffers(shape: &Shape) -> u64 {
    whole(percent(shared_buffers(shape), 3)).clamp(64 * KIB, 16 * MIB)
}

/// What maintenance may share: the limit up to [`FILL_PERCENT`], without what the specification's formulas take.
fn free(shape: &Shape) -> u64 {
    let active = shape.connections().div_ceil(4);
    let taken = shared_buffers(shape)
        .saturating_add(wal_buffers(shape))
        .saturating_add(shape.connections() * BACKEND_BYTES)
        .saturating_add(
            (active * work_mem(shape)).saturating_mul(hash_mem_multiplier_thousandths(shape.major) / 1000),
        )
        .saturating_add(OTHER_BYTES);
    percent(shape.memory_bytes, FILL_PERCENT).saturating_sub(taken)
}

fn maintenance_divisor(shape: &Shape) -> u64 {
    if shape.workload == Workload::Warehouse { 8 } else { 16 }
}

fn maintenance_work_mem(shape: &Shape) -> u64 {
    let wanted = shape.memory_bytes / maintenance_divisor(shape);
    whole(wanted.min(free(shape) / 2)).clamp(16 * MIB, 2 * GIB)
}

fn autovacuum_work_mem(shape: &Shape) -> u64 {
    let together = (shape.memory_bytes / 16).min(free(shape) / 2);
    whole(together / workers::autovacuum_max_workers(shape)).clamp(4 * MIB, GIB)
}
