//! Several servers: one that writes, others that follow it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Image, Requirements, StorageSize};

/// Several servers, where `deploymentMode` is `ha`: the primary, and standbys that stream from it. Nothing promotes itself:
/// `pgpod notes` has the commands of a failover.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HighAvailability {
    /// Servers of a highly available release, 2 to 9. In standalone, where it may be 1, it decides how many WAL senders and
    /// slots the server allows.
    #[schemars(range(min = 1, max = 9))]
    pub replicas: u32,
    /// The ordinal of the primary: it initialises an empty release, and the Service leads to it. No other one runs as
    /// primary. To change it is the first step of a failover.
    #[schemars(range(min = 0, max = 8))]
    pub primary: u32,
    /// Whether commits wait for standbys.
    pub synchronous: Synchronous,
    /// How strictly the servers keep to different hosts.
    pub spread: Option<Spread>,
    /// How many bytes of the log a standby may be behind before the Service for reading leaves it out. Without it: no limit.
    pub max_lag: Option<StorageSize>,
    /// The Service `<release>-ro` that leads to standbys.
    pub read_service: ReadService,
}

/// Whether commits wait for standbys. Without it, what was committed in the last moments before the primary's machine is
/// lost can be lost with it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Synchronous {
    /// Whether commits wait for standbys. The list of standbys is set once they stream, and kept from then on.
    pub enabled: bool,
    /// Whether commits wait for any standbys, or for those with the lowest ordinals first.
    pub method: SynchronousMethod,
    /// How many standbys a commit waits for: fewer than there are standbys, or the loss of one stops all writes.
    #[schemars(range(min = 1, max = 8))]
    pub number: u32,
    /// What a commit waits for on the standbys: `remote_write` that they have it, `on` that it is on their disks,
    /// `remote_apply` that queries there see it.
    pub commit: SynchronousCommit,
}

/// Which standbys a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SynchronousMethod {
    Any,
    First,
}

/// What a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SynchronousCommit {
    On,
    RemoteApply,
    RemoteWrite,
}

/// How strictly the servers keep to different hosts: `hard`, unless a preset or a value softens it. Over zones they are
/// always spread as far as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Spread {
    /// At least two hosts, with equal numbers of servers: the others wait where there is only one.
    Hard,
    /// As far as it goes.
    Soft,
}

/// The Service for reading. A container in each pod says by a label whether its server is one to read from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadService {
    /// Whether there is a Service for reading. Without it clients list the hosts themselves, as `pgpod notes` shows.
    pub enabled: bool,
    /// The image of the container `role`: it needs `sh` and `curl`.
    pub image: Image,
    /// The CPU and memory of the container `role`.
    pub resources: Requirements,
}

impl SynchronousMethod {
    /// Its name in the mounted file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::First => "first",
        }
    }
}

impl SynchronousCommit {
    /// The value of `synchronous_commit`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::RemoteApply => "remote_apply",
            Self::RemoteWrite => "remote_write",
        }
    }
}
