use proptest::prelude::*;

use super::super::budget::{Verdict, budget};
use super::super::extensions::EnabledExtensions;
use super::super::parameters;
use super::*;

/// The five presets: memory in GiB, CPU in thousandths, storage in GiB, connections, servers when in ha.
const PRESETS: [(&str, u64, u64, u64, u32, u32); 5] = [
    ("edge", 1, 500, 10, 100, 2),
    ("small", 4, 2000, 50, 200, 2),
    ("medium", 16, 4000, 200, 500, 3),
    ("large", 32, 8000, 500, 1000, 3),
    ("xlarge", 64, 16_000, 1024, 2000, 5),
];

const WORKLOADS: [Workload; 5] =
    [Workload::Oltp, Workload::Mixed, Workload::Timeseries, Workload::Warehouse, Workload::Edge];
const DISKS: [Disk; 4] = [Disk::Ssd, Disk::Nvme, Disk::Hdd, Disk::Sd];

fn preset(name: &str) -> Shape {
    let (_, memory, cpu_millis, storage, connections, _) =
        PRESETS.into_iter().find(|preset| preset.0 == name).unwrap();
    Shape {
        memory_bytes: memory * GIB,
        cpu_millis,
        storage_bytes: storage * GIB,
        wal_bytes: None,
        connections,
        replicas: 1,
        workload: if name == "edge" { Workload::Edge } else { Workload::Mixed },
        disk: Disk::Ssd,
        timescaledb: false,
        major: Major::V17,
    }
}

/// A derived setting as the budget's lookup gives it, whole numbers and bytes.
fn number(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let factor: i64 = match &text[digits.len()..] {
        "" => 1,
        "kB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        _ => return None,
    };
    digits.parse::<i64>().ok().map(|count| count * factor)
}

fn derived(shape: &Shape, name: &str) -> Option<i64> {
    derive(shape).iter().find(|setting| setting.name == name).and_then(|setting| number(&setting.value))
}

fn shown(shape: &Shape) -> Vec<String> {
    derive(shape).iter().map(|s| format!("{} = {} ({})", s.name, s.value, s.formula)).collect()
}

/// Every preset, standalone and in ha, on every major, with and without TimescaleDB and a WAL volume.
fn every_preset() -> Vec<(String, Shape)> {
    let mut shapes = Vec::new();
    for (name, .., in_ha) in PRESETS {
        for major in Major::ALL {
            for (replicas, timescaledb, wal_bytes) in
                [(1, false, None), (1, true, None), (in_ha, false, Some(20 * GIB)), (in_ha, true, None)]
            {
                let shape = Shape { major, replicas, timescaledb, wal_bytes, ..preset(name) };
                shapes.push((format!("{name}: {shape:?}"), shape));
            }
        }
    }
    shapes
}

#[test]
fn the_small_preset_gets_these_settings() {
    assert_eq!(
        shown(&preset("small")),
        [
            "autovacuum_analyze_scale_factor = 0.05 (always 0.05)",
            "autovacuum_max_workers = 3 (2 + a quarter of 2 CPUs, between 3 and 6)",
            "autovacuum_naptime = 30s (30s, 10s with TimescaleDB, 1min on a small machine)",
            "autovacuum_vacuum_cost_limit = 1000 (1000 for an SSD)",
            "autovacuum_vacuum_scale_factor = 0.1 (always 0.1)",
            "autovacuum_work_mem = 85MB (1/16 of 4GB, at most half of the free 1495MB, / 3 workers, between 4MB and 1GB)",
            "checkpoint_timeout = 15min (15min for an SSD)",
            "effective_cache_size = 3GB (4GB - 200 x 4MB - 64MB, between 50 and 75 % of 4GB)",
            "effective_io_concurrency = 200 (200 for an SSD)",
            "huge_pages = off (always off)",
            "jit = off (off, except for a warehouse)",
            "maintenance_io_concurrency = 200 (200 for an SSD)",
            "maintenance_work_mem = 256MB (1/16 of 4GB, at most half of the free 1495MB, between 16MB and 2GB)",
            "max_connections = 200 (200 connections)",
            "max_parallel_maintenance_workers = 1 (half of 2 CPUs, at most 4)",
            "max_parallel_workers = 2 (2 CPUs)",
            "max_parallel_workers_per_gather = 1 (half of 2 CPUs, at most 4)",
            "max_replication_slots = 10 (8 + 2 x 1 server)",
            "max_slot_wal_keep_size = 5GB (10 % of the data volume of 50GB, between 64MB and 64GB)",
            "max_wal_senders = 10 (8 + 2 x 1 server)",
            "max_wal_size = 4GB (10 % of the data volume of 50GB, between 64MB and 4GB)",
            "max_worker_processes = 8 (4 + 2 parallel, at least 8)",
            "min_wal_size = 1GB (a quarter of 4GB, at least 32MB)",
            "random_page_cost = 1.1 (1.1 for an SSD)",
            "shared_buffers = 1GB (25 % of 4GB)",
            "superuser_reserved_connections = 5 (a quarter of 200, at most 5)",
            "wal_buffers = 16MB (3 % of 1GB, between 64kB and 16MB)",
            "wal_compression = on (on, with the method that every build has)",
            "wal_keep_size = 0 (0 without standbys)",
            "work_mem = 2097kB (4GB / 200 / 10, at least 1MB)",
        ]
    );
}

#[test]
fn timescaledb_adds_workers_and_locks_and_18_adds_io_settings() {
    let plain = shown(&preset("medium"));
    let with = shown(&Shape { timescaledb: true, major: Major::V18, ..preset("medium") });
    let added: Vec<_> = with.iter().filter(|line| !plain.contains(line)).collect();
    assert_eq!(
        added,
        [
            "autovacuum_max_workers = 6 (2 + 4 CPUs, between 3 and 10)",
            "autovacuum_naptime = 10s (10s with TimescaleDB's many small tables)",
            "autovacuum_work_mem = 170MB (1/16 of 16GB, at most half of the free 7422MB, / 6 workers, between 4MB and 1GB)",
            "io_method = worker (always worker)",
            "io_workers = 3 (a quarter of 4 CPUs, between 3 and 32)",
            "max_locks_per_transaction = 512 (32 per GB, between 128 and 1024)",
            "max_worker_processes = 25 (4 + 4 parallel + 1 + 16 of TimescaleDB, at least 8)",
            "timescaledb.max_background_workers = 16 (8 + 2 x 4 CPUs, at most 32)",
        ]
    );
}

#[test]
fn every_preset_gets_the_values_of_the_specification() {
    let got: Vec<_> = PRESETS
        .iter()
        .map(|(name, ..)| {
            let shape = preset(name);
            let settings = derive(&shape);
            let value = |name| settings.iter().find(|s| s.name == name).map(|s| s.value.as_str()).unwrap();
            ["shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem"]
                .map(value)
                .join(" ")
        })
        .collect();
    assert_eq!(
        got,
        [
            "256MB 560MB 1048kB 61MB",
            "1GB 3GB 2097kB 256MB",
            "4GB 12GB 3355kB 1GB",
            "8GB 24GB 3355kB 2GB",
            "16GB 48GB 3355kB 2GB",
        ]
    );
}

#[test]
fn every_preset_fits_its_memory_on_every_major() {
    for (name, shape) in every_preset() {
        let budget = budget(shape.major, shape.memory_bytes, |setting| derived(&shape, setting));
        assert_eq!(budget.verdict(), Verdict::Fits, "{name}: {budget:#?}");
    }
}

#[test]
fn rows_are_unique_and_the_result_is_sorted() {
    let mut names: Vec<_> = TABLES.iter().flat_map(|rows| rows.iter()).map(|row| row.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    let settings = derive(&preset("small"));
    assert!(settings.is_sorted_by_key(|setting| setting.name));
}

/// Sizes from `1 << from` to `1 << to` bytes, as many small ones as large ones.
fn any_size(from: u32, to: u32) -> impl Strategy<Value = u64> {
    (from..to, any::<u64>()).prop_map(|(bits, random)| (1 << bits) + random % (1 << bits))
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let sizes = (any_size(26, 40), 0u64..200_000, any_size(28, 44));
    let counts = (prop_oneof![0u32..40, 0u32..20_000], 0u32..12);
    let kinds = (0usize..5, 0usize..4, 0usize..5, any::<bool>(), any::<bool>());
    (sizes, counts, kinds).prop_map(
        |((memory_bytes, cpu_millis, storage_bytes), (connections, replicas), kinds)| {
            let (workload, disk, major, timescaledb, wal_volume) = kinds;
            Shape {
                memory_bytes,
                cpu_millis,
                storage_bytes,
                wal_bytes: wal_volume.then_some(storage_bytes),
                connections,
                replicas,
                workload: WORKLOADS[workload],
                disk: DISKS[disk],
                timescaledb,
                major: Major::ALL[major],
            }
        },
    )
}

/// How far a number may move when the shape moves a little: a step of rounding, or a twentieth.
fn is_near(name: &str, one: i64, other: i64) -> bool {
    let step = if name.contains("wal_") { 16 << 20 } else { 4 << 20 };
    let counts = one < 1 << 14 && other < 1 << 14;
    (one - other).abs() <= (one / 20).max(if counts { 4 } else { step })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neighbouring_shapes_get_neighbouring_settings(shape in any_shape(), more in any::<bool>()) {
        // One connection more is a large step where there are few of them.
        prop_assume!(shape.connections >= 20);
        let next = if more {
            Shape { memory_bytes: shape.memory_bytes + MIB, ..shape.clone() }
        } else {
            Shape { connections: shape.connections + 1, ..shape.clone() }
        };
        for (one, other) in derive(&shape).into_iter().zip(derive(&next)) {
            prop_assert_eq!(one.name, other.name);
            if let (Some(from), Some(to)) = (number(&one.value), number(&other.value)) {
                prop_assert!(is_near(one.name, from, to), "{one:?} became {other:?}");
            } else {
                prop_assert_eq!(one.value, other.value);
            }
        }
    }

    #[test]
    fn every_major_takes_every_derived_value(shape in any_shape()) {
        let enabled = EnabledExtensions::from_iter(["timescaledb"]);
        for setting in derive(&shape) {
            let checked = parameters::check(shape.major, setting.name, &setting.value, &enabled);
            prop_assert!(checked.is_ok(), "{setting:?}: {checked:?}");
        }
    }

    #[test]
    fn wal_never_takes_more_than_its_share_of_the_volume(shape in any_shape()) {
        let sum: i64 = ["max_wal_size", "wal_keep_size", "max_slot_wal_keep_size"]
            .iter()
            .map(|name| derived(&shape, name).unwrap())
            .sum();
        let sum = u64::try_from(sum).unwrap();
        match shape.wal_bytes {
            Some(volume) => prop_assert!(sum * 100 <= volume * 80, "{sum} of {volume}"),
            // Two settings have floors, which only a volume below 640 MiB feels.
            None => prop_assert!(sum * 100 <= (shape.storage_bytes * 25).max(144 * MIB * 100)),
        }
    }

    #[test]
    fn reserved_connections_leave_some_for_clients(shape in any_shape()) {
        let reserved = derived(&shape, "superuser_reserved_connections").unwrap();
        prop_assert!(reserved < derived(&shape, "max_connections").unwrap());
    }

    #[test]
    fn a_shape_with_its_specified_settings_in_the_limit_fits(shape in any_shape()) {
        let (major, limit) = (shape.major, shape.memory_bytes);
        let whole = budget(major, limit, |setting| derived(&shape, setting));
        let specified: u64 = whole
            .lines
            .iter()
            .filter(|line| !["autovacuum", "maintenance_work_mem"].contains(&line.label))
            .map(|line| line.bytes)
            .sum();
        // Maintenance gets one half of what is left and autovacuum the other, whose floor is ten workers of 4 MB.
        if specified + 80 * MIB <= limit / 100 * 88 {
            prop_assert_eq!(whole.verdict(), Verdict::Fits);
        }
    }
}
