//! The `--set` tables of Helm 4, row by row, and what the layers merge to.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::diagnostics::{Diagnostics, Sources, report};

/// What files and flags merge to, or the report of why they don't.
fn merged(files: &[&str], flags: &[(FlagKind, &str)]) -> Result<Value, String> {
    let files = files.iter().enumerate().map(|(at, text)| Input::File {
        name: format!("{}.yaml", at + 1),
        text: (*text).to_owned(),
        stdin: false,
    });
    let flags =
        flags.iter().map(|(kind, argument)| Input::Flag { kind: *kind, argument: (*argument).to_owned() });
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let value = raw(files.chain(flags).collect(), &content, &mut sources, &mut found);
    value.ok_or_else(|| report(&found, &sources, false))
}

/// The files that `--set-file` finds in these tests.
fn content(path: &str) -> Result<String, String> {
    match path {
        "f" => Ok("one\n".to_owned()),
        "g" | "p,x" => Ok(format!("<{path}>")),
        _ => Err(format!("there is no file `{path}`")),
    }
}

/// Each row: the arguments that all give the same result.
fn check(kind: FlagKind, rows: &[(&[&str], Value)]) {
    for (arguments, expected) in rows {
        for argument in *arguments {
            assert_eq!(
                merged(&[], &[(kind, argument)]),
                Ok(expected.clone()),
                "{} {argument:?}",
                kind.name()
            );
        }
    }
}

fn check_refused(kind: FlagKind, arguments: &[&str]) {
    for argument in arguments {
        let outcome = merged(&[], &[(kind, argument)]);
        assert!(outcome.is_err(), "{} {argument:?} gave {outcome:?}", kind.name());
    }
}

fn keyed(key: &str) -> Value {
    json!({ key: 1 })
}

#[test]
fn set_infers_types_as_helm_does() {
    let a = |value: Value| json!({ "a": value });
    check(
        FlagKind::Set,
        &[
            (&["a=1", "a=+1", "a=\\1", "a=1,"], a(json!(1))),
            (&["a=-1", "a=-01"], a(json!(-1))),
            (&["a=-0", "a=0"], a(json!(0))),
            (&["a=+01"], a(json!(1))),
            (&["a=9223372036854775807"], a(json!(i64::MAX))),
            (&["a=9223372036854775808"], a(json!("9223372036854775808"))),
            (&["a=TRUE", "a=tRuE", "a=\\true"], a(json!(true))),
            (&["a=NULL", "a=nUlL", "a=\\null"], a(json!(null))),
            (&["a="], a(json!(""))),
            (&["a= "], a(json!(" "))),
            (&["a= 1"], a(json!(" 1"))),
            (&["a=\"x\""], a(json!("\"x\""))),
            (&["a='x'"], a(json!("'x'"))),
            (&["a=x\\,y"], a(json!("x,y"))),
            (&["a=x\\\\"], a(json!("x\\"))),
            (&["a=x\\"], a(json!("x"))),
            (&["a=b=c"], a(json!("b=c"))),
            (&["a=="], a(json!("="))),
            (&["a=x{y}"], a(json!("x{y}"))),
            (&["a=x[0]"], a(json!("x[0]"))),
            (&["a=x}"], a(json!("x}"))),
        ],
    );
    for text in [
        "01", "00", "0x10", "1_000", "1.0", ".5", "1e3", "NaN", "yes", "on", "~", "nil", "0755", "16.10",
        "0e1234",
    ] {
        assert_eq!(merged(&[], &[(FlagKind::Set, &format!("a={text}"))]), Ok(a(json!(text))));
    }
}

#[test]
fn set_reads_lists_and_keys_as_helm_does() {
    check(
        FlagKind::Set,
        &[
            (&["a={}"], json!({"a": [""]})),
            (&["a={,}"], json!({"a": ["", ""]})),
            (&["a={ a, b }"], json!({"a": [" a", " b "]})),
            (&["a={1,true,null,01,1.5}"], json!({"a": [1, true, null, "01", "1.5"]})),
            (&["a={a\\,b,c}"], json!({"a": ["a,b", "c"]})),
            (&["a={a\\}b}"], json!({"a": ["a}b"]})),
            (&["a={a,b}c=d", "a={a,b},c=d"], json!({"a": ["a", "b"], "c": "d"})),
            (&["a={\"x\":1}"], json!({"a": ["\"x\":1"]})),
            (&["a\\.b=1"], keyed("a.b")),
            (&["a.b\\.c/d=1"], json!({"a": {"b.c/d": 1}})),
            (&["a\\=b=1"], keyed("a=b")),
            (&["a\\[0\\]=1"], keyed("a[0]")),
            (&["a\\,b=1"], keyed("a,b")),
            (&[" a=1"], keyed(" a")),
            (&["a=1, b=2"], json!({"a": 1, " b": 2})),
            (&["a[2]=x"], json!({"a": [null, null, "x"]})),
            (&["a[1].b=1,a[0].b=2"], json!({"a": [{"b": 2}, {"b": 1}]})),
            (&["a[0][0]=1"], json!({"a": [[1]]})),
            (&["a[1][1]=1"], json!({"a": [null, [null, 1]]})),
            (&["a[0]={x,y}"], json!({"a": [["x", "y"]]})),
            (&["a[+1]=x", "a[01]=x"], json!({"a": [null, "x"]})),
            (&["a=1,a=2", "a.b=1,a=2", "a[0]=x,a=2"], json!({"a": 2})),
            (&["a[0]=1,a[0].b=2"], json!({"a": [{"b": 2}]})),
        ],
    );
    let long = merged(&[], &[(FlagKind::Set, "a[65536]=x")]).map(|value| value["a"].as_array().map(Vec::len));
    assert_eq!(long, Ok(Some(65_537)));
}

#[test]
fn set_refuses_what_helm_refuses_or_ignores() {
    check_refused(
        FlagKind::Set,
        &[
            "a={a",
            "a={{a,b},{c}}",
            "a=[1,2]",
            "a[ 0]=x",
            "a[]=x",
            "a[0x1]=y",
            "a[-1]=x",
            "a[65537]=x",
            "a[0]b=1",
            "a",
            "a,b=1",
            "a.b",
            "a,,b=1",
            ",a=1",
            "a.=1",
            "a..b=1",
            "a=p@ss,w0rd",
            "a=1,a.b=2",
            "a=null,a.b=1",
            "a=1,a[0]=2",
            // Helm does nothing, and says nothing.
            "",
            "a[0",
            "[0]=1",
            "=b",
            ".a=1",
            "a[0]",
        ],
    );
    let segments = |count: usize| format!("{}=1", vec!["a"; count].join("."));
    assert!(merged(&[], &[(FlagKind::Set, &segments(31))]).is_ok());
    assert!(merged(&[], &[(FlagKind::Set, &segments(32))]).is_err());
}

#[test]
fn set_string_and_set_file_give_text() {
    check(
        FlagKind::SetString,
        &[
            (&["a=1"], json!({"a": "1"})),
            (&["a=true"], json!({"a": "true"})),
            (&["a=null"], json!({"a": "null"})),
            (&["a="], json!({"a": ""})),
            (&["a={1,2}"], json!({"a": ["1", "2"]})),
            (&["a={}"], json!({"a": [""]})),
        ],
    );
    check(
        FlagKind::SetFile,
        &[
            (&["a=f"], json!({"a": "one\n"})),
            (&["a={f,g}"], json!({"a": ["one\n", "<g>"]})),
            (&["a=p\\,x"], json!({"a": "<p,x>"})),
            (&["a="], json!({"a": ""})),
        ],
    );
    check_refused(FlagKind::SetFile, &["a=missing", "a"]);
}

#[test]
fn set_json_keeps_digits_and_refuses_duplicates() {
    check(
        FlagKind::SetJson,
        &[
            (&["a="], json!({"a": null})),
            (&["a= ,b=1"], json!({"a": null, "b": 1})),
            (&["a[1]=null"], json!({"a": [null, null]})),
            (&["a[0]="], json!({"a": [null]})),
            (&["a=1.0"], json!({"a": 1})),
            (&["a=9007199254740993"], json!({"a": 9_007_199_254_740_993_i64})),
            (&["a={\"b\":1} , c=2"], json!({"a": {"b": 1}, " c": 2})),
            (&["a={\"b\":1}c=2"], json!({"a": {"b": 1}, "c": 2})),
            (&["a=[1, {\"x\": \"\\u00e4\\n\"}, []]"], json!({"a": [1, {"x": "ä\n"}, []]})),
            (&[" {\"a\": {\"x\": -0.5e1}} "], json!({"a": {"x": -5}})),
            (&["a={}"], json!({"a": {}})),
        ],
    );
    check_refused(
        FlagKind::SetJson,
        &[
            "a=01",
            "a=1 2",
            "a=x",
            "a=True",
            "a='x'",
            "{\"a\":1",
            "[1]",
            "",
            "a={\"x\":1,\"x\":2}",
            "{\"a\":1} x",
            "a=1e999",
            "a=\"\\u0000\"",
            "a=\"\\q\"",
            "a=[1,]",
            "a={x:1}",
            "a=-",
            "a=1.",
        ],
    );
    let deep = format!("a={}", "[".repeat(20_000));
    check_refused(FlagKind::SetJson, &[deep.as_str()]);
    let base = ["a: {w: 1}"];
    assert_eq!(merged(&base, &[(FlagKind::SetJson, "a={\"x\":2}")]), Ok(json!({"a": {"x": 2}})));
    assert_eq!(
        merged(&base, &[(FlagKind::SetJson, "{\"a\":{\"x\":2}}")]),
        Ok(json!({"a": {"w": 1, "x": 2}}))
    );
}

#[test]
fn set_literal_knows_no_escapes() {
    check(
        FlagKind::SetLiteral,
        &[
            (&["a=x,y"], json!({"a": "x,y"})),
            (&["a={1,2}"], json!({"a": "{1,2}"})),
            (&["a=x\\,y"], json!({"a": "x\\,y"})),
            (&["a.b=x=y"], json!({"a": {"b": "x=y"}})),
            (&["a\\.b=1"], json!({"a\\": {"b": "1"}})),
            (&["a,b=1"], json!({"a,b": "1"})),
            (&[" a = b "], json!({" a ": " b "})),
            (&["a[1]=x"], json!({"a": [null, "x"]})),
            (&["a="], json!({"a": ""})),
        ],
    );
    check_refused(FlagKind::SetLiteral, &["a", "", "=b", "a[0", "a[0]b=1"]);
}

#[test]
fn an_index_and_a_selector_act_on_what_is_below() {
    let base = ["a: [{v: 1, name: x}, {v: 2, name: q}]"];
    let second = json!({"a": [{"v": 1, "name": "x"}, {"v": 9, "name": "q"}]});
    assert_eq!(merged(&base, &[(FlagKind::Set, "a[1].v=9")]), Ok(second.clone()));
    assert_eq!(merged(&base, &[(FlagKind::Set, "a[name=q].v=9")]), Ok(second));
    assert_eq!(merged(&["a: null"], &[(FlagKind::Set, "a.b=1")]).map_err(|_| ()), Err(()));
    let missing = merged(&base, &[(FlagKind::Set, "b=s3cret,a[name=z].v=9")]);
    let expected = "\
error[PG0112]: no item of `a` has `name` = `z`
 --> --set, column 12
  |
1 | b=********,a[name=z].v=********
  |              ^^^^^^
  |
  = help: there are `x`, `q`

error: 1 error
";
    assert_eq!(missing, Err(expected.to_owned()));
}

#[test]
fn layers_merge_maps_replace_lists_and_drop_by_null() {
    let both = |low: &str, high: &str| merged(&[low, high], &[]);
    assert_eq!(both("a: {b: 1, c: 2}", "a: {b: 3}"), Ok(json!({"a": {"b": 3, "c": 2}})));
    assert_eq!(both("a: [1, 2]", "a: [3]"), Ok(json!({"a": [3]})));
    assert_eq!(both("a: [1, 2]", "a: []"), Ok(json!({"a": []})));
    assert_eq!(both("a: {b: 1}", "a: {}"), Ok(json!({"a": {"b": 1}})));
    assert_eq!(both("a: {b: 1}", "a:"), Ok(json!({"a": null})));
    assert_eq!(both("a: {b: 1, c: 2}", "a: {b: null}"), Ok(json!({"a": {"b": null, "c": 2}})));
    assert_eq!(both("a: 1", "a: {b: 1}"), Ok(json!({"a": {"b": 1}})));
    assert_eq!(both("a: [null, 1]", "# nothing"), Ok(json!({"a": [null, 1]})));
    assert_eq!(
        both("a: 1\n--- {b: 2}\n---\n", "---\nc: 3\n...\n---\nd: 4\n"),
        Ok(json!({"a": 1, "b": 2, "c": 3, "d": 4}))
    );
    assert_eq!(merged(&["a: {b: 1}", "a: null", "a: {c: 1}"], &[]), Ok(json!({"a": {"c": 1}})));
}

#[test]
fn large_maps_merge_like_small_ones() {
    let text = |keys: std::ops::Range<usize>, value: &str| {
        keys.map(|at| format!("k{at}: {value}")).collect::<Vec<_>>().join("\n")
    };
    let value = merged(&[&text(0..100, "1"), &text(50..150, "2")], &[]).expect("they are right");
    let expected: Vec<_> =
        (0..150).map(|at| (format!("k{at}"), if at < 50 { json!(1) } else { json!(2) })).collect();
    let found: Vec<_> =
        value.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
    assert_eq!(found, expected);
}

#[test]
fn flags_act_in_order_of_appearance_and_after_files() {
    let flags = [
        (FlagKind::SetString, "a=1"),
        (FlagKind::Set, "a=2"),
        (FlagKind::SetJson, "{\"b\": [1]}"),
        (FlagKind::Set, "b[1]=2"),
    ];
    assert_eq!(merged(&["a: 0"], &flags), Ok(json!({"a": 2, "b": [1, 2]})));
}

#[test]
fn a_refused_flag_shows_no_value() {
    for (kind, argument) in [
        (FlagKind::Set, "a=hunter2,w0rd=,hunter3"),
        (FlagKind::Set, "auth.pass=hun,ter2"),
        (FlagKind::Set, "a=hunter2,b[0=hunter3"),
        (FlagKind::Set, "a=hunter2,a.b=hunter3"),
        (FlagKind::SetJson, "a={\"pin\": hunter2}"),
        (FlagKind::SetJson, "{\"pin\": \"hunter2\" \"x\": \"hunter3\"}"),
        (FlagKind::SetFile, "a=f,b={hunter2"),
    ] {
        let text = merged(&[], &[(kind, argument)]).expect_err("the flag is wrong");
        for secret in ["hunter", "hun", "ter2", "w0rd"] {
            assert!(!text.contains(secret), "{argument} shows {secret}:\n{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Any text can be given by any flag that is meant for texts.
    #[test]
    fn every_text_gets_through(text in "[^\0]{0,40}", key in "[^\0]{1,8}") {
        let escape = |text: &str| text.chars().flat_map(|c| ['\\', c]).collect::<String>();
        let expected = json!({ key.as_str(): text.as_str() });
        let string = format!("{}={}", escape(&key), escape(&text));
        prop_assert_eq!(merged(&[], &[(FlagKind::SetString, &string)]), Ok(expected.clone()));
        let object = expected.to_string();
        prop_assert_eq!(merged(&[], &[(FlagKind::SetJson, &object)]), Ok(expected));
        let literal = format!("k={text}");
        prop_assert_eq!(merged(&[], &[(FlagKind::SetLiteral, &literal)]), Ok(json!({ "k": text.as_str() })));
        let path = ValuePath::root().child(key.as_str()).item(0).child("x");
        prop_assert_eq!(ValuePath::parse(&path.to_string()), Ok(path));
    }

    /// No argument makes a flag panic, and none is taken without a word when it sets nothing.
    #[test]
    fn no_argument_is_ignored(argument in "[a-c.,=\\[\\]{}\\\\0-2\" :-]{0,16}") {
        for kind in [FlagKind::Set, FlagKind::SetString, FlagKind::SetFile, FlagKind::SetJson, FlagKind::SetLiteral] {
            let empty_object = kind == FlagKind::SetJson && argument.replace(' ', "") == "{}";
            if !empty_object {
                prop_assert_ne!(merged(&[], &[(kind, &argument)]), Ok(json!({})), "{}", kind.name());
            }
        }
    }
}
