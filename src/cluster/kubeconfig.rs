//! The kubeconfig: its files, the context that is meant, and what is wrong with them. A parser's words quote the text,
//! which holds tokens: only the place is told.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError, LoadDataError};
use serde_json::Value as Json;

use super::Access;

/// How a cluster is called: its context, or `in-cluster`.
#[derive(Debug, Clone)]
pub(super) struct Called {
    name: String,
    /// The program that logs in there.
    pub(super) login: Option<String>,
}

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What the kubeconfig says of the cluster that is meant. A pod's own account is taken only where nobody names a
/// kubeconfig and there is none: a broken one would otherwise lead to another cluster.
pub(super) async fn configuration(access: &Access) -> anyhow::Result<(Called, Config)> {
    let mut paths = named_files();
    if paths.is_empty() {
        paths.extend(default_file().filter(|path| path.exists() || access.context.is_some()));
    }
    if !paths.is_empty() || access.context.is_some() {
        return of_context(access, read(&paths)?).await;
    }
    let config = Config::incluster().map_err(|_| {
        anyhow!(
            "there is no cluster to compare with: there is no kubeconfig, and no account of a pod; name a kubeconfig in \
             KUBECONFIG, or compare without a cluster by `--from`"
        )
    })?;
    Ok((Called { name: "in-cluster".to_owned(), login: None }, config))
}

/// The files that KUBECONFIG names.
fn named_files() -> Vec<PathBuf> {
    let variable = std::env::var_os("KUBECONFIG").unwrap_or_default();
    std::env::split_paths(&variable).filter(|path| !path.as_os_str().is_empty()).collect()
}

fn default_file() -> Option<PathBuf> {
    std::env::home_dir().map(|home| home.join(".kube").join("config"))
}

/// Several files as one: of what two of them state, the first counts.
fn read(paths: &[PathBuf]) -> anyhow::Result<Kubeconfig> {
    let mut merged = Kubeconfig::default();
    for path in paths {
        let own = Kubeconfig::read_from(path).map_err(|error| unreadable(path, error))?;
        merged = merged.merge(own).map_err(|_| {
            anyhow!(
                "the kubeconfig `{}` has another `kind` or `apiVersion` than those before it",
                path.display()
            )
        })?;
    }
    Ok(merged)
}

fn unreadable(path: &Path, error: KubeconfigError) -> anyhow::Error {
    let shown = path.display();
    match error {
        KubeconfigError::ReadConfig(error, _) => {
            anyhow::Error::from(error).context(format!("cannot read the kubeconfig `{shown}`"))
        }
        KubeconfigError::Parse(error) => {
            let place = error.location().map(|place| format!(":{}:{}", place.line(), place.column()));
            anyhow!(
                "cannot read the kubeconfig at {shown}{}: this is no YAML, or not what a kubeconfig has there (the line \
                 is not shown, as it may hold a secret)",
                place.unwrap_or_default()
            )
        }
        _ => anyhow!("the documents of the kubeconfig `{shown}` differ in `kind` or `apiVersion`"),
    }
}

async fn of_context(access: &Access, kubeconfig: Kubeconfig) -> anyhow::Result<(Called, Config)> {
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
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let mut config = config.map_err(|error| {
        anyhow!("the context `{chosen}` of the kubeconfig can't be used: {}", unusable(&error))
    })?;
    token(&mut config, &chosen)?;
    let login = config.auth_info.exec.as_ref().and_then(|exec| exec.command.clone());
    Ok((Called { name: format!("context `{chosen}`"), login }, config))
}

/// Why a context can't be used; of certificates and keys, nothing is quoted.
pub(super) fn unusable(error: &KubeconfigError) -> String {
    let data = |what: &str, error: &LoadDataError| match error {
        LoadDataError::DecodeBase64(_) => format!("its {what} is no base64"),
        LoadDataError::ReadFile(error, path) => format!("its {what} `{}`: {error}", path.display()),
        LoadDataError::NoBase64DataOrFile => format!("it has no {what}"),
    };
    match error {
        KubeconfigError::LoadContext(_) => "it has no cluster".to_owned(),
        KubeconfigError::LoadClusterOfContext(name) => format!("there is no cluster `{name}`"),
        KubeconfigError::MissingClusterUrl => "its cluster has no `server`".to_owned(),
        KubeconfigError::ParseClusterUrl(_) => "the `server` of its cluster is no URL".to_owned(),
        KubeconfigError::ParseProxyUrl(_) => "its proxy is no URL".to_owned(),
        KubeconfigError::LoadCertificateAuthority(error) => data("certificate authority", error),
        KubeconfigError::LoadClientCertificate(error) => data("client certificate", error),
        KubeconfigError::LoadClientKey(error) => data("client key", error),
        KubeconfigError::ParseCertificates(_) => "its certificate authority is no certificate".to_owned(),
        _ => "what it says is not understood".to_owned(),
    }
}

/// Reads a token from the file that holds it. The library would take the newline at the file's end for a part of it,
/// and read the file again later, for which no command lives long enough. A token that a request can't carry would
/// panic there.
#[expect(clippy::disallowed_methods, reason = "a kubeconfig names the file")]
fn token(config: &mut Config, context: &str) -> anyhow::Result<()> {
    let login = &mut config.auth_info;
    if login.token.is_none()
        && let Some(path) = login.token_file.take()
    {
        let token =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read the token `{path}`"))?;
        login.token = Some(token.trim().to_owned().into());
    }
    let written = serde_json::to_value(&*login).context("cannot read the login of the kubeconfig")?;
    let token = written.get("token").and_then(Json::as_str).unwrap_or_default();
    if token.chars().any(char::is_control) {
        return Err(anyhow!(
            "the token of context `{context}` can't be used: it has a line break, or another control character in it"
        ));
    }
    Ok(())
}
