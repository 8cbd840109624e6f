//! Patches of the good manifests: what they give is written down, and is what kubectl gives.

use pgpod::diagnostics::{Place, SourceKind, report};
use pgpod::manifest::{self, Object, Patch};
use serde_json::Value;

use super::broken::GOOD;
use super::parse;
use crate::support::api_server;

/// A kind that is there once, a patch of it, and the lines that it takes away (`-`) and adds (`+`).
const CASES: &[(&str, &str, &str)] = &[
    (
        "Deployment",
        "spec: {replicas: 2, strategy: {type: RollingUpdate}}",
        "-  replicas: 1\n\
         +  replicas: 2\n\
         -    type: Recreate\n\
         +    type: RollingUpdate\n",
    ),
    (
        "Deployment",
        "metadata: {labels: {site: north, app.kubernetes.io/instance: null}, annotations: null}",
        "-    app.kubernetes.io/instance: demo\n\
         -  annotations:\n\
         -    pgpod.dev/checksum: abc\n\
         +    site: north\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {containers: [{name: exporter, image: new}]}}}",
        "-        image: quay.io/prometheuscommunity/postgres-exporter:v0.18.1\n\
         +        image: new\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {containers: [{name: exporter, $patch: delete}]}}}",
        "-      - name: exporter\n\
         -        image: quay.io/prometheuscommunity/postgres-exporter:v0.18.1\n\
         -        ports:\n\
         -        - name: metrics\n\
         -          containerPort: 9187\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {containers: [{name: first, image: a}, {name: exporter, env: [{name: A}]}]}}}",
        "+      - name: first\n\
         +        image: a\n\
         +        env:\n\
         +        - name: A\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {containers: [{name: postgresql, command: [postgres], env: [{name: TZ, value: UTC, valueFrom: null}, {name: APP_PASSWORD, valueFrom: null, value: x}, {name: PGDATA, value: /data}]}]}}}",
        "-        - sh\n\
         -        - /etc/pgpod/scripts/start\n\
         +        - postgres\n\
         +        - name: TZ\n\
         +          value: UTC\n\
         +        - name: APP_PASSWORD\n\
         +          value: x\n\
         -          value: /var/lib/postgresql/17/docker\n\
         -        - name: APP_PASSWORD\n\
         -          valueFrom:\n\
         -            secretKeyRef:\n\
         -              name: demo-auth\n\
         -              key: app-password\n\
         +          value: /data\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {volumes: [{name: data, persistentVolumeClaim: null, emptyDir: {}}]}}}",
        "-        persistentVolumeClaim:\n\
         -          claimName: data-demo-0\n\
         +        emptyDir: {}\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {volumes: [{$patch: replace}, {name: data, emptyDir: {}}]}}}",
        "-        persistentVolumeClaim:\n\
         -          claimName: data-demo-0\n\
         -      - name: config\n\
         -        configMap:\n\
         -          name: demo-config\n\
         -          defaultMode: 292\n\
         -      - name: run\n\
         -        emptyDir:\n\
         -          medium: Memory\n\
         -          sizeLimit: 16Mi\n\
         +        emptyDir: {}\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {tolerations: [{key: other, operator: Exists}]}}}",
        "-      - key: dedicated\n\
         -        operator: Equal\n\
         -        value: db\n\
         -        effect: NoSchedule\n\
         +      - key: other\n\
         +        operator: Exists\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {imagePullSecrets: [{name: registry}], securityContext: {$patch: replace, runAsUser: 70}}}}",
        "-        runAsUser: 999\n\
         -        runAsNonRoot: true\n\
         -        fsGroup: 999\n\
         -        fsGroupChangePolicy: OnRootMismatch\n\
         +        runAsUser: 70\n\
         +      imagePullSecrets:\n\
         +      - name: registry\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {securityContext: {$patch: delete}}}}",
        "-      securityContext:\n\
         -        runAsUser: 999\n\
         -        runAsNonRoot: true\n\
         -        fsGroup: 999\n\
         -        fsGroupChangePolicy: OnRootMismatch\n\
         +      securityContext: {}\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {topologySpreadConstraints: [{topologyKey: zone, maxSkew: 2}, {topologyKey: kubernetes.io/hostname, maxSkew: 3}]}}}",
        "-      - maxSkew: 1\n\
         +      - topologyKey: zone\n\
         +        maxSkew: 2\n\
         +      - maxSkew: 3\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {affinity: {nodeAffinity: {a: null, b: {c: null, d: [null]}}}}}}",
        "+      affinity:\n\
         +        nodeAffinity:\n\
         +          b:\n\
         +            d:\n\
         +            - null\n",
    ),
    (
        "Service",
        "spec: {ports: [{port: 9187, $patch: delete}, {port: 5432, nodePort: 30000}], type: NodePort}",
        "-  - name: metrics\n\
         -    port: 9187\n\
         -    targetPort: 9187\n\
         +    nodePort: 30000\n\
         +  type: NodePort\n",
    ),
    (
        "PodDisruptionBudget",
        "spec: {selector: {matchLabels: {a: b}}}",
        "-      app.kubernetes.io/instance: demo\n\
         +      a: b\n",
    ),
    (
        "ConfigMap",
        "{data: {pg_hba.conf: null, new: text}, metadata: {finalizers: [a, b]}}",
        "+  finalizers:\n\
         +  - a\n\
         +  - b\n\
         -  pg_hba.conf: \"\"\n\
         +  new: text\n",
    ),
    (
        "Role",
        "rules: [{apiGroups: [\"\"], resources: [configmaps], verbs: [get]}]",
        "-  - pods\n\
         +  - configmaps\n\
         -  - patch\n",
    ),
    (
        "Deployment",
        "spec: {template: {spec: {containers: [{name: exporter, ports: [{containerPort: 9187, protocol: TCP}, {containerPort: 80}]}]}}}",
        "+          protocol: TCP\n\
         +        - containerPort: 80\n",
    ),
];

fn patch(kind: &str, name: Option<&str>, value: &str, place: Place) -> Patch {
    Patch {
        kind: kind.to_owned(),
        name: name.map(str::to_owned),
        group: None,
        value: serde_yaml::from_str(value).expect("a test's patch is YAML"),
        place,
        written: None,
    }
}

/// The good objects after patches of a kind, and the report.
fn patched(patches: &[(&str, Option<&str>, &str)]) -> (Vec<Object>, String) {
    let (mut objects, mut sources, mut found) = parse(GOOD);
    let text: String = patches.iter().map(|(.., value)| format!("- {value}\n")).collect();
    let source = sources.add("prod.yaml", SourceKind::File, text.clone());
    let mut start = 0;
    let mut placed = Vec::new();
    for (kind, name, value) in patches {
        placed.push(patch(kind, *name, value, Place::new(source, start + 2, start + 2 + value.len())));
        start += value.len() + 3;
    }
    manifest::apply_patches(&mut objects, &placed, &mut found);
    (objects, report(&found, &sources, false))
}

fn the<'a>(kind: &str, objects: &'a [Object]) -> &'a Object {
    objects.iter().find(|object| object.id.kind == kind).expect("the good manifests have the kind")
}

fn difference(kind: &str, objects: &[Object]) -> String {
    let (good, ..) = parse(GOOD);
    let (before, after) =
        (manifest::to_stream([the(kind, &good)]), manifest::to_stream([the(kind, objects)]));
    let lines = similar::TextDiff::from_lines(&before, &after);
    let changed = lines.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
    changed.map(|change| format!("{}{}", change.tag(), change.value())).collect()
}

#[test]
fn a_patch_changes_exactly_what_it_says() {
    for (kind, value, expected) in CASES {
        let (objects, said) = patched(&[(kind, None, value)]);
        assert_eq!(said, "", "{value}");
        assert_eq!(difference(kind, &objects), *expected, "{value}");
    }
}

/// kubectl leaves nulls in what a patch adds; the server reads them as absent.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[test]
fn a_patch_gives_what_kubectl_gives() {
    let Some(kubectl) = api_server() else { return };
    let (good, ..) = parse(GOOD);
    for (kind, value, _) in CASES {
        let (objects, _) = patched(&[(kind, None, value)]);
        let json: Value = serde_yaml::from_str(value).expect("a test's patch is YAML");
        let patch = json.to_string();
        let args = ["patch", "--local", "--type", "strategic", "-o", "json", "-p", &patch, "-f", "-"];
        let ran = kubectl.run(&args, &manifest::to_stream([the(kind, &good)]));
        assert_eq!(ran.status, 0, "{value}: {}", ran.stderr);
        let mut theirs: Value = serde_json::from_str(&ran.stdout).expect("kubectl writes JSON");
        drop_nulls(&mut theirs);
        let ours = the(kind, &objects).value.clone();
        assert_eq!(ours, theirs, "{value}");
    }
}

/// Kind, name and patch; title and remedy of what is said.
const REFUSED: &[(&str, Option<&str>, &str, &str, &str)] = &[
    (
        "Deployment",
        Some("demmo"),
        "{}",
        "the patch hits nothing: there is no Deployment `demmo`",
        "did you mean `demo`?",
    ),
    (
        "Deploymnt",
        None,
        "{}",
        "the patch hits nothing: there is no Deploymnt of any name",
        "did you mean `Deployment`?",
    ),
    (
        "Ingress",
        None,
        "{}",
        "the patch hits nothing: there is no Ingress of any name",
        "known here: ServiceAccount, Secret, ConfigMap, PersistentVolumeClaim, Role, RoleBinding, Service, Deployment, PodDisruptionBudget, CronJob, NetworkPolicy, ServiceMonitor",
    ),
    (
        "Deployment",
        None,
        "[1]",
        "the patch of Deployment `demo`: it is not a map",
        "write the fields to change, as they stand in the object",
    ),
    (
        "Deployment",
        None,
        "metadata: {name: other}",
        "the patch of Deployment `demo` changes what the object is",
        "remove them from the patch; a new object goes into `extraObjects`",
    ),
    (
        "Deployment",
        None,
        "metadata: {namespace: null}",
        "the patch of Deployment `demo` changes what the object is",
        "remove them from the patch; a new object goes into `extraObjects`",
    ),
    (
        "Deployment",
        None,
        "{$patch: replace, a: b}",
        "the patch of Deployment `demo`: it has `$patch` at its top",
        "only `$patch: delete` can stand there",
    ),
    (
        "Deployment",
        None,
        "spec: {$retainKeys: [a]}",
        "the patch of Deployment `demo`: `$retainKeys` is not supported",
        "use `$patch: delete` or `$patch: replace`, or `null` to drop a field",
    ),
    (
        "Deployment",
        None,
        "spec: {template: {spec: {$setElementOrder/containers: []}}}",
        "the patch of Deployment `demo`: `$setElementOrder/containers` is not supported",
        "use `$patch: delete` or `$patch: replace`, or `null` to drop a field",
    ),
    (
        "Deployment",
        None,
        "spec: {template: {spec: {containers: [{image: a}]}}}",
        "the patch of Deployment `demo`: an item of `containers` has no `name`",
        "state `name`: it tells which item is meant",
    ),
    (
        "Deployment",
        None,
        "spec: {template: {spec: {containers: [{$patch: drop, name: a}]}}}",
        "the patch of Deployment `demo`: `$patch` is neither `delete` nor `replace`",
        "use one of the two",
    ),
];

#[test]
fn a_patch_that_cannot_be_right_is_refused_at_its_place_and_changes_nothing() {
    let (good, ..) = parse(GOOD);
    for (kind, name, value, title, help) in REFUSED {
        let (objects, said) = patched(&[("Service", None, "{}"), (kind, *name, value)]);
        let carets = "^".repeat(value.len());
        let code = if title.contains("hits nothing") && name.is_some() { "PG0451" } else { "PG0450" };
        assert!(
            said.starts_with(&format!(
                "error[{code}]: {title}\n --> prod.yaml:2:3\n  |\n2 | - {value}\n  |   {carets}\n"
            )),
            "{said}"
        );
        assert!(said.ends_with(&format!("  = help: {help}\n\nerror: 1 error\n")), "{said}");
        assert_eq!(objects, good, "{value}");
    }
}

#[test]
fn a_patch_can_remove_an_object_and_hit_every_one_of_a_kind() {
    let label = "metadata: {labels: {site: north}}";
    let (objects, said) = patched(&[
        ("CronJob", None, "$patch: delete"),
        ("Service", Some("demo"), label),
        ("Role", None, label),
        ("Role", None, "metadata: {labels: {site: south}}"),
    ]);
    assert_eq!(said, "");
    let sites: Vec<String> = objects
        .iter()
        .filter_map(|object| {
            Some(format!("{} {}", object.id, object.value.pointer("/metadata/labels/site")?))
        })
        .collect();
    assert_eq!(sites, ["Role `demo` \"south\"", "Service `demo` \"north\""]);
    assert!(objects.iter().all(|object| object.id.kind != "CronJob"));
}

#[test]
fn items_stand_where_kubectl_puts_them() {
    for (containers, expected) in [
        ("{name: first, image: a}", ["first", "postgresql", "exporter"]),
        ("{name: exporter}, {name: first, image: a}", ["postgresql", "exporter", "first"]),
        ("{name: exporter}, {name: postgresql}, {name: first}", ["exporter", "postgresql", "first"]),
    ] {
        let value = format!("spec: {{template: {{spec: {{containers: [{containers}]}}}}}}");
        let (objects, _) = patched(&[("Deployment", None, &value)]);
        let items = the("Deployment", &objects).value.pointer("/spec/template/spec/containers");
        let items = items.and_then(Value::as_array).expect("it has containers");
        let names: Vec<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
        assert_eq!(names, expected, "{containers}");
        // What kubectl says of the same patches, by its own.
        let Some(kubectl) = api_server() else { continue };
        let (good, ..) = parse(GOOD);
        let json: Value = serde_yaml::from_str(&value).expect("a test's patch is YAML");
        let patch = json.to_string();
        let path = "jsonpath={.spec.template.spec.containers[*].name}";
        let args = ["patch", "--local", "--type", "strategic", "-o", path, "-p", &patch, "-f", "-"];
        let ran = kubectl.run(&args, &manifest::to_stream([the("Deployment", &good)]));
        assert_eq!(ran.stdout, expected.join(" "), "{}", ran.stderr);
    }
}
