//! A release of several servers: who gets the writes, who may do what, what a change restarts.

use serde_json::{Value as Json, json};

use crate::support::{named, rendered, yaml};

fn objects(values: &str) -> Vec<Json> {
    let mut all = json!({ "deploymentMode": "ha", "highAvailability": { "replicas": 3 } });
    merge(&mut all, yaml(values));
    rendered(&all).unwrap_or_else(|report| panic!("{report}")).objects()
}

fn merge(under: &mut Json, over: Json) {
    match (under, over) {
        (Json::Object(under), Json::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Json::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn kinds(objects: &[Json]) -> Vec<String> {
    objects.iter().map(|o| format!("{} {}", o["kind"], o["metadata"]["name"]).replace('"', "")).collect()
}

#[test]
fn each_object_is_there_when_it_is_needed_and_only_then() {
    let all = [
        "Namespace plant7",
        "PodDisruptionBudget demo",
        "ServiceAccount demo",
        "ConfigMap demo-config",
        "ConfigMap demo-init",
        "ConfigMap demo-scripts",
        "Role demo",
        "RoleBinding demo",
        "Service demo-headless",
        "Service demo-metrics",
        "Service demo-ro",
        "Service demo",
        "StatefulSet demo",
    ];
    assert_eq!(kinds(&objects("{}")), all);
    for (values, missing) in [
        (
            "highAvailability: {readService: {enabled: false}}",
            &["Role demo", "RoleBinding demo", "Service demo-ro"][..],
        ),
        ("rbac: {create: false}", &["Role demo", "RoleBinding demo"]),
        ("podDisruptionBudget: {enabled: false}", &["PodDisruptionBudget demo"]),
    ] {
        let left: Vec<_> = all.iter().filter(|name| !missing.contains(name)).copied().collect();
        assert_eq!(kinds(&objects(values)), left, "{values}");
    }
}

#[test]
fn writes_go_to_the_one_pod_that_the_values_name() {
    for primary in [0, 2] {
        let objects = objects(&format!("highAvailability: {{primary: {primary}}}"));
        let selector = &named(&objects, "Service", "demo")["spec"]["selector"];
        assert_eq!(selector["statefulset.kubernetes.io/pod-name"], format!("demo-{primary}"));
        let reading = &named(&objects, "Service", "demo-ro")["spec"];
        assert_eq!(reading["selector"]["pgpod/role"], "standby");
        assert_eq!(
            reading["publishNotReadyAddresses"],
            Json::Null,
            "a standby that is not ready is not read from"
        );
    }
}

#[test]
fn a_token_is_in_one_container_which_sees_no_data_and_may_do_one_thing() {
    let objects = objects("security: {tls: {enabled: true}}");
    let pod = &named(&objects, "StatefulSet", "demo")["spec"]["template"]["spec"];
    assert_eq!(pod["automountServiceAccountToken"], false);
    for container in pod["containers"].as_array().into_iter().flatten() {
        let mounts: Vec<_> =
            container["volumeMounts"].as_array().into_iter().flatten().map(|m| &m["name"]).collect();
        if container["name"] == "role" {
            assert_eq!(mounts, ["role", "role-tmp", "scripts", "token"]);
        } else {
            assert!(!mounts.contains(&&json!("token")), "{}", container["name"]);
        }
    }
    let rules = &named(&objects, "Role", "demo")["rules"];
    let pods = ["demo-0", "demo-1", "demo-2"];
    assert_eq!(
        *rules,
        json!([{ "apiGroups": [""], "resources": ["pods"], "verbs": ["patch"], "resourceNames": pods }])
    );
}

#[test]
fn servers_keep_to_different_hosts_unless_that_is_softened() {
    let spread = |values: &str| {
        let objects = objects(values);
        let pod = &named(&objects, "StatefulSet", "demo")["spec"]["template"]["spec"];
        let list = pod["topologySpreadConstraints"].as_array().cloned().unwrap_or_default();
        list.iter()
            .map(|c| {
                format!("{} {} {}", c["topologyKey"], c["whenUnsatisfiable"], c["minDomains"])
                    .replace('"', "")
            })
            .collect::<Vec<_>>()
    };
    let zone = "topology.kubernetes.io/zone ScheduleAnyway null";
    assert_eq!(spread("{}"), ["kubernetes.io/hostname DoNotSchedule 2", zone]);
    let soft = ["kubernetes.io/hostname ScheduleAnyway null", zone];
    assert_eq!(spread("highAvailability: {spread: soft}"), soft);
    assert_eq!(spread("resourcePreset: edge"), soft);
    let own = "topologySpreadConstraints: [{maxSkew: 2, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway,
      labelSelector: {}}]";
    assert_eq!(spread(own), [zone, soft[0]], "what the values say of the same stands alone");
}

/// A pod restarts when its template changes: what the scripts read from mounted files must not be in it.
#[test]
fn a_failover_and_a_scaling_restart_nothing() {
    let template = |values: &str| named(&objects(values), "StatefulSet", "demo")["spec"]["template"].clone();
    let before = template("{}");
    for (values, restarts) in [
        ("highAvailability: {primary: 1}", false),
        ("highAvailability: {replicas: 9}", false),
        ("highAvailability: {synchronous: {enabled: true, method: first, commit: remote_apply}}", false),
        ("highAvailability: {maxLag: 64Mi}", false),
        ("podDisruptionBudget: {enabled: false}", false),
        ("postgresql: {config: {work_mem: 5MB}}", false),
        ("postgresql: {config: {max_connections: 90}}", true),
        ("highAvailability: {readService: {enabled: false}}", true),
    ] {
        assert_eq!(template(values) != before, restarts, "{values}");
    }
}

#[test]
fn the_scripts_are_told_what_the_values_say() {
    let file = |values: &str| {
        let objects = objects(values);
        named(&objects, "ConfigMap", "demo-config")["data"]["high-availability"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(file("{}"), "primary=0\nreplicas=3\nsynchronous=off\nnumber=1\nmax_lag=\n");
    let all = "highAvailability: {primary: 1, replicas: 5, maxLag: 64Mi,
      synchronous: {enabled: true, method: first, number: 2}}";
    assert_eq!(file(all), "primary=1\nreplicas=5\nsynchronous=first\nnumber=2\nmax_lag=67108864\n");
}

#[test]
fn one_server_takes_over_the_claims_of_one_of_several() {
    let claims = |values: &str| -> Vec<Json> {
        let objects = rendered(&yaml(values)).unwrap_or_else(|report| panic!("{report}")).objects();
        let deployment = named(&objects, "Deployment", "demo")["spec"]["template"]["spec"].clone();
        let mounted = deployment["volumes"].as_array().into_iter().flatten();
        let mounted =
            mounted.filter_map(|volume| volume.pointer("/persistentVolumeClaim/claimName").cloned());
        let made = objects.iter().filter(|o| o["kind"] == "PersistentVolumeClaim");
        mounted.chain(made.map(|o| o["metadata"]["name"].clone())).collect()
    };
    let wal = "wal: {enabled: true}";
    assert_eq!(
        claims(&format!("persistence: {{{wal}}}")),
        ["data-demo-0", "wal-demo-0", "data-demo-0", "wal-demo-0"]
    );
    assert_eq!(
        claims(&format!("persistence: {{{wal}, fromOrdinal: 2}}")),
        ["data-demo-2", "wal-demo-2", "data-demo-2", "wal-demo-2"]
    );
}
