//! What start finds on a volume, and what it makes of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::each;
use super::pod::Pod;

/// A pod whose volume holds a served cluster with a row in it.
fn served(pod: &Pod) {
    let mut start = pod.start();
    start.until_said("ready to accept connections");
    pod.sql("postgres", "create table kept (it int); insert into kept values (7)");
    start.signal("TERM");
    assert_eq!(start.ends(), 0);
}

fn serves_the_row(pod: &Pod) {
    let start = pod.start();
    start.until("serving", |it| it.log().contains("ready to accept connections") || it.gone());
    assert_eq!(pod.sql("postgres", "select it from kept"), "7", "{}", start.log());
}

fn system_identifier(pod: &Pod) -> String {
    let marker = fs::read_to_string(pod.data(".complete")).expect("the marker");
    marker.lines().next().and_then(|line| line.split_once('=')).expect("its first line").1.to_owned()
}

/// Start refuses, with these words.
fn refused(pod: &Pod, words: &str) {
    assert_eq!(pod.start_to_end(), (1, words.to_owned()));
    assert_eq!(pod.probe(&["ready"]).0, 1);
}

#[test]
fn a_half_made_directory_is_moved_aside_and_never_deleted() {
    each(&[17, 15], |pod| {
        fs::create_dir_all(pod.data("/base")).expect("a folder");
        pod.write("note", "here");
        fs::rename(pod.path("note"), pod.data("/base/note")).expect("a rename");
        let version = pod.major.to_string();
        pod.write("version", &version);
        fs::rename(pod.path("version"), pod.data("/PG_VERSION")).expect("a rename");
        pod.own_all("volume");
        let start = pod.start();
        start.until_said("ready to accept connections");
        let beside = pod.data("").with_file_name("");
        let aside = fs::read_dir(&beside)
            .expect("a folder")
            .map(|it| it.expect("an entry").path())
            .find(|it| it.display().to_string().contains(".half-made-"))
            .expect("what was moved aside");
        assert_eq!(fs::read_to_string(aside.join("base/note")).ok(), Some("here".to_owned()));
    });
}

#[test]
fn another_majors_data_is_refused_in_place_and_beside() {
    each(&[17], |pod| {
        served(&pod);
        pod.write("version", "16\n");
        fs::rename(pod.path("version"), pod.data("/PG_VERSION")).expect("a rename");
        refused(
            &pod,
            "error: `$POD/volume/17/docker` holds a cluster of PostgreSQL 16, this server is 17\n  \
             Nothing was changed. Set `postgresql.version` back to 16; to move to 17, use pg_upgrade, \
             or dump there and restore into a new release.\n",
        );
        fs::rename(pod.path("volume/17"), pod.path("volume/16")).expect("a rename");
        refused(
            &pod,
            "error: the volume holds a cluster of PostgreSQL 16 at `$POD/volume/16/docker`, and none at `$POD/volume/17/docker`\n  \
             Nothing was changed. If that is the data to serve, set `postgresql.version` back to 16, or move it to \
             `$POD/volume/17/docker`; another major needs pg_upgrade, or a dump and restore.\n  \
             To begin an empty cluster beside it, rename it to `$POD/volume/16/docker.old`.\n",
        );
        fs::rename(pod.path("volume/16/docker"), pod.path("volume/16/docker.old")).expect("a rename");
        let start = pod.start();
        start.until_said("ready to accept connections");
    });
    each(&[15], |mut pod| {
        pod.set("PGPOD_MAJOR", "16");
        refused(
            &pod,
            "error: the image brings PostgreSQL 15, the values ask for 16\n  \
             Set `postgresql.version` and the image to the same major.\n",
        );
    });
}

#[test]
fn a_cluster_of_somebody_else_is_refused_until_it_is_adopted_by_name() {
    each(&[17, 15], |mut pod| {
        served(&pod);
        let id = system_identifier(&pod);
        fs::remove_file(pod.data(".complete")).expect("the marker");
        refused(
            &pod,
            &format!(
                "error: `$POD/volume/{}/docker` holds a cluster that pgpod did not make (system identifier {id})\n  \
                 Nothing was changed. If it is whole (restored, or from another installation), set the environment \
                 variable PGPOD_ADOPT_SYSTEM={id} of container `postgres` (by `extraEnv`); else move it away.\n",
                pod.major
            ),
        );
        pod.set("PGPOD_ADOPT_SYSTEM", &id);
        serves_the_row(&pod);
        pod.unset("PGPOD_ADOPT_SYSTEM");
        serves_the_row(&pod);
    });
}

#[test]
fn data_that_is_gone_damaged_or_exchanged_is_refused() {
    each(&[17, 15], |pod| {
        served(&pod);
        let (id, major) = (system_identifier(&pod), pod.major);
        let away: PathBuf = pod.data(".away");
        fs::rename(pod.data(""), &away).expect("a rename");
        refused(
            &pod,
            &format!(
                "error: `$POD/volume/{major}/docker` is gone, but `$POD/volume/{major}/docker.complete` says that a cluster \
                 was here (system identifier {id})\n  \
                 Put the data back. To begin with an empty cluster, remove `$POD/volume/{major}/docker.complete`.\n"
            ),
        );
        fs::rename(&away, pod.data("")).expect("a rename");
        let control = pod.data("/global/pg_control");
        let whole = fs::read(&control).expect("pg_control");
        let mut damaged = whole.clone();
        damaged[40] ^= 1;
        fs::write(&control, damaged).expect("pg_control");
        refused(
            &pod,
            &format!(
                "error: `$POD/volume/{major}/docker/global/pg_control` is missing or damaged\n  \
                 Nothing was changed. Restore the volume from a backup or a snapshot.\n"
            ),
        );
        fs::write(&control, whole).expect("pg_control");
        let marker = fs::read_to_string(pod.data(".complete")).expect("the marker");
        fs::write(pod.data(".complete"), marker.replace(&id, "1234")).expect("the marker");
        refused(
            &pod,
            &format!(
                "error: `$POD/volume/{major}/docker` has system identifier {id}, `$POD/volume/{major}/docker.complete` says 1234\n  \
                 Nothing was changed. If this is the data to serve, remove `$POD/volume/{major}/docker.complete` and set the \
                 environment variable PGPOD_ADOPT_SYSTEM={id} of container `postgres` (by `extraEnv`).\n"
            ),
        );
        fs::write(pod.data(".complete"), marker).expect("the marker");
        serves_the_row(&pod);
    });
}

#[test]
fn another_image_family_is_refused_until_it_is_accepted_by_name() {
    each(&[17, 15], |mut pod| {
        let image = pod.text("image");
        pod.set("PGPOD_IMAGE_ROOT", &image);
        pod.folder("image/lib/somewhere");
        let libc = |version: &str| {
            let text = format!(
                "\x7fELF\0GNU C Library (Debian GLIBC {version}-9) stable release version {version}.\nmore\0"
            );
            pod.write("image/lib/somewhere/libc.so.6", &text);
        };
        let icu = "icu-76";
        pod.folder("image/usr/lib/somewhere");
        pod.write("image/usr/lib/somewhere/libicui18n.so.76", "");
        pod.write("image/usr/lib/somewhere/libicui18n.so.76.1", "");
        libc("2.36");
        served(&pod);
        libc("2.41");
        let (was, now) = (format!("glibc-2.36+{icu}"), format!("glibc-2.41+{icu}"));
        let words = format!(
            "error: the data was made with {was}, this image has {now}: text may sort differently, and indexes on it may be wrong\n  \
             Nothing was changed. Go back to an image with {was}, or accept this one: set `postgresql.image.acceptFamily` to \
             `{now}`, then REINDEX every database and run ALTER DATABASE ... REFRESH COLLATION VERSION.\n"
        );
        refused(&pod, &words);
        pod.write("image/lib/ld-musl-x86_64.so.1", "");
        refused(&pod, &words.replace("glibc-2.41", "musl"));
        fs::remove_file(pod.path("image/lib/ld-musl-x86_64.so.1")).expect("a file");
        libc("2.36");
        fs::rename(
            pod.path("image/usr/lib/somewhere/libicui18n.so.76"),
            pod.path("image/usr/lib/libicui18n.so.80"),
        )
        .expect("a rename");
        fs::remove_file(pod.path("image/usr/lib/somewhere/libicui18n.so.76.1")).expect("a file");
        refused(&pod, &words.replace(&now, "glibc-2.36+icu-80"));
        fs::rename(pod.path("image/usr/lib/libicui18n.so.80"), pod.path("image/usr/lib/libicui18n.so.76"))
            .expect("a rename");
        libc("2.41");
        let mut accepting = pod.sibling();
        accepting.set("PGPOD_IMAGE_ROOT", &image);
        accepting.set("PGPOD_ACCEPT_IMAGE_FAMILY", "musl+icu-76");
        assert_eq!(accepting.start_to_end().0, 1);
        accepting.set("PGPOD_ACCEPT_IMAGE_FAMILY", &now);
        serves_the_row(&accepting);
        serves_the_row(&pod);
    });
}

#[test]
fn rights_that_the_server_would_refuse_are_taken_back() {
    each(&[17, 15], |pod| {
        served(&pod);
        fs::set_permissions(pod.data(""), fs::Permissions::from_mode(0o2770)).expect("rights");
        serves_the_row(&pod);
    });
}

#[test]
fn a_loop_of_interrupted_starts_does_not_fill_the_volume() {
    each(&[17, 15], |pod| {
        for n in 0..5 {
            fs::create_dir_all(pod.data(&format!(".half-made-2026010{n}T000000Z"))).expect("a folder");
        }
        fs::create_dir_all(pod.data(".making/base")).expect("a folder");
        pod.own_all("volume");
        refused(
            &pod,
            &format!(
                "error: making the cluster was interrupted 6 times\n  \
                 Look for the cause (memory limit, probes, disk); then remove the folders `$POD/volume/{}/docker.half-made-*`.\n",
                pod.major
            ),
        );
    });
}

#[test]
fn a_volume_that_cannot_be_written_is_said_so() {
    each(&[17, 15], |pod| {
        fs::set_permissions(pod.path("volume"), fs::Permissions::from_mode(0o555)).expect("rights");
        let (code, said) = pod.start_to_end();
        let user = pod.command(&["id", "-u"]).output().expect("id").stdout;
        let user = String::from_utf8_lossy(&user).trim().to_owned();
        assert_eq!(code, 1);
        assert_eq!(
            said,
            format!(
                "error: `$POD/volume` is not writable for user {user}\n  \
                 Check the volume, and that fsGroup and runAsUser fit what owns it.\n"
            )
        );
    });
}
