//! `pgpod secret`.

use std::net::IpAddr;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use serde_json::{Map, Value, json};

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Rule;
use crate::plan::{Release, names, release_labels};
use crate::secrets::{self, KEYS};
use crate::yaml;

use super::failure::Failure;
use super::input::ReleaseArgs;
use super::output;

/// Make the Secret with a release's passwords, or with a certificate
///
/// The passwords are drawn from the system's randomness and printed once: they are kept nowhere, and no render holds
/// them. `kubectl create` can't overwrite a Secret that is there, so running this twice does no harm.
///
/// The Secret `<release>-auth` has a password for each role: superuser (administration over the network, where a rule
/// lets it in), app, readonly, replication, pooler, backup. The exporter has none.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  pgpod secret prod -n plant7 | kubectl create -f -\n  \
                  pgpod secret prod -n plant7 | kubeseal -o yaml > prod-auth.yaml\n  \
                  pgpod secret prod --rotate app | kubectl patch secret prod-auth -n plant7 --type merge --patch-file \
                  /dev/stdin\n  pgpod secret tls prod -n plant7 | kubectl create -f -"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    release: Option<ReleaseArgs>,
    /// Print a patch that gives a role a new password, or its first one; the server takes it over by itself
    #[arg(long, value_name = "ROLE", value_delimiter = ',', value_parser = roles(), conflicts_with = "format")]
    rotate: Vec<String>,
    /// The output's format; `env` is lines of `APP_PASSWORD=…`
    #[arg(long, value_enum, default_value = "yaml")]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Other {
    Tls(Tls),
}

/// Make an authority and a server certificate signed by it
///
/// The Secret `<release>-tls` is of type `kubernetes.io/tls` and has the authority's certificate in `ca.crt`: clients
/// need it for `sslmode=verify-full`. The certificate is good for every name of every Service of the release. The
/// authority's key is thrown away, so a new certificate comes with a new authority.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: pgpod secret tls prod -n plant7 | kubectl create -f -")]
struct Tls {
    #[command(flatten)]
    release: ReleaseArgs,
    /// A further name or address of the server, such as that of a load balancer
    #[arg(long = "san", value_name = "NAME", value_delimiter = ',')]
    further: Vec<String>,
    /// The cluster's domain
    #[arg(long, value_name = "DOMAIN", default_value = "cluster.local")]
    cluster_domain: String,
    /// How long it is valid
    #[arg(long, default_value = "3650", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// The output's format
    #[arg(long, value_enum, default_value = "yaml")]
    format: super::values::Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Yaml,
    Json,
    Env,
}

fn roles() -> PossibleValuesParser {
    PossibleValuesParser::new(KEYS.iter().map(|key| key.role))
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match (&args.other, &args.release) {
        (Some(Other::Tls(tls)), _) => certificate(tls),
        (None, Some(release)) => passwords(&release.release(false)?, args),
        // Clap demands RELEASE where there is no subcommand.
        (None, None) => Err(Failure::input(
            Diagnostic::error(codes::BAD_NAME, "RELEASE is missing").help("name the release"),
        )),
    }
}

fn passwords(release: &Release, args: &Args) -> Result<(), Failure> {
    let wanted =
        KEYS.iter().filter(|key| args.rotate.is_empty() || args.rotate.iter().any(|role| role == key.role));
    let drawn = wanted
        .map(|key| Ok((key.name.to_owned(), secrets::password(&mut getrandom::fill)?)))
        .collect::<Result<Vec<(String, String)>, getrandom::Error>>()
        .context("the system gives no randomness")?;
    if args.format == Format::Env {
        let lines = drawn.iter().map(|(key, password)| format!("{}={password}\n", variable(key)));
        return output::stdout(&lines.collect::<String>());
    }
    let data: Map<String, Value> = drawn.into_iter().map(|(key, password)| (key, password.into())).collect();
    if !args.rotate.is_empty() {
        return output::stdout(&format!("{}\n", json!({ "stringData": data })));
    }
    print(&secret(&names::auth(&release.name), release, "Opaque", &data), args.format == Format::Json)
}

/// The name of the variable that holds a key's value.
fn variable(key: &str) -> String {
    key.to_ascii_uppercase().replace('-', "_")
}

fn certificate(args: &Tls) -> Result<(), Failure> {
    let release = args.release.release(false)?;
    let mut names = secrets::server_names(&release.name, &release.namespace, &args.cluster_domain);
    names.extend(args.further.iter().cloned());
    for (flag, name) in
        args.further.iter().map(|name| ("--san", name)).chain([("--cluster-domain", &args.cluster_domain)])
    {
        check_name(flag, name)?;
    }
    let made = secrets::certificate(&release.name, names, now()?, args.days)
        .context("the certificate could not be made")?;
    let data = [("ca.crt", made.authority), ("tls.crt", made.certificate), ("tls.key", made.private_key)]
        .map(|(key, pem)| (key.to_owned(), Value::from(pem)))
        .into_iter()
        .collect();
    let object = secret(&crate::plan::names::tls(&release.name), &release, "kubernetes.io/tls", &data);
    print(&object, args.format == super::values::Format::Json)
}

fn check_name(flag: &str, name: &str) -> Result<(), Failure> {
    let domain = name.strip_prefix("*.").unwrap_or(name);
    if name.parse::<IpAddr>().is_ok() && flag == "--san" {
        return Ok(());
    }
    Rule::Subdomain.check(domain).map_err(|why| {
        Failure::input(
            Diagnostic::error(
                codes::SERVER_NAME,
                format!("`{}` of `{flag}` is no name of a server", name.escape_debug()),
            )
            .cause(why)
            .help("write a name such as `db.plant7.example`, or for `--san` an address"),
        )
    })
}

fn secret(name: &str, release: &Release, kind: &str, data: &Map<String, Value>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name,
            "namespace": release.namespace,
            "labels": release_labels(&release.name, "database"),
        },
        "type": kind,
        "stringData": data,
    })
}

fn print(object: &Value, json: bool) -> Result<(), Failure> {
    output::stdout(&if json { format!("{object:#}\n") } else { yaml::to_yaml(object) })
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "a certificate begins now; no render comes this way")]
pub(super) fn now() -> anyhow::Result<u64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Ok(since.context("the system's clock stands before 1970")?.as_secs())
}
