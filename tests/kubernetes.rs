//! Kubernetes takes every render: its strict schemas of all supported versions, and a real API server.

use std::path::Path;

use crate::support::{Pgpod, api_server, kubernetes_validate};

const VERSIONS: [&str; 7] = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"];

/// Values that change which objects there are, or what is in them.
const VARIANTS: &[(&str, &str)] = &[
    ("defaults", "{}"),
    ("timescaledb", "postgresql: {extensions: {timescaledb: {enabled: true}}}"),
    ("postgis", "postgresql: {extensions: {postgis: {enabled: true}}}"),
    ("both", "postgresql: {extensions: {timescaledb: {enabled: true}, postgis: {enabled: true}}}"),
    ("wal", "persistence: {storageClass: fast, wal: {enabled: true, storageClass: '-'}}"),
    ("ephemeral", "persistence: {enabled: false}"),
    ("claim", "persistence: {existingClaim: old, accessMode: ReadWriteOncePod, wal: {enabled: true}}"),
    ("tls", "security: {tls: {enabled: true, secretName: certificate}}"),
    (
        "passwords",
        "postgresql: {auth: {postgresPassword: \"it's $(A)\", password: b2, readOnlyPassword: c3, replicationPassword: d4}}",
    ),
    (
        "secret",
        "postgresql: {auth: {existingSecret: {name: elsewhere, keys: {superuser: a, app: b, readOnly: c, replication: d}}}}",
    ),
    ("node-port", "service: {type: NodePort, nodePort: 30432}"),
    (
        "load-balancer",
        "service: {type: LoadBalancer, port: 5433, loadBalancerSourceRanges: [10.0.0.0/8, 'fd00::/8']}",
    ),
    (
        "bare",
        "{monitoring: {exporter: {enabled: false}}, serviceAccount: {create: false}, industrial: {enabled: false}}",
    ),
    (
        "mirror",
        "global: {imageRegistry: 'mirror.local:5000/docker', imagePullSecrets: [pull], storageClass: slow}",
    ),
    ("ha", "deploymentMode: ha"),
    (
        "ha-synchronous",
        "{deploymentMode: ha, persistence: {wal: {enabled: true}, labels: {a: b}}, security: {tls: {enabled: true}},
          highAvailability: {replicas: 9, primary: 8, maxLag: 64Mi, spread: soft,
            synchronous: {enabled: true, method: first, number: 2, commit: remote_apply}}}",
    ),
    (
        "ha-bare",
        "{deploymentMode: ha, highAvailability: {readService: {enabled: false}}, podDisruptionBudget: {enabled: false},
          serviceAccount: {create: false}, persistence: {enabled: false}}",
    ),
    ("ordinal", "persistence: {fromOrdinal: 2, wal: {enabled: true}}"),
    ("full", FULL),
];

const FULL: &str = r#"
architecture: amd64
commonLabels: {example.com/line: "4"}
commonAnnotations: {example.com/note: "on", example.com/text: "two\nlines"}
podLabels: {example.com/cell: a}
podAnnotations: {example.com/cell: "1e3"}
nodeSelector: {example.com/disk: "0755"}
tolerations: [{key: plant, operator: Exists, effect: NoSchedule}]
affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {
  topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {a: b}}}}]}}
topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {a: b}}}]
priorityClassName: system-cluster-critical
schedulerName: another
extraEnv: [{name: A, value: "on"}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
extraVolumes: [{name: more, emptyDir: {}}]
extraVolumeMounts: [{name: more, mountPath: /more}]
extraInitContainers: [{name: first, image: example/first:1, securityContext: &s {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
extraContainers: [{name: beside, image: example/beside:1, securityContext: *s}]
extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: more}, data: {a: "y"}}]
patches: [{kind: Deployment, patch: {spec: {template: {spec: {hostAliases: [{ip: 10.0.0.1, hostnames: [a]}]}}}}}]
postgresql: {image: {digest: "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", acceptFamily: "glibc $(X)"}}
"#;

/// Every render by a name: the variants on the default preset, every preset alone, every example.
fn renders(folder: &Path) -> Vec<(String, String)> {
    let render = |args: &[&str], stdin: &str| {
        let args = ["render", "demo", "-n", "plant7"].iter().chain(args);
        Pgpod::new(args).stdin(stdin).current_dir(folder).run().ok()
    };
    let mut renders = Vec::new();
    for (name, values) in VARIANTS {
        renders.push(((*name).to_owned(), render(&["-f", "-"], values)));
    }
    for preset in &pgpod::values::PRESETS {
        renders.push((preset.name.to_owned(), render(&["--preset", preset.name], "")));
    }
    for file in crate::examples::examples() {
        let file = file.display().to_string();
        renders.push((file.clone(), render(&["-f", &file], "")));
    }
    renders
}

#[test]
fn the_strict_schemas_of_every_version_take_every_render() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let renders = renders(folder.path());
    let all: String = renders.iter().map(|(_, text)| format!("---\n{text}")).collect();
    let Some(problems) = kubernetes_validate(&VERSIONS, &all) else { return };
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn an_api_server_takes_every_render_without_a_warning() {
    let Some(kubectl) = api_server() else { return };
    let namespace =
        Pgpod::new(["render", "demo", "-n", "plant7", "--create-namespace", "--show-only", "*namespace*"]);
    let namespace = namespace.run().ok();
    let made = kubectl.run(&["apply", "--validate=strict", "-f", "-"], &namespace);
    assert!(made.stderr.is_empty(), "{}", made.stderr);
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    for (name, manifests) in renders(folder.path()) {
        if let Err(said) = kubectl.dry_run(&manifests) {
            panic!("{name}: {said}");
        }
    }
}
