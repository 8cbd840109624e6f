//! The memory budget: what a server can come to need, as a sum that has to fit the container's limit.
//!
//! The sum is a bound for ordinary days, not for the worst one: a quarter of the connections works at a time, each
//! with one sort or hash. It is made of the settings that are in effect, derived or set by hand.

mod shared;

use super::Major;
use super::tuning::{BACKEND_BYTES, MIB, OTHER_BYTES, hash_mem_multiplier_thousandths, size};

/// The settings that the budget asks for, in the units of [`budget`]'s `lookup`, beside those of shared memory.
const SETTINGS: [&str; 8] = [
    "autovacuum_max_workers",
    "autovacuum_work_mem",
    "hash_mem_multiplier",
    "maintenance_work_mem",
    "max_connections",
    "shared_buffers",
    "wal_buffers",
    "work_mem",
];

/// Whether the budget counts a setting.
pub fn counts(name: &str) -> bool {
    SETTINGS.contains(&name) || shared::counts(name)
}

/// Above this share of the limit, in percent, the budget is tight.
pub const TIGHT_PERCENT: u64 = 92;

/// A summand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub label: &'static str,
    /// What to lower so that it becomes less; empty where nothing can be.
    pub lower: &'static str,
    pub bytes: u64,
    /// The formula with the numbers in it; empty where the label says it all.
    pub formula: String,
}

/// The sum and the limit that it has to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    pub lines: Vec<Line>,
    pub total: u64,
    /// The memory limit of the server's container, in bytes.
    pub limit: u64,
}

/// Whether a budget fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Fits,
    /// More than [`TIGHT_PERCENT`] of the limit.
    Tight,
    /// More than the limit.
    Over,
}

impl Budget {
    /// The total as a share of the limit, in tenths of a percent, rounded up, so that 92.04 % never reads as 92.0 %.
    pub fn permille(&self) -> u64 {
        let limit = u128::from(self.limit.max(1));
        u64::try_from((u128::from(self.total) * 1000).div_ceil(limit)).unwrap_or(u64::MAX)
    }

    pub fn verdict(&self) -> Verdict {
        if self.total > self.limit {
            Verdict::Over
        } else if u128::from(self.total) * 100 > u128::from(self.limit) * u128::from(TIGHT_PERCENT) {
            Verdict::Tight
        } else {
            Verdict::Fits
        }
    }
}

/// The least limit in bytes, of whole MiB, from which on a budget fits. `at` gives the budget of a limit: settings that are
/// derived from the limit grow with it, so that this is no matter of a division. None where no machine is large enough.
pub fn enough(limit: u64, at: impl Fn(u64) -> Budget) -> Option<u64> {
    /// Derived settings grow in steps, and a sum may be tight again a little later: at most so many MiB.
    const STEPS: u64 = 512;
    const MOST: u64 = 1 << 34;
    let fits = |mebibytes: u64| at(mebibytes * MIB).verdict() == Verdict::Fits;
    let mut tight = limit / MIB;
    let mut enough = tight.max(1) * 2;
    while !fits(enough) {
        (tight, enough) = (enough, enough * 2);
        if enough > MOST {
            return None;
        }
    }
    while enough - tight > 1 {
        let middle = tight.midpoint(enough);
        if fits(middle) { enough = middle } else { tight = middle }
    }
    let last = (enough..enough + STEPS).rev().find(|mebibytes| !fits(*mebibytes));
    Some(last.map_or(enough, |last| last + 1) * MIB)
}

/// Adds up what the settings in effect can take.
///
/// `lookup` gives a setting that [`counts`]: memory in bytes, counts as they are, `hash_mem_multiplier` in
/// thousandths, `-1` where PostgreSQL takes that for "as another setting"; `None` where nothing sets it, which
/// means PostgreSQL's own default.
pub fn budget(major: Major, limit: u64, lookup: impl Fn(&str) -> Option<i64>) -> Budget {
    let used = Used::of(major, &lookup);
    let (shared, most, formula) = shared::beyond_the_defaults(used.connections, &lookup);
    let active = used.connections.div_ceil(4);
    // An active connection's memory in thousandths of a byte is exact for any multiplier.
    let sorts = (u128::from(active) * u128::from(used.work_mem))
        .saturating_mul(used.hash_mem_multiplier.into())
        / 1000;
    let mut lines = vec![
        line("shared_buffers", used.shared_buffers.into(), String::new()),
        line("wal_buffers", used.wal_buffers.into(), String::new()),
        line(
            "connections",
            u128::from(used.connections) * u128::from(BACKEND_BYTES),
            format!("{} x {}", used.connections, size(BACKEND_BYTES)),
        ),
        line(
            "work_mem",
            sorts,
            format!("{active} active x {} x {}", size(used.work_mem), decimal(used.hash_mem_multiplier)),
        ),
        line(
            "autovacuum",
            u128::from(used.autovacuum_workers) * u128::from(used.autovacuum_work_mem),
            format!("{} workers x {}", used.autovacuum_workers, size(used.autovacuum_work_mem)),
        ),
        line("maintenance_work_mem", used.maintenance_work_mem.into(), String::new()),
        Line { lower: "", ..line("the rest of the server", OTHER_BYTES.into(), String::new()) },
    ];
    // Where nothing is asked for beyond the defaults, it is in what the rest of the server takes.
    if shared > 0 {
        lines.insert(2, Line { lower: most, ..line("other shared memory", shared.into(), formula) });
    }
    let total = lines.iter().fold(0, |sum: u64, line| sum.saturating_add(line.bytes));
    Budget { lines, total, limit }
}

/// How large `/dev/shm` may grow, in bytes: parallel queries and parallel VACUUM exchange their data there.
///
/// A quarter of the memory limit, against which it counts. Not a sum of settings: those that it would be made of
/// take effect by a reload, and another size of a volume is another pod.
pub fn shm_bytes(limit: u64) -> u64 {
    (limit / 4).div_ceil(MIB) * MIB
}

/// The settings in effect, with PostgreSQL's defaults filled in.
struct Used {
    shared_buffers: u64,
    wal_buffers: u64,
    connections: u64,
    work_mem: u64,
    /// In thousandths.
    hash_mem_multiplier: u64,
    autovacuum_workers: u64,
    autovacuum_work_mem: u64,
    maintenance_work_mem: u64,
}

impl Used {
    fn of(major: Major, lookup: &impl Fn(&str) -> Option<i64>) -> Self {
        // A negative number is PostgreSQL's "as another setting".
        let given = |name| lookup(name).and_then(|number| u64::try_from(number).ok());
        let shared_buffers = given("shared_buffers").unwrap_or(128 * MIB);
        let maintenance_work_mem = given("maintenance_work_mem").unwrap_or(64 * MIB);
        Self {
            shared_buffers,
            wal_buffers: given("wal_buffers").unwrap_or((shared_buffers / 32).clamp(64 * 1024, 16 * MIB)),
            connections: given("max_connections").unwrap_or(100),
            work_mem: given("work_mem").unwrap_or(4 * MIB),
            hash_mem_multiplier: given("hash_mem_multiplier")
                .unwrap_or_else(|| hash_mem_multiplier_thousandths(major)),
            autovacuum_workers: given("autovacuum_max_workers").unwrap_or(3),
            autovacuum_work_mem: given("autovacuum_work_mem").unwrap_or(maintenance_work_mem),
            maintenance_work_mem,
        }
    }
}

fn line(label: &'static str, bytes: u128, formula: String) -> Line {
    Line { label, lower: label, bytes: u64::try_from(bytes).unwrap_or(u64::MAX), formula }
}

/// Thousandths as a decimal number without trailing zeros.
fn decimal(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &'static [(&'static str, i64)]) -> impl Fn(&str) -> Option<i64> {
        move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, number)| *number)
    }

    const MB: i64 = 1024 * 1024;
    const EDGE: &[(&str, i64)] = &[
        ("shared_buffers", 256 * MB),
        ("wal_buffers", 7 * MB),
        ("max_connections", 100),
        ("work_mem", MB),
        ("autovacuum_max_workers", 3),
        ("autovacuum_work_mem", 20 * MB),
        ("maintenance_work_mem", 61 * MB),
    ];

    #[test]
    fn the_budget_is_the_sum_of_its_lines_with_the_numbers_in_each_formula() {
        let budget = budget(Major::V17, 1024 * MIB, settings(EDGE));
        let shown: Vec<_> = budget
            .lines
            .iter()
            .map(|line| format!("{}: {} ({})", line.label, size(line.bytes), line.formula))
            .collect();
        assert_eq!(
            shown,
            [
                "shared_buffers: 256MB ()",
                "wal_buffers: 7MB ()",
                "connections: 400MB (100 x 4MB)",
                "work_mem: 50MB (25 active x 1MB x 2)",
                "autovacuum: 60MB (3 workers x 20MB)",
                "maintenance_work_mem: 61MB ()",
                "the rest of the server: 64MB ()",
            ]
        );
        assert_eq!(size(budget.total), "898MB");
        assert_eq!(budget.permille(), 877);
        assert_eq!(budget.verdict(), Verdict::Fits);
    }

    #[test]
    fn the_verdict_turns_right_above_92_and_right_above_100_percent() {
        let verdict = |total| Budget { lines: Vec::new(), total, limit: 10_000 }.verdict();
        assert_eq!(verdict(9_200), Verdict::Fits);
        assert_eq!(verdict(9_201), Verdict::Tight);
        assert_eq!(verdict(10_000), Verdict::Tight);
        assert_eq!(verdict(10_001), Verdict::Over);
    }

    #[test]
    fn what_nothing_sets_counts_with_the_default_of_the_major() {
        let of = |major, pairs| budget(major, 1024 * MIB, settings(pairs)).total / MIB;
        // 128 + 4 + 100 x 4 + 25 x 4 x (1 or 2) + 3 x 64 + 64 + 64
        assert_eq!(of(Major::V14, &[]), 952);
        assert_eq!(of(Major::V15, &[]), 1052);
        assert_eq!(of(Major::V17, &[("hash_mem_multiplier", 1500)]), 1002);
        assert_eq!(of(Major::V14, &[("autovacuum_work_mem", -1), ("wal_buffers", -1)]), 952);
    }

    #[test]
    fn a_budget_of_absurd_settings_is_over_instead_of_wrong() {
        let budget =
            budget(Major::V17, MIB, settings(&[("work_mem", i64::MAX), ("max_connections", i64::MAX)]));
        assert_eq!(budget.total, u64::MAX);
        assert_eq!(budget.verdict(), Verdict::Over);
    }

    #[test]
    fn shm_is_a_quarter_of_the_limit_in_whole_mebibytes() {
        assert_eq!(shm_bytes(1024 * MIB), 256 * MIB);
        assert_eq!(shm_bytes(1000 * 1000 * 1000), 239 * MIB);
    }
}
