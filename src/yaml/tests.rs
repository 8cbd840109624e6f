//! What the reader takes, and the whole report of each thing that it refuses (`tests/yaml/refusals.txt`; `BLESS=1`
//! rewrites that file).
#![expect(clippy::disallowed_methods, reason = "a test rewrites its own expectations when asked to")]

use std::fmt::Write;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::diagnostics::{Diagnostics, SourceKind, Sources, report};

/// A text's documents, or the report about it.
fn documents(text: &str) -> Result<Vec<Node>, String> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let id = sources.add("x.yaml", SourceKind::File, text);
    let documents = read(&sources, id, &mut found);
    if found.is_empty() { Ok(documents) } else { Err(report(&found, &sources, false)) }
}

fn only(text: &str) -> Node {
    let mut documents = documents(text).expect("the text is right");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

const REFUSED: [&str; 48] = [
    "a: \"x\\q\"\n",
    "a: \"\\x4\"\n",
    "a: 1\r\nb: {c: 1, c: 2}\r\n",
    "\u{feff}a: @x\n",
    "a: &x {b: 1}\nc: *y\n",
    "a: 1\na:\n  b: 2\n",
    "a:\n- b: 1\n- c: {d: 1}\n  e: {f: 1, g: {h: 1, h: 2}}\n",
    "a:\n\tb: 1\n",
    "a:\n  b: 1\n\tc: 1\n",
    "a: |\n\tx\n",
    "log_line_prefix: %m\n",
    "a: `x`\n",
    "a: {{ x }}\n",
    "a: {{ x }}-b\n",
    "a: [{{ x }}]\n",
    "a: x: y\n",
    "a: 'x' y\n",
    "a: \"x\n",
    "a: 'x\n\nb: 1\n",
    "a: [1, 2\nb: 1\n",
    "a: [\n",
    "a: }\n",
    "a: , b\n",
    "a: |x\n  b\n",
    "a: - b\n",
    "a:\n  - b\n  c: d\n",
    "a:\n  b: 1\n c: 2\n",
    "a: 1\n b: 2\n",
    "a:1\nb: 2\n",
    "key without a colon\nb: 1\n",
    "- a\n",
    "text\n",
    "a: b\n---\n- c\n",
    "",
    "\u{feff}",
    "a: \0\n",
    "a: \"\\0\"\n",
    "a: \u{1b}[31m\n",
    "a: !secret x\n",
    "a: !!binary aGk=\n",
    "a: !!int x\n",
    "a: !!map [1]\n",
    "? [a]\n: b\n",
    ": b\n",
    "<<: 1\n",
    "a: &a [*a]\n",
    "password: hunter2\npassword: \"hunter3\"\n",
    "a: 1\n%YAML 1.2\n---\nb: 1\n",
];

#[test]
fn every_refusal_says_where_why_and_what_to_do() {
    let mut shown = String::new();
    for text in REFUSED {
        let report = documents(text).expect_err("the text is refused");
        write!(shown, "=== {text:?}\n{report}\n").unwrap();
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/yaml/refusals.txt");
    if std::env::var("BLESS").is_ok() {
        std::fs::write(file, &shown).unwrap();
    }
    assert_eq!(shown, std::fs::read_to_string(file).unwrap());
}

#[test]
fn what_would_eat_the_machine_is_refused() {
    let headline =
        |text: &str| documents(text).map_err(|report| report.lines().take(2).collect::<Vec<_>>().join("\n"));
    let deep = "error[PG0103]: the nesting is deeper than 64 levels\n";
    assert_eq!(headline(&"[".repeat(20_000)), Err(format!("{deep} --> x.yaml:1:65")));
    assert_eq!(headline(&format!("a:\n  {}", "- ".repeat(20_000))), Err(format!("{deep} --> x.yaml:2:129")));
    let mut chain = "a0: &a0 [1]\n".to_owned();
    for at in 1..70 {
        writeln!(chain, "a{at}: &a{at} [*a{}]", at - 1).unwrap();
    }
    assert_eq!(headline(&chain), Err(format!("{deep}  --> x.yaml:64:12")));

    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for at in 1..10 {
        let items = vec![format!("*a{}", at - 1); 9].join(",");
        writeln!(bomb, "a{at}: &a{at} [{items}]").unwrap();
    }
    let expected = "\
error[PG0103]: the text stands for too much: more than 250000 values, or 4 MiB of repeated text
 --> x.yaml:6:18
  |
5 | a4: &a4 [*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3]
  |         ------------------------------------- this is repeated
6 | a5: &a5 [*a4,*a4,*a4,*a4,*a4,*a4,*a4,*a4,*a4]
  |                  ^^^ passed here
  |
  = note: an alias counts as often as it is used, with all that its anchor holds
  = help: use fewer aliases of aliases

error: 1 error
";
    assert_eq!(documents(&bomb), Err(expected.to_owned()));
    let kept = format!(
        "{}{}{}",
        "a: ",
        (0..60).map(|at| format!("&a{at} [")).collect::<Vec<_>>().concat(),
        "x,".repeat(5_000)
    );
    assert_eq!(
        headline(&format!("{kept}{}", "]".repeat(60))).map_err(|text| text.contains("too much")),
        Err(true)
    );

    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), ["*a"; 5].join(","));
    assert_eq!(headline(&long).map(|_| ()).map_err(|text| text.ends_with("x.yaml:2:17")), Err(true));
}

#[test]
fn tokens_are_kept_as_written() {
    let node = only(
        "a: 16.10\nb: on\nc: '0755'\nd: 0755\ne: 1_000\nf: |\n  x\n  y\ng: >-\n  x\n  y\nh:\ni: !!str on\nj: !!int 5\nk: ! on\ny: 1e6\n",
    );
    let scalar = |key: &str| {
        let scalar =
            node.as_map().and_then(|map| map.get(key)).and_then(Node::as_scalar).expect("it is there");
        (scalar.token.as_str().to_owned(), scalar.style)
    };
    let plain = |token: &str| (token.to_owned(), Style::Plain);
    let quoted = |token: &str| (token.to_owned(), Style::Quoted);
    assert_eq!(scalar("a"), plain("16.10"));
    assert_eq!(scalar("b"), plain("on"));
    assert_eq!(scalar("c"), quoted("0755"));
    assert_eq!(scalar("d"), plain("0755"));
    assert_eq!(scalar("e"), plain("1_000"));
    assert_eq!(scalar("f"), quoted("x\ny\n"));
    assert_eq!(scalar("g"), quoted("x y"));
    assert_eq!(scalar("h"), plain(""));
    assert_eq!(scalar("i"), quoted("on"));
    assert_eq!(scalar("j"), plain("5"));
    assert_eq!(scalar("k"), quoted("on"));
    assert_eq!(scalar("y"), plain("1e6"));
}

#[test]
fn every_document_counts_and_comments_are_an_empty_map() {
    let json = |text: &str| documents(text).map(|all| all.iter().map(Node::to_json).collect::<Vec<_>>());
    assert_eq!(json("# nothing\n"), Ok(vec![json!({})]));
    assert_eq!(json("\n"), Ok(vec![json!({})]));
    assert_eq!(json("---\n---\nnull\n"), Ok(vec![json!({}), json!({})]));
    assert_eq!(
        json("a: 1\n--- {b: 2}\n...\n---\nc: 3\n"),
        Ok(vec![json!({"a": 1}), json!({"b": 2}), json!({"c": 3})])
    );
}

#[test]
fn aliases_stand_for_their_anchor_and_merge_keys_give_way() {
    let text = "base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\na: {<<: *b, x: 9}\nb: {y: 0, <<: [*b, *o]}\nc: *b\n'<<': 5\n";
    let node = only(text);
    let expected = json!({
        "base": {"x": 1, "y": 2}, "other": {"y": 3, "z": 4},
        "a": {"x": 9, "y": 2}, "b": {"y": 0, "x": 1, "z": 4}, "c": {"x": 1, "y": 2}, "<<": 5,
    });
    assert_eq!(node.to_json(), expected);
    let written = |path: &str| {
        let place = node.at(&ValuePath::parse(path).unwrap()).expect("it is there").place;
        place.start..place.end
    };
    assert_eq!(&text[written("c.y")], "2");
    assert_eq!(written("c.y"), written("base.y"));
    assert_eq!(written("b.z"), written("other.z"));
}

#[test]
fn places_are_exact_in_every_style() {
    let text = "\u{feff}ä: {flow: [1, \"zwei\", {k: v}]}\r\nblock:\r\n  - one # comment\r\n  - two: |\r\n      text\r\n    three: 'x'\r\nlast:\r\n";
    let node = only(text);
    let written = |path: &str| {
        let place = node.nearest(&ValuePath::parse(path).unwrap()).expect("it is there");
        &text[place.start..place.end]
    };
    assert_eq!(written("ä.flow"), "[1, \"zwei\", {k: v}]");
    assert_eq!(written("ä.flow[1]"), "\"zwei\"");
    assert_eq!(written("ä.flow[2].k"), "v");
    assert_eq!(written("block[0]"), "one");
    assert_eq!(written("block[1].three"), "'x'");
    assert_eq!(written("block[1].none"), "two: |\r\n      text\r\n    three: 'x'");
    assert_eq!(written("block[7]"), "block");
    assert_eq!(written("last"), "");
    assert_eq!(written("ä.none.deeper"), "ä");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    /// Whatever the text, there is a document or a report, and every place in either lies in the text.
    #[test]
    fn no_text_is_too_odd(pieces in proptest::collection::vec(
        prop_oneof![
            proptest::sample::select(&[
                "a", "b: ", "- ", "\n", "\n  ", "\r\n", "\t", "{", "}", "[", "]", ",", ": ", "? ", "'", "\"", "\\", "\\x4", "|", ">-",
                "&a ", "*a", "!!int ", "!x ", "<<: ", "#", " # c\n", "---\n", "--- ", "...\n", "%", "@", "`", "~", "é", "😀", "\u{feff}",
                "\u{85}", "\0", "password: ",
            ][..]).prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ],
        0..24,
    )) {
        let text = pieces.concat();
        match documents(&text) {
            Err(report) => prop_assert!(report.starts_with("error[PG01"), "{}", report),
            Ok(documents) => {
                prop_assert!(!documents.is_empty());
                for document in &documents {
                    prop_assert!(text.get(document.place.start..document.place.end).is_some());
                    document.to_json();
                }
            }
        }
    }
}
