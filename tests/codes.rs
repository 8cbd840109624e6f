//! Every kind of finding has a code, and every code a page whose examples do what they say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use pgpod::diagnostics::codes::{self, Example};

use crate::support::pgpod;

/// Names of codes in the program's sources, outside the tables themselves.
fn used() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut waiting, mut text) = (vec![root.clone()], String::new());
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                if path != root.join("diagnostics/codes") {
                    waiting.push(path);
                }
            } else {
                let source = std::fs::read_to_string(&path).expect("a source is text");
                text.push_str(source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
            }
        }
    }
    text
}

#[test]
fn every_code_is_given_to_something() {
    let (used, mut tables) = (used(), BTreeMap::new());
    for file in ["values", "rules", "servers", "postgresql", "kubernetes", "usage"] {
        let path = format!("{}/src/diagnostics/codes/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let table = std::fs::read_to_string(path).expect("the table is there");
        for line in table.lines().filter(|line| line.contains(" = \"PG")) {
            let (name, id) = line.trim().split_once(" = ").expect("the line is a row");
            tables.insert(id[1..7].to_owned(), name.to_owned());
        }
    }
    assert_eq!(tables.len(), codes::all().count());
    let unused: Vec<_> = tables
        .values()
        .filter(|name| {
            !used.match_indices(&format!("codes::{name}")).any(|(at, found)| {
                !used[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
            })
        })
        .collect();
    assert_eq!(unused, [""; 0]);
}

/// What `pgpod validate` says of an example.
fn findings(kind: Example, text: &str) -> String {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let file = folder.path().join("example.yaml");
    std::fs::write(&file, text).expect("it is writable");
    let file = file.display().to_string();
    match kind {
        Example::Values => pgpod(["validate", "demo", "-n", "plant7", "-f", &file]),
        _ => pgpod(["validate", "--manifests", &file]),
    }
    .stdout
}

#[test]
fn a_wrong_example_gives_its_code_and_a_right_one_nothing() {
    let mut problems = String::new();
    let run = |page: &&codes::Page| matches!(page.kind, Example::Values | Example::Manifest);
    for page in codes::all().map(codes::Code::page).filter(run) {
        let (wrong, right) = (findings(page.kind, page.wrong), findings(page.kind, page.right));
        if !wrong.contains(&format!("[{}]", page.id)) {
            let _ = write!(problems, "\n{}, wrong:\n{}\n{wrong}", page.id, page.wrong);
        }
        if !right.starts_with("nothing is wrong") {
            let _ = write!(problems, "\n{}, right:\n{}\n{right}", page.id, page.right);
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
