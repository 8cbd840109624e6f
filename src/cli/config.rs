//! `pgpod config`.

use crate::diagnostics::{Diagnostic, codes};

use super::TextFormat;
use super::failure::Failure;
use super::input::{Layers, ReleaseArgs};
use super::output;
use super::render::TemplateArgs;

/// Print one generated file: postgresql.conf, pg_hba.conf, init.sql, …
///
/// The file is what the pod gets; `init.sql` comes with the files that it includes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod config postgresql.conf prod -f prod.yaml")]
pub(crate) struct Args {
    /// The file: postgresql.conf, pg_hba.conf, pg_ident.conf, passwd, init.sql, start, keeper, probe, or the name
    /// that a script has in postgresql.initScripts
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    release: ReleaseArgs,
    #[command(flatten)]
    layers: Layers,
    #[command(flatten)]
    templates: TemplateArgs,
    /// The output's format
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let release = args.release.release(false)?;
    let templates = args.templates.read()?;
    let made = super::render::make(&args.layers, &release, &templates)?;
    let files = made.config_files();
    // A script is known by its name in the values; the pod has it under one that no other file can have.
    let script = made.plan.sql.scripts.iter().find(|script| script.name == args.file);
    if let Some(text) = files.get(&args.file).or_else(|| files.get(&script?.file)) {
        return match args.format {
            TextFormat::Text => output::stdout(text),
            TextFormat::Json => output::json(&serde_json::json!({ "file": args.file, "text": text })),
        };
    }
    let scripts = made.plan.sql.scripts.iter().map(|script| &script.name);
    let known: Vec<String> = files.keys().chain(scripts).map(|name| format!("`{name}`")).collect();
    Err(Failure::input(
        Diagnostic::error(
            codes::UNKNOWN_FILE,
            format!("`{}` is no file that pgpod generates for this release", args.file),
        )
        .help(format!("the files are {}", known.join(", "))),
    ))
}
