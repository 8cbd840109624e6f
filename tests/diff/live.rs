//! Against a real API server: what was applied is no difference, what a hand changed is one, and who may not look is
//! told why.

use std::time::{Duration, Instant};

use super::{fit_the_schema, lines};
use crate::support::{Kubectl, Pgpod, Ran, api_server};

/// A namespace with a release of these flags in it.
pub(super) struct Release {
    pub(super) kubectl: &'static Kubectl,
    namespace: String,
    pub(super) flags: Vec<String>,
}

impl Release {
    pub(super) fn applied(namespace: &str, flags: &[&str]) -> Option<Self> {
        Self::applied_so(namespace, flags, &[])
    }

    /// The same with flags of `kubectl apply`.
    pub(super) fn applied_so(namespace: &str, flags: &[&str], how: &[&str]) -> Option<Self> {
        let kubectl = api_server()?;
        kubectl.run(&["create", "namespace", namespace], "").ok();
        let release = Self {
            kubectl,
            namespace: namespace.to_owned(),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        };
        let rendered = release.pgpod("render", &[]).run().ok();
        kubectl.run(&[&["apply", "-f", "-"], how].concat(), &rendered).ok();
        Some(release)
    }

    pub(super) fn pgpod(&self, command: &str, more: &[&str]) -> Pgpod {
        let fixed = [command, "demo", "-n", &self.namespace];
        let args = fixed.into_iter().chain(self.flags.iter().map(String::as_str)).chain(more.iter().copied());
        Pgpod::new(args).env("KUBECONFIG", &self.kubectl.kubeconfig.display().to_string())
    }

    pub(super) fn diff(&self, more: &[&str]) -> Ran {
        self.pgpod("diff", more).run()
    }

    pub(super) fn kubectl(&self, args: &[&str], stdin: &str) -> Ran {
        let args: Vec<&str> = args.iter().copied().chain(["-n", &self.namespace]).collect();
        self.kubectl.run(&args, stdin)
    }
}

#[test]
fn what_was_applied_is_no_difference_in_either_mode() {
    let Some(kubectl) = api_server() else { return };
    for (number, file) in crate::examples::examples().iter().enumerate() {
        let (namespace, file) = (format!("same-{number}"), file.display().to_string());
        let release = Release::applied(&namespace, &["-f", &file]).expect("there is an API server");
        // What `pgpod secret` makes is no part of a render, and no difference.
        let secret = Pgpod::new(["secret", "demo", "-n", &namespace]).run().ok();
        release.kubectl(&["create", "-f", "-"], &secret).ok();
        for mode in [&[][..], &["--server-side"]] {
            let ran = release.diff(mode);
            assert!(
                ran.status == 0 && ran.stderr.is_empty(),
                "{file} {mode:?}:\n{}{}",
                ran.stdout,
                ran.stderr
            );
        }
        // What a server-side apply keeps is the same too.
        let rendered = release.pgpod("render", &[]).run().ok();
        release.kubectl(&["apply", "--server-side", "--force-conflicts", "-f", "-"], &rendered).ok();
        let ran = release.diff(&[]);
        assert!(ran.status == 0, "{file}, applied by the server:\n{}", ran.stdout);
        kubectl.run(&["delete", "namespace", &namespace, "--wait=false"], "").ok();
    }
}

#[test]
fn what_a_hand_changed_is_found_and_named() {
    let Some(release) = Release::applied("drift", &[]) else { return };
    let drift: [&[&str]; 6] = [
        &["scale", "deployment/demo", "--replicas=0"],
        &["delete", "service/demo-metrics"],
        &["annotate", "configmap/demo-config", "note=mine"],
        &["patch", "configmap/demo-config", "-p", r#"{"data":{"mine":"text"}}"#],
        &["label", "serviceaccount/demo", "app.kubernetes.io/version=1", "--overwrite"],
        &["set", "env", "deployment/demo", "-c", "keeper", "MINE=1"],
    ];
    for args in drift {
        release.kubectl(args, "").ok();
    }
    let patch = r#"{"spec":{"template":{"spec":{"hostNetwork":true,"containers":[{"name":"mine","image":"busybox"}],
        "volumes":[{"name":"mine","emptyDir":{}}]}}}}"#;
    release.kubectl(&["patch", "deployment/demo", "-p", patch], "").ok();
    let more = "{apiVersion: v1, kind: ConfigMap, metadata: {name: demo-old, labels: {app.kubernetes.io/instance: demo, \
                app.kubernetes.io/managed-by: pgpod}}}";
    release.kubectl(&["create", "-f", "-"], more).ok();
    let ran = release.diff(&["--format", "json"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (1, ""));
    assert_eq!(
        lines(&ran),
        [
            "nothing ServiceAccount/demo metadata.labels[app.kubernetes.io/version]: 1 -> 17",
            "nothing ConfigMap/demo-config metadata.annotations.note: mine -> null",
            "nothing ConfigMap/demo-config data.mine: text -> null",
            "nothing Service/demo-metrics added",
            "restart Deployment/demo spec.replicas: 0 -> 1",
            "nothing Deployment/demo spec.template.spec.containers[keeper].env[MINE]: a map -> null",
            "nothing Deployment/demo spec.template.spec.containers[mine]: a map -> null",
            "nothing Deployment/demo spec.template.spec.volumes[mine]: a map -> null",
            "nothing Deployment/demo spec.template.spec.hostNetwork: true -> null",
            "nothing ConfigMap/demo-old removed",
        ]
    );
    let explained = release.diff(&["--format", "json", "--explain-ignored"]);
    let side = release.diff(&["--format", "json", "--server-side", "--field-manager", "pgpod-test"]);
    assert!(
        explained.stdout.contains("\"ignored\": [") && side.stdout.contains("\"owner\": \"kubectl-label\"")
    );
    fit_the_schema(&[ran.stdout, explained.stdout, side.stdout]);
    // The server says the same of what an apply leaves, and names who holds what it does not.
    let ran = release.diff(&["--server-side", "--field-manager", "pgpod-test"]);
    assert!(ran.stdout.contains("is held by `kubectl-label`, with another value"), "{}", ran.stdout);
    let left = "nothing        - data.mine: text\n                   `kubectl-patch` holds it, and an apply leaves it as it is\n";
    assert!(ran.stdout.contains(left), "{}", ran.stdout);
    assert!(ran.stdout.contains("nothing        - spec.template.spec.hostNetwork: true\n"), "{}", ran.stdout);
    // What is applied again is what the diff said: hands' additions stay.
    let rendered = release.pgpod("render", &[]).run().ok();
    release.kubectl(&["apply", "-f", "-"], &rendered).ok();
    let left = lines(&release.diff(&["--format", "json"]));
    assert!(left.iter().all(|line| line.starts_with("nothing ")), "{left:#?}");
    assert_eq!(left.len(), 7, "{left:#?}");
}

/// kubectl hands over what its client-side applies left, which no dry run shows.
#[test]
fn what_a_server_side_apply_takes_away_of_a_client_side_one_is_shown() {
    let before = ["--set", "podLabels.old=1,service.annotations.old=1,terminationGracePeriodSeconds=200"];
    let more = ["--set-json", r#"extraEnv=[{"name":"OLD","value":"1"}]"#];
    let Some(mut release) = Release::applied("handed-over", &[before, more].concat()) else { return };
    release.kubectl(&["annotate", "service/demo", "mine=1"], "").ok();
    release.flags = vec!["--set".to_owned(), "terminationGracePeriodSeconds=100".to_owned()];
    for manager in ["kubectl", "another"] {
        let side = release.diff(&["--server-side", "--field-manager", manager, "--format", "json"]);
        assert_eq!(
            lines(&side),
            [
                "nothing Service/demo metadata.annotations.old: 1 -> null",
                "nothing Service/demo metadata.annotations.mine: 1 -> null",
                "restart Deployment/demo spec.template.metadata.labels.old: 1 -> null",
                "restart Deployment/demo spec.template.spec.containers[postgres].env[OLD]: a map -> null",
                "restart Deployment/demo spec.template.spec.terminationGracePeriodSeconds: 200 -> 100",
            ]
        );
    }
    // And that is what really happens.
    let rendered = release.pgpod("render", &[]).run().ok();
    release.kubectl(&["apply", "--server-side", "-f", "-"], &rendered).ok();
    let left = lines(&release.diff(&["--format", "json"]));
    assert_eq!(left, ["nothing Service/demo metadata.annotations.mine: 1 -> null"]);
}

#[test]
fn reading_needs_get_and_list_and_an_error_names_what_is_missing() {
    let Some(release) = Release::applied("reader", &[]) else { return };
    let kubeconfig = tempfile::NamedTempFile::new().expect("the temporary folder is writable");
    let own = std::fs::read_to_string(&release.kubectl.kubeconfig).expect("it is there");
    std::fs::write(kubeconfig.path(), own.replace("token: test", "token: reader")).expect("writable");
    let path = kubeconfig.path().display().to_string();
    let diff = |more: &[&str]| release.pgpod("diff", more).env("KUBECONFIG", &path).run();
    let refused = diff(&[]);
    assert_eq!(refused.status, 3, "{}", refused.stdout);
    let expected =
        "the API server of context `test` does not allow to get serviceaccounts in namespace `reader`: ";
    assert!(refused.stderr.contains(expected), "{}", refused.stderr);

    let role = "{apiVersion: v1, kind: List, items: [{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader}, \
        rules: [{apiGroups: ['', apps], verbs: [VERBS], resources: [serviceaccounts, configmaps, services, deployments, \
        persistentvolumeclaims]}]}, {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: reader}, \
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}, subjects: [{kind: User, name: reader}]}]}";
    let allow = |verbs: &str| release.kubectl(&["apply", "-f", "-"], &role.replace("VERBS", verbs)).ok();
    // The API server takes a moment to know of a Role.
    let allowed = |status: i32| {
        let began = Instant::now();
        loop {
            let ran = diff(&[]);
            if ran.status == status || began.elapsed() > Duration::from_mins(1) {
                return ran;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    };
    allow("get, list");
    let ran = allowed(0);
    assert!(ran.status == 0, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stderr.contains("note: it is not allowed to list cronjobs.batch in namespace `reader`"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("list deployments"), "{}", ran.stderr);
    let side = diff(&["--server-side"]);
    assert_eq!(side.status, 3);
    assert!(
        side.stderr.contains("does not allow to patch serviceaccounts in namespace `reader`"),
        "{}",
        side.stderr
    );
}

/// kubectl itself shows its differences by it: what changes, what is new, and what it prunes.
#[test]
fn it_serves_as_kubectls_external_diff() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let values = |file: &str, names: &[&str]| {
        let path = folder.path().join(file);
        let object = |name: &&str| {
            format!(
                " - {{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, labels: {{set: '1'}}}}}}\n"
            )
        };
        std::fs::write(&path, "extraObjects:\n".to_owned() + &names.iter().map(object).collect::<String>())
            .expect("writable");
        path.display().to_string()
    };
    let (old, new) = (values("old", &["one", "two.json"]), values("new", &["one", "three.json"]));
    let Some(mut release) = Release::applied("external", &["-f", &old]) else { return };
    release.flags = vec!["-f".to_owned(), new];
    let program = folder.path().join("pgpod");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_pgpod"), &program).expect("writable");
    let rendered = release.pgpod("render", &["--set", "service.annotations.note=b"]).run().ok();
    let diff = |more: &[&str], stdin: &str| {
        let mut command = std::process::Command::new("env");
        command.env_clear().env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()));
        command.env("KUBECONFIG", &release.kubectl.kubeconfig).env("HOME", folder.path());
        command.env("KUBECTL_EXTERNAL_DIFF", "pgpod diff --explain-ignored").arg(release.kubectl.program());
        crate::support::run(command.args(["diff", "-f", "-"]).args(more), stdin.as_bytes())
    };
    let ran = diff(&[], &rendered);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains(": 1 added, 1 changed, 9 the same; "), "{}", ran.stdout);
    assert!(ran.stdout.contains("nothing        + metadata.annotations.note: b\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n+ ConfigMap three.json\n"), "{}", ran.stdout);
    let one =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: external, labels: {set: '1'}}}";
    let ran = diff(&["--prune", "-l", "set=1", "--prune-allowlist=core/v1/ConfigMap"], one);
    assert!(
        ran.status == 1 && ran.stdout.contains("\n- ConfigMap two.json\n"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
}

#[test]
fn an_object_of_another_namespace_is_compared_there() {
    let Some(kubectl) = api_server() else { return };
    kubectl.run(&["create", "namespace", "there"], "").ok();
    // With the name of one of the release's own.
    let object = r#"[{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "demo-config", "namespace": "there"}}]"#;
    let objects = format!("extraObjects={object}");
    let release = Release::applied("here", &["--set-json", &objects]).expect("there is an API server");
    for mode in [&[][..], &["--server-side"]] {
        let ran = release.diff(mode);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    }
}
