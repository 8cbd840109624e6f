//! One release in a namespace of its own.

use crate::support::{self, Namespace, Ran};
use std::time::Duration;

/// Long enough for a busy machine with two cores; what waits for it usually takes seconds.
pub(super) const LIMIT: Duration = Duration::from_mins(5);

/// A release `demo` with its Secret.
pub(super) struct Release {
    pub(super) namespace: Namespace,
    arguments: Vec<String>,
}

impl Release {
    /// Makes the namespace and the Secret of a release of the smallest shape; nothing is applied yet.
    pub(super) fn prepare(test: &str, arguments: &[&str]) -> Option<Self> {
        // A small request leaves room for other tests' releases.
        let small = ["--preset", "edge", "--set", "resources.requests.cpu=50m"];
        Self::prepare_exactly(test, &[&small, arguments].concat())
    }

    /// The same with no other values than the given, but for the class: its volumes go with the namespace.
    pub(super) fn prepare_exactly(test: &str, arguments: &[&str]) -> Option<Self> {
        let namespace = support::lab()?.namespace(test);
        let class = ["--set", "persistence.storageClass=scratch"];
        let arguments = [&class, arguments].concat().into_iter().map(str::to_owned).collect();
        let release = Self { namespace, arguments };
        let secret = support::pgpod(["secret", "demo", "-n", &release.namespace.name]).ok();
        release.namespace.kubectl_with(&["create", "-f", "-"], &secret).ok();
        Some(release)
    }

    /// A release that serves.
    pub(super) fn ready(test: &str, arguments: &[&str]) -> Option<Self> {
        let release = Self::prepare(test, arguments)?;
        release.apply(&[]).ok();
        release.wait_ready();
        // The nodes learn a little later which pods a Service has.
        release.wait_served();
        Some(release)
    }

    /// The arguments of every command about its values, and these more.
    pub(super) fn arguments(&self, more: &[String]) -> Vec<String> {
        self.arguments.iter().chain(more).cloned().collect()
    }

    /// What `pgpod render` prints with these arguments more.
    pub(super) fn render(&self, more: &[&str]) -> String {
        let fixed = ["render", "demo", "-n", &self.namespace.name];
        let arguments = fixed.into_iter().chain(self.arguments.iter().map(String::as_str));
        support::pgpod(arguments.chain(more.iter().copied())).ok()
    }

    pub(super) fn apply(&self, more: &[&str]) -> Ran {
        self.namespace.apply(&self.render(more))
    }

    /// What `pgpod diff` says of these arguments more, against what runs.
    pub(super) fn diff(&self, more: &[&str]) -> Ran {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pgpod"));
        self.namespace.equip(&mut command);
        command.args(["diff", "demo", "-n", &self.namespace.name]).args(&self.arguments).args(more);
        support::run(&mut command, b"")
    }

    pub(super) fn wait_ready(&self) {
        self.namespace.wait_ready("deployment/demo", LIMIT);
    }

    /// The one pod that is not on its way out.
    pub(super) fn pod(&self) -> String {
        let template =
            "{{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}} {{end}}{{end}}";
        let selector = "app.kubernetes.io/instance=demo,app.kubernetes.io/component=database";
        let args = ["get", "pods", "-l", selector, &format!("-o=go-template={template}")];
        self.namespace.kubectl(&args).stdout.split(' ').next().unwrap_or_default().to_owned()
    }

    /// How often a container of the pod was started again.
    pub(super) fn restarts(&self, container: &str) -> String {
        let path = format!(".status.containerStatuses[?(@.name==\"{container}\")].restartCount");
        self.namespace.field(&format!("pod/{}", self.pod()), &path)
    }

    /// When the server's first process began: another time is another server.
    pub(super) fn server_began(&self) -> String {
        self.as_superuser("postgres", "SELECT pg_postmaster_start_time()").unwrap_or_else(|text| text)
    }

    /// The pod, how often its containers were restarted, and the server's start: equal means that nothing restarted.
    pub(super) fn identity(&self) -> (String, [String; 2], String) {
        (self.pod(), ["postgres", "keeper"].map(|container| self.restarts(container)), self.server_began())
    }

    /// A password of the release's Secret.
    pub(super) fn password(&self, role: &str) -> String {
        let path = format!(".data.{role}-password");
        let encoded = self.namespace.field("secret/demo-auth", &path);
        let decoded = support::run(std::process::Command::new("base64").arg("-d"), encoded.as_bytes());
        decoded.ok()
    }

    /// Runs SQL as the app user over the Service, with the Secret's password.
    pub(super) fn as_app(&self, database: &str, sql: &str) -> Result<String, String> {
        self.namespace.psql("demo", "app", &self.password("app"), database, sql)
    }

    /// Runs SQL inside the pod over the socket.
    pub(super) fn as_superuser(&self, database: &str, sql: &str) -> Result<String, String> {
        let psql = [
            "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            database,
            "-f",
            "-",
        ];
        self.namespace.exec(&self.pod(), "postgres", &psql, sql).result()
    }

    /// Waits until the app user is served again.
    pub(super) fn wait_served(&self) {
        self.wait_answer("SELECT 1", "1");
    }

    /// Waits until a query of the app user's has this answer.
    pub(super) fn wait_answer(&self, query: &str, answer: &str) {
        self.namespace
            .wait_until(query, LIMIT, || self.as_app("production_data", query) == Ok(format!("{answer}\n")));
    }
}
