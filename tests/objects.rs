//! What holds for every object of a release, whatever the values say, and what a change of values restarts.

use serde_json::Value as Json;

use crate::support::{named, rendered, yaml};

const VALUES: &str = "
commonLabels: {example.com/line: '4'}
persistence: {wal: {enabled: true}}
security: {tls: {enabled: true}}
postgresql: {auth: {postgresPassword: a1, password: b2, readOnlyPassword: c3, replicationPassword: d4}}
";

/// The same with several servers.
fn several() -> String {
    format!(
        "{VALUES}\ndeploymentMode: ha\nhighAvailability: {{replicas: 3, synchronous: {{enabled: true}}}}\n"
    )
}

const SELECTOR: [&str; 3] =
    ["app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/name"];
const VERSION: &str = "app.kubernetes.io/version";

fn objects(values: &str) -> Vec<Json> {
    rendered(&yaml(values)).unwrap_or_else(|report| panic!("{report}")).objects()
}

fn keys(map: &Json) -> Vec<&str> {
    map.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

#[test]
fn every_object_is_found_again_and_knows_its_namespace() {
    for object in [objects(VALUES), objects(&several())].concat() {
        let (kind, metadata) = (object["kind"].as_str().unwrap_or_default(), &object["metadata"]);
        let what = format!("{kind} {}", metadata["name"]);
        let namespace = if kind == "Namespace" { Json::Null } else { Json::from("plant7") };
        assert_eq!(metadata["namespace"], namespace, "{what}");
        assert_eq!(metadata["labels"]["app.kubernetes.io/instance"], "demo", "{what}");
        assert_eq!(metadata["labels"]["app.kubernetes.io/managed-by"], "pgpod", "{what}");
        assert_eq!(metadata["labels"]["example.com/line"], "4", "{what}");
        let name = metadata["name"].as_str().unwrap_or_default();
        assert!(
            name == "plant7" || name.split('-').any(|part| part == "demo"),
            "{what} is not called after it"
        );
    }
}

/// What a selector may have beside the labels that never change: what Kubernetes and the container `role` put on a pod.
const OF_THE_POD: [&str; 2] = ["pgpod/role", "statefulset.kubernetes.io/pod-name"];

#[test]
fn nothing_that_cannot_change_has_a_label_that_does() {
    for (objects, kind) in [(objects(VALUES), "Deployment"), (objects(&several()), "StatefulSet")] {
        let workload = &named(&objects, kind, "demo")["spec"];
        assert_eq!(keys(&workload["selector"]["matchLabels"]), SELECTOR);
        assert!(!keys(&workload["template"]["metadata"]["labels"]).contains(&VERSION));
        for object in &objects {
            if object["kind"] == "Service" {
                let mut selector = object["spec"]["selector"].as_object().cloned().unwrap_or_default();
                selector.retain(|label, _| !OF_THE_POD.contains(&label.as_str()));
                assert_eq!(selector.keys().collect::<Vec<_>>(), SELECTOR);
                for (label, value) in &selector {
                    assert_eq!(&workload["template"]["metadata"]["labels"][label], value);
                }
            }
            if object["kind"] == "PersistentVolumeClaim" {
                assert!(!keys(&object["metadata"]["labels"]).contains(&VERSION));
            }
        }
        for claim in workload["volumeClaimTemplates"].as_array().into_iter().flatten() {
            let labels = keys(&claim["metadata"]["labels"]);
            assert!(labels.iter().all(|label| label.starts_with("app.kubernetes.io/")), "{labels:?}");
            assert!(!labels.contains(&VERSION));
        }
    }
}

#[test]
fn what_holds_data_is_kept_when_the_release_goes() {
    let objects = objects(VALUES);
    for (kind, name) in [
        ("PersistentVolumeClaim", "data-demo-0"),
        ("PersistentVolumeClaim", "wal-demo-0"),
        ("Secret", "demo-auth"),
        ("Namespace", "plant7"),
    ] {
        let annotations = &named(&objects, kind, name)["metadata"]["annotations"];
        assert_eq!(annotations["helm.sh/resource-policy"], "keep", "{kind} {name}");
        assert_eq!(annotations["argocd.argoproj.io/sync-options"], "Prune=false", "{kind} {name}");
        assert_eq!(annotations["kustomize.toolkit.fluxcd.io/prune"], "disabled", "{kind} {name}");
    }
}

#[test]
fn the_pod_has_no_token_and_time_to_start_and_to_stop() {
    let objects = objects(VALUES);
    let pod = &named(&objects, "Deployment", "demo")["spec"]["template"]["spec"];
    assert_eq!(pod["automountServiceAccountToken"], false);
    assert_eq!(named(&objects, "ServiceAccount", "demo")["automountServiceAccountToken"], false);
    let startup = &pod["containers"][0]["startupProbe"];
    let patience = startup["periodSeconds"].as_u64().zip(startup["failureThreshold"].as_u64());
    assert!(patience.is_some_and(|(period, times)| period * times >= 3600), "{startup}");
    assert!(pod["terminationGracePeriodSeconds"].as_u64().is_some_and(|seconds| seconds >= 120));
    for container in pod["containers"].as_array().into_iter().flatten() {
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true, "{}", container["name"]);
    }
}

#[test]
fn no_password_is_anywhere_but_in_its_secret() {
    let password = "hunter2-hunter2";
    let values = "{postgresql: {auth: {postgresPassword: hunter2-hunter2, password: b2, readOnlyPassword: c3, replicationPassword: d4}}}";
    let objects = objects(values);
    let holders: Vec<_> = objects.iter().filter(|object| object.to_string().contains(password)).collect();
    assert_eq!(holders, [named(&objects, "Secret", "demo-auth")]);
}

/// A pod restarts when its template changes: only what the server can't take while it runs may do that.
#[test]
fn only_what_needs_a_restart_changes_the_pod() {
    let pod = |values: &str| named(&objects(values), "Deployment", "demo")["spec"]["template"].clone();
    let before = pod("{}");
    for (values, restarts) in [
        ("postgresql: {config: {work_mem: 5MB}}", false),
        ("postgresql: {config: {log_statement: all}}", false),
        ("postgresql: {config: {pg_stat_statements.track: all}}", false),
        ("postgresql: {databases: [{name: another}]}", false),
        ("postgresql: {hba: [{type: host, address: 10.0.0.0/8, method: reject}]}", false),
        ("postgresql: {auth: {username: another}}", false),
        (
            "postgresql: {initScripts: [{name: a.sql, database: audit_trail, run: once, sql: SELECT 1}]}",
            false,
        ),
        ("commonAnnotations: {}", false),
        ("service: {port: 5433}", false),
        ("postgresql: {config: {max_connections: 90}}", true),
        ("postgresql: {config: {pg_stat_statements.max: 9000}}", true),
        ("postgresql: {extensions: {pgStatStatements: {enabled: false}}}", true),
        ("postgresql: {version: 16}", true),
        ("podLabels: {a: b}", true),
    ] {
        assert_eq!(pod(values) != before, restarts, "{values}");
    }
}
