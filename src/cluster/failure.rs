//! Why a cluster did not answer, in words: the cause at the end of the chain, and never what a login program printed.

use anyhow::anyhow;
use kube::Error;
use kube::client::AuthError;
use kube::config::KubeconfigError;

use super::kubeconfig::{Called, unusable};

/// An error of a request, with what may be done about it. `what` is the verb and the objects.
pub(super) fn told(context: &Called, what: &str, error: &Error) -> anyhow::Error {
    match error {
        Error::Api(status) if status.code == 401 => anyhow!(
            "the API server of {context} does not accept the credentials: {}; they may have expired, so log in again",
            status.message
        ),
        Error::Api(status) if status.code == 403 => {
            anyhow!("the API server of {context} does not allow to {what}: {}", status.message)
        }
        Error::Api(status) => {
            anyhow!("the API server of {context} can't {what}: {} ({})", status.message, status.code)
        }
        error => anyhow!("the cluster of {context} can't be reached: {}", why(context, error)),
    }
}

/// The cause of an error.
pub(super) fn why(context: &Called, error: &Error) -> String {
    // A proxy's URL may hold a password.
    if let Error::ProxyProtocolUnsupported { proxy_url } | Error::ProxyProtocolDisabled { proxy_url, .. } =
        error
    {
        let scheme = proxy_url.scheme_str().unwrap_or_default();
        return format!("its proxy is one of `{scheme}`, and supported are `http` and `https`");
    }
    let mut deepest: &dyn std::error::Error = error;
    loop {
        if let Some(auth) = deepest.downcast_ref::<AuthError>() {
            return login(context, auth);
        }
        if let Some(error) = deepest.downcast_ref::<KubeconfigError>() {
            return unusable(error);
        }
        match deepest.source() {
            Some(source) => deepest = source,
            None => return deepest.to_string(),
        }
    }
}

/// What a login program prints, and the command line with its variables, may hold a token, so only its name and status
/// are told.
fn login(context: &Called, error: &AuthError) -> String {
    let program = context.login.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
    match error {
        AuthError::AuthExecRun { out, .. } => {
            format!("the login program{program} of the kubeconfig failed ({})", out.status)
        }
        AuthError::AuthExecStart(error) => {
            format!("the login program{program} of the kubeconfig does not start: {error}")
        }
        AuthError::AuthExecParse(_) | AuthError::ExecPluginFailed => {
            format!("the login program{program} of the kubeconfig gives no credentials")
        }
        _ => "the credentials of the kubeconfig can't be used".to_owned(),
    }
}
