//! The containers of the pod: images, environments, mounts.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::{Config, Image, Kubernetes, Requirements};
use crate::rules::{Facts, image_reference};

use super::{Release, high_availability, names};

/// Where things are in the pod. The scripts have the same defaults.
pub(super) mod paths {
    pub(in crate::plan) const SCRIPTS: &str = "/etc/pgpod/scripts";
    pub(in crate::plan) const CONFIG: &str = "/etc/pgpod/config";
    pub(in crate::plan) const INIT: &str = "/etc/pgpod/init";
    pub(in crate::plan) const AUTH: &str = "/etc/pgpod/auth";
    pub(in crate::plan) const TLS: &str = "/etc/pgpod/tls";
    pub(in crate::plan) const DATA: &str = "/var/lib/postgresql";
    pub(in crate::plan) const WAL: &str = "/var/lib/postgresql-wal";
    pub(in crate::plan) const SOCKET: &str = "/var/run/postgresql";
    pub(in crate::plan) const STATE: &str = "/var/run/pgpod";
    pub(in crate::plan) const MEMORY: &str = "/var/run/pgpod-memory";
    pub(in crate::plan) const ROLE: &str = "/var/run/pgpod-role";
    pub(in crate::plan) const TOKEN: &str = "/var/run/secrets/pgpod";
}

/// A container's image, environment, mounts and amounts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    pub image: String,
    pub pull_policy: &'static str,
    pub env: Vec<Json>,
    pub mounts: Vec<Json>,
    pub resources: Json,
    pub args: Vec<String>,
    pub port: Option<u16>,
}

/// The server's container.
pub(super) fn server(config: &Config, release: &Release, facts: &Facts) -> Container {
    Container {
        image: facts.image.reference(config),
        pull_policy: config.postgresql.image.pull_policy.as_str(),
        env: server_env(config, release, facts),
        mounts: server_mounts(config),
        resources: resources(&config.resources),
        args: Vec::new(),
        port: Some(names::PORT),
    }
}

/// The keeper's container: the server's image, and no data.
pub(super) fn keeper(config: &Config, release: &Release, facts: &Facts) -> Container {
    Container {
        image: facts.image.reference(config),
        pull_policy: config.postgresql.image.pull_policy.as_str(),
        env: keeper_env(config, release, facts),
        mounts: keeper_mounts(config),
        resources: json!({
            "requests": { "cpu": "10m", "memory": "32Mi" },
            "limits": { "cpu": "500m", "memory": "128Mi" },
        }),
        args: Vec::new(),
        port: None,
    }
}

/// Values in Kubernetes' own shape, as they are.
pub(super) fn as_is(items: &[Kubernetes]) -> Vec<Json> {
    items.iter().map(|item| item.0.clone()).collect()
}

fn resources(wanted: &Requirements) -> Json {
    json!({
        "requests": { "cpu": wanted.requests.cpu.as_str(), "memory": wanted.requests.memory.as_str() },
        "limits": { "cpu": wanted.limits.cpu.as_str(), "memory": wanted.limits.memory.as_str() },
    })
}

/// A variable with this value: Kubernetes replaces `$(NAME)` in it, and takes `$$` for `$`.
fn env(name: &str, value: impl AsRef<str>) -> Json {
    json!({ "name": name, "value": value.as_ref().replace('$', "$$") })
}

fn server_env(config: &Config, release: &Release, facts: &Facts) -> Vec<Json> {
    let mut list = vec![
        env("PGDATA", format!("{}/{}/docker", paths::DATA, facts.major.number())),
        env("PGPOD_MAJOR", facts.major.number().to_string()),
        env("PGPOD_LOCALE", facts.locale),
        // The kernel then kills a backend before the server's first process (the manual, "Linux Memory Overcommit").
        env("PG_OOM_ADJUST_FILE", "/proc/self/oom_score_adj"),
        env("PG_OOM_ADJUST_VALUE", "0"),
    ];
    if config.persistence.wal.enabled && !config.persistence.wal.retire {
        list.push(env("PGPOD_WAL", paths::WAL));
    }
    if config.security.tls.enabled {
        list.push(env("PGPOD_TLS", paths::TLS));
    }
    if let Some(family) = &config.postgresql.image.accept_family {
        list.push(env("PGPOD_ACCEPT_IMAGE_FAMILY", family.as_str()));
    }
    if config.is_ha() {
        list.extend(member_env(config, release));
    } else if let Some(ordinal) = config.persistence.from_ordinal {
        list.push(env("PGPOD_FROM_ORDINAL", ordinal.to_string()));
    }
    list.extend(as_is(&config.extra_env));
    list
}

fn keeper_env(config: &Config, release: &Release, facts: &Facts) -> Vec<Json> {
    let mut list = vec![
        env("PGPOD_MAJOR", facts.major.number().to_string()),
        env("PGPOD_PASSWORDS", "superuser-password app-password readonly-password replication-password"),
    ];
    if config.security.tls.enabled {
        list.push(env("PGPOD_TLS", paths::TLS));
    }
    if config.is_ha() {
        list.extend(member_env(config, release));
        if config.high_availability.read_service.enabled {
            list.push(env("PGPOD_ROLE", paths::ROLE));
        }
    }
    list
}

/// What one of several servers knows of the others: the same for each, so that no change of one restarts another.
fn member_env(config: &Config, release: &Release) -> Vec<Json> {
    vec![
        own_field("PGPOD_POD", "metadata.name"),
        env("PGPOD_PEERS", high_availability::peers(release)),
        env("PGPOD_REPLICATION_USER", config.postgresql.auth.replication_username.as_str()),
        env("PGPOD_MEMORY", paths::MEMORY),
    ]
}

/// A variable with a field of the pod itself.
fn own_field(name: &str, field: &str) -> Json {
    json!({ "name": name, "valueFrom": { "fieldRef": { "fieldPath": field } } })
}

fn mount(name: &str, path: &str) -> Json {
    json!({ "name": name, "mountPath": path })
}

fn read_only(name: &str, path: &str) -> Json {
    json!({ "name": name, "mountPath": path, "readOnly": true })
}

/// `/etc/passwd` alone is a subPath: it never changes while a pod lives.
fn passwd() -> Json {
    json!({ "name": "config", "mountPath": "/etc/passwd", "subPath": "passwd", "readOnly": true })
}

fn server_mounts(config: &Config) -> Vec<Json> {
    let mut list = vec![
        mount("data", paths::DATA),
        mount("socket", paths::SOCKET),
        mount("state", paths::STATE),
        mount("tmp", "/tmp"),
        mount("shm", "/dev/shm"),
        read_only("config", paths::CONFIG),
        read_only("scripts", paths::SCRIPTS),
        passwd(),
    ];
    if config.persistence.wal.enabled {
        list.push(mount("wal", paths::WAL));
    }
    if config.security.tls.enabled {
        list.push(read_only("tls", paths::TLS));
    }
    if config.is_ha() {
        list.push(mount("memory", paths::MEMORY));
    }
    list.extend(as_is(&config.extra_volume_mounts));
    list
}

fn keeper_mounts(config: &Config) -> Vec<Json> {
    let mut list = vec![
        mount("socket", paths::SOCKET),
        mount("state", paths::STATE),
        mount("keeper-tmp", "/tmp"),
        read_only("config", paths::CONFIG),
        read_only("init", paths::INIT),
        read_only("auth", paths::AUTH),
        read_only("scripts", paths::SCRIPTS),
        passwd(),
    ];
    if config.security.tls.enabled {
        list.push(read_only("tls", paths::TLS));
    }
    if config.is_ha() {
        // The list of synchronous standbys, and whom this server follows, are beside the data.
        list.push(mount("data", paths::DATA));
        list.push(mount("memory", paths::MEMORY));
        if config.high_availability.read_service.enabled {
            list.push(mount("role", paths::ROLE));
        }
    }
    list
}

/// The container that labels its own pod, so that the Service for reading finds it. It sees no data and no password.
pub(super) fn role(config: &Config, facts: &Facts) -> Container {
    let service = &config.high_availability.read_service;
    Container {
        image: image(config, &service.image, facts.curl),
        pull_policy: service.image.pull_policy.as_str(),
        env: vec![
            own_field("PGPOD_POD", "metadata.name"),
            own_field("PGPOD_NAMESPACE", "metadata.namespace"),
            env("PGPOD_ROLE", paths::ROLE),
        ],
        mounts: vec![
            read_only("role", paths::ROLE),
            mount("role-tmp", "/tmp"),
            read_only("scripts", paths::SCRIPTS),
            read_only("token", paths::TOKEN),
        ],
        resources: resources(&service.resources),
        args: Vec::new(),
        port: None,
    }
}

/// The exporter's container, with its own user.
pub(super) fn exporter(config: &Config, facts: &Facts) -> Container {
    let exporter = &config.monitoring.exporter;
    let mut args = vec![format!("--web.listen-address=:{}", exporter.port)];
    if facts.major.number() >= 17 {
        args.push("--collector.stat_checkpointer".to_owned());
    }
    Container {
        image: image(config, &exporter.image, facts.exporter),
        pull_policy: exporter.image.pull_policy.as_str(),
        env: vec![env(
            "DATA_SOURCE_NAME",
            format!("host={} user={} dbname=postgres sslmode=disable", paths::SOCKET, names::EXPORTER),
        )],
        mounts: vec![json!({ "name": "socket", "mountPath": paths::SOCKET, "readOnly": true })],
        resources: resources(&exporter.resources),
        args,
        port: Some(exporter.port),
    }
}

/// The reference of an image: what the values say, over the table's row.
fn image(config: &Config, own: &Image, row: (&str, &str, &str)) -> String {
    let (registry, repository, tag) = row;
    let registry =
        own.registry.as_ref().or(config.global.image_registry.as_ref()).map_or(registry, |r| r.as_str());
    let repository = own.repository.as_ref().map_or(repository, |r| r.as_str());
    image_reference(
        registry,
        repository,
        own.tag.as_ref().map_or(tag, |t| t.as_str()),
        own.digest.as_ref().map(crate::config::Digest::as_str),
    )
}
