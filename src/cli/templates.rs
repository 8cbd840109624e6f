//! `pgpod templates`.

use std::path::PathBuf;

use clap::Subcommand;

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
    List,
    /// Write the embedded templates into a folder
    Export {
        /// The folder: it is made, and files of a former export in it are replaced
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Print what a template can refer to, as JSON
    Context {
        #[command(flatten)]
        release: ReleaseArgs,
        #[command(flatten)]
        layers: Layers,
    },
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.action {
        Action::List => {
            let list: String = crate::render::TEMPLATES.iter().map(|t| format!("{}\n", t.path)).collect();
            output::stdout(&list)
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
