//! What is too long for every run: everything that can happen to several servers, and many kills under load.
//!
//! `just ha-campaign` runs it and prints a table: the case, the time until all is healthy again, the rows that a client
//! outside had acknowledged by then, and how many of those are found. `PGPOD_KILLS` is the number of kills (50).
#![expect(clippy::print_stdout, reason = "the table is what it is run for")]

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
        println!("| case | healthy after | acknowledged | found |\n|---|---|---|---|");
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

/// Waits until a command succeeds in a pod's server container, and kills the container then.
fn kill_when(servers: &Servers, ordinal: u32, command: &str) {
    let pod = Servers::pod(ordinal);
    let wait = format!("for i in $(seq 5000); do if {command}; then exit 0; fi; sleep 0.02; done; exit 1");
    let namespace = &servers.release.namespace;
    namespace.wait_until("the moment to kill has come", LIMIT, || {
        namespace.exec(&pod, "postgres", &["sh", "-c", &wait], "").status == 0
    });
    servers.kill(ordinal, "postgres");
}

#[test]
#[ignore = "long: `just ha-campaign`"]
fn everything_that_happens_to_several_servers() {
    let Some(servers) = Servers::prepare("campaign", &[SYNCHRONOUS]) else { return };
    let namespace = servers.release.namespace.name.clone();
    let began = Instant::now();
    servers.apply(&[]).ok();
    kill_when(&servers, 0, "[ -e /var/lib/postgresql/17/docker.making ]");
    servers.wait_healthy();
    println!(
        "in {namespace}: first start, killed in the middle of initdb: healthy after {}",
        seconds(began.elapsed())
    );

    let mut campaign = Campaign::begin(servers);
    campaign.case("SIGKILL of the primary's server", |s| {
        s.kill_server(0);
        moment();
    });
    campaign.case("SIGKILL of the primary's container", |s| {
        s.kill(0, "postgres");
        moment();
    });
    campaign.case("SIGKILL of a standby's server", |s| {
        s.kill_server(1);
        moment();
    });
    campaign.case("SIGKILL of a standby's container", |s| {
        s.kill(2, "postgres");
        moment();
    });
    campaign.case("SIGKILL of the primary's keeper and role", |s| {
        s.kill(0, "keeper");
        s.kill(0, "role");
        moment();
    });
    campaign.case("SIGKILL of a standby's keeper and role", |s| {
        s.kill(1, "keeper");
        s.kill(1, "role");
        moment();
    });
    for (name, ordinal) in
        [("deletion of a standby's pod", "demo-2"), ("deletion of the primary's pod", "demo-0")]
    {
        campaign.case(name, |s| {
            s.release.namespace.kubectl(&["delete", "pod", ordinal, "--timeout=120s"]).ok();
        });
    }
    campaign.case("deletion of all pods at once, without grace", |s| {
        let all = ["delete", "pod", "demo-0", "demo-1", "demo-2", "--force", "--grace-period=0"];
        s.release.namespace.kubectl(&all).ok();
        moment();
    });
    campaign.case("a standby's volume emptied", |s| s.empty(2));
    campaign.case("SIGKILL in the middle of a clone", |s| {
        s.empty(1);
        kill_when(s, 1, "[ -e /var/lib/postgresql/17/docker.making ]");
        moment();
    });
    campaign.case("failover to ordinal 1, the old primary rejoining", |s| {
        s.fail_over(1);
    });
    campaign.case("failover back to ordinal 0", |s| {
        s.fail_over(0);
    });
    frozen(&mut campaign);
    campaign.case("failover back to ordinal 0", |s| {
        s.fail_over(0);
    });
    behind(&mut campaign);
    lost_primary(&mut campaign);
    campaign.case("failover back to ordinal 0", |s| {
        s.fail_over(0);
    });
    campaign.case("3 to 5 servers", |s| {
        s.replicas = 5;
        s.apply(&[]).ok();
    });
    campaign.case("5 to 2 servers", |s| {
        s.replicas = 2;
        s.apply(&[]).ok();
    });
    campaign.case("2 to 3 servers, on the volume that was kept", |s| {
        s.replicas = 3;
        s.apply(&[]).ok();
    });
    for (name, count) in [("max_connections up", 130), ("max_connections down", 70)] {
        campaign.case(name, |s| {
            s.apply(&[&format!("postgresql.config.max_connections={count}")]).ok();
            s.release.namespace.wait_ready("statefulset/demo", LIMIT * 2);
            for ordinal in s.ordinals() {
                assert_eq!(s.ask(&Servers::pod(ordinal), "SHOW max_connections"), Ok(format!("{count}\n")));
            }
        });
    }
}

/// A machine that hangs: its primary is replaced, then it wakes up.
fn frozen(campaign: &mut Campaign) {
    campaign.case("failover to 1 while the old primary is frozen, which then wakes up", |s| {
        let namespace = &s.release.namespace;
        for container in ["postgres", "keeper"] {
            namespace.signal("demo-0", container, "STOP --all").ok();
        }
        s.primary = 1;
        s.apply(&[]).ok();
        s.wait_promoted(1, &["--unreachable-peers-are-dead"]);
        std::thread::sleep(Duration::from_secs(5));
        for container in ["keeper", "postgres"] {
            s.release.namespace.signal("demo-0", container, "CONT --all").ok();
        }
    });
}

/// A standby that is behind is not promoted, whatever is said about unreachable peers.
fn behind(campaign: &mut Campaign) {
    campaign.case("promotion of a standby that is behind is refused", |s| {
        // It receives nothing while its receiver is stopped, and the others go on.
        s.ask("demo-1", "ALTER SYSTEM SET primary_conninfo = ''").err();
        let stop = ["sh", "-c", "kill -STOP $(pgrep -f 'walreceiver')"];
        s.release.namespace.exec("demo-1", "postgres", &stop, "").ok();
        std::thread::sleep(Duration::from_secs(3));
        s.primary = 1;
        s.apply(&[]).ok();
        std::thread::sleep(Duration::from_secs(10));
        for flags in [&[][..], &["--unreachable-peers-are-dead"]] {
            let ran = s.promote(1, flags);
            assert!(ran.status == 1 && ran.stderr.contains("received more"), "{ran:?}");
        }
        s.primary = 0;
        s.apply(&[]).ok();
        let go_on = ["sh", "-c", "kill -CONT $(pgrep -f 'walreceiver')"];
        s.release.namespace.exec("demo-1", "postgres", &go_on, "").ok();
        s.wait_promoted(0, &[]);
    });
}

/// The primary comes back with an empty volume: it makes no new cluster, says whom to promote, and clones that one.
fn lost_primary(campaign: &mut Campaign) {
    campaign.case(
        "the primary's volume emptied while standbys live, then failover to the one that is named",
        |s| {
            s.empty(0);
            let mut named = None;
            s.release.namespace.wait_until("the empty one names a standby", LIMIT, || {
                let log = s.release.namespace.logs("demo-0", "postgres");
                named =
                    (1..3).find(|ordinal| log.contains(&format!("highAvailability.primary` to {ordinal}")));
                named.is_some()
            });
            s.primary = named.expect("it was named");
            s.apply(&[]).ok();
            s.wait_promoted(s.primary, &[]);
        },
    );
}

#[test]
#[ignore = "long: `just ha-campaign`"]
fn many_kills_lose_nothing_that_was_acknowledged() {
    let Some(servers) = Servers::ready("kills", &[SYNCHRONOUS]) else { return };
    let kills: u32 = std::env::var("PGPOD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let campaign = Campaign::begin(servers);
    let mut longest = Duration::ZERO;
    for kill in 0..kills {
        let began = Instant::now();
        // Half of them from outside, the whole container; half of all on the primary.
        let ordinal = if kill % 2 == 0 { 0 } else { 1 + kill / 2 % 2 };
        if kill / 2 % 2 == 0 {
            campaign.servers.kill(ordinal, "postgres");
        } else {
            campaign.servers.kill_server(ordinal);
        }
        moment();
        campaign.servers.wait_healthy();
        longest = longest.max(began.elapsed());
        campaign.servers.forget_restarts();
        let before = campaign.writer.count();
        campaign
            .servers
            .release
            .namespace
            .wait_until("writes go on", LIMIT, || campaign.writer.count() > before + 5);
        if kill % 10 == 9 {
            campaign.report(&format!("{} kills", kill + 1), &format!("at most {}", seconds(longest)));
        }
    }
    campaign.report("all kills", &format!("at most {}", seconds(longest)));
    assert!(kills == 0 || campaign.writer.count() > 0);
}

#[test]
#[ignore = "long: `just ha-campaign`"]
fn how_long_a_frozen_primary_acknowledges_without_synchronous_mode() {
    let Some(mut servers) = Servers::ready("window", &[]) else { return };
    let writer = Client::start(&servers.release);
    std::thread::sleep(Duration::from_secs(3));
    let namespace = &servers.release.namespace;
    for container in ["postgres", "keeper"] {
        namespace.signal("demo-0", container, "STOP --all").ok();
    }
    servers.primary = 1;
    // A client in the old primary's machine, which writes there as soon as it wakes up.
    servers.apply(&[]).ok();
    servers.wait_promoted(1, &["--unreachable-peers-are-dead"]);
    servers.release.as_app("production_data", "CREATE TABLE woken (a timestamptz)").unwrap();
    for container in ["postgres", "keeper"] {
        servers.release.namespace.signal("demo-0", container, "CONT --all").ok();
    }
    let began = Instant::now();
    let mut last = None;
    servers.release.namespace.wait_until("the old primary has stepped down", LIMIT, || {
        let wrote = servers.ask(
            "demo-0",
            "INSERT INTO acknowledged VALUES (-1 - extract(epoch FROM clock_timestamp())::bigint)",
        );
        if wrote.is_ok() {
            last = Some(began.elapsed());
        }
        servers.ask("demo-0", "SELECT pg_is_in_recovery()") == Ok("t\n".to_owned())
    });
    servers.wait_healthy();
    println!(
        "without synchronous mode, the woken primary acknowledged for {}, and followed after {}",
        last.map_or("0 s".to_owned(), seconds),
        seconds(began.elapsed())
    );
    drop(writer);
}
