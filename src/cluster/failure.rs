//! Why a cluster did not answer, in words: the cause at the end of the chain, and never what a login program printed.

use anyhow::anyhow;
use kube::Error;
use kube::client::AuthError;

/// An error of a request, with what may be done about it. `what` is the verb and the objects.
pub(super) fn told(context: &str, what: &str, error: &Error) -> anyhow::Error {
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
        error => anyhow!("the cluster of {context} can't be reached: {}", why(error)),
    }
}

/// The cause of an error.
pub(super) fn why(error: &Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    loop {
        if let Some(auth) = deepest.downcast_ref::<AuthError>() {
            return login(auth);
        }
        match deepest.source() {
            Some(source) => deepest = source,
            None => return deepest.to_string(),
        }
    }
}

/// What a login program prints may hold a token, so only its name and status are told.
fn login(error: &AuthError) -> String {
    match error {
        AuthError::AuthExecRun { cmd, out } => {
            let program = cmd.split_whitespace().next().unwrap_or_default().trim_matches('"');
            format!("the login program `{program}` of the kubeconfig failed ({})", out.status)
        }
        AuthError::AuthExecStart(error) => {
            format!("the login program of the kubeconfig does not start: {error}")
        }
        AuthError::AuthExecParse(_) | AuthError::AuthExec(_) | AuthError::ExecPluginFailed => {
            "the login program of the kubeconfig gives no credentials".to_owned()
        }
        _ => "the credentials of the kubeconfig can't be used".to_owned(),
    }
}
