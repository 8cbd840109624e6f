//! Where real PostgreSQL servers are: the folder that `PGPOD_SERVERS` names, as `.ci/servers` fills it.

use super::gate;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every major version that pgpod knows.
pub(crate) const MAJORS: [u8; 5] = [14, 15, 16, 17, 18];

/// The programs of one PostgreSQL.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    folder: PathBuf,
    clients: PathBuf,
}

/// A server of any supported major: initdb, `pg_ctl`, postgres and contrib, and clients made for it.
pub(crate) fn server(major: u8) -> Option<Server> {
    let folder = folder("postgres", &major.to_string())?;
    // psql and pg_dump of the same major or a newer one; 16's is as old as there is with all clients.
    let clients = self::folder("postgres-full", if major > 16 { "full-18" } else { "full-16" })?;
    Some(Server { folder, clients })
}

/// A server with every program of its major: 15 to 18. Those of 15 and 17 have `PostGIS`, pgaudit and `pg_cron`;
/// those of 16 and 18 no extension, no ICU and no TLS.
pub(crate) fn full_server(major: u8) -> Option<Server> {
    let name = match major {
        15 => "postgres-full-15",
        17 => "postgres-full-17",
        _ => "postgres-full",
    };
    let folder = folder(name, &format!("full-{major}"))?;
    Some(Server { clients: folder.clone(), folder })
}

fn folder(name: &str, folder: &str) -> Option<PathBuf> {
    let Some(servers) = gate::variable("PGPOD_SERVERS") else {
        return gate::missing(name, "PGPOD_SERVERS is not set; `just test` sets it");
    };
    let folder = Path::new(&servers).join(folder);
    if !folder.join("bin/postgres").exists() {
        return gate::missing(
            name,
            &format!("there is no server in {}; `.ci/servers` installs it", folder.display()),
        );
    }
    Some(folder)
}

impl Server {
    /// A program of the server itself.
    pub(crate) fn bin(&self, program: &str) -> PathBuf {
        self.folder.join("bin").join(program)
    }

    /// A client program (psql, `pg_dump`, `pg_basebackup` …) that works with this server.
    pub(crate) fn client(&self, program: &str) -> PathBuf {
        self.clients.join("bin").join(program)
    }

    /// Runs a program as a user that PostgreSQL accepts: it refuses root. Nothing of the environment is passed on.
    pub(crate) fn command(program: &Path) -> Command {
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir("/");
        command
    }
}

/// Hands a file to the user that servers run as.
pub(super) fn give(path: &Path) {
    if is_root() {
        // `nobody` and `nogroup` on every Linux.
        std::os::unix::fs::chown(path, Some(65534), Some(65534)).expect("root may give a file away");
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
