//! The volumes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ClassName, DnsSubdomain, LabelValue, StorageSize, Text};

/// The volumes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Persistence {
    /// Whether data outlives the pod. Without it all is lost with the pod.
    pub enabled: bool,
    /// The storage class of the data volume. `-` means: no class, for a volume made by hand.
    pub storage_class: Option<ClassName>,
    /// How the volumes are mounted.
    pub access_mode: AccessMode,
    /// The size of the data volume. The preset sets it.
    pub size: StorageSize,
    /// What kind of disk the volumes are on: it decides the planner's costs. The preset sets it.
    pub disk: Disk,
    /// An existing claim for the data, instead of `data-<release>-0`.
    pub existing_claim: Option<DnsSubdomain>,
    /// The ordinal whose volumes a standalone release uses: `data-<release>-N`. For the way back from high availability,
    /// which starts with nobody's data but that of the ordinal that is named. Without it: 0.
    #[schemars(range(min = 0, max = 8))]
    pub from_ordinal: Option<u32>,
    /// Labels of the claims.
    #[schemars(extend("x-keys" = "label-key"))]
    pub labels: BTreeMap<String, LabelValue>,
    /// Annotations of the claims.
    #[schemars(extend("x-keys" = "label-key"))]
    pub annotations: BTreeMap<String, Text>,
    /// A volume of its own for the write-ahead log.
    pub wal: Wal,
}

/// A volume of its own for the write-ahead log. It can be added and taken away: the server moves the log when it starts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wal {
    /// Whether the write-ahead log has a volume of its own.
    pub enabled: bool,
    /// The storage class of the log's volume. Without it: the one of the data volume.
    pub storage_class: Option<ClassName>,
    /// The size of the log's volume.
    pub size: StorageSize,
    /// Whether the server moves the log back to the data volume, while its own volume is still mounted. Apply it before you set
    /// `enabled` to false.
    pub retire: bool,
}

/// How a volume is mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AccessMode {
    ReadWriteOnce,
    ReadWriteOncePod,
    ReadWriteMany,
}

/// What kind of disk a volume is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Disk {
    Ssd,
    Nvme,
    Hdd,
    Sd,
}

impl Disk {
    /// Every kind of disk.
    pub const ALL: [Self; 4] = [Self::Ssd, Self::Nvme, Self::Hdd, Self::Sd];

    /// Its word in the values.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ssd => "ssd",
            Self::Nvme => "nvme",
            Self::Hdd => "hdd",
            Self::Sd => "sd",
        }
    }
}

impl AccessMode {
    /// Its name in Kubernetes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadWriteOnce => "ReadWriteOnce",
            Self::ReadWriteOncePod => "ReadWriteOncePod",
            Self::ReadWriteMany => "ReadWriteMany",
        }
    }
}
