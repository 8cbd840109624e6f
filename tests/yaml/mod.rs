//! What the writer writes is read back as the same by YAML 1.2 (`yaml_serde`) and by YAML 1.1: our own reader with
//! Helm's typing, always; `PyYAML` and `kubectl`, where they are.

use std::process::Command;

use pgpod::diagnostics::{Diagnostics, SourceKind, Sources, report};
use pgpod::yaml::{read, to_yaml};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::support;

const WORDS: &[&str] = &[
    "",
    " ",
    "y",
    "N",
    "yes",
    "No",
    "ON",
    "off",
    "true",
    "False",
    "null",
    "~",
    "NULL",
    "none",
    "nan",
    ".nan",
    ".inf",
    "-.Inf",
    "inf",
    "0",
    "-0",
    "+1",
    "0755",
    "0o17",
    "0x1F",
    "0X1F",
    "0b11",
    "1_000",
    "1__0",
    "_1",
    "0_",
    "1e3",
    "1E+3",
    ".5",
    "1.",
    "+.5e1",
    "1:30",
    "190:20:30",
    "2024-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "=",
    "<<",
    "-",
    "--",
    "---",
    "...",
    "?",
    ":",
    "a:",
    "a: b",
    "a #b",
    "#",
    "# x",
    "- a",
    "[",
    "]",
    "{",
    "}",
    "{{ x }}",
    "${X}",
    "$(X)",
    "'; DROP TABLE x; --",
    "%m [%p] ",
    "@x",
    "`x`",
    "!x",
    "!!str x",
    "&a",
    "*a",
    "|",
    ">",
    ">-",
    "|2",
    "\"",
    "'",
    "\\",
    "\\n",
    "%YAML 1.2",
    "a\tb",
    "\ta",
    "a\t",
    "a,b",
    "a]",
    "a}",
    "key: |\n  x\n",
    "a\n",
    "\na",
    "a\n\n",
    "a\n \nb",
    "a\n\n\nb\n",
    " a\nb",
    "\ta\nb",
    "a\n\tb\n",
    "a \nb",
    "a\r\nb\r\n",
    "a\rb",
    "#!/bin/sh\nset -eu\n\nexec \"$@\"\n",
    "# a\nb = 'c'\n",
    "- a\n- b\n",
    "---\na\n...\n",
    "\n",
    "\n\n",
    "é",
    "日本\n語\n",
    "😀",
    "😀\n",
    "\u{85}",
    "a\u{85}b\n",
    "\u{2028}",
    "a\u{2029}\n",
    "\u{feff}",
    "\u{feff}a\n",
    "\u{a0}",
    "\u{200b}",
    "\u{202e}x\n",
    "\u{7f}",
    "\u{0}",
    "\u{1b}[31m",
    "\u{fffd}",
    "\u{ffff}",
    "\u{e000}",
    "\u{e0001}",
    "\u{10ffff}",
    "e3",
    "1e",
    "0x",
    "123abc",
    "500m",
    "16Gi",
    "1E",
    "0Gi",
    "1e5m",
    "1b",
    "9x1",
    "0b",
    "7L",
    "1.2.3",
    "v1",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(WORDS).prop_map(str::to_owned),
        proptest::sample::select(&["\n", " ", "  ", "\t", "a", "#", ":", "'", "\"", "\\", "-", "é"][..])
            .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(str::to_owned),
        4 => vec(piece, 1..8).prop_map(|pieces| pieces.concat()),
        2 => any::<String>(),
        1 => (0usize..12_000, proptest::sample::select(&["a", "a b ", "é\n", " "][..])).prop_map(|(n, part)| part.repeat(n / part.len())),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON knows finite numbers only", |float| float.is_finite())
            .prop_map(Value::from),
        text().prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 5, |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(Value::from), map(inner)]
    })
}

fn map(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec((text(), inner), 0..5).prop_map(|pairs| Value::Object(pairs.into_iter().collect()))
}

/// Values of which YAML 1.1 keeps everything: our reader types 1.0 as 1, as JSON does.
fn shortened(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(shortened).collect(),
        Value::Object(map) => {
            map.into_iter().map(|(key, value)| (key, shortened(value))).collect::<Map<_, _>>().into()
        }
        Value::Number(number) if number.is_f64() => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
            Some(float) if float.fract() == 0.0 && float.abs() < 9.0e18 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        other => other,
    }
}

fn holds_nul(value: &Value) -> bool {
    value.to_string().contains("\\u0000")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn yaml_12_reads_what_was_written(value in value()) {
        let text = to_yaml(&value);
        let read: Value = serde_yaml::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(read, value, "{}", text);
    }

    #[test]
    fn our_reader_with_yaml_11_types_reads_what_was_written(value in map(value())) {
        // A NUL is written as an escape, and refused by our reader.
        prop_assume!(!holds_nul(&value));
        let text = to_yaml(&value);
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let id = sources.add("out.yaml", SourceKind::File, text.as_str());
        let mut documents = read(&sources, id, &mut found);
        prop_assert_eq!(report(&found, &sources, false), "", "{}", text);
        prop_assert_eq!(documents.len(), 1);
        prop_assert_eq!(shortened(documents.remove(0).to_json()), shortened(value), "{}", text);
    }

    /// Both parsers take the same tree from a document that people could write.
    #[test]
    fn our_reader_and_yaml_serde_agree(text in "(k[a-d]: ('[^'\n]{0,4}'|[a-z0-9.]{1,4}|\\[a, b\\]|\\{a: b\\})( # x)?\n){1,4}") {
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let id = sources.add("in.yaml", SourceKind::File, text.as_str());
        let documents = read(&sources, id, &mut found);
        let theirs = serde_yaml::from_str::<serde_yaml::Value>(&text);
        prop_assert_eq!(found.has_errors(), theirs.is_err(), "{}", text);
        if let (Ok(theirs), [ours]) = (theirs, documents.as_slice()) {
            let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
            let theirs: Value = serde_yaml::from_value(theirs).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(keys(&ours.to_json()), keys(&theirs));
        }
    }
}

/// The same values in each run.
fn sample(count: usize) -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let mut values: Vec<Value> =
        WORDS.iter().map(|word| json!({ (*word): word, "list": [word, [word]] })).collect();
    values.extend(
        (0..count).map(|_| map(value()).new_tree(&mut runner).expect("the strategy gives values").current()),
    );
    values
}

#[test]
fn pyyaml_reads_what_was_written() {
    let values = sample(600);
    let stream = values.iter().map(to_yaml).collect::<Vec<_>>().join("---\n");
    let Some(read) = support::read_as_yaml_1_1(&stream) else { return };
    let read = read.expect("PyYAML reads the stream");
    assert_eq!(read.len(), values.len());
    for (read, written) in read.into_iter().zip(values) {
        // What Python prints is parsed here, which may round a float's last bit: both sides go that way once.
        let expected: Value = serde_json::from_str(&written.to_string()).expect("it is JSON");
        assert_eq!(read, expected, "{}", to_yaml(&written));
    }
}

#[test]
fn kubectl_reads_what_was_written() {
    let mut runner = TestRunner::deterministic();
    let random = (0..600).map(|_| text().new_tree(&mut runner).expect("the strategy gives values").current());
    let texts: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).chain(random).collect();
    let data: Map<String, Value> =
        texts.iter().enumerate().map(|(at, text)| (format!("k{at}"), json!(text))).collect();
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": data});
    let Some(kubectl) = support::installed("kubectl") else { return };
    let mut command = Command::new(kubectl);
    // `--local` asks no cluster.
    command.args(["annotate", "--local", "-o", "json", "-f", "-", "a=b"]);
    let ran = support::run(&mut command, to_yaml(&object).as_bytes());
    let read: Value = serde_json::from_str(&ran.ok()).expect("it prints JSON");
    for (key, written) in &data {
        assert_eq!(&read["data"][key], written, "{}", to_yaml(written));
    }
}
