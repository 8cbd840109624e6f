//! `pgpod diff` in a pod: without a kubeconfig, by the account that the pod has.

use std::process::Command;

use super::Release;
use crate::support::run;

/// A pod whose account may look, and no more.
const READER: &str = r#"{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "reader"}},
  {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "reader"}, "rules": [{"verbs": ["get", "list"],
    "apiGroups": ["", "apps", "batch", "cert-manager.io", "monitoring.coreos.com", "networking.k8s.io", "policy",
      "rbac.authorization.k8s.io"], "resources": ["*"]}]},
  {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "reader"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
    "subjects": [{"kind": "ServiceAccount", "name": "reader"}]},
  {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "reader"}, "spec": {"serviceAccountName": "reader",
    "terminationGracePeriodSeconds": 0,
    "securityContext": {"runAsUser": 999, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [{"name": "shell", "image": "docker.io/library/postgres:17.12-alpine", "command": ["sleep", "600"],
      "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}
]}"#;

#[test]
fn in_a_pod_the_pods_account_is_enough_to_compare() {
    // No server is needed for it.
    let nobody = r#"patches=[{"kind":"Deployment","patch":{"spec":{"replicas":0}}}]"#;
    let Some(release) = Release::prepare("account", &["--set-json", nobody]) else { return };
    release.apply(&[]).ok();
    let namespace = &release.namespace;
    namespace.kubectl_with(&["create", "-f", "-"], READER).ok();
    namespace.wait_ready("pod/reader", super::release::LIMIT);
    let program = std::fs::read(env!("CARGO_BIN_EXE_pgpod")).expect("the program is built");
    let mut copy = Command::new("kubectl");
    namespace.equip(&mut copy);
    copy.args(["-n", &namespace.name, "exec", "-i", "reader", "--", "sh", "-c"]);
    run(copy.arg("cat > /tmp/pgpod && chmod +x /tmp/pgpod"), &program).ok();
    let arguments = release.arguments(&[]);
    let diff = ["/tmp/pgpod", "diff", "demo", "-n", &namespace.name];
    let diff: Vec<&str> = diff.into_iter().chain(arguments.iter().map(String::as_str)).collect();
    let ran = namespace.exec("reader", "shell", &diff, "");
    let said =
        format!("demo in {} against in-cluster, read only: no differences in 9 objects\n", namespace.name);
    assert_eq!((ran.stdout, ran.stderr.as_str(), ran.status), (said, "", 0));
    // It is the Role that lets it look.
    namespace.kubectl(&["delete", "rolebinding", "reader"]).ok();
    namespace.wait_until("the account may look no more", super::release::LIMIT, || {
        namespace
            .exec("reader", "shell", &diff, "")
            .stderr
            .contains("the API server of in-cluster does not allow to get")
    });
}
