//! Input that no case folder can hold: what is too large, what cannot be read or written, and readers that go away.
//! Everything else that can be wrong is in `tests/cases/`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Ran, pgpod, run};

/// Whether the tests run as root, for whom every file is readable.
fn root() -> bool {
    run(Command::new("id").arg("-u"), b"").ok().trim() == "0"
}

/// Runs pgpod as somebody who is not root. None where root cannot become somebody else.
fn as_nobody(folder: &Path, args: &[&str]) -> Option<Ran> {
    // The build's own folder may be closed to others.
    let copy = folder.join("pgpod");
    std::fs::copy(env!("CARGO_BIN_EXE_pgpod"), &copy).expect("the program is copied");
    std::fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).expect("the folder is ours");
    let mut command = if root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&copy);
        if Command::new("setpriv").arg("--version").output().is_err() {
            return None;
        }
        command
    } else {
        Command::new(&copy)
    };
    Some(run(command.args(args).current_dir(folder), b""))
}

fn failed(ran: &Ran, status: i32, stderr: &str) {
    assert_eq!((ran.stderr.as_str(), ran.status, ran.stdout.as_str()), (stderr, status, ""));
}

#[test]
fn a_file_that_is_not_ours_to_read_is_the_worlds_fault() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let secret = folder.path().join("values.yaml");
    std::fs::write(&secret, "postgresql: {}\n").expect("it is writable");
    std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o000)).expect("it is ours");
    let Some(ran) = as_nobody(folder.path(), &["render", "demo", "-f", "values.yaml"]) else { return };
    failed(&ran, 3, "error: cannot read the values file `values.yaml`: Permission denied (os error 13)\n");
}

#[test]
fn a_file_of_any_size_is_refused_before_it_fills_the_memory() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let large = folder.path().join("large.yaml");
    std::fs::File::create(&large).and_then(|file| file.set_len(100 << 20)).expect("it is sparse");
    for (name, what) in [
        (large.display().to_string(), format!("the values file `{}`", large.display())),
        ("/dev/zero".to_owned(), "the values file `/dev/zero`".to_owned()),
    ] {
        let ran = pgpod(["render", "demo", "-f", &name]);
        let stderr = format!(
            "error[PG0103]: {what} is larger than 16 MiB\n --> {name}:1:1\n  |\n1 |\n  | ^\n  |\n  = note: values are small; \
             this is probably another file\n  = help: check the name; large texts belong into a Secret or ConfigMap of \
             their own\n\nerror: 1 error\n"
        );
        failed(&ran, 2, &stderr);
    }
}

#[test]
fn annotations_that_are_too_large_together_are_shown_where_most_of_them_are_written() {
    let values = format!(
        "commonAnnotations:\n  plant: seven\npodAnnotations:\n  map: |\n    {}\n  cell: a4\n",
        "x".repeat(256 * 1024)
    );
    let ran = crate::support::Pgpod::new(["render", "demo", "-f", "-"]).stdin(values).run();
    let said: Vec<&str> = ran.stderr.lines().take(2).collect();
    let title = "error[PG0413]: Deployment `demo`: its annotations have 262265 bytes";
    assert_eq!((said.as_slice(), ran.status), ([title, " --> stdin:4:3"].as_slice(), 2));
}

/// How long it takes is `benches/validate`'s to say.
#[test]
fn thousands_of_mistakes_are_all_told() {
    let values = format!("extraEnv:\n{}", "- name: Pi\n  xi: a\n".repeat(4000));
    let ran = crate::support::Pgpod::new(["validate", "-f", "-", "--format", "json"]).stdin(values).run();
    let said: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("  \"errors\"")).collect();
    assert_eq!((said.as_slice(), ran.status), (["  \"errors\": 7999,"].as_slice(), 2));
}

#[test]
fn a_reader_that_goes_away_ends_pgpod_quietly() {
    for args in [["render", "demo"], ["schema", "--color=never"], ["completions", "bash"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pgpod"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("pgpod starts");
        let mut line = String::new();
        // Dropped with the pipe after one line, as `head -1` does.
        let mut stdout = BufReader::with_capacity(16, child.stdout.take().expect("it is piped"));
        stdout.read_line(&mut line).expect("there is a line");
        drop(stdout);
        let mut stderr = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut stderr).expect("it is text");
        let status = child.wait().expect("it ends").code();
        assert_eq!((stderr.as_str(), status), ("", Some(0)), "{args:?}");
        assert_ne!(line, "", "{args:?}");
    }
}

#[test]
fn a_full_disk_is_the_worlds_fault() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("anybody may write it");
    let output = Command::new(env!("CARGO_BIN_EXE_pgpod"))
        .args(["render", "demo"])
        .stdout(full)
        .output()
        .expect("pgpod starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        (stderr.as_ref(), output.status.code()),
        ("error: cannot write to stdout: No space left on device (os error 28)\n", Some(3))
    );
}

#[test]
fn a_password_is_shown_by_no_command_that_prints_values() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let values = folder.path().join("values.yaml").display().to_string();
    let auth = "postgresql:
  auth:
    password: hunter2-'ape'
    postgresPassword: hunter2-super
    readOnlyPassword: hunter2-reader
    replicationPassword: hun
";
    let planted = "commonAnnotations: {hunter2-super: \"x hunter2-'ape'\"}\n";
    let commands: [(&[&str], &str); 7] = [
        (&["values"], planted),
        (&["values", "--format", "json"], planted),
        (&["values", "--origin"], planted),
        (&["values", "--origin", "--format", "json"], planted),
        (&["values", "--raw"], planted),
        (&["values", "--raw", "--format", "json"], planted),
        (&["templates", "context", "demo"], ""),
    ];
    for (args, planted) in commands {
        std::fs::write(&values, format!("{auth}{planted}")).expect("it is writable");
        let shown = pgpod(args.iter().copied().chain(["-f", &values])).ok();
        let words = |word: &str| shown.matches(word).count();
        assert_eq!(
            (words("hunter"), words("'ape'"), words("hun\n"), words("\"hun\"")),
            (0, 0, 0, 0),
            "{args:?}"
        );
        assert!(words("********") >= 4, "{args:?}: {shown}");
    }
}

#[test]
fn no_case_shows_a_password() {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")];
    let (mut given, mut seen) = (0, Vec::new());
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("the cases are readable") {
            let path = entry.expect("the cases are readable").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let text = std::fs::read(&path).expect("a case is readable");
            // Every password in a case begins like this.
            if text.windows(6).any(|word| word == b"hunter") {
                given += 1;
                let name = path.file_name().expect("it is a file");
                if name == "stdout" || name == "stderr" {
                    seen.push(path);
                }
            }
        }
    }
    assert!(given >= 8, "{given} files give a password");
    assert_eq!(seen, [""; 0].map(std::path::PathBuf::from));
}
