//! What is too long for every run: everything that can happen to several servers, and many kills under load.
//!
//! `just ha-campaign` runs it and prints tables: the case, the time until all is healthy again, the rows that a client
//! outside had acknowledged by then, and how many of those are found. A file per kind of case; a test of it begins
//! with [`Campaign::begin`].
#![expect(clippy::print_stdout, reason = "the tables are what it is run for")]

mod changes;
mod failovers;
mod frozen;
mod kills;
mod losses;

use super::release::LIMIT;
use super::servers::seconds;
use super::{Client, Servers, client};
use std::time::{Duration, Instant};

const SYNCHRONOUS: &str = "highAvailability.synchronous.enabled=true";

/// A client that writes all the time, and the table.
struct Campaign {
    servers: Servers,
    writer: Client,
}

impl Campaign {
    fn begin(servers: Servers) -> Self {
        let writer = Client::start(&servers.release);
        println!("\n| case | healthy after | acknowledged | found |\n|---|---|---|---|");
        Self { servers, writer }
    }

    /// One case: something happens, all is healthy again and writes go on, and everything acknowledged is there.
    fn case(&mut self, name: &str, deed: impl FnOnce(&mut Servers)) {
        let before = self.writer.count();
        let began = Instant::now();
        deed(&mut self.servers);
        self.servers.wait_healthy();
        let took = began.elapsed();
        self.servers.forget_restarts();
        self.servers.release.namespace.wait_until("writes go on", LIMIT, || self.writer.count() > before + 1);
        self.report(name, &seconds(took));
    }

    fn fail_over(&mut self, to: u32) {
        self.case(&format!("planned failover to ordinal {to}"), |s| {
            s.fail_over(to);
        });
    }

    fn report(&self, name: &str, took: &str) {
        let acknowledged = self.writer.acknowledged();
        let found = self
            .servers
            .ask(&self.servers.primary(), "SELECT a FROM acknowledged")
            .expect("the primary answers");
        let missing = client::missing(&acknowledged, &found);
        println!("| {name} | {took} | {} | {} |", acknowledged.len(), acknowledged.len() - missing.len());
        assert_eq!(missing, Vec::<u64>::new(), "{name}");
    }
}

/// Gives time to a container that was killed to be seen as killed.
fn moment() {
    std::thread::sleep(Duration::from_secs(3));
}

/// Kills a pod's server container while a program works in it that leaves a file beside PGDATA. The program stands still
/// from then on: until Kubernetes knows of the container, it would be done.
fn kill_amid(servers: &Servers, ordinal: u32, program: &str, mark: &str) {
    let pod = Servers::pod(ordinal);
    let stop = format!(
        "for i in $(seq 5000); do if [ -e \"$PGDATA.{mark}\" ]; then for process in /proc/[0-9]*; do \
         if [ \"$(cat \"$process/comm\" 2>/dev/null)\" = {program} ]; then kill -STOP \"${{process#/proc/}}\" && done=yes; fi; \
         done; [ -z \"$done\" ] || exit 0; fi; sleep 0.02; done; exit 1"
    );
    let namespace = &servers.release.namespace;
    namespace.wait_until(&format!("{program} works"), LIMIT, || {
        namespace.exec(&pod, "postgres", &["sh", "-c", &stop], "").status == 0
    });
    namespace.wait_until("Kubernetes knows of the container", LIMIT, || {
        namespace.signal(&pod, "postgres", "KILL").status == 0
    });
}

/// Has a standby receive nothing while all can reach it, or receive again: its keeper, which would mend it at its next
/// look, stands still meanwhile.
fn cut_off(servers: &Servers, ordinal: u32, cut: bool) {
    let (namespace, pod) = (&servers.release.namespace, Servers::pod(ordinal));
    if cut {
        namespace.signal(&pod, "keeper", "STOP --all").ok();
        let nobody = "echo \"primary_conninfo = 'host=127.0.0.1 port=1'\" >\"$PGDATA.upstream\"";
        namespace.exec(&pod, "postgres", &["sh", "-c", nobody], "").ok();
        servers.ask(&pod, "SELECT pg_reload_conf()").expect("a standby answers");
        let stream = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'";
        namespace
            .wait_until("it receives nothing", LIMIT, || servers.ask(&pod, stream) == Ok("0\n".to_owned()));
    } else {
        namespace.signal(&pod, "keeper", "CONT --all").ok();
    }
}

/// Stops every process of a pod's two containers, as a machine that hangs, or has them go on.
fn freeze(servers: &Servers, ordinal: u32, stop: bool) {
    let signal = if stop { "STOP --all" } else { "CONT --all" };
    for container in ["postgres", "keeper"] {
        servers.release.namespace.signal(&Servers::pod(ordinal), container, signal).ok();
    }
}

/// Ordinal 0 writes what nobody else has, and nobody was told of, and hangs; 1 takes its place; it wakes up.
fn part(servers: &mut Servers) {
    for standby in [1, 2] {
        cut_off(servers, standby, true);
    }
    let alone =
        "SET synchronous_commit = local; CREATE TABLE alone AS SELECT generate_series(1, 1000); CHECKPOINT";
    servers.ask("demo-0", alone).expect("the primary writes");
    freeze(servers, 0, true);
    for standby in [1, 2] {
        cut_off(servers, standby, false);
    }
    servers.primary = 1;
    servers.apply(&[]).ok();
    servers.wait_promoted(1, &["--unreachable-peers-are-dead"]);
    freeze(servers, 0, false);
}

/// Nobody has what was written alone.
fn assert_reunited(servers: &Servers) {
    for ordinal in servers.ordinals() {
        let gone = servers.ask(&Servers::pod(ordinal), "SELECT to_regclass('alone') IS NULL");
        assert_eq!(gone, Ok("t\n".to_owned()), "ordinal {ordinal}");
    }
}
