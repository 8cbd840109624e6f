//! Objects that are none of a release's: told by what Kubernetes does with them, and no more.

use serde_json::{Value as Json, json};

use super::consequences::{object, one, said};

#[test]
fn what_is_true_of_a_server_alone_is_not_said_of_other_objects() {
    let replicas = |number: u64| json!({"spec": {"replicas": number}});
    let pod = |more: &Json| json!({"spec": {"template": {"spec": more}}});
    let data = |volume: &Json| pod(&json!({"volumes": [{"name": "data", "emptyDir": volume}]}));
    let user = |user: u64| pod(&json!({"securityContext": {"runAsUser": user}}));
    let image = |image: &str| pod(&json!({"containers": [{"name": "postgres", "image": image}]}));
    let is = "it is part of the pod's template: another template is another pod";
    for (kind, base, old, new, expected) in [
        ("Deployment", json!({}), replicas(2), replicas(3), "nothing: another number of pods".to_owned()),
        ("Deployment", json!({}), replicas(2), replicas(0), "nothing: another number of pods".to_owned()),
        (
            "Deployment",
            json!({}),
            data(&json!({})),
            data(&json!({"sizeLimit": "1Gi"})),
            format!("restart: {is}"),
        ),
        ("Deployment", json!({}), user(70), user(71), format!("restart: {is}")),
        (
            "Deployment",
            json!({}),
            image("postgres:17-alpine"),
            image("postgres:17"),
            "restart: another image needs another pod".to_owned(),
        ),
        ("StatefulSet", json!({}), replicas(3), replicas(5), "nothing: pods are added".to_owned()),
        (
            "StatefulSet",
            json!({}),
            replicas(3),
            replicas(0),
            "nothing: the pods with the highest ordinals end; their claims stay".to_owned(),
        ),
        (
            "StatefulSet",
            replicas(3),
            user(70),
            user(71),
            format!("restart: {is}; the pods are replaced from ordinal 2 down"),
        ),
    ] {
        assert_eq!(one("apps/v1", kind, &base, &old, &new), [expected], "{kind} {new}");
    }
    for (kind, more, expected) in [
        ("Deployment", data(&json!({})), "nothing: its pods end with it; `kubectl apply` leaves it"),
        (
            "StatefulSet",
            json!({}),
            "nothing: its pods end with it, and its claims stay; `kubectl apply` leaves it",
        ),
    ] {
        assert_eq!(said(&[object("apps/v1", kind, &more)], &[]), [expected], "{kind}");
    }
    let sql = |text: &str| json!({"data": {"001.sql": text}});
    let ours = json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": "pgpod"}}});
    for (labels, expected) in [
        (json!({}), "nothing: who mounts it sees it within a minute and a half"),
        (ours, "reload: the keeper runs it in the running database; what it names no more stays there"),
    ] {
        assert_eq!(one("v1", "ConfigMap", &labels, &sql("SELECT 1"), &sql("SELECT 2")), [expected]);
    }
    // A change of kind is none of a release's mode.
    let [deployment, set] = ["Deployment", "StatefulSet"].map(|kind| object("apps/v1", kind, &json!({})));
    assert_eq!(
        said(&[deployment], &[set]),
        ["nothing: new pods start", "nothing: its pods end with it; `kubectl apply` leaves it"]
    );
}

#[test]
fn a_node_port_stays_only_with_a_type_that_has_one() {
    let service = |kind: &str, port: Json| json!({"spec": {"type": kind, "ports": [port]}});
    let old = service("NodePort", json!({"port": 1, "nodePort": 30998}));
    let kept = "nothing: what is no longer stated stays as it is, until the Service is made anew";
    for (kind, expected) in [
        ("NodePort", kept),
        ("LoadBalancer", kept),
        ("ClusterIP", "nothing: the port on the nodes is given up"),
    ] {
        let found = one("v1", "Service", &json!({}), &old, &service(kind, json!({"port": 1})));
        assert!(found.iter().any(|line| line == expected), "{kind}: {found:?}");
    }
}

#[test]
fn a_service_that_becomes_another_name_gives_its_address_up() {
    let old = json!({"spec": {"type": "ClusterIP", "clusterIP": "10.0.0.7", "clusterIPs": ["10.0.0.7"]}});
    let new = json!({"spec": {"type": "ExternalName", "externalName": "db.plant.example"}});
    let found = one("v1", "Service", &json!({}), &old, &new);
    let given_up = "nothing: a Service that is another name only has no address: it is given up";
    assert_eq!(found.iter().filter(|line| *line == given_up).count(), 2, "{found:?}");
}

/// What restarts the server of one release is not said to be a setting of another one.
#[test]
fn a_restart_is_explained_by_the_release_s_own_settings() {
    let release = |name: &str, conf: &str, sum: &str| {
        let labels = json!({"app.kubernetes.io/managed-by": "pgpod", "app.kubernetes.io/instance": name});
        let map = json!({
            "metadata": {"name": format!("{name}-config"), "labels": labels},
            "data": {"postgresql.conf": conf},
        });
        let annotations = json!({"metadata": {"annotations": {"pgpod/restart-checksum": sum}}});
        let workload =
            json!({"metadata": {"name": name, "labels": labels}, "spec": {"template": annotations}});
        [object("v1", "ConfigMap", &map), object("apps/v1", "Deployment", &workload)]
    };
    let side = |connections: &str, buffers: &str, sum: &str| {
        [release("a", connections, sum), release("b", buffers, sum)].concat()
    };
    let old = side("max_connections = 100\n", "shared_buffers = 1GB\n", "1");
    let new = side("max_connections = 200\n", "shared_buffers = 2GB\n", "2");
    let found = said(&old, &new);
    for parameter in ["max_connections", "shared_buffers"] {
        let expected = format!("restart: `{parameter}` takes effect at a start of the server");
        assert!(found.iter().any(|line| line.starts_with(&expected)), "{expected}: {found:#?}");
    }
    assert!(!found.iter().any(|line| line.contains("`max_connections`, `shared_buffers`")), "{found:#?}");
}
