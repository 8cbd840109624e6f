//! Ways to log in that a kubeconfig may name, each until the API server answers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::live::Release;
use crate::support::LOGGED_IN;

/// A provider of OpenID Connect that renews a token, over TLS. It prints its port.
const PROVIDER: &str = r#"
import http.server, json, ssl, sys
folder, token = sys.argv[1:]
class Provider(http.server.BaseHTTPRequestHandler):
    def answer(self, body, status=200):
        self.send_response(status)
        body = json.dumps(body).encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.answer({"token_endpoint": "https://localhost:%d/token" % port})
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        good = "grant_type=refresh_token" in body and "refresh_token=renew-me" in body
        self.answer({"id_token": token} if good else {"error": "invalid_grant"}, 200 if good else 400)
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Provider)
port = server.server_address[1]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/certificate", folder + "/key")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(port, flush=True)
server.serve_forever()
"#;

struct Provider {
    child: Child,
    port: String,
}

impl Provider {
    fn start(folder: &Path) -> Self {
        let made =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate can be made");
        std::fs::write(folder.join("certificate"), made.cert.pem()).expect("writable");
        std::fs::write(folder.join("key"), made.signing_key.serialize_pem()).expect("writable");
        let mut command = Command::new("python3");
        command.args(["-c", PROVIDER]).arg(folder).arg(LOGGED_IN).stdout(Stdio::piped());
        let mut child = command.spawn().expect("Python starts");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("it is piped"))
            .read_line(&mut port)
            .expect("it says its port");
        Self { child, port: port.trim().to_owned() }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_way_to_log_in_reaches_the_api_server() {
    let Some(release) = Release::applied("credentials", &[]) else { return };
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let provider = Provider::start(folder.path());
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writable");
        path.display().to_string()
    };
    let credential = |token: &str| {
        format!(
            r#"{{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {{"token": "{token}"}}}}"#
        )
    };
    let (good, bad) = (write("good", &credential("test")), write("bad", &credential("hunter22")));
    let [token, wrong] = [write("token", "test\n"), write("wrong", "hunter22\n")];
    let exec = |file: &str| {
        format!(
            "{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, 'cat $FILE'], \
             env: [{{name: FILE, value: {file}}}], interactiveMode: Never}}}}"
        )
    };
    let expired = format!("{}.{}.x", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(r#"{"exp": 1}"#));
    let oidc = |id: &str, renew: &str| {
        format!(
            "{{auth-provider: {{name: oidc, config: {{id-token: {id}, refresh-token: {renew}, client-id: pgpod, \
             client-secret: hunter22, idp-issuer-url: 'https://localhost:{}'}}}}}}",
            provider.port
        )
    };
    let own = std::fs::read_to_string(&release.kubectl.kubeconfig).expect("it is there");
    let certificates = folder.path().join("certificate").display().to_string();
    for (user, expected) in [
        ("{token: test}".to_owned(), Ok(())),
        (format!("{{tokenFile: {token}}}"), Ok(())),
        (format!("{{tokenFile: {wrong}}}"), Err("does not accept the credentials")),
        (format!("{{tokenFile: {token}-of-last-year}}"), Err("cannot read the token `")),
        (exec(&good), Ok(())),
        (exec(&bad), Err("does not accept the credentials")),
        (oidc(LOGGED_IN, "renew-me"), Ok(())),
        (oidc(&expired, "renew-me"), Ok(())),
        (oidc(&expired, "hunter22"), Err("the credentials of the kubeconfig can't be used")),
    ] {
        let kubeconfig = write("kubeconfig", &own.replace("{token: test}", &user));
        let diff =
            release.pgpod("diff", &[]).env("KUBECONFIG", &kubeconfig).env("SSL_CERT_FILE", &certificates);
        let ran = diff.run();
        match expected {
            Ok(()) => assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{user}: {}", ran.stdout),
            Err(why) => assert!(ran.status == 3 && ran.stderr.contains(why), "{user}: {ran:?}"),
        }
        assert!(!ran.stderr.contains("hunter22"), "{}", ran.stderr);
    }
}
