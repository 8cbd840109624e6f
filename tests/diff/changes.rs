//! Single changes, each with exactly what it is and what it leads to: `changes.txt`.
//!
//! A block is a line of flags and, indented, what the diff finds. `A => B` compares the values of `B` with those of `A`.
//! `BLESS=1 cargo test every_single_change` writes what is found now: read it before it is committed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{fit_the_schema, lines};
use crate::support::{Pgpod, api_server};

struct Change {
    line: String,
    before: Vec<String>,
    after: Vec<String>,
    expected: Vec<String>,
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/changes.txt")
}

fn changes() -> Vec<Change> {
    let text = std::fs::read_to_string(path()).expect("the changes are there");
    let mut changes: Vec<Change> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(expected) = line.strip_prefix("  ") {
            changes.last_mut().expect("flags come first").expected.push(expected.to_owned());
            continue;
        }
        let (before, after) = line.split_once("=> ").unwrap_or(("", line));
        // Words are divided by blanks; a value in JSON has none.
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        changes.push(Change {
            line: line.to_owned(),
            before: words(before),
            after: words(after),
            expected: vec![],
        });
    }
    changes
}

#[test]
fn every_single_change_has_its_consequence() {
    let bless = std::env::var("BLESS").is_ok_and(|value| value == "1");
    let (mut written, mut problems, mut results) = (String::new(), String::new(), Vec::new());
    let all = changes();
    assert!(all.len() >= 35, "{} changes", all.len());
    for change in all {
        let args = ["diff", "demo", "-n", "plant7", "--format", "json"].map(str::to_owned);
        let args =
            args.iter().chain(&change.after).cloned().chain(["--from".to_owned()]).chain(change.before);
        let ran = Pgpod::new(args).run();
        let found = lines(&ran);
        results.push(ran.stdout);
        let _ = writeln!(written, "{}\n  {}\n", change.line, found.join("\n  "));
        if found != change.expected {
            let _ = writeln!(problems, "{}\n  {}", change.line, found.join("\n  "));
        }
    }
    if bless {
        let text = std::fs::read_to_string(path()).expect("the changes are there");
        let head: String = text.split_inclusive('\n').take_while(|line| line.starts_with('#')).collect();
        std::fs::write(path(), format!("{head}\n{}", written.trim_end().to_owned() + "\n"))
            .expect("writable");
        return;
    }
    assert!(
        problems.is_empty(),
        "found:\n{problems}\nIf this is right now: BLESS=1 cargo test every_single_change"
    );
    fit_the_schema(&results);
}

/// The same against what runs, and what the API server itself says: it refuses exactly what the diff calls refused.
#[test]
fn an_api_server_gives_the_same_changes_and_refuses_what_is_called_refused() {
    let Some(kubectl) = api_server() else { return };
    let kubeconfig = kubectl.kubeconfig.display().to_string();
    // A claim's size can be changed where its class allows it.
    let class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: standard, annotations: \
                 {storageclass.kubernetes.io/is-default-class: 'true'}}, provisioner: example.com/none, allowVolumeExpansion: true}";
    kubectl.run(&["apply", "-f", "-"], class).ok();
    let mut bases: Vec<Vec<String>> = Vec::new();
    let (mut problems, mut accepted) = (String::new(), String::new());
    for change in changes() {
        let base = bases.iter().position(|base| *base == change.before);
        let namespace = format!("changes-{}", base.unwrap_or(bases.len()));
        if base.is_none() {
            bases.push(change.before.clone());
            kubectl.run(&["create", "namespace", &namespace], "").ok();
            let args = ["render", "demo", "-n", &namespace].map(str::to_owned);
            let before = Pgpod::new(args.iter().chain(&change.before)).run().ok();
            kubectl.run(&["apply", "-f", "-"], &before).ok();
            // Nothing binds claims here, and the size of one that waits for its volume can't be changed.
            let bound = r#"{"status":{"phase":"Bound","capacity":{"storage":"50Gi"}}}"#;
            let args = ["patch", "pvc", "data-demo-0", "--subresource=status", "-p", bound, "-n", &namespace];
            // Where several servers run, a controller would make the claims: there are none here.
            kubectl.run(&args, "");
        }
        let flags = ["demo", "-n", &namespace].map(str::to_owned);
        let flags: Vec<&String> = flags.iter().chain(&change.after).collect();
        let diff = ["diff", "--format", "json"].map(str::to_owned);
        let ran = Pgpod::new(diff.iter().chain(flags.iter().copied())).env("KUBECONFIG", &kubeconfig).run();
        let found = lines(&ran);
        // What the server assigned stands where an offline diff has nothing.
        let same = |found: &String, expected: &String| {
            let assigned = expected.contains(": null -> ")
                && found.split(" -> ").nth(1) == expected.split(" -> ").nth(1);
            found == expected || (assigned && found.split(": ").next() == expected.split(": ").next())
        };
        // What is gone comes in the order in which the cluster lists kinds.
        let gone = |line: &&String| line.ends_with(" removed");
        let sorted = |lines: &[String]| {
            let (mut removed, mut all): (Vec<_>, Vec<_>) =
                lines.iter().cloned().partition(|line| gone(&line));
            removed.sort();
            all.append(&mut removed);
            all
        };
        let (mine, wanted) = (sorted(&found), sorted(&change.expected));
        if mine.len() != wanted.len() || !mine.iter().zip(&wanted).all(|(f, e)| same(f, e)) {
            let _ = writeln!(problems, "{}\n  {}", change.line, found.join("\n  "));
        }
        let render = "render".to_owned();
        let after = Pgpod::new([&render].into_iter().chain(flags)).run().ok();
        // Objects that do not change are not sent.
        let changed = |document: &&str| {
            let word =
                |key: &str| document.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
            let name = format!(" {}/{} ", word("kind: "), word("  name: "));
            found.iter().any(|line| line.contains(&name))
        };
        let documents: Vec<&str> = after.split("---\n").filter(changed).collect();
        let documents = documents.iter().map(|document| format!("---\n{document}")).collect::<String>();
        if !found.iter().any(|line| line.starts_with("refused ")) {
            accepted.push_str(&documents);
        } else if kubectl.run(&["apply", "--dry-run=server", "-f", "-"], &documents).status == 0 {
            let _ = writeln!(problems, "{}: the API server does not refuse it", change.line);
        }
    }
    let applied = kubectl.run(&["apply", "--dry-run=server", "-f", "-"], &accepted);
    assert!(problems.is_empty() && applied.status == 0, "{problems}{}", applied.stderr);
}
