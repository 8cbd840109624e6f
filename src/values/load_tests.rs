//! Layers through [`load`]: which preset counts, where a value was written, what it overrode.

use super::*;
use crate::diagnostics::{Diagnostic, Diagnostics, Sources, codes, report};

struct Loaded {
    merged: Option<Merged>,
    sources: Sources,
    found: Diagnostics,
}

fn loaded(preset: Option<PresetChoice>, inputs: Vec<Input>) -> Loaded {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let files = |path: &str| Err(format!("there is no file `{path}`"));
    let merged = load(preset, inputs, &files, &mut sources, &mut found);
    Loaded { merged, sources, found }
}

impl Loaded {
    fn report(&self) -> String {
        report(&self.found, &self.sources, false)
    }

    fn merged(&self) -> &Merged {
        assert_eq!(self.report(), "");
        self.merged.as_ref().expect("nothing was refused")
    }

    /// The report of a finding about the value at a path.
    fn about(&self, path: &str) -> String {
        let mut found = Diagnostics::new();
        let place = self.merged().locate(&ValuePath::parse(path).unwrap()).expect("there is a place");
        found.push(Diagnostic::error(codes::BAD_VALUE, "wrong").at(place, "this"));
        report(&found, &self.sources, false)
    }

    fn described(&self, place: Place) -> String {
        let layer = self.merged().layer(place).expect("every place is in a layer");
        format!("{} ({})", self.sources.describe(place), layer.name)
    }
}

fn file(name: &str, text: &str) -> Input {
    Input::File { name: name.to_owned(), text: text.to_owned(), stdin: false }
}

fn stdin(text: &str) -> Input {
    Input::File { name: "-".to_owned(), text: text.to_owned(), stdin: true }
}

fn flag(kind: FlagKind, argument: &str) -> Input {
    Input::Flag { kind, argument: argument.to_owned() }
}

#[test]
fn the_highest_layer_names_the_preset() {
    let name = |inputs: Vec<Input>| loaded(None, inputs).merged().preset.clone();
    assert_eq!(name(vec![]), "small");
    assert_eq!(
        name(vec![file("a.yaml", "resourcePreset: edge"), file("b.yaml", "resourcePreset: large")]),
        "large"
    );
    let set = flag(FlagKind::Set, "resourcePreset=xlarge");
    assert_eq!(name(vec![set.clone(), file("a.yaml", "resourcePreset: edge")]), "xlarge");
    assert_eq!(name(vec![flag(FlagKind::SetJson, "{\"resourcePreset\": \"medium\"}")]), "medium");
    let explicit = loaded(Some(PresetChoice::BuiltIn("edge".to_owned())), vec![set]);
    assert_eq!(explicit.merged().preset, "edge");
    let path = ValuePath::parse("resources.limits.memory").unwrap();
    let memory =
        explicit.merged().root.at(&path).and_then(|node| node.as_scalar().map(|scalar| scalar.token.clone()));
    assert_eq!(memory.as_deref(), Some("1Gi"));
    let key = ValuePath::parse("resourcePreset").unwrap();
    let merged = explicit.merged();
    let named = merged.root.at(&key).expect("it is named");
    assert_eq!(named.as_scalar().map(|scalar| scalar.token.as_str()), Some("edge"));
    assert_eq!(explicit.described(named.place), "--preset, column 1 (--preset)");
}

#[test]
fn an_unknown_preset_is_refused_where_it_is_named() {
    let expected = "\
error[PG0120]: there is no preset `smal`
 --> prod.yaml:2:17
  |
2 | resourcePreset: smal
  |                 ^^^^
  |
  = help: did you mean `small`? the presets are `edge`, `small`, `medium`, `large`, `xlarge`; `--preset FILE` takes a shape of your own

error: 1 error
";
    assert_eq!(loaded(None, vec![file("prod.yaml", "a: 1\nresourcePreset: smal\n")]).report(), expected);
    let expected = "\
error[PG0131]: `resourcePreset` is null, but it has to name a preset
 --> prod.yaml:1:17
  |
1 | resourcePreset: ~
  |                 ^
  |
  = help: the presets are `edge`, `small`, `medium`, `large`, `xlarge`; `--preset FILE` takes a shape of your own

error: 1 error
";
    assert_eq!(loaded(None, vec![file("prod.yaml", "resourcePreset: ~\n")]).report(), expected);
    let expected = "\
error[PG0120]: there is no preset `xl`
 --> --preset, column 1
  |
1 | xl
  | ^^
  |
  = help: the presets are `edge`, `small`, `medium`, `large`, `xlarge`; `--preset FILE` takes a shape of your own

error: 1 error
";
    assert_eq!(loaded(Some(PresetChoice::BuiltIn("xl".to_owned())), vec![]).report(), expected);
}

#[test]
fn a_preset_file_sets_a_shape_only() {
    let text = "resources: {limits: {memory: 3Gi}}\npostgresql: {maxConnections: 7, version: 16}\nhighAvailability: {replicas: 3}\nservice: {}\n";
    let preset = PresetChoice::File { name: "line4.yaml".to_owned(), text: text.to_owned() };
    let cause = "a preset is a shape: it sets only `resources`, `persistence.size`, `persistence.disk`, `postgresql.maxConnections`, \
                 `postgresql.workload`, `highAvailability.replicas`, `highAvailability.spread`";
    let help = "put this key into a values file, and give that with `-f`";
    let expected = format!(
        "\
error[PG0121]: a preset can't set `postgresql.version`
 --> line4.yaml:2:33
  |
2 | postgresql: {{maxConnections: 7, version: 16}}
  |                                 ^^^^^^^
  |
  = note: {cause}
  = help: {help}

error[PG0121]: a preset can't set `service`
 --> line4.yaml:4:1
  |
4 | service: {{}}
  | ^^^^^^^
  |
  = note: {cause}
  = help: {help}

error: 2 errors
"
    );
    assert_eq!(loaded(Some(preset), vec![]).report(), expected);
}

#[test]
fn the_second_document_on_stdin_is_a_place() {
    let text = "a: 1\n---\n# more\nb:\n  c: [1, zwei]\n";
    let expected = "\
error[PG0134]: wrong
 --> -:5:10
  |
5 |   c: [1, zwei]
  |          ^^^^ this

error: 1 error
";
    assert_eq!(loaded(None, vec![stdin(text)]).about("b.c[1]"), expected);
}

#[test]
fn the_third_pair_of_a_set_is_a_place() {
    let flags = vec![flag(FlagKind::Set, "x=1"), flag(FlagKind::Set, "a.b=1,c={x,y},d\\.e[1].f=zw\\,ei,g=")];
    let expected = "\
error[PG0134]: wrong
 --> --set argument 2, column 25
  |
1 | a.b=1,c={x,y},d\\.e[1].f=zw\\,ei,g=
  |                         ^^^^^^ this

error: 1 error
";
    let all = loaded(None, flags);
    assert_eq!(all.about("d\\.e[1].f"), expected);
    assert_eq!(all.sources.text(all.merged().locate(&ValuePath::parse("c[1]").unwrap()).unwrap()), "y");
    assert_eq!(all.sources.text(all.merged().locate(&ValuePath::parse("c").unwrap()).unwrap()), "{x,y}");
}

#[test]
fn a_member_of_a_set_json_is_a_place() {
    let flags = vec![flag(FlagKind::SetJson, "{\"a\": {\"ä\": [1, {\"b\": 12345678901234567890123}]}}")];
    let expected = "\
error[PG0134]: wrong
 --> --set-json, column 23
  |
1 | {\"a\": {\"ä\": [1, {\"b\": 12345678901234567890123}]}}
  |                       ^^^^^^^^^^^^^^^^^^^^^^^ this

error: 1 error
";
    let all = loaded(None, flags);
    assert_eq!(all.about("a.ä[1].b"), expected);
    let key = all.merged().locate_key(&ValuePath::parse("a.ä").unwrap()).unwrap();
    assert_eq!(all.sources.text(key), "\"ä\"");
}

#[test]
fn every_leaf_knows_its_layer_and_what_it_overrode() {
    let inputs = vec![
        file("a.yaml", "resources:\n  limits: {memory: 5Gi}\n"),
        flag(FlagKind::Set, "resources.limits.memory=6Gi"),
        file("b.yaml", "x: [{y: 1}]\n"),
    ];
    let all = loaded(None, inputs);
    let path = ValuePath::parse("resources.limits.memory").unwrap();
    let merged = all.merged();
    assert_eq!(all.described(merged.locate(&path).unwrap()), "--set, column 25 (--set)");
    assert_eq!(all.described(merged.locate_key(&path).unwrap()), "--set, column 18 (--set)");
    let limits = ValuePath::parse("resources.limits").unwrap();
    assert_eq!(all.described(merged.locate_key(&limits).unwrap()), "a.yaml:2:3 (a.yaml)");
    let overridden: Vec<_> = merged.overridden(&path).into_iter().map(|place| all.described(place)).collect();
    assert_eq!(overridden, ["a.yaml:2:20 (a.yaml)", "preset small:14:13 (preset `small`)"]);
    let leaves: Vec<_> = merged
        .leaves()
        .into_iter()
        .filter(|(path, _)| path.to_string().starts_with('x') || path.to_string().starts_with("resources."))
        .map(|(path, place)| format!("{path} {}", all.described(place)))
        .collect();
    assert_eq!(
        leaves,
        [
            "resources.requests.cpu preset small:9:10 (preset `small`)",
            "resources.requests.memory preset small:10:13 (preset `small`)",
            "resources.limits.cpu preset small:13:10 (preset `small`)",
            "resources.limits.memory --set, column 25 (--set)",
            "x[0].y b.yaml:1:9 (b.yaml)",
        ]
    );
}

#[test]
fn all_that_is_wrong_is_reported_in_one_run() {
    let all = loaded(
        None,
        vec![
            file("a.yaml", "a: @x\n"),
            file("b.yaml", "- 1\n"),
            flag(FlagKind::Set, "a"),
            file("c.yaml", "d: 1\nd: 2\n"),
        ],
    );
    assert!(all.merged.is_none());
    let titles: Vec<_> = all.found.into_sorted().into_iter().map(|finding| finding.title).collect();
    let expected = [
        "an unquoted value can't start with `@`",
        "a values file is a map of keys and values",
        "a key has no value",
        "`d` is set twice",
    ];
    assert_eq!(titles, expected);
}
