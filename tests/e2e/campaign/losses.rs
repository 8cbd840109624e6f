//! Volumes that are emptied, with and without a volume for the WAL.

use super::{Campaign, LIMIT, SYNCHRONOUS, Servers, assert_reunited, kill_amid, moment, part};

#[test]
#[ignore = "long: `just ha-campaign`"]
fn an_emptied_volume_is_filled_from_the_others() {
    let Some(servers) = Servers::ready("emptied", &[SYNCHRONOUS]) else { return };
    let mut campaign = Campaign::begin(servers);
    lose(&mut campaign);
}

/// The volumes for the WAL stay, with what the servers before left there.
#[test]
#[ignore = "long: `just ha-campaign`"]
fn a_volume_for_the_wal_stands_in_the_way_of_no_clone_and_no_rewind() {
    let Some(servers) = Servers::ready("wal", &[SYNCHRONOUS, "persistence.wal.enabled=true"]) else { return };
    let mut campaign = Campaign::begin(servers);
    lose(&mut campaign);
    campaign.case("the old primary hangs, and wakes up parted", |s| {
        part(s);
        s.wait_healthy();
        assert_reunited(s);
        let log = s.release.namespace.logs("demo-0", "postgres");
        assert!(log.contains("pgpod: rewound\n"), "{log}");
    });
    for ordinal in campaign.servers.ordinals() {
        let link = ["sh", "-c", "readlink /var/lib/postgresql/17/docker/pg_wal"];
        let link = campaign.servers.release.namespace.exec(&Servers::pod(ordinal), "postgres", &link, "");
        assert_eq!(link.ok(), "/var/lib/postgresql-wal/17/pg_wal\n");
    }
}

fn lose(campaign: &mut Campaign) {
    campaign.case("a standby's volume emptied", |s| s.empty(2));
    campaign.case("a standby's volume emptied, SIGKILL in the middle of its clone", |s| {
        s.empty(1);
        kill_amid(s, 1, "pg_basebackup", "making");
        moment();
    });
    // It makes no new cluster, says whom to promote, and clones that one.
    campaign.case("the primary's volume emptied, failover to the one that it names", |s| {
        s.empty(0);
        let mut named = None;
        s.release.namespace.wait_until("the empty one names a standby", LIMIT, || {
            let log = s.release.namespace.logs("demo-0", "postgres");
            named = (1..3).find(|ordinal| {
                log.contains(&format!(
                    "set `highAvailability.primary` to {ordinal}, apply, and run the promote script in \
                     `demo-{ordinal}`, with `--unreachable-peers-are-dead`, since this pod can't answer it."
                ))
            });
            named.is_some()
        });
        s.primary = named.expect("it was named");
        s.apply(&[]).ok();
        s.wait_promoted(s.primary, &["--unreachable-peers-are-dead"]);
    });
    campaign.fail_over(0);
}
