//! A release and the names of what it consists of: what rules and plan both build on.

use serde::Serialize;

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Rule;

/// What the command line says of a release, beside its values.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Its name: every object is called after it.
    pub name: String,
    /// The namespace of its objects.
    pub namespace: String,
    /// Whether the namespace itself is rendered.
    pub create_namespace: bool,
    /// The minor version of Kubernetes that the objects are for.
    pub kube_version: u32,
}

impl Release {
    /// A release by its name and namespace, or why Kubernetes would not take them.
    pub fn new(name: &str, namespace: &str, create_namespace: bool) -> Result<Self, Diagnostic> {
        let refuse = |what: &str, text: &str, why: String| {
            Diagnostic::error(codes::BAD_NAME, format!("`{}` is no name of a {what}", text.escape_debug()))
                .cause(why)
                .help(format!("choose a {what} such as `plant7`: lower-case letters, digits and `-`"))
        };
        Rule::ServiceName.check(name).map_err(|why| refuse("release", name, why))?;
        if name == "tls" {
            let why =
                "`pgpod secret tls` makes certificates, so that its passwords could not be drawn".to_owned();
            return Err(refuse("release", name, why));
        }
        let longest = 63 - names::LONGEST_SUFFIX;
        if name.len() > longest {
            let why = format!(
                "it has {} characters, and objects are called after it with up to {} more; at most {longest} fit",
                name.len(),
                names::LONGEST_SUFFIX
            );
            return Err(refuse("release", name, why));
        }
        Rule::Label.check(namespace).map_err(|why| refuse("namespace", namespace, why))?;
        Ok(Self {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            create_namespace,
            kube_version: KUBE_VERSION,
        })
    }
}

/// The minor version of Kubernetes that objects are for unless another is said.
pub const KUBE_VERSION: u32 = 33;

/// A version of Kubernetes that objects can be made for: its minor.
pub fn kube_version(text: &str) -> Result<u32, String> {
    let version = text.strip_prefix('v').unwrap_or(text);
    let mut parts = version.split('.');
    // Clusters of some providers say `33+` of themselves.
    let minor = |part: &str| part.strip_suffix('+').unwrap_or(part).parse::<u32>();
    let (Some("1"), Some(Ok(minor))) = (parts.next(), parts.next().map(minor)) else {
        return Err("a version is written as `1.33`".to_owned());
    };
    match minor {
        31..=37 => Ok(minor),
        _ => Err("supported are 1.31 to 1.37".to_owned()),
    }
}

/// The names of a release's objects and of its roles.
pub mod names {
    /// The superuser. It comes in over the socket only.
    pub const SUPERUSER: &str = "postgres";
    /// The role of postgres_exporter. It comes in over the socket only and has no password.
    pub const EXPORTER: &str = "pgpod_exporter";
    /// The user of the exporter's container, by its own image.
    pub const EXPORTER_UID: u32 = 65534;
    /// The port of the server in its pod.
    pub const PORT: u16 = 5432;

    /// The ConfigMap that the cluster keeps in every namespace: what its API server's certificate is checked with.
    pub const CLUSTER_CA: &str = "kube-root-ca.crt";

    /// The Secret with passwords.
    pub fn auth(release: &str) -> String {
        format!("{release}-auth")
    }

    /// The Secret with the server's certificate.
    pub fn tls(release: &str) -> String {
        format!("{release}-tls")
    }

    /// The longest name that anything of a release has is this much longer than the release's: the revision of a
    /// StatefulSet, which is in a label of its pods (without room for it, no pod is made: kubernetes/kubernetes#64023).
    pub const LONGEST_SUFFIX: usize = "-0123456789".len();
}
