//! The claims: those that a render makes, and those that a StatefulSet makes for each of its pods.

use serde::Serialize;

use crate::config::{ClassName, Config, DnsSubdomain};

use super::{Labels, Metadata};

/// A PersistentVolumeClaim, or the template of one.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    pub metadata: Metadata,
    pub access_mode: &'static str,
    pub storage_class: Option<String>,
    pub size: String,
}

/// The claims of a standalone release. Their names are those that a StatefulSet gives to one of its pods', so that a move
/// to high availability and back keeps the data.
pub(super) fn claims(config: &Config, labels: &Labels) -> Vec<Claim> {
    if config.is_ha() {
        return Vec::new();
    }
    let existing = config.persistence.existing_claim.is_some();
    let made = volumes(config).into_iter().filter(|volume| !(existing && volume.name == "data"));
    made.map(|volume| {
        let mut metadata = labels.named(name(config, labels, volume.name), "database");
        metadata.labels = labels.stable("database");
        claim(config, metadata, &volume)
    })
    .collect()
}

/// The claims that a StatefulSet makes. None of it can ever change, so there is no version in it and no common label.
pub(super) fn templates(config: &Config, labels: &Labels) -> Vec<Claim> {
    volumes(config)
        .into_iter()
        .map(|volume| claim(config, labels.claim_template(volume.name), &volume))
        .collect()
}

/// The name of a standalone release's claim.
pub(super) fn name(config: &Config, labels: &Labels, volume: &str) -> String {
    format!("{volume}-{}-{}", labels.release_name(), config.persistence.from_ordinal.unwrap_or(0))
}

struct Volume<'a> {
    name: &'static str,
    class: Option<&'a ClassName>,
    size: &'a str,
}

fn volumes(config: &Config) -> Vec<Volume<'_>> {
    let persistence = &config.persistence;
    let (wal, class) = (&persistence.wal, persistence.storage_class.as_ref());
    let mut volumes = vec![Volume { name: "data", class, size: persistence.size.as_str() }];
    if wal.enabled {
        volumes.push(Volume {
            name: "wal",
            class: wal.storage_class.as_ref().or(class),
            size: wal.size.as_str(),
        });
    }
    volumes.retain(|_| persistence.enabled);
    volumes
}

fn claim(config: &Config, metadata: Metadata, volume: &Volume<'_>) -> Claim {
    let persistence = &config.persistence;
    let class = volume.class.map(ClassName::as_str);
    let class = class.or(config.global.storage_class.as_ref().map(DnsSubdomain::as_str));
    Claim {
        metadata: metadata.with_labels(&persistence.labels).with_annotations(&persistence.annotations).kept(),
        access_mode: persistence.access_mode.as_str(),
        storage_class: class.map(|class| if class == "-" { String::new() } else { class.to_owned() }),
        size: volume.size.to_owned(),
    }
}
