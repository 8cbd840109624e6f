//! The flags of both sides: what stands before `--from` is the new side's, what follows it the old one's.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use crate::diagnostics::{Diagnostic, codes};

use super::super::failure::Failure;
use super::super::input::Layers;
use super::super::render::TemplateArgs;

/// What `--from` without a name is taken for. No argument of a command can be so, as none holds a NUL.
const NO_NAME: &str = "\0";

/// The values of both sides.
#[derive(Debug, Clone, Default)]
pub(super) struct Sides {
    pub(super) new: Layers,
    pub(super) from: Option<From>,
}

/// The old side.
#[derive(Debug, Clone)]
pub(super) enum From {
    /// A file, a folder, or `-`.
    Path(String),
    /// Other values.
    Values(Layers),
}

impl Args for Sides {
    fn augment_args(command: Command) -> Command {
        let from = clap::Arg::new("from")
            .long("from")
            .value_name("FILE|DIR|-")
            .num_args(0..=1)
            .default_missing_value(NO_NAME)
            .help("The old side, without a cluster: a file or folder of manifests, `-` for stdin; with none of them, the values flags that follow");
        Layers::augment_args(command).arg(from)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Sides {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut sides = Self::default();
        sides.update_from_arg_matches(matches)?;
        Ok(sides)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let from = matches.get_one::<String>("from");
        let at = matches.index_of("from").unwrap_or(usize::MAX);
        match from.map(String::as_str) {
            None => self.new = Layers::between(matches, 0..usize::MAX),
            Some(NO_NAME) => {
                self.new = Layers::between(matches, 0..at);
                self.from = Some(From::Values(Layers::between(matches, at..usize::MAX)));
            }
            Some(path) => {
                self.new = Layers::between(matches, 0..usize::MAX);
                self.from = Some(From::Path(path.to_owned()));
            }
        }
        Ok(())
    }
}

impl Sides {
    /// An empty name is an empty variable, and not the wish for other values.
    pub(super) fn refuse_no_name(&self) -> Result<(), Failure> {
        let Some(From::Path(path)) = &self.from else { return Ok(()) };
        if !path.is_empty() {
            return Ok(());
        }
        Err(Failure::input(
            Diagnostic::error(codes::FILE_NAME, "`--from` names an empty file name")
                .help("check for an empty variable; `--from` without a name compares with the values flags that follow it"),
        ))
    }

    /// Two files or folders are compared without values.
    pub(super) fn refuse_values(&self, templates: &TemplateArgs) -> Result<(), Failure> {
        if self.from.is_none() && self.new.is_empty() && templates.folders.is_empty() {
            return Ok(());
        }
        Err(Failure::input(
            Diagnostic::error(
                codes::TWO_SIDES,
                "two files or folders are compared as they are, without values, templates and `--from`",
            )
            .help("give one name, of the release, to compare what values render"),
        ))
    }
}
