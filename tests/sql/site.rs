//! A server and the files of a release beside it.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::support::{Pgpod, Ran, Server, TempCluster, run, server};

/// Who must bring a password; who else comes in is trusted.
const ACCESS: &str =
    "local all postgres trust\nlocal all pgpod_exporter trust\nlocal all all scram-sha-256\n";

/// A server as the values may make it: far from UTC, with the statistics.
const PLAIN: [(&str, &str); 2] =
    [("shared_preload_libraries", "pg_stat_statements"), ("timezone", "America/New_York")];

/// Everything that a server can be told to write down.
const LOUD: [(&str, &str); 7] = [
    ("session_preload_libraries", "auto_explain"),
    ("log_statement", "all"),
    ("log_min_duration_statement", "0"),
    ("log_min_error_statement", "debug5"),
    ("auto_explain.log_min_duration", "0"),
    ("debug_print_parse", "on"),
    ("pg_stat_statements.track", "all"),
];

/// A server, the files of a release, and its passwords.
pub(super) struct Site {
    pub(super) cluster: TempCluster,
    server: Server,
}

/// How a run ended: what it said, without where in which file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) status: i32,
    pub(super) stdout: String,
    pub(super) messages: Vec<String>,
}

impl Outcome {
    /// A run to the end that had something to say.
    pub(super) fn complete(messages: &[&str]) -> Self {
        Self {
            status: 0,
            stdout: "pgpod: bootstrap complete\n".to_owned(),
            messages: messages.iter().map(|&m| m.to_owned()).collect(),
        }
    }
}

/// A session that stays; it ends with the value.
pub(super) struct Sitting(Child);

impl Sitting {
    pub(super) fn wait(&mut self) -> ExitStatus {
        self.0.wait().expect("a child can be waited for")
    }
}

impl Drop for Sitting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Site {
    /// A server of a major, and the files of a release with these values.
    pub(super) fn new(major: u8, values: &str) -> Option<Self> {
        Some(Self::on(server(major)?, values, &PLAIN))
    }

    /// A server that writes down all that it can.
    pub(super) fn loud(major: u8, values: &str) -> Option<Self> {
        Some(Self::on(server(major)?, values, &[&PLAIN[..], &LOUD[..]].concat()))
    }

    pub(super) fn on(server: Server, values: &str, parameters: &[(&str, &str)]) -> Self {
        let mut site = Self { cluster: TempCluster::initialised(server.clone()), server };
        site.start(parameters);
        for role in ["superuser", "app", "readonly", "replication"] {
            site.password(role, &format!("{role}'s secret"));
        }
        site.values(values);
        site
    }

    fn start(&mut self, parameters: &[(&str, &str)]) {
        let access = self.cluster.file("pg_hba.conf", ACCESS).display().to_string();
        let mut all = vec![("hba_file", access.as_str())];
        all.extend(parameters);
        self.cluster.start(&all).unwrap_or_else(|log| panic!("the server doesn't start:\n{log}"));
    }

    /// Ends the server of [`Site::new`] and starts it again.
    pub(super) fn restart(&mut self) {
        self.start(&PLAIN);
    }

    /// Renders the files again, with other values.
    pub(super) fn values(&self, values: &str) {
        let render = [
            "render",
            "demo",
            "--show-only",
            "templates/kubernetes/init.yaml",
            "--format",
            "json",
            "-f",
            "-",
        ];
        let text = Pgpod::new(render).stdin(if values.is_empty() { "{}" } else { values }).run().ok();
        let list: serde_json::Value = serde_json::from_str(&text).expect("JSON was asked for");
        for (name, text) in list["items"][0]["data"].as_object().expect("a ConfigMap has data") {
            self.cluster.file(name, text.as_str().expect("a file is a text"));
        }
    }

    /// Changes a password in the Secret.
    pub(super) fn password(&self, role: &str, password: &str) {
        self.cluster.file(&format!("{role}-password"), password);
    }

    fn files(&self) -> PathBuf {
        self.cluster.file("readme", "").parent().expect("a file is in a folder").to_path_buf()
    }

    fn psql(&self) -> Command {
        let mut command = Server::command(&self.server.client("psql"));
        command.args(["-X", "-v", "ON_ERROR_STOP=1", "-h"]).arg(self.cluster.socket());
        command.env("PGPOD_AUTH", self.files());
        command
    }

    fn bootstrap_command(&self) -> Command {
        let mut command = self.psql();
        command.args(["-U", "postgres", "-d", "postgres", "-f"]).arg(self.files().join("init.sql"));
        command
    }

    /// Runs the SQL as anybody may run it: none of the keeper's own precautions are on.
    pub(super) fn bootstrap(&self) -> Outcome {
        let Ran { stdout, stderr, status } = run(&mut self.bootstrap_command(), b"");
        let files = format!("psql:{}/", self.files().display());
        let message = |line: &str| match line.strip_prefix(&files).and_then(|rest| rest.split_once(": ")) {
            Some((place, message)) => {
                format!("{}: {message}", place.split(':').next().unwrap_or_default())
            }
            None => line.to_owned(),
        };
        Outcome { status, stdout, messages: stderr.lines().map(message).collect() }
    }

    /// Begins a run that can be killed.
    pub(super) fn begin(&self) -> Child {
        let mut command = self.bootstrap_command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("psql starts")
    }

    /// Begins a session that runs some SQL and stays until the value that is given back is dropped.
    pub(super) fn sit(&self, database: &str, role: &str, password: &str, sql: &str) -> Sitting {
        let mut command = self.psql();
        command.args(["-q", "-U", role, "-d", &connection(database), "-c", sql]);
        command.args(["-c", "SELECT pg_sleep(60)"]).env("PGPASSWORD", password);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("psql starts");
        let sits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        while self.superuser("postgres", sits) == "0\n" {
            std::thread::sleep(Duration::from_millis(20));
        }
        Sitting(child)
    }

    /// Runs SQL in a database as a role that comes in with a password.
    pub(super) fn log_in(
        &self,
        role: &str,
        password: &str,
        database: &str,
        sql: &str,
    ) -> Result<String, String> {
        let mut command = self.psql();
        command.args(["-q", "-A", "-t", "-U", role, "-f", "-", "-d", &connection(database)]);
        let result = run(command.env("PGPASSWORD", password), sql.as_bytes()).result();
        result.map_err(|error| error.lines().next().unwrap_or_default().to_owned())
    }

    /// Runs SQL as the application, whose password is the one that [`Site::new`] set.
    pub(super) fn app(&self, database: &str, sql: &str) -> Result<String, String> {
        self.log_in("app", "app's secret", database, sql)
    }

    /// Runs SQL as the read-only role.
    pub(super) fn readonly(&self, database: &str, sql: &str) -> Result<String, String> {
        self.log_in("readonly", "readonly's secret", database, sql)
    }

    /// Runs SQL in a database as the superuser.
    pub(super) fn superuser(&self, database: &str, sql: &str) -> String {
        self.cluster.psql_as("postgres", &connection(database), sql).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Everything that is in the cluster, as SQL.
    pub(super) fn dump(&self) -> String {
        let mut command = Server::command(&self.server.client("pg_dumpall"));
        let text = run(command.args(["-U", "postgres", "-h"]).arg(self.cluster.socket()), b"").ok();
        // `\restrict` has a random word.
        let kept =
            text.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
        kept.collect::<Vec<_>>().join("\n")
    }
}

/// A connection string: a name like `a=b` stays a name.
fn connection(database: &str) -> String {
    format!("dbname='{}'", database.replace('\\', "\\\\").replace('\'', "\\'"))
}
