//! Objects through the door of `manifest`: good ones pass, broken ones are reported in full, patches merge as
//! `kubectl` merges them, and what is printed is read back.

use pgpod::diagnostics::{Diagnostics, Place, SourceKind, Sources, report};
use pgpod::manifest::{self, Demands, Object, RenderedFile, Whole};

use broken::{BROKEN, GOOD};

pub(crate) mod broken;
pub(crate) mod custom;
mod levels;
mod patches;
mod refused;

const DEMANDS: Demands<'_> = Demands { version: 33, whole: Whole::Release, ..Demands::PART };

pub(crate) fn parse(text: &str) -> (Vec<Object>, Sources, Diagnostics) {
    let file = RenderedFile::whole("templates/kubernetes/all.yaml".to_owned(), text.to_owned());
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let objects = manifest::parse(vec![file], &mut sources, &mut found);
    (objects, sources, found)
}

/// What reading and checking a text finds, as title and remedy.
pub(crate) fn findings(text: &str) -> Vec<(String, String)> {
    let (objects, sources, mut found) = parse(text);
    manifest::check(&objects, &DEMANDS, &sources, &mut found);
    found.into_sorted().into_iter().map(|finding| (finding.title, finding.help.unwrap_or_default())).collect()
}

/// The whole report of reading and checking a text, as a user sees it.
fn whole_report(text: &str) -> String {
    let (objects, sources, mut found) = parse(text);
    manifest::check(&objects, &DEMANDS, &sources, &mut found);
    report(&found, &sources, false)
}

#[test]
fn a_plausible_release_has_no_findings() {
    assert_eq!(whole_report(GOOD), "");
}

#[test]
fn every_broken_manifest_gives_exactly_its_findings() {
    for broken in BROKEN {
        let expected: Vec<(String, String)> =
            broken.findings.iter().map(|(title, help)| ((*title).to_owned(), (*help).to_owned())).collect();
        assert_eq!(findings(&broken.text()), expected, "{:?} became {:?}", broken.from, broken.to);
    }
}

/// What reading alone says of a text, whole, and the objects that it gives.
fn read(text: &str) -> (Vec<String>, String) {
    let (objects, sources, found) = parse(text);
    (objects.iter().map(|object| object.id.to_string()).collect(), report(&found, &sources, false))
}

/// Texts that are no objects, or hold some that are none.
const UNREADABLE: [&str; 10] = [
    "",
    "a: [1\nb: 2\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: after}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: a\n  x: b\n",
    "---\n---\n# nothing\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\n--- # two\n- a\n---\napiVersion: v1\nkind: \
     Pod\nmetadata: {name: b}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {1: a}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 7}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n",
    "apiVersion: v1\nmetadata: {name: a}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: !secret y}}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: .inf}}\n",
];

#[test]
fn what_is_no_object_is_reported_where_it_stands_and_the_rest_is_read() {
    let mut said = String::new();
    for text in UNREADABLE {
        let (objects, report) = read(text);
        said.push_str(&format!("{text:?} has {objects:?}\n{report}\n"));
    }
    assert_eq!(said, include_str!("unreadable.txt"));
}

#[test]
fn a_finding_shows_the_line_it_is_about() {
    let broken = GOOD.replacen("        - name: PGDATA\n", "        - nam: PGDATA\n", 1);
    let twice = broken.replacen(
        "kind: PersistentVolumeClaim\nmetadata:\n  name: data-demo-0\n",
        "kind: ConfigMap\nmetadata:\n  name: demo-config\n",
        1,
    );
    assert_eq!(whole_report(&twice), include_str!("lines.txt"));
}

#[test]
fn an_object_from_the_values_gets_the_release_s_namespace_where_its_kind_has_one() {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let text = "extraObjects: [...]\n";
    let source = sources.add("prod.yaml", SourceKind::File, text);
    let place = Place::new(source, 14, 19);
    let mut namespaces = Vec::new();
    for (api_version, kind, namespace) in [
        ("v1", "ConfigMap", None),
        ("v1", "ConfigMap", Some("other")),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", None),
        ("example.com/v1", "Thing", None),
        ("example.com/v1", "", None),
    ] {
        let mut value =
            serde_json::json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": "a" } });
        if let Some(namespace) = namespace {
            value["metadata"]["namespace"] = namespace.into();
        }
        let object = Object::from_value(value, "extraObjects", place, "plant7", &mut found);
        namespaces.push(object.map(|object| {
            assert_eq!(object.id.namespace.as_deref(), object.value["metadata"]["namespace"].as_str());
            object.id.namespace.unwrap_or_default()
        }));
    }
    let expected = ["plant7", "other", "", ""].map(|namespace| Some(namespace.to_owned()));
    assert_eq!(namespaces, [&expected[..], &[None]].concat());
    assert_eq!(
        report(&found, &sources, false),
        "error[PG0401]: this is no Kubernetes object: its `kind` is empty\n --> prod.yaml:1:15\n  |\n1 | extraObjects: [...]\n  |               \
         ^^^^^\n  |\n  = help: an object is a map with `apiVersion`, `kind` and `metadata.name`, each a text\n\nerror: 1 error\n"
    );
}

#[test]
fn objects_are_applied_in_an_order_in_which_each_finds_what_it_needs() {
    let (mut objects, ..) = parse(GOOD);
    objects.reverse();
    manifest::sort(&mut objects);
    let kinds: Vec<&str> = objects.iter().map(|object| object.id.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "NetworkPolicy",
            "PodDisruptionBudget",
            "ServiceAccount",
            "Secret",
            "ConfigMap",
            "PersistentVolumeClaim",
            "Role",
            "RoleBinding",
            "Service",
            "Deployment",
            "CronJob",
            "ServiceMonitor",
        ]
    );
}

#[test]
fn what_is_printed_is_read_back_as_it_was() {
    let (objects, ..) = parse(GOOD);
    let (again, ..) = parse(&manifest::to_stream(&objects));
    let values = |objects: &[Object]| objects.iter().map(|object| object.value.clone()).collect::<Vec<_>>();
    assert_eq!(values(&again), values(&objects));
    let list: serde_json::Value =
        serde_json::from_str(&manifest::to_json_list(&objects)).expect("it is JSON");
    assert_eq!(list["items"], serde_json::Value::from(values(&objects)));
}
