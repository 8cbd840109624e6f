//! Many values files in one run, on all cores.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::diagnostics::{Diagnostics, Place, SourceKind};
use crate::render::Templates;

use super::super::failure::Failure;
use super::super::folders;
use super::server::Servers;
use super::{Args, Told, counted, one, tell, told};

/// Judges every file over the other layers. One that cannot be read is told, and the rest goes on.
pub(super) fn run(args: &Args, servers: Option<&Servers>) -> Result<(), Failure> {
    let mut names = Vec::new();
    for pattern in &args.each {
        names.extend(folders::matching(pattern)?);
    }
    names.sort();
    names.dedup();
    let templates = args.templates.read()?;
    let (mut all, mut failures) = (Together::default(), Vec::new());
    for outcome in judge_all(args, &names, &templates, servers) {
        match outcome {
            Ok(told) => all.add(told),
            Err(failure) => {
                all.unread += 1;
                failures.push(failure);
            }
        }
    }
    let told = tell(args, &all.told, &all.summary());
    match failures.into_iter().reduce(|first, next| {
        first.report();
        next
    }) {
        Some(failure) => Err(failure),
        None => told,
    }
}

/// The verdicts in the order of the names.
fn judge_all(
    args: &Args,
    names: &[String],
    templates: &Templates,
    servers: Option<&Servers>,
) -> Vec<Result<Vec<Told>, Failure>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(names.len());
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut verdicts: Vec<Option<Result<Vec<Told>, Failure>>> = names.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((at, name)) = take(next, names) {
                    // Nobody listens only when the run is over.
                    let _ = sender.send((at, judge(args, name, templates, servers)));
                }
            });
        }
        drop(sender);
        let progress = Progress::new(names.len());
        for (done, (at, verdict)) in receiver.iter().enumerate() {
            verdicts[at] = Some(verdict);
            progress.show(done + 1);
        }
    });
    verdicts.into_iter().flatten().collect()
}

fn take<'a>(next: &AtomicUsize, names: &'a [String]) -> Option<(usize, &'a str)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    names.get(at).map(|name| (at, name.as_str()))
}

fn judge(
    args: &Args,
    name: &str,
    templates: &Templates,
    servers: Option<&Servers>,
) -> Result<Vec<Told>, Failure> {
    let mut judged = one::values(args, &args.layers.with_file(name), templates, servers)?;
    // What has no place of its own is about the file.
    let source = judged.sources.add(name, SourceKind::File, "");
    let mut placed = Diagnostics::new();
    placed.extend(judged.found.into_iter().map(|finding| match finding.place() {
        Some(_) => finding,
        None => finding.at(Place::new(source, 0, 0), ""),
    }));
    judged.found = placed;
    Ok(told(&judged, args.format, Some(name)))
}

/// The findings of all files; one that several files share, in what stands below them, is told once.
#[derive(Default)]
struct Together {
    told: Vec<Told>,
    /// Where in `told` the shared ones are.
    shared: Vec<usize>,
    files: usize,
    wrong: usize,
    /// How many files could not be read.
    unread: usize,
}

impl Together {
    fn add(&mut self, told: Vec<Told>) {
        self.files += 1;
        self.wrong += usize::from(!told.is_empty());
        for mut new in told {
            let with = std::mem::take(&mut new.finding.with);
            if with.is_empty() {
                self.told.push(new);
                continue;
            }
            let same = |at: &&usize| {
                let old = &self.told[**at].finding;
                (old.code, &old.title, &old.spots)
                    == (new.finding.code, &new.finding.title, &new.finding.spots)
                    && (&old.cause, &old.help) == (&new.finding.cause, &new.finding.help)
            };
            if let Some(at) = self.shared.iter().find(same).copied() {
                self.told[at].finding.with.extend(with);
                continue;
            }
            new.finding.with = with;
            self.shared.push(self.told.len());
            self.told.push(new);
        }
    }

    fn summary(&self) -> String {
        let files = if self.files == 1 { "1 file".to_owned() } else { format!("{} files", self.files) };
        let said = match counted(&self.told) {
            Some(counted) => format!("{counted} in {} of {files}", self.wrong),
            None if self.files == 0 => "no file was judged".to_owned(),
            None => format!("nothing is wrong with {files}"),
        };
        if self.unread == 0 { said } else { format!("{said}; {} could not be read", self.unread) }
    }
}

/// How far the run is, on a terminal only.
struct Progress {
    total: usize,
    terminal: bool,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self { total, terminal: std::io::stderr().is_terminal() }
    }

    fn show(&self, done: usize) {
        if !self.terminal {
            return;
        }
        let mut stderr = std::io::stderr().lock();
        // The line is cleared at the end; without stderr there is nobody to show it to.
        let _ = if done < self.total {
            write!(stderr, "\r{done} of {} files", self.total)
        } else {
            write!(stderr, "\r\u{1b}[K")
        };
    }
}
