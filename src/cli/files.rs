//! Reading what the command line names: values files, presets, templates.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::diagnostics::{Diagnostic, codes};
use crate::values::{Input, PresetChoice};

use super::failure::Failure;

/// The largest values file that is read, in bytes: a thousand times what a large release needs.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A values file, or stdin for `-`.
pub(super) fn values(name: &str) -> Result<Input, Failure> {
    if name.is_empty() {
        return Err(Failure::input(
            Diagnostic::error(codes::FILE_NAME, "`-f` names an empty file name")
                .help("check for a comma too many, or an empty variable"),
        ));
    }
    let is_stdin = name == "-";
    let text = if is_stdin { stdin()? } else { read(Path::new(name), "values file")? };
    Ok(Input::File { name: if is_stdin { "stdin".into() } else { name.to_owned() }, text, stdin: is_stdin })
}

/// A built-in preset's name, or a file's text.
pub(super) fn preset(name: &str) -> Result<PresetChoice, Failure> {
    let looks_like_a_file = name.contains(['/', '.']);
    if !looks_like_a_file {
        return Ok(PresetChoice::BuiltIn(name.to_owned()));
    }
    Ok(PresetChoice::File { name: name.to_owned(), text: read(Path::new(name), "preset")? })
}

/// The text of a file, whatever it is for: world's faults are told apart from wrong content.
pub(super) fn read(path: &Path, what: &str) -> Result<String, Failure> {
    let shown = path.display();
    let metadata = fs::metadata(path).with_context(|| format!("cannot read the {what} `{shown}`"))?;
    if metadata.is_dir() {
        return Err(anyhow!("cannot read the {what} `{shown}`: it is a directory").into());
    }
    let file = fs::File::open(path).with_context(|| format!("cannot read the {what} `{shown}`"))?;
    text(file, &format!("the {what} `{shown}`"))
}

/// The text of stdin.
pub(super) fn stdin() -> Result<String, Failure> {
    text(std::io::stdin().lock(), "stdin")
}

fn text(reader: impl Read, what: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {what}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::input(
            Diagnostic::error(
                codes::TOO_LARGE,
                format!("{what} is larger than {} MiB", LARGEST / 1024 / 1024),
            )
            .cause("values are small; this is probably another file")
            .help("check the name; large texts belong into a Secret or ConfigMap of their own"),
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|b| **b == b'\n').count() + 1;
        let column = valid.iter().rev().take_while(|b| **b != b'\n').count() + 1;
        let binary = error.as_bytes().iter().take(8000).any(|b| *b == 0);
        let utf16 =
            error.as_bytes().starts_with(&[0xff, 0xfe]) || error.as_bytes().starts_with(&[0xfe, 0xff]);
        Failure::input(
            Diagnostic::error(codes::NOT_TEXT, format!("{what} is no text in UTF-8"))
                .cause(format!(
                    "byte {} (line {line}, byte {column} of the line) begins no character",
                    valid.len() + 1
                ))
                .help(if utf16 {
                    "this is UTF-16, as some Windows programs write it: save it as UTF-8"
                } else if binary {
                    "this looks like a binary file: check the name"
                } else {
                    "save it as UTF-8"
                }),
        )
    })
}

/// The templates of a folder, by their paths in it, in the order of their names.
pub(super) fn templates(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let shown = current.display();
        let entries =
            fs::read_dir(&current).with_context(|| format!("cannot read the templates in `{shown}`"))?;
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read the templates in `{shown}`"))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            // Backups and hidden files of editors are no templates.
            if !inside.split('/').any(|part| part.starts_with('.')) && !inside.ends_with('~') {
                found.push((inside, read(&path, "template")?));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Manifests by the names of their files: a file, stdin for `-`, or all of a folder that look like manifests.
pub(super) fn manifests(name: &str) -> Result<Vec<(String, String)>, Failure> {
    if name == "-" {
        return Ok(vec![("stdin".to_owned(), stdin()?)]);
    }
    let path = Path::new(name);
    if !path.is_dir() {
        return Ok(vec![(name.to_owned(), read(path, "manifest")?)]);
    }
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![path.to_owned()];
    while let Some(current) = folders.pop() {
        let entries = fs::read_dir(&current)
            .with_context(|| format!("cannot read the folder `{}`", current.display()))?;
        for entry in entries {
            let path =
                entry.with_context(|| format!("cannot read the folder `{}`", current.display()))?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            let manifest =
                path.extension().is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|e| ending == *e));
            if hidden {
            } else if path.is_dir() {
                folders.push(path);
            } else if manifest {
                found.push((path.display().to_string(), read(&path, "manifest")?));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files that a pattern means, sorted: `*` stands for any text within one name, `?` for one character, `**` for any
/// folders.
pub(super) fn matching(pattern: &str) -> Result<Vec<String>, Failure> {
    let (start, rest) = match pattern.strip_prefix('/') {
        Some(rest) => (PathBuf::from("/"), rest),
        None => (PathBuf::new(), pattern),
    };
    let mut paths = vec![start];
    for part in rest.split('/').filter(|part| !part.is_empty()) {
        let mut next = Vec::new();
        for path in paths {
            if part == "**" {
                next.extend(below(&path)?);
            } else if part.contains(['*', '?']) {
                let fits = |entry: &PathBuf| {
                    let name =
                        entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                    (!name.starts_with('.') || part.starts_with('.'))
                        && wildcard(part.as_bytes(), name.as_bytes())
                };
                next.extend(entries(&path)?.into_iter().filter(fits));
            } else {
                next.extend(Some(path.join(part)).filter(|path| path.exists()));
            }
        }
        paths = next;
    }
    let mut names: Vec<String> =
        paths.into_iter().filter(|path| path.is_file()).map(|path| path.display().to_string()).collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return Err(anyhow!("`--each {pattern}` matches no file").into());
    }
    Ok(names)
}

/// A folder and all folders below it.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = vec![folder.to_owned()];
    let mut at = 0;
    while let Some(current) = folders.get(at).cloned() {
        folders.extend(entries(&current)?.into_iter().filter(|path| path.is_dir() && !path.is_symlink()));
        at += 1;
    }
    Ok(folders)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !shown.is_dir() {
        return Ok(Vec::new());
    }
    let entries =
        fs::read_dir(shown).with_context(|| format!("cannot read the folder `{}`", shown.display()))?;
    entries
        .map(|entry| {
            let entry = entry.with_context(|| format!("cannot read the folder `{}`", shown.display()))?;
            Ok(folder.join(entry.file_name()))
        })
        .collect()
}

/// Whether a name fits a pattern of `*` and `?`; steps back to the last `*` only, so that no pattern takes long.
fn wildcard(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                p = at + 1;
                n = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

/// A file that `--set-file` names, verbatim; `-` is stdin.
pub(super) fn flag_file(path: &str) -> Result<String, Failure> {
    if path == "-" { stdin() } else { read(Path::new(path), "file of `--set-file`") }
}
