//! A real API server with nothing behind it: it admits and refuses as every cluster does, and runs no pod.

use super::gate;
use super::kubectl::Kubectl;
use super::program::run;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A token that the API server knows, and that tells when it expires, as those of OpenID Connect: in the year 2100.
pub(crate) const LOGGED_IN: &str = "e30.eyJleHAiOjQxMDI0NDQ4MDB9.x";

/// The API server of this test run; it ends with the run.
pub(crate) fn api_server() -> Option<&'static Kubectl> {
    // The shell that runs the servers ends them when its standard input ends: so the child is kept here.
    static SERVER: OnceLock<(Kubectl, Child)> = OnceLock::new();
    let Some(assets) = gate::variable("KUBEBUILDER_ASSETS").map(PathBuf::from) else {
        return gate::missing(
            "apiserver",
            "KUBEBUILDER_ASSETS is not set; `just test` sets it where the lab is",
        );
    };
    for program in ["etcd", "kube-apiserver", "kubectl"] {
        if !assets.join(program).exists() {
            return gate::missing("apiserver", &format!("there is no {program} in {}", assets.display()));
        }
    }
    Some(&SERVER.get_or_init(|| start(&assets)).0)
}

const SCRIPT: &str = r#"
cd "$FOLDER" || exit 1
"$ASSETS/etcd" --data-dir etcd --unsafe-no-fsync --listen-client-urls "http://127.0.0.1:$ETCD" \
  --advertise-client-urls "http://127.0.0.1:$ETCD" --listen-peer-urls "http://127.0.0.1:$PEER" \
  --initial-advertise-peer-urls "http://127.0.0.1:$PEER" --initial-cluster "default=http://127.0.0.1:$PEER" >etcd.log 2>&1 &
etcd=$!
"$ASSETS/kube-apiserver" --etcd-servers="http://127.0.0.1:$ETCD" --bind-address=127.0.0.1 --secure-port="$API" \
  --advertise-address=192.0.2.1 --endpoint-reconciler-type=none --cert-dir=certificates --authorization-mode=RBAC \
  --service-cluster-ip-range=10.0.0.0/24 --token-auth-file=tokens --disable-admission-plugins=ServiceAccount --service-account-key-file=key.pub \
  --service-account-signing-key-file=key --service-account-issuer=https://kubernetes.default.svc >apiserver.log 2>&1 &
api=$!
read -r _
# Not asked politely: without its etcd, the API server would wait for ever. Nothing of it is kept.
kill -KILL $api $etcd
wait
cd / && rm -rf "$FOLDER"
"#;

fn start(assets: &Path) -> (Kubectl, Child) {
    let began = Instant::now();
    // Statics are never dropped: the shell deletes the folder at the end.
    let folder = tempfile::Builder::new().prefix("pgpod-api-").tempdir().expect("writable").keep();
    let [api, etcd, peer] = free_ports();
    let key = rcgen::KeyPair::generate().expect("a key can be made");
    let kubeconfig = format!(
        "{{apiVersion: v1, kind: Config, current-context: test, \
         clusters: [{{name: test, cluster: {{server: 'https://127.0.0.1:{api}', insecure-skip-tls-verify: true}}}}], \
         users: [{{name: test, user: {{token: test}}}}], \
         contexts: [{{name: test, context: {{cluster: test, user: test}}}}]}}\n"
    );
    let files = [
        ("key", key.serialize_pem()),
        ("key.pub", key.public_key_pem()),
        (
            "tokens",
            format!(
                "test,admin,admin,system:masters\n{LOGGED_IN},admin,admin,system:masters\nreader,reader,reader\n"
            ),
        ),
        ("kubeconfig", kubeconfig),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a new folder is writable");
    }
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SCRIPT]).env("FOLDER", &folder).env("ASSETS", assets);
    command.env("API", api.to_string()).env("ETCD", etcd.to_string()).env("PEER", peer.to_string());
    // No stream of the test run's own: whoever reads those would wait for these servers too.
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the shell starts");
    let kubectl = Kubectl { program: assets.join("kubectl"), kubeconfig: folder.join("kubeconfig") };
    // A namespace is made late in the start, so it tells that the server is ready for manifests.
    while kubectl.run(&["get", "namespace", "default"], "").status != 0 {
        if began.elapsed() > Duration::from_mins(3) {
            let log = run(Command::new("tail").arg("-n40").arg(folder.join("apiserver.log")), b"").stdout;
            panic!("the API server doesn't answer:\n{log}");
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    (kubectl, child)
}

/// Three ports of loopback that were free a moment ago.
fn free_ports() -> [u16; 3] {
    // All three are held before one is given back, else the same port could come twice.
    let held =
        [(); 3].map(|()| std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port"));
    held.map(|listener| listener.local_addr().expect("it is bound").port())
}

#[test]
fn the_api_server_accepts_a_manifest_and_refuses_an_unknown_field() {
    let Some(kubectl) = api_server() else { return };
    let good = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: b}}";
    assert_eq!(kubectl.dry_run(good), Ok("configmap/a created (server dry run)\n".to_owned()));
    let bad = kubectl.dry_run(&good.replace(" data:", " datum:"));
    assert!(bad.as_ref().is_err_and(|text| text.contains("unknown field \"datum\"")), "{bad:?}");
}
