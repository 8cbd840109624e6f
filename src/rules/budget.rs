//! The memory budget: what the settings can take has to fit the limit.

use crate::config::Kubernetes;
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::budget::{self, Budget, Verdict, shm_bytes};
use crate::postgres::tuning::{self, Shape};
use crate::postgres::{Major, parameters};
use crate::quantity::{self, Quantity};
use crate::yaml::ValuePath;

use super::findings::{Findings, path};
use super::settings::Settings;
use super::{By, Effective, Subject};

/// What the budget comes to.
pub(super) struct Judged {
    pub(super) budget: Budget,
    /// The least memory limit that fits, as Kubernetes writes it, where this one does not.
    pub(super) enough: Option<String>,
    /// The size of `/dev/shm`.
    pub(super) shm: String,
}

/// Judges the budget, and the size of `/dev/shm`.
pub(super) fn judge(
    subject: &Subject<'_>,
    settings: Option<&Settings>,
    found: &mut Findings<'_>,
) -> Option<Judged> {
    let Settings { shape, settings } = settings?;
    let limit = shape.memory_bytes;
    let budget = budget_at(subject.major, shape, settings, limit);
    let (verdict, share) = (budget.verdict(), budget.permille());
    let mut enough = None;
    if verdict != Verdict::Fits {
        let memory = path(&["resources", "limits", "memory"]);
        let mut lines: Vec<_> = budget.lines.iter().collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.bytes));
        let sum: Vec<String> = lines.iter().map(|l| format!("{} {}", l.label, mebibytes(l.bytes))).collect();
        let title = format!(
            "the server can come to need {}.{} % of its memory limit `{}`",
            share / 10,
            share % 10,
            subject.config.resources.limits.memory.as_str()
        );
        let finding = if verdict == Verdict::Over {
            Diagnostic::error(codes::MEMORY_BUDGET, title)
        } else {
            Diagnostic::warning(codes::MEMORY_BUDGET, title)
        };
        let most: Vec<String> = lines
            .iter()
            .filter(|line| !line.lower.is_empty())
            .take(2)
            .map(|line| format!("`{}`", line.lower))
            .collect();
        let lower = format!("lower what takes the most: {}", most.join(", "));
        enough = budget::enough(limit, |limit| budget_at(subject.major, shape, settings, limit))
            .map(|bytes| format!("{}Mi", bytes >> 20));
        let help = match &enough {
            Some(enough) => format!("raise `resources.limits.memory` to {enough} or more, or {lower}"),
            None => lower,
        };
        let finding =
            finding.cause(format!("{} in all: {}", mebibytes(budget.total), sum.join(", "))).help(help);
        let mut places: Vec<(ValuePath, &str)> = vec![(memory, "this is the limit")];
        for setting in settings.iter().filter(|s| s.by == By::Values && budget::counts(&s.name)) {
            places.push((subject.parameter_at(&setting.name), "this counts"));
        }
        let connections = path(&["postgresql", "maxConnections"]);
        if found.is_given(&connections) {
            places.push((connections, "this counts"));
        }
        let places: Vec<_> = places.iter().map(|(path, label)| (path, *label)).collect();
        found.at_all(&places, finding);
    }
    if verdict != Verdict::Over {
        memory_volumes_fit(subject, &budget, found);
    }
    let derived = shm_bytes(limit);
    let Some(own) = &subject.config.postgresql.shared_memory else {
        // As the API keeps it: in another spelling, a server-side apply conflicts with a client-side one before it.
        let shm = quantity::print_binary(derived >> 20 << 20);
        return Some(Judged { budget, enough, shm });
    };
    let bytes = Quantity::parse(own.as_str()).map_or(0, |q| u64::try_from(q.units()).unwrap_or(u64::MAX));
    // What parallel queries keep there is work memory, which the budget has already.
    let work = budget.lines.iter().find(|line| line.label == "work_mem").map_or(0, |line| line.bytes);
    let rest = budget.total.saturating_sub(work);
    let help = format!(
        "leave it out to use the derived {}Mi, or raise `resources.limits.memory`",
        derived / 1024 / 1024
    );
    let counts = "what is in it counts against the limit of the server's container";
    let finding = if bytes > limit {
        let title = format!("`/dev/shm` of `{}` does not fit the memory limit", own.as_str());
        Some(Diagnostic::error(codes::SHARED_MEMORY, title).cause(counts))
    } else if rest.saturating_add(bytes) > limit && verdict != Verdict::Over {
        let title = format!("`/dev/shm` of `{}` does not fit beside the rest of the server", own.as_str());
        let cause = format!("{counts}, and the rest can take {} of it", mebibytes(rest));
        Some(Diagnostic::warning(codes::SHARED_MEMORY, title).cause(cause))
    } else {
        None
    };
    if let Some(finding) = finding {
        found.at(&path(&["postgresql", "sharedMemory"]), "", finding.help(help));
    }
    Some(Judged { budget, enough, shm: own.as_str().to_owned() })
}

/// What the server keeps in volumes of memory counts against its limit, as `/dev/shm` does.
fn memory_volumes_fit(subject: &Subject<'_>, budget: &Budget, found: &mut Findings<'_>) {
    let config = subject.config;
    let text = |value: &Kubernetes, key: &str| value.0.pointer(key)?.as_str().map(str::to_owned);
    let mounted: Vec<String> =
        config.extra_volume_mounts.iter().filter_map(|mount| text(mount, "/name")).collect();
    for (index, volume) in config.extra_volumes.iter().enumerate() {
        let (Some(name), Some(size)) = (text(volume, "/name"), text(volume, "/emptyDir/sizeLimit")) else {
            continue;
        };
        let in_memory = text(volume, "/emptyDir/medium").as_deref() == Some("Memory");
        let bytes = Quantity::parse(&size).map_or(0, |q| u64::try_from(q.units()).unwrap_or(u64::MAX));
        if !in_memory || !mounted.contains(&name) || budget.total.saturating_add(bytes) <= budget.limit {
            continue;
        }
        let title = format!("the volume `{name}` of `{size}` does not fit beside the server in its memory");
        found.at_all(
            &[
                (
                    &path(&["extraVolumes"]).item(index).child("emptyDir").child("sizeLimit"),
                    "this counts",
                ),
                (&path(&["resources", "limits", "memory"]), "this is the limit"),
            ],
            Diagnostic::warning(codes::MEMORY_BUDGET, title)
                .cause(format!(
                    "what is in it counts against the limit of the server's container, and the server can take {} of it",
                    mebibytes(budget.total)
                ))
                .help("lower `sizeLimit`, raise `resources.limits.memory`, or leave `medium` out to use the node's disk"),
        );
    }
}

/// The budget under a limit: what was derived is derived for it anew, what somebody set stays.
fn budget_at(major: Major, shape: &Shape, settings: &[Effective], limit: u64) -> Budget {
    let shape = Shape { memory_bytes: limit, ..shape.clone() };
    budget::budget(major, limit, |name| {
        let setting = settings.iter().find(|setting| setting.name == name)?;
        amount(&match setting.by {
            By::Derived(_) => parameters::read(major, name, &tuning::derive_one(&shape, name)?)?,
            By::Pod | By::Values => setting.read(major)?,
        })
    })
}

/// A setting in the units of the budget: bytes, a count, thousandths of a factor.
fn amount(value: &parameters::Value) -> Option<i64> {
    if let parameters::Value::Real { number, .. } = value {
        return thousandths(&number.to_string());
    }
    value.bytes().and_then(|bytes| i64::try_from(bytes).ok()).or_else(|| value.number())
}

/// A decimal number in thousandths.
fn thousandths(decimal: &str) -> Option<i64> {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(fraction.parse::<i64>().ok()?)
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1024 * 1024))
}
