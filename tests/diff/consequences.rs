//! Single changes of manifests as anybody may have written them, each with its consequence and the reason for it.

use serde_json::{Value as Json, json};

use super::text;
use crate::support::Pgpod;

/// Consequences with their reasons, of a diff of two lists of objects.
pub(super) fn said(old: &[Json], new: &[Json]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    for (name, objects) in [("old", old), ("new", new)] {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string();
        std::fs::write(folder.path().join(name).with_extension("json"), list).expect("writable");
    }
    let args = ["diff", "old.json", "new.json", "--format", "json"];
    let ran = Pgpod::new(args).current_dir(folder.path()).run();
    let diff: Json = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {ran:?}"));
    let mut found = Vec::new();
    for object in diff["objects"].as_array().expect("a diff has objects") {
        let changes = object["changes"].as_array().expect("an object has changes").iter();
        for part in std::iter::once(object).chain(changes) {
            for effect in part["effects"].as_array().expect("a part has effects") {
                found.push(format!("{}: {}", text(&effect["consequence"]), text(&effect["reason"])));
            }
        }
    }
    found
}

pub(super) fn object(api: &str, kind: &str, more: &Json) -> Json {
    let mut object = json!({"apiVersion": api, "kind": kind, "metadata": {"name": "demo"}});
    merge(&mut object, more);
    object
}

pub(super) fn merge(into: &mut Json, more: &Json) {
    match (into.as_object_mut(), more.as_object()) {
        (Some(into), Some(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Json::Null), value);
            }
        }
        _ => *into = more.clone(),
    }
}

/// One object that is changed by a merge, and what is said of it.
pub(super) fn one(api: &str, kind: &str, base: &Json, old: &Json, new: &Json) -> Vec<String> {
    let (mut before, mut after) = (object(api, kind, base), object(api, kind, base));
    merge(&mut before, old);
    merge(&mut after, new);
    said(&[before], &[after])
}

/// The container by which a server of a release is known.
fn server() -> Json {
    json!([{"name": "postgres", "image": "postgres:17", "env": [{"name": "PGPOD_MAJOR", "value": "17"}]}])
}

fn set() -> Json {
    json!({"spec": {"replicas": 2, "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
        "template": {"spec": {"containers": server()}}}})
}

#[test]
fn what_the_pods_of_a_statefulset_do_follows_its_policies() {
    let image = |image: &str| {
        let mut containers = server();
        containers.as_array_mut().expect("it is a list").push(json!({"name": "keeper", "image": image}));
        json!({"spec": {"template": {"spec": {"containers": containers}}}})
    };
    let strategy = |strategy: Json| {
        let mut base = set();
        merge(&mut base, &json!({"spec": {"updateStrategy": strategy}}));
        one("apps/v1", "StatefulSet", &base, &image("a:1"), &image("a:2"))
    };
    let another = "another image needs another pod";
    for (given, expected) in [
        (
            json!({}),
            format!(
                "standbys-first: {another}; the pods are replaced from ordinal 1 down, the primary (0) last"
            ),
        ),
        (
            json!({"type": "OnDelete"}),
            format!(
                "nothing: {another}; each pod waits until it is deleted (`updateStrategy` is `OnDelete`)"
            ),
        ),
        (
            json!({"rollingUpdate": {"partition": 2}}),
            format!("nothing: {another}; no pod is replaced (`updateStrategy` has a `partition` above them)"),
        ),
        (
            json!({"rollingUpdate": {"partition": 1}}),
            format!(
                "standbys-first: {another}; the pods are replaced from ordinal 1 down to 1 (`partition`), and the primary (0) is not"
            ),
        ),
    ] {
        assert_eq!(strategy(given), [expected]);
    }
    let base = json!({"spec": {"paused": true}});
    assert_eq!(
        one("apps/v1", "Deployment", &base, &image("a:1"), &image("a:2")),
        [format!("nothing: {another}; it waits until the Deployment is no longer paused")]
    );
    for (policy, expected) in [
        (
            "Delete",
            "risk: the pods with the highest ordinals end, and their claims are deleted with them (`whenScaled` is `Delete`)",
        ),
        ("Retain", "nothing: the pods with the highest ordinals end; their claims stay"),
    ] {
        let mut base = set();
        merge(&mut base, &json!({"spec": {"persistentVolumeClaimRetentionPolicy": {"whenScaled": policy}}}));
        let [three, two] = [3, 2].map(|replicas| json!({"spec": {"replicas": replicas}}));
        assert_eq!(one("apps/v1", "StatefulSet", &base, &three, &two), [expected]);
    }
    let start = |start: u64| json!({"spec": {"ordinals": {"start": start}}});
    assert_eq!(
        one("apps/v1", "StatefulSet", &set(), &start(0), &start(1)),
        ["failover: the primary's pod ends at once: its ordinal is not one of those that are left"]
    );
    let gone = object(
        "apps/v1",
        "StatefulSet",
        &json!({"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}}}),
    );
    assert_eq!(
        said(&[gone], &[]),
        [
            "risk: with it, its claims are deleted, and their data (`whenDeleted` is `Delete`); `kubectl apply` leaves it"
        ]
    );
}

#[test]
fn a_database_on_a_volume_of_its_pod_is_lost_with_the_pod() {
    let base = json!({"spec": {"template": {"spec": {"containers": server(), "volumes": [{"name": "data", "emptyDir": {}}]}}}});
    let grace =
        |seconds: u64| json!({"spec": {"template": {"spec": {"terminationGracePeriodSeconds": seconds}}}});
    let lost = "the database is on a volume that ends with the pod";
    assert_eq!(
        one("apps/v1", "Deployment", &base, &grace(10), &grace(20)),
        [format!(
            "risk: it is part of the pod's template: another template is another pod; {lost}: it is lost"
        )]
    );
    let selects = |app: &str| json!({"spec": {"selector": {"matchLabels": {"app": app}}}});
    assert_eq!(
        one("apps/v1", "Deployment", &base, &selects("a"), &selects("b")),
        [format!(
            "refused: the field can't be changed; {lost}: move it by a dump before anything is deleted"
        )]
    );
    assert_eq!(
        said(&[object("apps/v1", "Deployment", &base)], &[]),
        [
            "risk: the database ends with it, and its data, which is on a volume of the pod's; `kubectl apply` leaves it"
        ]
    );
}

#[test]
fn another_c_library_is_told_by_the_image_and_where_it_is_unknown_that_is_said() {
    let pod = |image: &str, accepts: &Json| json!({"spec": {"template": {"spec": {"containers": [{"name": "postgres", "image": image, "env": accepts}]}}}});
    let none = json!([{"name": "PGPOD_MAJOR", "value": "17"}]);
    let accepts = json!([none[0], {"name": "PGPOD_ACCEPT_IMAGE_FAMILY", "value": "glibc"}]);
    let says = |before: &str, after: &str, env: &Json| {
        one("apps/v1", "Deployment", &json!({}), &pod(before, env), &pod(after, env)).join("\n")
    };
    let (musl, other) =
        ("docker.io/timescale/timescaledb:2.30.2-pg17", "docker.io/library/postgres:17-trixie");
    assert_eq!(says("postgres:17-alpine", musl, &none), "restart: another image needs another pod");
    let differ = "risk: the other image has another C library, or another version of it, which may sort texts otherwise";
    assert_eq!(
        says(musl, other, &none),
        format!(
            "{differ}: the server does not start until `postgresql.image.acceptFamily` names it, and indexes on texts are to be rebuilt"
        )
    );
    assert_eq!(
        says(musl, other, &accepts),
        format!(
            "{differ}, and which `postgresql.image.acceptFamily` accepts: indexes on texts are wrong until they are rebuilt"
        )
    );
    assert_eq!(
        says(other, "example.com/our/alpine:1", &none),
        "restart: another image needs another pod; whether it has the same C library is not known, and the server does not start with another one until `postgresql.image.acceptFamily` names it"
    );
}

#[test]
fn what_is_being_deleted_is_told() {
    let deleted =
        json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 0}});
    let says = |api: &str, kind: &str| one(api, kind, &json!({}), &deleted, &json!({})).join("\n");
    assert_eq!(
        says("v1", "PersistentVolumeClaim"),
        "risk: it is being deleted, and its data with it, as soon as no pod uses it: nothing takes that back"
    );
    assert_eq!(
        says("v1", "Namespace"),
        "risk: it is being deleted, with everything in it: nothing takes that back"
    );
    assert_eq!(
        says("apps/v1", "Deployment"),
        "recreate: it is being deleted: nothing takes that back, and what is applied meanwhile goes with it"
    );
    // A claim that a StatefulSet has made is in no render.
    let set = object("apps/v1", "StatefulSet", &set());
    let claim = |more: &Json| {
        let mut claim = object("v1", "PersistentVolumeClaim", &json!({"metadata": {"name": "data-demo-0"}}));
        merge(&mut claim, more);
        claim
    };
    assert_eq!(said(&[set.clone(), claim(&json!({}))], std::slice::from_ref(&set)), [""; 0]);
    assert_eq!(
        said(&[set.clone(), claim(&deleted)], &[set]),
        [
            "risk: it is being deleted, and its data with it, as soon as no pod uses it: nothing takes that back"
        ]
    );
}

#[test]
fn a_secret_is_kept_where_a_pod_names_it_and_told_by_who_reads_it() {
    let secret = |key: &str, text: &str| object("v1", "Secret", &json!({"stringData": {key: text}}));
    let mounts = |volume: &str| {
        object(
            "apps/v1",
            "Deployment",
            &json!({"spec": {"template": {"spec": {"containers": server(), "volumes": [{"name": volume, "secret": {"secretName": "demo"}}]}}}}),
        )
    };
    let pod = mounts("auth");
    assert_eq!(said(&[pod.clone(), secret("a", "1")], std::slice::from_ref(&pod)), [""; 0]);
    assert_eq!(
        said(&[secret("a", "1")], &[]),
        ["credentials: pods that start without it wait for it; `kubectl apply` leaves it"]
    );
    let says = |pod: &Json, key: &str| {
        said(&[pod.clone(), secret(key, "1")], &[pod.clone(), secret(key, "2")]).join("\n")
    };
    assert_eq!(
        says(&pod, "app-password"),
        "credentials: the keeper gives the roles their new passwords; sessions go on"
    );
    assert_eq!(
        says(&mounts("tls"), "tls.key"),
        "credentials: who mounts it sees it within a minute and a half; a variable has it from the next start of its container on"
    );
}

#[test]
fn a_line_of_the_servers_configuration_is_told_by_what_is_in_force_without_it() {
    let conf = |text: &str| json!({"data": {"postgresql.conf": text}});
    let says = |before: &str, after: &str| {
        one("v1", "ConfigMap", &json!({}), &conf(before), &conf(after)).join("\n")
    };
    let archive = "the log is then archived no more: a point in time later than now can't be restored";
    for (before, after, expected) in [
        ("archive_mode = on\n", "port = 5432\n", format!("risk: `archive_mode` is `off`, the server's own default: {archive}")),
        ("archive_mode = on\n", "archive_mode = off\n", format!("risk: `archive_mode` is `off`: {archive}")),
        ("fsync = off\n", "port = 5432\n", "reload: it takes effect at a reload; without a line it has the server's own default".to_owned()),
        ("include_if_exists = 'a'\n", "port = 5432\n", "reload: it brings in other settings at a reload; those that only a start takes over wait for one".to_owned()),
    ] {
        let found = says(before, after);
        let wanted = found.lines().find(|line| !line.contains("`port`") && !line.contains("default is stated"));
        assert_eq!(wanted, Some(&*expected), "{found}");
    }
    let gone = json!({"data": {"pg_hba.conf": "local all all trust\n"}});
    assert_eq!(
        one("v1", "ConfigMap", &gone, &json!({}), &conf("port = 5432\n")),
        ["reload: the server reads it again at a reload; what only a start takes over waits for one"]
    );
    assert_eq!(
        one("v1", "ConfigMap", &gone, &conf("port = 5432\n"), &json!({})),
        ["risk: the server does not start without it"]
    );
}

#[test]
fn a_change_of_the_mode_says_on_which_volume_the_new_server_starts() {
    let claim = |name: &str| json!({"name": "data", "persistentVolumeClaim": {"claimName": name}});
    let alone = |volume: &Json| {
        object(
            "apps/v1",
            "Deployment",
            &json!({"spec": {"template": {"spec": {"containers": server(), "volumes": [volume]}}}}),
        )
    };
    let several = object("apps/v1", "StatefulSet", &set());
    let starts = "the release changes its mode: the data is on";
    for (old, new, expected) in [
        (
            alone(&claim("data-demo-0")),
            several.clone(),
            "recreate: the release changes its mode: it starts on the volume of the old one".to_owned(),
        ),
        (
            alone(&claim("other")),
            several.clone(),
            format!("risk: {starts} `other`, and the new server starts on `data-demo-0`: move it by a dump"),
        ),
        (
            alone(&json!({"name": "data", "emptyDir": {}})),
            several.clone(),
            "risk: the release changes its mode: the data ends with the old pod, and the new server starts on `data-demo-0`: move it by a dump".to_owned(),
        ),
        (
            alone(&claim("data-demo-1")),
            several.clone(),
            format!("risk: {starts} `data-demo-1`, and the new server starts on `data-demo-0`: `highAvailability.primary: 1` takes it over"),
        ),
        (
            several,
            alone(&claim("data-demo-1")),
            format!("risk: {starts} `data-demo-0`, and the new server starts on `data-demo-1`: `persistence.fromOrdinal: 0` takes it over"),
        ),
    ] {
        assert_eq!(said(&[old], &[new]).first(), Some(&expected));
    }
}
