//! Values that change while the servers run.

use super::{Campaign, LIMIT, SYNCHRONOUS, Servers};

#[test]
#[ignore = "long: `just ha-campaign`"]
fn replicas_and_max_connections_go_up_and_down() {
    let Some(servers) = Servers::ready("changes", &[SYNCHRONOUS]) else { return };
    let mut campaign = Campaign::begin(servers);
    for (name, replicas) in
        [("3 to 5 servers", 5), ("5 to 2 servers", 2), ("2 to 3 servers, on the volume that was kept", 3)]
    {
        campaign.case(name, |s| {
            s.replicas = replicas;
            s.apply(&[]).ok();
            let slots = "SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots";
            let wanted: Vec<String> = (1..replicas).map(|ordinal| format!("pgpod_{ordinal}")).collect();
            let wanted = Ok(format!("{}\n", wanted.join(" ")));
            s.release.namespace.wait_until("a slot per standby", LIMIT, || s.ask("demo-0", slots) == wanted);
        });
    }
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

#[test]
#[ignore = "long: `just ha-campaign`"]
fn a_standby_that_lags_leaves_the_readers_and_comes_back() {
    let Some(servers) = Servers::ready("lag", &["highAvailability.maxLag=1Mi"]) else { return };
    let mut campaign = Campaign::begin(servers);
    let readers = |s: &Servers, wanted: &str| {
        let path = "-o=jsonpath={range .items[*].endpoints[*]}{.targetRef.name}={.conditions.ready} {end}";
        let args = ["get", "endpointslices", "-l", "kubernetes.io/service-name=demo-ro", path];
        let mut found = String::new();
        s.release.namespace.wait_until(&format!("the readers are {wanted}"), LIMIT, || {
            let said = s.release.namespace.kubectl(&args).ok();
            let mut names: Vec<&str> = said.split_whitespace().collect();
            names.sort_unstable();
            found = names.join(" ");
            found == wanted
        });
    };
    // The process that replays stands still, as it may on a slow disk; what receives goes on.
    let replay = |s: &Servers, signal: &str| {
        let pid = s.ask("demo-2", "SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'");
        let pid = pid.expect("a standby answers").trim_end().to_owned();
        s.release.namespace.exec("demo-2", "postgres", &["kill", signal, &pid], "").ok();
    };
    campaign.case("a standby's replay stands still, 3 MB and more behind", |s| {
        readers(s, "demo-1=true demo-2=true");
        replay(s, "-STOP");
        s.ask("demo-0", "CREATE TABLE much AS SELECT generate_series(1, 100000)")
            .expect("the primary writes");
        readers(s, "demo-1=true");
        assert!(s.is_healthy(), "it receives all: it is ready, and only not read from");
    });
    campaign.case("it replays again", |s| {
        replay(s, "-CONT");
        readers(s, "demo-1=true demo-2=true");
    });
}
