//! Volumes that are emptied, copies that are killed in the middle.

use std::fs;

use super::{Values, each};
use crate::scripts::pod::{Pod, Running};

fn empty(pod: &Pod) {
    fs::remove_dir_all(pod.path("volume")).expect("a volume");
    pod.folder("volume");
}

#[test]
fn an_emptied_standby_is_cloned_again_and_an_emptied_primary_waits_and_names_who_has_most() {
    each(&[17, 15], Values::default(), |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.sql(0, "create table kept (it int); insert into kept values (7)");
        pods[2].kill();
        empty(&release.pods[2]);
        pods[2] = release.run(2);
        release.ready(&pods);
        release.until(2, "select it from kept", "7");

        release.until(1, "select it from kept", "7");
        pods[0].kill();
        empty(&release.pods[0]);
        pods[0] = release.run(0);
        pods[0].start.until_said("has received most");
        let said = pods[0].start.said();
        assert!(
            said.contains("waiting: this volume is empty, and no pod runs as primary; of the standbys, `r-"),
            "{said}"
        );
        pods[0].start.until("held", |_| release.pods[0].state().starts_with("held this volume is empty"));
        std::thread::sleep(std::time::Duration::from_secs(4));
        assert!(!release.pods[0].data("").exists());
        // What it says to do.
        release.apply(Values { primary: 1, ..Values::default() });
        release.promote(1, &["--unreachable-peers-are-dead"]);
        release.ready(&pods);
        release.until(0, "select it from kept", "7");
        release.streams(1, 2);
    });
}

/// Breaks the target, as a rewind that is killed does.
const SLOW_REWIND: &str = r#"#!/bin/sh
rm -rf "$2/global"
: >"$2/../half-way"
sleep 30
"#;

#[test]
fn killed_in_mid_rewind_the_data_is_moved_aside_and_cloned() {
    each(&[17], Values { replicas: 2, ..Values::default() }, |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        release.sql(0, "create table kept (it int)");
        release.until(1, "select count(*) from kept", "0");
        pods[1].kill();
        release.sql(0, "insert into kept select generate_series(1, 1000)");
        pods[0].kill();
        release.apply(Values { primary: 1, replicas: 2, ..Values::default() });
        pods[1] = release.run(1);
        release.promote(1, &["--unreachable-peers-are-dead"]);
        let pod = &release.pods[0];
        pod.front("pg_rewind", SLOW_REWIND);
        pods[0] = release.run(0);
        pods[0].start.until("half-way", |_| pod.data("").with_file_name("half-way").exists());
        pods[0].kill();
        pod.no_front();
        pods[0] = release.run(0);
        release.ready(&pods);
        release.streams(1, 1);
        release.until(0, "select count(*) from kept", "0");
        let beside = Pod::names(&pod.data("").with_file_name(""));
        assert!(beside.iter().any(|it| it.starts_with("docker.diverged-")), "{beside:?}");
        assert!(!beside.contains(&"docker.rewinding".to_owned()), "{beside:?}");
    });
}

/// Copies something, so that it can be met while it works.
const SLOW_COPY: &str = r#"#!/bin/sh
for word; do case $word in *docker.making) mkdir -p "$word/base"; echo 17 >"$word/PG_VERSION" ;; esac; done
sleep 30
"#;

#[test]
fn killed_in_mid_clone_the_copy_is_moved_aside_and_made_again() {
    each(&[17, 15], Values { replicas: 2, ..Values::default() }, |release| {
        let primary = release.run(0);
        release.ready(std::slice::from_ref(&primary));
        let pod = &release.pods[1];
        pod.front("pg_basebackup", SLOW_COPY);
        let mut standby = release.run(1);
        standby.start.until("a copy at work", |_| pod.data(".making/base").exists());
        assert_eq!((pod.probe(&["startup"]).0, pod.probe(&["live"]).0, pod.probe(&["ready"]).0), (0, 0, 1));
        standby.kill();
        pod.no_front();
        let pods = [primary, release.run(1)];
        release.ready(&pods);
        let beside = pod.data("").with_file_name("");
        let names = Pod::names(&beside);
        assert_eq!(
            names,
            [
                "docker",
                "docker.complete",
                "docker.conf",
                "docker.half-made-TIME",
                "docker.synchronous",
                "docker.upstream"
            ]
        );
    });
}

/// Ends its caller with all that it runs, as a container ends, where a folder is moved aside.
const DEADLY_MOVE: &str = r#"#!/bin/sh
case "$*" in *docker.diverged-*) kill -KILL 0 ;; esac
PATH=${PATH#*:}
exec mv "$@"
"#;

/// A standby whose data must make way for a clone: its keeper found that the primary no longer has its WAL.
fn ask_for_a_clone(pod: &Pod) {
    let server = fs::read_to_string(pod.path("state/server")).expect("it runs");
    let run = server.split(' ').next().expect("a run");
    pod.write("state/request", &format!("{run} clone 0\n"));
}

#[test]
fn killed_while_its_data_makes_way_for_a_clone_a_standby_goes_on_with_it() {
    each(&[17, 15], Values { replicas: 2, ..Values::default() }, |release| {
        let pod = &release.pods[1];
        // Before the first use: a shell remembers where a program is.
        pod.front("mv", DEADLY_MOVE);
        let mut pods = release.run_all();
        release.ready(&pods);
        ask_for_a_clone(pod);
        pods[1].start.until("killed", Running::gone);
        assert_eq!(pods[1].start.ends(), 137);
        assert!(pod.data(".rewinding").exists());
        pod.no_front();
        pods[1].kill();
        pods[1] = release.run(1);
        release.ready(&pods);
        release.streams(0, 1);
        let beside = Pod::names(&pod.data("").with_file_name(""));
        assert!(beside.iter().any(|it| it.starts_with("docker.diverged-")), "{beside:?}");
        assert!(!beside.contains(&"docker.rewinding".to_owned()), "{beside:?}");
    });
}

#[test]
fn a_standby_that_made_way_too_often_says_what_to_remove_and_then_goes_on() {
    each(&[17, 15], Values { replicas: 2, ..Values::default() }, |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        let pod = &release.pods[1];
        let aside = |number: usize| pod.data(&format!(".diverged-{number}"));
        for number in 0..5 {
            fs::create_dir(aside(number)).expect("a folder");
        }
        ask_for_a_clone(pod);
        pods[1].start.until("refused", Running::gone);
        assert_eq!(pods[1].start.ends(), 1);
        let data = format!("$POD/volume/{}/docker", pod.major);
        let refusal = format!(
            "error: the data in `{data}` must make way for a clone, and 5 that did so before are still there\n  Each may \
             hold rows that the primary never had. When nobody needs them, remove the folders `{data}.diverged-*`: the \
             next start goes on by itself.\n"
        );
        assert!(pods[1].start.said().ends_with(&refusal), "{}", pods[1].start.said());
        let (code, said) = pod.start_to_end();
        assert!(code == 1 && said.ends_with(&refusal), "{said}");
        for number in 0..5 {
            fs::remove_dir(aside(number)).expect("a folder");
        }
        pods[1].kill();
        pods[1] = release.run(1);
        release.ready(&pods);
        release.streams(0, 1);
    });
}

#[test]
fn no_cluster_is_made_beside_data_that_made_way_for_a_clone() {
    each(&[17, 15], Values { replicas: 2, ..Values::default() }, |release| {
        let mut pods = release.run_all();
        release.ready(&pods);
        pods[0].kill();
        pods[1].kill();
        let pod = &release.pods[1];
        fs::rename(pod.data(""), pod.data(".diverged-1")).expect("the data");
        fs::remove_file(pod.data(".complete")).expect("the marker");
        release.apply(Values { primary: 1, replicas: 2, ..Values::default() });
        pods[1] = release.run(1);
        pods[1].start.until_said(
            "waiting: this volume is empty, no other pod answers, and data that made way for a clone is at",
        );
        let held = "held this volume is empty, no other pod answers";
        pods[1].start.until(held, |_| pod.state().starts_with(held));
        // Longer than other pods have to answer.
        std::thread::sleep(std::time::Duration::from_secs(4));
        assert!(!pod.data("").exists());
        let aside = pod.data(".diverged-1");
        let control =
            pod.command(&["pg_controldata", "-D", &aside.display().to_string()]).output().expect("it");
        let control = String::from_utf8_lossy(&control.stdout).into_owned();
        let line = control.lines().find_map(|line| line.strip_prefix("Database system identifier:"));
        let identifier = line.expect("it has one").trim().to_owned();
        // What it says to do.
        pods[1].kill();
        let mut release = release;
        fs::rename(aside, release.pods[1].data("")).expect("the data");
        release.pods[1].set("PGPOD_ADOPT_SYSTEM", &identifier);
        pods[1] = release.run(1);
        release.promote(1, &["--unreachable-peers-are-dead"]);
        assert_eq!(release.sql(1, "select pg_is_in_recovery()"), "f");
    });
}
