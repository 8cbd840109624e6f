//! Files that the command line names by their folder.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use walkdir::{DirEntry, WalkDir};

use super::failure::Failure;
use super::files::{read, shown, stdin};

/// The templates of a folder, by their paths in it, in the order of their names.
pub(super) fn templates(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    if folder.is_file() {
        return Err(anyhow!(
            "cannot read the templates in `{}`: it is a file, and a folder is needed",
            shown(folder)
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

/// The files of a folder and of those in it that are not hidden, sorted.
fn below(folder: &Path, what: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in walk(folder) {
        let entry = entry.map_err(|error| why_stopped(error, folder, &format!("the {what} in")))?;
        if may_be_read(entry.path()) {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}

/// A folder and all that is in it and not hidden. Links are followed, since a volume of Kubernetes consists of them, but
/// for those that lead back to a folder that they are in: all behind them is found already.
pub(super) fn walk(folder: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let whole = folder.canonicalize().unwrap_or_default();
    let leads_out = move |entry: &DirEntry| {
        entry.path_is_symlink() && entry.path().canonicalize().is_ok_and(|to| whole.starts_with(to))
    };
    let is_wanted = move |entry: &DirEntry| {
        entry.depth() == 0 || (!entry.file_name().to_string_lossy().starts_with('.') && !leads_out(entry))
    };
    let entries = WalkDir::new(folder).follow_links(true).into_iter().filter_entry(is_wanted);
    entries.filter(|entry| entry.as_ref().err().is_none_or(|error| error.loop_ancestor().is_none()))
}

/// Why a walk through a folder stopped.
pub(super) fn why_stopped(error: walkdir::Error, folder: &Path, what: &str) -> anyhow::Error {
    let shown = shown(error.path().unwrap_or(folder));
    let why = error.into_io_error().map_or_else(|| anyhow!("a link leads in a circle"), anyhow::Error::new);
    why.context(format!("cannot read {what} `{shown}`"))
}

/// Whether what was found by a folder or a pattern is a file: a pipe would be waited for without end. What cannot be read,
/// such as a link that leads nowhere, is told where it is read.
pub(super) fn may_be_read(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file()) || path.metadata().is_err()
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
