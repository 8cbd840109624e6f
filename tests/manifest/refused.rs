//! Small manifests that an API server refuses for what they say: each is refused offline too. A real one is asked the same.

use pgpod::diagnostics::{Diagnostics, Severity, SourceKind, Sources, report};
use pgpod::manifest::{self, Demands, Object};

use crate::support::api_server;

const DEMANDS: Demands<'_> = Demands { version: 36, ..Demands::PART };

/// Somebody's manifests.
fn read(text: &str) -> (Vec<Object>, Sources, Diagnostics) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add("x.yaml", SourceKind::File, text);
    let objects = manifest::read(source, &mut sources, &mut found);
    (objects, sources, found)
}

/// The errors in somebody's manifests.
pub(super) fn errors(text: &str) -> (usize, String) {
    errors_in(text, DEMANDS.version)
}

fn errors_in(text: &str, version: u32) -> (usize, String) {
    let (objects, sources, mut found) = read(text);
    manifest::check(&objects, &Demands { version, ..DEMANDS }, &sources, &mut found);
    (found.count(Severity::Error), report(&found, &sources, false))
}

/// A pod, as the rest of its `spec`.
pub(super) fn pod(rest: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {rest}\n")
}

/// Manifests, one a line, after what becomes of each: `taken` by a server and here, `refused` by both, `late`: by the server
/// alone. Below each stands what is said of it.
const JUDGED: &str = include_str!("judged.txt");

/// The rows of [`JUDGED`]: what becomes of a manifest, and its text.
fn judged() -> impl Iterator<Item = (&'static str, &'static str)> {
    JUDGED.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_once(' '))
}

#[test]
fn of_each_manifest_is_said_what_is_wrong_with_it() {
    let mut said = String::new();
    for (verdict, text) in judged() {
        let (objects, sources, mut found) = read(text);
        manifest::check(&objects, &DEMANDS, &sources, &mut found);
        let refused = found.count(Severity::Error) > 0;
        assert_eq!(refused, verdict == "refused", "{text}\n{}", report(&found, &sources, false));
        said.push_str(&format!("{verdict} {text}\n"));
        for finding in found.into_sorted() {
            let (code, help) = (finding.code, finding.help.unwrap_or_default());
            let word = if finding.severity == Severity::Error { "" } else { "warning " };
            said.push_str(&format!("  {word}{code} {}; {help}\n", finding.title));
        }
    }
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/manifest/judged.txt");
        std::fs::write(file, &said).expect("the file is writable");
    } else {
        assert!(said == JUDGED, "BLESS=1 cargo test of_each_manifest writes what is said now");
    }
}

/// All in one request: `kubectl` tells which objects were taken.
#[test]
fn a_real_server_judges_the_same() {
    let Some(kubectl) = api_server() else { return };
    let rows: Vec<_> = judged().collect();
    let named =
        |(at, (_, text)): (usize, &(&str, &str))| text.replacen("{name: a", &format!("{{name: row-{at}"), 1);
    let stream: Vec<String> = rows.iter().enumerate().map(named).collect();
    let said = kubectl.dry_run(&stream.join("\n---\n")).unwrap_or_else(|said| said);
    let others = rows.iter().enumerate().filter(|(at, (verdict, _))| {
        let taken = said.contains(&format!("/row-{at} created (server dry run)"));
        taken != (*verdict == "taken")
    });
    let others: Vec<_> = others.collect();
    assert!(others.is_empty(), "{others:#?}\n{said}");
}

/// Manifests that look wrong: kinds of other groups that are called as Kubernetes' own, what has defaults, what may be in
/// the cluster, and kinds that are misspelt.
const LOOKS_WRONG: &str = include_str!("looks_wrong.yaml");

#[test]
fn what_only_looks_wrong_is_no_error_and_a_misspelt_kind_is_one() {
    let (_, at_1_36) = errors_in(LOOKS_WRONG, 36);
    assert_eq!(at_1_36, include_str!("looks_wrong.txt"));
    let (_, at_1_35) = errors_in(LOOKS_WRONG, 35);
    assert!(at_1_35.contains("Service `1db`: `metadata.name` is no name"), "{at_1_35}");
}

/// How long it takes is `benches/validate`'s to say.
#[test]
fn among_thousands_of_items_and_of_objects_the_wrong_ones_are_named() {
    let all = |number: u32, of: &dyn Fn(u32) -> String| (0..number).map(of).collect::<String>();
    let gates = all(20_000, &|at| format!("{{name: a.b/g{at}}}, "));
    let services = all(1_500, &|at| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{at}}}\nspec: {{selector: {{app: a{at}}}, ports: [{{port: 80, \
             targetPort: http}}]}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, labels: {{app: a{at}}}}}\nspec: \
             {{containers: [{{name: a, image: a, ports: [{{name: {}, containerPort: 80}}]}}]}}\n",
            if at == 1_400 { "htpp" } else { "http" }
        )
    });
    let gated =
        format!("{{schedulingGates: [{gates}{{name: a.b/g7}}], containers: [{{name: a, image: a}}]}}");
    let (objects, sources, mut found) = read(&format!("{}{services}", pod(&gated)));
    manifest::check(&objects, &DEMANDS, &sources, &mut found);
    let titles: Vec<String> = found.into_sorted().into_iter().map(|finding| finding.title).collect();
    assert_eq!(
        titles,
        [
            "Pod `a`: `spec.schedulingGates` has two with `name: a.b/g7`",
            "Service `s1400`: no container of its pods has a port named `http`",
        ]
    );
}

#[test]
fn what_is_the_cluster_s_is_the_same_object_whatever_namespace_it_states() {
    let role = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a, namespace: {namespace}}}\n"
        )
    };
    let (errors, report) = errors(&format!("{}---\n{}", role("a"), role("b")));
    assert!(errors == 1 && report.contains("error[PG0412]: ClusterRole `a`: it is there twice"), "{report}");
}

/// A Service whose pods may be anywhere, and an Ingress that sends to it and to another one.
const INGRESS: &str = "apiVersion: v1
kind: Service
metadata: {name: db}
spec: {ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9187, targetPort: exporter}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec:
  defaultBackend: {service: {name: elsewhere, port: {name: anything}}}
  rules: [{http: {paths: [{pathType: Prefix, path: /, backend: {service: {name: db, port: PORT}}}]}}]
";

#[test]
fn the_ports_of_an_ingress_are_those_of_its_service() {
    for taken in ["{name: http}", "{number: 80}", "{number: 8080}", "{name: exporter}"] {
        assert_eq!(errors(&INGRESS.replace("PORT", taken)), (0, String::new()), "{taken}");
    }
    for (port, title, help) in [
        ("{name: htpp}", "`htpp`", "did you mean `http`?"),
        ("{number: 8081}", "`8081`", "known here: 80, 9187"),
    ] {
        let (errors, report) = errors(&INGRESS.replace("PORT", port));
        let finding = format!("error[PG0432]: Ingress `a`: the Service `db` has no port {title}\n");
        assert!(errors == 1 && report.contains(&finding) && report.contains(help), "{report}");
    }
}
