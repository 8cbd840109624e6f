//! Volumes that a server's container mounts where the server keeps its data and its log.

use super::server::{container, variable, volume, workload};
use super::{Part, Subject, pod_template};
use crate::diagnostics::{Severity, codes};
use crate::manifest::reporter::Reporter;

/// A directory of the server's, and the volume that it is on.
struct Own<'a> {
    path: String,
    volume: &'static str,
    /// Where that is mounted.
    root: &'a str,
}

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let workload = subject.demands.server.as_ref().and_then(|server| workload(server, subject.objects));
    let Some((object, pod)) = workload.and_then(|object| Some((object, pod_template(object)?))) else {
        return;
    };
    let Some(server) = container(&pod, "postgres") else { return };
    let mounts = server.items("volumeMounts");
    let own = own(&server, &mounts);
    for mount in &mounts {
        let (Some(name), Some(path)) = (mount.text("name"), mount.text("mountPath")) else { continue };
        let Some(own) = own.iter().find(|own| {
            own.volume != name
                && (is_below(path, &own.path) || (is_below(&own.path, path) && is_below(path, own.root)))
        }) else {
            continue;
        };
        // Two volumes at one path are found as such, and the log's volume may be below the data's.
        let trimmed = |path: &str| parts(path).map(str::to_owned).collect::<Vec<_>>();
        if name == "data" || name == "wal" || trimmed(path) == trimmed(own.root) {
            continue;
        }
        let at = mount.path.child("mountPath");
        let mut say = |severity, title: &str, help: &str| {
            reporter.say(severity, codes::MOUNT, object, &at, title, help);
        };
        if goes_with_the_pod(&pod, name)
            && !goes_with_the_pod(&pod, own.volume)
            && !is_scratch(path, &own.path)
        {
            let title = format!(
                "the server would keep `{}` in the volume `{name}`, which is lost with the pod",
                if is_below(path, &own.path) { path } else { &own.path }
            );
            let is_the_log = parts(path).any(|part| part == "pg_wal") && own.volume == "data";
            let help = if is_the_log {
                "remove it; `persistence.wal.enabled` gives the log a volume of its own"
            } else {
                "mount it elsewhere"
            };
            say(Severity::Error, &title, help);
        } else if is_below(path, &own.path) {
            let title =
                format!("the volume `{name}` is mounted inside the server's own directory `{}`", own.path);
            let help =
                "mount it elsewhere: a new cluster can't be made around it, and it hides what is there";
            say(Severity::Warning, &title, help);
        }
    }
}

fn own<'a>(server: &Part<'a>, mounts: &[Part<'a>]) -> Vec<Own<'a>> {
    let root = |volume: &str| {
        let mut of = mounts.iter().filter(|mount| mount.text("name") == Some(volume));
        of.next().and_then(|mount| mount.text("mountPath"))
    };
    let data = variable(server, "PGDATA").zip(root("data"));
    let log = variable(server, "PGPOD_WAL").zip(variable(server, "PGPOD_MAJOR")).zip(root("wal"));
    let data = data.map(|(path, root)| Own { path: path.to_owned(), volume: "data", root });
    // As `start` places it.
    let log =
        log.map(|((wal, major), root)| Own { path: format!("{wal}/{major}/pg_wal"), volume: "wal", root });
    data.into_iter().chain(log).collect()
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// Whether a path is another one or below it.
fn is_below(path: &str, other: &str) -> bool {
    let mut path = parts(path);
    parts(other).all(|part| path.next() == Some(part))
}

/// Whether a path is for what a server does without when it starts again.
fn is_scratch(path: &str, data: &str) -> bool {
    const SCRATCH: [&str; 4] = ["base/pgsql_tmp", "log", "pg_log", "pg_stat_tmp"];
    SCRATCH.iter().any(|scratch| is_below(path, &format!("{data}/{scratch}")))
}

fn goes_with_the_pod(pod: &Part<'_>, name: &str) -> bool {
    let volume = volume(pod, name);
    volume.is_some_and(|volume| ["emptyDir", "ephemeral"].iter().any(|key| volume.at(&[key]).is_some()))
}
