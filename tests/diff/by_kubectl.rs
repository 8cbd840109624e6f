//! What the diff says of a change, and what kubectl and the API server then do with it.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::consequences::{merge, object, said};
use super::lines;
use super::live::Release;
use crate::support::api_server;

/// An object of an API version and a kind, a change of it where a null takes a field away, and whether the API server
/// takes it.
type Row = (&'static str, &'static str, Json, Json, bool);

fn spec(field: &str, value: &Json) -> Json {
    json!({ "spec": { field: value } })
}

fn with(base: &Json, more: &Json) -> Json {
    let mut both = base.clone();
    merge(&mut both, more);
    both
}

#[rustfmt::skip]
fn pods() -> Vec<Row> {
    let template = |app: &str| json!({"metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}});
    let daemons = |app: &str| json!({"spec": {"selector": {"matchLabels": {"app": app}}, "template": template(app)}});
    let set = json!({"spec": {"serviceName": "demo", "replicas": 2, "selector": {"matchLabels": {"app": "a"}}, "template": template("a")}});
    let job = json!({"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i:1"}]}}}});
    let pod = |more: &Json| json!({"spec": {"containers": [with(&json!({"name": "c", "image": "i:1", "command": ["a"]}), more)]}});
    let paused = with(&job, &json!({"spec": {"suspend": true}}));
    let paused_by = |template: &Json| json!({"spec": {"template": template}});
    let nodes = json!({"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}]}});
    let apart = json!({"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"a": "b"}}}]});
    let indexed = with(&job, &json!({"spec": {"completionMode": "Indexed", "completions": 2, "parallelism": 2}}));
    let gated = with(&pod(&json!({})), &spec("schedulingGates", &json!([{"name": "example.com/a"}, {"name": "example.com/b"}])));
    let replicas = |app: &str| json!({"spec": {"replicas": 0, "selector": {"matchLabels": {"app": app}}, "template": template(app)}});
    vec![
        ("apps/v1", "ReplicaSet", replicas("a"), replicas("b"), false),
        ("apps/v1", "DaemonSet", daemons("a"), daemons("b"), false),
        ("apps/v1", "DaemonSet", daemons("a"), spec("updateStrategy", &json!({"type": "OnDelete"})), true),
        ("apps/v1", "StatefulSet", set.clone(), spec("ordinals", &json!({"start": 1})), true),
        ("apps/v1", "StatefulSet", set.clone(), spec("updateStrategy", &json!({"type": "OnDelete"})), false),
        ("apps/v1", "StatefulSet", set, spec("serviceName", &Json::Null), false),
        ("batch/v1", "Job", job.clone(), spec("backoffLimit", &json!(2)), true),
        ("batch/v1", "Job", job.clone(), spec("ttlSecondsAfterFinished", &json!(9)), true),
        ("batch/v1", "Job", job.clone(), spec("activeDeadlineSeconds", &json!(9)), true),
        ("batch/v1", "Job", job.clone(), spec("completions", &json!(2)), false),
        ("batch/v1", "Job", job, json!({"spec": {"template": {"spec": {"restartPolicy": "OnFailure"}}}}), false),
        ("batch/v1", "Job", paused.clone(), paused_by(&json!({"metadata": {"labels": {"a": "b"}}})), true),
        ("batch/v1", "Job", paused.clone(), paused_by(&json!({"spec": {"nodeSelector": {"a": "b"}}})), true),
        ("batch/v1", "Job", paused.clone(), paused_by(&json!({"spec": {"affinity": {"nodeAffinity": nodes}}})), true),
        ("batch/v1", "Job", paused.clone(), paused_by(&json!({"spec": {"affinity": {"podAntiAffinity": apart}}})), false),
        ("batch/v1", "Job", paused, paused_by(&json!({"spec": {"restartPolicy": "OnFailure"}})), false),
        ("batch/v1", "Job", indexed.clone(), json!({"spec": {"completions": 3, "parallelism": 3}}), true),
        ("batch/v1", "Job", indexed, json!({"spec": {"completions": 3}}), false),
        ("v1", "Pod", gated.clone(), spec("schedulingGates", &json!([{"name": "example.com/a"}])), true),
        ("v1", "Pod", gated.clone(), spec("schedulingGates", &Json::Null), true),
        ("v1", "Pod", gated, spec("schedulingGates", &json!([{"name": "example.com/c"}])), false),
        ("v1", "Pod", pod(&json!({})), pod(&json!({"command": ["b"]})), false),
        ("v1", "Pod", pod(&json!({})), pod(&json!({"command": null})), false),
        ("v1", "Pod", pod(&json!({})), pod(&json!({"image": "i:2"})), true),
        ("v1", "Pod", pod(&json!({})), spec("activeDeadlineSeconds", &json!(9)), true),
    ]
}

#[rustfmt::skip]
fn others() -> Vec<Row> {
    let class = json!({"provisioner": "example.com/none", "parameters": {"a": "b"}});
    let service = |more: &Json| json!({"spec": with(&json!({"ports": [{"port": 1}]}), more)});
    let balancer = service(&json!({"type": "LoadBalancer", "loadBalancerClass": "example.com/a"}));
    let claim = |field: &str, value: &str| json!({"spec": {field: value, "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}});
    let map = json!({"data": {"a": "b"}, "immutable": true});
    let none = &Json::Null;
    let nodes = |key: &str| json!({"required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": key, "operator": "Exists"}]}]}});
    let volume = json!({"spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "csi": {"driver": "example.com", "volumeHandle": "a"}, "nodeAffinity": nodes("a")}});
    vec![
        ("storage.k8s.io/v1", "StorageClass", class.clone(), json!({"reclaimPolicy": "Retain"}), false),
        ("storage.k8s.io/v1", "StorageClass", class.clone(), json!({"volumeBindingMode": "WaitForFirstConsumer"}), false),
        ("storage.k8s.io/v1", "StorageClass", class.clone(), json!({"parameters": null}), false),
        ("storage.k8s.io/v1", "StorageClass", class, json!({"allowVolumeExpansion": true}), true),
        ("scheduling.k8s.io/v1", "PriorityClass", json!({"value": 1}), json!({"preemptionPolicy": "Never"}), false),
        ("scheduling.k8s.io/v1", "PriorityClass", json!({"value": 1}), json!({"description": "a"}), true),
        ("v1", "Service", balancer.clone(), spec("loadBalancerClass", &json!("example.com/b")), false),
        ("v1", "Service", balancer, spec("loadBalancerClass", none), false),
        ("v1", "Service", service(&json!({"ipFamilies": ["IPv4"]})), spec("ipFamilies", &json!(["IPv6"])), false),
        // Of addresses that are stated: others come from the end of the range.
        ("v1", "Service", service(&json!({"clusterIP": "10.0.0.14"})), spec("clusterIP", none), true),
        ("v1", "Service", service(&json!({"clusterIP": "None"})), spec("clusterIP", &json!("10.0.0.15")), false),
        ("v1", "Service", service(&json!({"type": "NodePort", "ports": [{"port": 1, "nodePort": 30501}]})), spec("ports", &json!([{"port": 1}])), true),
        ("v1", "PersistentVolumeClaim", claim("storageClassName", "fast"), spec("storageClassName", none), false),
        ("v1", "PersistentVolumeClaim", claim("volumeName", "one"), spec("volumeName", none), false),
        ("v1", "PersistentVolumeClaim", claim("storageClassName", "fast"), spec("volumeName", &json!("one")), true),
        ("v1", "Service", service(&json!({"type": "NodePort", "ports": [{"port": 1, "nodePort": 30998}]})), json!({"spec": {"type": null, "ports": [{"port": 1}]}}), true),
        ("v1", "Service", json!({"spec": {"type": "ExternalName", "externalName": "example.com"}}), json!({"spec": {"type": null, "externalName": null, "clusterIP": "None", "ports": [{"port": 1}]}}), true),
        ("v1", "PersistentVolume", volume.clone(), json!({"spec": {"csi": {"volumeHandle": "b"}}}), false),
        ("v1", "PersistentVolume", volume.clone(), spec("volumeMode", &json!("Block")), false),
        ("v1", "PersistentVolume", volume.clone(), spec("nodeAffinity", &nodes("b")), false),
        ("v1", "PersistentVolume", volume.clone(), spec("persistentVolumeReclaimPolicy", &json!("Retain")), true),
        ("v1", "PersistentVolume", volume, json!({"spec": {"csi": {"controllerExpandSecretRef": {"name": "a", "namespace": "b"}}}}), true),
        ("v1", "ResourceQuota", spec("scopes", &json!(["BestEffort"])), spec("scopes", &json!(["NotBestEffort"])), false),
        ("networking.k8s.io/v1", "IngressClass", spec("controller", &json!("example.com/a")), spec("controller", &json!("example.com/b")), false),
        ("node.k8s.io/v1", "RuntimeClass", json!({"handler": "a"}), json!({"handler": "b"}), false),
        ("discovery.k8s.io/v1", "EndpointSlice", json!({"addressType": "IPv4", "endpoints": []}), json!({"addressType": "IPv6"}), false),
        ("v1", "ConfigMap", json!({"binaryData": {"a": "AAAA"}, "immutable": true}), json!({"binaryData": {"a": "AAAB"}}), false),
        ("v1", "ConfigMap", map.clone(), json!({"immutable": null}), false),
        ("v1", "ConfigMap", map, json!({"data": {"a": null}}), false),
        ("v1", "Secret", json!({"type": "Opaque"}), json!({"type": "example.com/a"}), false),
    ]
}

#[test]
fn the_api_server_refuses_what_is_called_refused_and_takes_the_rest() {
    let Some(kubectl) = api_server() else { return };
    let namespace = "taken";
    kubectl.run(&["create", "namespace", namespace], "").ok();
    let (mut problems, mut bases) = (String::new(), Vec::new());
    let mut tried = Vec::new();
    for (number, (api, kind, base, change, taken)) in pods().into_iter().chain(others()).enumerate() {
        let mut old = object(api, kind, &base);
        let name = json!({"metadata": {"name": format!("taken-{number}"), "namespace": namespace}});
        merge(&mut old, &name);
        if ["StorageClass", "PriorityClass", "PersistentVolume", "IngressClass", "RuntimeClass"]
            .contains(&kind)
        {
            old["metadata"].as_object_mut().expect("it is a map").remove("namespace");
        }
        let mut new = old.clone();
        merge(&mut new, &change);
        without_nulls(&mut new);
        bases.push(old.clone());
        tried.push((old, new, taken));
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": bases}).to_string();
    kubectl.run(&["apply", "-f", "-"], &list).ok();
    for (old, new, taken) in tried {
        let says = said(&[old], std::slice::from_ref(&new)).join("; ");
        let ran = kubectl.run(&["apply", "--dry-run=server", "-f", "-"], &new.to_string());
        if (ran.status == 0, !says.contains("refused: ")) != (taken, taken) || says.is_empty() {
            let _ = writeln!(problems, "{new}\n  says {says}\n  {}", ran.stderr);
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

fn without_nulls(value: &mut Json) {
    match value {
        Json::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

const FLAGS: [&str; 4] = [
    "--set-json",
    r#"tolerations=[{"key":"a","operator":"Exists","effect":"NoExecute"}]"#,
    "--set-json",
    r#"extraObjects=[{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"more"},"spec":{"podSelector":{},"ingress":[{"ports":[{"port":1}]}]}}]"#,
];

/// What a hand adds to a release.
const HAND: [(&str, &str, &str); 4] = [
    (
        "deployment/demo",
        "json",
        r#"[{"op":"add","path":"/spec/template/spec/tolerations/0/tolerationSeconds","value":9}]"#,
    ),
    (
        "deployment/demo",
        "strategic",
        r#"{"spec":{"template":{"spec":{"imagePullSecrets":[{"name":"mine"}],"containers":[{"name":"keeper","env":[{"name":"MINE","value":"1"}]}]}}}}"#,
    ),
    (
        "networkpolicy/more",
        "json",
        r#"[{"op":"add","path":"/spec/ingress/0/from","value":[{"podSelector":{}}]}]"#,
    ),
    ("service/demo", "merge", r#"{"spec":{"selector":{"mine":"1"}}}"#),
];

#[test]
fn what_an_apply_leaves_of_a_hands_additions_is_told_from_what_it_takes_away() {
    let applies: [(&str, &[&str]); 2] =
        [("leaves", &[]), ("merges", &["--server-side", "--force-conflicts"])];
    for (namespace, how) in applies {
        let Some(release) = Release::applied_so(namespace, &FLAGS, how) else { return };
        for (object, kind, patch) in HAND {
            release.kubectl(&["patch", object, "--type", kind, "-p", patch], "").ok();
        }
        let ran = release.diff(&["--format", "json"]);
        assert_eq!(
            lines(&ran),
            [
                "nothing NetworkPolicy/more spec.ingress[0].from: [{\"podSelector\":{}}] -> null",
                "nothing Service/demo spec.selector.mine: 1 -> null",
                "restart Deployment/demo spec.template.spec.tolerations[0].tolerationSeconds: 9 -> null",
                "nothing Deployment/demo spec.template.spec.containers[keeper].env[MINE]: a map -> null",
                "nothing Deployment/demo spec.template.spec.imagePullSecrets: [{\"name\":\"mine\"}] -> null",
            ],
            "{namespace}"
        );
        let mut diff: Json = serde_json::from_str(&ran.stdout).expect("it is JSON");
        for object in diff["objects"].as_array_mut().expect("a diff has objects") {
            let changes = object["changes"].as_array_mut().expect("an object has changes");
            changes.retain(|change| change["byHand"] == true);
        }
        let leaves = super::lines_of(&diff);
        let rendered = release.pgpod("render", &[]).run().ok();
        release.kubectl(&[&["apply", "-f", "-"], how].concat(), &rendered).ok();
        assert_eq!(lines(&release.diff(&["--format", "json"])), leaves, "{namespace}");
        assert!(leaves.len() >= 2, "{leaves:?}");
    }
}

#[test]
fn a_claim_that_is_being_deleted_is_found_in_either_mode() {
    let Some(release) = Release::applied("deleted", &[]) else { return };
    release.kubectl(&["delete", "pvc", "data-demo-0", "--wait=false"], "").ok();
    for mode in [&[][..], &["--server-side"]] {
        let found = lines(&release.diff(&[mode, &["--format", "json"]].concat()));
        assert_eq!(found.len(), 1, "{mode:?}: {found:?}");
        let deleted = "risk PersistentVolumeClaim/data-demo-0 metadata.deletionTimestamp: ";
        assert!(found[0].starts_with(deleted), "{mode:?}: {found:?}");
    }
}

#[test]
fn a_growth_that_the_class_does_not_allow_is_refused_and_no_lack_of_rights() {
    let Some(release) = Release::applied("rigid", &["--set", "persistence.storageClass=rigid"]) else {
        return;
    };
    let class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: rigid}, provisioner: example.com/none}";
    release.kubectl(&["apply", "-f", "-"], class).ok();
    let bound = r#"{"status":{"phase":"Bound","capacity":{"storage":"50Gi"}}}"#;
    release.kubectl(&["patch", "pvc", "data-demo-0", "--subresource=status", "-p", bound], "").ok();
    let ran = release.diff(&["--server-side", "--format", "json", "--set", "persistence.size=51Gi"]);
    assert_eq!(ran.stderr, "");
    assert!(
        lines(&ran).contains(&"refused PersistentVolumeClaim/data-demo-0 changed".to_owned()),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("only dynamically provisioned pvc can be resized"), "{}", ran.stdout);
}

/// What controllers and the API server add to a Job, and what is in another namespace.
#[test]
fn a_job_and_an_object_of_another_namespace_are_the_same_after_an_apply() {
    let objects = r#"extraObjects=[{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"once"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i:1"}]}}}},{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"far","namespace":"elsewhere"},"data":{"a":"b"}}]"#;
    let Some(kubectl) = api_server() else { return };
    kubectl.run(&["create", "namespace", "elsewhere"], "").ok();
    let release = Release::applied("jobs", &["--set-json", objects]).expect("there is an API server");
    for mode in [&[][..], &["--server-side"]] {
        let ran = release.diff(mode);
        assert!(ran.status == 0, "{mode:?}: {}{}", ran.stdout, ran.stderr);
    }
    // Without what is ignored, no line of YAML is another either.
    let unified =
        release.diff(&["--format", "unified", "--set", "service.port=5433,service.annotations.a=b"]);
    let lines = unified.stdout.lines().filter(|line| line.starts_with(['+', '-']) && !line.contains("demo"));
    let lines: Vec<&str> = lines.collect();
    assert_eq!(lines, ["+  annotations:", "+    a: b", "-    port: 5432", "+    port: 5433"]);
}
