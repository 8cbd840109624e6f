//! Small manifests that an API server refuses for what they say: each is refused offline too. A real one is asked the same.

use pgpod::diagnostics::{Diagnostics, Severity, SourceKind, Sources, report};
use pgpod::manifest::{self, Demands, Object};

use crate::support::api_server;

const DEMANDS: Demands<'_> = Demands { version: 36, ..Demands::PART };

/// Somebody's manifests.
fn read(text: &str) -> (Vec<Object>, Sources, Diagnostics) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add("x.yaml", SourceKind::File, text);
    let objects = manifest::read(source, &mut sources, &mut found);
    (objects, sources, found)
}

/// The errors in somebody's manifests.
fn errors(text: &str) -> (usize, String) {
    errors_in(text, DEMANDS.version)
}

fn errors_in(text: &str, version: u32) -> (usize, String) {
    let (objects, sources, mut found) = read(text);
    manifest::check(&objects, &Demands { version, ..DEMANDS }, &sources, &mut found);
    (found.count(Severity::Error), report(&found, &sources, false))
}

/// A pod, as the rest of its `spec`.
fn pod(rest: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {rest}\n")
}

/// Manifests, one a line, after what becomes of each: `taken` by a server and here, `refused` by both, `late`: by the server
/// alone. Below each stands what is said of it.
const JUDGED: &str = include_str!("judged.txt");

/// The rows of [`JUDGED`]: what becomes of a manifest, and its text.
fn judged() -> impl Iterator<Item = (&'static str, &'static str)> {
    JUDGED.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_once(' '))
}

#[test]
fn of_each_manifest_is_said_what_is_wrong_with_it() {
    let mut said = String::new();
    for (verdict, text) in judged() {
        let (objects, sources, mut found) = read(text);
        manifest::check(&objects, &DEMANDS, &sources, &mut found);
        let refused = found.count(Severity::Error) > 0;
        assert_eq!(refused, verdict == "refused", "{text}\n{}", report(&found, &sources, false));
        said.push_str(&format!("{verdict} {text}\n"));
        for finding in found.into_sorted() {
            let (code, help) = (finding.code, finding.help.unwrap_or_default());
            let word = if finding.severity == Severity::Error { "" } else { "warning " };
            said.push_str(&format!("  {word}{code} {}; {help}\n", finding.title));
        }
    }
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/manifest/judged.txt");
        std::fs::write(file, &said).expect("the file is writable");
    } else {
        assert!(said == JUDGED, "BLESS=1 cargo test of_each_manifest writes what is said now");
    }
}

/// All in one request: `kubectl` tells which objects were taken.
#[test]
fn a_real_server_judges_the_same() {
    let Some(kubectl) = api_server() else { return };
    let rows: Vec<_> = judged().collect();
    let named =
        |(at, (_, text)): (usize, &(&str, &str))| text.replacen("{name: a", &format!("{{name: row-{at}"), 1);
    let stream: Vec<String> = rows.iter().enumerate().map(named).collect();
    let said = kubectl.dry_run(&stream.join("\n---\n")).unwrap_or_else(|said| said);
    let others = rows.iter().enumerate().filter(|(at, (verdict, _))| {
        let taken = said.contains(&format!("/row-{at} created (server dry run)"));
        taken != (*verdict == "taken")
    });
    let others: Vec<_> = others.collect();
    assert!(others.is_empty(), "{others:#?}\n{said}");
}

/// Manifests that look wrong: kinds of other groups that are called as Kubernetes' own, what has defaults, what may be in
/// the cluster, and kinds that are misspelt.
const LOOKS_WRONG: &str = "
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: a}
spec: {template: {spec: {containers: [{image: a, ports: [{containerPort: 80}]}]}}}
---
apiVersion: batch.volcano.sh/v1alpha1
kind: Job
metadata: {name: a}
spec: {template: {spec: {containers: [{name: a}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: 1db}
spec: {selector: {app: job}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: a}
spec: {template: {metadata: {labels: {app: job}}, spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: dashboard1}
---
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: a, image: a}], volumes: [{name: v, configMap: {name: dashbord1}}, {name: w, configMap: {name: dashboard2}}]}
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: a}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}, maxReplicas: 4}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, annotations: {Example.COM/Team: x}}
spec:
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:
      containers:
        - {name: a, image: a, env: [{name: T, valueFrom: {secretKeyRef: {name: account, key: token}}}]}
      volumes: [{name: ca, configMap: {name: trusted, items: [{key: ca-bundle.crt, path: ca.crt}]}}]
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: a}
spec: {scaleTargetRef: {name: worker}, minReplicaCount: 3}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: a}
spec: {minAvailable: 1, selector: {matchLabels: {app: worker}}}
---
apiVersion: v1
kind: Secret
metadata: {name: account, annotations: {kubernetes.io/service-account.name: default}}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: ConfigMap
metadata: {name: trusted, labels: {config.openshift.io/inject-trusted-cabundle: 'true'}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec: {tls: [{hosts: [10.0.0.5], secretName: a}], defaultBackend: {service: {name: b, port: {number: 80}}}}
---
apiVersion: admissionregistration.k8s.io/v1beta1
kind: ValidatingAdmissionPolicy
metadata: {name: a}
---
apiVersion: apps/v1
kind: Deploymnt
metadata: {name: a}
---
apiVersion: apps/v1
kind: DeploymentList
metadata: {name: a}
---
apiVersion: example.com/v1
kind: Deploymnt
metadata: {name: a}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitr
metadata: {name: a}
---
apiVersion: monitoring.coreos.com/v1
kind: Scrape
metadata: {name: a, namespce: b}
---
apiVersion: storage.k8s.io/v1beta1
kind: VolumeAttributesClass
metadata: {name: a}
---
apiVersion: certificates.k8s.io/v1
kind: ClusterTrustBundle
metadata: {name: a}
specs: {}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: dba}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: argocd-application-controller}
spec:
  serviceName: argocd-application-controller
  selector: {matchLabels: {app: controller}}
  template:
    metadata: {labels: {app: controller}}
    spec: {serviceAccountName: db, containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Service
metadata: {name: argocd-applicationset-controller}
spec: {ports: [{port: 80}]}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a, finalizers: [resources-finalizer.argocd.argoproj.io]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a, finalizers: [cleanup]}
spec: {selector: {}, endpoints: []}
---
apiVersion: audit.k8s.io/v1
kind: Event
metadata: {name: a}
---
apiVersion: snapshot.storage.k8s.io/v1
kind: StorageClass
metadata: {name: a}
---
apiVersion: netwroking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a}
";

#[test]
fn what_only_looks_wrong_is_no_error_and_a_misspelt_kind_is_one() {
    let (_, at_1_36) = errors_in(LOOKS_WRONG, 36);
    assert_eq!(at_1_36, include_str!("looks_wrong.txt"));
    let (_, at_1_35) = errors_in(LOOKS_WRONG, 35);
    assert!(at_1_35.contains("Service `1db`: `metadata.name` is no name"), "{at_1_35}");
}

/// What is compared with everything before it takes minutes for so many.
#[test]
fn thousands_of_items_and_of_objects_take_seconds() {
    let all = |number: u32, of: &dyn Fn(u32) -> String| (0..number).map(of).collect::<String>();
    let gates = all(20_000, &|at| format!("{{name: a.b/g{at}}}, "));
    let services = all(1_500, &|at| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{at}}}\nspec: {{selector: {{app: a{at}}}, ports: [{{port: 80, \
             targetPort: http}}]}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, labels: {{app: a{at}}}}}\nspec: \
             {{containers: [{{name: a, image: a, ports: [{{name: {}, containerPort: 80}}]}}]}}\n",
            if at == 1_400 { "htpp" } else { "http" }
        )
    });
    let gated =
        format!("{{schedulingGates: [{gates}{{name: a.b/g7}}], containers: [{{name: a, image: a}}]}}");
    let begun = std::time::Instant::now();
    let (objects, sources, mut found) = read(&format!("{}{services}", pod(&gated)));
    manifest::check(&objects, &DEMANDS, &sources, &mut found);
    let titles: Vec<String> = found.into_sorted().into_iter().map(|finding| finding.title).collect();
    assert_eq!(
        titles,
        [
            "Pod `a`: `spec.schedulingGates` has two with `name: a.b/g7`",
            "Service `s1400`: no container of its pods has a port named `http`",
        ]
    );
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

/// A pod's `spec`, and the levels of the Pod Security Standards that it reaches: `restricted`, `baseline`, or none.
const LEVELS: [(&str, &str); 28] = [
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
    (
        "{securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}, containers: [{name: a, image: a}]}",
        "",
    ),
    (
        "{securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: '0'}]}, containers: [{name: a, image: a}]}",
        "baseline",
    ),
    ("{securityContext: {seLinuxOptions: {type: spc_t}}, containers: [{name: a, image: a}]}", ""),
    (
        "{securityContext: {seLinuxOptions: {type: container_t}}, containers: [{name: a, image: a}]}",
        "baseline",
    ),
    ("{containers: [{name: a, image: a, securityContext: {seLinuxOptions: {user: root}}}]}", ""),
    ("{containers: [{name: a, image: a, livenessProbe: {tcpSocket: {port: 80, host: 10.0.0.1}}}]}", ""),
    ("{containers: [{name: a, image: a, lifecycle: {preStop: {httpGet: {port: 80, host: 10.0.0.1}}}}]}", ""),
    (
        "{hostUsers: false, containers: [{name: a, image: a, securityContext: {procMount: Unmasked}}]}",
        "baseline",
    ),
    (
        "{hostUsers: false, securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, \
         securityContext: {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
        "restricted",
    ),
    (
        "{os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: a, image: a}]}",
        "restricted",
    ),
    (
        "{securityContext: {runAsNonRoot: false, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, \
         securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
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
fn what_is_the_cluster_s_is_the_same_object_whatever_namespace_it_states() {
    let role = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a, namespace: {namespace}}}\n"
        )
    };
    let (errors, report) = errors(&format!("{}---\n{}", role("a"), role("b")));
    assert!(errors == 1 && report.contains("error[PG0412]: ClusterRole `a`: it is there twice"), "{report}");
}

/// A Service whose pods may be anywhere, and an Ingress that sends to it and to another one.
const INGRESS: &str = "apiVersion: v1
kind: Service
metadata: {name: db}
spec: {ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9187, targetPort: exporter}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec:
  defaultBackend: {service: {name: elsewhere, port: {name: anything}}}
  rules: [{http: {paths: [{pathType: Prefix, path: /, backend: {service: {name: db, port: PORT}}}]}}]
";

#[test]
fn the_ports_of_an_ingress_are_those_of_its_service() {
    for taken in ["{name: http}", "{number: 80}", "{number: 8080}", "{name: exporter}"] {
        assert_eq!(errors(&INGRESS.replace("PORT", taken)), (0, String::new()), "{taken}");
    }
    for (port, title, help) in [
        ("{name: htpp}", "`htpp`", "did you mean `http`?"),
        ("{number: 8081}", "`8081`", "known here: 80, 9187"),
    ] {
        let (errors, report) = errors(&INGRESS.replace("PORT", port));
        let finding = format!("error[PG0432]: Ingress `a`: the Service `db` has no port {title}\n");
        assert!(errors == 1 && report.contains(&finding) && report.contains(help), "{report}");
    }
}

/// What 1.34 forbids and 1.33 did not.
const ASKS_ANOTHER: &str =
    "{containers: [{name: a, image: a, livenessProbe: {tcpSocket: {port: 80, host: 10.0.0.1}}}]}";

#[test]
fn a_level_is_that_of_the_version_that_the_namespace_states() {
    for (version, refused) in [("v1.30", 0), ("v1.33", 0), ("v1.34", 1), ("latest", 1), ("v1.99", 1)] {
        let namespace = namespace("baseline").replace(
            "enforce: baseline",
            &format!("enforce: baseline, pod-security.kubernetes.io/enforce-version: {version}"),
        );
        let (errors, report) = errors(&format!("{namespace}---\n{}", pod_in("baseline", ASKS_ANOTHER)));
        assert_eq!(errors, refused, "{version}: {report}");
    }
}

#[test]
fn a_profile_of_apparmor_in_an_annotation_counts() {
    for (profile, refused) in [("unconfined", 1), ("runtime/default", 0), ("localhost/mine", 0), ("''", 0)] {
        let pod = pod_in("baseline", "{containers: [{name: a, image: a}]}").replace(
            "{name: a, namespace",
            &format!("{{annotations: {{container.apparmor.security.beta.kubernetes.io/a: {profile}}}, name: a, namespace"),
        );
        let (errors, report) = errors(&format!("{}---\n{pod}", namespace("baseline")));
        assert_eq!(errors, refused, "{profile}: {report}");
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
