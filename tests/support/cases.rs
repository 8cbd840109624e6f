//! Case folders: `tests/cases/<command>/<name>/`, each one call of `pgpod` and all that it says.
//!
//! | file | holds |
//! |---|---|
//! | `args` | one argument per line; empty lines and lines that start with `#` don't count |
//! | `stdin` | standard input (optional) |
//! | `stdout`, `stderr` | what is expected; a missing file means: nothing |
//! | `status` | the exit status; a missing file means 0 |
//! | `files/…` | what is written beside the inputs, as it is expected; a missing folder means: nothing |
//! | anything else | inputs |
//!
//! A case runs in a copy of its folder, so it may write. The copy's path reads `$CASE` in what is expected.
//! `BLESS=1 cargo test every_case` writes what is there now as expected: look at the change before it is
//! committed. `CASE=render/hostile` runs only the cases whose path contains it.

use super::program::Pgpod;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const EXPECTED: [&str; 3] = ["stdout", "stderr", "status"];

#[test]
fn every_case_says_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let wanted = std::env::var("CASE").unwrap_or_default();
    let mut problems = String::new();
    for command in folders(&root) {
        for case in folders(&command) {
            let name = case.strip_prefix(&root).expect("a case is below the root").display().to_string();
            if !name.contains(&wanted) {
                continue;
            }
            let found = run_case(&case);
            if std::env::var("BLESS").is_ok_and(|value| value == "1") {
                bless(&case, &found);
                continue;
            }
            for (file, expected, found) in differences(&case, &found) {
                let difference = similar::TextDiff::from_lines(&expected, &found);
                let difference = difference.unified_diff().header("expected", "found").to_string();
                let _ = write!(problems, "\n=== {name}: {file}\n{difference}");
            }
        }
    }
    assert!(problems.is_empty(), "{problems}\nIf this is right now: BLESS=1 cargo test every_case");
}

/// What a case gives: the three streams' files, and `files/…` for all that it wrote.
fn run_case(case: &Path) -> BTreeMap<String, String> {
    let copy = tempfile::tempdir().expect("the temporary folder is writable");
    let inputs: BTreeMap<String, Vec<u8>> = files_below(case)
        .into_iter()
        .filter(|(name, _)| !EXPECTED.contains(&name.as_str()) && !name.starts_with("files/"))
        .collect();
    for (name, content) in &inputs {
        let file = copy.path().join(name);
        std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("the copy is writable");
        std::fs::write(file, content).expect("the copy is writable");
    }
    let args = inputs.get("args").map(|args| String::from_utf8_lossy(args)).unwrap_or_default();
    let args = args.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let stdin = inputs.get("stdin").cloned().unwrap_or_default();
    let ran = Pgpod::new(args).stdin(stdin).current_dir(copy.path()).run();

    let place = copy.path().display().to_string();
    let mut found = BTreeMap::from([
        ("stdout".to_owned(), ran.stdout),
        ("stderr".to_owned(), ran.stderr),
        ("status".to_owned(), if ran.status == 0 { String::new() } else { format!("{}\n", ran.status) }),
    ]);
    for (name, content) in files_below(copy.path()) {
        if inputs.get(&name) != Some(&content) {
            found.insert(format!("files/{name}"), String::from_utf8_lossy(&content).into_owned());
        }
    }
    for text in found.values_mut() {
        *text = text.replace(&place, "$CASE");
    }
    found
}

/// Name, expected and found text of every file in which a case differs.
fn differences(case: &Path, found: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
    let mut expected: BTreeMap<String, String> = expectations(case);
    for name in found.keys() {
        expected.entry(name.clone()).or_default();
    }
    expected
        .into_iter()
        .map(|(name, expected)| {
            let found = found.get(&name).cloned().unwrap_or_default();
            (name, expected, found)
        })
        .filter(|(_, expected, found)| expected != found)
        .collect()
}

fn bless(case: &Path, found: &BTreeMap<String, String>) {
    for name in expectations(case).keys() {
        std::fs::remove_file(case.join(name)).expect("the clone is writable");
    }
    for (name, text) in found.iter().filter(|(_, text)| !text.is_empty()) {
        let file = case.join(name);
        std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("the clone is writable");
        std::fs::write(file, text).expect("the clone is writable");
    }
}

fn expectations(case: &Path) -> BTreeMap<String, String> {
    files_below(case)
        .into_iter()
        .filter(|(name, _)| EXPECTED.contains(&name.as_str()) || name.starts_with("files/"))
        .map(|(name, content)| (name, String::from_utf8_lossy(&content).into_owned()))
        .collect()
}

/// Every file below a folder, by its path from there.
fn files_below(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in entries(&folder) {
            if entry.is_dir() {
                waiting.push(entry);
            } else {
                let name = entry.strip_prefix(root).expect("it is below").display().to_string();
                files.insert(name, std::fs::read(&entry).expect("a test's file is readable"));
            }
        }
    }
    files
}

fn folders(root: &Path) -> Vec<PathBuf> {
    entries(root).into_iter().filter(|entry| entry.is_dir()).collect()
}

/// What is in a folder, sorted; a missing folder is empty.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder is readable").path()).collect();
    paths.sort();
    paths
}

#[test]
fn a_case_is_compared_whole_and_blessed_whole() {
    let case = tempfile::tempdir().expect("the temporary folder is writable");
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(case.path().join("files")).expect("writable");
        std::fs::write(case.path().join(name), text).expect("writable");
    };
    write("args", "render\n");
    write("status", "2\n");
    write("stderr", "old\n");
    write("files/gone", "text");
    let found = BTreeMap::from([
        ("status".to_owned(), String::new()),
        ("stdout".to_owned(), String::new()),
        ("stderr".to_owned(), "new\n".to_owned()),
        ("files/made".to_owned(), "text".to_owned()),
    ]);
    let names: Vec<_> = differences(case.path(), &found).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["files/gone", "files/made", "status", "stderr"]);
    bless(case.path(), &found);
    assert_eq!(differences(case.path(), &found), []);
    assert_eq!(files_below(case.path()).into_keys().collect::<Vec<_>>(), ["args", "files/made", "stderr"]);
}
