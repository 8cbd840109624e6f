//! pgpod's offline checks against others' judgement: the strict schemas of each Kubernetes version, and a real API
//! server.

use std::collections::BTreeSet;
use std::process::Command;

use pgpod::diagnostics::Diagnostics;
use pgpod::manifest::{self, Demands, MERGE_KEYS, Object, Strategy};

use crate::manifest::broken::{BROKEN, GOOD};
use crate::manifest::{findings, parse};
use crate::support::{api_server, custom_table, kubernetes_validate, run, since_table};

/// Every Kubernetes that pgpod supports.
const VERSIONS: [&str; 7] = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"];

/// What the strict schemas of every version say against a stream of manifests: a line per problem. `None` where the
/// checker is not installed.
pub(crate) fn validate_all_versions(stream: &str) -> Option<Vec<String>> {
    kubernetes_validate(&VERSIONS, stream)
}

/// The objects of each broken manifest that the edit touched, and the number of the manifest.
fn touched() -> Vec<(usize, Object)> {
    let (good, ..) = parse(GOOD);
    let mut touched = Vec::new();
    for (number, broken) in BROKEN.iter().enumerate() {
        let (objects, ..) = parse(&broken.text());
        let new = objects.into_iter().filter(|object| good.iter().all(|other| other.value != object.value));
        touched.extend(new.map(|object| (number, object)));
    }
    touched
}

#[test]
fn what_passes_here_passes_the_schemas_of_every_version() {
    let Some(problems) = validate_all_versions(GOOD) else { return };
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn what_the_schemas_refuse_is_refused_here() {
    let mut stream = String::new();
    for (number, mut object) in touched() {
        // The schemas don't look at names, so a name can carry the number through the checker.
        object.value["metadata"]["name"] = format!("broken-{number}").into();
        stream.push_str(&pgpod::manifest::to_stream([&object]));
    }
    let Some(problems) = kubernetes_validate(&["1.31", "1.37"], &stream) else { return };
    let refused: BTreeSet<usize> = problems.iter().filter_map(|line| number_in(line)).collect();
    assert!(refused.len() > 20, "the checker finds almost nothing: {problems:?}");
    for number in refused {
        let broken = &BROKEN[number];
        assert!(!findings(&broken.text()).is_empty(), "{:?} became {:?}", broken.from, broken.to);
    }
}

fn number_in(line: &str) -> Option<usize> {
    let (_, rest) = line.split_once("/broken-")?;
    rest.split_once(':')?.0.parse().ok()
}

/// What a server refuses for what an object says is found here before. It looks at one object at a time, so what lies
/// between objects (references, selectors of Services) is found here only.
#[test]
fn what_an_api_server_refuses_is_refused_here() {
    let Some(kubectl) = api_server() else { return };
    // A namespace of its own: others are labelled for PodSecurity, and warn.
    let made = kubectl.run(&["create", "namespace", "schemas"], "");
    assert!(made.status == 0 || made.stderr.contains("already exists"), "{}", made.stderr);
    let dry_run = |stream: &str| kubectl.dry_run(&stream.replace("namespace: plant7", "namespace: schemas"));
    let custom = |object: &Object| object.id.kind == "ServiceMonitor";
    let (good, ..) = parse(GOOD);
    let accepted = dry_run(&pgpod::manifest::to_stream(good.iter().filter(|object| !custom(object))));
    assert!(accepted.is_ok(), "{accepted:?}");

    let mut only_here = Vec::new();
    for (number, object) in touched() {
        let broken = &BROKEN[number];
        match dry_run(&pgpod::manifest::to_stream([&object])) {
            Ok(_) => only_here.push(broken.to),
            Err(why) => {
                assert!(
                    !findings(&broken.text()).is_empty(),
                    "{:?} became {:?}: {why}",
                    broken.from,
                    broken.to
                );
            }
        }
    }
    assert_eq!(only_here, ONLY_HERE);
}

/// Mistakes that no server sees in one object: what is named is not there. A volume without a source is one that the
/// server makes up: an empty one, which is not where data should go.
const ONLY_HERE: [&str; 10] = [
    "    targetPort: postgres\n",
    "  name: demo-configs\n",
    "  name: demo-auths\n",
    "  password: x\n",
    "  name: demo-auth\n",
    "            port: pgsql\n          periodSeconds",
    "",
    "  name: data-demo-1\n",
    "kind: ServiceAccount\nmetadata:\n  name: other\n",
    "  kind: Role\n  name: demos\n",
];

/// The table of merge keys, as the definitions of the newest Kubernetes state it.
#[test]
fn lists_are_merged_by_the_keys_that_kubernetes_states() {
    // The gate: it says when Python is not there.
    if kubernetes_validate(&["1.37"], "").is_none() {
        return;
    }
    let python = std::env::var_os("PGPOD_PYTHON").expect("the gate has seen it");
    let script = r"
import json, pathlib, kubernetes_validate
folder = pathlib.Path(kubernetes_validate.__file__).parent / 'kubernetes-json-schema' / 'v1.37.0-local'
for name, schema in json.loads((folder / '_definitions.json').read_text())['$defs'].items():
    for field, its in (schema.get('properties') or {}).items():
        strategy, key = its.get('x-kubernetes-patch-strategy', ''), its.get('x-kubernetes-patch-merge-key')
        if 'merge' in strategy or 'replace' in strategy:
            print(name.removeprefix('io.k8s.'), field, key or ('*' if 'merge' in strategy else '='))
";
    let stated = run(Command::new(python).args(["-c", script]), b"").ok();
    let stated: BTreeSet<&str> = stated.lines().collect();
    let rows: BTreeSet<String> = MERGE_KEYS
        .iter()
        .map(|row| {
            let strategy = match row.strategy {
                Strategy::ByKey(key) => key,
                Strategy::Union => "*",
                Strategy::Replace => "=",
            };
            format!("{} {} {strategy}", row.definition, row.field)
        })
        .collect();
    let invented: Vec<&String> = rows.iter().filter(|row| !stated.contains(row.as_str())).collect();
    assert_eq!(invented, Vec::<&String>::new());
    // What the table leaves out: status, and kinds that are not known here.
    let known: BTreeSet<&str> = MERGE_KEYS.iter().map(|row| row.definition).collect();
    let missing = stated.iter().filter(|row| !rows.contains(**row));
    let missing: Vec<&&str> =
        missing.filter(|row| known.contains(row.split(' ').next().unwrap_or(""))).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

/// Every kind that one of the versions has is found missing in those that do not have it, and in no other.
#[test]
fn a_kind_is_there_in_the_versions_whose_schemas_have_it() {
    if kubernetes_validate(&["1.37"], "").is_none() {
        return;
    }
    let python = std::env::var_os("PGPOD_PYTHON").expect("the gate has seen it");
    let script = r"
import collections, json, pathlib, kubernetes_validate
folder = pathlib.Path(kubernetes_validate.__file__).parent / 'kubernetes-json-schema'
found = collections.defaultdict(list)
for minor in range(31, 38):
    for its in json.loads((folder / f'v1.{minor}.0-local' / '_definitions.json').read_text())['$defs'].values():
        if 'metadata' in its.get('properties', {}):
            for kind in its.get('x-kubernetes-group-version-kind', []):
                if (kind['group'] or kind['version'] == 'v1') and not kind['kind'].endswith('List'):
                    found['/'.join(filter(None, [kind['group'], kind['version']])), kind['kind']].append(str(minor))
for (version, kind), minors in sorted(found.items()):
    print(version, kind, *minors)
";
    let stated = run(Command::new(python).args(["-c", script]), b"").ok();
    assert!(stated.lines().count() > 100, "{stated}");
    let mut others = Vec::new();
    for line in stated.lines() {
        let mut words = line.split(' ');
        let (api_version, kind) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let (objects, sources, _) =
            parse(&format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\n"));
        let mut said = format!("{api_version} {kind}");
        for version in 31..38 {
            let mut found = Diagnostics::new();
            manifest::check(&objects, &Demands { version, ..Demands::PART }, &sources, &mut found);
            if !found.into_sorted().iter().any(|finding| finding.code.to_string() == "PG0403") {
                said.push_str(&format!(" {version}"));
            }
        }
        if said != line {
            others.push((said, line));
        }
    }
    assert_eq!(others, Vec::new());
}

#[test]
fn the_table_of_new_fields_is_what_the_schemas_of_each_version_say() {
    let Some(table) = since_table() else { return };
    assert!(table.lines().count() > 50, "{table}");
    assert_eq!(table, include_str!("../data/kubernetes/since.txt"));
}

#[test]
fn the_schemas_of_custom_resources_are_what_the_operators_say() {
    let Some(table) = custom_table() else { return };
    assert_eq!(table, include_str!("../data/kubernetes/custom.txt"));
}
