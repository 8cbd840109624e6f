//! What `pgpod diff` says of a change, against what then really happens.
//!
//! A row of a table is one change on top of those before it. `pgpod diff` is asked for its consequences, it is applied as
//! its user would, and what the diff said has to happen, and no more: pods that are named by their uids and by the starts
//! of their servers stay, or are others; what Kubernetes refuses, it refuses, and the printed recipe makes it take it.
//!
//! `just consequences` runs it and prints a table: too long for every run.

mod one;
mod several;

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::Release;
use super::release::LIMIT;
use crate::support::{Ran, run};

/// One change, and what it does.
struct Row {
    /// A flag and its value, on top of those of the rows before.
    flag: [&'static str; 2],
    /// Every consequence that the diff has to say, the gravest first.
    says: &'static str,
    then: Then,
}

/// What really happens.
enum Then {
    /// The pods, their containers and their servers stay, and the server reads no files; this is seen.
    Stays(See),
    /// The same, but what is changed takes effect in the running server.
    Reloads(See),
    /// Other pods, and this is seen in them.
    Replaces(See),
    /// The recipe is carried out before the apply; then other pods are there, and this is seen in them.
    Recreates(See),
    /// Pods are added to those that stay, and this is seen.
    Adds(See),
    /// The pods stay, the first one's server is started anew in it, and this is seen.
    Demotes(See),
    /// Kubernetes says this, and the recipe, if it is one of commands, leads to what is seen without touching the pods.
    Refuses(&'static str, Option<See>),
}

/// Something of the cluster or of the database, and how it looks when the change is there.
type See = (fn(&Release) -> String, &'static str);

/// A field of an object.
macro_rules! field {
    ($object:literal, $path:literal) => {
        |release| release.namespace.field($object, $path)
    };
}

/// What the superuser is answered.
macro_rules! sql {
    ($sql:literal) => {
        |release| crate::e2e::consequences::trimmed(release.as_superuser("production_data", $sql))
    };
}

use {field, sql};

fn trimmed(answer: Result<String, String>) -> String {
    answer.unwrap_or_else(|said| said).trim_end().to_owned()
}

/// The pods with their uids and the containers in them, and of each server when it was started and when it read its files.
#[derive(Debug, PartialEq, Eq)]
struct Running {
    pods: String,
    started: Vec<String>,
    loaded: Vec<String>,
}

impl Running {
    fn look(release: &Release) -> Self {
        let template = "{{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}} {{.metadata.uid}}\
                        {{range .status.containerStatuses}} {{.containerID}}{{end}}\n{{end}}{{end}}";
        let selector = "app.kubernetes.io/instance=demo,app.kubernetes.io/component=database";
        let args = ["get", "pods", "-l", selector, &format!("-o=go-template={template}")];
        let pods = release.namespace.kubectl(&args).ok();
        let (mut started, mut loaded) = (Vec::new(), Vec::new());
        for pod in pods.lines().filter_map(|line| line.split_whitespace().next()) {
            let sql = "SELECT pg_postmaster_start_time(), pg_conf_load_time()";
            let psql = ["psql", "-XqAt", "-U", "postgres", "-d", "postgres", "-c", sql];
            let answer = trimmed(release.namespace.exec(pod, "postgres", &psql, "").result());
            let (start, load) = answer.split_once('|').unwrap_or((&answer, ""));
            started.push(start.to_owned());
            loaded.push(load.to_owned());
        }
        Self { pods, started, loaded }
    }

    /// Whether no pod, no container and no server is another.
    fn is_same(&self, other: &Self) -> bool {
        self.pods == other.pods && self.started == other.started
    }
}

/// A release that rows are carried out on, and the flags of the rows until now.
struct Course {
    release: Release,
    flags: Vec<&'static str>,
    wait: fn(&Release),
}

impl Course {
    /// Carries a row out.
    #[expect(clippy::print_stderr, reason = "the table is for the reader of the run")]
    fn run(&mut self, row: &Row) {
        let began = Instant::now();
        let name = row.flag.join(" ");
        let flags = [&self.flags[..], &row.flag].concat();
        let diff = self.diff(&flags);
        let said = diff["consequences"].as_array().expect("a diff has consequences");
        let said: Vec<&str> = said.iter().filter_map(Json::as_str).collect();
        assert_eq!(said.join(", "), row.says, "{name}: {diff:#}");
        let before = Running::look(&self.release);
        match &row.then {
            Then::Refuses(text, recipe) => self.refused(&name, &flags, text, *recipe, &diff),
            Then::Stays(see)
            | Then::Reloads(see)
            | Then::Replaces(see)
            | Then::Recreates(see)
            | Then::Adds(see)
            | Then::Demotes(see) => {
                assert_ne!((see.0)(&self.release), see.1, "{name}: it is so before");
                if matches!(row.then, Then::Recreates(_)) {
                    for commands in recipes(&diff) {
                        self.carry_out(&commands);
                    }
                }
                let applied = self.release.apply(&flags).ok();
                assert_eq!(
                    touched(&applied),
                    differing(&diff),
                    "{name}: kubectl\n{applied}\nthe diff\n{diff:#}"
                );
                (self.wait)(&self.release);
                self.sees(&name, *see);
                self.flags = flags;
            }
        }
        if matches!(row.then, Then::Stays(_)) {
            // Long enough for the keeper to see what it should not.
            std::thread::sleep(Duration::from_secs(2));
        }
        let after = Running::look(&self.release);
        let as_said = match row.then {
            Then::Stays(_) => after == before,
            Then::Reloads(_) | Then::Refuses(..) => after.is_same(&before),
            Then::Adds(_) => {
                before.pods.lines().all(|pod| after.pods.contains(pod)) && after.pods != before.pods
            }
            Then::Demotes(_) => {
                after.pods == before.pods
                    && after.started[0] != before.started[0]
                    && after.started[1..] == before.started[1..]
            }
            Then::Replaces(_) | Then::Recreates(_) => {
                after.pods.lines().all(|pod| !before.pods.contains(pod)) && !after.pods.is_empty()
            }
        };
        assert!(as_said, "{name}: {}, but\nbefore {before:#?}\nafter {after:#?}", row.then.word());
        eprintln!("| {name} | {} | {} | {:.1} s |", row.says, row.then.word(), began.elapsed().as_secs_f64());
    }

    fn refused(&mut self, name: &str, flags: &[&'static str], text: &str, see: Option<See>, diff: &Json) {
        let ran = self.release.apply(flags);
        assert!(ran.status != 0 && ran.stderr.contains(text), "{name}: {ran:?}");
        let Some(see) = see else {
            // What else was changed with it is taken back.
            self.release.apply(&self.flags).ok();
            return;
        };
        let recipes = recipes(diff);
        assert!(!recipes.is_empty(), "{name}: {diff:#}");
        for commands in recipes {
            self.carry_out(&commands);
        }
        self.release.apply(flags).ok();
        (self.wait)(&self.release);
        self.sees(name, see);
        self.flags = flags.to_vec();
    }

    /// Runs a recipe's commands, as they are printed.
    fn carry_out(&self, commands: &str) {
        let mut shell = Command::new("bash");
        self.release.namespace.equip(&mut shell);
        run(shell.args(["-e", "-c", commands]), b"").ok();
    }

    fn sees(&self, name: &str, (look, wanted): See) {
        self.release
            .namespace
            .wait_until(&format!("{name}: `{wanted}`"), LIMIT, || look(&self.release) == wanted);
    }

    fn diff(&self, flags: &[&str]) -> Json {
        let ran = self.release.diff(&[flags, &["--format", "json"]].concat());
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }
}

impl Then {
    fn word(&self) -> &'static str {
        match self {
            Self::Stays(_) => "the pods stay, the server reads nothing",
            Self::Reloads(_) => "the pods stay, and it is in force",
            Self::Replaces(_) => "other pods",
            Self::Recreates(_) => "the recipe works; other pods, with the data",
            Self::Adds(_) => "the pods stay, others are added",
            Self::Demotes(_) => "the pods stay, the old primary's server restarts as a standby",
            Self::Refuses(_, None) => "refused",
            Self::Refuses(_, Some(_)) => "refused; the recipe works, the pods stay",
        }
    }
}

/// The commands of a diff's recipes: without what a person does then.
fn recipes(diff: &Json) -> Vec<String> {
    let of = |value: &Json| value["effects"].as_array().cloned().unwrap_or_default();
    let objects = diff["objects"].as_array().into_iter().flatten();
    let effects = objects.flat_map(|object| {
        let changes = object["changes"].as_array().into_iter().flatten().flat_map(of);
        of(object).into_iter().chain(changes).collect::<Vec<_>>()
    });
    let mut recipes: Vec<String> = Vec::new();
    for effect in effects {
        let commands =
            effect["recipe"].as_str().and_then(|recipe| Some(recipe.split_once(", then apply")?.0));
        if let Some(commands) = commands.filter(|commands| !recipes.iter().any(|known| known == commands)) {
            recipes.push(commands.to_owned());
        }
    }
    recipes
}

/// Kinds of which kubectl always sends something: a Secret's `stringData`, a StatefulSet's claims, a budget's selector.
const RESENT: [&str; 3] = ["poddisruptionbudget", "secret", "statefulset"];

/// What kubectl says that it made or changed, as `kind/name`.
fn touched(applied: &str) -> BTreeSet<String> {
    let lines = applied.lines().filter(|line| !line.ends_with(" unchanged"));
    let object = |line: &str| {
        let (object, _) = line.split_once(' ').unwrap_or((line, ""));
        let (kind, name) = object.split_once('/').unwrap_or((object, ""));
        format!("{}/{name}", kind.split('.').next().unwrap_or(kind))
    };
    lines.map(object).filter(|object| !is_resent(object)).collect()
}

/// What a diff says that an apply makes or changes.
fn differing(diff: &Json) -> BTreeSet<String> {
    let objects = diff["objects"].as_array().into_iter().flatten();
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    objects
        .filter(|object| object["change"] != "removed")
        .map(|object| format!("{}/{}", text(&object["kind"]).to_lowercase(), text(&object["name"])))
        .filter(|object| !is_resent(object))
        .collect()
}

fn is_resent(object: &str) -> bool {
    object.split_once('/').is_some_and(|(kind, _)| RESENT.contains(&kind))
}

/// What a program printed when it failed, or when it did not.
fn said(ran: Ran) -> String {
    ran.stdout + &ran.stderr
}
