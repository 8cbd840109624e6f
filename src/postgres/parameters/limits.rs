//! Settings that another one limits without a word: what is above the limit has no effect. A table; to add a pair: a row.

use super::Major;
use super::value::Value;
use crate::postgres::fault::{Fault, Mistake};

/// A parameter, and one of the same unit that it should stay below.
struct Limit {
    name: &'static str,
    by: &'static str,
    /// Whether to be equal is too much already.
    below: bool,
    /// What turns either of the two off.
    off: Option<i64>,
    /// What the server does with more.
    cause: &'static str,
}

const fn at_most(name: &'static str, by: &'static str, cause: &'static str) -> Limit {
    Limit { name, by, below: false, off: None, cause }
}

/// Of two times: the one that is over first makes the other one pointless.
const fn below(name: &'static str, by: &'static str, off: i64, cause: &'static str) -> Limit {
    Limit { name, by, below: true, off: Some(off), cause }
}

const OF_THE_POOL: &str = "its workers are taken from that pool";
const SHORTER_ENDS_IT: &str = "the shorter time is over first, and this one never is";

/// Sources: the manual on each parameter; of `min_wal_size`, `XLOGfileslop` in `xlog.c`, where the larger has the last
/// word.
const LIMITS: &[Limit] = &[
    at_most(
        "autovacuum_max_workers",
        "autovacuum_worker_slots",
        "each worker needs a slot, and slots are made when the server starts",
    ),
    below("idle_in_transaction_session_timeout", "transaction_timeout", 0, SHORTER_ENDS_IT),
    at_most(
        "io_combine_limit",
        "io_max_combine_limit",
        "the server reads with the smaller of the two, and the other one is fixed at its start",
    ),
    below("lock_timeout", "statement_timeout", 0, SHORTER_ENDS_IT),
    below(
        "log_min_duration_sample",
        "log_min_duration_statement",
        -1,
        "every statement that takes longer than that is logged anyway, and no sample is drawn",
    ),
    at_most("max_logical_replication_workers", "max_worker_processes", OF_THE_POOL),
    at_most("max_parallel_apply_workers_per_subscription", "max_logical_replication_workers", OF_THE_POOL),
    at_most("max_parallel_maintenance_workers", "max_parallel_workers", OF_THE_POOL),
    at_most("max_parallel_workers", "max_worker_processes", OF_THE_POOL),
    at_most("max_parallel_workers_per_gather", "max_parallel_workers", OF_THE_POOL),
    at_most("max_sync_workers_per_subscription", "max_logical_replication_workers", OF_THE_POOL),
    at_most(
        "min_wal_size",
        "max_wal_size",
        "a checkpoint keeps no more files of the log for reuse than `max_wal_size` allows",
    ),
    below("statement_timeout", "transaction_timeout", 0, SHORTER_ENDS_IT),
];

/// What is above its limit among the settings that somebody made: the parameter, its limit, and why. `own` tells whether
/// it was made on purpose, `value` gives its value where somebody set or derived one.
pub fn limited(
    major: Major,
    own: &dyn Fn(&str) -> bool,
    value: &dyn Fn(&str) -> Option<Value>,
) -> Vec<(&'static str, &'static str, Fault)> {
    let now = |name: &str| value(name).or_else(|| super::default(major, name));
    let judged = LIMITS.iter().filter(|limit| own(limit.name));
    judged
        .filter_map(|Limit { name, by, below, off, cause }| {
            let (mine, most) = (now(name)?, now(by)?);
            let (number, limit) = (mine.number()?, most.number()?);
            if *off == Some(number) || *off == Some(limit) || number < limit || (number == limit && !below) {
                return None;
            }
            let (title, help) = if *below {
                (
                    format!("`{name}={mine}` has no effect beside `{by}={most}`"),
                    format!("write less than `{most}`, raise `{by}`, or leave `{name}` out"),
                )
            } else {
                (
                    format!("`{name}={mine}` has no effect above `{by}={most}`"),
                    format!("write at most `{most}`, or raise `{by}`"),
                )
            };
            Some((*name, *by, Fault::new(Mistake::Limited, title, *cause, help)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{LIMITS, Major, limited};
    use crate::postgres::extensions::EnabledExtensions;
    use crate::postgres::parameters::{Kind, check, find};

    #[test]
    fn rows_are_sorted_and_of_parameters_that_can_be_compared() {
        assert!(LIMITS.is_sorted_by(|left, right| (left.name, left.by) < (right.name, right.by)));
        let unit = |name: &str| match find(Major::V18, name).and_then(|row| row.in_major(Major::V18)) {
            Some(span) => match &span.kind {
                Kind::Integer { unit, .. } => *unit,
                _ => panic!("{name} is no integer"),
            },
            None => panic!("{name} is no parameter"),
        };
        for limit in LIMITS {
            assert_eq!(unit(limit.name), unit(limit.by), "{}", limit.name);
        }
    }

    #[test]
    fn what_has_no_effect_is_found_and_what_is_near_it_is_not() {
        for (settings, expected) in [
            (
                &[("min_wal_size", "4GB"), ("max_wal_size", "2GB")][..],
                &["`min_wal_size=4GB` has no effect above `max_wal_size=2GB`"][..],
            ),
            (&[("min_wal_size", "2GB"), ("max_wal_size", "2GB")], &[]),
            (&[("min_wal_size", "2GB")], &["`min_wal_size=2GB` has no effect above `max_wal_size=1GB`"]),
            (&[("max_wal_size", "64MB")], &[]),
            (
                &[("max_parallel_workers", "16")],
                &["`max_parallel_workers=16` has no effect above `max_worker_processes=8`"],
            ),
            (
                &[("max_parallel_workers_per_gather", "4"), ("max_parallel_workers", "0")],
                &["`max_parallel_workers_per_gather=4` has no effect above `max_parallel_workers=0`"],
            ),
            (&[("statement_timeout", "30s"), ("lock_timeout", "5s")], &[]),
            (
                &[("statement_timeout", "30s"), ("lock_timeout", "30000")],
                &["`lock_timeout=30s` has no effect beside `statement_timeout=30s`"],
            ),
            (&[("statement_timeout", "0"), ("lock_timeout", "30s")], &[]),
            (
                &[("log_min_duration_sample", "0"), ("log_min_duration_statement", "0")],
                &["`log_min_duration_sample=0` has no effect beside `log_min_duration_statement=0`"],
            ),
            (&[("log_min_duration_sample", "100ms"), ("log_min_duration_statement", "-1")], &[]),
            (
                &[("autovacuum_max_workers", "20"), ("autovacuum_worker_slots", "16")],
                &["`autovacuum_max_workers=20` has no effect above `autovacuum_worker_slots=16`"],
            ),
        ] {
            let set = |name: &str| settings.iter().find(|(set, _)| *set == name);
            let value = |name: &str| {
                Some(check(Major::V18, name, set(name)?.1, &EnabledExtensions::default()).unwrap().value)
            };
            let found = limited(Major::V18, &|name| set(name).is_some(), &value);
            let titles: Vec<String> = found.into_iter().map(|(_, _, fault)| fault.title).collect();
            assert_eq!(titles, expected, "{settings:?}");
        }
    }
}
