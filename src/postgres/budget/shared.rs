//! Shared memory that settings ask for beside `shared_buffers` and `wal_buffers`: a table, measured by `postgres -C
//! shared_memory_size` of 15, 17 and 18.

use super::size;
use crate::postgres::tuning::LOCK_BYTES;

/// A process has a place in the tables of processes, of locks and of predicate locks.
const PROCESS_BYTES: u64 = 48 * 1024;
/// A predicate lock with its target and its transaction.
const PREDICATE_LOCK_BYTES: u64 = 256;

/// What a setting takes.
enum Takes {
    /// The memory that it names.
    Itself,
    /// So many bytes for each one beyond these.
    Each { bytes: u64, beyond: u64 },
    /// So many bytes for each connection, for each one beyond these.
    PerConnection { bytes: u64, beyond: u64 },
}

use Takes::{Each, Itself, PerConnection};

/// Sorted by name. What is asked for by default is a part of what the rest of the server takes.
const SETTINGS: &[(&str, Takes)] = &[
    ("autovacuum_worker_slots", Each { bytes: PROCESS_BYTES, beyond: 16 }),
    ("commit_timestamp_buffers", Itself),
    ("max_locks_per_transaction", PerConnection { bytes: LOCK_BYTES, beyond: 64 }),
    ("max_pred_locks_per_transaction", PerConnection { bytes: PREDICATE_LOCK_BYTES, beyond: 64 }),
    ("max_prepared_transactions", Each { bytes: PROCESS_BYTES, beyond: 0 }),
    ("max_wal_senders", Each { bytes: PROCESS_BYTES, beyond: 64 }),
    ("max_worker_processes", Each { bytes: PROCESS_BYTES, beyond: 128 }),
    ("min_dynamic_shared_memory", Itself),
    ("multixact_member_buffers", Itself),
    ("multixact_offset_buffers", Itself),
    ("notify_buffers", Itself),
    ("serializable_buffers", Itself),
    ("subtransaction_buffers", Itself),
    ("track_activity_query_size", PerConnection { bytes: 1, beyond: 16 * 1024 }),
    ("transaction_buffers", Itself),
];

pub(super) fn counts(name: &str) -> bool {
    SETTINGS.iter().any(|(counted, _)| *counted == name)
}

/// What the settings take beyond the defaults, the one that takes the most, and the sum with its names.
pub(super) fn beyond_the_defaults(
    connections: u64,
    lookup: &impl Fn(&str) -> Option<i64>,
) -> (u64, &'static str, String) {
    let given = |name: &str| lookup(name).and_then(|number| u64::try_from(number).ok());
    // A transaction that is prepared keeps its locks without a connection.
    let holders = connections.saturating_add(given("max_prepared_transactions").unwrap_or(0));
    let taken = |takes: &Takes, number: u64| match *takes {
        Itself => number,
        Each { bytes, beyond } => number.saturating_sub(beyond).saturating_mul(bytes),
        PerConnection { bytes, beyond } => {
            number.saturating_sub(beyond).saturating_mul(bytes).saturating_mul(holders)
        }
    };
    let parts: Vec<(&'static str, u64)> = SETTINGS
        .iter()
        .filter_map(|(name, takes)| Some((*name, taken(takes, given(name)?))))
        .filter(|(_, bytes)| *bytes > 0)
        .collect();
    let sum = parts.iter().fold(0, |sum: u64, (_, bytes)| sum.saturating_add(*bytes));
    let formula: Vec<String> = parts.iter().map(|(name, bytes)| format!("{name} {}", size(*bytes))).collect();
    let most = parts.iter().max_by_key(|(_, bytes)| *bytes).map_or("", |(name, _)| name);
    (sum, most, formula.join(" + "))
}

#[cfg(test)]
mod tests {
    use super::super::{Budget, Major, budget};
    use super::SETTINGS;
    use crate::postgres::parameters;
    use crate::postgres::tuning::MIB;

    #[test]
    fn rows_are_sorted_and_of_parameters() {
        assert!(SETTINGS.is_sorted_by_key(|(name, _)| *name));
        for (name, _) in SETTINGS {
            assert!(parameters::can_be_set(Major::V18, name), "{name}");
        }
    }

    /// What `shared_memory_size` of 17 grew by, in MB, when 500 connections were allowed.
    #[test]
    fn what_is_counted_is_what_the_server_reserves() {
        let of = |name: &str, number: i64| -> Budget {
            budget(Major::V17, 1 << 40, |asked| match asked {
                "max_connections" => Some(500),
                _ => (asked == name).then_some(number),
            })
        };
        let none = of("", 0).total;
        for (name, number, measured) in [
            ("min_dynamic_shared_memory", 3 << 30, 3072),
            ("transaction_buffers", 1 << 30, 1034),
            ("notify_buffers", 1 << 30, 1044),
            ("max_prepared_transactions", 100_000, 4482),
            ("max_locks_per_transaction", 10_064, 2010),
            ("max_pred_locks_per_transaction", 10_064, 1264),
            ("max_wal_senders", 10_010, 476),
            ("max_worker_processes", 10_008, 489),
            ("track_activity_query_size", 1 << 20, 529),
        ] {
            let counted = (of(name, number).total - none) / MIB;
            assert!(counted.abs_diff(measured) <= measured / 10, "{name}: {counted}, measured {measured}");
        }
        assert_eq!(of("max_prepared_transactions", 0).total, none);
        assert_eq!(of("max_locks_per_transaction", 64).total, none);
    }
}
