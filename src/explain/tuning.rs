//! The derived parameters of a release with their formulas, and its memory budget as a sum.

use serde::Serialize;

use crate::diagnostics::{Diagnostics, Sources};
use crate::pipeline::Loaded;
use crate::postgres::budget::Verdict;
use crate::postgres::tuning::{self, size};
use crate::quantity::print_millis;
use crate::release::Release;
use crate::rules::{self, By, Facts};
use crate::yaml::ValuePath;

const MIB: u64 = 1024 * 1024;

/// The derived parameters of a release and its memory budget.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tuned {
    /// The preset's name, or its file.
    pub preset: String,
    /// PostgreSQL's major version.
    pub version: u16,
    pub shape: Numbers,
    /// Sorted by name.
    pub parameters: Vec<TunedParameter>,
    pub budget: Budget,
}

/// What parameters are derived from.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    pub memory_bytes: u64,
    /// Thousandths of a CPU.
    pub cpu_millis: u64,
    pub storage_bytes: u64,
    /// The volume of its own that the write-ahead log has.
    pub wal_bytes: Option<u64>,
    pub connections: u32,
    /// Servers, the primary included.
    pub replicas: u32,
    pub workload: &'static str,
    pub disk: &'static str,
    pub timescaledb: bool,
}

/// A derived parameter, and what is in effect.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TunedParameter {
    pub name: &'static str,
    /// What `postgresql.conf` sets.
    pub value: String,
    /// Who set that.
    pub set_by: SetBy,
    /// Where, if the values did.
    pub place: Option<String>,
    /// The derived value, which is in effect unless somebody set another.
    pub derived: String,
    /// The formula with this shape's numbers in it.
    pub formula: String,
    /// Why it is derived at all.
    pub reason: &'static str,
    /// Whether a change takes effect with a restart only.
    pub restart: bool,
}

/// Who set a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SetBy {
    /// Nobody: it follows from the shape.
    Derived,
    /// pgpod, since the pod depends on it.
    Pgpod,
    /// `postgresql.config`, or a key of its own such as `postgresql.maxConnections`.
    Values,
    /// Nobody: it is built into the server.
    Default,
}

/// What the parameters in effect can come to take.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    pub limit_bytes: u64,
    pub total_bytes: u64,
    /// The total as a share of the limit, in tenths of a percent, rounded up.
    pub permille: u64,
    pub verdict: &'static str,
    /// The least limit that it fits, as Kubernetes writes it, where it doesn't fit this one.
    #[serde(skip)]
    pub enough: Option<String>,
    pub summands: Vec<Summand>,
}

/// A summand of the budget.
#[derive(Debug, Clone, Serialize)]
pub struct Summand {
    pub label: &'static str,
    pub bytes: u64,
    /// The formula with the numbers in it; empty where the label says it all.
    pub formula: String,
}

impl Tuned {
    /// Judges the values and shows what they lead to. There is a result where the parameters themselves are good, even
    /// if something else is wrong: a budget that does not fit is what somebody wants to see.
    pub fn new(
        loaded: &Loaded,
        release: &Release,
        sources: &Sources,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let facts = rules::judge(&loaded.config, &loaded.merged, release, sources, found)?;
        let shape = &facts.shape;
        Some(Self {
            preset: loaded.merged.preset.clone(),
            version: facts.major.number(),
            shape: Numbers {
                memory_bytes: shape.memory_bytes,
                cpu_millis: shape.cpu_millis,
                storage_bytes: shape.storage_bytes,
                wal_bytes: shape.wal_bytes,
                connections: shape.connections,
                replicas: loaded.config.high_availability.replicas,
                workload: loaded.config.postgresql.workload.as_str(),
                disk: loaded.config.persistence.disk.as_str(),
                timescaledb: shape.timescaledb,
            },
            parameters: parameters(loaded, &facts, sources),
            budget: budget(&facts),
        })
    }
}

fn parameters(loaded: &Loaded, facts: &Facts, sources: &Sources) -> Vec<TunedParameter> {
    let row = |derived: tuning::Derived| {
        let effective = facts.settings.iter().find(|setting| setting.name == derived.name)?;
        let (set_by, place) = match effective.by {
            By::Derived(_) => (SetBy::Derived, None),
            By::Pod => (SetBy::Pgpod, None),
            By::Values => {
                let key = config_key(loaded, facts, derived.name)?;
                (SetBy::Values, loaded.merged.locate(&key).map(|place| sources.describe(place)))
            }
        };
        Some(TunedParameter {
            name: derived.name,
            value: effective.value.clone(),
            set_by,
            place,
            derived: derived.value,
            formula: derived.formula,
            reason: derived.reason,
            restart: effective.restart,
        })
    };
    tuning::derive(&facts.shape).into_iter().filter_map(row).collect()
}

/// The key of `postgresql.config` that sets a parameter, in whatever case and by whatever name it is written.
pub(super) fn config_key(loaded: &Loaded, facts: &Facts, name: &str) -> Option<ValuePath> {
    rules::config_key(&loaded.config, facts.major, name)
}

fn budget(facts: &Facts) -> Budget {
    let budget = &facts.budget;
    let summand = |line: &crate::postgres::budget::Line| Summand {
        label: line.label,
        bytes: line.bytes,
        formula: line.formula.clone(),
    };
    Budget {
        limit_bytes: budget.limit,
        total_bytes: budget.total,
        permille: budget.permille(),
        verdict: match budget.verdict() {
            Verdict::Fits => "fits",
            Verdict::Tight => "tight",
            Verdict::Over => "over",
        },
        enough: facts.enough_memory.clone(),
        summands: budget.lines.iter().map(summand).collect(),
    }
}

impl Tuned {
    /// The shape, the parameters in a table, the budget.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}", self.shape_text(), self.table(), self.budget.text())
    }

    /// The same with the reason of each parameter below it.
    pub fn text_with_reasons(&self) -> String {
        let parameters: String = self
            .parameters
            .iter()
            .map(|p| format!("{} = {}\n    {}\n    {}\n", p.name, p.value, p.source(), p.reason))
            .collect();
        format!("{}\n{parameters}\n{}", self.shape_text(), self.budget.text())
    }

    fn shape_text(&self) -> String {
        let shape = &self.shape;
        let wal = shape.wal_bytes.map_or_else(|| "on the data volume".to_owned(), size);
        let rows = [
            ("memory limit", size(shape.memory_bytes)),
            ("CPU limit", print_millis(shape.cpu_millis)),
            ("data volume", format!("{} ({})", size(shape.storage_bytes), shape.disk)),
            ("write-ahead log", wal),
            ("connections", shape.connections.to_string()),
            ("servers in ha", shape.replicas.to_string()),
            ("workload", shape.workload.to_owned()),
        ];
        let rows: String = rows.iter().map(|(name, value)| format!("  {name:<16} {value}\n")).collect();
        format!("preset {}, PostgreSQL {}\n{rows}", self.preset, self.version)
    }

    fn table(&self) -> String {
        let names = self.parameters.iter().map(|p| p.name.len()).max().unwrap_or_default();
        let values = self.parameters.iter().map(|p| p.value.len()).max().unwrap_or_default().max(5);
        let mut table = format!("{:names$}  {:values$}  from\n", "parameter", "value");
        for parameter in &self.parameters {
            let TunedParameter { name, value, .. } = parameter;
            table.push_str(&format!("{name:names$}  {value:values$}  {}\n", parameter.source()));
        }
        table
    }
}

impl TunedParameter {
    /// The formula, or who set another value.
    fn source(&self) -> String {
        let Self { derived, formula, .. } = self;
        match (self.set_by, &self.place) {
            (SetBy::Values, Some(place)) => format!("set at {place}; derived: {derived} = {formula}"),
            (SetBy::Pgpod, _) => format!("set by pgpod; derived: {derived} = {formula}"),
            _ => formula.clone(),
        }
    }
}

/// How many characters the whole limit has in a bar.
const BAR: u64 = 50;

impl Budget {
    fn text(&self) -> String {
        let share = |bytes: u64| per_mille(bytes, self.limit_bytes);
        let mut text = format!("{:<22}  {:>9}  {:>7}\n", "memory", "MiB", "share");
        for Summand { label, bytes, formula } in &self.summands {
            let line =
                format!("{label:<22}  {:>9}  {}  {formula}", bytes.div_ceil(MIB), percent(share(*bytes)));
            text.push_str(line.trim_end());
            text.push('\n');
        }
        let verdict = match self.verdict {
            "fits" => "it fits",
            "tight" => "it is tight",
            _ => "it does not fit",
        };
        text.push_str(&format!(
            "{:<22}  {:>9}  {}  of {} MiB: {verdict}\n[{}]\n",
            "in all",
            self.total_bytes.div_ceil(MIB),
            percent(self.permille),
            self.limit_bytes / MIB,
            self.bar()
        ));
        text
    }

    /// A character for each fiftieth of the limit; beyond the limit, as many again at most.
    fn bar(&self) -> String {
        let filled = (self.permille * BAR).div_ceil(1000).min(2 * BAR);
        let within = usize::try_from(filled.min(BAR)).unwrap_or_default();
        let beyond = usize::try_from(filled.saturating_sub(BAR)).unwrap_or_default();
        let width = usize::try_from(BAR).unwrap_or_default();
        let rest = width.saturating_sub(within);
        let beyond = if beyond > 0 { format!("|{}", "!".repeat(beyond)) } else { String::new() };
        format!("{}{}{beyond}", "#".repeat(within), ".".repeat(rest))
    }
}

/// A part of a whole in tenths of a percent, to the nearest.
fn per_mille(part: u64, whole: u64) -> u64 {
    let whole = u128::from(whole.max(1));
    u64::try_from((u128::from(part) * 1000 + whole / 2) / whole).unwrap_or(u64::MAX)
}

fn percent(permille: u64) -> String {
    format!("{:>5}.{} %", permille / 10, permille % 10)
}
