//! What is wrong with a kubeconfig, or with the cluster that it leads to, is said with its cause, soon, and without a
//! secret of it.

use std::io::Read as _;
use std::time::{Duration, Instant};

use crate::support::{Pgpod, api_server};

/// A kubeconfig with a cluster and a user.
fn config(cluster: &str, user: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Config, current-context: one, clusters: [{{name: c, cluster: {{{cluster}}}}}],\n\
         contexts: [{{name: one, context: {{cluster: c, user: u}}}}],\nusers: [{{name: u, user: {user}}}]}}\n"
    )
}

fn exec(program: &str, script: &str, env: &str) -> String {
    format!(
        "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: {program}, args: [-c, '{script}'], \
         env: [{env}], interactiveMode: Never}}}}"
    )
}

const NOWHERE: &str = "server: 'http://127.0.0.1:1'";
const NOT_SHOWN: &str =
    "this is no YAML, or not what a kubeconfig has there (the line is not shown, as it may hold a secret)";

#[test]
fn a_kubeconfig_that_is_wrong_is_an_error_without_its_secrets() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let planted = "{name: AWS_SECRET_ACCESS_KEY, value: hunter22}";
    let proxy = |url: &str| config(&format!("{NOWHERE}, proxy-url: '{url}'"), "{}");
    let fails = exec("sh", "echo hunter22; echo hunter22 >&2; exit 3", planted);
    let login = "the cluster of context `one` can't be used: the login program";
    let not_there = "No such file or directory (os error 2)";
    let context = "the context `one` of the kubeconfig can't be used:";
    for (text, more, expected) in [
        ("users:\n- token: hunter22: oops\n", &[][..], format!("cannot read the kubeconfig at ./config:2:18: {NOT_SHOWN}")),
        ("users:\n- token: hunter22: oops\n", &["--kube-context", "one"], format!("cannot read the kubeconfig at ./config:2:18: {NOT_SHOWN}")),
        (&config(NOWHERE, "{token: [hunter22]}"), &[], format!("cannot read the kubeconfig at ./config:3:33: {NOT_SHOWN}")),
        (&config(NOWHERE, "{token: \"hunter22\\nhunter22\"}"), &[],
            "the token of context `one` can't be used: it has a line break, or another control character in it".to_owned()),
        (&config(NOWHERE, "{client-certificate: hunter, client-key-data: hunter22}"), &[],
            format!("the cluster of context `one` can't be used: its client certificate `./hunter`: {not_there}")),
        (&config(&format!("{NOWHERE}, certificate-authority-data: hunter22!"), "{}"), &[], format!("{context} its certificate authority is no base64")),
        (&config("insecure-skip-tls-verify: true", "{}"), &[], format!("{context} its cluster has no `server`")),
        (&proxy("ftp://me:hunter22@proxy"), &[],
            "the cluster of context `one` can't be used: its proxy is one of `ftp`, and supported are `http` and `https`".to_owned()),
        (&proxy("ftp://me:hun ter22@proxy"), &[], format!("{context} its proxy is no URL")),
        (&config(NOWHERE, &fails), &[], format!("{login} `sh` of the kubeconfig failed (exit status: 3)")),
        (&config(NOWHERE, &exec("sh", "echo hunter22", planted)), &[], format!("{login} `sh` of the kubeconfig gives no credentials")),
        (&config(NOWHERE, &exec("/no/program", "hunter22", planted)), &[],
            format!("{login} `/no/program` of the kubeconfig does not start: {not_there}")),
        (&config(NOWHERE, "{}"), &["--kube-context", "two"], "the kubeconfig has no context `two`; it has `one`".to_owned()),
        ("{}", &[], "the kubeconfig has no current context; name one by `--kube-context` (it has none)".to_owned()),
    ] {
        std::fs::write(folder.path().join("config"), text).expect("writable");
        // In a pod too, what is named counts.
        let ran = Pgpod::new(["diff", "demo"].iter().chain(more))
            .env("KUBECONFIG", "./config").env("KUBERNETES_SERVICE_HOST", "127.0.0.1").env("KUBERNETES_SERVICE_PORT", "1")
            .current_dir(folder.path()).run();
        assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (3, "", format!("error: {expected}\n").as_str()), "{text}");
        assert!(!ran.stderr.contains("hunter22"), "{}", ran.stderr);
    }
}

#[test]
fn a_kubeconfig_that_is_not_there_is_an_error_where_it_is_named() {
    let home = tempfile::tempdir().expect("the temporary folder is writable");
    let path = home.path().display().to_string();
    let diff = |more: &[&str], kubeconfig: &str| {
        let args = ["diff", "demo"].into_iter().chain(more.iter().copied());
        let ran = Pgpod::new(args).env("HOME", &path).env("KUBECONFIG", kubeconfig).run();
        assert_eq!((ran.status, ran.stdout.as_str()), (3, ""), "{}", ran.stderr);
        ran.stderr
    };
    let unreadable = |path: &str| {
        format!("error: cannot read the kubeconfig `{path}`: No such file or directory (os error 2)\n")
    };
    assert_eq!(diff(&[], "missing"), unreadable("missing"));
    assert_eq!(diff(&["--kube-context", "one"], ""), unreadable(&format!("{path}/.kube/config")));
    let none = "error: there is no cluster to compare with: there is no kubeconfig, and no account of a pod; name a \
                kubeconfig in KUBECONFIG, or compare without a cluster by `--from`\n";
    assert_eq!(diff(&[], ""), none);
    std::fs::create_dir(home.path().join(".kube")).expect("writable");
    std::fs::write(home.path().join(".kube/config"), "a: b: c").expect("writable");
    assert_eq!(
        diff(&[], ""),
        format!("error: cannot read the kubeconfig at {path}/.kube/config:1:5: {NOT_SHOWN}\n")
    );
}

#[test]
fn a_cluster_that_does_not_answer_is_an_error_with_its_cause() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    // A server that takes a connection and says nothing; one that is closed.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = silent.local_addr().expect("it is bound").port();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let gone = closed.local_addr().expect("it is bound").port();
    drop(closed);
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        while let Ok((mut stream, _)) = silent.accept() {
            let _ = stream.read(&mut [0; 16]);
            kept.push(stream);
        }
    });
    let server = |port: u16| format!("server: 'http://127.0.0.1:{port}'");
    let kubeconfig = folder.path().join("config").display().to_string();
    let late = "error: the cluster of the current context gives no answer within 1 s: ";
    for (text, more, expected) in [
        (config(&server(gone), "{}"), &[][..], "error: the cluster of context `one` can't be reached: "),
        (config(&server(port), "{}"), &["--timeout", "1"], late),
        (config(NOWHERE, &exec("sh", "sleep 60", "")), &["--timeout", "1"], late),
    ] {
        std::fs::write(&kubeconfig, text).expect("writable");
        let began = Instant::now();
        let ran = Pgpod::new(["diff", "demo"].iter().chain(more)).env("KUBECONFIG", &kubeconfig).run();
        assert_eq!((ran.status, ran.stdout.as_str()), (3, ""), "{}", ran.stderr);
        assert!(ran.stderr.starts_with(expected), "{}", ran.stderr);
        // Half of what the login program takes, which nothing may wait for.
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}: {}", began.elapsed(), ran.stderr);
    }
    let Some(kubectl) = api_server() else { return };
    let own = std::fs::read_to_string(&kubectl.kubeconfig).expect("it is there");
    std::fs::write(&kubeconfig, own.replace("token: test", "token: expired-hunter22")).expect("writable");
    let ran = Pgpod::new(["diff", "demo"]).env("KUBECONFIG", &kubeconfig).run();
    assert_eq!(ran.status, 3);
    let said = "error: the API server of context `test` does not accept the credentials: Unauthorized; they may have expired, so log in again\n";
    assert_eq!(ran.stderr, said);
}
