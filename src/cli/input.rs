//! The flags that layers come from, in their order of appearance, and what they load.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::diagnostics::{Diagnostic, Diagnostics, SourceKind, Sources, codes};
use crate::pipeline::{self, Loaded};
use crate::release::Release;
use crate::values::{FlagKind, Input, PresetChoice};

use super::failure::Failure;
use super::files;

/// The flags that layers come from, as they were typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers {
    preset: Option<String>,
    files: Vec<String>,
    flags: Vec<(FlagKind, String)>,
}

const FLAGS: [(&str, FlagKind, &str, &str); 5] = [
    ("set", FlagKind::Set, "KEY=VALUE,…", "Set values: `a.b=1,list[0]=x,list[name=x].field=y`"),
    ("set-string", FlagKind::SetString, "KEY=VALUE,…", "Set values that are texts"),
    ("set-file", FlagKind::SetFile, "KEY=PATH,…", "Set values to the contents of files"),
    ("set-json", FlagKind::SetJson, "KEY=JSON,…", "Set values given as JSON, or merge a JSON object"),
    ("set-literal", FlagKind::SetLiteral, "KEY=VALUE", "Set a value to the text as it stands"),
];

impl Args for Layers {
    fn augment_args(command: Command) -> Command {
        let heading = "Values, the later over the earlier";
        let preset = clap::Arg::new("preset")
            .long("preset")
            .value_name("NAME|FILE")
            .help("The preset below all: edge, small, medium, large, xlarge, or a file")
            .help_heading(heading);
        let file = clap::Arg::new("values")
            .short('f')
            .long("values")
            .value_name("FILE")
            .action(ArgAction::Append)
            .help("A values file; `-` is stdin; `a,b` are two")
            .help_heading(heading);
        let flag = |(name, _, value, help): (&'static str, FlagKind, &'static str, &'static str)| {
            let arg = clap::Arg::new(name).long(name).value_name(value);
            arg.action(ArgAction::Append).help(help).help_heading(heading).allow_hyphen_values(true)
        };
        command.arg(preset).arg(file).args(FLAGS.map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Layers {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut layers = Self::default();
        layers.update_from_arg_matches(matches)?;
        Ok(layers)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::between(matches, 0..usize::MAX);
        Ok(())
    }
}

impl Layers {
    /// The flags whose places on the command line are in a range.
    pub(super) fn between(matches: &ArgMatches, range: std::ops::Range<usize>) -> Self {
        let all = |name: &str| -> Vec<(usize, String)> {
            let indices = matches.indices_of(name).into_iter().flatten();
            let values = matches.get_many::<String>(name).into_iter().flatten().cloned();
            indices.zip(values).filter(|(at, _)| range.contains(at)).collect()
        };
        let mut flags: Vec<_> = FLAGS
            .into_iter()
            .flat_map(|(name, kind, ..)| all(name).into_iter().map(move |(at, text)| (at, kind, text)))
            .collect();
        flags.sort_by_key(|(at, ..)| *at);
        Self {
            preset: all("preset").pop().map(|(_, preset)| preset),
            files: all("values").into_iter().map(|(_, file)| file).collect(),
            flags: flags.into_iter().map(|(_, kind, text)| (kind, text)).collect(),
        }
    }

    /// Whether no flag was given.
    pub(super) fn is_empty(&self) -> bool {
        self.preset.is_none() && self.files.is_empty() && self.flags.is_empty()
    }

    /// The preset and the values files as they were named, for a command that a user can repeat.
    pub(super) fn named(&self) -> Vec<String> {
        let preset = self.preset.iter().flat_map(|name| ["--preset".to_owned(), name.clone()]);
        preset.chain(self.files.iter().flat_map(|file| ["-f".to_owned(), file.clone()])).collect()
    }

    /// The values files, by their names.
    pub(super) fn files(&self) -> impl Iterator<Item = String> {
        self.files.iter().flat_map(|names| names.split(',')).map(str::to_owned)
    }

    /// Whether values were set by flags.
    pub(super) fn has_set(&self) -> bool {
        !self.flags.is_empty()
    }

    /// Reads the preset and the files, in their order.
    pub(super) fn read(&self) -> Result<ReadLayers, Failure> {
        let mut stdin_taken = false;
        let (mut inputs, mut failed) = (Vec::new(), Vec::new());
        for name in self.files.iter().flat_map(|names| names.split(',')) {
            if name == "-" && std::mem::replace(&mut stdin_taken, true) {
                return Err(stdin_twice("-f"));
            }
            match files::values(name) {
                Ok(input) => inputs.push(input),
                Err(failure) => failed.push(failure),
            }
        }
        if let Some(failure) = Failure::together(failed) {
            return Err(failure);
        }
        let flag =
            |(kind, argument): &(FlagKind, String)| Input::Flag { kind: *kind, argument: argument.clone() };
        Ok(ReadLayers {
            preset: self.preset.as_deref().map(files::preset).transpose()?,
            files: inputs,
            flags: self.flags.iter().map(flag).collect(),
            stdin_taken,
            texts: Mutex::default(),
        })
    }

    /// Loads the values, and the texts that findings point into.
    pub(super) fn load(&self) -> Result<(Loaded, Sources), Failure> {
        match self.load_all()? {
            (Some(loaded), sources, found) if !found.has_errors() => Ok((loaded, sources)),
            (_, sources, found) => Err(Failure::Input { found, sources }),
        }
    }

    /// The same, with findings, so that later stages can add theirs.
    pub(super) fn load_all(&self) -> Result<(Option<Loaded>, Sources, Diagnostics), Failure> {
        self.read()?.load(None)
    }

    /// What files and flags alone merge to, before schema and defaults.
    pub(super) fn raw(&self) -> Result<serde_json::Value, Failure> {
        let read = self.read()?;
        let (_, inputs) = read.inputs(None);
        let reader = read.reader();
        let mut found = Diagnostics::new();
        let mut sources = Sources::new();
        let raw = crate::values::raw(inputs, &|path| reader.read(path), &mut sources, &mut found);
        reader.world()?;
        match raw {
            Some(raw) if !found.has_errors() => Ok(raw),
            _ => Err(Failure::Input { found, sources }),
        }
    }
}

/// What the flags name, read: a stream can be read once, over however many layers it is loaded.
pub(super) struct ReadLayers {
    preset: Option<PresetChoice>,
    files: Vec<Input>,
    flags: Vec<Input>,
    /// Whether stdin was one of the files.
    stdin_taken: bool,
    /// What `--set-file` names, by its name, as soon as it is read.
    texts: Mutex<BTreeMap<String, Result<String, Failure>>>,
}

impl ReadLayers {
    /// Loads the values, with one more file over the others and below the flags.
    pub(super) fn load(
        &self,
        last: Option<Input>,
    ) -> Result<(Option<Loaded>, Sources, Diagnostics), Failure> {
        let (preset, inputs) = self.inputs(last);
        let reader = self.reader();
        let mut found = Diagnostics::new();
        let mut sources = Sources::new();
        let loaded = pipeline::load(preset, inputs, &|path| reader.read(path), &mut sources, &mut found);
        reader.world()?;
        Ok((loaded, sources, found))
    }

    fn inputs(&self, last: Option<Input>) -> (Option<PresetChoice>, Vec<Input>) {
        let inputs = self.files.iter().cloned().chain(last).chain(self.flags.iter().cloned());
        (self.preset.clone(), inputs.collect())
    }

    fn reader(&self) -> FlagFiles<'_> {
        FlagFiles {
            texts: &self.texts,
            stdin_taken: Cell::new(self.stdin_taken),
            failure: RefCell::default(),
        }
    }
}

/// Reads what `--set-file` names. A file that cannot be read is the world's fault: it is kept for the exit code.
struct FlagFiles<'a> {
    texts: &'a Mutex<BTreeMap<String, Result<String, Failure>>>,
    /// It can be read once, by `-f` or by one flag.
    stdin_taken: Cell<bool>,
    failure: RefCell<Option<Failure>>,
}

impl FlagFiles<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let text = if path == "-" && self.stdin_taken.replace(true) {
            Err(stdin_twice("--set-file"))
        } else {
            // Held while it is read: whoever else wants it waits for it.
            let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
            let read = texts.entry(path.to_owned()).or_insert_with(|| files::flag_file(path));
            read.as_ref().map(String::clone).map_err(Failure::again)
        };
        text.map_err(|failure| {
            let why = format!("the file `{path}` cannot be used");
            self.failure.borrow_mut().get_or_insert(failure);
            why
        })
    }

    fn world(self) -> Result<(), Failure> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }
}

pub(super) fn stdin_twice(flag: &str) -> Failure {
    Failure::input_in(
        flag,
        SourceKind::Flag,
        "-",
        Diagnostic::error(codes::FILE_NAME, "stdin is read twice")
            .cause("what the first reads is gone for the second")
            .help(match flag {
                "--manifests" => "give `-` once",
                _ => "give `-` once, to `-f` or to one `--set-file`; write the other text to a file",
            }),
    )
}

/// The release that a command is about.
#[derive(Debug, Clone, Args)]
pub(super) struct ReleaseArgs {
    /// The release's name: every object is called after it
    #[arg(value_name = "RELEASE")]
    pub(super) release: String,
    /// The namespace of its objects
    #[arg(short, long, default_value = "default")]
    pub(super) namespace: String,
}

/// The release that a command is about, where its name decides little of what is shown.
#[derive(Debug, Clone, Args)]
pub(super) struct MaybeReleaseArgs {
    /// The release's name; it is only shown
    #[arg(value_name = "RELEASE", default_value = "release", hide_default_value = true)]
    release: String,
    /// The namespace of its objects
    #[arg(short, long, default_value = "default")]
    namespace: String,
}

impl MaybeReleaseArgs {
    pub(super) fn release(&self) -> Result<Release, Failure> {
        Release::new(&self.release, &self.namespace, false).map_err(Failure::input)
    }
}

impl ReleaseArgs {
    pub(super) fn release(&self, create_namespace: bool) -> Result<Release, Failure> {
        Release::new(&self.release, &self.namespace, create_namespace).map_err(Failure::input)
    }
}
