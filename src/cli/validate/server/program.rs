//! Where a real server is, and how it is asked.
#![expect(clippy::disallowed_methods, reason = "this is the room that writes files")]

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, anyhow, bail};

/// The program `postgres` of one installation.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) major: String,
}

/// What a program said, and whether it was content.
pub(super) struct Said {
    pub(super) good: bool,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Program {
    /// The program at a path; where that is a folder, the one in it.
    pub(super) fn at(path: &Path) -> anyhow::Result<Self> {
        let path = if path.is_dir() { path.join("postgres") } else { path.to_owned() };
        let shown = path.display();
        let said =
            ask(Command::new(&path).arg("--version"), "").with_context(|| format!("cannot run `{shown}`"))?;
        let major = said.stdout.strip_prefix("postgres (PostgreSQL) ").and_then(major);
        let Some(major) = major else {
            bail!("`{shown}` is no server of PostgreSQL: `--version` says `{}`", first_line(&said.stdout));
        };
        Ok(Self { path, major })
    }

    /// Every installation that can be found: that of `pg_config`, that of the PATH, those of Debian's folders.
    pub(super) fn all() -> Vec<Self> {
        let mut folders = Vec::new();
        if let Ok(said) = ask(Command::new("pg_config").arg("--bindir"), "") {
            folders.push(PathBuf::from(said.stdout.trim()));
        }
        folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let of_debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut of_debian: Vec<PathBuf> = of_debian.map(|entry| entry.path().join("bin")).collect();
        of_debian.sort();
        folders.extend(of_debian);
        let mut found: Vec<Self> = Vec::new();
        for path in
            folders.into_iter().filter(|folder| folder.is_absolute()).map(|folder| folder.join("postgres"))
        {
            if path.is_file() && !found.iter().any(|other| other.path == path) {
                found.extend(Self::at(&path));
            }
        }
        found
    }

    /// A command that runs it.
    pub(super) fn command(&self) -> Command {
        Command::new(&self.path)
    }

    /// Makes a cluster in a folder: what the server checks last, it checks only beside one.
    pub(super) fn initialise(&self, folder: &Path) -> anyhow::Result<()> {
        let initdb = self.path.with_file_name("initdb");
        let mut command = Command::new(&initdb);
        command.arg("--pgdata").arg(folder);
        command.args(["--username=postgres", "--no-sync", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
        let said = match ask(&mut command, "") {
            Err(error) if error.kind() == ErrorKind::NotFound => bail!(
                "there is no `initdb` beside `{}`; it comes with the server, and an empty cluster is needed to ask it",
                self.path.display()
            ),
            said => said.with_context(|| format!("cannot run `{}`", initdb.display()))?,
        };
        if said.stderr.contains("cannot be run as root") {
            bail!(
                "PostgreSQL refuses to run as root, so `--with-postgres` can't ask it; run this as another user"
            );
        }
        if !said.good {
            let why = said.stderr.lines().find(|line| line.contains("error:")).unwrap_or(said.stderr.trim());
            return Err(anyhow!("{why}").context(format!("`{}` made no cluster", initdb.display())));
        }
        Ok(())
    }
}

/// `17` of `17.4 (Debian 17.4-1)` or `18beta1`.
fn major(version: &str) -> Option<String> {
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Runs a program to its end, with a text as its input and its words in English.
pub(super) fn ask(command: &mut Command, input: &str) -> std::io::Result<Said> {
    for name in ["PGDATA", "PGOPTIONS", "PGPORT", "PGTZ", "PGDATESTYLE"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that has ended already reads nothing; what it said tells why.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Said { good: output.status.success(), stdout: text(&output.stdout), stderr: text(&output.stderr) })
}

/// A folder that only this user can read; it goes with the value.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> anyhow::Result<Self> {
        // The server works in a folder of its own, so that it would look for a relative path elsewhere.
        let parent = std::path::absolute(std::env::temp_dir()).context("cannot find the temporary folder")?;
        for number in 0..1000 {
            let path = parent.join(format!("pgpod-{}-{number}", std::process::id()));
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("cannot make the folder `{}`", path.display()));
                }
            }
        }
        bail!("cannot make a folder in `{}`: a thousand are there already", parent.display())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.path(name);
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(path)
    }

    /// Writes a file that nobody else can read, as a server wants its key to be; one that is there already is replaced.
    pub(super) fn write_private(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.path(name);
        let write = || {
            let mut options = fs::OpenOptions::new();
            options
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&path)?
                .write_all(text.as_bytes())
        };
        write().with_context(|| format!("cannot write `{}`", path.display()))?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's own cleaning.
        let _ = fs::remove_dir_all(&self.0);
    }
}
