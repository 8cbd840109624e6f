//! The WAL on its own volume, and the way there and back.

use std::fs;

use super::each;
use super::life::killed_at_every_step;
use super::pod::Pod;

const STEPS: [&str; 7] = ["mv", "cp", "ln", "rm", "rmdir", "sync", "diff"];

fn with_a_row(pod: &Pod) {
    let mut start = pod.start();
    start.until_said("ready to accept connections");
    pod.sql("postgres", "create table kept (it int); insert into kept select generate_series(1, 5000)");
    // As the machine leaves it when it dies: WAL that recovery needs.
    start.kill_all();
}

fn rows(pod: &Pod) -> String {
    let mut start = pod.start();
    start.until("serving", |it| it.log().contains("ready to accept connections") || it.gone());
    let rows = pod.sql("postgres", "select count(*) from kept");
    start.signal("TERM");
    start.ends();
    rows
}

#[test]
fn a_new_cluster_has_its_wal_on_the_wal_volume_and_cannot_be_served_without_it() {
    each(&[17, 15], |mut pod| {
        let wal = pod.text("wal");
        pod.set("PGPOD_WAL", &wal);
        with_a_row(&pod);
        let target = pod.path(&format!("wal/{}/pg_wal", pod.major));
        assert_eq!(fs::read_link(pod.data("/pg_wal")).ok(), Some(target.clone()));
        assert_eq!(rows(&pod), "5000");

        fs::rename(pod.path("wal"), pod.path("unmounted")).expect("a rename");
        pod.folder("wal");
        pod.unset("PGPOD_WAL");
        assert_eq!(
            pod.start_to_end(),
            (
                1,
                format!(
                    "error: the WAL of this cluster is at `$POD/wal/{}/pg_wal`, and nothing is there\n  \
                     Nothing was changed. Mount the WAL volume again (`persistence.wal.enabled`); \
                     to give it up, set `persistence.wal.retire` first.\n",
                    pod.major
                )
            )
        );
        fs::remove_dir(pod.path("wal")).expect("an empty folder");
        fs::rename(pod.path("unmounted"), pod.path("wal")).expect("a rename");
        pod.set("PGPOD_WAL", &wal);
        assert_eq!(rows(&pod), "5000");

        // The data volume is lost, its WAL isn't.
        fs::rename(pod.path("volume"), pod.path("lost")).expect("a rename");
        pod.folder("volume");
        assert_eq!(
            pod.start_to_end(),
            (
                1,
                format!(
                    "error: the WAL volume holds the WAL of another cluster (`$POD/wal/{}/pg_wal`), the data volume is empty\n  \
                     Nothing was changed. Check that both volumes belong together; to begin with an empty cluster, \
                     move that folder away.\n",
                    pod.major
                )
            )
        );
    });
}

#[test]
fn killed_in_mid_initdb_with_a_wal_volume_both_halves_are_moved_aside() {
    each(&[17, 15], |mut pod| {
        let wal = pod.text("wal");
        pod.set("PGPOD_WAL", &wal);
        let mut start = pod.start();
        start.until("WAL is there", |_| {
            pod.path(&format!("wal/{}/pg_wal/archive_status", pod.major)).exists()
        });
        start.kill_all();
        let start = pod.start();
        start.until_said("ready to accept connections");
        assert_eq!(Pod::names(&pod.path(&format!("wal/{}", pod.major))), ["pg_wal", "pg_wal.half-made-TIME"]);
    });
}

#[test]
fn the_wal_moves_to_its_volume_and_back_killed_before_every_step() {
    each(&[17, 15], |mut pod| {
        with_a_row(&pod);
        let (wal, major) = (pod.text("wal"), pod.major);
        pod.set("PGPOD_WAL", &wal);
        let there = killed_at_every_step(&pod, &STEPS);
        assert_eq!(fs::read_link(pod.data("/pg_wal")).ok(), Some(pod.path(&format!("wal/{major}/pg_wal"))));
        assert_eq!(Pod::names(&pod.path(&format!("wal/{major}"))), ["pg_wal"]);
        assert_eq!(rows(&pod), "5000");
        pod.unset("PGPOD_WAL");
        let back = killed_at_every_step(&pod, &STEPS);
        assert!(fs::symlink_metadata(pod.data("/pg_wal")).is_ok_and(|it| it.is_dir()));
        assert_eq!(rows(&pod), "5000");
        let left: Vec<String> =
            Pod::names(&pod.data("")).into_iter().filter(|it| it.starts_with("pg_wal")).collect();
        assert_eq!(left, ["pg_wal"]);
        // The kills met what they were meant for.
        assert!(there > 10 && back > 10, "{there} steps there, {back} back");
    });
}

#[test]
fn wal_that_does_not_fit_its_volume_stays_where_it_is() {
    each(&[17, 15], |mut pod| {
        with_a_row(&pod);
        let wal = pod.text("wal");
        pod.set("PGPOD_WAL", &wal);
        pod.front("df", "#!/bin/sh\necho Filesystem; echo /dev/small 100 90 10 90% /\n");
        let (code, said) = pod.start_to_end();
        assert_eq!(code, 1);
        let words = format!("and there are only 10 kB free at `$POD/wal/{}`\n", pod.major);
        assert!(said.starts_with("error: the WAL takes ") && said.contains(&words), "{said}");
        pod.no_front();
        pod.unset("PGPOD_WAL");
        assert_eq!(rows(&pod), "5000");
    });
}
