//! A pod's life: first start, kills, stops, the lock.

use std::fs;
use std::process::{Child, Stdio};

use super::each;
use super::pod::{Pod, Running, Shell};

/// A client that would stay: a smart shutdown waits for it.
fn client(pod: &Pod, start: &Running) -> Child {
    let asks = "select pg_sleep(60)";
    let socket = pod.text("socket");
    let psql = ["psql", "-h", &socket, "-U", "postgres", "-c", asks];
    let client = pod.command(&psql).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("psql");
    let there =
        "select count(*) from pg_stat_activity where query like '%sleep(60)%' and pid <> pg_backend_pid()";
    start.until("the client is there", |_| pod.sql("postgres", there) == "1");
    client
}

/// Slows initdb down by its own first step, so that it can be met while it works.
const SLOW_INITDB: &str = r#"#!/bin/sh
for word; do case $word in *docker.making) mkdir -p "$word/base"; echo 17 >"$word/PG_VERSION" ;; esac; done
sleep 60
"#;

#[test]
fn an_empty_volume_is_made_and_served_and_a_stop_does_not_wait_for_clients() {
    each(&[15, 15, 16, 17, 17, 18], |pod| {
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
        let mut client = client(&pod, &start);
        start.signal("TERM");
        keeper.signal("TERM");
        assert_eq!((start.ends(), keeper.ends()), (0, 0));
        client.wait().expect("psql ends with its server");
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
    });
}

#[test]
fn a_second_start_keeps_the_data_and_does_not_initialise() {
    each(&[17, 15], |pod| {
        for runs in ["1", "2"] {
            let mut start = pod.start();
            let mut keeper = pod.keeper();
            start.until("ready", |_| pod.ready());
            assert_eq!(pod.sql("plant", "select count(*) from runs"), runs);
            start.signal("INT");
            keeper.signal("TERM");
            assert_eq!((start.ends(), keeper.ends()), (0, 0));
        }
    });
}

#[test]
fn killed_in_mid_initdb_the_half_made_cluster_is_moved_aside_and_a_new_one_is_made() {
    each(&[17, 15], |pod| {
        pod.front("initdb", SLOW_INITDB);
        let mut start = pod.start();
        start.until("initdb at work", |_| pod.data(".making/base").exists());
        assert_eq!(pod.probe(&["startup"]), (0, String::new()));
        assert_eq!(pod.probe(&["live"]), (0, String::new()));
        assert_eq!(pod.probe(&["ready"]), (1, "working making a cluster".to_owned()));
        start.kill_all();
        pod.no_front();
        let start = pod.start();
        start.until_said("ready to accept connections");
        let folder = format!("$POD/volume/{}/docker", pod.major);
        let first = start.said().lines().next().map(ToOwned::to_owned);
        let aside = format!(
            "found a half-made cluster at {folder}.making: moved aside to {folder}.half-made-TIME; \
             it is not served and may be removed"
        );
        assert_eq!(first, Some(aside));
        let beside = pod.data("").with_file_name("");
        assert_eq!(Pod::names(&beside), ["docker", "docker.complete", "docker.half-made-TIME"]);
    });
}

#[test]
fn a_stop_while_initdb_works_does_not_wait_for_it_and_leaves_nothing_served() {
    each(&[17, 15], |pod| {
        pod.front("initdb", SLOW_INITDB);
        let mut start = pod.start();
        start.until("initdb at work", |_| pod.data(".making/base").exists());
        start.signal("TERM");
        assert_eq!(start.ends(), 0);
        assert_eq!(pod.state(), "working stopped on request");
        assert!(!pod.data("").exists() && !pod.data(".complete").exists());
    });
}

#[test]
fn a_second_pod_on_the_volume_waits_until_the_first_is_gone_and_then_serves() {
    each(&[17, 15], |first| {
        let mut serving = first.start();
        serving.until_said("ready to accept connections");
        first.sql("postgres", "create table kept (it int); insert into kept values (7)");
        let second = first.sibling();
        let mut waiting = second.start();
        waiting.until("it waits", |_| second.state().starts_with("held the volume's lock belongs to `"));
        assert_eq!(
            (second.probe(&["startup"]).0, second.probe(&["live"]).0, second.probe(&["ready"]).0),
            (0, 0, 1)
        );
        waiting.signal("TERM");
        assert_eq!(waiting.ends(), 0);

        let waiting = second.start();
        waiting.until_said("waiting for the lock");
        std::thread::sleep(std::time::Duration::from_secs(2));
        assert_eq!(first.sql("postgres", "select it from kept"), "7");
        serving.kill_all();
        waiting.until_said("ready to accept connections");
        assert_eq!(second.sql("postgres", "select it from kept"), "7");
        assert_eq!(
            waiting.said().replace(&first.text(""), "$FIRST/"),
            format!(
                "waiting for the lock on the volume, held by `$HOST`; this pod starts when that one has ended\n\
                 got the lock on the volume\n\
                 starting PostgreSQL {0} on $FIRST/volume/{0}/docker\n",
                first.major
            )
        );
    });
}

#[test]
fn a_killed_server_ends_start_with_its_code_and_the_next_start_recovers() {
    each(&[17, 15], |pod| {
        let mut start = pod.start();
        start.until_said("ready to accept connections");
        pod.sql("postgres", "create table kept (it int); insert into kept values (7)");
        let pid = fs::read_to_string(pod.data("/postmaster.pid")).expect("a running server");
        let pid = pid.lines().next().expect("its process").to_owned();
        pod.command(&["kill", "-9", &pid]).status().expect("kill");
        assert_eq!(start.ends(), 137);
        let start = pod.start();
        start.until_said("ready to accept connections");
        assert_eq!(pod.sql("postgres", "select it from kept"), "7");
    });
}

/// The programs that change the volume when a cluster is made.
const MAKING: [&str; 5] = ["initdb", "mv", "sync", "rmdir", "rm"];

/// Each program that changes the volume kills the whole pod when its turn comes: the first time at
/// its first call, the second time at its second … until a start comes through.
pub(super) fn killed_at_every_step(pod: &Pod, programs: &[&str]) -> usize {
    (1..10_000).find(|turn| !killed_before(pod, programs, *turn)).expect("a script has fewer steps")
}

/// Starts a pod that is killed before the `turn`th call of these programs; false where it served first, and was stopped.
fn killed_before(pod: &Pod, programs: &[&str], turn: usize) -> bool {
    pod.write("turns", "");
    for program in programs {
        let real =
            if *program == "initdb" { "initdb".to_owned() } else { pod.text(&format!("bin/{program}")) };
        pod.front(program, &format!(
            "#!/bin/sh\necho >>'{turns}'\n[ \"$(wc -l <'{turns}')\" -ne {turn} ] || kill -9 0\nPATH=${{PATH#*:}}\nexec {real} \"$@\"\n",
            turns = pod.text("turns"),
        ));
    }
    let mut start = pod.start();
    start.until("killed or serving", |it| it.log().contains("ready to accept connections") || it.gone());
    if start.gone() {
        assert_eq!(start.ends(), 137, "{}", start.log());
        return true;
    }
    // Beyond every turn: the stop is not part of it.
    pod.write("turns", &"\n".repeat(1000));
    start.signal("TERM");
    assert_eq!(start.ends(), 0);
    pod.no_front();
    false
}

#[test]
fn killed_before_any_one_step_of_making_a_cluster_the_next_start_serves_a_whole_one() {
    for turn in 1.. {
        // What one kill leaves must not hide what the next would.
        let Some(pod) = Pod::new(Shell::Dash, 17) else { return };
        if !killed_before(&pod, &MAKING, turn) {
            assert!(turn > 6, "{turn} turns");
            return;
        }
        pod.no_front();
        let start = pod.start();
        start.until_said("ready to accept connections");
        assert_eq!(pod.sql("postgres", "select 1"), "1");
    }
}

#[test]
fn killed_before_every_step_of_making_a_cluster_the_last_start_serves_a_whole_one() {
    each(&[17, 15], |pod| {
        let steps = killed_at_every_step(&pod, &MAKING);
        assert!(steps >= 8, "{steps} steps");
        let beside = pod.data("").with_file_name("");
        let names = Pod::names(&beside);
        assert_eq!(
            names.iter().filter(|name| !name.contains("half-made")).collect::<Vec<_>>(),
            ["docker", "docker.complete"]
        );
        let start = pod.start();
        start.until_said("ready to accept connections");
        assert_eq!(pod.sql("postgres", "select 1"), "1");
    });
}
