//! `pgpod explain`.

use crate::diagnostics::codes::{self, Page};
use crate::diagnostics::{Code, Diagnostic};
use crate::explain::Explainer;

use super::TextFormat;
use super::failure::{Failure, tell};
use super::input::{Layers, MaybeReleaseArgs};
use super::output;
use super::render::TemplateArgs;

/// Explain a key of the values, a PostgreSQL parameter, or the code of a finding
///
/// What it means, its type, default and range, who set it and over what, and each place where it ends up in the rendered
/// files: a second render with another value shows them. Of a parameter also when a change takes effect, and the manual's
/// page.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod explain work_mem -f prod.yaml")]
pub(crate) struct Args {
    /// The key, such as `postgresql.image.tag` or `postgresql.databases[0].name`, a parameter, such as `work_mem`, or a
    /// code, such as PG0130
    #[arg(value_name = "KEY")]
    key: String,
    #[command(flatten)]
    release: MaybeReleaseArgs,
    #[command(flatten)]
    layers: Layers,
    #[command(flatten)]
    templates: TemplateArgs,
    /// The output's format
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(asked) = codes::asked(&args.key) {
        let page = match asked {
            codes::Asked::Known(code) => code.page(),
            codes::Asked::Unknown(code, meant) => return Err(Failure::input(unknown(code, meant))),
        };
        return match args.format {
            TextFormat::Text => output::stdout(&code(page)),
            TextFormat::Json => output::json(&serde_json::json!({
                "code": page.id, "meaning": page.meaning, "why": page.why, "wrong": page.wrong, "right": page.right,
            })),
        };
    }
    let release = args.release.release()?;
    let templates = args.templates.read()?;
    let (loaded, mut sources, mut found) = args.layers.load_all()?;
    let Some(loaded) = loaded.filter(|_| !found.has_errors()) else {
        return Err(Failure::Input { found, sources });
    };
    let explainer = Explainer::new(&loaded, &release, &templates, &mut sources, &mut found);
    let Some(explainer) = explainer.filter(|_| !found.has_errors()) else {
        return Err(Failure::Input { found, sources });
    };
    let explained = explainer.explain(&args.key).map_err(Failure::input)?;
    tell(&found, &sources);
    match args.format {
        TextFormat::Text => output::stdout(&explained.text()),
        TextFormat::Json => output::json(&explained),
    }
}

fn unknown(code: &str, meant: Option<Code>) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_KEY, format!("there is no code `{code}`")).help(match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "a code is `PG` and four digits, as in `error[PG0130]` of a report".to_owned(),
    })
}

/// The page of a code: what is wrong, why, and how it looks wrong and right.
fn code(page: &Page) -> String {
    let indented = |text: &str| -> String { text.lines().map(|line| format!("    {line}\n")).collect() };
    format!(
        "{}: {}\n  {}\n\n  wrong\n{}\n  right\n{}",
        page.id,
        page.meaning,
        page.why,
        indented(page.wrong),
        indented(page.right)
    )
}
