//! A pod's life: first start, kills, stops, the lock.

use std::fs;
use std::time::Instant;

use super::pods;

#[test]
fn an_empty_volume_is_made_and_served_and_a_stop_is_fast() {
    for pod in pods(&[15, 15, 16, 17, 17, 18, 18]) {
        let mut start = pod.start();
        let mut keeper = pod.keeper();
        start.until("ready", |_| pod.ready());
        assert_eq!(pod.sql("plant", "select count(*) from runs"), "1");
        assert_eq!(pod.sql("plant", "show data_checksums"), "on");
        for question in [&["startup"][..], &["live"], &["live", "keeper"], &["ready", "keeper"]] {
            assert_eq!(pod.probe(question), (0, String::new()));
        }
        let marker = fs::read_to_string(pod.data(".complete")).expect("the marker");
        let system = pod.sql("plant", "select system_identifier from pg_control_system()");
        assert_eq!(marker.lines().next(), Some(format!("system_identifier={system}").as_str()));
        let _idle = pod
            .command(&["psql", "-h", &pod.text("socket"), "-U", "postgres", "-c", "select pg_sleep(60)"])
            .spawn();
        let asked = Instant::now();
        start.signal("TERM");
        keeper.signal("TERM");
        assert_eq!((start.ends(10), keeper.ends(5)), (0, 0));
        assert!(asked.elapsed().as_secs() < 5);
        let locale = if pod.major >= 17 { "builtin" } else { "libc" };
        assert_eq!(
            start.said(),
            format!(
                "the volume is empty: making a cluster of PostgreSQL {0} ({locale} C.UTF-8)\n\
                 the cluster is made\n\
                 starting PostgreSQL {0} on $POD/volume/{0}/docker\n\
                 PostgreSQL ended with exit code 0\n",
                pod.major
            )
        );
        assert_eq!(
            keeper.said(),
            "keeper: watching the mounted files\n\
             bootstrap: applying roles, passwords, databases and scripts\n\
             bootstrap: done\n\
             keeper: asked to stop\n"
        );
        assert_eq!(pod.state(), "working the server ended with 0");
        assert!(!start.log().contains("s3cret") && !keeper.log().contains("s3cret"));
    }
}
