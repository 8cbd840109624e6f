//! `pgpod validate`.

mod many;
mod one;
mod server;

use std::io::Write;

use crate::diagnostics::formats::{self, Finding};
use crate::diagnostics::{self, Severity};
use crate::release::kube_version;

use self::server::Servers;
use super::failure::{self, Failure};
use super::folders;
use super::input::Layers;
use super::output;
use super::render::TemplateArgs;

/// Find what is wrong with values, and with everything that they lead to
///
/// Four levels in one run: the values against their schema, the rules between them, PostgreSQL's view of parameters and
/// access rules, Kubernetes' view of the objects. Each finding has a code: `pgpod explain PG0130` says more.
///
/// Wrong values don't hide what else is wrong: a built-in value stands in for each. Only the rendered objects are judged
/// when the rest is right, since most of what is wrong with them would be its consequence; `extraObjects` always are.
///
/// Exit codes: 0 nothing is wrong; 2 something is, or with --strict there are warnings; 3 a file cannot be read, or no
/// server be asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  pgpod validate prod -n plant7 -f prod.yaml
  pgpod validate -f base.yaml --each 'sites/*.yaml' --format github
  pgpod validate prod -f prod.yaml --with-postgres=/usr/lib/postgresql/17/bin
  pgpod render prod -f prod.yaml | pgpod validate --manifests -")]
pub(crate) struct Args {
    /// The release's name; without it, patches and references by name are not looked up
    #[arg(value_name = "RELEASE")]
    release: Option<String>,
    /// The namespace of its objects
    #[arg(short, long, default_value = "default")]
    namespace: String,
    #[command(flatten)]
    layers: Layers,
    #[command(flatten)]
    templates: TemplateArgs,
    /// Judge each file of a pattern as one more values file, all of them in one report; `*`, `?`, `[a-z]` and `**` are understood
    #[arg(long, value_name = "PATTERN")]
    each: Vec<String>,
    /// Judge manifests instead of values: a file, a folder, or `-` for stdin
    #[arg(long, value_name = "FILE|DIR", conflicts_with_all = ["each", "folders", "values", "preset", "set", "set-string", "set-file", "set-json", "set-literal"])]
    manifests: Vec<String>,
    /// The version of Kubernetes that the objects are for
    #[arg(long, value_name = "VERSION", default_value = "1.33", value_parser = kube_version)]
    kube_version: u32,
    /// Ask a real server about the rendered `postgresql.conf` and `pg_hba.conf` too: the program `postgres`, or its folder.
    /// Without a path it is looked for with `pg_config`, on the PATH and in /usr/lib/postgresql
    ///
    /// It has to be of the values' major, and to have `initdb` beside it. It runs as you do, which must not be root,
    /// reads the files in a temporary folder, and listens nowhere.
    #[arg(long, value_name = "BIN", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with = "manifests")]
    with_postgres: Option<String>,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    /// The report's format
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, clap::ValueEnum)]
enum Format {
    /// For people: the lines that findings are about
    Text,
    /// For programs: `pgpod schema findings` describes it
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// What was found in one input, as far as it is needed.
#[derive(Debug, Default)]
struct Verdict {
    /// Without a text in another format than text.
    text: String,
    findings: Vec<Finding>,
    errors: usize,
    warnings: usize,
}

impl Verdict {
    /// Keeps of an input's findings what the format needs.
    fn of(judged: &one::Judged, format: Format) -> Self {
        let findings = formats::findings(&judged.found, &judged.sources);
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        match format {
            Format::Text => {
                let text = diagnostics::excerpts(&judged.found, &judged.sources, true);
                Self { text, findings: Vec::new(), errors, warnings }
            }
            _ => Self { text: String::new(), findings, errors, warnings },
        }
    }
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let servers = args.with_postgres.as_deref().map(Servers::find).transpose()?;
    let told = judge(args, servers.as_ref());
    for note in servers.iter().flat_map(Servers::notes) {
        failure::note(&note);
    }
    told
}

fn judge(args: &Args, servers: Option<&Servers>) -> Result<(), Failure> {
    if !args.each.is_empty() {
        return many::run(args, servers);
    }
    let judged = if args.manifests.is_empty() {
        one::values(args, &args.layers, &args.templates.read()?, servers)?
    } else {
        let mut texts = Vec::new();
        for name in &args.manifests {
            texts.extend(folders::manifests(name)?);
        }
        one::manifests(texts, args.kube_version)
    };
    let verdict = Verdict::of(&judged, args.format);
    let counted = diagnostics::counted(verdict.errors, verdict.warnings);
    let summary = match (counted, judged.objects) {
        (Some(counted), _) => counted,
        (None, 1) => format!("nothing is wrong with 1 object for Kubernetes 1.{}", args.kube_version),
        (None, objects) => {
            format!("nothing is wrong with {objects} objects for Kubernetes 1.{}", args.kube_version)
        }
    };
    tell(args, &[verdict], &summary)
}

/// Writes the report; whether something is wrong is the exit code.
fn tell(args: &Args, verdicts: &[Verdict], summary: &str) -> Result<(), Failure> {
    let wrong = verdicts.iter().any(|verdict| verdict.errors > 0 || (args.strict && verdict.warnings > 0));
    let all = || verdicts.iter().flat_map(|verdict| verdict.findings.iter().cloned()).collect::<Vec<_>>();
    match args.format {
        Format::Text => {
            let mut out = anstream::stdout().lock();
            for verdict in verdicts {
                out.write_all(verdict.text.as_bytes())?;
            }
            let errors = verdicts.iter().any(|verdict| verdict.errors > 0);
            let strict = if wrong && !errors { ", which `--strict` takes for errors" } else { "" };
            writeln!(out, "{summary}{strict}")?;
            out.flush()?;
        }
        Format::Json => output::stdout(&formats::json(&all()))?,
        Format::Github => output::stdout(&formats::github(&all()))?,
        Format::Sarif => output::stdout(&formats::sarif(&all()))?,
    }
    if wrong { Err(Failure::Judged) } else { Ok(()) }
}
