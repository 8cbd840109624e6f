//! `pgpod diff`.

mod args;
#[cfg(feature = "cluster")]
mod cluster;
mod read;

use std::io::IsTerminal as _;

use crate::diagnostics::{Diagnostic, codes};
use crate::diff::{self, Consequence, Diff, Said, Secrets, Style, Told};
use crate::manifest::Object;
use crate::pipeline;
use crate::release::{Release, kube_version};

use super::failure::Failure;
use super::output;
use args::{From, Sides};

/// Show what would change, and what each change will do
///
/// Compares what the values render with what runs, or without a cluster with `--from`: a file, a folder, `-` for stdin,
/// or other values (`--from -f old.yaml`: all that follows `--from` is theirs). With two names of files or folders it
/// compares these, and so serves as KUBECTL_EXTERNAL_DIFF: an empty file of a folder is an object that is not there.
/// Secrets are not shown: the same number stands for the same text.
///
/// Each change comes with its consequence: nothing, reload, credentials, resize, restart, standbys-first, failover,
/// recreate, refused, risk. Exit codes: 0 no differences; 1 differences; 2 the input is wrong; 3 the world is wrong;
/// 4 a consequence as grave as `--fail-on`'s, or graver.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod diff prod -n plant7 -f prod.yaml --from -f prod-of-last-week.yaml")]
pub(crate) struct Args {
    /// The release's name; or the old side of two files or folders
    #[arg(value_name = "RELEASE|OLD")]
    release: String,
    /// The new side of two files or folders
    #[arg(value_name = "NEW")]
    new: Option<String>,
    /// The namespace of the release's objects
    #[arg(short, long, default_value = "default", conflicts_with = "new")]
    namespace: String,
    #[command(flatten)]
    sides: Sides,
    #[command(flatten)]
    cluster: ClusterArgs,
    #[command(flatten)]
    templates: super::render::TemplateArgs,
    /// Compare the namespace too
    #[arg(long, conflicts_with = "new")]
    create_namespace: bool,
    /// The version of Kubernetes that the objects are for
    #[arg(long, value_name = "VERSION", default_value = "1.33", value_parser = kube_version, conflicts_with = "new")]
    kube_version: u32,
    /// The output's format
    #[arg(long, value_enum, default_value = "paths")]
    format: Format,
    /// Lines around a changed line of a text
    #[arg(long, value_name = "N", default_value_t = 3)]
    context: usize,
    /// Exit with 4 when a change is as grave as this, or graver
    #[arg(long, value_name = "CONSEQUENCE", value_enum)]
    fail_on: Option<Grave>,
    /// Show too what is left out, and why
    #[arg(long)]
    explain_ignored: bool,
    /// Show secrets; only at a terminal
    #[arg(long)]
    show_secrets: bool,
}

/// Which cluster, and how it is asked.
#[derive(Debug, Clone, clap::Args)]
struct ClusterArgs {
    /// The context of the kubeconfig (KUBECONFIG, or ~/.kube/config); without one, the current context
    #[arg(long, value_name = "CONTEXT", help_heading = "Cluster", conflicts_with_all = ["new", "from"])]
    kube_context: Option<String>,
    /// Compare with what a server-side apply would make, by a dry run: complete, and needs the right to patch
    #[arg(long, help_heading = "Cluster", conflicts_with_all = ["new", "from"])]
    server_side: bool,
    /// Who applies, in a server-side apply; fields that others hold are named
    #[arg(
        long,
        value_name = "MANAGER",
        default_value = "kubectl",
        help_heading = "Cluster",
        requires = "server_side"
    )]
    field_manager: String,
    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600), help_heading = "Cluster", conflicts_with_all = ["new", "from"])]
    timeout: u64,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// A line for each change
    Paths,
    /// YAML, as `diff -u`
    Unified,
    /// For programs: `pgpod schema diff` describes it
    Json,
    /// Annotations of GitHub's workflows
    Github,
}

/// Consequences that a pipeline may stop at.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Grave {
    Restart,
    Failover,
    Recreate,
    Refused,
    Risk,
}

impl Grave {
    fn consequence(self) -> Consequence {
        match self {
            Self::Restart => Consequence::Restart,
            Self::Failover => Consequence::Failover,
            Self::Recreate => Consequence::Recreate,
            Self::Refused => Consequence::Refused,
            Self::Risk => Consequence::Risk,
        }
    }
}

/// Both sides, and the name of the comparison.
struct Compared {
    old: Vec<Object>,
    new: Vec<Object>,
    /// What was rendered, where the new side is what a server-side apply makes of it.
    rendered: Vec<Object>,
    /// Secrets that are compared with nothing: their texts are hidden.
    hidden: Vec<Object>,
    against: String,
    said: Vec<Said>,
}

impl Compared {
    fn offline(old: Vec<Object>, new: Vec<Object>, against: String) -> Self {
        Self { old, new, rendered: Vec::new(), hidden: Vec::new(), against, said: Vec::new() }
    }
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.show_secrets && !std::io::stdout().is_terminal() {
        return Err(Failure::input(
            Diagnostic::error(codes::SECRETS_IN_A_PIPE, "`--show-secrets` needs a terminal")
                .cause("stdout is a file or a pipe, which keeps what it is given")
                .help("leave it out: equal secrets have equal numbers"),
        ));
    }
    let compared = sides(args)?;
    let mut secrets = Secrets::default();
    for side in [&compared.old, &compared.new, &compared.rendered, &compared.hidden] {
        secrets.learn(side, &pipeline::is_public);
    }
    let told = Told { rendered: compared.rendered, said: compared.said };
    let diff = diff::compare(&compared.old, &compared.new, told, &mut secrets, args.show_secrets);
    Failure::of_print(write(args, &diff, &secrets.hide(&compared.against)))?;
    let grave = args.fail_on.map(Grave::consequence);
    match diff.consequences().first() {
        None => Ok(()),
        Some(worst) if grave.is_some_and(|grave| *worst >= grave) => Err(Failure::Status(4)),
        Some(_) => Err(Failure::Status(1)),
    }
}

fn write(args: &Args, diff: &Diff, against: &str) -> Result<(), Failure> {
    let style =
        Style { context: args.context, colour: output::colour(), explain_ignored: args.explain_ignored };
    let summary = diff::summary(diff, against);
    match args.format {
        Format::Paths => output::stdout(&(summary + &diff::paths(diff, style))),
        Format::Unified => output::stdout(&(format!("# {summary}") + &diff::unified(diff, style))),
        Format::Json => output::stdout(&diff::json(diff, against, args.explain_ignored)),
        Format::Github => output::stdout(&diff::github(diff, against, args.explain_ignored)),
    }
}

fn sides(args: &Args) -> Result<Compared, Failure> {
    args.sides.refuse_no_name()?;
    if let Some(new) = &args.new {
        args.sides.refuse_values(&args.templates)?;
        let against = format!("{new} against {}", args.release);
        return Ok(Compared::offline(read::side(&args.release)?, read::side(new)?, against));
    }
    let release =
        Release::new(&args.release, &args.namespace, args.create_namespace).map_err(Failure::input)?;
    let release = Release { kube_version: args.kube_version, ..release };
    let templates = args.templates.read()?;
    let render = |layers| super::render::make(layers, &release, &templates).map(|made| made.objects);
    let name = format!("{} in {}", release.name, release.namespace);
    let new = render(&args.sides.new)?;
    match &args.sides.from {
        Some(From::Path(path)) => {
            let old = read::path(path, Some(&release.namespace))?;
            let shown = if path == "-" { "stdin" } else { path };
            Ok(Compared::offline(old, new, format!("{name} against {shown}")))
        }
        Some(From::Values(old)) => {
            let named = old.named();
            let shown = if named.is_empty() { "other values".to_owned() } else { named.join(" ") };
            Ok(Compared::offline(render(old)?, new, format!("{name} against {shown}")))
        }
        None => against_cluster(args, &release, new),
    }
}

#[cfg(feature = "cluster")]
fn against_cluster(args: &Args, release: &Release, new: Vec<Object>) -> Result<Compared, Failure> {
    cluster::compare(&args.cluster, release, new)
}

#[cfg(not(feature = "cluster"))]
fn against_cluster(args: &Args, _: &Release, _: Vec<Object>) -> Result<Compared, Failure> {
    let context = args.cluster.kube_context.as_deref().unwrap_or("the current context");
    Err(anyhow::anyhow!(
        "this pgpod was built without the client of a cluster, so it can't ask {context}; compare by `--from`"
    )
    .into())
}
