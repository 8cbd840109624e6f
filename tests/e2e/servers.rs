//! A release of several servers in a namespace of its own.

use super::Release;
use super::release::LIMIT;
use crate::support::{Ran, pgpod, run};
use std::process::Command;
use std::time::{Duration, Instant};

/// A release `demo` of several servers.
pub(super) struct Servers {
    pub(super) release: Release,
    pub(super) primary: u32,
    pub(super) replicas: u32,
    /// The values beside those of every test.
    values: Vec<String>,
}

impl Servers {
    /// Makes namespace and Secret; nothing is applied yet.
    pub(super) fn prepare(test: &str, values: &[&str]) -> Option<Self> {
        let release = Release::prepare(test, &["--set", "deploymentMode=ha"])?;
        let values = values.iter().flat_map(|value| ["--set".to_owned(), (*value).to_owned()]).collect();
        Some(Self { release, primary: 0, replicas: 3, values })
    }

    /// Three servers that stream.
    pub(super) fn ready(test: &str, values: &[&str]) -> Option<Self> {
        let servers = Self::prepare(test, values)?;
        let took = servers.time(|servers| servers.apply(&[]).ok());
        servers.say(&format!("{test}: three servers from nothing to healthy: {}", seconds(took)));
        Some(servers)
    }

    /// Reports a measurement.
    #[expect(
        clippy::print_stderr,
        clippy::unused_self,
        reason = "what was measured is for the reader of the run"
    )]
    pub(super) fn say(&self, text: &str) {
        eprintln!("{text}");
    }

    /// The arguments of a render with these values more.
    fn arguments(&self, more: &[&str]) -> Vec<String> {
        let own =
            format!("highAvailability.primary={},highAvailability.replicas={}", self.primary, self.replicas);
        let more = more.iter().flat_map(|value| ["--set", *value]);
        self.values.iter().map(String::as_str).chain(["--set", &own]).chain(more).map(str::to_owned).collect()
    }

    pub(super) fn apply(&self, more: &[&str]) -> Ran {
        let arguments = self.arguments(more);
        self.release.apply(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(super) fn pod(ordinal: u32) -> String {
        format!("demo-{ordinal}")
    }

    pub(super) fn primary(&self) -> String {
        Self::pod(self.primary)
    }

    pub(super) fn ordinals(&self) -> impl Iterator<Item = u32> + use<> {
        0..self.replicas
    }

    /// Runs SQL in a pod as the superuser; an error where it doesn't end in time.
    pub(super) fn ask(&self, pod: &str, sql: &str) -> Result<String, String> {
        let psql = [
            "timeout",
            "20",
            "psql",
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            "production_data",
        ];
        self.release.namespace.exec(pod, "postgres", &[&psql[..], &["-c", sql]].concat(), "").result()
    }

    /// Whether the primary writes, every other server streams from it (as one of the synchronous ones, where the values say
    /// so), and Kubernetes finds all of them ready.
    pub(super) fn is_healthy(&self) -> bool {
        let path =
            "{range .items[*]}{.metadata.name}={.status.conditions[?(@.type==\"Ready\")].status} {end}";
        let selector = "app.kubernetes.io/instance=demo";
        let args = ["get", "pods", "-l", selector, &format!("-o=jsonpath={path}")];
        let pods = self.release.namespace.kubectl(&args).stdout;
        let mut wanted: Vec<String> = self.ordinals().map(|ordinal| format!("demo-{ordinal}=True")).collect();
        wanted.sort();
        let mut found: Vec<&str> = pods.split_whitespace().collect();
        found.sort_unstable();
        // A commit waits for none of those that are no part of the list.
        let counts = if self.values.iter().any(|value| value.ends_with("synchronous.enabled=true")) {
            "sync_state <> 'async'"
        } else {
            "true"
        };
        let streaming = format!(
            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND NOT pg_is_in_recovery() AND {counts}"
        );
        found == wanted && self.ask(&self.primary(), &streaming) == Ok(format!("{}\n", self.replicas - 1))
    }

    pub(super) fn wait_healthy(&self) {
        self.release.namespace.wait_until("all servers are healthy", LIMIT * 2, || self.is_healthy());
    }

    /// Does something, and waits until all is healthy again.
    pub(super) fn time<T>(&self, deed: impl FnOnce(&Self) -> T) -> Duration {
        let began = Instant::now();
        deed(self);
        self.wait_healthy();
        began.elapsed()
    }

    /// Sends a signal to a container's first process, and waits until it runs again.
    pub(super) fn kill(&self, ordinal: u32, container: &str) {
        self.release.namespace.signal(&Self::pod(ordinal), container, "KILL").ok();
    }

    /// How often the server's container was started again.
    pub(super) fn restarts(&self, ordinal: u32) -> u32 {
        let path = ".status.containerStatuses[?(@.name==\"postgres\")].restartCount";
        let pod = format!("pod/{}", Self::pod(ordinal));
        self.release.namespace.field(&pod, path).parse().unwrap_or(0)
    }

    /// Replaces pods whose container was started again twice: the kubelet waits longer each time before it does so.
    pub(super) fn forget_restarts(&self) {
        for ordinal in self.ordinals().filter(|ordinal| self.restarts(*ordinal) >= 2) {
            let pod = Self::pod(ordinal);
            self.release.namespace.kubectl(&["delete", "pod", &pod, "--timeout=120s"]).ok();
            self.wait_healthy();
        }
    }

    /// Kills the postmaster alone.
    pub(super) fn kill_server(&self, ordinal: u32) {
        let kill = ["sh", "-c", "kill -KILL \"$(head -n 1 \"$PGDATA/postmaster.pid\")\""];
        self.release.namespace.exec(&Self::pod(ordinal), "postgres", &kill, "").ok();
    }

    pub(super) fn promote(&self, ordinal: u32, flags: &[&str]) -> Ran {
        let command = [&["sh", "/etc/pgpod/scripts/promote"], flags].concat();
        self.release.namespace.exec(&Self::pod(ordinal), "postgres", &command, "")
    }

    /// Waits until a promotion is no longer refused.
    pub(super) fn wait_promoted(&self, ordinal: u32, flags: &[&str]) {
        let began = Instant::now();
        while let Err(said) = self.promote(ordinal, flags).result() {
            assert!(
                began.elapsed() < LIMIT,
                "it is still refused: {said}\n{}",
                self.release.namespace.account()
            );
            std::thread::sleep(Duration::from_secs(1));
        }
    }

    /// A planned failover, and the time until the new primary takes writes.
    pub(super) fn fail_over(&mut self, to: u32) -> Duration {
        self.primary = to;
        let began = Instant::now();
        self.apply(&[]).ok();
        self.wait_promoted(to, &[]);
        began.elapsed()
    }

    /// Deletes a server's claims with its pod: it comes back with empty volumes.
    pub(super) fn empty(&self, ordinal: u32) {
        let pod = Self::pod(ordinal);
        let namespace = &self.release.namespace;
        namespace.kubectl(&["delete", "pvc", &format!("data-{pod}"), "--wait=false"]).ok();
        namespace.kubectl(&["delete", "pod", &pod, "--timeout=120s"]).ok();
    }

    /// The commands of a section of the notes, as a person would type them: with the flags that the notes don't repeat.
    pub(super) fn commands(&self, section: &str) -> Vec<String> {
        let arguments = self.release.arguments(&self.arguments(&[]));
        let namespace = self.release.namespace.name.as_str();
        let notes = ["notes", "demo", "-n", namespace, "--format=json"].map(str::to_owned);
        let notes = pgpod(notes.into_iter().chain(arguments.clone())).ok();
        let notes: serde_json::Value = serde_json::from_str(&notes).expect("the notes are JSON");
        let sections = notes["sections"].as_array().expect("there are sections");
        let section = sections.iter().find(|s| s["title"] == section).expect("there is such a section");
        let mut flags =
            arguments.iter().skip_while(|flag| *flag != "--set").map(String::as_str).collect::<Vec<_>>();
        flags.retain(|flag| !["--preset", "edge"].contains(flag));
        let lines = section["lines"].as_array().into_iter().flatten();
        lines
            .filter_map(|line| line["command"].as_str())
            .map(|command| command.replace("--set …", &flags.join(" ")))
            .collect()
    }

    /// Runs a command of the notes in a shell that has `pgpod` and `kubectl`.
    pub(super) fn shell(&self, command: &str) -> Ran {
        let mut shell = Command::new("bash");
        self.release.namespace.equip(&mut shell);
        run(shell.args(["-o", "pipefail", "-c", command]), b"")
    }
}

pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
