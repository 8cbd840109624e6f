//! Values that change while the servers run.

use super::{Campaign, LIMIT, SYNCHRONOUS, Servers};

#[test]
#[ignore = "long: `just ha-campaign`"]
fn servers_are_added_and_taken_away() {
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
}

/// A standby must not have less than its primary, which a roll from the last ordinal down reaches last: going down, a
/// standby has the lower value from its next start on.
#[test]
#[ignore = "long: `just ha-campaign`"]
fn max_connections_goes_up_and_down() {
    let Some(servers) = Servers::ready("connections", &[SYNCHRONOUS]) else { return };
    let mut campaign = Campaign::begin(servers);
    let roll = |s: &Servers, count: u32, wanted: [u32; 3]| {
        s.apply(&[&format!("postgresql.config.max_connections={count}")]).ok();
        s.release.namespace.wait_ready("statefulset/demo", LIMIT * 2);
        let found = [0, 1, 2].map(|ordinal| s.ask(&Servers::pod(ordinal), "SHOW max_connections"));
        assert_eq!(found, wanted.map(|count| Ok(format!("{count}\n"))));
    };
    campaign.case("max_connections up to 130", |s| roll(s, 130, [130; 3]));
    campaign.case("max_connections down to 70", |s| roll(s, 70, [70, 130, 130]));
    campaign.case("deletion of the standbys' pods: 70 there, too", |s| {
        let pods = ["delete", "pod", "demo-1", "demo-2", "--timeout=120s"];
        s.release.namespace.kubectl(&pods).ok();
        s.wait_healthy();
        roll(s, 70, [70; 3]);
    });
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
