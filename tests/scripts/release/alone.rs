//! From several pods to one, on the volume whose data is to stay.

use super::{Values, each};

#[test]
fn a_standby_goes_on_alone_only_when_it_is_named_and_on_a_timeline_of_its_own() {
    each(&[17, 15], Values { replicas: 2, ..Values::default() }, |mut release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.sql(0, "create table kept (it int); insert into kept values (7)");
        release.until(1, "select it from kept", "7");
        pods.iter_mut().for_each(super::Containers::stop);

        let pod = &mut release.pods[1];
        for name in ["PGPOD_PEERS", "PGPOD_POD"] {
            pod.unset(name);
        }
        // Fewer than the primary had: nothing to stop a server that is alone.
        pod.append("config/postgresql.conf", "max_connections = 30\nmax_wal_senders = 10\n");
        let (code, said) = pod.start_to_end();
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("this volume belonged to one of several servers, and another may have newer data"),
            "{said}"
        );
        assert!(pod.data("/standby.signal").exists(), "nothing was changed");

        pod.set("PGPOD_FROM_ORDINAL", "1");
        // Killed at once, it goes on where it was.
        for kill in [true, false, false] {
            let mut alone = release.run(1);
            if kill {
                std::thread::sleep(std::time::Duration::from_millis(300));
                alone.kill();
                continue;
            }
            release.until(1, "select it from kept", "7");
            release.until(1, "select pg_is_in_recovery()", "f");
            assert_eq!(release.sql(1, "insert into kept values (8); delete from kept where it = 8"), "");
            let query = "select timeline_id > 1, current_setting('synchronous_standby_names') from pg_control_checkpoint()";
            release.until(1, query, "t|");
            alone.stop();
        }
        let left = ["", ".conf", ".upstream", ".synchronous", ".alone"]
            .map(|end| release.pods[1].data(end).exists());
        assert_eq!(left, [true, false, false, false, false]);
    });
}

#[test]
fn an_empty_volume_is_not_the_data_that_was_named() {
    each(&[17], Values { replicas: 2, ..Values::default() }, |mut release| {
        let pod = &mut release.pods[0];
        for name in ["PGPOD_PEERS", "PGPOD_POD"] {
            pod.unset(name);
        }
        pod.set("PGPOD_FROM_ORDINAL", "0");
        let (code, said) = pod.start_to_end();
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("the volume is empty, and the data of ordinal 0 is to stay"), "{said}");
        assert!(!pod.data("").exists());
    });
}
