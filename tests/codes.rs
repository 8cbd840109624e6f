//! Every kind of finding has a code, and every code a page whose examples do what they say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use pgpod::diagnostics::codes::{self, Example};

use crate::support::run;

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

/// Codes whose wrong example no test can make go wrong, and why.
const WITHOUT_A_WRONG_ONE: [(&str, &str); 2] = [
    ("PG0139", "it is a mistake of pgpod itself"),
    ("PG0340", "a real server says it: `with_postgres.rs` tries both examples"),
];

/// Files that the examples of commands name.
const BESIDE: [(&str, &str); 4] = [
    ("values.yaml", "resourcePreset: small\n"),
    ("prod.yaml", "resourcePreset: small\n"),
    ("new/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n"),
    ("old/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n"),
];

/// A template that is fine wherever a template can be.
const TEMPLATE: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: {{ release.namespace }}}\n";

/// What `pgpod` says of an example.
fn told(kind: Example, text: &str) -> String {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in the folder")).expect("it is writable");
        std::fs::write(path, text).expect("it is writable");
    };
    let (file, line) = match kind {
        Example::Values => ("example.yaml", "pgpod validate demo -n plant7 -f example.yaml"),
        Example::Manifest => ("example.yaml", "pgpod validate --manifests example.yaml"),
        Example::Preset => ("mine.yaml", "pgpod validate demo --preset mine.yaml"),
        Example::Template => ("mine/kubernetes/extra.yaml", "pgpod render demo --templates mine"),
        Example::Command => ("", text),
    };
    if kind == Example::Command {
        for (name, text) in BESIDE {
            write(name, text);
        }
        // The comment says where a file is.
        if let Some((_, name)) = text.split_once("# ") {
            write(name, TEMPLATE);
        }
    } else {
        write(file, text);
    }
    let programs = Path::new(env!("CARGO_BIN_EXE_pgpod")).parent().expect("it is in a folder");
    let mut shell = std::process::Command::new("/bin/sh");
    shell.env_clear().env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    shell.args(["-c", &line.replace("| less", "| cat")]).current_dir(folder.path());
    let ran = run(&mut shell, b"{}\n");
    let said = ran.stdout + &ran.stderr;
    // A change is what `diff` is for.
    let fine = ran.status == 0 || (ran.status == 1 && line.starts_with("pgpod diff"));
    format!("{}{said}", if fine { "" } else { "failed: " })
}

#[test]
fn a_wrong_example_gives_its_code_and_a_right_one_nothing() {
    let mut problems = String::new();
    for page in codes::all().map(codes::Code::page) {
        let excused = WITHOUT_A_WRONG_ONE.iter().any(|(id, _)| *id == page.id);
        if page.id == "PG0340" {
            continue;
        }
        let wrong = told(page.kind, page.wrong);
        if !excused && !wrong.contains(&format!("[{}]", page.id)) {
            let _ = write!(problems, "\n{}, wrong:\n{}\n{wrong}", page.id, page.wrong);
        }
        let right = told(page.kind, page.right);
        let found = right
            .lines()
            .any(|line| ["error: ", "error[", "warning["].iter().any(|sign| line.starts_with(sign)));
        if right.starts_with("failed: ") || found {
            let _ = write!(problems, "\n{}, right:\n{}\n{right}", page.id, page.right);
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
