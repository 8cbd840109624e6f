//! `pgpod values`.

use serde_json::Value as Json;

use super::failure::Failure;
use super::input::Layers;
use super::output;

/// Print the merged values
///
/// Preset, defaults, values files and flags, as a render would use them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod values -f prod.yaml --origin")]
pub(crate) struct Args {
    #[command(flatten)]
    layers: Layers,
    /// Print each value with the layer and the place that it comes from
    #[arg(long, conflicts_with_all = ["raw", "defaults"])]
    origin: bool,
    /// Print what files and flags alone merge to, typed as Helm would, before schema and defaults
    #[arg(long, conflicts_with = "defaults")]
    raw: bool,
    /// Print the defaults, with their comments
    #[arg(long, conflicts_with_all = ["values", "preset", "set", "set-string", "set-file", "set-json", "set-literal"])]
    defaults: bool,
    /// The output's format
    #[arg(long, value_enum, default_value = "yaml")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, clap::ValueEnum)]
pub(super) enum Format {
    Yaml,
    Json,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.defaults {
        return match args.format {
            Format::Yaml => output::stdout(crate::values::DEFAULTS),
            Format::Json => output::stdout(&format!("{:#}\n", crate::pipeline::defaults())),
        };
    }
    if args.raw {
        return print(&crate::config::raw_shown(args.layers.raw()?), args.format);
    }
    let (loaded, sources) = args.layers.load()?;
    if !args.origin {
        return print(&loaded.shown(&sources), args.format);
    }
    let origins = loaded.origins(&sources);
    match args.format {
        Format::Json => {
            let rows: Vec<Json> = origins
                .iter()
                .map(|o| serde_json::json!({ "path": o.path, "value": o.value, "layer": o.layer, "place": o.place }))
                .collect();
            output::stdout(&format!("{:#}\n", Json::Array(rows)))
        }
        Format::Yaml => {
            let lines: String =
                origins.iter().map(|o| format!("{}: {}  # {}\n", o.path, o.value, o.place)).collect();
            output::stdout(&lines)
        }
    }
}

fn print(value: &Json, format: Format) -> Result<(), Failure> {
    match format {
        Format::Yaml => output::stdout(&crate::yaml::to_yaml(value)),
        Format::Json => output::stdout(&format!("{value:#}\n")),
    }
}
