//! Hostile texts in every value that takes a free text: the render parses, and the same text comes out of it.

mod names;
mod readers;
mod values;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::Value as Json;

use crate::support::{Rendered, leaves, named, rendered};
use readers::{conf, expanded, hba, psql};
use values::{Texts, plain, values};

/// Formats of texts that may hold more than a few characters.
const FREE: [&str; 6] = ["line", "text", "token", "identifier", "secret", "label-value"];

/// Free texts that only a few values of are right: any other is refused.
const CLOSED: [&str; 6] = [
    "patches[].kind",
    "postgresql.databases[].encoding",
    "postgresql.hba[].address",
    "postgresql.hba[].method",
    "postgresql.databases[].locale",
    "service.loadBalancerSourceRanges[]",
];

/// What some language along the way takes for more than text.
const FRAGMENTS: &[&str] = &[
    "'",
    "\"",
    "\\",
    "`",
    "{{ x }}",
    "{%",
    "{#",
    "${HOME}",
    "$(id)",
    "$(PGDATA)",
    "$$",
    "$",
    "%",
    "%n",
    "';",
    " DROP TABLE x; --",
    "--",
    "---",
    "\n---\n",
    "\n...\n",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "🐘",
    "é",
    "#",
    " # ",
    ": ",
    "- ",
    "? ",
    "@file",
    "+role",
    "/re",
    "all",
    "&a",
    "*a",
    "!!",
    "|",
    ">",
    "null",
    "on",
    "0755",
    "1e3",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{7f}",
    "\u{1}",
    "\\q",
    ":name",
    ":'name'",
    ":\"name\"",
    "E'",
    "U&\"",
    "/*",
    "*/",
    "=",
    ",",
    "  ",
    "<<",
    "~",
    "\\.\n",
    "x",
    "[",
    "{",
    "]",
    "}",
    "host=x ",
];

/// Labels are never quoted by those who write them.
const LABELS: &[&str] =
    &["", "on", "y", "No", "null", "0755", "1e3", "1_000", "2024-01-01", "12", "a", "0x1F", "1.0"];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(FRAGMENTS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        30 => prop::collection::vec(piece, 1..7).prop_map(|pieces| pieces.concat()),
        1 => prop::sample::select(FRAGMENTS).prop_map(|piece| piece.repeat(10_000 / piece.len())),
    ]
}

/// The text as its format allows it; `nth` keeps names apart.
fn fitted(text: &str, format: &str, nth: usize) -> String {
    let allowed = |c: &char| match format {
        "text" => *c != '\0',
        "token" => !c.is_control() || matches!(c, '\n' | '\t'),
        _ => !c.is_control(),
    };
    let text: String = text.chars().filter(allowed).collect();
    match format {
        "label-value" => LABELS[text.len() % LABELS.len()].to_owned(),
        // A password that is in another value is refused.
        "secret" => format!("{text}only{nth}here"),
        "identifier" => {
            let end = (0..=60).rev().find(|end| text.is_char_boundary(*end) && *end <= text.len());
            let short = &text[..end.unwrap_or(0)];
            // PostgreSQL keeps `pg_` for itself; a name of its own at either end leaves the other hostile.
            if nth.is_multiple_of(2) && !short.starts_with("pg_") {
                format!("{short}{nth}")
            } else {
                format!("{nth}{short}")
            }
        }
        _ => text,
    }
}

/// A text for each key of [`values`].
fn texts() -> impl Strategy<Value = Texts> {
    let names: Vec<_> = plain().into_keys().collect();
    let formats: BTreeMap<_, _> = leaves().iter().map(|leaf| (leaf.name(), leaf.format())).collect();
    prop::collection::vec(hostile(), names.len()).prop_map(move |texts| {
        let all = names.iter().zip(texts).enumerate();
        all.map(|(nth, (name, text))| {
            let format = formats.get(name).copied().unwrap_or("text");
            // Each of these is the name of something in PostgreSQL.
            let is_name =
                ["xtensions[]", "hba[].databases", "hba[].users"].iter().any(|part| name.contains(part));
            let format = if is_name { "identifier" } else { format };
            let text = fitted(&text, format, nth);
            let empty = text.is_empty() && name.contains("options");
            (name.clone(), if empty { "x".to_owned() } else { text })
        })
        .collect()
    })
}

/// Where a value is found again in the objects: key, object, place.
const PLACES: &[(&str, &str, &str, &str)] = &[
    ("commonAnnotations.*", "Deployment", "demo", "/metadata/annotations/example.com~1common"),
    ("podAnnotations.*", "Deployment", "demo", "/spec/template/metadata/annotations/example.com~1pod"),
    (
        "persistence.annotations.*",
        "PersistentVolumeClaim",
        "data-demo-0",
        "/metadata/annotations/example.com~1claim",
    ),
    ("service.annotations.*", "Service", "demo", "/metadata/annotations/example.com~1service"),
    ("serviceAccount.annotations.*", "ServiceAccount", "demo", "/metadata/annotations/example.com~1account"),
    ("commonLabels.*", "Service", "demo-headless", "/metadata/labels/example.com~1common"),
    ("podLabels.*", "Deployment", "demo", "/spec/template/metadata/labels/example.com~1pod"),
    ("nodeSelector.*", "Deployment", "demo", "/spec/template/spec/nodeSelector/example.com~1node"),
    ("persistence.labels.*", "PersistentVolumeClaim", "data-demo-0", "/metadata/labels/example.com~1claim"),
    ("service.labels.*", "Service", "demo", "/metadata/labels/example.com~1service"),
    ("postgresql.auth.postgresPassword", "Secret", "demo-auth", "/stringData/superuser-password"),
    ("postgresql.auth.password", "Secret", "demo-auth", "/stringData/app-password"),
    ("postgresql.auth.readOnlyPassword", "Secret", "demo-auth", "/stringData/readonly-password"),
    ("postgresql.auth.replicationPassword", "Secret", "demo-auth", "/stringData/replication-password"),
    ("postgresql.initScripts[].sql", "ConfigMap", "demo-init", "/data/script-001.sql"),
    ("extraEnv[]", "Deployment", "demo", "/spec/template/spec/containers/0/env/FREE/value"),
    ("extraObjects[]", "ConfigMap", "more", "/data/key"),
    ("patches[].patch", "Service", "demo", "/metadata/annotations/example.com~1patch"),
];

fn at<'a>(object: &'a Json, place: &str) -> Option<&'a Json> {
    place.split('/').skip(1).try_fold(object, |at, step| match at {
        Json::Array(items) => match step.parse::<usize>() {
            Ok(index) => items.get(index),
            Err(_) => items.iter().find(|item| item["name"] == step),
        },
        at => at.get(step.replace("~1", "/")),
    })
}

/// In an order of their own: names are sorted, and other names come in another order.
fn sorted<T: Ord>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort();
    all
}

/// A render, read whole.
struct Read {
    objects: Vec<Json>,
    settings: BTreeMap<String, String>,
    hba: Vec<Vec<String>>,
    sql: Vec<(readers::Kind, String)>,
}

fn read(render: &Rendered) -> Read {
    let objects = render.objects();
    // A script's checksum follows its text, which is another.
    let hash = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let sql =
        psql(named(&objects, "ConfigMap", "demo-init")["data"]["init.sql"].as_str().expect("it is a text"));
    Read {
        sql: sql.into_iter().filter(|(_, text)| !hash(text)).collect(),
        settings: conf(&render.files["postgresql.conf"]),
        hba: hba(&render.files["pg_hba.conf"]),
        objects,
    }
}

/// The render with a plain word for each text.
fn before() -> &'static Read {
    static BEFORE: OnceLock<Read> = OnceLock::new();
    BEFORE.get_or_init(|| read(&rendered(&values(&plain())).expect("plain texts render")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_comes_back(texts in texts()) {
        let render = match rendered(&values(&texts)) {
            Ok(render) => render,
            Err(why) => return Err(TestCaseError::fail(format!("{texts:?}\n{why}"))),
        };
        let (render, before) = (read(&render), before());
        for (key, kind, name, place) in PLACES {
            let found = at(named(&render.objects, kind, name), place).and_then(Json::as_str);
            prop_assert_eq!(found, Some(&*texts[*key]), "{} in {} {}", key, kind, name);
        }
        let pod = named(&render.objects, "Deployment", "demo");
        let family = at(pod, "/spec/template/spec/containers/postgres/env/PGPOD_ACCEPT_IMAGE_FAMILY/value");
        let family = expanded(family.and_then(Json::as_str).unwrap_or_default());
        prop_assert_eq!(&family, &texts["postgresql.image.acceptFamily"]);

        let mut settings = before.settings.clone();
        settings.insert("log_line_prefix".to_owned(), texts["postgresql.config.*"].clone());
        prop_assert_eq!(render.settings, settings);

        // No text of `plain` is part of another, so each name stands for itself alone.
        let plain = plain();
        let rename = |text: &String| plain.iter().fold(text.clone(), |text, (key, name)| text.replace(name, &texts[key]));
        let lines = before.hba.iter().map(|line| line.iter().map(rename).collect::<Vec<_>>());
        prop_assert_eq!(sorted(render.hba), sorted(lines));
        let tokens = before.sql.iter().map(|(kind, text)| (*kind, rename(text)));
        prop_assert_eq!(sorted(render.sql), sorted(tokens));
    }

    #[test]
    fn a_closed_text_is_refused_and_its_report_is_whole(text in hostile(), key in prop::sample::select(&CLOSED[..])) {
        let leaf = leaves().into_iter().find(|leaf| leaf.name() == key).expect("it is a key");
        let mut values = values(&plain());
        leaf.set(&mut values, format!("{text}\u{2603}").into());
        let report = rendered(&values).expect_err("no such value is right");
        prop_assert!(report.contains("error[PG") && report.contains("--> values.yaml:"), "{}", report);
        let printable = |c: char| c == '\n' || !c.is_control();
        prop_assert!(report.chars().all(printable), "{:?}", report);
    }
}

#[test]
fn every_free_text_is_tried() {
    let tried = plain();
    for leaf in leaves().into_iter().filter(|leaf| FREE.contains(&leaf.format())) {
        let name = leaf.name();
        assert!(tried.contains_key(&name) != CLOSED.contains(&&*name), "`{name}` is not tried, or twice");
    }
}
