//! Claims and volumes.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::{ClassName, Config, DnsSubdomain, Persistence};

use crate::rules::Facts;

use super::containers::as_is;
use super::{Labels, Metadata, Release, names};

/// A PersistentVolumeClaim.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    pub metadata: Metadata,
    pub access_mode: &'static str,
    pub storage_class: Option<String>,
    pub size: String,
}

/// The claims that a render makes. Their names are those that a StatefulSet would give its first pod's, so that a later
/// move to high availability keeps the data.
pub(super) fn claims(config: &Config, labels: &Labels) -> Vec<Claim> {
    let persistence = &config.persistence;
    if !persistence.enabled {
        return Vec::new();
    }
    let class = |own: Option<&str>| {
        let class = own.or(persistence.storage_class.as_ref().map(ClassName::as_str));
        let class = class.or(config.global.storage_class.as_ref().map(DnsSubdomain::as_str));
        class.map(|class| if class == "-" { String::new() } else { class.to_owned() })
    };
    let mut claims = Vec::new();
    if persistence.existing_claim.is_none() {
        claims.push(claim(config, labels, "data", class(None), persistence.size.as_str()));
    }
    if persistence.wal.enabled {
        let class = class(persistence.wal.storage_class.as_ref().map(ClassName::as_str));
        claims.push(claim(config, labels, "wal", class, persistence.wal.size.as_str()));
    }
    claims
}

fn claim(config: &Config, labels: &Labels, volume: &str, storage_class: Option<String>, size: &str) -> Claim {
    let persistence = &config.persistence;
    let mut metadata = labels.named(labels.claim(volume), "database");
    metadata.labels = labels.stable("database");
    Claim {
        metadata: metadata.with_labels(&persistence.labels).with_annotations(&persistence.annotations).kept(),
        access_mode: persistence.access_mode.as_str(),
        storage_class,
        size: size.to_owned(),
    }
}

/// The pod's volume for data or the write-ahead log.
fn volume(persistence: &Persistence, labels: &Labels, name: &str) -> Json {
    if !persistence.enabled {
        return json!({ "name": name, "emptyDir": {} });
    }
    let own =
        persistence.existing_claim.as_ref().filter(|_| name == "data").map(|claim| claim.as_str().to_owned());
    json!({ "name": name, "persistentVolumeClaim": { "claimName": own.unwrap_or_else(|| labels.claim(name)) } })
}

/// Every volume of the pod.
pub(super) fn volumes(config: &Config, release: &Release, facts: &Facts, labels: &Labels) -> Vec<Json> {
    let map = |name: &str, mode: u32| json!({ "name": name, "configMap": { "name": format!("{}-{name}", release.name), "defaultMode": mode } });
    let mut list = vec![
        volume(&config.persistence, labels, "data"),
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
        list.push(volume(&config.persistence, labels, "wal"));
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

impl Labels {
    fn claim(&self, volume: &str) -> String {
        format!("{volume}-{}-0", self.release_name())
    }
}
