//! A pod without Kubernetes: folders for its volumes, the scripts under one shell, PostgreSQL's
//! binaries and nothing but busybox's applets (and `flock`) on the `PATH`, another user than root.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::programs::programs;
use crate::support::installed;

/// `nobody`: it has a passwd entry everywhere.
const USER: u32 = 65534;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Shell {
    Dash,
    Busybox,
}

pub(crate) struct Pod {
    dir: TempDir,
    pub(crate) major: u8,
    shell: Shell,
    interpreter: Vec<String>,
    environment: BTreeMap<String, String>,
}

/// A script that runs in a process group of its own, as a container does in its namespace.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
    root: PathBuf,
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

impl Pod {
    /// `None` when a shell or a full server of this major isn't here, and may be missing.
    pub(crate) fn new(shell: Shell, major: u8) -> Option<Self> {
        let programs = programs(major)?;
        let (dash, busybox) = (installed("dash")?, installed("busybox")?);
        // Whole clusters, each synced to disk several times: memory is what a test has time for.
        let place = if Path::new("/dev/shm").is_dir() { "/dev/shm" } else { "/tmp" };
        let dir = tempfile::Builder::new().prefix("pod").tempdir_in(place).expect("a folder");
        let interpreter = match shell {
            Shell::Dash => vec![dash.display().to_string()],
            Shell::Busybox => vec![busybox.display().to_string(), "sh".to_owned()],
        };
        let mut pod = Self { dir, major, shell, interpreter, environment: BTreeMap::new() };
        pod.furnish(&busybox, &programs);
        Some(pod)
    }

    fn furnish(&mut self, busybox: &Path, programs: &[PathBuf]) {
        fs::set_permissions(self.path(""), fs::Permissions::from_mode(0o755)).expect("rights");
        for folder in "volume socket state wal auth config init scripts bin front programs".split(' ') {
            self.folder(folder);
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (from, to) in [
            ("templates/scripts", "scripts"),
            ("tests/scripts/config", "config"),
            ("tests/scripts/init", "init"),
        ] {
            for file in fs::read_dir(source.join(from)).expect("a folder of this project") {
                let file = file.expect("an entry").path();
                let name = file.file_name().expect("a name").to_string_lossy().into_owned();
                self.write(&format!("{to}/{name}"), &fs::read_to_string(&file).expect("text"));
            }
        }
        let socket = format!("unix_socket_directories = '{}'\n", self.path("socket").display());
        self.append("config/postgresql.conf", &socket);
        self.write("auth/app-password", "first-s3cret");
        let installed = Command::new(busybox).args(["--install", "-s"]).arg(self.path("bin")).status();
        assert!(installed.expect("busybox").success());
        let flock = ["/usr/bin/flock", "/bin/flock"].into_iter().find(|it| Path::new(it).exists());
        let _ = fs::remove_file(self.path("bin/flock"));
        symlink(flock.expect("flock, of util-linux"), self.path("bin/flock")).expect("a link");
        for program in programs {
            let name = Path::new("programs").join(program.file_name().expect("a name"));
            symlink(program, self.dir.path().join(name)).expect("a link");
        }
        let path = ["front", "bin", "programs"].map(|folder| self.text(folder)).join(":");
        let locale = if self.major >= 17 { "builtin C.UTF-8" } else { "libc C.UTF-8" };
        for (name, value) in [
            ("PATH", path),
            // As official images have it.
            ("PGDATA", "/var/lib/postgresql/data".to_owned()),
            ("PGPOD_MAJOR", self.major.to_string()),
            ("PGPOD_LOCALE", locale.to_owned()),
            ("PGPOD_PASSWORDS", "app-password".to_owned()),
            ("PGPOD_PACE", "1".to_owned()),
            ("PGPOD_VOLUME", self.text("volume")),
            ("PGPOD_SOCKET", self.text("socket")),
            ("PGPOD_STATE", self.text("state")),
            ("PGPOD_CONFIG", self.text("config")),
            ("PGPOD_INIT", self.text("init")),
            ("PGPOD_AUTH", self.text("auth")),
        ] {
            self.set(name, &value);
        }
    }

    /// Another pod of the same release: the same volumes, its own socket and state.
    pub(crate) fn sibling(&self) -> Self {
        let mut pod = Self::new(self.shell, self.major).expect("all of it was there before");
        for name in ["PGPOD_VOLUME", "PGPOD_WAL"] {
            if let Some(value) = self.environment.get(name) {
                pod.set(name, &value.clone());
            }
        }
        pod
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The data directory, or what lies beside it: `data("")`, `data(".complete")`.
    pub(crate) fn data(&self, suffix: &str) -> PathBuf {
        PathBuf::from(format!("{}/{}/docker{suffix}", self.environment["PGPOD_VOLUME"], self.major))
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    pub(crate) fn folder(&self, name: &str) {
        fs::create_dir_all(self.path(name)).expect("a folder");
        Self::own(&self.path(name));
    }

    fn own(path: &Path) {
        if is_root() {
            chown(path, Some(USER), Some(USER)).expect("chown by root");
        }
    }

    /// Gives a folder and all below it to the pod's user.
    pub(crate) fn own_all(&self, name: &str) {
        let path = self.path(name);
        for entry in fs::read_dir(&path).expect("a folder") {
            let entry = entry.expect("an entry").path();
            if entry.is_dir() {
                let inner = entry.strip_prefix(self.dir.path()).expect("it lies below").to_owned();
                self.own_all(&inner.to_string_lossy());
            }
            Self::own(&entry);
        }
    }

    /// Replaces a file as the kubelet does: at once.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let draft = self.path(".draft");
        fs::write(&draft, text).expect("a file");
        Self::own(&draft);
        fs::rename(draft, self.path(name)).expect("a rename");
    }

    pub(crate) fn append(&self, name: &str, text: &str) {
        let before = fs::read_to_string(self.path(name)).unwrap_or_default();
        self.write(name, &(before + text));
    }

    /// Puts a program of our own before the real one.
    pub(crate) fn front(&self, name: &str, script: &str) {
        self.write(&format!("front/{name}"), script);
        fs::set_permissions(self.path(&format!("front/{name}")), fs::Permissions::from_mode(0o755))
            .expect("rights");
    }

    pub(crate) fn no_front(&self) {
        for file in fs::read_dir(self.path("front")).expect("a folder") {
            fs::remove_file(file.expect("an entry").path()).expect("a file");
        }
    }

    /// A command as the pod's user in the pod's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = if is_root() {
            let mut command = Command::new("/usr/bin/setpriv");
            command.args([format!("--reuid={USER}"), format!("--regid={USER}"), "--clear-groups".to_owned()]);
            command.args(arguments);
            command
        } else {
            let mut command = Command::new(arguments[0]);
            command.args(&arguments[1..]);
            command
        };
        command.env_clear().envs(&self.environment).current_dir("/").stdin(Stdio::null());
        command
    }

    fn script(&self, name: &str, arguments: &[&str]) -> Command {
        let script = self.text(&format!("scripts/{name}"));
        let mut words: Vec<&str> = self.interpreter.iter().map(String::as_str).collect();
        words.push(&script);
        words.extend(arguments);
        self.command(&words)
    }

    fn run(&self, name: &str) -> Running {
        let log = self.path(&format!("{name}.log"));
        let file = fs::File::create(&log).expect("a log");
        let child = self
            .script(name, &[])
            .stdout(file.try_clone().expect("a handle"))
            .stderr(file)
            .process_group(0)
            .spawn()
            .expect("the shell");
        Running { child, log, root: self.dir.path().to_owned() }
    }

    pub(crate) fn start(&self) -> Running {
        self.run("start")
    }

    pub(crate) fn keeper(&self) -> Running {
        self.run("keeper")
    }

    /// Start to its end: exit code and what it said.
    pub(crate) fn start_to_end(&self) -> (i32, String) {
        let mut start = self.start();
        let code = start.ends();
        (code, start.said())
    }

    /// Exit code and words of a probe.
    pub(crate) fn probe(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.script("probe", arguments).output().expect("the shell");
        (code(output.status), String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    /// Exit code of the promote script, and what it says.
    pub(crate) fn promote(&self, flags: &[&str]) -> (i32, String) {
        let output = self.script("promote", flags).output().expect("the shell");
        (code(output.status), String::from_utf8_lossy(&output.stderr).trim_end().replace("pgpod: ", ""))
    }

    /// What a query says, or psql's error.
    pub(crate) fn sql(&self, database: &str, query: &str) -> String {
        self.sql_as("postgres", "", database, query)
    }

    pub(crate) fn sql_as(&self, user: &str, password: &str, database: &str, query: &str) -> String {
        let psql = ["psql", "-XAtq", "-h", &self.text("socket"), "-U", user, "-d", database, "-c", query]
            .map(ToOwned::to_owned);
        let output = self
            .command(&psql.iter().map(String::as_str).collect::<Vec<_>>())
            .env("PGPASSWORD", password)
            .output()
            .expect("psql");
        let said = if output.status.success() { output.stdout } else { output.stderr };
        String::from_utf8_lossy(&said).trim_end().to_owned()
    }

    /// Whether the server is ready, as the kubelet would say.
    pub(crate) fn ready(&self) -> bool {
        self.probe(&["ready"]).0 == 0
    }

    pub(crate) fn state(&self) -> String {
        fs::read_to_string(self.path("state/state")).unwrap_or_default().trim_end().to_owned()
    }

    /// Names in a folder, sorted; times in them read `TIME`.
    pub(crate) fn names(folder: &Path) -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| timeless(&entry.expect("an entry").file_name().to_string_lossy())).collect();
        names.sort();
        names
    }
}

impl Running {
    /// What it said of its own: the lines that begin with `pgpod:`, without folders, times, names.
    pub(crate) fn said(&self) -> String {
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        self.log()
            .lines()
            .filter_map(|line| line.strip_prefix("pgpod: "))
            .map(|line| {
                let line = line.replace(&self.root.display().to_string(), "$POD");
                timeless(&line.replace(&format!("`{}`", host.trim_end()), "`$HOST`")) + "\n"
            })
            .collect()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub(crate) fn signal(&self, signal: &str) {
        Self::kill(signal, &self.child.id().to_string());
    }

    /// To the script and all that it runs.
    pub(crate) fn signal_all(&self, signal: &str) {
        Self::kill(signal, &format!("-{}", self.child.id()));
    }

    /// What the kernel does to a container whose first process dies.
    pub(crate) fn kill_all(&mut self) -> i32 {
        Self::kill("KILL", &format!("-{}", self.child.id()));
        self.ends()
    }

    fn kill(signal: &str, process: &str) {
        let killed =
            Command::new("/bin/kill").args(["-s", signal, "--", process]).stderr(Stdio::null()).status();
        assert!(killed.is_ok(), "kill is here");
    }

    /// Its exit code, when it ends in the time that a kubelet gives a pod, `terminationGracePeriodSeconds`:
    /// what would stay, in these tests, stays for longer.
    pub(crate) fn ends(&mut self) -> i32 {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return code(status);
            }
            assert!(Instant::now() < until, "it does not end:\n{}", self.log());
            sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn gone(&self) -> bool {
        fs::read_to_string(format!("/proc/{}/stat", self.child.id()))
            .map_or(true, |stat| stat.contains(") Z "))
    }

    /// Waits until it has said this, or anything else is true.
    pub(crate) fn until(&self, what: &str, mut is: impl FnMut(&Self) -> bool) {
        let until = Instant::now() + Duration::from_mins(2);
        let mut pause = Duration::from_millis(40);
        while !is(self) {
            assert!(Instant::now() < until, "waited for: {what}\n{}", self.log());
            sleep(pause);
            // A question is a process or three: machines of two cores have better things to do.
            pause = (pause * 2).min(Duration::from_millis(400));
        }
    }

    pub(crate) fn until_said(&self, text: &str) {
        self.until(text, |it| it.log().contains(text));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            Self::kill("KILL", &format!("-{}", self.child.id()));
            let _ = self.child.wait();
        }
    }
}

/// As a shell counts: 128 and the signal.
fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// `20261122T234500Z` reads `TIME`, so that a text with it can be compared.
fn timeless(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) =
        rest.find("half-made-2").map(|at| at + 10).or_else(|| rest.find("aside-2").map(|at| at + 6))
    {
        out.push_str(&rest[..at]);
        out.push_str("TIME");
        rest = rest.get(at + 16..).unwrap_or_default();
    }
    out + rest
}
