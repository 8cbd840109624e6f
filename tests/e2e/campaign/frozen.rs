//! A primary whose machine hangs, is replaced, and wakes up: what it acknowledges then.

use super::{Campaign, SYNCHRONOUS, Servers, freeze, seconds};
use std::time::{Duration, Instant};

/// A client on the machine that hung: a row after the other until it is told that this is no longer the primary, each
/// acknowledged one printed.
const WRITE: &str = r#"
n=0
while [ $n -lt 100000 ]; do
  n=$((n + 1))
  said=$(timeout 20 psql -XqAt -U postgres -d production_data -c "INSERT INTO woken VALUES ($n) RETURNING a" 2>&1)
  case $said in
    "$n") echo "$n" ;;
    *read-only*) exit 0 ;;
    *) sleep 0.1 ;;
  esac
done
"#;

/// Freezes the primary, promotes another, and wakes it up: gives how long it went on as primary, and how many rows it acknowledged that are
/// lost.
fn wake_up(servers: &mut Servers) -> (Duration, usize) {
    let mut woken = (Duration::ZERO, 0);
    freeze(servers, 0, true);
    servers.primary = 1;
    servers.apply(&[]).ok();
    servers.wait_promoted(1, &["--unreachable-peers-are-dead"]);
    freeze(servers, 0, false);
    let began = Instant::now();
    let acknowledged = servers.release.namespace.exec("demo-0", "postgres", &["sh", "-c", WRITE], "").ok();
    woken.0 = began.elapsed();
    servers.wait_healthy();
    let found = servers.ask("demo-1", "SELECT a FROM woken").expect("the primary answers");
    woken.1 = acknowledged.lines().filter(|row| !found.lines().any(|it| it == *row)).count();
    woken
}

#[test]
#[ignore = "long: `just ha-campaign`"]
fn a_primary_that_wakes_up_acknowledges_nothing_in_synchronous_mode_and_a_moments_rows_without() {
    for (mode, values) in [("synchronous", &[SYNCHRONOUS][..]), ("asynchronous", &[])] {
        let Some(servers) = Servers::ready(mode, values) else { return };
        servers.release.wait_served();
        servers.ask("demo-0", "CREATE TABLE woken (a int)").expect("the primary writes");
        let synchronous = !values.is_empty();
        let mut woken = (Duration::ZERO, 0);
        let row = "failover to 1 while the old primary hangs, which then wakes up";
        if synchronous {
            let mut campaign = Campaign::begin(servers);
            campaign.case(row, |s| woken = wake_up(s));
            assert_eq!(woken.1, 0, "it acknowledged what nobody else has");
        } else {
            let mut servers = servers;
            woken = wake_up(&mut servers);
        }
        println!(
            "{mode}: the woken primary ended that role after {}; it acknowledged {} rows that are lost",
            seconds(woken.0),
            woken.1
        );
    }
}
