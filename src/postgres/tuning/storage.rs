//! What the disk can do, as the planner and the checkpointer should know it.

use super::{Disk, Row, Shape, Workload, fixed};

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "random_page_cost",
        reason: "what a page out of order costs, next to 1 for the next page",
        derive: |shape| by_disk(shape, ["1.1", "1.1", "4", "2"]),
    },
    Row {
        name: "effective_io_concurrency",
        reason: "how many reads the disk works on at once",
        derive: |shape| by_disk(shape, ["200", "1000", "2", "4"]),
    },
    Row {
        name: "maintenance_io_concurrency",
        reason: "how many reads the disk works on at once for maintenance",
        derive: |shape| by_disk(shape, ["200", "1000", "10", "10"]),
    },
    Row {
        name: "autovacuum_vacuum_cost_limit",
        reason: "how fast all autovacuum workers together may read and write: 200 dates from slow disks",
        derive: |shape| by_disk(shape, ["1000", "2000", "400", "200"]),
    },
    Row {
        name: "checkpoint_timeout",
        reason: "rarer checkpoints write fewer full pages, at the price of a longer recovery",
        derive: |shape| by_disk(shape, ["15min", "15min", "15min", "30min"]),
    },
    Row {
        name: "default_statistics_target",
        reason: "long queries are worth finer statistics",
        derive: |shape| match shape.workload {
            Workload::Warehouse => fixed("500", "500 for a warehouse"),
            _ => None,
        },
    },
];

/// The value for an SSD, NVMe, a hard disk, an SD card.
fn by_disk(shape: &Shape, values: [&str; 4]) -> Option<super::Value> {
    let (at, disk) = match shape.disk {
        Disk::Ssd => (0, "an SSD"),
        Disk::Nvme => (1, "NVMe"),
        Disk::Hdd => (2, "a hard disk"),
        Disk::Sd => (3, "an SD card"),
    };
    fixed(values[at], &format!("{} for {disk}", values[at]))
}
