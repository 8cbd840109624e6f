//! `pgpod notes`.

use super::TextFormat;
use super::failure::Failure;
use super::input::{Layers, ReleaseArgs};
use super::output;
use super::render::TemplateArgs;

/// Print how to connect, where the passwords are, and what to do next
///
/// How to start it and watch it start, change a password or a parameter, and remove it with and without its data: every
/// command has the real names of the release's objects. Give the same values as to `render`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod notes prod -n plant7 -f prod.yaml")]
pub(crate) struct Args {
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
    let notes = crate::notes::notes(&made.plan, &flags(args));
    match args.format {
        TextFormat::Text => output::stdout(&notes.text()),
        TextFormat::Json => output::json(&notes),
    }
}

/// The flags with which a render gives the same objects. What `--set` holds is left out: it may be a password.
fn flags(args: &Args) -> String {
    let mut words = args.layers.named();
    for folder in &args.templates.folders {
        words.extend(["--templates".to_owned(), folder.display().to_string()]);
    }
    let mut line = words.iter().map(|text| crate::notes::word(text)).collect::<Vec<_>>().join(" ");
    if args.layers.has_set() {
        line.push_str(if line.is_empty() { "--set …" } else { " --set …" });
    }
    line
}
