//! `pgpod preset`.

mod generate;
mod here;

use crate::diagnostics::{Diagnostic, Diagnostics, Sources};
use crate::explain::Tuned;
use crate::pipeline;
use crate::release::Release;
use crate::values::{PRESETS, PresetChoice};

use super::TextFormat;
use super::failure::{Failure, tell};
use super::{files, output};

/// List the presets, show what one leads to, write one for other hardware
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod preset generate --memory 12Gi --cpu 6 --connections 300 > line4.yaml")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    List(List),
    Show(Show),
    Generate(generate::Args),
}

/// List the built-in presets, from the smallest to the largest
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod preset list")]
struct List {
    /// The output's format
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

/// Show a preset: its shape, each derived parameter with formula and reason, the memory budget
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod preset show small")]
struct Show {
    /// The preset: edge, small, medium, large, xlarge, or a file
    #[arg(value_name = "NAME|FILE")]
    preset: String,
    /// The output's format
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.action {
        Action::List(args) => list(args.format),
        Action::Show(args) => {
            let tuned = tuned(files::preset(&args.preset)?)?;
            match args.format {
                TextFormat::Text => output::stdout(&tuned.text_with_reasons()),
                TextFormat::Json => output::json(&tuned),
            }
        }
        Action::Generate(args) => generate::run(args),
    }
}

/// What a preset leads to above the defaults. Warnings are told, errors end it.
fn tuned(preset: PresetChoice) -> Result<Tuned, Failure> {
    tuned_or(preset, |finding, _| finding)
}

/// The same, its findings in other words: `say` has the result too, where there is one.
fn tuned_or(
    preset: PresetChoice,
    say: impl Fn(Diagnostic, Option<&Tuned>) -> Diagnostic,
) -> Result<Tuned, Failure> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let no_file = |_: &str| Err(String::new());
    // The release's name decides nothing of what is shown.
    let release = Release::new("release", "default", false).map_err(Failure::input)?;
    let loaded = pipeline::load(Some(preset), Vec::new(), &no_file, &mut sources, &mut found);
    let good = !found.has_errors();
    let tuned =
        loaded.filter(|_| good).and_then(|loaded| Tuned::new(&loaded, &release, &sources, &mut found));
    let mut said = Diagnostics::new();
    said.extend(found.into_sorted().into_iter().map(|finding| say(finding, tuned.as_ref())));
    let found = said;
    match tuned {
        Some(tuned) if !found.has_errors() => {
            tell(&found, &sources);
            Ok(tuned)
        }
        _ => Err(Failure::Input { found, sources }),
    }
}

/// A row of the list.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: &'static str,
    /// What it is for.
    description: &'static str,
    cpu: String,
    memory: String,
    storage: String,
    connections: u32,
    replicas: u32,
    workload: &'static str,
    disk: &'static str,
}

fn list(format: TextFormat) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for preset in &PRESETS {
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let no_file = |_: &str| Err(String::new());
        let choice = PresetChoice::BuiltIn(preset.name.to_owned());
        let Some(loaded) = pipeline::load(Some(choice), Vec::new(), &no_file, &mut sources, &mut found)
        else {
            return Err(Failure::Input { found, sources });
        };
        let config = &loaded.config;
        rows.push(Row {
            name: preset.name,
            description: preset.description(),
            cpu: config.resources.limits.cpu.as_str().to_owned(),
            memory: config.resources.limits.memory.as_str().to_owned(),
            storage: config.persistence.size.as_str().to_owned(),
            connections: config.postgresql.max_connections,
            replicas: config.high_availability.replicas,
            workload: config.postgresql.workload.as_str(),
            disk: config.persistence.disk.as_str(),
        });
    }
    if format == TextFormat::Json {
        return output::json(&rows);
    }
    let head = format!(
        "{:<8}{:>5}{:>8}{:>9}{:>13}{:>9}  use\n",
        "preset", "CPU", "memory", "storage", "connections", "servers"
    );
    let line = |row: &Row| {
        let Row { name, cpu, memory, storage, connections, replicas, description, .. } = row;
        format!("{name:<8}{cpu:>5}{memory:>8}{storage:>9}{connections:>13}{replicas:>9}  {description}\n")
    };
    output::stdout(&(head + &rows.iter().map(line).collect::<String>()))
}
