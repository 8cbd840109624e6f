//! Runs `pgpod` and other programs, and keeps all that they said.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a finished program said. A status of -1 means that a signal ended it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

impl Ran {
    /// Standard output of a program that succeeded.
    ///
    /// # Panics
    /// When it failed, with everything that it said.
    pub(crate) fn ok(self) -> String {
        assert!(
            self.status == 0,
            "status {}\n--- stdout\n{}\n--- stderr\n{}",
            self.status,
            self.stdout,
            self.stderr
        );
        self.stdout
    }

    /// Standard output of a program that succeeded, else all that it said.
    pub(crate) fn result(self) -> Result<String, String> {
        if self.status == 0 { Ok(self.stdout) } else { Err(format!("{}{}", self.stdout, self.stderr)) }
    }
}

/// Runs a command with `stdin` as its standard input.
///
/// # Panics
/// When the program can't be started.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} doesn't start: {error}", command.get_program().display()));
    let mut pipe = child.stdin.take().expect("standard input is piped");
    let output = std::thread::scope(|scope| {
        // In a thread: a program that writes before it has read all would otherwise block both sides.
        // A program that doesn't read its input to the end is no error here.
        scope.spawn(move || pipe.write_all(stdin));
        child.wait_with_output().expect("the program was started and its streams are piped")
    });
    Ran {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        status: output.status.code().unwrap_or(-1),
    }
}

/// One call of `pgpod` in an environment that holds nothing but a PATH, so that no machine's settings leak in.
pub(crate) struct Pgpod {
    command: Command,
    stdin: Vec<u8>,
}

impl Pgpod {
    pub(crate) fn new<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pgpod"));
        command.env_clear().env("PATH", "/usr/bin:/bin").args(args);
        Self { command, stdin: Vec::new() }
    }

    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    pub(crate) fn current_dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn run(mut self) -> Ran {
        run(&mut self.command, &self.stdin)
    }

    /// Its status when nobody reads what it prints.
    pub(crate) fn run_unread(mut self) -> i32 {
        let (reader, writer) = std::io::pipe().expect("there are pipes");
        drop(reader);
        let command = self.command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::null());
        command.status().expect("the program starts").code().unwrap_or(-1)
    }
}

/// Runs `pgpod` with these arguments and nothing on standard input.
pub(crate) fn pgpod<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Ran {
    Pgpod::new(args).run()
}

#[test]
fn a_large_input_and_a_large_output_pass_through() {
    let text = "0123456789\n".repeat(100_000);
    let ran = run(&mut Command::new("cat"), text.as_bytes());
    assert!(ran == Ran { stdout: text, stderr: String::new(), status: 0 });
}
