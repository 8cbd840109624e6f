//! The write-ahead log: how much of it may lie on the disk, and who may keep it there.
//!
//! Three settings can fill the volume together: `max_wal_size` (checkpoints), `wal_keep_size` and
//! `max_slot_wal_keep_size` (standbys). Their sum stays below 80 % of a WAL volume, or 25 % of a data volume.

use super::worked::Worked;
use super::{GIB, MIB, Row, Shape, Value, Workload, fixed, value};

/// A WAL segment, as initdb makes it.
const SEGMENT: u64 = 16 * MIB;
/// `max_replication_slots` and `max_wal_senders` end here (`MAX_BACKENDS`).
const MOST_BACKENDS: u64 = 262_143;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "max_wal_size",
        reason: "WAL between two checkpoints: more means fewer checkpoints and a longer recovery",
        derive: |shape| value(max_wal_size(shape)),
    },
    Row {
        name: "min_wal_size",
        reason: "WAL files that are kept for reuse instead of being deleted",
        derive: |shape| {
            let most = Worked::bytes(max_wal_size(shape).value);
            value(most.part(4).step(SEGMENT).at_least(2 * SEGMENT))
        },
    },
    Row {
        name: "max_slot_wal_keep_size",
        reason: "a standby that is gone must not fill the volume: its slot is given up at this size",
        derive: |shape| value(share(shape, 30, 10).between(4 * SEGMENT, 64 * GIB)),
    },
    Row {
        name: "wal_keep_size",
        reason: "WAL that a standby without a slot finds after a promotion",
        derive: |shape| {
            if shape.replicas > 1 {
                value(share(shape, 10, 3).at_most(4 * GIB))
            } else {
                fixed("0", "0 without standbys")
            }
        },
    },
    Row {
        name: "wal_compression",
        reason: "full pages compress well: less to write, to archive and to send",
        derive: |_| fixed("on", "on, with the method that every build has"),
    },
    Row { name: "max_wal_senders", reason: "standbys, their clones and base backups", derive: per_replica },
    Row {
        name: "max_replication_slots",
        reason: "one for each standby, one while it is cloned, and some for logical replication",
        derive: per_replica,
    },
];

fn max_wal_cap(workload: Workload) -> u64 {
    match workload {
        Workload::Edge => GIB,
        Workload::Mixed => 4 * GIB,
        Workload::Oltp => 8 * GIB,
        Workload::Timeseries | Workload::Warehouse => 16 * GIB,
    }
}

fn max_wal_size(shape: &Shape) -> Worked {
    share(shape, 35, 10).between(4 * SEGMENT, max_wal_cap(shape.workload))
}

/// A share of the volume that the WAL lies on, in whole segments.
fn share(shape: &Shape, of_wal: u64, of_data: u64) -> Worked {
    let (volume, name, percent) = match shape.wal_bytes {
        Some(bytes) => (bytes, "the WAL volume of", of_wal),
        None => (shape.storage_bytes, "the data volume of", of_data),
    };
    Worked::bytes(volume).called(name).percent(percent).step(SEGMENT)
}

fn per_replica(shape: &Shape) -> Option<Value> {
    value(Worked::count(shape.replicas.into(), "servers").times(2).after(8).within(8, MOST_BACKENDS))
}
