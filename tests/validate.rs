//! `pgpod validate`: what programs read of it, and that it leaves right input alone. What it says is in the cases.

use std::path::Path;

use serde_json::Value;

use crate::support::{Pgpod, Ran, against_schema, pgpod};

/// As OASIS publishes it, without the descriptions; from the npm package `@microsoft/jest-sarif` 1.0.0-beta.0 (MIT).
const SARIF: &str = include_str!("schemas/sarif-2.1.0-rtm.5.json");

/// Values with findings at every kind of place, and in every level.
const WRONG: &str = "\
postgresq: {}
postgresql:
  version: 14
  config:
    work_mem: 'a%0A,b::c'
podLabels:
  app.kubernetes.io/name: ü
extraObjects:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: A}
  data:
    x: on
";

/// What a run on [`WRONG`] prints.
fn report(format: &str) -> String {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let file = folder.path().join("a b,c%:d.yaml");
    std::fs::write(&file, WRONG).expect("it is writable");
    let file = file.display().to_string();
    let ran = pgpod([
        "validate",
        "Prod",
        "--each",
        &file,
        "--set",
        "service.type=nodeport",
        "--set",
        "resourcePreset=tiny",
        "--format",
        format,
    ]);
    assert_eq!((ran.status, ran.stderr.as_str()), (2, ""), "{}", ran.stdout);
    ran.stdout.replace(folder.path().to_str().expect("it is a text"), "")
}

#[test]
fn json_and_sarif_are_what_their_schemas_say() {
    let schema = pgpod(["schema", "findings"]).ok();
    let json = report("json");
    let Some(problems) = against_schema(&schema, &json) else { return };
    assert_eq!(problems, [""; 0], "{json}");
    let report = report("sarif");
    assert_eq!(against_schema(SARIF, &report), Some(Vec::new()), "{report}");
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    let sarif: Value = serde_json::from_str(&report).expect("it is JSON");
    let all = |value: &Value| value.as_array().map_or(0, Vec::len);
    assert_eq!(
        (all(&json["findings"]), json["errors"].as_u64(), json["warnings"].as_u64()),
        (9, Some(8), Some(1))
    );
    assert_eq!(all(&sarif["runs"][0]["results"]), 9);
    // A report of nothing is a report too.
    for (format, schema) in [("json", schema.as_str()), ("sarif", SARIF)] {
        let report = pgpod(["validate", "--format", format]).ok();
        assert_eq!(against_schema(schema, &report), Some(Vec::new()), "{report}");
    }
}

/// A command, its properties, its message.
type RunnerCommand = (String, Vec<(String, String)>, String);

/// A line of GitHub's runner: command, properties, message (`ActionCommand.TryParseV2` of `actions/runner`: the command
/// ends at the second `::`, properties are split at `,` and then at their first `=`, then unescaped).
fn runner_reads(line: &str) -> Option<RunnerCommand> {
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
        text.replace("%25", "%")
    };
    let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (command, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').filter_map(|pair| pair.split_once('='));
    let properties = properties.map(|(key, value)| (key.trim().to_owned(), property(value))).collect();
    Some((command.to_owned(), properties, data(message)))
}

#[test]
fn github_s_runner_reads_the_annotations_that_the_report_means() {
    let json: Value = serde_json::from_str(&report("json")).expect("it is JSON");
    let findings = json["findings"].as_array().expect("it is a list");
    let github = report("github");
    let lines: Vec<_> =
        github.lines().map(|line| runner_reads(line).unwrap_or_else(|| panic!("{line}"))).collect();
    assert_eq!(lines.len(), findings.len(), "{github}");
    for ((command, properties, message), finding) in lines.iter().zip(findings) {
        let property = |key: &str| {
            properties.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str())
        };
        assert_eq!(*command, finding["severity"]);
        assert_eq!(property("title"), finding["code"]);
        let title = finding["title"].as_str().expect("it is a text");
        assert!(message.starts_with(title), "{message}\n{title}");
        let places = finding["places"].as_array().expect("it is a list");
        if let Some(place) = places.iter().find(|place| place["kind"] == "file") {
            assert_eq!(property("file"), place["source"]);
            assert_eq!(property("line"), place["line"].to_string());
            assert_eq!(property("col"), place["column"].to_string());
        } else {
            assert_eq!(property("file"), "");
        }
    }
}

#[test]
fn every_finding_has_a_place_and_a_remedy() {
    let json: Value = serde_json::from_str(&report("json")).expect("it is JSON");
    for finding in json["findings"].as_array().expect("it is a list") {
        assert!(finding["help"].is_string() && finding["places"][0].is_object(), "{finding:#}");
    }
}

/// The same of every case: a finding is a headline, `-->` and its place, `= help:` and its remedy.
#[test]
fn every_finding_of_the_cases_has_a_place_and_a_remedy() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/validate");
    let mut findings = 0;
    for case in std::fs::read_dir(cases).expect("the folder is there") {
        let case = case.expect("it is readable").path();
        let report = std::fs::read_to_string(case.join("stdout")).unwrap_or_default();
        let headline = |line: &str| line.starts_with("error[") || line.starts_with("warning[");
        let lines: Vec<&str> = report.lines().collect();
        for (at, title) in lines.iter().enumerate().filter(|(_, line)| headline(line)) {
            let rest = lines[at + 1..].iter().take_while(|line| !headline(line));
            let body: Vec<&str> = rest.copied().collect();
            let has = |mark: &str| body.iter().any(|line| line.trim_start().starts_with(mark));
            assert!(has("--> ") && has("= help: "), "{}: {title}", case.display());
            findings += 1;
        }
    }
    assert!(findings > 300, "{findings}");
}

#[test]
fn what_is_right_is_left_alone() {
    let mut files = Vec::new();
    for (folder, flag) in [("examples", "-f"), ("examples/init", "-f"), ("presets", "--preset")] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(path).expect("the folder is there") {
            let path = entry.expect("it is readable").path().display().to_string();
            files.push((flag, path));
        }
    }
    let mut wrong = Vec::new();
    let values = |file: &str| file.ends_with(".yaml") && !file.ends_with("defaults.yaml");
    for (flag, file) in files.iter().filter(|(_, file)| values(file)) {
        let ran = pgpod(["validate", "prod", flag, file, "--strict"]);
        if ran.status != 0 || !ran.stdout.starts_with("nothing is wrong with ") {
            wrong.push(format!("{file}:\n{}{}", ran.stdout, ran.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_verdict_does_not_depend_on_who_reads_it() {
    for format in ["text", "json", "github", "sarif"] {
        let status = |set: &str| Pgpod::new(["validate", "--set", set, "--format", format]).run_unread();
        assert_eq!((status("nonsense=1"), status("service.type=NodePort")), (2, 0), "{format}");
    }
    assert_eq!(Pgpod::new(["tune", "demo", "--set", "postgresql.maxConnections=9000"]).run_unread(), 2);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    std::os::unix::fs::symlink("nowhere", folder.path().join("a.yaml")).expect("links can be made");
    let ran = Pgpod::new(["validate", "--each", "*.yaml"]).current_dir(folder.path()).run();
    let said = "error: cannot read the values file `a.yaml`: No such file or directory (os error 2)\n";
    let stdout = "no file was judged; 1 could not be read\n";
    assert_eq!(ran, Ran { stdout: stdout.into(), stderr: said.into(), status: 3 });
}

/// A run that opened it would wait for somebody who writes into it.
#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_no_file() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    std::fs::write(folder.path().join("a.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
        .expect("it is writable");
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("b.yaml")).status();
    assert!(made.expect("every system has it").success());
    for (args, stdout) in [
        (["validate", "--manifests", "."], "nothing is wrong with 1 object for Kubernetes 1.33\n"),
        (["validate", "--each", "b*.yaml"], ""),
    ] {
        let ran = Pgpod::new(args).current_dir(folder.path()).run();
        assert_eq!((ran.stdout.as_str(), ran.status), (stdout, if stdout.is_empty() { 3 } else { 0 }));
    }
}

/// Values with a password inside, each of which is wrong in its way.
const WITH_PASSWORDS: [&str; 16] = [
    "global: {imageRegistry: %}",
    "podLabels: {a: %}",
    "podLabels: {%: a}",
    "%: 1",
    "resourcePreset: %",
    "persistence: {size: %}",
    "service: {type: LoadBalancer, loadBalancerSourceRanges: [%]}",
    "postgresql: {image: {tag: %}}",
    "postgresql: {databases: [{name: a, locale: %}]}",
    "postgresql: {extensions: {other: [%]}}",
    "postgresql: {config: {log_destination: %}}",
    "postgresql: {config: {archive_timeout: %}}",
    "postgresql: {config: {%: 1}}",
    "postgresql: {hba: [{type: host, address: %, method: md5}]}",
    "postgresql: {hba: [{type: host, address: all, method: md5, options: {map: %}}]}",
    "extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: %}}]",
];

#[test]
fn a_password_within_a_value_is_in_no_report() {
    let passwords = ["'https://u:geheim99@reg/x'", "'10 PGPASSWORD=geheim99'", "'/(a://u:p1!@b'"];
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let mut names = Vec::new();
    for (index, values) in WITH_PASSWORDS.iter().enumerate() {
        for (number, password) in passwords.iter().enumerate() {
            names.push(format!("{index:02}-{number}.yaml"));
            let values = values.replace('%', password);
            std::fs::write(folder.path().join(&names[names.len() - 1]), values).expect("it is writable");
        }
    }
    for format in ["text", "json", "github", "sarif"] {
        let report = pgpod([
            "validate",
            "demo",
            "--each",
            &folder.path().join("*.yaml").display().to_string(),
            "--format",
            format,
        ]);
        let said = report.stdout + &report.stderr;
        let missing: Vec<_> = names.iter().filter(|name| !said.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "no finding is about {missing:?}:\n{said}");
        let shown: Vec<_> =
            said.lines().filter(|line| line.contains("geheim99") || line.contains("p1!")).collect();
        assert_eq!(shown, [""; 0], "{format}");
    }
}

/// Settings that are derived from the limit grow with it: what the remedy asks for has to be enough for these, too.
#[test]
fn the_memory_that_a_budget_asks_for_is_enough() {
    let validate = |settings: &[&str], memory: &str| {
        let memory = format!("resources.limits.memory={memory}");
        let settings = settings.iter().copied().chain([memory.as_str()]).flat_map(|each| ["--set", each]);
        pgpod(["validate", "demo", "--strict"].into_iter().chain(settings))
    };
    for (settings, limit) in [
        (&["postgresql.config.work_mem=256MB"][..], "4Gi"),
        (&["postgresql.config.work_mem=256MB", "postgresql.version=14"], "4Gi"),
        (&["postgresql.config.shared_buffers=2GB"], "2Gi"),
        (&["postgresql.maxConnections=400"], "2Gi"),
        (&["postgresql.config.maintenance_work_mem=3GB", "postgresql.workload=warehouse"], "4Gi"),
        (&["postgresql.config.min_dynamic_shared_memory=3GB"], "4Gi"),
        (&["postgresql.config.work_mem=64MB", "postgresql.extensions.timescaledb.enabled=true"], "4Gi"),
    ] {
        let said = validate(settings, limit).stdout;
        let wanted = said
            .split_once("raise `resources.limits.memory` to ")
            .and_then(|(_, rest)| rest.split_once("Mi"));
        let enough: u64 =
            wanted.and_then(|(number, _)| number.parse().ok()).unwrap_or_else(|| panic!("{said}"));
        let budget = |mebibytes: u64| validate(settings, &format!("{mebibytes}Mi")).stdout.contains("PG0230");
        let found = [enough - 1, enough, enough + 1, enough + 13, enough + 300, 3 * enough].map(budget);
        assert_eq!(found, [true, false, false, false, false, false], "{settings:?} {enough}");
    }
}
