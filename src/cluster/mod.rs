//! The Kubernetes client: reads what runs of a release, and asks what the API server would make of a render.
//!
//! Nothing is written, ever: reads are `get` and `list`, and a server-side apply is a dry run. It runs in a thread of its
//! own, so that nothing which hangs (a server, a login program) holds a command for longer than its time.

mod dry_run;
mod failure;
mod fetch;
mod handover;
mod kubeconfig;

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use kube::Client;
use serde_json::Value as Json;

use crate::manifest::ObjectId;

pub use dry_run::{Conflict, DryRun};
use kubeconfig::Called;

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
    /// Secrets whose texts are to be hidden, where they may be read: namespace and name.
    pub secrets: Vec<(String, String)>,
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
    /// Why there is no dry run. It may quote what is there, so secrets have to be hidden in it.
    pub failed: Option<anyhow::Error>,
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
    receiver.recv_timeout(timeout).unwrap_or_else(|why| {
        let name = access.name();
        Err(match why {
            RecvTimeoutError::Timeout => anyhow!(
                "the cluster of {name} gives no answer within {} s: its API server is slow or out of reach, or the \
                 program that logs in waits; `--timeout` allows for more",
                timeout.as_secs()
            ),
            RecvTimeoutError::Disconnected => {
                anyhow!("the cluster of {name} can't be asked: the client ended in the middle, as said above")
            }
        })
    })
}

fn run(access: &Access, question: &Question) -> anyhow::Result<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the cluster's client")?;
    runtime.block_on(async {
        let (context, client) = connect(access).await?;
        let called = context.to_string();
        let asker = fetch::Asker { client, context };
        let mut answer = asker.live(question).await?;
        if let Some(manager) = &question.dry_run {
            match asker.dry_runs(question, manager).await {
                Ok(found) => answer.dry_runs = found,
                Err(error) => answer.failed = Some(error),
            }
        }
        answer.context = called;
        Ok(answer)
    })
}

/// How the cluster is called, and a client for it.
async fn connect(access: &Access) -> anyhow::Result<(Called, Client)> {
    let (called, mut config) = kubeconfig::configuration(access).await?;
    config.connect_timeout = Some(access.timeout);
    config.read_timeout = Some(access.timeout);
    let client = Client::try_from(config).map_err(|error| {
        anyhow!("the cluster of {called} can't be used: {}", failure::why(&called, &error))
    })?;
    Ok((called, client))
}

impl Access {
    fn name(&self) -> String {
        self.context
            .as_ref()
            .map_or_else(|| "the current context".to_owned(), |name| format!("context `{name}`"))
    }
}
