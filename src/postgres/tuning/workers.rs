//! Processes: connections, parallel workers, background workers, autovacuum.

use super::super::Major;
use super::worked::Worked;
use super::{Row, Shape, Value, Workload, fixed, value};

/// The most connections, senders or workers that PostgreSQL takes (`MAX_BACKENDS`).
const MOST_BACKENDS: u64 = 262_143;
/// Worker processes beside parallel queries and TimescaleDB: logical replication and extensions such as `pg_cron`.
const OTHER_WORKERS: u64 = 4;
/// Shared memory of one entry of the lock table with its holders: what `shared_memory_size` grew by on 15, 17 and 18.
pub(crate) const LOCK_BYTES: u64 = 430;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "max_connections",
        reason: "what the shape states",
        derive: |shape| value(Worked::count(shape.connections().min(MOST_BACKENDS), "connections")),
    },
    Row {
        name: "superuser_reserved_connections",
        reason: "the keeper and an operator get in when clients use up every connection",
        derive: |shape| value(Worked::count(shape.connections(), "").part(4).at_most(5)),
    },
    Row {
        name: "max_parallel_workers",
        reason: "a parallel query gains nothing from more workers than CPUs",
        derive: |shape| with_cpus(shape, parallel_workers),
    },
    Row {
        name: "max_parallel_workers_per_gather",
        reason: "one query must not take every CPU",
        derive: |shape| {
            let most = match shape.workload {
                Workload::Warehouse => 16,
                Workload::Timeseries => 8,
                Workload::Oltp | Workload::Mixed | Workload::Edge => 4,
            };
            if shape.cpus() < 2 { no_workers() } else { value(cpus(shape).part_up(2).at_most(most)) }
        },
    },
    Row {
        name: "max_parallel_maintenance_workers",
        reason: "an index build must not take every CPU",
        derive: |shape| with_cpus(shape, |shape| cpus(shape).part_up(2).at_most(4)),
    },
    Row {
        name: "max_worker_processes",
        reason: "parallel workers, TimescaleDB's jobs and other extensions share these",
        derive: |shape| {
            let parallel = if shape.cpus() < 2 { 0 } else { parallel_workers(shape).value };
            let mut parts = vec![(OTHER_WORKERS, ""), (parallel, "parallel")];
            if shape.timescaledb {
                parts.extend([(1, ""), (background_workers(shape).value, "of TimescaleDB")]);
            }
            value(Worked::sum(&parts).at_least(8).within(8, MOST_BACKENDS))
        },
    },
    Row {
        name: "timescaledb.max_background_workers",
        reason: "each database with jobs needs one, and each job that runs one more",
        derive: |shape| shape.timescaledb.then(|| background_workers(shape).into()),
    },
    Row {
        name: "max_locks_per_transaction",
        reason: "a query over a hypertable locks each of its chunks",
        derive: |shape| shape.timescaledb.then(|| locks(shape).into()),
    },
    Row {
        name: "autovacuum_max_workers",
        reason: "tables that are vacuumed at the same time",
        derive: |shape| value(autovacuum_max_workers(shape)),
    },
    Row {
        name: "autovacuum_naptime",
        reason: "how often each database is looked at",
        derive: |shape| match shape.workload {
            Workload::Edge => fixed("1min", "1min on a small machine"),
            _ if shape.timescaledb => fixed("10s", "10s with TimescaleDB's many small tables"),
            _ => fixed("30s", "30s, 10s with TimescaleDB, 1min on a small machine"),
        },
    },
    Row {
        name: "autovacuum_vacuum_scale_factor",
        reason: "a large table is vacuumed before a fifth of it is dead",
        derive: |_| fixed("0.1", "always 0.1"),
    },
    Row {
        name: "autovacuum_analyze_scale_factor",
        reason: "statistics follow the data closely",
        derive: |_| fixed("0.05", "always 0.05"),
    },
    Row {
        name: "jit",
        reason: "compiling costs short queries more than it gains",
        derive: |shape| match shape.workload {
            Workload::Warehouse => fixed("on", "on for a warehouse"),
            _ => fixed("off", "off, except for a warehouse"),
        },
    },
    Row {
        name: "io_method",
        reason: "io_uring is refused by the seccomp profile of container runtimes",
        derive: |shape| if shape.major >= Major::V18 { fixed("worker", "always worker") } else { None },
    },
    Row {
        name: "io_workers",
        reason: "processes that read for the others",
        derive: |shape| (shape.major >= Major::V18).then(|| cpus(shape).part(4).between(3, 32).into()),
    },
];

fn cpus(shape: &Shape) -> Worked {
    Worked::count(shape.cpus(), "CPUs")
}

pub(super) fn autovacuum_max_workers(shape: &Shape) -> Worked {
    if shape.timescaledb {
        cpus(shape).after(2).between(3, 10)
    } else {
        cpus(shape).part(4).after(2).between(3, 6)
    }
}

fn parallel_workers(shape: &Shape) -> Worked {
    cpus(shape).within(0, 1024)
}

/// With one CPU or less, workers only take turns.
fn with_cpus(shape: &Shape, workers: fn(&Shape) -> Worked) -> Option<Value> {
    if shape.cpus() < 2 { no_workers() } else { value(workers(shape)) }
}

fn no_workers() -> Option<Value> {
    fixed("0", "0 with one CPU or less")
}

fn background_workers(shape: &Shape) -> Worked {
    cpus(shape).times(2).after(8).at_most(32)
}

/// Locks per transaction: the whole lock table stays below 2 % of the memory.
fn locks(shape: &Shape) -> Worked {
    let most = (shape.memory_bytes / 50 / LOCK_BYTES / shape.connections()).clamp(128, 1024);
    Worked::per_gb(shape.memory_bytes, 32).between(128, most)
}
