//! `validate --with-postgres`: what a real server says of the rendered files stands at the value that it is about.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{MAJORS, Ran, Server, run, server};

/// A folder with the program in it that everybody can read: servers refuse root, so pgpod runs as somebody else.
struct Room(tempfile::TempDir);

impl Room {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        // By a program of its own: a file that this process still had open for writing could not be run.
        run(
            std::process::Command::new("cp")
                .arg(env!("CARGO_BIN_EXE_pgpod"))
                .arg(folder.path().join("pgpod")),
            b"",
        )
        .ok();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is writable");
            std::fs::write(path, text).expect("it is writable");
        }
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))
            .expect("the folder is ours");
        Self(folder)
    }

    fn validate(&self, args: &[&str]) -> Ran {
        let mut command = Server::command(&self.0.path().join("pgpod"));
        run(command.args(["validate", "prod"]).args(args).current_dir(self.0.path()), b"")
    }
}

fn with(program: &Path) -> String {
    format!("--with-postgres={}", program.display())
}

const FINE: &str = "\
postgresql:
  config:
    work_mem: 8MB
    log_line_prefix: \"it's %m [%p] # \\\\ \"
    archive_mode: 'on'
    archive_command: 'true'
    pg_stat_statements.max: 200
  hba:
    - {type: host, databases: [\"my db\"], users: [+staff], address: 10.0.0.0/8, method: scram-sha-256}
";

const LOCALE: &str = "\
postgresql:
  config:
    work_mem: 8MB
    lc_time: xx_XX
    LC_Numeric: yy_YY
";

#[test]
fn a_server_of_each_major_is_asked_and_its_words_stand_at_the_value() {
    let room = Room::new(&[("fine.yaml", FINE), ("locale.yaml", LOCALE)]);
    for major in MAJORS {
        let Some(server) = server(major) else { return };
        let version = format!("postgresql.version={major}");
        let ran = room.validate(&["--each", "*.yaml", "--set", &version, &with(&server.bin("postgres"))]);
        let mut expected = String::new();
        for (line, key, value, name) in
            [(4, "lc_time", "xx_XX", "lc_time"), (5, "LC_Numeric", "yy_YY", "lc_numeric")]
        {
            let (column, spaces) = (key.len() + 7, " ".repeat(key.len() + 6));
            let _ = write!(
                expected,
                "error[PG0340]: PostgreSQL {major} refuses `{name}`\n --> locale.yaml:{line}:{column}\n  |\n{line} |     \
                 {key}: {value}\n  | {spaces}^^^^^\n  |\n  = note: it says: invalid value for parameter \"{name}\": \
                 \"{value}\"\n  = help: choose a value that it takes; `pgpod explain postgresql.config.{name}` says what \
                 there is\n\n"
            );
        }
        let errors: String =
            ran.stdout.split_inclusive("\n\n").filter(|part| part.starts_with("error")).collect();
        assert_eq!((errors, ran.stderr, ran.status), (expected, String::new(), 2), "{major}");
    }
}

#[test]
fn a_server_on_the_path_is_found() {
    let Some(server) = server(17) else { return };
    let room = Room::new(&[("fine.yaml", FINE)]);
    let mut command = Server::command(&room.0.path().join("pgpod"));
    command.env("PATH", format!("{}:/usr/bin:/bin", server.bin("").display())).current_dir(room.0.path());
    // A relative one is where pgpod is, not where the server works.
    std::fs::create_dir(room.0.path().join("tmp")).expect("it is writable");
    std::fs::set_permissions(room.0.path().join("tmp"), PermissionsExt::from_mode(0o777))
        .expect("it is ours");
    command.env("TMPDIR", "tmp");
    let args = ["validate", "prod", "-f", "fine.yaml", "--set", "postgresql.version=17", "--with-postgres"];
    let ran = run(command.args(args), b"");
    assert_eq!((ran.stderr.as_str(), ran.status), ("", 0), "{}", ran.stdout);
}

/// What templates of one's own get wrong, pgpod does not see: the server does, and it is shown in what was rendered.
#[test]
fn what_only_the_server_sees_is_shown_in_the_rendered_file() {
    let conf =
        "{% for setting in settings %}\n{{ setting.name | parameter }} = {{ setting.value }}\n{% endfor %}\n";
    let hba = "{{ hba }}\nhost all all 10.0.0.0/8 peeer\nhostssl all all all scram-sha-256\n";
    let together = format!("{conf}wal_level = minimal\narchive_mode = on\nmax_wal_senders = 0\n");
    let room = Room::new(&[
        ("together/config/postgresql.conf", &together),
        ("together/config/pg_hba.conf", hba),
        ("alone/config/postgresql.conf", &format!("{conf}work_mem = 8mb\nwork_mum = 8MB\n")),
    ]);
    let mut said = String::new();
    for (major, templates) in [(14, "alone"), (17, "together")] {
        let Some(server) = server(major) else { return };
        let version = format!("postgresql.version={major}");
        let ran = room.validate(&["--templates", templates, "--set", &version, &with(&server.bin(""))]);
        let errors: String =
            ran.stdout.split_inclusive("\n\n").filter(|part| !part.starts_with("warning")).collect();
        let _ = write!(said, "=== {major}, {templates}: {}\n{}{errors}", ran.status, ran.stderr);
    }
    assert_eq!(said, include_str!("with_postgres.txt"));
}

#[test]
fn a_server_that_cannot_be_asked_is_the_worlds_fault() {
    let (Some(old), Some(new)) = (server(16), server(17)) else { return };
    let room = Room::new(&[]);
    let (bare, foreign) = (room.0.path().join("postgres"), room.0.path().join("cat"));
    std::os::unix::fs::symlink("/bin/cat", &foreign).expect("it is writable");
    let script = format!("#!/bin/sh\nexec {} \"$@\"\n", new.bin("postgres").display());
    std::fs::write(&bare, script).expect("it is writable");
    std::fs::set_permissions(&bare, PermissionsExt::from_mode(0o755)).expect("it is ours");
    // What is found without a server is told all the same.
    let fails = |program: &Path, stderr: &str| {
        let values = ["--set", "postgresql.version=17", "--set", "deploymentMode=standalone"];
        let ran =
            room.validate(&[&values[..], &["--set", "highAvailability.primary=1", &with(program)]].concat());
        let end = "1 warning; no server was asked\n";
        assert!(ran.stdout.starts_with("warning[PG0209]") && ran.stdout.ends_with(end), "{}", ran.stdout);
        assert_eq!((ran.stderr.as_str(), ran.status), (stderr, 3));
    };
    let path = old.bin("postgres");
    fails(&path, &format!("error: the values are for PostgreSQL 17, and `{}` is 16\n", path.display()));
    fails(Path::new("/nowhere"), "error: cannot run `/nowhere`: No such file or directory (os error 2)\n");
    let version = run(std::process::Command::new(&foreign).arg("--version"), b"").stdout;
    fails(
        &foreign,
        &format!(
            "error: `{}` is no server of PostgreSQL: `--version` says `{}`\n",
            foreign.display(),
            version.lines().next().unwrap_or_default()
        ),
    );
    let none = format!(
        "error: there is no `initdb` beside `{}`; it comes with the server, and an empty cluster is needed to ask it\n",
        bare.display()
    );
    fails(&bare, &none);
    // Of many files, each is judged on the other levels, and the reason is told once.
    for name in ["a.yaml", "b.yaml"] {
        std::fs::write(room.0.path().join(name), "postgresql: {version: 17}\n").expect("it is writable");
    }
    let ran = room.validate(&["--each", "*.yaml", &with(&path)]);
    let stdout = "nothing is wrong with 2 files; no server was asked about 2\n".to_owned();
    let stderr = format!("error: the values are for PostgreSQL 17, and `{}` is 16\n", path.display());
    assert_eq!(ran, Ran { stdout, stderr, status: 3 });
}

/// Without the sign, the path is the name of a release to the command line.
#[test]
fn a_server_named_behind_a_blank_is_no_release() {
    let ran = crate::support::pgpod(["validate", "--with-postgres", "/opt/postgresql/17/bin"]);
    let help =
        "  = help: if this is the server to ask, join it by `=`: `--with-postgres=/opt/postgresql/17/bin`\n";
    assert!(ran.stdout.contains(help), "{}", ran.stdout);
}

#[test]
fn root_is_told_to_be_somebody_else() {
    let Some(server) = server(17) else { return };
    if run(std::process::Command::new("id").arg("-u"), b"").ok().trim() != "0" {
        return;
    }
    let ran = crate::support::pgpod([
        "validate",
        "prod",
        "--set",
        "postgresql.version=17",
        &with(&server.bin("postgres")),
    ]);
    let stderr = "error: PostgreSQL refuses to run as root, so `--with-postgres` can't ask it; run this as another user\n";
    let stdout = "; no server was asked\n";
    assert!(
        ran.stdout.starts_with("nothing is wrong with ") && ran.stdout.ends_with(stdout),
        "{}",
        ran.stdout
    );
    assert_eq!((ran.stderr.as_str(), ran.status), (stderr, 3));
}

#[test]
fn the_examples_of_the_code_are_a_wrong_and_a_right_one() {
    let Some(server) = server(17) else { return };
    let page = pgpod::diagnostics::codes::SERVER_REFUSES.page();
    let room = Room::new(&[]);
    let told = |example: &str| {
        let args = example.strip_prefix("pgpod validate prod --with-postgres ").expect("it asks a server");
        let program = with(&server.bin("postgres"));
        room.validate(&args.split(' ').chain([&*program]).collect::<Vec<_>>())
    };
    let (wrong, right) = (told(page.wrong), told(page.right));
    assert!(wrong.status == 2 && wrong.stdout.contains("error[PG0340]"), "{}", wrong.stdout);
    assert!(right.status == 0 && right.stdout.starts_with("nothing is wrong"), "{}", right.stdout);
}

/// What OpenSSL says of settings that nothing here judges stands at them; an own file is not asked about.
#[test]
fn a_server_with_tls_reads_its_parameters_too() {
    let room = Room::new(&[(
        "tls.yaml",
        "security: {tls: {enabled: true}}\npostgresql:\n  config:\n    ssl_ciphers: HIGH:@SECLEVEL=9\n    \
         ssl_dh_params_file: /dh/params.pem\nextraVolumes: [{name: dh, configMap: {name: dh}}]\n\
         extraVolumeMounts: [{name: dh, mountPath: /dh}]\n",
    )]);
    let Some(server) = server(17) else { return };
    let ran =
        room.validate(&["-f", "tls.yaml", "--set", "postgresql.version=17", &with(&server.bin("postgres"))]);
    let expected = "\
error[PG0340]: PostgreSQL 17 refuses `ssl_ciphers`
 --> tls.yaml:4:18
  |
4 |     ssl_ciphers: HIGH:@SECLEVEL=9
  |                  ^^^^^^^^^^^^^^^^
  |
  = note: it says: could not set the cipher list (no valid ciphers available)
  = help: choose a value that it takes; `pgpod explain postgresql.config.ssl_ciphers` says what there is

1 error
";
    assert_eq!((ran.stdout.as_str(), ran.status), (expected, 2), "{}", ran.stderr);
}
