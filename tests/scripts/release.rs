//! A release of several pods on loopback: each has its own volumes, its own port, and its own copy of
//! what the kubelet would mount.

mod alone;
mod broken;
mod campaign;
mod failover;
mod first;
mod standby;
mod synchronous;

use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use super::pod::{Pod, Running, Shell};

const CONFIGURATION: &str = "listen_addresses = '127.0.0.1'
wal_level = replica
hot_standby = on
wal_log_hints = on
max_wal_senders = 12
max_replication_slots = 20
wal_keep_size = 128MB
max_slot_wal_keep_size = 256MB
wal_retrieve_retry_interval = 1s
hot_standby_feedback = on
";

const RULES: &str = "host replication replicator 127.0.0.1/32 scram-sha-256
host postgres replicator 127.0.0.1/32 scram-sha-256
";

const ROLE: &str = r#"
\connect postgres
\set replication `cat "$PGPOD_AUTH/replication-password"`
SELECT 'CREATE ROLE replicator LOGIN REPLICATION' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator') \gexec
ALTER ROLE replicator PASSWORD :'replication';
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
  pg_read_binary_file(text, bigint, bigint, boolean) TO replicator;
"#;

/// What the file `high-availability` says.
#[derive(Clone, Copy)]
pub(super) struct Values {
    pub(super) primary: usize,
    pub(super) replicas: usize,
    pub(super) synchronous: &'static str,
    pub(super) max_lag: &'static str,
}

impl Default for Values {
    fn default() -> Self {
        Self { primary: 0, replicas: 3, synchronous: "off", max_lag: "" }
    }
}

/// The two containers of a pod.
pub(super) struct Containers {
    pub(super) start: Running,
    pub(super) keeper: Running,
}

pub(super) struct Release {
    pub(super) pods: Vec<Pod>,
}

/// What a release's containers said, where a case failed: without it, nobody knows why.
#[expect(clippy::print_stderr, reason = "the test's harness shows it beside the failure")]
impl Drop for Release {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for (ordinal, pod) in self.pods.iter().enumerate() {
            for name in ["start.log", "keeper.log", "state/look"] {
                let log = std::fs::read_to_string(pod.path(name)).unwrap_or_default();
                eprintln!("--- r-{ordinal} {name}\n{log}");
            }
        }
    }
}

/// Tries a case with a release for each of these majors, with the shells in turn, all at once.
pub(super) fn each(majors: &[u8], values: Values, case: impl Fn(Release) + Sync) {
    let shells = [Shell::Dash, Shell::Busybox];
    std::thread::scope(|scope| {
        for (major, shell) in majors.iter().zip(shells.iter().cycle()) {
            let case = &case;
            if let Some(release) = Release::new(*shell, *major, values) {
                scope.spawn(move || case(release));
            }
        }
    });
}

/// A number whose tenfold and the nine after it are ports that nobody has.
fn free_ports() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Other runs of the tests look elsewhere.
    let own = u16::try_from(std::process::id() % 80).unwrap_or_default();
    loop {
        let ten = 1100 + own * 20 + NEXT.fetch_add(1, Ordering::Relaxed) % 20;
        let free = |port| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
        if (0..10).all(|last| free(ten * 10 + last)) {
            return ten;
        }
    }
}

impl Release {
    fn new(shell: Shell, major: u8, values: Values) -> Option<Self> {
        let ports = free_ports();
        let pods = (0..9)
            .map(|ordinal| {
                let mut pod = Pod::new(shell, major)?;
                pod.folder("memory");
                pod.folder("role");
                for (name, value) in [
                    ("PGPOD_POD", format!("r-{ordinal}")),
                    ("PGPOD_PEERS", format!("127.0.0.1:{ports}%")),
                    ("PGPORT", format!("{ports}{ordinal}")),
                    ("PGPOD_REPLICATION_USER", "replicator".to_owned()),
                    ("PGPOD_MEMORY", pod.text("memory")),
                    ("PGPOD_ROLE", pod.text("role")),
                    ("PGPOD_PASSWORDS", "app-password replication-password".to_owned()),
                    ("PGPOD_GRACE", "2".to_owned()),
                    ("PGPOD_PATIENCE", "3".to_owned()),
                ] {
                    pod.set(name, &value);
                }
                pod.append("config/postgresql.conf", CONFIGURATION);
                pod.append("config/pg_hba.conf", RULES);
                pod.append("init/init.sql", ROLE);
                pod.write("auth/replication-password", r"it's a:s3cret\");
                Some(pod)
            })
            .take(values.replicas)
            .collect::<Option<Vec<_>>>()?;
        let release = Self { pods };
        release.apply(values);
        Some(release)
    }

    /// Writes the values into every pod's mounted file, as the kubelets do in their own time.
    pub(super) fn apply(&self, values: Values) {
        (0..self.pods.len()).for_each(|ordinal| self.tell(ordinal, values));
    }

    pub(super) fn tell(&self, ordinal: usize, values: Values) {
        let Values { primary, replicas, synchronous, max_lag } = values;
        let text = format!(
            "primary={primary}\nreplicas={replicas}\nsynchronous={synchronous}\nnumber=1\nmax_lag={max_lag}\n"
        );
        self.pods[ordinal].write("config/high-availability", &text);
    }

    pub(super) fn run(&self, ordinal: usize) -> Containers {
        Containers { start: self.pods[ordinal].start(), keeper: self.pods[ordinal].keeper() }
    }

    pub(super) fn run_all(&self) -> Vec<Containers> {
        (0..self.pods.len()).map(|ordinal| self.run(ordinal)).collect()
    }

    /// Waits until the keepers tell these roles, which the pods' labels follow: they look every few seconds.
    pub(super) fn until_roles(&self, wanted: [&str; 3]) {
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            let told = [0, 1, 2].map(|ordinal: usize| {
                std::fs::read_to_string(self.pods[ordinal].path("role/role")).unwrap_or_default()
            });
            if told.iter().map(|it| it.trim_end()).eq(wanted) {
                return;
            }
            assert!(Instant::now() < until, "wanted {wanted:?}, they are {told:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until every one of these pods is ready, as the kubelet would say.
    pub(super) fn ready(&self, containers: &[Containers]) {
        let until = Instant::now() + Duration::from_mins(2);
        let mut waiting: Vec<usize> = (0..containers.len()).collect();
        while !waiting.is_empty() {
            waiting.retain(|it| !self.pods[*it].ready());
            assert!(Instant::now() < until, "not ready: {waiting:?}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    pub(super) fn sql(&self, ordinal: usize, query: &str) -> String {
        self.pods[ordinal].sql("postgres", query)
    }

    pub(super) fn role(&self, ordinal: usize) -> String {
        std::fs::read_to_string(self.pods[ordinal].path("role/role"))
            .unwrap_or_default()
            .trim_end()
            .to_owned()
    }

    /// Promotes this pod, once the others see what the values say.
    pub(super) fn promote(&self, ordinal: usize, flags: &[&str]) {
        let until = Instant::now() + Duration::from_mins(2);
        loop {
            let (code, said) = self.pods[ordinal].promote(flags);
            if code == 0 {
                return;
            }
            assert!(Instant::now() < until, "{said}");
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    /// Waits until so many others stream from this pod.
    pub(super) fn streams(&self, ordinal: usize, others: usize) {
        let query = "select count(*) from pg_stat_replication where state = 'streaming' and application_name like 'r-_'";
        self.until(ordinal, query, &others.to_string());
    }

    /// Waits until a pod's answer to a query is this.
    pub(super) fn until(&self, ordinal: usize, query: &str, answer: &str) {
        let until = Instant::now() + Duration::from_mins(2);
        loop {
            let said = self.sql(ordinal, query);
            if said == answer {
                return;
            }
            assert!(Instant::now() < until, "r-{ordinal} `{query}`: wanted `{answer}`, it is `{said}`");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Containers {
    /// As a machine that hangs, or goes on.
    pub(super) fn freeze(&self, stop: bool) {
        for container in [&self.start, &self.keeper] {
            container.signal_all(if stop { "STOP" } else { "CONT" });
        }
    }

    pub(super) fn kill(&mut self) {
        self.start.kill_all();
        self.keeper.kill_all();
    }

    pub(super) fn stop(&mut self) {
        self.start.signal("TERM");
        self.keeper.signal("TERM");
        assert_eq!(self.start.ends(), 0, "{}", self.start.log());
        self.keeper.ends();
    }
}
