//! `pgpod templates`.

use std::path::PathBuf;

use clap::Subcommand;

use super::TextFormat;
use super::failure::Failure;
use super::input::{Layers, ReleaseArgs};
use super::output;

/// List, export or describe the embedded templates
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: pgpod templates export templates && pgpod render demo --templates templates"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the embedded templates
    #[command(after_help = "Example: pgpod templates list")]
    List {
        /// The output's format
        #[arg(long, value_enum, default_value = "text")]
        format: TextFormat,
    },
    /// Write the embedded templates into a folder
    #[command(after_help = "Example: pgpod templates export templates")]
    Export {
        /// The folder: it is made, and files of a former export in it are replaced
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Print what a template can refer to, as JSON
    #[command(after_help = "Example: pgpod templates context prod -f prod.yaml")]
    Context {
        #[command(flatten)]
        release: ReleaseArgs,
        #[command(flatten)]
        layers: Layers,
    },
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.action {
        Action::List { format } => {
            let paths: Vec<&str> = crate::render::TEMPLATES.iter().map(|t| t.path).collect();
            match format {
                TextFormat::Text => output::stdout(&format!("{}\n", paths.join("\n"))),
                TextFormat::Json => output::stdout(&format!("{:#}\n", serde_json::json!(paths))),
            }
        }
        Action::Export { folder } => {
            let files =
                crate::render::TEMPLATES.iter().map(|t| (t.path.to_owned(), t.text.to_owned())).collect();
            output::export(folder, &files)
        }
        Action::Context { release, layers } => {
            let release = release.release(false)?;
            let made = super::render::make(layers, &release, &crate::render::Templates::default())?;
            output::stdout(&format!("{:#}\n", made.context()))
        }
    }
}
