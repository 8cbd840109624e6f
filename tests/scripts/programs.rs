//! The programs of PostgreSQL that a pod without Kubernetes finds on its `PATH`.

use std::fs;
use std::path::PathBuf;

use crate::support::{full_server, server};

/// Of 14 there are no clients here. These of 16 talk to it and read its data; its `pg_rewind` refuses them, and its
/// `pg_waldump`, by which start would check a clone, can't read them.
const CLIENTS_OF_14: [&str; 6] =
    ["psql", "pg_isready", "pg_basebackup", "pg_controldata", "pg_verifybackup", "pg_rewind"];

/// The programs of a major; `None` when they aren't here, and may be missing.
pub(super) fn programs(major: u8) -> Option<Vec<PathBuf>> {
    let server = if major == 14 { server(major) } else { full_server(major) }?;
    let folder = fs::read_dir(server.bin("")).expect("a folder");
    let mut all: Vec<PathBuf> = folder.map(|file| file.expect("an entry").path()).collect();
    // That of the package used here ends by a segmentation fault on any backup.
    all.retain(|program| major != 18 || !program.ends_with("pg_verifybackup"));
    if major == 14 {
        all.extend(CLIENTS_OF_14.map(|client| server.client(client)));
    }
    Some(all)
}
