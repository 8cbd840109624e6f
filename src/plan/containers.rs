//! The containers of the pod: images, environments, mounts.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::{Config, Image, Kubernetes, Requirements};
use crate::rules::Facts;

use super::names;

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
pub(super) fn server(config: &Config, facts: &Facts) -> Container {
    Container {
        image: server_image(config, facts),
        pull_policy: config.postgresql.image.pull_policy.as_str(),
        env: server_env(config, facts),
        mounts: server_mounts(config),
        resources: resources(&config.resources),
        args: Vec::new(),
        port: Some(names::PORT),
    }
}

/// The keeper's container: the server's image, and no data.
pub(super) fn keeper(config: &Config, facts: &Facts) -> Container {
    Container {
        image: server_image(config, facts),
        pull_policy: config.postgresql.image.pull_policy.as_str(),
        env: keeper_env(config, facts),
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

fn server_env(config: &Config, facts: &Facts) -> Vec<Json> {
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
    list.extend(as_is(&config.extra_env));
    list
}

fn keeper_env(config: &Config, facts: &Facts) -> Vec<Json> {
    let mut list = vec![
        env("PGPOD_MAJOR", facts.major.number().to_string()),
        env("PGPOD_PASSWORDS", "superuser-password app-password readonly-password replication-password"),
    ];
    if config.security.tls.enabled {
        list.push(env("PGPOD_TLS", paths::TLS));
    }
    list
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
    list
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
    reference(
        registry,
        repository,
        own.tag.as_ref().map_or(tag, |t| t.as_str()),
        own.digest.as_ref().map(crate::config::Digest::as_str),
    )
}

fn server_image(config: &Config, facts: &Facts) -> String {
    let own = &config.postgresql.image;
    let registry = own.registry.as_ref().or(config.global.image_registry.as_ref());
    reference(
        registry.map_or(&facts.image.registry, |r| r.as_str()),
        own.repository.as_ref().map_or(&facts.image.repository, |r| r.as_str()),
        own.tag.as_ref().map_or(&facts.image.tag, |t| t.as_str()),
        own.digest.as_ref().map(crate::config::Digest::as_str),
    )
}

fn reference(registry: &str, repository: &str, tag: &str, digest: Option<&str>) -> String {
    let mut reference = format!("{}/{repository}", registry.trim_end_matches('/'));
    if !tag.is_empty() {
        reference.push(':');
        reference.push_str(tag);
    }
    if let Some(digest) = digest {
        reference.push('@');
        reference.push_str(digest);
    }
    reference
}
