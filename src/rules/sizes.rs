//! Amounts that were meant to be others, and volumes that the write-ahead log alone can fill.

use crate::config::{Config, StorageSize};
use crate::diagnostics::{Diagnostic, codes};
use crate::quantity::Quantity;
use crate::yaml::ValuePath;

use super::findings::{Findings, path};
use super::{By, Effective, Subject};

const MIB: u64 = 1024 * 1024;
/// No machine has as many CPUs.
const MOST_CPUS: i128 = 1024;

fn bytes(size: &StorageSize) -> u64 {
    Quantity::parse(size.as_str()).map_or(0, |q| u64::try_from(q.units()).unwrap_or(u64::MAX))
}

/// Every amount of bytes, by its key.
fn amounts(config: &Config) -> Vec<(&'static [&'static str], &StorageSize)> {
    let exporter = &config.monitoring.exporter;
    let mut amounts: Vec<(&'static [&'static str], &StorageSize)> = vec![
        (&["resources", "requests", "memory"], &config.resources.requests.memory),
        (&["resources", "limits", "memory"], &config.resources.limits.memory),
    ];
    amounts
        .extend(config.postgresql.shared_memory.iter().map(|shm| (&["postgresql", "sharedMemory"][..], shm)));
    if config.persistence.enabled {
        amounts.push((&["persistence", "size"], &config.persistence.size));
        if config.persistence.wal.enabled {
            amounts.push((&["persistence", "wal", "size"], &config.persistence.wal.size));
        }
    }
    if exporter.enabled {
        amounts.push((
            &["monitoring", "exporter", "resources", "requests", "memory"],
            &exporter.resources.requests.memory,
        ));
        amounts.push((
            &["monitoring", "exporter", "resources", "limits", "memory"],
            &exporter.resources.limits.memory,
        ));
    }
    amounts
}

/// `512` is 512 bytes and `50m` twenty to the byte: Kubernetes takes both.
pub(super) fn amounts_have_their_unit(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for (key, size) in amounts(subject.config) {
        if bytes(size) < MIB {
            let at = path(key);
            let number = size.as_str().trim_end_matches(|c: char| !c.is_ascii_digit());
            found.at(
                &at,
                "",
                Diagnostic::error(
                    codes::AMOUNT_UNIT,
                    format!("`{at}` is `{}`, which is not even a mebibyte", size.as_str()),
                )
                .cause("a number without a unit counts bytes, and `m` stands for thousandths")
                .help(format!("write the unit: `{number}Mi` or `{number}Gi`")),
            );
        }
    }
}

/// The log is sent in pages; less than one counts as nothing.
const LOG_PAGE: u64 = 8192;

/// `100` would leave a standby out for a hundred bytes.
pub(super) fn lag_has_its_unit(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let ha = &subject.config.high_availability;
    let Some(lag) = ha.max_lag.as_ref().filter(|_| subject.config.is_ha() && ha.read_service.enabled) else {
        return;
    };
    if bytes(lag) < LOG_PAGE {
        let at = path(&["highAvailability", "maxLag"]);
        let number = lag.as_str().trim_end_matches(|c: char| !c.is_ascii_digit());
        let title = format!("`{at}` is `{}`, which is not even a page of the log", lag.as_str());
        found.at(
            &at,
            "",
            Diagnostic::error(codes::AMOUNT_UNIT, title)
                .cause(
                    "a number without a unit counts bytes: with every commit, the Service for reading would leave out \
                     standbys",
                )
                .help(format!("write the unit: `{number}Mi`")),
        );
    }
}

pub(super) fn cpus_are_not_thousands(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let resources = &subject.config.resources;
    let exporter = &subject.config.monitoring.exporter.resources;
    for (base, requirements) in
        [(path(&["resources"]), resources), (path(&["monitoring", "exporter", "resources"]), exporter)]
    {
        for (which, amounts) in [("requests", &requirements.requests), ("limits", &requirements.limits)] {
            let cpu = amounts.cpu.as_str();
            if Quantity::parse(cpu).is_ok_and(|quantity| quantity.millis() > MOST_CPUS * 1000) {
                let at = base.child(which).child("cpu");
                let finding = Diagnostic::error(
                    codes::AMOUNT_UNIT,
                    format!("`{at}` is `{cpu}`: no node has that many CPUs"),
                );
                let finding = finding.cause("a number without `m` counts whole CPUs");
                found.at(&at, "", finding.help("write `m` for thousandths of a CPU: `2000m` are 2"));
            }
        }
    }
}

/// What can lie in `pg_wal` at the same time, by its setting.
const LOG: [&str; 3] = ["max_wal_size", "wal_keep_size", "max_slot_wal_keep_size"];

/// The log has to fit its volume: a server that cannot write it stops.
pub(super) fn log_fits_its_volume(subject: &Subject<'_>, settings: &[Effective], found: &mut Findings<'_>) {
    let persistence = &subject.config.persistence;
    let wal = &persistence.wal;
    let own_volume = wal.enabled && !wal.retire;
    let (size_at, size) = if own_volume {
        (path(&["persistence", "wal", "size"]), &wal.size)
    } else {
        (path(&["persistence", "size"]), &persistence.size)
    };
    // Of a claim that is made elsewhere, only the values can say how large it is.
    let unknown = !own_volume && persistence.existing_claim.is_some() && !found.is_given(&size_at);
    // One that lacks its unit is told as that.
    if !persistence.enabled || unknown || bytes(size) < MIB {
        return;
    }
    let of = |name: &str| settings.iter().find(|setting| setting.name == name);
    let amount = |name: &str| of(name)?.read(subject.major)?.bytes();
    let parts: Vec<(&str, u64)> = LOG.into_iter().filter_map(|name| Some((name, amount(name)?))).collect();
    let sum = parts.iter().fold(0, |sum: u64, (_, bytes)| sum.saturating_add(*bytes));
    let volume = bytes(size);
    let given: Vec<ValuePath> = LOG
        .into_iter()
        .filter(|name| of(name).is_some_and(|setting| setting.by == By::Values))
        .map(|name| subject.parameter_at(name))
        .collect();
    // The tables want the rest of a data volume.
    let most = if own_volume { volume / 10 * 9 } else { volume / 10 * 6 };
    if sum <= most || (given.is_empty() && !found.is_given(&size_at)) {
        return;
    }
    let what = if own_volume { "its volume" } else { "the data volume" };
    let list: Vec<String> =
        parts.iter().filter(|(_, b)| *b > 0).map(|(name, b)| format!("`{name}` {}", shown(*b))).collect();
    let list = list.join(", ");
    let title = format!("the write-ahead log can take {} of {what} of `{}`", shown(sum), size.as_str());
    let finding = if sum > volume {
        Diagnostic::error(codes::LOG_VOLUME, title)
    } else {
        Diagnostic::warning(codes::LOG_VOLUME, title)
    };
    let cause = format!("{list}; a server that has no room for its log stops");
    let help = if given.is_empty() {
        format!("raise `{size_at}`")
    } else {
        format!("raise `{size_at}`, or leave the settings out: they follow the volume")
    };
    let mut places: Vec<(&ValuePath, &str)> = given.iter().map(|at| (at, "this counts")).collect();
    places.push((&size_at, "the volume"));
    found.at_all(&places, finding.cause(cause).help(help));
}

fn shown(bytes: u64) -> String {
    match bytes / MIB {
        whole if whole >= 10 * 1024 => format!("{} GiB", whole.div_ceil(1024)),
        whole => format!("{whole} MiB"),
    }
}
