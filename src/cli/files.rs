//! Reading a file that the command line names: values, a preset, what a flag takes from one.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::diagnostics::{Diagnostic, SourceKind, codes, shown_name};
use crate::values::{Input, PresetChoice};

use super::failure::Failure;

/// The largest values file that is read, in bytes: a thousand times what a large release needs.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A place further to the right than this says no more.
const LONGEST_COLUMN: usize = 1000;

/// A values file, or stdin for `-`.
pub(super) fn values(name: &str) -> Result<Input, Failure> {
    if name.is_empty() {
        return Err(Failure::input_in(
            "-f",
            SourceKind::Flag,
            "",
            Diagnostic::error(codes::FILE_NAME, "`-f` names an empty file name")
                .help("check for a comma too many, or an empty variable"),
        ));
    }
    let is_stdin = name == "-";
    let text = if is_stdin { stdin()? } else { read(Path::new(name), "values file")? };
    Ok(Input::File { name: if is_stdin { "stdin".into() } else { name.to_owned() }, text, stdin: is_stdin })
}

/// A values file by its path, which is taken as it is.
pub(super) fn values_at(path: &Path) -> Result<Input, Failure> {
    Ok(Input::File { name: path.display().to_string(), text: read(path, "values file")?, stdin: false })
}

/// A built-in preset's name, or a file's text.
pub(super) fn preset(name: &str) -> Result<PresetChoice, Failure> {
    let looks_like_a_file = name.contains(['/', '.']);
    if !looks_like_a_file {
        return Ok(PresetChoice::BuiltIn(name.to_owned()));
    }
    Ok(PresetChoice::File { name: name.to_owned(), text: read(Path::new(name), "preset")? })
}

/// A path for people.
pub(super) fn shown(path: &Path) -> String {
    shown_name(&path.display().to_string())
}

/// The text of a file, whatever it is for: world's faults are told apart from wrong content.
pub(super) fn read(path: &Path, what: &str) -> Result<String, Failure> {
    let name = path.display().to_string();
    let shown = shown(path);
    let metadata = fs::metadata(path).with_context(|| format!("cannot read the {what} `{shown}`"))?;
    if metadata.is_dir() {
        return Err(anyhow!("cannot read the {what} `{shown}`: it is a directory").into());
    }
    let file = fs::File::open(path).with_context(|| format!("cannot read the {what} `{shown}`"))?;
    text(file, &format!("the {what} `{shown}`"), &name, SourceKind::File)
}

/// The text of stdin.
pub(super) fn stdin() -> Result<String, Failure> {
    text(std::io::stdin().lock(), "stdin", "stdin", SourceKind::Stdin)
}

/// The text of a reader, which users know as `name`.
fn text(reader: impl Read, what: &str, name: &str, kind: SourceKind) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {what}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::input_in(
            name,
            kind,
            "",
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
        // Blanks in its place: what nobody has read as values, nobody knows the secrets of.
        let before = String::from_utf8_lossy(valid);
        let characters = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let blanks = "\n".repeat(line - 1) + &" ".repeat(characters.min(LONGEST_COLUMN));
        Failure::input_in(
            name,
            kind,
            &blanks,
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

/// A file that `--set-file` names, verbatim; `-` is stdin.
pub(super) fn flag_file(path: &str) -> Result<String, Failure> {
    if path == "-" { stdin() } else { read(Path::new(path), "file of `--set-file`") }
}
