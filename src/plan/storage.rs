//! Claims and the volumes made of them.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::{ClassName, Config, DnsSubdomain, Persistence};

use super::{Labels, Metadata};

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
pub(super) fn volume(persistence: &Persistence, labels: &Labels, name: &str) -> Json {
    if !persistence.enabled {
        return json!({ "name": name, "emptyDir": {} });
    }
    let own =
        persistence.existing_claim.as_ref().filter(|_| name == "data").map(|claim| claim.as_str().to_owned());
    json!({ "name": name, "persistentVolumeClaim": { "claimName": own.unwrap_or_else(|| labels.claim(name)) } })
}

impl Labels {
    fn claim(&self, volume: &str) -> String {
        format!("{volume}-{}-0", self.release_name())
    }
}
