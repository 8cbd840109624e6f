//! Commands of `pgpod notes` name what the same render makes, and those of pgpod itself run.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::support::pgpod;

/// Flags of a render, and what is in the cluster beside what it makes.
const RELEASES: &[(&[&str], &[&str])] = &[
    (&[], &["secret/prod-auth"]),
    (
        &[
            "--preset=edge",
            "--set=security.tls.enabled=true,persistence.wal.enabled=true,service.type=NodePort",
        ],
        &["secret/prod-auth", "secret/prod-tls"],
    ),
    (
        &["--set=persistence.existingClaim=old,monitoring.exporter.enabled=false"],
        &["secret/prod-auth", "pvc/old"],
    ),
    (
        &[
            "--set=persistence.enabled=false,postgresql.auth.existingSecret.name=vault",
            "--set=postgresql.auth.existingSecret.keys.app=app.password",
        ],
        &["secret/vault"],
    ),
    (
        &[
            "--set=postgresql.auth.postgresPassword=a,postgresql.auth.password=b",
            "--set=postgresql.auth.readOnlyPassword=c,postgresql.auth.replicationPassword=d",
        ],
        &[],
    ),
    (
        &["--set=deploymentMode=ha,persistence.wal.enabled=true"],
        &["secret/prod-auth", "pvc/data-prod-0", "pvc/wal-prod-0", "pvc/data-prod-1", "pvc/wal-prod-1"],
    ),
];

/// Kinds as kubectl abbreviates them in the notes.
const KINDS: [(&str, &str); 5] = [
    ("Deployment", "deployment"),
    ("StatefulSet", "statefulset"),
    ("Service", "service"),
    ("Secret", "secret"),
    ("PersistentVolumeClaim", "pvc"),
];

fn run(command: &str, flags: &[&str]) -> String {
    pgpod([command, "prod", "-n", "plant7", "--format=json"].iter().chain(flags)).ok()
}

/// What the render makes, as `kind/name`, and its containers as `-c name`.
fn made(flags: &[&str]) -> BTreeSet<String> {
    let list: Json = serde_json::from_str(&run("render", flags)).expect("a render is JSON");
    let mut made = BTreeSet::new();
    for object in list["items"].as_array().expect("it is a list") {
        for (_, short) in KINDS.iter().filter(|(kind, _)| object["kind"] == *kind) {
            made.insert(format!("{short}/{}", object["metadata"]["name"].as_str().expect("it has a name")));
        }
        let containers = object["spec"]["template"]["spec"]["containers"].as_array();
        for container in containers.into_iter().flatten() {
            made.insert(format!("-c {}", container["name"].as_str().expect("it has a name")));
        }
    }
    made
}

fn commands(flags: &[&str]) -> Vec<String> {
    let notes: Json = serde_json::from_str(&run("notes", flags)).expect("the notes are JSON");
    let sections = notes["sections"].as_array().expect("there are sections");
    let lines = sections.iter().flat_map(|section| section["lines"].as_array().expect("with lines"));
    lines.filter_map(|line| line["command"].as_str().map(str::to_owned)).collect()
}

/// The things that a kubectl command names.
fn named(command: &str) -> BTreeSet<String> {
    let words: Vec<&str> = command.split(' ').collect();
    let mut named = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let after = |offset: usize| words.get(at + offset).copied().unwrap_or_default();
        match *word {
            "-c" => drop(named.insert(format!("-c {}", after(1)))),
            "get" | "patch" => {
                let names = words[at + 2..].iter().take_while(|word| !word.starts_with('-'));
                named.extend(names.map(|name| format!("{}/{name}", after(1))));
            }
            _ if KINDS.iter().any(|(_, kind)| word.starts_with(&format!("{kind}/"))) => {
                named.insert((*word).to_owned());
            }
            _ => {}
        }
    }
    named
}

#[test]
fn kubectl_commands_name_what_is_there() {
    for (flags, beside) in RELEASES {
        let mut there = made(flags);
        there.extend(beside.iter().map(|name| (*name).to_owned()));
        let mut seen = BTreeSet::new();
        for command in commands(flags) {
            let strangers: Vec<_> = named(&command).difference(&there).cloned().collect();
            assert_eq!(strangers, [""; 0], "{command}");
            seen.extend(named(&command));
            if let Some((_, rest)) = command.split_once("kubectl ") {
                let to_file = rest.ends_with("-f -") || rest == "create namespace plant7";
                assert!(to_file || rest.starts_with("-n plant7 "), "no namespace in: {command}");
            }
        }
        // Whatever a person would look for is named.
        let workload = if flags.concat().contains("=ha") { "statefulset/prod" } else { "deployment/prod" };
        for name in [workload, "service/prod", "-c postgres", "-c keeper"] {
            assert!(seen.contains(name), "{name} in the notes of {flags:?}");
        }
        let claims: Vec<_> = there.iter().filter(|name| name.starts_with("pvc/")).collect();
        assert!(claims.iter().all(|claim| seen.contains(*claim)), "{claims:?} in {seen:?}");
    }
}

#[test]
fn pgpod_commands_run() {
    for (flags, _) in RELEASES {
        for command in commands(flags).iter().filter(|command| command.starts_with("pgpod ")) {
            let own = command.split(" | ").next().unwrap_or_default();
            let own = own.replace("--set …", "");
            let words = own.split(' ').skip(1).filter(|word| !word.is_empty());
            assert_ne!(pgpod(words).ok(), "", "{command}");
        }
    }
}

#[test]
fn notes_fit_on_a_page_and_hold_no_password() {
    for (flags, _) in RELEASES {
        let text = pgpod(["notes", "prod", "-n", "plant7"].iter().chain(*flags)).ok();
        let page = if text.contains("Fail over") { 96 } else { 64 };
        assert!(text.lines().count() <= page, "{text}");
        assert!(!text.contains("password=b"), "{text}");
    }
}
