//! A primary whose machine hangs, is replaced, and wakes up: what it acknowledges that nobody else has.

use super::{Campaign, LIMIT, SYNCHRONOUS, Servers, freeze, seconds};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A client on the machine that hangs: a row after the other until it is told that this is no longer the primary. Prints
/// each acknowledged one, with the time in nanoseconds.
const WRITE: &str = r#"
n=0
while [ $n -lt 100000 ]; do
  n=$((n + 1))
  said=$(timeout 20 psql -XqAt -U postgres -d production_data -c "INSERT INTO woken VALUES ($n) RETURNING a" 2>&1)
  case $said in
    "$n") echo "$n $(date +%s%N)" ;;
    *read-only*) exit 0 ;;
    *) sleep 0.05 ;;
  esac
done
"#;

/// What was acknowledged by the primary that hung, and is lost.
#[derive(Default)]
struct Lost {
    before: usize,
    after: usize,
    /// From the time it woke up to the last of them.
    window: Duration,
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970")
}

/// Freezes the primary with a client of its own, promotes another, and wakes both up.
fn wake_up(servers: &mut Servers) -> Lost {
    servers.primary = 1;
    let servers = &*servers;
    let namespace = &servers.release.namespace;
    let (woken, acknowledged) = std::thread::scope(|scope| {
        let client = scope.spawn(|| namespace.exec("demo-0", "postgres", &["sh", "-c", WRITE], "").ok());
        namespace.wait_until("the client writes", LIMIT, || {
            servers.ask("demo-0", "SELECT count(*) > 10 FROM woken") == Ok("t\n".to_owned())
        });
        freeze(servers, 0, true);
        servers.apply(&[]).ok();
        servers.wait_promoted(1, &["--unreachable-peers-are-dead"]);
        freeze(servers, 0, false);
        (now(), client.join().expect("the client ends"))
    });
    servers.wait_healthy();
    let found = servers.ask("demo-1", "SELECT a FROM woken").expect("the primary answers");
    let mut lost = Lost::default();
    for (row, at) in acknowledged.lines().filter_map(|line| line.split_once(' ')) {
        let at = Duration::from_nanos(at.parse().expect("a number"));
        if !found.lines().any(|it| it == row) {
            match at.checked_sub(woken) {
                Some(after) => (lost.after, lost.window) = (lost.after + 1, after),
                None => lost.before += 1,
            }
        }
    }
    lost
}

#[test]
#[ignore = "long: `just ha-campaign`"]
fn a_primary_that_hangs_loses_nothing_it_acknowledged_in_synchronous_mode_and_its_last_moments_without() {
    for (mode, values) in [("synchronous", &[SYNCHRONOUS][..]), ("asynchronous", &[])] {
        let Some(mut servers) = Servers::ready(mode, values) else { return };
        servers.release.wait_served();
        servers.ask("demo-0", "CREATE TABLE woken (a int)").expect("the primary writes");
        let mut lost = Lost::default();
        if values.is_empty() {
            lost = wake_up(&mut servers);
        } else {
            let mut campaign = Campaign::begin(servers);
            campaign.case("failover to 1 while the old primary hangs, which then wakes up", |s| {
                lost = wake_up(s);
            });
            assert_eq!(lost.before + lost.after, 0, "it acknowledged what nobody else has");
        }
        println!(
            "{mode}: of the rows that the old primary acknowledged, {} of those before it hung are lost, and {} of those \
             after it woke up, the last after {}",
            lost.before,
            lost.after,
            seconds(lost.window)
        );
    }
}
