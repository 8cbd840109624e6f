//! The pod: its containers, volumes and the paths in it.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::{Config, Image, Kubernetes, Requirements};
use crate::rules::Facts;

use super::{Labels, Metadata, Release, names, storage};

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

/// The pod of the release.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pod {
    /// The Deployment's metadata.
    pub workload: Metadata,
    /// The pod template's metadata.
    pub metadata: Metadata,
    pub service_account_name: String,
    pub security_context: Json,
    pub termination_grace_period_seconds: u32,
    pub image_pull_secrets: Option<Json>,
    pub node_selector: Option<Json>,
    pub tolerations: Option<Json>,
    pub affinity: Option<Json>,
    pub topology_spread_constraints: Option<Json>,
    pub priority_class_name: Option<String>,
    pub scheduler_name: Option<String>,
    pub server: Container,
    pub keeper: Container,
    pub exporter: Option<Container>,
    /// What every container is restricted by.
    pub restricted: Json,
    /// The same, for the exporter's own user.
    pub exporter_security: Json,
    pub extra_containers: Vec<Json>,
    pub init_containers: Option<Vec<Json>>,
    pub volumes: Vec<Json>,
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

pub(super) fn pod(config: &Config, release: &Release, facts: &Facts, labels: &Labels, checksum: &str) -> Pod {
    let security = &config.security.pod_security_context;
    let image = server_image(config, facts);
    let pull_policy = config.postgresql.image.pull_policy.as_str();
    let pull_secrets: Vec<Json> =
        config.global.image_pull_secrets.iter().map(|name| json!({ "name": name.as_str() })).collect();
    Pod {
        workload: labels.object("", "database"),
        metadata: labels.pod(config, checksum),
        service_account_name: account(config, release),
        security_context: json!({
            "runAsNonRoot": true,
            "runAsUser": security.run_as_user,
            "runAsGroup": security.run_as_group,
            "fsGroup": security.fs_group,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": { "type": "RuntimeDefault" },
        }),
        termination_grace_period_seconds: config.termination_grace_period_seconds,
        image_pull_secrets: some(pull_secrets),
        node_selector: node_selector(config, facts),
        tolerations: some(as_is(&config.tolerations)),
        affinity: config.affinity.as_ref().map(|affinity| affinity.0.clone()),
        topology_spread_constraints: some(as_is(&config.topology_spread_constraints)),
        priority_class_name: config.priority_class_name.as_ref().map(|name| name.as_str().to_owned()),
        scheduler_name: config.scheduler_name.as_ref().map(|name| name.as_str().to_owned()),
        server: Container {
            image: image.clone(),
            pull_policy,
            env: server_env(config, facts),
            mounts: server_mounts(config),
            resources: resources(&config.resources),
            args: Vec::new(),
            port: Some(names::PORT),
        },
        keeper: Container {
            image,
            pull_policy,
            env: keeper_env(config, facts),
            mounts: keeper_mounts(config),
            resources: json!({
                "requests": { "cpu": "10m", "memory": "32Mi" },
                "limits": { "cpu": "500m", "memory": "128Mi" },
            }),
            args: Vec::new(),
            port: None,
        },
        exporter: config.monitoring.exporter.enabled.then(|| exporter(config, facts)),
        restricted: restricted(None),
        exporter_security: restricted(Some(names::EXPORTER_UID)),
        extra_containers: as_is(&config.extra_containers),
        init_containers: Some(as_is(&config.extra_init_containers)).filter(|c| !c.is_empty()),
        volumes: volumes(config, release, facts, labels),
    }
}

fn restricted(user: Option<u32>) -> Json {
    let mut context = json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": { "drop": ["ALL"] },
    });
    if let Some(user) = user {
        context["runAsUser"] = user.into();
        context["runAsGroup"] = user.into();
    }
    context
}

fn account(config: &Config, release: &Release) -> String {
    let account = &config.service_account;
    match (&account.name, account.create) {
        (Some(name), _) => name.as_str().to_owned(),
        (None, true) => release.name.clone(),
        (None, false) => "default".to_owned(),
    }
}

/// The pod goes where the values say, and where the image has a build.
fn node_selector(config: &Config, facts: &Facts) -> Option<Json> {
    let mut selector = serde_json::Map::new();
    let only = match facts.image.architectures.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    };
    if let Some(architecture) = config.architecture.map(|a| a.as_str().to_owned()).or(only) {
        selector.insert("kubernetes.io/arch".into(), architecture.into());
    }
    selector.extend(config.node_selector.iter().map(|(key, value)| (key.clone(), value.as_str().into())));
    (!selector.is_empty()).then_some(Json::Object(selector))
}

fn some(items: Vec<Json>) -> Option<Json> {
    (!items.is_empty()).then_some(Json::Array(items))
}

fn as_is(items: &[Kubernetes]) -> Vec<Json> {
    items.iter().map(|item| item.0.clone()).collect()
}

fn resources(wanted: &Requirements) -> Json {
    json!({
        "requests": { "cpu": wanted.requests.cpu.as_str(), "memory": wanted.requests.memory.as_str() },
        "limits": { "cpu": wanted.limits.cpu.as_str(), "memory": wanted.limits.memory.as_str() },
    })
}

fn env(name: &str, value: impl Into<Json>) -> Json {
    json!({ "name": name, "value": value.into() })
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
    if config.persistence.wal.enabled {
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

fn exporter(config: &Config, facts: &Facts) -> Container {
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
    let registry = registry.trim_end_matches('/');
    match digest {
        Some(digest) => format!("{registry}/{repository}:{tag}@{digest}"),
        None => format!("{registry}/{repository}:{tag}"),
    }
}

fn volumes(config: &Config, release: &Release, facts: &Facts, labels: &Labels) -> Vec<Json> {
    let map = |name: &str, mode: u32| json!({ "name": name, "configMap": { "name": format!("{}-{name}", release.name), "defaultMode": mode } });
    let mut list = vec![
        storage::volume(&config.persistence, labels, "data"),
        map("config", 0o444),
        map("init", 0o444),
        map("scripts", 0o555),
        json!({ "name": "auth", "secret": auth(config, release) }),
        json!({ "name": "socket", "emptyDir": { "medium": "Memory", "sizeLimit": "16Mi" } }),
        json!({ "name": "state", "emptyDir": { "medium": "Memory", "sizeLimit": "16Mi" } }),
        json!({ "name": "tmp", "emptyDir": { "sizeLimit": "1Gi" } }),
        json!({ "name": "keeper-tmp", "emptyDir": { "sizeLimit": "64Mi" } }),
        json!({ "name": "shm", "emptyDir": { "medium": "Memory", "sizeLimit": facts.shm } }),
    ];
    if config.persistence.wal.enabled {
        list.push(storage::volume(&config.persistence, labels, "wal"));
    }
    if config.security.tls.enabled {
        let own = config.security.tls.secret_name.as_ref().map(|name| name.as_str().to_owned());
        let name = own.unwrap_or_else(|| names::tls(&release.name));
        // The server wants its key to be root's with mode 0640 or less; the group is fsGroup's.
        list.push(json!({ "name": "tls", "secret": { "secretName": name, "defaultMode": 0o440 } }));
    }
    list.extend(as_is(&config.extra_volumes));
    list
}

/// The Secret with passwords: mounted whole, unless an existing one has keys of its own.
fn auth(config: &Config, release: &Release) -> Json {
    let Some(existing) = &config.postgresql.auth.existing_secret else {
        return json!({ "secretName": names::auth(&release.name), "defaultMode": 0o440 });
    };
    let mut secret = json!({ "secretName": existing.name.as_str(), "defaultMode": 0o440 });
    if let Some(keys) = &existing.keys {
        let items: Vec<Json> = [
            ("superuser-password", &keys.superuser),
            ("app-password", &keys.app),
            ("readonly-password", &keys.read_only),
            ("replication-password", &keys.replication),
        ]
        .into_iter()
        .map(|(path, key)| json!({ "key": key.as_ref().map_or(path, |key| key.as_str()), "path": path }))
        .collect();
        secret["items"] = Json::Array(items);
    }
    secret
}
