//! Processes that are killed, pods that are deleted, and many of the first under load.

use super::{Campaign, LIMIT, SYNCHRONOUS, Servers, kill_amid, moment, seconds};
use std::time::{Duration, Instant};

#[test]
#[ignore = "long: `just ha-campaign`"]
fn whatever_is_killed_or_deleted_comes_back() {
    let Some(servers) = Servers::prepare("killed", &[SYNCHRONOUS]) else { return };
    let began = Instant::now();
    servers.apply(&[]).ok();
    kill_amid(&servers, 0, "initdb", "making");
    servers.wait_healthy();
    println!("first start, killed in the middle of initdb: healthy after {}", seconds(began.elapsed()));

    let mut campaign = Campaign::begin(servers);
    for (name, ordinal) in [("the primary's", 0), ("a standby's", 1)] {
        campaign.case(&format!("SIGKILL of {name} server"), |s| {
            s.kill_server(ordinal);
            moment();
        });
        campaign.case(&format!("SIGKILL of {name} container, from outside"), |s| {
            s.kill(ordinal, "postgres");
            moment();
        });
        campaign.case(&format!("SIGKILL of {name} keeper and role"), |s| {
            s.kill(ordinal, "keeper");
            s.kill(ordinal, "role");
            moment();
        });
        campaign.case(&format!("deletion of {name} pod"), |s| {
            let pod = Servers::pod(ordinal);
            s.release.namespace.kubectl(&["delete", "pod", &pod, "--timeout=120s"]).ok();
        });
    }
    campaign.case("deletion of all pods at once, without grace", |s| {
        let all = ["delete", "pod", "demo-0", "demo-1", "demo-2", "--force", "--grace-period=0"];
        s.release.namespace.kubectl(&all).ok();
        moment();
    });
}

/// `PGPOD_KILLS` is their number.
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
        if kill % 10 == 9 || kill + 1 == kills {
            campaign.report(&format!("{} kills", kill + 1), &format!("at most {}", seconds(longest)));
        }
    }
}
