//! A database cluster for one test, in a folder of its own, reached by its socket only.

use super::program::run;
use super::servers::{Server, give};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A data directory and the server that runs on it; both end with the value.
pub(crate) struct TempCluster {
    server: Server,
    folder: tempfile::TempDir,
    process: Option<Child>,
}

impl TempCluster {
    /// Initialises a data directory as a rendered pod does (checksums, the major's locale provider) and starts nothing.
    ///
    /// # Panics
    /// When initdb fails, with what it said.
    pub(crate) fn initialised(server: Server) -> Self {
        let folder =
            tempfile::Builder::new().prefix("pgpod-").tempdir().expect("the temporary folder is writable");
        for path in [folder.path().to_path_buf(), folder.path().join("socket"), folder.path().join("files")] {
            std::fs::create_dir_all(&path).expect("a new folder is writable");
            give(&path);
        }
        let cluster = Self { server, folder, process: None };
        run(
            Server::command(&cluster.server.bin("initdb"))
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--data-checksums",
                    "--no-sync",
                ])
                .args(["--locale=C.UTF-8", "-D"])
                .arg(cluster.data()),
            b"",
        )
        .ok();
        cluster
    }

    /// A running server with its own defaults.
    ///
    /// # Panics
    /// When it doesn't start, with its log.
    pub(crate) fn started(server: Server) -> Self {
        let mut cluster = Self::initialised(server);
        cluster.start(&[]).unwrap_or_else(|log| panic!("the server doesn't start:\n{log}"));
        cluster
    }

    /// Starts the server with these parameters on its command line (`config_file` for a whole file), and waits until
    /// it answers. What a test's server must be (its socket, no TCP, no waiting for the disk) is added last, so it wins.
    ///
    /// # Errors
    /// The server's log, when it ends instead or doesn't answer within half a minute.
    pub(crate) fn start(&mut self, parameters: &[(&str, &str)]) -> Result<(), String> {
        self.stop();
        let log = self.path("log");
        let _ = std::fs::remove_file(self.path("files").join("pid"));
        // The shell ends the server when this process has gone, however it went: its standard input then ends.
        let mut command = Server::command(Path::new("/bin/sh"));
        command.args(["-c", "\"$@\" & echo $! >\"$0\"; read -r _; kill -INT $! 2>/dev/null; wait $!"]);
        command
            .arg(self.path("files").join("pid"))
            .arg(self.server.bin("postgres"))
            .arg("-D")
            .arg(self.data());
        let socket = format!("unix_socket_directories={}", self.socket().display());
        for (name, value) in parameters {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        for own in
            [&socket, "listen_addresses=", "fsync=off", "logging_collector=off", "log_destination=stderr"]
        {
            command.args(["-c", own]);
        }
        let file = std::fs::File::create(&log).expect("the cluster's folder is writable");
        command.stdin(Stdio::piped()).stdout(file.try_clone().expect("a file can be shared")).stderr(file);
        let mut child = command.spawn().expect("the shell starts");
        let deadline = Instant::now() + Duration::from_mins(2);
        while self.psql("SELECT 1").is_err() {
            if self.server_ended() || Instant::now() > deadline {
                finish(&mut child);
                return Err(std::fs::read_to_string(&log).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.process = Some(child);
        Ok(())
    }

    /// The shell outlives the server, so the server's own state tells whether it has ended.
    fn server_ended(&self) -> bool {
        let id = std::fs::read_to_string(self.path("files").join("pid")).unwrap_or_default();
        if id.is_empty() {
            return false; // not yet started
        }
        let state = std::fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
        state.rsplit(") ").next().is_none_or(|fields| fields.is_empty() || fields.starts_with('Z'))
    }

    /// Stops the server, fast, and waits until it is gone.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.process.take() {
            finish(&mut child);
        }
    }

    /// Runs SQL as the superuser in database `postgres`: unaligned rows without headers, or what psql said.
    pub(crate) fn psql(&self, sql: &str) -> Result<String, String> {
        self.psql_as("postgres", "postgres", sql)
    }

    /// Runs SQL as a role in a database. The SQL may hold psql's own commands; the first error ends it.
    pub(crate) fn psql_as(&self, role: &str, database: &str, sql: &str) -> Result<String, String> {
        let mut command = Server::command(&self.server.client("psql"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", role, "-d", database, "-h"]);
        run(command.arg(self.socket()).args(["-f", "-"]), sql.as_bytes()).result()
    }

    /// Writes a file that the server can read, and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path("files").join(name);
        write(&path, text);
        path
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.path("socket")
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for TempCluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ends the shell's input, upon which it ends the server.
fn finish(shell: &mut Child) {
    drop(shell.stdin.take());
    let _ = shell.wait();
}

fn write(path: &Path, text: &str) {
    let mut file = std::fs::File::create(path).expect("the test's folder is writable");
    file.write_all(text.as_bytes()).expect("the test's folder is writable");
    give(path);
}

/// What a server takes one parameter to be when it reads `conf` as its configuration file, in the parameter's own unit
/// and without it (`shared_buffers` counts blocks of 8 kB).
///
/// # Errors
/// What the server said about a file that it refuses.
pub(crate) fn postgres_c(server: &Server, conf: &str, parameter: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    give(folder.path());
    let file = folder.path().join("postgresql.conf");
    write(&file, conf);
    let mut command: Command = Server::command(&server.bin("postgres"));
    command.arg("-C").arg(parameter).arg("-D").arg(folder.path());
    run(command.arg("-c").arg(format!("config_file={}", file.display())), b"").result()
}

#[cfg(test)]
mod tests {
    use super::super::servers::{MAJORS, full_server, server};
    use super::{TempCluster, postgres_c};

    #[test]
    fn every_major_starts_and_answers() {
        for major in MAJORS {
            let Some(server) = server(major) else { return };
            let cluster = TempCluster::started(server);
            assert_eq!(
                cluster.psql("SELECT current_setting('server_version_num')::int / 10000"),
                Ok(format!("{major}\n"))
            );
            assert_eq!(
                cluster.psql("CREATE EXTENSION pg_stat_statements; SHOW data_checksums"),
                Ok("on\n".to_owned())
            );
        }
    }

    #[test]
    fn a_full_server_restarts_with_other_parameters() {
        let Some(server) = full_server(17) else { return };
        let mut cluster = TempCluster::initialised(server);
        let conf = cluster.file("postgresql.conf", "work_mem = 5MB\n");
        assert_eq!(cluster.start(&[("config_file", &conf.display().to_string())]), Ok(()));
        assert_eq!(cluster.psql("SHOW work_mem"), Ok("5MB\n".to_owned()));
        assert_eq!(cluster.psql_as("nobody", "postgres", "SELECT 1").unwrap_err().lines().count(), 1);
        let log = cluster.start(&[("work_mem", "1PB")]).unwrap_err();
        assert!(log.contains("invalid value for parameter \"work_mem\""), "{log}");
    }

    #[test]
    fn a_configuration_is_read_without_a_server() {
        let Some(server) = server(16) else { return };
        assert_eq!(
            postgres_c(&server, "shared_buffers = '1GB'\n", "shared_buffers"),
            Ok("131072\n".to_owned())
        );
        let refused = postgres_c(&server, "shared_bufers = '1GB'\n", "shared_buffers").unwrap_err();
        assert!(refused.contains("unrecognized configuration parameter \"shared_bufers\""), "{refused}");
    }
}
