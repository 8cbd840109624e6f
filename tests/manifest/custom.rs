//! Custom resources with one mistake each, what is said about it, and what a real API server says that has been told of
//! their kinds.

use serde_json::{Map, Value, json};

use super::{findings, parse, whole_report};
use crate::support::api_server;

const GOOD: &str = include_str!("custom.yaml");

/// Edits of [`GOOD`]: what becomes what.
const EDITS: [(&str, &str); 28] = [
    ("secretName: demo-tls", "secretname: demo-tls"),
    ("    name: plant-ca\n", "    nme: plant-ca\n"),
    ("duration: 2160h", "duration: 90"),
    ("server auth", "server-auth"),
    ("algorithm: ECDSA", "algorithm: ecdsa"),
    ("size: 256", "size: \"256\""),
    ("      create: true\n", ""),
    ("dnsNames:\n    - demo.plant7.svc\n", "dnsNames:\n    name: demo.plant7.svc\n  uris:\n"),
    ("sampleLimit: 5000", "sampleLimit: -1"),
    ("bodySizeLimit: 10MiB", "bodySizeLimit: 10Mi"),
    ("BucketFactor: \"1.1\"", "BucketFactor: little"),
    ("    matchLabels:\n", "    matchlabels:\n"),
    ("{key: tier, operator", "{kye: tier, operator"),
    ("scheme: https", "scheme: Https"),
    ("interval: 30s", "interval: 30 seconds"),
    ("interval: 30s", "intervall: 30s"),
    ("honorLabels: true", "honorLabels: \"true\""),
    ("collect: [bgwriter, replication]", "collect: bgwriter"),
    ("minVersion: TLS12", "minVersion: TLSv1.2"),
    ("action: drop", "action: dropp"),
    ("proxyUrl: http://", "proxyUrl: admin:geheim@"),
    ("portNumber: 9187", "portNumber: 91870"),
    ("tokenUrl: https://", "tokenUrl: ftp://"),
    ("  selector: {}\n", ""),
    ("    - name: demo\n      interval", "    - name: \"\"\n      interval"),
    ("expr: pg_up == 0", "exp: pg_up == 0"),
    ("partial_response_strategy: warn", "partial_response_strategy: ignore"),
    ("cert-manager.io/v1\n", "cert-manager.io/v1alpha2\n"),
];

fn broken(edit: (&str, &str)) -> String {
    assert!(GOOD.contains(edit.0), "custom.yaml lost {:?}", edit.0);
    GOOD.replacen(edit.0, edit.1, 1)
}

#[test]
fn plausible_custom_resources_have_no_findings() {
    assert_eq!(whole_report(GOOD), "");
}

#[test]
fn a_secret_that_a_certificate_makes_is_there_for_pods_of_its_namespace() {
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: plant7}\nspec:\n  containers: [{name: a, image: a, \
               env: [{name: A, valueFrom: {secretKeyRef: {name: demo-tls, key: tls.crt}}}]}]\n";
    let said = |text: &str| -> Vec<String> {
        let found = findings(text).into_iter().map(|(title, _)| title);
        found.filter(|title| title.contains("Secret")).collect()
    };
    assert_eq!(said(&format!("{GOOD}{pod}")), Vec::<String>::new());
    let elsewhere = pod.replace("plant7", "plant8");
    let missing = "Pod `web`: it names the Secret `demo-tls`, which is not there";
    assert_eq!(said(&format!("{GOOD}{elsewhere}")), [missing]);
}

#[test]
fn every_broken_custom_resource_gives_exactly_its_findings() {
    let mut said = String::new();
    for edit in EDITS {
        said.push_str(&format!("{:?} became {:?}\n", edit.0, edit.1));
        let found = findings(&broken(edit));
        said.extend(found.iter().map(|(title, help)| format!("  {title}\n    = {help}\n")));
    }
    assert_eq!(said, include_str!("custom.txt"));
}

/// The schema takes any text, and cert-manager does not.
#[test]
fn a_certificate_s_durations_are_in_hours_and_its_secret_has_a_name() {
    for (from, to, title, help) in [
        (
            "duration: 2160h",
            "duration: 90d",
            "`spec.duration` is `90d`, which is no duration",
            "write `2160h`",
        ),
        (
            "renewBefore: 360h",
            "renewBefore: 1 w",
            "`spec.renewBefore` is `1 w`, which is no duration",
            "write `2160h`",
        ),
        (
            "renewBefore: 360h",
            "renewBefore: 2w",
            "`spec.renewBefore` is `2w`, which is no duration",
            "write `336h`",
        ),
    ] {
        let said = findings(&broken((from, to)));
        let expected =
            (format!("Certificate `demo`: {title}"), format!("hours are the largest unit: {help}"));
        assert_eq!(said, [expected]);
    }
    let said = findings(&broken(("secretName: demo-tls", "secretName: ''")));
    let expected =
        ("Certificate `demo`: `spec.secretName` is empty", "name the Secret that the certificate goes into");
    assert_eq!(said, [(expected.0.to_owned(), expected.1.to_owned())]);
    assert_eq!(findings(&broken(("duration: 2160h", "duration: 2160h0m0s"))), []);
}

/// The server judges by definitions made of the same table, so it is the reading of the table that is compared; that the
/// table is what the operators say is another test (`the_schemas_of_custom_resources_are_what_the_operators_say`).
#[test]
fn an_api_server_that_knows_the_kinds_says_the_same() {
    let Some(kubectl) = api_server() else { return };
    let definitions: Vec<Value> =
        include_str!("../../data/kubernetes/custom.txt").lines().map(definition).collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": definitions}).to_string();
    let made = kubectl.run(&["apply", "--server-side", "-f", "-"], &list);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let wait = kubectl.run(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"], "");
    assert_eq!(wait.status, 0, "{}", wait.stderr);
    let dry_run = |text: &str| kubectl.dry_run(&text.replace("namespace: plant7", "namespace: default"));
    let good = dry_run(GOOD);
    assert!(good.is_ok(), "{good:?}");
    let (good, ..) = parse(GOOD);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (number, edit) in EDITS.into_iter().enumerate() {
        let (objects, ..) = parse(&broken(edit));
        let touched =
            objects.into_iter().filter(|object| good.iter().all(|other| other.value != object.value));
        for mut object in touched {
            object.value["metadata"]["name"] = format!("broken-{number}").into();
            let of_an_old_version = object.id.api_version.ends_with("v1alpha2");
            if of_an_old_version { &mut unknown } else { &mut known }.push(object);
        }
    }
    // All in one call: what the server takes, it names.
    let said = dry_run(&pgpod::manifest::to_stream(&known)).expect_err("they are broken");
    assert!(!said.contains("dry run)"), "{said}");
    assert_eq!(
        said.lines().filter(|line| line.starts_with("Error from server") || line.starts_with("The ")).count(),
        known.len(),
        "{said}"
    );
    let said = dry_run(&pgpod::manifest::to_stream(&unknown)).expect_err("there is no such version");
    assert!(
        said.contains("no matches for kind \"Certificate\" in version \"cert-manager.io/v1alpha2\""),
        "{said}"
    );
}

/// A line of the table as the object that tells an API server of the kind.
fn definition(line: &str) -> Value {
    let (name, schema) = line.split_once('\t').expect("a tab");
    let (group, kind) = name.rsplit_once('.').expect("a kind");
    let (group, version) = group.rsplit_once('.').expect("a version");
    let group: Vec<&str> = group.rsplit('.').collect();
    let (group, plural) = (group.join("."), format!("{}s", kind.to_lowercase()));
    let mut schema: Value = serde_json::from_str(schema).expect("it is JSON");
    open(&mut schema);
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{group}")},
        "spec": {
            "group": group, "scope": "Namespaced", "names": {"kind": kind, "plural": plural},
            "versions": [{"name": version, "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    })
}

/// Turns a schema of the table into one that stands alone.
fn open(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(Value::Object(limits)) = map.remove("limits") {
        map.extend(limits);
    }
    if let Some(reference) = map.remove("$ref") {
        let open = if reference.as_str().is_some_and(|name| name.ends_with("Quantity")) {
            // As in the operator's own definition.
            json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}], "pattern": QUANTITY})
        } else {
            json!({"type": "object"})
        };
        map.extend(open.as_object().cloned().unwrap_or_else(Map::new));
    }
    for (key, member) in map.iter_mut() {
        match (key.as_str(), member) {
            ("properties", Value::Object(fields)) => fields.values_mut().for_each(open),
            ("items" | "additionalProperties", inner) => open(inner),
            _ => {}
        }
    }
}

const QUANTITY: &str = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";
