//! From nothing to three pods that replicate, and their ordinary life.

use super::{Values, each};

#[test]
fn three_pods_from_nothing_one_primary_and_two_streaming_standbys() {
    each(&[17, 15], Values::default(), |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.until(
            0,
            "select string_agg(application_name, ' ' order by application_name) from pg_stat_replication",
            "r-1 r-2",
        );
        release.until(
            0,
            "select string_agg(slot_name || active, ' ' order by slot_name) from pg_replication_slots",
            "pgpod_1true pgpod_2true",
        );
        release.sql(0, "create table kept (it int); insert into kept values (7)");
        for standby in [1, 2] {
            release.until(standby, "select it from kept", "7");
            let refused = release.sql(standby, "insert into kept values (8)");
            assert_eq!(refused, "ERROR:  cannot execute INSERT in a read-only transaction");
        }
        release.until_roles(["primary", "standby", "standby"]);
        for pod in &mut pods {
            pod.stop();
        }
        for pod in &pods {
            assert!(!pod.start.log().contains("s3cret") && !pod.keeper.log().contains("s3cret"));
        }
        let pods = release.run_all();
        release.ready(&pods);
        assert_eq!(release.sql(0, "select it from kept"), "7");
    });
}
