//! The Kubernetes client: reads what runs of a release, and asks what the API server would make of a render.
//!
//! Nothing is written, ever: reads are `get` and `list`, and a server-side apply is a dry run. It runs in a thread of its
//! own, so that nothing which hangs (a server, a login program) holds a command for longer than its time.

mod dry_run;
mod failure;
mod fetch;
mod handover;

use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::Value as Json;

use crate::manifest::ObjectId;

pub use dry_run::{Conflict, DryRun};

/// Which cluster, and how long it may take.
#[derive(Debug, Clone)]
pub struct Access {
    /// A context of the kubeconfig; its current one if there is none.
    pub context: Option<String>,
    pub timeout: Duration,
}

/// What to ask.
#[derive(Debug, Clone)]
pub struct Question {
    pub release: String,
    pub namespace: String,
    /// What was rendered.
    pub rendered: Vec<(ObjectId, Json)>,
    /// Secrets whose texts are to be hidden, where they may be read.
    pub secrets: Vec<String>,
    /// The field manager of a dry run, if one is wanted.
    pub dry_run: Option<String>,
}

/// What the cluster says.
#[derive(Debug, Default)]
pub struct Answer {
    /// How the cluster is called: its context, or `in-cluster`.
    pub context: String,
    /// What is there of the release.
    pub live: Vec<Json>,
    /// What could be read of the Secrets.
    pub secrets: Vec<Json>,
    /// What each rendered object would become, in their order.
    pub dry_runs: Vec<DryRun>,
    /// What could not be looked at.
    pub notes: Vec<String>,
}

/// Asks a cluster.
pub fn ask(access: &Access, question: Question) -> anyhow::Result<Answer> {
    let (sender, receiver) = mpsc::channel();
    let (own, timeout) = (access.clone(), access.timeout);
    std::thread::Builder::new()
        .name("cluster".to_owned())
        .spawn(move || {
            // Nobody listens any more when the time is over.
            let _ = sender.send(run(&own, &question));
        })
        .context("cannot start a thread")?;
    receiver.recv_timeout(timeout).unwrap_or_else(|_| {
        Err(anyhow!(
            "the cluster of {} gives no answer within {} s: its API server is slow or out of reach, or the program that \
             logs in waits; `--timeout` allows for more",
            access.name(),
            timeout.as_secs()
        ))
    })
}

fn run(access: &Access, question: &Question) -> anyhow::Result<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the cluster's client")?;
    runtime.block_on(async {
        let (context, client) = connect(access).await?;
        let asker = fetch::Asker { client, context: context.clone() };
        let mut answer = asker.live(question).await?;
        if let Some(manager) = &question.dry_run {
            answer.dry_runs = asker.dry_runs(question, manager).await?;
        }
        answer.context = context;
        Ok(answer)
    })
}

/// The context's name, and a client for it.
async fn connect(access: &Access) -> anyhow::Result<(String, Client)> {
    let (name, mut config) = configuration(access).await?;
    read_token(&mut config)?;
    config.connect_timeout = Some(access.timeout);
    config.read_timeout = Some(access.timeout);
    let client = Client::try_from(config)
        .map_err(|error| anyhow!("the cluster of {name} can't be used: {}", failure::why(&error)))?;
    Ok((name, client))
}

/// Reads a token from the file that holds it. The library would take the newline at the file's end for a part of it,
/// and read the file again later, for which no command lives long enough.
#[expect(clippy::disallowed_methods, reason = "a kubeconfig names the file")]
fn read_token(config: &mut Config) -> anyhow::Result<()> {
    let login = &mut config.auth_info;
    if login.token.is_none()
        && let Some(path) = login.token_file.take()
    {
        let token =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read the token `{path}`"))?;
        login.token = Some(token.trim().to_owned().into());
    }
    Ok(())
}

async fn configuration(access: &Access) -> anyhow::Result<(String, Config)> {
    let kubeconfig = match Kubeconfig::read() {
        Ok(kubeconfig) => kubeconfig,
        Err(missing) if access.context.is_none() => {
            // In a pod there is an account instead.
            let config = Config::incluster().map_err(|_| {
                anyhow!("there is no cluster to compare with: {missing}; name a kubeconfig in KUBECONFIG, or compare without a cluster by `--from`")
            })?;
            return Ok(("in-cluster".to_owned(), config));
        }
        Err(error) => return Err(anyhow!("cannot read the kubeconfig: {error}")),
    };
    let contexts: Vec<String> =
        kubeconfig.contexts.iter().map(|context| format!("`{}`", context.name)).collect();
    let chosen = access.context.clone().or_else(|| kubeconfig.current_context.clone());
    let known = || {
        if contexts.is_empty() { "it has none".to_owned() } else { format!("it has {}", contexts.join(", ")) }
    };
    let Some(chosen) = chosen.filter(|name| !name.is_empty()) else {
        return Err(anyhow!(
            "the kubeconfig has no current context; name one by `--kube-context` ({})",
            known()
        ));
    };
    if !kubeconfig.contexts.iter().any(|context| context.name == chosen) {
        return Err(anyhow!("the kubeconfig has no context `{chosen}`; {}", known()));
    }
    let options = KubeConfigOptions { context: Some(chosen.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig, &options)
        .await
        .map_err(|error| anyhow!("the context `{chosen}` of the kubeconfig can't be used: {error}"))?;
    Ok((format!("context `{chosen}`"), config))
}

impl Access {
    fn name(&self) -> String {
        self.context
            .as_ref()
            .map_or_else(|| "the current context".to_owned(), |name| format!("context `{name}`"))
    }
}
