//! The same input gives the same bytes.

use serde_json::{Map, Value as Json};

use crate::support::{Pgpod, pgpod, rendered, yaml};

/// Values with something in every free map and most lists.
const VALUES: &str = "
commonLabels: {zone: north, area: mill, line: '4'}
commonAnnotations: {example.com/owner: team-a, example.com/cost: '17'}
podLabels: {b: '2', a: '1'}
podAnnotations: {z: last, y: before}
nodeSelector: {disk: fast, rack: '7'}
postgresql:
  config: {work_mem: 8MB, log_statement: all, application_name: plant, statement_timeout: 5min}
  auth: {postgresPassword: aW3-k2xQ91-4, password: oM3-k2xQ91-5, readOnlyPassword: pL3-k2xQ91-6, replicationPassword: zX3-k2xQ91-7}
  hba:
    - {type: host, databases: [quality_metrics], users: [someone], address: 10.0.0.0/8, method: ldap,
       options: {ldapserver: directory, ldapprefix: cn, ldapsuffix: dc}}
  databases:
    - {name: one, owner: owner_b, schemas: [{name: parts, owner: owner_a}], grants: [{role: auditor, privilege: read}],
       extensions: [hstore, citext], industrial: [scada, quality]}
    - {name: another}
  initScripts: [{name: one.sql, database: one, run: always, sql: 'SELECT 1'}]
persistence: {labels: {b: x, a: y}, annotations: {d: x, c: y}, wal: {enabled: true}}
service: {type: LoadBalancer, labels: {b: x, a: y}, annotations: {d: x, c: y}, loadBalancerSourceRanges: [10.0.0.0/8]}
affinity: {nodeAffinity: {}, podAntiAffinity: {}}
extraEnv: [{name: B, value: b}, {name: A, value: a}]
extraObjects: [{kind: ConfigMap, apiVersion: v1, data: {b: v, a: w}, metadata: {labels: {b: v, a: w}, name: more}}]
patches: [{kind: Service, patch: {metadata: {annotations: {q: r, p: s}}}}]
";

/// The order of keys where a manifest's author chose it: it is kept.
const AS_WRITTEN: [&str; 4] = ["affinity", "extraEnv", "extraObjects", "patches"];

/// The same values with the keys of every map in another order; lists keep theirs.
fn shuffled(values: &Json, seed: &mut u64) -> Json {
    match values {
        Json::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            // Fisher-Yates over a linear congruential generator (Knuth's constants).
            for last in (1..entries.len()).rev() {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                entries.swap(last, usize::try_from(*seed >> 33).unwrap_or(0) % (last + 1));
            }
            let entry = |(key, value): (&String, &Json)| {
                let kept = AS_WRITTEN.contains(&key.as_str());
                (key.clone(), if kept { value.clone() } else { shuffled(value, seed) })
            };
            Json::Object(entries.into_iter().map(entry).collect::<Map<_, _>>())
        }
        Json::Array(items) => Json::Array(items.iter().map(|item| shuffled(item, seed)).collect()),
        other => other.clone(),
    }
}

#[test]
fn a_hundred_renders_are_the_same_bytes() {
    let render = || Pgpod::new(["render", "demo", "-f", "-"]).stdin(VALUES).run();
    let first = render();
    assert_eq!((first.status, first.stderr.as_str()), (0, ""));
    for _ in 1..100 {
        assert!(render() == first, "two renders of the same values differ");
    }
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let values = yaml(VALUES);
    let first = rendered(&values).expect("the values are valid");
    let mut seed = 7;
    for _ in 0..100 {
        let values = shuffled(&values, &mut seed);
        assert!(rendered(&values).as_ref() == Ok(&first), "this order gives another render:\n{values:#}");
    }
}

#[test]
fn the_order_of_flags_for_different_keys_does_not_matter() {
    let flags = [
        ["--set", "commonLabels.a=1,service.port=5433"],
        ["--set-string", "commonLabels.b=2"],
        ["--set-json", "{\"podLabels\":{\"c\":\"3\",\"d\":\"4\"}}"],
        ["--set-literal", "commonAnnotations.e=a,b=c"],
        ["--set", "postgresql.config.work_mem=8MB"],
        ["--preset", "medium"],
        ["--namespace", "plant7"],
    ];
    let first = pgpod(["render", "demo"].into_iter().chain(flags.iter().flatten().copied())).ok();
    for turn in 1..flags.len() {
        let mut turned = flags;
        turned.rotate_left(turn);
        turned.reverse();
        let args = turned.iter().flatten().copied();
        // The release may stand anywhere too.
        assert!(pgpod(["render"].into_iter().chain(args).chain(["demo"])).ok() == first, "{turned:?}");
    }
}

#[test]
fn folder_and_environment_do_not_matter() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let render = || Pgpod::new(["render", "demo", "-f", "-"]).stdin(VALUES);
    let first = render().run();
    assert_eq!((first.status, first.stderr.as_str()), (0, ""));
    let environment = [
        ("LANG", "de_DE.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("TZ", "Asia/Kathmandu"),
        ("HOME", "/nonexistent"),
        ("USER", "somebody"),
        ("HOSTNAME", "elsewhere"),
        ("KUBECONFIG", "/nonexistent"),
        ("PGUSER", "somebody"),
        ("SOURCE_DATE_EPOCH", "1"),
        ("CLICOLOR_FORCE", "1"),
        ("TERM", "xterm-256color"),
        ("COLUMNS", "20"),
    ];
    let elsewhere = environment
        .iter()
        .fold(render().current_dir(folder.path()), |run, (name, value)| run.env(name, value));
    assert_eq!(elsewhere.run(), first);
}
