//! `pgpod preset generate`.

use crate::config::{Disk, Workload};
use crate::diagnostics::{Diagnostic, codes};
use crate::explain::Tuned;
use crate::presets::Hardware;
use crate::quantity::Quantity;
use crate::values::PresetChoice;

use super::super::TextFormat;
use super::super::failure::Failure;
use super::super::output;
use super::here;

/// Write a preset for the hardware that there is
///
/// What is not given follows from the memory. The result is a file for `--preset`, with a comment on each key. A shape whose
/// memory budget does not fit its memory is refused with the sum.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod preset generate --memory 12Gi --cpu 6 --storage 400Gi > line4.yaml")]
pub(crate) struct Args {
    /// The memory limit of the server, such as 12Gi
    #[arg(long, value_name = "SIZE", value_parser = bytes, required_unless_present = "from_here")]
    memory: Option<u64>,
    /// Its CPU limit, such as 6 or 500m
    #[arg(long, value_name = "CPUS", value_parser = millis, required_unless_present = "from_here")]
    cpu: Option<u64>,
    /// Take three quarters of this machine's memory, its processors and the kind of its disk where they are not given
    #[arg(long)]
    from_here: bool,
    /// The size of the data volume
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    storage: Option<u64>,
    /// Connections that the server allows (`max_connections`); up to five of them are kept for superusers
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(10..=10_000))]
    connections: Option<u32>,
    /// Servers, the primary included, when the release is highly available
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(2..=9))]
    replicas: Option<u32>,
    /// What the queries are like: oltp, mixed, timeseries, warehouse, edge
    #[arg(long, value_name = "KIND", value_parser = workload, default_value = "mixed")]
    workload: Workload,
    /// What the data lies on: ssd, nvme, hdd, sd
    #[arg(long, value_name = "KIND", value_parser = disk)]
    disk: Option<Disk>,
    /// Whether servers may share a node where there are too few (soft), or not (hard); without it, soft for edge
    #[arg(long, value_name = "KIND", value_parser = ["hard", "soft"])]
    spread: Option<String>,
    /// The CPUs that the scheduler keeps free; without it, half of the limit
    #[arg(long, value_name = "CPUS", value_parser = millis)]
    cpu_request: Option<u64>,
    /// The memory that the scheduler keeps free; without it, half of the limit
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    memory_request: Option<u64>,
    /// What it is for, in half a line: "a plant"
    #[arg(long = "for", value_name = "TEXT", value_parser = line)]
    use_for: Option<String>,
    /// The output's format
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let here = if args.from_here { Some(here::read()?) } else { None };
    let memory = args.memory.or(here.as_ref().map(|here| here.memory_bytes)).unwrap_or_default();
    let cpu = args.cpu.or(here.as_ref().map(|here| here.cpu_millis)).unwrap_or_default();
    let usual = Hardware::new(memory, cpu, args.workload);
    let disk = args.disk.or(here.as_ref().and_then(|here| here.disk));
    let hardware = Hardware {
        cpu_request_millis: args.cpu_request.unwrap_or(usual.cpu_request_millis),
        memory_request_bytes: args.memory_request.unwrap_or(usual.memory_request_bytes),
        storage_bytes: args.storage.unwrap_or(usual.storage_bytes),
        connections: args.connections.unwrap_or(usual.connections),
        replicas: args.replicas.unwrap_or(usual.replicas),
        disk: disk.unwrap_or(usual.disk),
        soft_spread: args.spread.as_ref().map_or(usual.soft_spread, |spread| spread == "soft"),
        ..usual
    };
    requests_fit(&hardware)?;
    let text = hardware.preset(args.use_for.as_deref());
    // The rules of a render judge it, so that what is written can be used.
    let preset = PresetChoice::File { name: "the generated preset".to_owned(), text: text.clone() };
    let tuned = super::tuned_or(preset, of_flags)?;
    match args.format {
        TextFormat::Text => output::stdout(&text),
        TextFormat::Json => output::json(&serde_json::json!({ "preset": text, "tuned": tuned })),
    }
}

/// A finding for somebody who wrote flags: the preset's lines are in no file yet, and its keys are not theirs to change.
fn of_flags(mut finding: Diagnostic, tuned: Option<&Tuned>) -> Diagnostic {
    finding.labels.clear();
    match tuned {
        Some(tuned) if finding.code == codes::MEMORY_BUDGET => {
            let fewer = format!("lower `--connections`, now {}", tuned.shape.connections);
            finding.help(match &tuned.budget.enough {
                Some(enough) => format!("raise `--memory` to {enough} or more, or {fewer}"),
                None => fewer,
            })
        }
        _ => finding,
    }
}

fn requests_fit(hardware: &Hardware) -> Result<(), Failure> {
    let beyond = |what: &str, limit: &str| {
        Err(Failure::input(
            Diagnostic::error(
                codes::REQUEST_OVER_LIMIT,
                format!("`--{what}-request` is more than `--{what}`"),
            )
            .cause("Kubernetes refuses a request above its limit")
            .help(format!("give {limit} at most")),
        ))
    };
    if hardware.cpu_request_millis > hardware.cpu_millis {
        return beyond("cpu", &crate::quantity::print_millis(hardware.cpu_millis));
    }
    if hardware.memory_request_bytes > hardware.memory_bytes {
        return beyond("memory", &crate::quantity::print_binary(hardware.memory_bytes));
    }
    Ok(())
}

fn bytes(text: &str) -> Result<u64, String> {
    amount(text, Quantity::units, "a size is written as `12Gi` or `512Mi`")
}

fn millis(text: &str) -> Result<u64, String> {
    amount(text, Quantity::millis, "CPUs are written as `2`, `0.5` or `500m`")
}

fn amount(text: &str, count: fn(Quantity) -> i128, written: &str) -> Result<u64, String> {
    let quantity = Quantity::parse(text).map_err(|why| format!("{why}; {written}"))?;
    match u64::try_from(count(quantity)) {
        Ok(amount @ 1..) => Ok(amount),
        _ => Err(format!("it has to be more than nothing; {written}")),
    }
}

fn workload(text: &str) -> Result<Workload, String> {
    let known = Workload::ALL.map(Workload::as_str).join(", ");
    Workload::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| format!("the kinds are {known}"))
}

fn disk(text: &str) -> Result<Disk, String> {
    let known = Disk::ALL.map(Disk::as_str).join(", ");
    Disk::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| format!("the kinds are {known}"))
}

fn line(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("it has to be one line of text".to_owned());
    }
    Ok(text.trim().to_owned())
}
