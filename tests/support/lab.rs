//! The lab: a whole Kubernetes on this machine, by the command that `PGPOD_LAB` names. Nothing here ever talks to
//! a cluster that the user's own configuration names.

use super::gate;
use super::kubectl::Kubectl;
use super::program::{Ran, run};
use super::servers::{Server, full_server};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The lab's cluster, which is up.
#[derive(Clone, Debug)]
pub(crate) struct Lab {
    command: PathBuf,
    kubectl: Kubectl,
    psql: Server,
}

/// The lab, and a psql to reach what runs in it.
pub(crate) fn lab() -> Option<Lab> {
    let Some(command) = gate::variable("PGPOD_LAB").map(PathBuf::from) else {
        return gate::missing("cluster", "PGPOD_LAB is not set; `just e2e` sets it where the lab is");
    };
    if run(Command::new(&command).arg("status"), b"").status != 0 {
        return gate::missing("cluster", "the lab is down; `lab up` starts it");
    }
    let shown = run(Command::new(&command).arg("env"), b"").ok();
    let variable = |name: &str| {
        let line = shown.lines().find_map(|line| line.strip_prefix(&format!("export {name}='")));
        line.and_then(|line| line.strip_suffix('\'')).map(PathBuf::from).expect("`lab env` names it")
    };
    let kubectl = Kubectl {
        program: variable("KUBEBUILDER_ASSETS").join("kubectl"),
        kubeconfig: variable("KUBECONFIG"),
    };
    Some(Lab { command, kubectl, psql: full_server(18)? })
}

impl Lab {
    /// A new namespace that enforces the Pod Security Standard `restricted`; it goes with the value.
    pub(crate) fn namespace(&self, test: &str) -> Namespace {
        let name = format!("e2e-{test}-{}", std::process::id());
        let manifest = format!(
            "{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: \
             {{pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/warn: restricted}}}}}}"
        );
        self.kubectl.run(&["create", "-f", "-"], &manifest).ok();
        Namespace { lab: self.clone(), name }
    }

    /// Gives the lab's images the names that manifests ask for.
    ///
    /// # Panics
    /// When the lab has no layer for one of them.
    fn ensure_images(&self, manifests: &str) {
        // One test at a time changes the lab's list; what one has added, the others find.
        static KNOWN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
        let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for line in manifests.lines() {
            let Some(image) = line.trim_start().trim_start_matches("- ").strip_prefix("image: ") else {
                continue;
            };
            let image = image.trim_matches(['"', '\'']);
            if !known.insert(image.to_owned()) {
                continue;
            }
            let listed = run(Command::new(&self.command).arg("images"), b"").ok();
            let names = listed.lines().filter_map(|line| line.split_whitespace().next());
            if names.flat_map(|names| names.split(',')).any(|name| name == image) {
                continue;
            }
            let mut command = Command::new(&self.command);
            command.arg("image").arg(image).args(layer_of(image));
            run(&mut command, b"").ok();
        }
    }
}

/// The layer of the lab that stands for an image, and how it is run.
fn layer_of(image: &str) -> &'static [&'static str] {
    let tag = image.rsplit(':').next().unwrap_or_default();
    match image {
        _ if image.contains("postgres-exporter:") => &["exporter", "65534", "/bin/postgres_exporter"],
        _ if image.contains("/curl:") => &["curl", "65534", "curl"],
        _ if image.contains("postgis:17") => &["postgis17"],
        _ if image.contains("/postgres:") && tag.starts_with("16") => &["postgres16"],
        _ if image.contains("/postgres:") && tag.starts_with("17") => &["postgres17"],
        _ if image.contains("/postgres:") && tag.starts_with("18") => &["postgres18"],
        _ => panic!("the lab has no layer that could stand for {image}"),
    }
}

/// A namespace of one test.
pub(crate) struct Namespace {
    lab: Lab,
    pub(crate) name: String,
}

impl Namespace {
    /// Runs kubectl in the namespace.
    pub(crate) fn kubectl(&self, args: &[&str]) -> Ran {
        self.kubectl_with(args, "")
    }

    pub(crate) fn kubectl_with(&self, args: &[&str], stdin: &str) -> Ran {
        let mut all = vec!["-n", &self.name];
        all.extend(args);
        self.lab.kubectl.run(&all, stdin)
    }

    /// Applies manifests, strictly, after giving the lab the images that they name. Gives what kubectl said.
    pub(crate) fn apply(&self, manifests: &str) -> Ran {
        self.lab.ensure_images(manifests);
        self.kubectl_with(&["apply", "--validate=strict", "-f", "-"], manifests)
    }

    /// Waits until something is rolled out and ready (`deployment/demo`, `pod/demo`).
    pub(crate) fn wait_ready(&self, object: &str, limit: Duration) {
        let timeout = format!("--timeout={}s", limit.as_secs());
        let ran = if object.starts_with("pod/") {
            self.kubectl(&["wait", "--for=condition=Ready", object, &timeout])
        } else {
            self.kubectl(&["rollout", "status", object, &timeout])
        };
        assert!(ran.status == 0, "{object} isn't ready after {limit:?}: {ran:?}\n{}", self.account());
    }

    /// Waits until `done` says yes.
    ///
    /// # Panics
    /// After the limit, with what is in the namespace.
    pub(crate) fn wait_until(&self, what: &str, limit: Duration, mut done: impl FnMut() -> bool) {
        let began = Instant::now();
        let mut pause = Duration::from_millis(125);
        while !done() {
            assert!(began.elapsed() < limit, "{what}: not after {limit:?}\n{}", self.account());
            std::thread::sleep(pause);
            // Each question is a kubectl or five, and takes from the pods the processors that they start on.
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// What kubectl prints for a JSON path of an object; empty when either isn't there.
    pub(crate) fn field(&self, object: &str, path: &str) -> String {
        let path = format!("-o=jsonpath={{{path}}}");
        self.kubectl(&["get", object, "--ignore-not-found", &path]).stdout
    }

    /// Runs a program in a container.
    pub(crate) fn exec(&self, pod: &str, container: &str, command: &[&str], stdin: &str) -> Ran {
        let mut args = vec!["exec", "-i", pod, "-c", container, "--"];
        args.extend(command);
        self.kubectl_with(&args, stdin)
    }

    /// What a container has written, with what the one before it wrote first.
    pub(crate) fn logs(&self, pod: &str, container: &str) -> String {
        let before = self.kubectl(&["logs", pod, "-c", container, "--previous"]).result().unwrap_or_default();
        before + &self.kubectl(&["logs", pod, "-c", container]).stdout
    }

    /// Sends a signal to a container's first process from outside, as the kernel does: inside, SIGKILL doesn't reach it.
    /// `STOP --all` freezes every process of the container, as a machine that hangs.
    pub(crate) fn signal(&self, pod: &str, container: &str, signal: &str) -> Ran {
        let args = ["signal", "-n", &self.name, pod, container].into_iter().chain(signal.split(' '));
        run(Command::new(&self.lab.command).args(args), b"")
    }

    /// Runs SQL from this machine over a Service's address, as a client in the plant would.
    pub(crate) fn psql(
        &self,
        service: &str,
        user: &str,
        password: &str,
        database: &str,
        sql: &str,
    ) -> Result<String, String> {
        run(&mut self.client(service, user, password, database)(), sql.as_bytes()).result()
    }

    /// Makes psqls that read SQL from their standard input, end at the first error, and give up after a while: a commit may
    /// wait for standbys that are gone.
    pub(crate) fn client(
        &self,
        service: &str,
        user: &str,
        password: &str,
        database: &str,
    ) -> impl Fn() -> Command + Send + use<> {
        let address = self.field(&format!("service/{service}"), ".spec.clusterIP");
        let program = self.lab.psql.client("psql");
        let [user, password, database] = [user, password, database].map(str::to_owned);
        move || {
            let mut command = Server::command(Path::new("timeout"));
            command.args(["--signal=KILL", "15"]).arg(&program);
            command.args(["-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-f", "-", "-h", &address]);
            command.args(["-U", &user, "-d", &database]);
            command.env("PGPASSWORD", &password).env("PGCONNECT_TIMEOUT", "5");
            command
        }
    }

    /// Makes a command find `pgpod`, and a `kubectl` for this cluster.
    pub(crate) fn equip(&self, command: &mut Command) {
        let folder =
            |program: &Path| program.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
        let Kubectl { program, kubeconfig } = &self.lab.kubectl;
        let pgpod = folder(Path::new(env!("CARGO_BIN_EXE_pgpod")));
        command.env_clear().env("PATH", format!("{}:{pgpod}:/usr/bin:/bin", folder(program)));
        command.env("KUBECONFIG", kubeconfig).env("HOME", folder(kubeconfig));
    }

    /// All that helps to see why something in the namespace isn't as it should be.
    pub(crate) fn account(&self) -> String {
        let mut account = self.kubectl(&["get", "all,pvc", "-o", "wide"]).stdout;
        account += &self.kubectl(&["get", "events", "--sort-by=.lastTimestamp"]).stdout;
        for pod in self.kubectl(&["get", "pods", "-o", "name"]).stdout.lines() {
            account += &format!("--- {pod}\n");
            for previous in ["--previous=true", "--previous=false"] {
                let logs =
                    self.kubectl(&["logs", pod, "--all-containers", "--prefix", "--tail=40", previous]);
                account += &logs.stdout;
            }
        }
        account
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // PGPOD_KEEP=1 leaves it, to look at.
        if gate::variable("PGPOD_KEEP").is_none() {
            self.lab.kubectl.run(&["delete", "namespace", "--wait=false", &self.name], "");
        }
    }
}
