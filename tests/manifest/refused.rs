//! Small manifests that an API server refuses for what they say: each is refused offline too. `what_an_api_server_refuses`
//! asks a real one.

use pgpod::diagnostics::{Diagnostics, Severity, SourceKind, Sources, report};
use pgpod::manifest::{self, Demands, Whole};

use crate::support::api_server;

/// The errors in somebody's manifests.
fn errors(text: &str) -> (usize, String) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add("x.yaml", SourceKind::File, text);
    let objects = manifest::read(source, &mut sources, &mut found);
    let demands = Demands { outside: &[], version: 33, whole: Whole::Part, restricted: false };
    manifest::check(&objects, &demands, &sources, &mut found);
    (found.count(Severity::Error), report(&found, &sources, false))
}

/// A pod, as the rest of its `spec`.
fn pod(rest: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {rest}\n")
}

/// Kind and `spec` of an object, and whether a server takes it.
const JUDGED: [(&str, &str, bool); 75] = [
    ("v1 Pod", "{containers: [{name: a, image: a}]}", true),
    ("v1 Pod", "{containers: [{name: a}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: ''}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: ' a'}]}", false),
    ("v1 Pod", "{containers: []}", false),
    ("v1 Pod", "{containers: [{image: a}]}", false),
    ("v1 Pod", "{containers: [{name: A, image: a}]}", false),
    ("v1 Pod", "{initContainers: [{name: a, image: a}], containers: [{name: a, image: a}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: a, imagePullPolicy: Sometimes}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, livenessProbe: {tcpSocket: {port: 1}, successThreshold: 2}}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, readinessProbe: {tcpSocket: {port: 1}, successThreshold: 2}}]}",
        true,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a, livenessProbe: {}}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: a, livenessProbe: {tcpSocket: {port: 70000}}}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, livenessProbe: {tcpSocket: {port: 1}, periodSeconds: -1}}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a, ports: [{containerPort: 0}]}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, ports: [{containerPort: 1, name: way-too-long-for-a-port}]}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, ports: [{containerPort: 1, name: p}, {containerPort: 2, name: p}]}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a, ports: [{containerPort: 1, protocol: tcp}]}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: a, env: [{value: x}]}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: a, env: [{name: a=b, value: x}]}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s}}}]}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a, volumeMounts: [{name: v, mountPath: /v}]}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, volumeMounts: [{name: v}]}], volumes: [{name: v, emptyDir: {}}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a}], volumes: [{name: v, emptyDir: {}, hostPath: {path: /x}}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a}], volumes: [{name: v, emptyDir: {}}, {name: v, emptyDir: {}}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a}], volumes: [{emptyDir: {}}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a}], volumes: [{name: v, emptyDir: {sizeLimit: lots}}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a}], volumes: [{name: v, secret: {secretName: s, defaultMode: 4096}}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, resources: {limits: {memory: 1G}, requests: {memory: 2G}}}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a, resources: {limits: {memory: -1}}}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: a, resources: {limits: {memory: 1GB}}}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a, securityContext: {privileged: true, allowPrivilegeEscalation: false}}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a, securityContext: {runAsUser: -1}}]}", false),
    ("v1 Pod", "{containers: [{name: a, image: a}], securityContext: {fsGroupChangePolicy: Never}}", false),
    ("v1 Pod", "{containers: [{name: a, image: a}], restartPolicy: Sometimes}", false),
    ("v1 Pod", "{containers: [{name: a, image: a}], dnsPolicy: None}", false),
    ("v1 Pod", "{containers: [{name: a, image: a}], tolerations: [{operator: Equal, value: x}]}", false),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a}], tolerations: [{key: a, operator: Exists, value: x}]}",
        false,
    ),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a}], tolerations: [{key: a, operator: Exists, tolerationSeconds: 5}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a}], tolerations: [{operator: Exists}]}", true),
    (
        "v1 Pod",
        "{containers: [{name: a, image: a}], topologySpreadConstraints: [{maxSkew: 0, topologyKey: x, whenUnsatisfiable: DoNotSchedule}]}",
        false,
    ),
    ("v1 Pod", "{containers: [{name: a, image: a}], terminationGracePeriodSeconds: soon}", false),
    ("v1 Pod", "{containers: [{name: a, image: a}], nodeSelektor: {a: b}}", false),
    (
        "apps/v1 Deployment",
        "{selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}",
        true,
    ),
    (
        "apps/v1 Deployment",
        "{selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: a, image: a}]}}}",
        false,
    ),
    (
        "apps/v1 Deployment",
        "{selector: {}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}",
        false,
    ),
    (
        "apps/v1 Deployment",
        "{template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}",
        false,
    ),
    (
        "apps/v1 Deployment",
        "{strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}",
        false,
    ),
    (
        "apps/v1 Deployment",
        "{selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}",
        false,
    ),
    (
        "apps/v1 Deployment",
        "{replicas: -1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}",
        false,
    ),
    ("batch/v1 Job", "{template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}", true),
    ("batch/v1 Job", "{template: {spec: {containers: [{name: a, image: a}]}}}", false),
    (
        "batch/v1 CronJob",
        "{schedule: '*/5 * * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: a}]}}}}}",
        true,
    ),
    (
        "batch/v1 CronJob",
        "{schedule: '*/5 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: a}]}}}}}",
        false,
    ),
    (
        "batch/v1 CronJob",
        "{schedule: '0 24 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: a}]}}}}}",
        false,
    ),
    (
        "batch/v1 CronJob",
        "{schedule: '0 2 * * *', jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: a}]}}}}}",
        false,
    ),
    (
        "v1 PersistentVolumeClaim",
        "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
        true,
    ),
    ("v1 PersistentVolumeClaim", "{resources: {requests: {storage: 1Gi}}}", false),
    ("v1 PersistentVolumeClaim", "{accessModes: [ReadWriteOnce]}", false),
    (
        "v1 PersistentVolumeClaim",
        "{accessModes: [ReadWriteOnce], resources: {requests: {storage: '0'}}}",
        false,
    ),
    (
        "v1 PersistentVolumeClaim",
        "{accessModes: [ReadWriteTwice], resources: {requests: {storage: 1Gi}}}",
        false,
    ),
    ("policy/v1 PodDisruptionBudget", "{minAvailable: 1, selector: {}}", true),
    ("policy/v1 PodDisruptionBudget", "{minAvailable: 1, maxUnavailable: 1, selector: {}}", false),
    ("v1 Service", "{ports: [{port: 80}]}", true),
    ("v1 Service", "{selector: {a: b}}", false),
    ("v1 Service", "{type: ExternalName}", false),
    ("v1 Service", "{clusterIP: None}", true),
    ("v1 Service", "{ports: [{port: 80, nodePort: 30080}]}", false),
    ("v1 Service", "{type: NodePorts, ports: [{port: 80}]}", false),
    ("v1 Service", "{ports: [{port: 80}, {port: 81}]}", false),
    ("v1 Service", "{ports: [{port: 80}, {port: 80, name: x}]}", false),
    (
        "networking.k8s.io/v1 NetworkPolicy",
        "{podSelector: {}, ingress: [{ports: [{port: 5432, protocol: TCPP}]}]}",
        false,
    ),
    ("networking.k8s.io/v1 NetworkPolicy", "{podSelector: {}, ingress: [{port: 5432}]}", false),
    (
        "networking.k8s.io/v1 Ingress",
        "{rules: [{http: {paths: [{path: /, backend: {service: {name: a, port: {number: 80}}}}]}}]}",
        false,
    ),
];

fn object((kind, spec, _): (&str, &str, bool)) -> String {
    let (api_version, kind) = kind.split_once(' ').expect("a row has both");
    format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n")
}

#[test]
fn what_a_server_refuses_is_an_error_and_what_it_takes_is_none() {
    let mut others = Vec::new();
    for row in JUDGED {
        let (errors, report) = errors(&object(row));
        if (errors == 0) != row.2 {
            others.push(format!("{row:?}\n{report}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// All in one request: `kubectl` tells which objects were taken.
#[test]
fn a_real_server_judges_the_same() {
    let Some(kubectl) = api_server() else { return };
    let named =
        |(at, row): (usize, &_)| object(*row).replacen("{name: a}", &format!("{{name: row-{at}}}"), 1);
    let stream: Vec<String> = JUDGED.iter().enumerate().map(named).collect();
    let said = kubectl.dry_run(&stream.join("---\n")).unwrap_or_else(|said| said);
    let taken = |at: usize| said.contains(&format!("/row-{at} created (server dry run)"));
    let others: Vec<_> = JUDGED.iter().enumerate().filter(|(at, row)| taken(*at) != row.2).collect();
    assert!(others.is_empty(), "{others:#?}\n{said}");
}

/// A pod's `spec`, and the levels of the Pod Security Standards that it reaches: `restricted`, `baseline`, or none.
const LEVELS: [(&str, &str); 17] = [
    (SAFE, "restricted"),
    ("{containers: [{name: a, image: a}]}", "baseline"),
    ("{hostNetwork: true, containers: [{name: a, image: a}]}", ""),
    ("{hostPID: true, containers: [{name: a, image: a}]}", ""),
    ("{containers: [{name: a, image: a, securityContext: {privileged: true}}]}", ""),
    ("{containers: [{name: a, image: a, ports: [{containerPort: 80, hostPort: 80}]}]}", ""),
    ("{containers: [{name: a, image: a}], volumes: [{name: v, hostPath: {path: /x}}]}", ""),
    ("{containers: [{name: a, image: a, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]}", ""),
    ("{containers: [{name: a, image: a, securityContext: {capabilities: {add: [CHOWN]}}}]}", "baseline"),
    ("{securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a, image: a}]}", ""),
    ("{containers: [{name: a, image: a}], volumes: [{name: v, nfs: {server: a, path: /x}}]}", "baseline"),
    (
        "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, \
         securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]}",
        "restricted",
    ),
    (
        "{securityContext: {runAsNonRoot: true}, containers: [{name: a, image: a, securityContext: \
         {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
        "baseline",
    ),
    (
        "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, \
         securityContext: {capabilities: {drop: [ALL]}}}]}",
        "baseline",
    ),
    (
        "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, \
         securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [CHOWN]}}}]}",
        "baseline",
    ),
    (
        "{securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, securityContext: \
         {runAsNonRoot: true, runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
        "baseline",
    ),
    (
        "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, initContainers: [{name: b, image: \
         b}], containers: [{name: a, image: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: \
         [ALL]}}}]}",
        "baseline",
    ),
];

const SAFE: &str = "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, \
     image: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}], volumes: [{name: v, \
     emptyDir: {}}]}";

fn namespace(level: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: pods-{level}, labels: {{pod-security.kubernetes.io/enforce: \
         {level}}}}}\n"
    )
}

fn pod_in(level: &str, spec: &str) -> String {
    pod(spec).replace("{name: a}\nspec", &format!("{{name: a, namespace: pods-{level}}}\nspec"))
}

#[test]
fn a_pod_below_the_level_of_its_namespace_is_an_error() {
    for (spec, reached) in LEVELS {
        for level in ["baseline", "restricted"] {
            let (errors, report) = errors(&format!("{}---\n{}", namespace(level), pod_in(level, spec)));
            let taken = reached == level || reached == "restricted";
            assert_eq!(errors == 0, taken, "{spec} in {level}\n{report}");
        }
    }
}

#[test]
fn a_real_server_refuses_the_same_pods() {
    let Some(kubectl) = api_server() else { return };
    for level in ["baseline", "restricted"] {
        let made = kubectl.run(&["apply", "-f", "-"], &namespace(level));
        assert_eq!(made.status, 0, "{}", made.stderr);
        let named = |(at, (spec, _)): (usize, &(&str, &str))| {
            pod_in(level, spec).replacen("{name: a,", &format!("{{name: row-{at},"), 1)
        };
        let stream: Vec<String> = LEVELS.iter().enumerate().map(named).collect();
        let said = kubectl.dry_run(&stream.join("---\n")).unwrap_or_else(|said| said);
        for (at, (spec, reached)) in LEVELS.iter().enumerate() {
            let taken = *reached == level || *reached == "restricted";
            let created = said.contains(&format!("/row-{at} created (server dry run)"));
            assert_eq!(created, taken, "{spec} in {level}: {said}");
        }
    }
}
