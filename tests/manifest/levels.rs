//! Pods below the level of the Pod Security Standards that their namespace enforces. A real API server is asked the same.

use super::refused::{errors, pod};
use crate::support::api_server;

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
