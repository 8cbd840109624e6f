//! What has to fit in the pod: ports, names, amounts, the major.

use crate::config::{Kubernetes, ResourceAmounts};
use crate::diagnostics::{Diagnostic, codes};
use crate::quantity::Quantity;
use crate::release::names;
use crate::yaml::ValuePath;

use super::Subject;
use super::findings::{Findings, path};

pub(super) fn ports_are_distinct(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let exporter = &subject.config.monitoring.exporter;
    if exporter.enabled && exporter.port == names::PORT {
        found.at(
            &path(&["monitoring", "exporter", "port"]),
            "",
            Diagnostic::error(codes::PORT_TAKEN, format!("the exporter cannot listen on {}", names::PORT))
                .cause("the server listens there, in the same pod")
                .help("leave it out to use 9187"),
        );
    }
    let user = subject.config.security.pod_security_context.run_as_user;
    if exporter.enabled && user == names::EXPORTER_UID {
        found.at(
            &path(&["security", "podSecurityContext", "runAsUser"]),
            "",
            Diagnostic::error(codes::USER_TAKEN, format!("the server cannot run as user {user}"))
                .cause("the exporter does: the server tells the two apart by their users")
                .help("choose another user, or turn the exporter off"),
        );
    }
}

/// Names that the pod itself uses.
const CONTAINERS: [&str; 4] = ["postgres", "keeper", "exporter", "role"];
const VOLUMES: [&str; 16] = [
    "auth",
    "config",
    "data",
    "init",
    "keeper-tmp",
    "memory",
    "role",
    "role-tmp",
    "scripts",
    "shm",
    "socket",
    "state",
    "tls",
    "tmp",
    "token",
    "wal",
];
const VARIABLES: [&str; 5] = ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE"];

pub(super) fn names_of_extras_are_free(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let config = subject.config;
    // The one variable that a person sets by hand, once, and the server's log says so.
    let by_hand = |name: &str| name == "PGPOD_ADOPT_SYSTEM";
    let reserved = |name: &str| VARIABLES.contains(&name) || (name.starts_with("PGPOD_") && !by_hand(name));
    check(found, "extraContainers", &config.extra_containers, |name| CONTAINERS.contains(&name));
    check(found, "extraInitContainers", &config.extra_init_containers, |name| CONTAINERS.contains(&name));
    check(found, "extraVolumes", &config.extra_volumes, |name| VOLUMES.contains(&name));
    check(found, "extraEnv", &config.extra_env, reserved);
}

fn check(found: &mut Findings<'_>, key: &str, items: &[Kubernetes], taken: impl Fn(&str) -> bool) {
    for (index, item) in items.iter().enumerate() {
        let at = path(&[key]).item(index);
        let name = item.0.get("name").filter(|name| !name.is_null());
        if let Some(other) = name.filter(|name| name.is_number() || name.is_boolean()) {
            let at = at.child("name");
            let finding = Diagnostic::error(codes::EXTRA_NAMELESS, format!("`{at}` is not a text"));
            found.at(&at, "", finding.cause(format!("YAML reads it as `{other}`")).help("quote it"));
            continue;
        }
        let Some(name) = name.and_then(|name| name.as_str()) else {
            let finding = Diagnostic::error(codes::EXTRA_NAMELESS, format!("`{at}` has no `name`"));
            found.at(&at, "", finding.help("give it a name, as Kubernetes wants it"));
            continue;
        };
        if taken(name) {
            let finding =
                Diagnostic::error(codes::NAME_TAKEN, format!("`{name}` is a name that the pod itself uses"));
            found.at(&at.child("name"), "", finding.help("rename it; `patches` can change what the pod has"));
        }
    }
}

/// Kubernetes refuses a request above its limit.
pub(super) fn memory_requests_fit_limits(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let config = subject.config;
    let exporter = &config.monitoring.exporter.resources;
    for (base, requests, limits) in [
        (path(&["resources"]), &config.resources.requests, &config.resources.limits),
        (path(&["monitoring", "exporter", "resources"]), &exporter.requests, &exporter.limits),
    ] {
        fit(found, &base, "cpu", |amounts| amounts.cpu.as_str(), requests, limits);
        fit(found, &base, "memory", |amounts| amounts.memory.as_str(), requests, limits);
    }
}

fn fit(
    found: &mut Findings<'_>,
    base: &ValuePath,
    what: &str,
    amount: impl Fn(&ResourceAmounts) -> &str,
    requests: &ResourceAmounts,
    limits: &ResourceAmounts,
) {
    let (Ok(request), Ok(limit)) = (Quantity::parse(amount(requests)), Quantity::parse(amount(limits)))
    else {
        return;
    };
    if request > limit {
        let (request_at, limit_at) = (base.child("requests").child(what), base.child("limits").child(what));
        found.at_all(
            &[(&request_at, "the request"), (&limit_at, "the limit")],
            Diagnostic::error(codes::REQUEST_OVER_LIMIT, format!("`{request_at}` is more than `{limit_at}`"))
                .cause("Kubernetes refuses a container that asks for more than it may use")
                .help("lower the request, or raise the limit"),
        );
    }
}

pub(super) fn major_is_supported(subject: &Subject<'_>, found: &mut Findings<'_>) {
    if subject.major.number() == 14 {
        found.at(
            &path(&["postgresql", "version"]),
            "",
            Diagnostic::warning(codes::END_OF_LIFE, "PostgreSQL 14 is past its end of life")
                .cause("it gets no corrections since 2026-11-12 (postgresql.org, Versioning Policy)")
                .help("plan the upgrade to 17"),
        );
    }
}
