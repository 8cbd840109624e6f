//! Many values files in one run, on all cores.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::diagnostics::{Diagnostics, Place, SourceKind};
use crate::render::Templates;

use super::super::failure::Failure;
use super::super::input::ReadLayers;
use super::super::{files, pattern};
use super::server::Servers;
use super::{Args, Told, counted, one, refuse, tell, told};

/// What all files are judged with.
struct Common<'a> {
    args: &'a Args,
    /// The layers below each file and above it.
    layers: ReadLayers,
    templates: Templates,
    servers: Option<&'a Servers>,
}

/// Judges every file over the other layers. One that cannot be read is told, and the rest goes on.
pub(super) fn run(args: &Args, servers: Option<&Servers>) -> Result<(), Failure> {
    let mut paths = BTreeSet::new();
    let (mut refused, mut failures) = (Vec::new(), Vec::new());
    for pattern in &args.each {
        match pattern::matching("--each", pattern) {
            Ok(matching) => paths.extend(matching.into_iter().map(PathBuf::into_os_string)),
            Err(Failure::Input { found, sources }) => refused.push((found, sources)),
            Err(failure) => failures.push(failure),
        }
    }
    let mut layers = None;
    match args.layers.read() {
        Ok(read) => layers = Some(read),
        Err(Failure::Input { found, sources }) => refused.push((found, sources)),
        Err(failure) => failures.push(failure),
    }
    let stopped = Failure::together(failures);
    let Some(layers) = layers.filter(|_| refused.is_empty() && stopped.is_none()) else {
        let told = if refused.is_empty() { Ok(()) } else { refuse(args, &refused) };
        return stopped.map_or(told, Err);
    };
    let common = Common { args, layers, templates: args.templates.read()?, servers };
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let (mut all, mut failures) =
        (Together { below: args.layers.files().collect(), ..Together::default() }, Vec::new());
    for outcome in judge_all(&common, &paths) {
        match outcome {
            Ok(told) => all.add(told),
            Err(Failure::World(error)) => {
                all.unread += 1;
                failures.push(Failure::World(error));
            }
            Err(failure) => return Err(failure),
        }
    }
    all.unasked = servers.map_or(0, Servers::unasked);
    let told = tell(args, &all.told, &all.summary());
    Failure::together(failures).map_or(told, Err)
}

/// The verdicts in the order of the paths.
fn judge_all(common: &Common<'_>, paths: &[PathBuf]) -> Vec<Result<Vec<Told>, Failure>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(paths.len());
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut verdicts: Vec<Option<Result<Vec<Told>, Failure>>> = paths.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((at, path)) = take(next, paths) {
                    // Nobody listens only when the run is over.
                    let _ = sender.send((at, common.judge(path)));
                }
            });
        }
        drop(sender);
        let progress = Progress::new(paths.len());
        for (done, (at, verdict)) in receiver.iter().enumerate() {
            verdicts[at] = Some(verdict);
            progress.show(done + 1);
        }
    });
    verdicts.into_iter().flatten().collect()
}

fn take<'a>(next: &AtomicUsize, paths: &'a [PathBuf]) -> Option<(usize, &'a Path)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    paths.get(at).map(|path| (at, path.as_path()))
}

impl Common<'_> {
    fn judge(&self, path: &Path) -> Result<Vec<Told>, Failure> {
        let loaded = files::values_at(path).and_then(|input| self.layers.load(Some(input)));
        let mut judged = one::values(self.args, loaded, &self.templates, self.servers)?;
        // What has no place of its own is about the file.
        let name = path.display().to_string();
        let source = judged.sources.add(&name, SourceKind::File, "");
        let mut placed = Diagnostics::new();
        placed.extend(judged.found.into_iter().map(|finding| match finding.place() {
            Some(_) => finding,
            None => finding.at(Place::new(source, 0, 0), ""),
        }));
        Ok(told(&placed, &judged.sources, self.args.format, Some(&name)))
    }
}

/// The findings of all files; one that several files share, in what stands below them, is told once.
#[derive(Default)]
struct Together {
    told: Vec<Told>,
    /// Where in `told` the shared ones are.
    shared: Vec<usize>,
    /// The values files below all.
    below: BTreeSet<String>,
    files: usize,
    wrong: usize,
    /// How many files could not be read.
    unread: usize,
    /// How many files no server could be asked about.
    unasked: usize,
}

impl Together {
    fn add(&mut self, told: Vec<Told>) {
        self.files += 1;
        self.wrong += usize::from(!told.is_empty());
        for mut new in told {
            let with = std::mem::take(&mut new.finding.with);
            // One of the files may be one of the layers below, too.
            let is_below = new.finding.spots.iter().any(|spot| self.below.contains(&spot.source));
            if with.is_empty() && !is_below {
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
                let old = &mut self.told[at].finding.with;
                if !old.is_empty() {
                    old.extend(with);
                }
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
        let mut said = vec![said];
        if self.unread > 0 {
            said.push(format!("{} could not be read", self.unread));
        }
        if self.unasked > 0 {
            said.push(format!("no server was asked about {}", self.unasked));
        }
        said.join("; ")
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
