//! Processes: connections, parallel workers, background workers, autovacuum.

use super::super::Major;
use super::{KIB, Row, Shape, Workload, fixed, value};

/// The most connections, senders or workers that PostgreSQL takes (`MAX_BACKENDS`).
const MOST_BACKENDS: u64 = 262_143;
/// Worker processes beside parallel queries and TimescaleDB: logical replication and extensions such as `pg_cron`.
const OTHER_WORKERS: u64 = 4;
/// Shared memory of one entry of the lock table with its holders: what `shared_memory_size` grew by on 15, 17 and 18.
const LOCK_BYTES: u64 = 430;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "max_connections",
        reason: "what the shape states",
        derive: |shape| {
            let count = shape.connections().min(MOST_BACKENDS);
            value(count.to_string(), format!("{count} connections"))
        },
    },
    Row {
        name: "superuser_reserved_connections",
        reason: "the keeper and an operator get in when clients use up every connection",
        derive: |shape| {
            let count = (shape.connections() / 4).min(5);
            value(count.to_string(), format!("a quarter of {}, at most 5", shape.connections()))
        },
    },
    Row {
        name: "max_parallel_workers",
        reason: "a parallel query gains nothing from more workers than CPUs",
        derive: |shape| {
            value(parallel_workers(shape).to_string(), with_one_cpu(shape, format!("{} CPUs", shape.cpus())))
        },
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
            let formula = format!("half of {} CPUs, at most {most}", shape.cpus());
            value(half_of_cpus(shape, most).to_string(), with_one_cpu(shape, formula))
        },
    },
    Row {
        name: "max_parallel_maintenance_workers",
        reason: "an index build must not take every CPU",
        derive: |shape| {
            let formula = format!("half of {} CPUs, at most 4", shape.cpus());
            value(half_of_cpus(shape, 4).to_string(), with_one_cpu(shape, formula))
        },
    },
    Row {
        name: "max_worker_processes",
        reason: "parallel workers, TimescaleDB's jobs and other extensions share these",
        derive: |shape| {
            let parallel = parallel_workers(shape);
            let (jobs, text) = if shape.timescaledb {
                let jobs = background_workers(shape);
                (1 + jobs, format!(" + 1 + {jobs} of TimescaleDB"))
            } else {
                (0, String::new())
            };
            let count = (OTHER_WORKERS + parallel + jobs).clamp(8, MOST_BACKENDS);
            value(count.to_string(), format!("{OTHER_WORKERS} + {parallel} parallel{text}, at least 8"))
        },
    },
    Row {
        name: "timescaledb.max_background_workers",
        reason: "each database with jobs needs one, and each job that runs one more",
        derive: |shape| {
            let formula = format!("8 + 2 x {} CPUs, at most 32", shape.cpus());
            shape.timescaledb.then(|| super::Value { text: background_workers(shape).to_string(), formula })
        },
    },
    Row {
        name: "max_locks_per_transaction",
        reason: "a query over a hypertable locks each of its chunks",
        derive: |shape| {
            let (count, most) = locks(shape);
            let formula = format!("32 per GB, between 128 and {most}");
            shape.timescaledb.then(|| super::Value { text: count.to_string(), formula })
        },
    },
    Row {
        name: "autovacuum_max_workers",
        reason: "tables that are vacuumed at the same time",
        derive: |shape| {
            let formula = if shape.timescaledb {
                format!("2 + {} CPUs, between 3 and 10", shape.cpus())
            } else {
                format!("2 + a quarter of {} CPUs, between 3 and 6", shape.cpus())
            };
            value(autovacuum_max_workers(shape).to_string(), formula)
        },
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
        derive: |shape| {
            let count = (shape.cpus() / 4).clamp(3, 32);
            let formula = format!("a quarter of {} CPUs, between 3 and 32", shape.cpus());
            (shape.major >= Major::V18).then(|| super::Value { text: count.to_string(), formula })
        },
    },
];

pub(super) fn autovacuum_max_workers(shape: &Shape) -> u64 {
    if shape.timescaledb { (2 + shape.cpus()).clamp(3, 10) } else { (2 + shape.cpus() / 4).clamp(3, 6) }
}

fn parallel_workers(shape: &Shape) -> u64 {
    if shape.cpus() < 2 { 0 } else { shape.cpus().min(1024) }
}

fn half_of_cpus(shape: &Shape, most: u64) -> u64 {
    if shape.cpus() < 2 { 0 } else { shape.cpus().div_ceil(2).min(most) }
}

fn with_one_cpu(shape: &Shape, otherwise: String) -> String {
    if shape.cpus() < 2 { "0 with one CPU or less".to_owned() } else { otherwise }
}

fn background_workers(shape: &Shape) -> u64 {
    (8 + 2 * shape.cpus()).min(32)
}

/// Locks per transaction, and the most that there may be: the whole lock table stays below 2 % of the memory.
fn locks(shape: &Shape) -> (u64, u64) {
    let most = (shape.memory_bytes / 50 / LOCK_BYTES / shape.connections()).clamp(128, 1024);
    ((shape.memory_bytes / KIB / KIB / 32).clamp(128, most), most)
}
