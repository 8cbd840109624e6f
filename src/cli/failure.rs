//! What ends a command without its result, and how it is told.

use std::io::Write;

use crate::diagnostics::{self, Diagnostics, Place, SourceKind, Sources};

/// Why a command has no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// The input is wrong: exit code 2.
    Input { found: Diagnostics, sources: Sources },
    /// The input is wrong, and the result itself says why: exit code 2.
    Judged,
    /// The world is wrong: exit code 3.
    World(anyhow::Error),
    /// The result is out, and this exit code tells of what it says.
    Status(u8),
    /// Whoever read the output has gone: nobody is left to tell.
    ClosedPipe,
}

impl Failure {
    /// An input error that has no place in a text.
    pub(super) fn input(diagnostic: diagnostics::Diagnostic) -> Self {
        let mut found = Diagnostics::new();
        found.push(diagnostic);
        Self::Input { found, sources: Sources::new() }
    }

    /// An input error about a text, or at the end of blanks that stand for one.
    pub(super) fn input_in(
        name: &str,
        kind: SourceKind,
        text: &str,
        diagnostic: diagnostics::Diagnostic,
    ) -> Self {
        let (mut found, mut sources) = (Diagnostics::new(), Sources::new());
        let source = sources.add(name, kind, text);
        let start = if text.trim().is_empty() { text.len() } else { 0 };
        found.push(diagnostic.at(Place::new(source, start, text.len()), ""));
        Self::Input { found, sources }
    }

    /// An input error about a range of what a flag was given.
    pub(super) fn of_flag(
        flag: &str,
        text: &str,
        range: std::ops::Range<usize>,
        diagnostic: diagnostics::Diagnostic,
    ) -> Self {
        let (mut found, mut sources) = (Diagnostics::new(), Sources::new());
        let source = sources.add(flag, SourceKind::Flag, text);
        found.push(diagnostic.at(Place::new(source, range.start, range.end), ""));
        Self::Input { found, sources }
    }

    /// The same once more, for another input that it stops too.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Input { found, sources } => Self::Input { found: found.clone(), sources: sources.clone() },
            Self::Judged => Self::Judged,
            Self::World(error) => Self::World(anyhow::anyhow!("{error:#}")),
            Self::Status(status) => Self::Status(*status),
            Self::ClosedPipe => Self::ClosedPipe,
        }
    }

    /// Several failures as one: all that is wrong with the world, or the first of another kind.
    pub(super) fn together(failures: Vec<Self>) -> Option<Self> {
        let (mut world, mut others) = (Vec::new(), Vec::new());
        for failure in failures {
            match failure {
                // What several inputs need and cannot be read stops each of them.
                Self::World(error) => {
                    let why = format!("{error:#}");
                    if !world.contains(&why) {
                        world.push(why);
                    }
                }
                other => others.push(other),
            }
        }
        if world.is_empty() {
            return others.into_iter().next();
        }
        Some(Self::World(anyhow::anyhow!(world.join("\nerror: "))))
    }

    /// What became of a print before the verdict: whoever stopped reading it changes nothing about the verdict.
    pub(super) fn of_print(printed: Result<(), Self>) -> Result<(), Self> {
        match printed {
            Err(Self::ClosedPipe) => Ok(()),
            other => other,
        }
    }

    /// Tells what is wrong on stderr; the exit code.
    pub(super) fn report(self) -> u8 {
        match self {
            Self::Input { found, sources } => {
                tell(&found, &sources);
                2
            }
            Self::Judged => 2,
            Self::World(error) => {
                // Without stderr there is nobody to tell.
                let _ = writeln!(anstream::stderr(), "error: {error:#}");
                3
            }
            Self::Status(status) => status,
            Self::ClosedPipe => 0,
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::World(error)
    }
}

/// What goes wrong with stdout; other files say which they are.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::World(anyhow::Error::from(error).context("cannot write to stdout")),
        }
    }
}

/// Writes findings to stderr: warnings of a command that succeeds, errors of one that fails.
pub(super) fn tell(found: &Diagnostics, sources: &Sources) {
    if !found.is_empty() {
        let _ = write!(anstream::stderr(), "{}", diagnostics::report(found, sources, true));
    }
}

/// Says something on stderr that is worth knowing, and no error.
pub(super) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "note: {text}");
}
