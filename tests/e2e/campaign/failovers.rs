//! Failovers, and promotions that are refused.

use super::{Campaign, SYNCHRONOUS, Servers, assert_reunited, cut_off, kill_amid, moment, part};
use std::time::Duration;

#[test]
#[ignore = "long: `just ha-campaign`"]
fn a_failover_loses_nothing_and_one_to_a_standby_that_is_behind_is_refused() {
    let Some(servers) = Servers::ready("failovers", &[SYNCHRONOUS]) else { return };
    let mut campaign = Campaign::begin(servers);
    campaign.fail_over(1);
    campaign.fail_over(0);
    behind(&mut campaign);
    campaign.fail_over(0);
    diverged(&mut campaign);
    campaign.fail_over(0);
}

/// A standby that is behind is not promoted, whatever is said about unreachable peers, until it has the rest.
fn behind(campaign: &mut Campaign) {
    campaign.case("promotion of a standby that is behind: refused, and done when it has caught up", |s| {
        cut_off(s, 1, true);
        s.ask("demo-0", "CREATE TABLE behind AS SELECT generate_series(1, 1000)")
            .expect("the primary writes");
        s.primary = 1;
        s.apply(&[]).ok();
        let mut refused = Vec::new();
        s.release.namespace.wait_until("the promotion is refused for it", Duration::from_mins(2), || {
            refused = [&[][..], &["--unreachable-peers-are-dead"]]
                .into_iter()
                .map(|flags| s.promote(1, flags))
                .filter(|ran| ran.status == 1 && ran.stderr.contains("has received more ("))
                .collect();
            refused.len() == 2
        });
        cut_off(s, 1, false);
        s.wait_promoted(1, &[]);
        assert_eq!(s.ask("demo-1", "SELECT count(*) FROM behind"), Ok("1000\n".to_owned()));
    });
}

/// A primary that parted from the others is killed while it is rewound: what that leaves can't be used.
fn diverged(campaign: &mut Campaign) {
    campaign.case("the old primary hangs, wakes up parted, SIGKILL in the middle of its pg_rewind", |s| {
        part(s);
        kill_amid(s, 0, "pg_rewind", "rewinding");
        moment();
        s.wait_healthy();
        assert_reunited(s);
        let log = s.release.namespace.logs("demo-0", "postgres");
        assert!(
            log.contains("found a diverged cluster at /var/lib/postgresql/17/docker: moved aside"),
            "{log}"
        );
    });
}
