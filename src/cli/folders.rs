//! Files that the command line names by their folder, or by a pattern.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use glob::{MatchOptions, glob_with};
use walkdir::WalkDir;

use crate::diagnostics::{Diagnostic, codes};

use super::failure::Failure;
use super::files::{read, stdin};

/// The templates of a folder, by their paths in it, in the order of their names.
pub(super) fn templates(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    if folder.is_file() {
        return Err(anyhow!(
            "cannot read the templates in `{}`: it is a file, and a folder is needed",
            folder.display()
        )
        .into());
    }
    let mut files = below(folder, "templates")?;
    // Backups of editors are no templates.
    files.retain(|file| !file.to_string_lossy().ends_with('~'));
    let row = |file: PathBuf| {
        let inside = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().into_owned();
        Ok((inside, read(&file, "template")?))
    };
    files.into_iter().map(row).collect()
}

/// Manifests by the names of their files: a file, stdin for `-`, or those of a folder, which end in `.yaml`, `.yml` or
/// `.json`; all of its files where none ends so, as in a folder of `kubectl diff`.
pub(super) fn manifests(name: &str) -> Result<Vec<(String, String)>, Failure> {
    if name == "-" {
        return Ok(vec![("stdin".to_owned(), stdin()?)]);
    }
    let path = Path::new(name);
    if !path.is_dir() {
        return Ok(vec![(name.to_owned(), read(path, "manifest")?)]);
    }
    let mut files = below(path, "manifests")?;
    let named =
        |path: &PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json");
    if files.iter().any(named) {
        files.retain(named);
    }
    files.into_iter().map(|file| Ok((file.display().to_string(), read(&file, "manifest")?))).collect()
}

/// The files of a folder and of those in it that are not hidden, sorted. Links are followed: a volume of Kubernetes
/// consists of them.
fn below(folder: &Path, what: &str) -> Result<Vec<PathBuf>, Failure> {
    let is_shown = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(is_shown) {
        let entry = entry.map_err(|error| {
            let shown = error.path().unwrap_or(folder).display().to_string();
            let why = match error.into_io_error() {
                Some(error) => error.into(),
                None => anyhow!("a link leads back to a folder that it is in"),
            };
            why.context(format!("cannot read the {what} in `{shown}`"))
        })?;
        if !entry.file_type().is_dir() {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}

/// The files that a pattern of the shell's kind means, sorted: `*` stands for any text within one name, `?` for one
/// character, `[a-z]` for one of some, `**` for any folders.
pub(super) fn matching(pattern: &str) -> Result<Vec<String>, Failure> {
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let paths = glob_with(pattern, options).map_err(|error| {
        Failure::input(
            Diagnostic::error(codes::FILE_NAME, format!("`--each {pattern}` is no pattern"))
                .cause(format!("at character {}: {}", error.pos + 1, error.msg))
                .help("`*` stands for any text within a name, `?` for one character, `[a-z]` for one of some, `**` for any folders; write `[[]` for a bracket"),
        )
    })?;
    let mut names = Vec::new();
    for path in paths {
        let path = path.with_context(|| format!("cannot look for `{pattern}`"))?;
        // What cannot be read, such as a link that leads nowhere, is told where it is read.
        if !path.is_dir() {
            names.push(path.display().to_string());
        }
    }
    names.sort();
    if names.is_empty() {
        return Err(anyhow!("`--each {pattern}` matches no file").into());
    }
    Ok(names)
}
