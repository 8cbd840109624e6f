//! The files that a pattern of the shell's kind means.
//!
//! The folders are walked here, and the crate `glob` compares single names only: its own walk panics on a name that is not
//! UTF-8, follows links in circles, and finds no hidden file by `.h*`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use glob::{MatchOptions, Pattern};

use crate::diagnostics::{Diagnostic, codes, shown_name};

use super::failure::Failure;
use super::files::shown;
use super::folders::{may_be_read, walk, why_stopped};

/// What one name of a path has to be.
enum Part<'a> {
    /// This name.
    Name(&'a str),
    /// A name of this kind, which is a hidden one only where the pattern begins with a dot.
    Like(Pattern),
    /// Any folders that are not hidden, or none.
    Folders,
}

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The files that a pattern means, sorted: `*` stands for any text within one name, `?` for one character, `[a-z]` for one
/// of some, `**` for any folders. Names that begin with a dot are meant only by patterns that do. Links are followed, but
/// for those by `**` that lead back to a folder that they are in.
pub(super) fn matching(flag: &str, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let parts = parts(pattern).map_err(|(at, why)| refused(flag, pattern, at, why))?;
    let start = if pattern.starts_with('/') { PathBuf::from("/") } else { PathBuf::new() };
    let mut found = BTreeSet::new();
    // A pattern of no name means nothing, and one that ends in `/` folders.
    if !parts.is_empty() && !pattern.ends_with('/') {
        collect(start, &parts, &mut found)
            .with_context(|| format!("cannot look for `{}`", shown_name(pattern)))?;
    }
    found.retain(|path| may_be_read(Path::new(path)));
    if found.is_empty() {
        return Err(anyhow::anyhow!("`{flag} {}` matches no file", shown_name(pattern)).into());
    }
    Ok(found.into_iter().map(PathBuf::from).collect())
}

/// The parts of a pattern, or at which byte it is none, and why.
fn parts(pattern: &str) -> Result<Vec<Part<'_>>, (usize, &'static str)> {
    let mut parts = Vec::new();
    let mut start = 0;
    for name in pattern.split('/') {
        match name {
            "" | "." => {}
            "**" => parts.push(Part::Folders),
            _ if !name.contains(['*', '?', '[']) => parts.push(Part::Name(name)),
            _ => {
                let at = |characters| name.char_indices().nth(characters).map_or(0, |(at, _)| at);
                let like = Pattern::new(name).map_err(|error| (start + at(error.pos), error.msg))?;
                parts.push(Part::Like(like));
            }
        }
        start += name.len() + 1;
    }
    Ok(parts)
}

fn refused(flag: &str, pattern: &str, at: usize, why: &str) -> Failure {
    let rest = &pattern[at..];
    let length = rest.find('/').unwrap_or(rest.len());
    let finding = Diagnostic::error(codes::FILE_NAME, format!("`{flag} {}` is no pattern", shown_name(pattern)))
        .cause(why)
        .help("`*` stands for any text within a name, `?` for one character, `[a-z]` for one of some, `**` for any folders; write `[[]` for a bracket");
    Failure::of_flag(flag, pattern, at..at + length, finding)
}

/// Adds what the parts mean in a folder.
fn collect(folder: PathBuf, parts: &[Part<'_>], found: &mut BTreeSet<OsString>) -> anyhow::Result<()> {
    let Some((first, rest)) = parts.split_first() else {
        if !folder.as_os_str().is_empty() {
            found.insert(folder.into());
        }
        return Ok(());
    };
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder.as_path() };
    match first {
        Part::Name(name) => {
            let path = folder.join(name);
            if path.symlink_metadata().is_ok() {
                collect(path, rest, found)?;
            }
        }
        Part::Like(pattern) => {
            let entries = match here.read_dir() {
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Ok(());
                }
                entries => entries.with_context(|| format!("cannot read the folder `{}`", shown(here)))?,
            };
            for entry in entries {
                let name =
                    entry.with_context(|| format!("cannot read the folder `{}`", shown(here)))?.file_name();
                if pattern.matches_with(&name.to_string_lossy(), OPTIONS) {
                    collect(folder.join(name), rest, found)?;
                }
            }
        }
        Part::Folders => {
            for below in folders(here)? {
                let below = if below == Path::new(".") { PathBuf::new() } else { below };
                let below = below.strip_prefix("./").map(Path::to_owned).unwrap_or(below);
                collect(below, rest, found)?;
            }
        }
    }
    Ok(())
}

/// A folder and those below it that are not hidden; none where it is no folder.
fn folders(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in walk(folder) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => found.push(entry.into_path()),
            Ok(_) => {}
            // A link that leads nowhere is no folder; whether it is a file that was meant, its name says.
            Err(error) if error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) => {}
            Err(error) => return Err(why_stopped(error, folder, "the folder")),
        }
    }
    Ok(found)
}
