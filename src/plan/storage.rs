//! The pod's volumes.

use serde_json::{Value as Json, json};

use crate::config::Config;
use crate::rules::Facts;

use super::containers::as_is;
use super::{Labels, Release, claims, names};

/// The pod's volume for data or the write-ahead log; none where the StatefulSet brings it.
fn volume(config: &Config, labels: &Labels, name: &str) -> Option<Json> {
    let persistence = &config.persistence;
    if !persistence.enabled {
        return Some(json!({ "name": name, "emptyDir": {} }));
    }
    let own =
        persistence.existing_claim.as_ref().filter(|_| name == "data").map(|claim| claim.as_str().to_owned());
    let claim = own.unwrap_or_else(|| claims::name(config, labels, name));
    (!config.is_ha()).then(|| json!({ "name": name, "persistentVolumeClaim": { "claimName": claim } }))
}

/// Every volume of the pod.
pub(super) fn volumes(config: &Config, release: &Release, facts: &Facts, labels: &Labels) -> Vec<Json> {
    let map = |name: &str, mode: u32| json!({ "name": name, "configMap": { "name": format!("{}-{name}", release.name), "defaultMode": mode } });
    let memory = |name: &str, size: &str| json!({ "name": name, "emptyDir": { "medium": "Memory", "sizeLimit": size } });
    let mut list: Vec<Json> = volume(config, labels, "data").into_iter().collect();
    list.extend([
        map("config", 0o444),
        map("init", 0o444),
        map("scripts", 0o555),
        json!({ "name": "auth", "secret": auth(config, release) }),
        memory("socket", "16Mi"),
        memory("state", "16Mi"),
        json!({ "name": "tmp", "emptyDir": { "sizeLimit": "1Gi" } }),
        json!({ "name": "keeper-tmp", "emptyDir": { "sizeLimit": "64Mi" } }),
        memory("shm", &facts.shm),
    ]);
    if config.persistence.wal.enabled {
        list.extend(volume(config, labels, "wal"));
    }
    if config.is_ha() {
        list.push(memory("memory", "1Mi"));
        if config.high_availability.read_service.enabled {
            list.extend([memory("role", "1Mi"), memory("role-tmp", "1Mi"), token()]);
        }
    }
    if let Some(name) = certificate(config, release) {
        // The server wants its key to be root's with mode 0640 or less; the group is fsGroup's.
        list.push(json!({ "name": "tls", "secret": { "secretName": name, "defaultMode": 0o440 } }));
    }
    list.extend(as_is(&config.extra_volumes));
    list
}

/// The Secret that the server takes its certificate from, if it has one.
pub(crate) fn certificate(config: &Config, release: &Release) -> Option<String> {
    let tls = &config.security.tls;
    let own = tls.secret_name.as_ref().map(|name| name.as_str().to_owned());
    tls.enabled.then(|| own.unwrap_or_else(|| names::tls(&release.name)))
}

/// A token of the pod's account for the container that labels the pod, renewed by the kubelet, and what the API server's
/// certificate is checked with: the cluster publishes it in every namespace.
fn token() -> Json {
    json!({ "name": "token", "projected": { "defaultMode": 0o440, "sources": [
        { "serviceAccountToken": { "path": "token", "expirationSeconds": 3600 } },
        { "configMap": { "name": names::CLUSTER_CA, "items": [{ "key": "ca.crt", "path": "ca.crt" }] } },
    ] } })
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
