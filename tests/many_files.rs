//! Files by patterns and folders, and the layers that all of them are judged over.
#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::support::{Pgpod, Ran, run};

/// A folder with files in it, each of which holds a key that is wrong, or a text of its own.
fn room(files: &[(&[u8], &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    for (name, text) in files {
        let path = folder.path().join(OsStr::from_bytes(name));
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it is writable");
        std::fs::write(path, text).expect("it is writable");
    }
    folder
}

fn link(folder: &Path, to: &str, name: &str) {
    std::os::unix::fs::symlink(to, folder.join(name)).expect("links can be made");
}

/// The files that findings of a run are in, in their order.
fn named(ran: &Ran) -> Vec<&str> {
    let places = ran.stdout.lines().filter_map(|line| line.trim_start().strip_prefix("--> "));
    places.filter_map(|place| place.strip_suffix(":1:1")).collect()
}

const WRONG: &str = "foo: 1\n";

#[test]
fn a_pattern_means_what_a_shell_would_put_in_its_place() {
    let room = room(&[
        (b"s/a.yaml", WRONG),
        (b"s/b/c.yaml", WRONG),
        (b"s/bad\xff.yaml", WRONG),
        (b"s/.h.yaml", WRONG),
        (b"s/.d/x.yaml", WRONG),
        (b"s/\\[e].txt", WRONG),
        (b"s.yaml", WRONG),
    ]);
    // As deep as names may be, if it were followed.
    link(room.path(), ".", "s/back");
    link(room.path(), "../..", "s/b/up");
    let bad = "s/bad\u{fffd}.yaml";
    for (pattern, expected) in [
        ("s/*.yaml", &["s/a.yaml", bad][..]),
        ("s/*bad*", &[bad]),
        ("s/zzz*", &[]),
        ("s/**/*.yaml", &["s/a.yaml", "s/b/c.yaml", bad]),
        ("**/*.yaml", &["s.yaml", "s/a.yaml", "s/b/c.yaml", bad]),
        ("./s//./?.yaml", &["s/a.yaml"]),
        ("s/b/../[a-b].yaml", &["s/b/../a.yaml"]),
        ("s/back/a.y*", &["s/back/a.yaml"]),
        ("*/b/c.yaml", &["s/b/c.yaml"]),
        ("s/.h*", &["s/.h.yaml"]),
        ("**/.*/*", &["s/.d/x.yaml"]),
        ("s/*[[]e[]].txt", &["s/\\[e].txt"]),
        ("s/a.yaml", &["s/a.yaml"]),
        ("s/a.yaml/*", &[]),
        ("s/a.yaml/", &[]),
        ("s", &[]),
        ("**", &[]),
        ("", &[]),
    ] {
        let ran = Pgpod::new(["validate", "--each", pattern]).current_dir(room.path()).run();
        assert_eq!(named(&ran), expected, "{pattern}: {}", ran.stderr);
        let status = if expected.is_empty() { 3 } else { 2 };
        let stderr = format!("error: `--each {pattern}` matches no file\n");
        assert_eq!((ran.status, ran.stderr), (status, if status == 3 { stderr } else { String::new() }));
    }
}

#[test]
fn a_folder_of_manifests_has_each_file_once_whatever_leads_back() {
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let room = room(&[(b"m/a/b.yaml", object)]);
    link(room.path(), ".", "m/back");
    link(room.path(), "..", "m/a/up");
    let ran = Pgpod::new(["validate", "--manifests", "m"]).current_dir(room.path()).run();
    let stdout = "nothing is wrong with 1 object for Kubernetes 1.33\n".to_owned();
    assert_eq!(ran, Ran { stdout, stderr: String::new(), status: 0 });
}

/// Line breaks and commands to a terminal in a file's name stay in their line, whoever reads it.
#[test]
fn control_characters_of_a_name_are_told_and_not_obeyed() {
    let room = room(&[
        (b"a\n::error::x.yaml", WRONG),
        (b"b\x1b[2J\n.yaml", ""),
        (b"base.yaml", "bar: 1\n"),
        (b"d\n/e.txt", "{}"),
    ]);
    link(room.path(), "none", "n\n::error::n.yaml");
    let names = [r"a\n::error::x.yaml", r"b\u{1b}[2J\n.yaml", r"n\n::error::n.yaml"];
    let ran = Pgpod::new(["validate", "--each", "*.yaml", "-f", "base.yaml"]).current_dir(room.path()).run();
    assert_eq!(
        ran.stderr,
        format!(
            "error: cannot read the values file `{}`: No such file or directory (os error 2)\n",
            names[2]
        )
    );
    assert!(ran.stdout.contains(&format!(" --> {}:1:1\n", names[0])), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains(&format!("`{}` is empty: it has not one byte\n --> {}:1:1\n", names[1], names[1])),
        "{}",
        ran.stdout
    );
    let with = format!("  = note: with {}\n", names[0]);
    assert!(ran.stdout.contains(&with), "{}", ran.stdout);
    let ran = Pgpod::new(["validate", "--manifests", "d\n"]).current_dir(room.path()).run();
    assert_eq!(
        (ran.stdout.as_str(), ran.stderr.as_str(), ran.status),
        ("", "error: there is no object in `d\\n`\n", 3)
    );
}

/// A stream has its text once only, and every file is judged over it.
#[test]
fn streams_are_read_once_for_all_files() {
    let room = room(&[(b"s/a.yaml", "{}"), (b"s/b.yaml", "{}"), (b"s/c.yaml", "{}"), (b"base.yaml", WRONG)]);
    let judged = |args: &str, stdin: &str| {
        let mut command = std::process::Command::new("bash");
        let line = format!("exec {} validate --each 's/*' {args}", env!("CARGO_BIN_EXE_pgpod"));
        run(
            command.args(["-c", &line]).env_clear().env("PATH", "/usr/bin:/bin").current_dir(room.path()),
            stdin.as_bytes(),
        )
    };
    for (args, stdin, code) in [
        ("-f -", WRONG, "PG0130"),
        ("-f /dev/stdin", WRONG, "PG0130"),
        ("-f <(cat base.yaml)", "", "PG0130"),
        ("--set-file postgresql.version=-", "12", "PG0134"),
        ("--set-file postgresql.version=<(printf 12)", "", "PG0134"),
        ("-f - --set-file postgresql.version=-", "{}", "PG0510"),
    ] {
        let ran = judged(args, stdin);
        let with = "with s/a.yaml, s/b.yaml, s/c.yaml\n\n1 error in 3 of 3 files\n";
        assert!(ran.stdout.contains(code) && ran.stdout.ends_with(with), "{args}: {}", ran.stdout);
        assert_eq!((ran.stderr.as_str(), ran.status), ("", 2), "{args}");
    }
    // What all of them need is missed once.
    for args in ["-f none.yaml", "--set-file podLabels.a=none.yaml"] {
        let ran = judged(args, "");
        let said = ran.stderr.strip_suffix("`none.yaml`: No such file or directory (os error 2)\n");
        assert!(said.is_some_and(|said| !said.contains('\n')) && ran.status == 3, "{args}: {}", ran.stderr);
    }
}
