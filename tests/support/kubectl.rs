//! kubectl for one cluster.

use super::program::{Ran, run};
use std::path::PathBuf;
use std::process::Command;

/// A kubectl that talks to one cluster and reads no configuration but that cluster's.
#[derive(Clone, Debug)]
pub(crate) struct Kubectl {
    pub(super) program: PathBuf,
    pub(crate) kubeconfig: PathBuf,
}

impl Kubectl {
    /// Where it is.
    pub(crate) fn program(&self) -> &std::path::Path {
        &self.program
    }

    pub(crate) fn run(&self, args: &[&str], stdin: &str) -> Ran {
        let mut command = Command::new(&self.program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("KUBECONFIG", &self.kubeconfig);
        // kubectl keeps what it learns about a cluster below HOME: not in the user's.
        command.env("HOME", self.kubeconfig.parent().unwrap_or(&self.kubeconfig));
        run(command.args(args), stdin.as_bytes())
    }

    /// What kubectl said when it accepted these manifests, strictly, in a dry run by the server.
    ///
    /// # Errors
    /// Everything that it said, when it refused or warned.
    pub(crate) fn dry_run(&self, manifests: &str) -> Result<String, String> {
        let ran = self.run(&["apply", "--dry-run=server", "--validate=strict", "-f", "-"], manifests);
        if ran.stderr.is_empty() { ran.result() } else { Err(format!("{}{}", ran.stdout, ran.stderr)) }
    }
}
