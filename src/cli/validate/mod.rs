//! `pgpod validate`.

mod many;
mod one;
mod server;

use std::io::Write;

use anyhow::anyhow;

use crate::diagnostics::formats::{self, Finding};
use crate::diagnostics::{self, Diagnostic, Diagnostics, Severity, Sources, codes};
use crate::release::{kube_version, names};

use self::server::Servers;
use super::failure::{self, Failure};
use super::folders;
use super::input::{self, Layers};
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
/// Exit codes: 0 nothing is wrong; 2 something is, or with --strict there are warnings; 3 a file cannot be read, there is no
/// object in what `--manifests` names, or no server can be asked.
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
    #[arg(long, value_name = "FILE|DIR", conflicts_with_all = ["release", "namespace", "each", "folders", "values", "preset", "set", "set-string", "set-file", "set-json", "set-literal"])]
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

/// One finding as it is told.
#[derive(Debug, PartialEq)]
struct Told {
    finding: Finding,
    /// For people; empty in another format, and behind a flood.
    text: String,
}

/// Stands in a text for the files that a finding is found with, until all of them are known.
const WITH: &str = "\u{e001}";

/// What was found in one input. With `file`, each finding that has no place in that file says that it is found with it.
fn told(found: &Diagnostics, sources: &Sources, format: Format, file: Option<&str>) -> Vec<Told> {
    let mut texts = match format {
        Format::Text => {
            let elsewhere = |finding: &Diagnostic| {
                let names = finding.labels.iter().map(|(place, _)| sources.get(place.source).name.as_str());
                file.is_some_and(|file| names.into_iter().all(|name| name != file))
            };
            let note = |finding: &Diagnostic| elsewhere(finding).then(|| format!("with {WITH}"));
            diagnostics::excerpts_with(found, sources, true, &note)
        }
        _ => Vec::new(),
    }
    .into_iter();
    let row = |mut finding: Finding| {
        let elsewhere = file.filter(|file| finding.spots.iter().all(|spot| spot.source != *file));
        finding.with = elsewhere.map(str::to_owned).into_iter().collect();
        Told { finding, text: texts.next().unwrap_or_default() }
    };
    formats::findings(found, sources).into_iter().map(row).collect()
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let servers = args.with_postgres.as_deref().map(Servers::find);
    let told = judge(args, servers.as_ref());
    for note in servers.iter().flat_map(Servers::notes) {
        failure::note(&note);
    }
    let Some(unasked) = servers.as_ref().and_then(Servers::failure) else { return told };
    if let Err(other) = told {
        other.report();
    }
    Err(unasked)
}

fn judge(args: &Args, servers: Option<&Servers>) -> Result<(), Failure> {
    if !args.each.is_empty() {
        return many::run(args, servers);
    }
    let judged = if args.manifests.is_empty() {
        one::values(args, args.layers.load_all(), &args.templates.read()?, servers)?
    } else {
        let texts = match manifests(args) {
            Ok(texts) => texts,
            Err(Failure::Input { found, sources }) => return refuse(args, &[(found, sources)]),
            Err(failure) => return Err(failure),
        };
        let judged = one::manifests(texts, args.kube_version);
        if judged.objects == 0 && judged.found.is_empty() {
            // As behind a render that failed: nothing was judged, so nothing is right.
            let names = args.manifests.iter().map(|name| if name == "-" { "stdin" } else { name.as_str() });
            let names: Vec<String> =
                names.map(|name| format!("`{}`", diagnostics::shown_name(name))).collect();
            return Err(anyhow!("there is no object in {}", names.join(", ")).into());
        }
        judged
    };
    let said = judged.found.iter().any(|finding| finding.code == codes::NO_REFERENCE);
    if let Some(secret) = judged.certificate.as_ref().filter(|_| !said) {
        note_certificate(args, secret);
    }
    let told = told(&judged.found, &judged.sources, args.format, None);
    let summary = match (counted(&told), judged.objects) {
        (Some(counted), _) => counted,
        (None, 1) => format!("nothing is wrong with 1 object for Kubernetes 1.{}", args.kube_version),
        (None, objects) => {
            format!("nothing is wrong with {objects} objects for Kubernetes 1.{}", args.kube_version)
        }
    };
    let unasked = servers.is_some_and(|servers| servers.unasked() > 0);
    tell(args, &told, &if unasked { format!("{summary}; no server was asked") } else { summary })
}

/// The texts that `--manifests` names, each with its name.
fn manifests(args: &Args) -> Result<Vec<(String, String)>, Failure> {
    if args.manifests.iter().filter(|name| *name == "-").count() > 1 {
        return Err(input::stdin_twice("--manifests"));
    }
    let mut texts = Vec::new();
    for name in &args.manifests {
        texts.extend(folders::manifests(name)?);
    }
    Ok(texts)
}

/// Reports what stopped the run before anything could be judged.
fn refuse(args: &Args, stopped: &[(Diagnostics, Sources)]) -> Result<(), Failure> {
    let told: Vec<Told> =
        stopped.iter().flat_map(|(found, sources)| told(found, sources, args.format, None)).collect();
    let summary = counted(&told).unwrap_or_default();
    tell(args, &told, &format!("{summary}; nothing was judged"))
}

/// A render never has the certificate that `pgpod secret tls` makes, so that its absence is no finding; the pod waits for it
/// all the same.
fn note_certificate(args: &Args, secret: &str) {
    let how = match args.release.as_deref().filter(|release| names::tls(release) == secret) {
        Some(release) => {
            format!("make it by `pgpod secret tls {release} -n {} | kubectl create -f -`", args.namespace)
        }
        None => "it has to be made elsewhere".to_owned(),
    };
    failure::note(&format!(
        "the server waits for its certificate in the Secret `{secret}`, which nothing here makes: {how}"
    ));
}

fn count(told: &[Told], severity: Severity) -> usize {
    told.iter().filter(|told| told.finding.severity == severity).count()
}

/// `3 errors, 1 warning`; none where there are none.
fn counted(told: &[Told]) -> Option<String> {
    diagnostics::counted(count(told, Severity::Error), count(told, Severity::Warning))
}

/// Writes the report; whether something is wrong is the exit code.
fn tell(args: &Args, told: &[Told], summary: &str) -> Result<(), Failure> {
    let errors = count(told, Severity::Error) > 0;
    let wrong = errors || (args.strict && !told.is_empty());
    let all = || told.iter().map(|told| told.finding.clone()).collect::<Vec<_>>();
    Failure::of_print(match args.format {
        Format::Text => {
            let strict = if wrong && !errors { ", which `--strict` takes for errors" } else { "" };
            tell_people(told, &format!("{summary}{strict}")).map_err(Failure::from)
        }
        Format::Json => output::stdout(&formats::json(&all())),
        Format::Github => output::stdout(&formats::github(&all())),
        Format::Sarif => output::stdout(&formats::sarif(&all(), &any_file(args))),
    })?;
    if wrong { Err(Failure::Judged) } else { Ok(()) }
}

/// A file for what is in none: the first that was named, else a name that says so.
fn any_file(args: &Args) -> String {
    let named = args
        .manifests
        .iter()
        .cloned()
        .chain(args.layers.files())
        .find(|name| !["-", ""].contains(&name.as_str()));
    named.unwrap_or_else(|| "command-line".to_owned())
}

fn tell_people(told: &[Told], summary: &str) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    for Told { finding, text } in told {
        let text = match finding.with.as_slice() {
            [] => text.clone(),
            with => text.replace(WITH, &diagnostics::shown_name(&formats::listed(with))),
        };
        out.write_all(text.as_bytes())?;
    }
    writeln!(out, "{summary}")?;
    out.flush()
}
