//! Presets, written: from what hardware there is to the text of a preset that `--preset` takes.
//!
//! The five files of `presets/` are what [`Hardware::preset`] writes for their shapes; nothing here knows their names.
//! What was not said follows from the memory, in small steps: a little more memory gives a little more of the rest.

mod scenarios;
mod write;

use crate::config::{Disk, Workload};

pub use scenarios::{SCENARIOS, Scenario};

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// The fewest and the most connections that the values take.
const CONNECTIONS: (u64, u64) = (10, 10_000);

/// What a server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hardware {
    /// The CPU limit, in thousandths of a CPU.
    pub cpu_millis: u64,
    /// The CPUs that the scheduler keeps free, in thousandths.
    pub cpu_request_millis: u64,
    /// The memory limit, in bytes.
    pub memory_bytes: u64,
    /// The memory that the scheduler keeps free, in bytes.
    pub memory_request_bytes: u64,
    /// The size of the data volume, in bytes.
    pub storage_bytes: u64,
    pub connections: u32,
    /// Servers, the primary included.
    pub replicas: u32,
    pub workload: Workload,
    pub disk: Disk,
    /// Whether servers may share a node where there are too few.
    pub soft_spread: bool,
}

impl Hardware {
    /// A server with so much memory and CPU; the rest follows.
    pub fn new(memory_bytes: u64, cpu_millis: u64, workload: Workload) -> Self {
        Self {
            cpu_millis,
            cpu_request_millis: (cpu_millis / 2).max(1),
            memory_bytes,
            memory_request_bytes: memory_bytes / 2,
            storage_bytes: storage(memory_bytes),
            connections: connections(memory_bytes, workload),
            replicas: if memory_bytes < 8 * GIB { 2 } else { 3 },
            workload,
            disk: Disk::Ssd,
            // At the edge there is often one node.
            soft_spread: workload == Workload::Edge,
        }
    }
}

/// Connections for so much memory: 100 for each square root of a GiB, or 31 for each GiB where that is more, as the
/// built-in presets have them; a tenth of that in a warehouse. Never more than fit: each takes 4.5 MiB (itself, and half
/// a `work_mem`) of what shared buffers, maintenance and the kernel leave.
fn connections(memory_bytes: u64, workload: Workload) -> u32 {
    let mebibytes = memory_bytes / MIB;
    let by_size = (mebibytes * 10_000 / 1024).isqrt().max(mebibytes * 125 / 4096);
    let wanted = if workload == Workload::Warehouse { by_size / 10 } else { by_size };
    let room = memory_bytes / 10_000 * 6225;
    let fit = room.saturating_sub(92 * MIB) / (4 * MIB + MIB / 2);
    u32::try_from(wanted.min(fit).clamp(CONNECTIONS.0, CONNECTIONS.1)).unwrap_or(u32::MAX)
}

/// A data volume of twelve and a half times the memory, in whole GiB, and 10 GiB at least.
fn storage(memory_bytes: u64) -> u64 {
    (memory_bytes / 2).saturating_mul(25).div_euclid(GIB).max(10).saturating_mul(GIB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_said_is_as_the_built_in_presets_have_it() {
        let of = |gib| connections(gib * GIB, Workload::Mixed);
        assert_eq!([1, 4, 16, 32, 64].map(of), [100, 200, 500, 1000, 2000]);
        assert_eq!(connections(64 * GIB, Workload::Warehouse), 200);
        assert_eq!([4, 16].map(|gib| storage(gib * GIB) / GIB), [50, 200]);
    }

    #[test]
    fn a_small_server_gets_the_connections_that_fit_it() {
        let of = |mib| connections(mib * MIB, Workload::Mixed);
        assert_eq!([0, 128, 256, 512, 768, 1024].map(of), [10, 10, 14, 50, 85, 100]);
    }

    #[test]
    fn a_little_more_memory_gives_a_few_more_connections_at_most() {
        for mib in 64..200 * 1024 {
            let (one, next) = (mib, mib + 1);
            let [one, next] = [one, next].map(|mib| connections(mib * MIB, Workload::Oltp));
            assert!(one <= next && next - one <= 1, "{mib}: {one} {next}");
        }
    }
}
