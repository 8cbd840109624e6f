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
/// `.json`, or are called as `kubectl diff` calls them; all of its files where there is none of these.
pub(super) fn manifests(name: &str) -> Result<Vec<(String, String)>, Failure> {
    if name == "-" {
        return Ok(vec![("stdin".to_owned(), stdin()?)]);
    }
    let path = Path::new(name);
    if !path.is_dir() {
        return Ok(vec![(name.to_owned(), read(path, "manifest")?)]);
    }
    let mut files = below(path, "manifests")?;
    let named = |path: &PathBuf| {
        let is_of = |end: &std::ffi::OsStr| end == "yaml" || end == "yml" || end == "json";
        path.extension().is_some_and(is_of)
            || path.file_name().and_then(|name| name.to_str()).is_some_and(is_kubectls)
    };
    if files.iter().any(named) {
        files.retain(named);
    }
    files.into_iter().map(|file| Ok((file.display().to_string(), read(&file, "manifest")?))).collect()
}

/// Whether `kubectl diff` calls an object's file so: `apps.v1.Deployment.plant7.demo`, with the group, the version, the
/// kind, the namespace, which may be empty, and the name.
fn is_kubectls(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let is_version = |part: &str| {
        let mut rest = part.strip_prefix('v').unwrap_or_default().chars();
        rest.next().is_some_and(|first| first.is_ascii_digit()) && rest.all(|c| c.is_ascii_alphanumeric())
    };
    let is_kind = |part: &str| part.starts_with(|first: char| first.is_ascii_uppercase());
    // A group and a name may have dots themselves.
    parts.windows(4).any(|part| is_version(part[0]) && is_kind(part[1]) && !part[3].is_empty())
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
        if may_be_read(entry.path()) {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}

/// Whether what was found by a folder or a pattern is a file: a pipe would be waited for without end. What cannot be read,
/// such as a link that leads nowhere, is told where it is read.
fn may_be_read(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file()) || path.metadata().is_err()
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
        if may_be_read(&path) {
            names.push(path.display().to_string());
        }
    }
    names.sort();
    if names.is_empty() {
        return Err(anyhow!("`--each {pattern}` matches no file").into());
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::is_kubectls;

    #[test]
    fn files_of_kubectl_are_known_by_their_names() {
        for (name, expected) in [
            ("v1.ConfigMap.plant7.demo", true),
            ("v1.Namespace..plant7", true),
            ("apps.v1.Deployment.plant7.a.b", true),
            ("monitoring.coreos.com.v1alpha1.AlertmanagerConfig.plant7.demo", true),
            ("README.md", false),
            ("notes.v1.Draft.txt", false),
            ("a.version.Kind.b.c", false),
            ("Makefile", false),
        ] {
            assert_eq!(is_kubectls(name), expected, "{name}");
        }
    }
}
