//! The server: version, image, roles, parameters, databases.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Digest, DnsSubdomain, FileName, Identifier, Line, PullPolicy, Registry, Repository, Secret, StorageSize,
    Tag, Text, Token,
};

/// The server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Postgresql {
    /// PostgreSQL's major version.
    pub version: Version,
    /// The server's image. What is not set here follows the version, the flavor and the extensions.
    pub image: ServerImage,
    /// Roles and their passwords.
    pub auth: Auth,
    /// Connections that the server allows. The preset sets it.
    #[schemars(range(min = 10, max = 10000))]
    pub max_connections: u32,
    /// What the server is used for: it decides how memory and workers are shared out.
    pub workload: Workload,
    /// The size of `/dev/shm`, within the memory limit. Without it: derived.
    pub shared_memory: Option<StorageSize>,
    /// Any parameter of the chosen version. One that is set here wins over the derived one.
    #[schemars(extend("x-keys" = "parameter-name"))]
    pub config: BTreeMap<String, Token>,
    /// Rules of `pg_hba.conf`, placed before the closing ones, so that they match first.
    pub hba: Vec<HbaRule>,
    /// The databases, made when they are missing.
    pub databases: Vec<Database>,
    /// The extensions.
    pub extensions: Extensions,
    /// SQL of your own, in order.
    pub init_scripts: Vec<InitScript>,
}

/// PostgreSQL's major version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Version {
    #[serde(rename = "14")]
    V14,
    #[serde(rename = "15")]
    V15,
    #[serde(rename = "16")]
    V16,
    #[serde(rename = "17")]
    V17,
    #[serde(rename = "18")]
    V18,
}

/// The server's image.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServerImage {
    /// The registry of the server's image, for a mirror.
    pub registry: Option<Registry>,
    /// The repository of an image of your own. It needs PostgreSQL's binaries, `sh` and `flock`; the extensions of
    /// PostgreSQL's own distribution are expected in it, any other is to be named under `extensions`.
    pub repository: Option<Repository>,
    /// The tag of the server's image.
    pub tag: Option<Tag>,
    /// The digest that the image must have.
    pub digest: Option<Digest>,
    /// What the image is built on.
    pub flavor: Flavor,
    /// When the image is pulled.
    pub pull_policy: PullPolicy,
    /// The extensions that an image of your own has, by their names in `CREATE EXTENSION`.
    pub extensions: Option<Vec<Line>>,
    /// The image family (as the server's log names it) that existing data may be moved to, although it may sort text
    /// differently.
    pub accept_family: Option<Line>,
}

/// What an image is built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Flavor {
    Alpine,
    Debian,
}

/// Roles and their passwords. The superuser is `postgres`; it comes in over the socket only.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Auth {
    /// The role that owns databases, schemas and tables. Nobody logs in as it.
    pub owner: Identifier,
    /// The role that applications log in as.
    pub username: Identifier,
    /// The role that reads everything and writes nothing.
    pub read_only_username: Identifier,
    /// The role of replication.
    pub replication_username: Identifier,
    /// The superuser's password. A render has passwords only when all of them are given; `pgpod secret` is the better way.
    pub postgres_password: Option<Secret>,
    /// The application's password.
    pub password: Option<Secret>,
    /// The read-only role's password.
    pub read_only_password: Option<Secret>,
    /// The replication role's password.
    pub replication_password: Option<Secret>,
    /// A Secret with the passwords that is made elsewhere, instead of `<release>-auth`.
    pub existing_secret: Option<ExistingSecret>,
}

/// A Secret with the passwords that is made elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExistingSecret {
    /// The name of the Secret with the passwords that is made elsewhere.
    pub name: DnsSubdomain,
    /// The keys of the Secret that is made elsewhere, where they have other names than those of `pgpod secret`.
    pub keys: Option<SecretKeys>,
}

/// The keys of a Secret with passwords.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretKeys {
    /// The key of the superuser's password. Without it: `superuser-password`.
    pub superuser: Option<FileName>,
    /// The key of the application's password. Without it: `app-password`.
    pub app: Option<FileName>,
    /// The key of the read-only role's password. Without it: `readonly-password`.
    pub read_only: Option<FileName>,
    /// The key of the replication role's password. Without it: `replication-password`.
    pub replication: Option<FileName>,
}

/// What the server is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Workload {
    Oltp,
    Mixed,
    Timeseries,
    Warehouse,
    Edge,
}

/// A rule of `pg_hba.conf`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HbaRule {
    /// How the client of a rule comes in: over the socket (`local`), or over the network, with TLS or without.
    #[serde(rename = "type")]
    pub kind: ConnectionType,
    /// The databases that a rule is for. Without it: all.
    pub databases: Option<Vec<Line>>,
    /// The roles that a rule is for. Without it: all.
    pub users: Option<Vec<Line>>,
    /// The client's network in CIDR notation, `all`, `samenet`, `samehost` or a host name; not with type `local`.
    pub address: Option<Line>,
    /// How the client proves who it is.
    pub method: Line,
    /// Options of the rule's method.
    pub options: Option<BTreeMap<String, Line>>,
}

/// How a client comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionType {
    Local,
    Host,
    Hostssl,
    Hostnossl,
}

/// A database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Database {
    /// The database's name.
    pub name: Identifier,
    /// The role that owns the database, made when it is missing, without login. Without it: `postgresql.auth.owner`.
    pub owner: Option<Identifier>,
    /// The database's encoding. Without it: UTF8.
    pub encoding: Option<Line>,
    /// The database's locale of the C library, such as `C`; the image decides which others there are. Without it: the
    /// server's own.
    pub locale: Option<Line>,
    /// Extensions created in the database, beside those of `postgresql.extensions`.
    pub extensions: Option<Vec<Line>>,
    /// Schemas created in the database.
    pub schemas: Option<Vec<Schema>>,
    /// Rights in the database, beside those of the application and the read-only role.
    pub grants: Option<Vec<Grant>>,
    /// Industrial schemas and tables created in the database.
    pub industrial: Option<Vec<IndustrialSchema>>,
}

/// A schema of a database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schema {
    /// The schema's name.
    pub name: Identifier,
    /// The role that owns the schema. Without it: the database's owner.
    pub owner: Option<Identifier>,
}

/// Rights of a role in a database: on every schema, now and later.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    /// The role that gets a right, made when it is missing, without login.
    pub role: Identifier,
    /// What the role may do in the database.
    pub privilege: Privilege,
}

/// What a role may do in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Privilege {
    Connect,
    Read,
    Write,
}

/// An industrial schema with its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IndustrialSchema {
    Production,
    Quality,
    Maintenance,
    Energy,
    Scada,
    Audit,
    Factory,
}

/// The extensions. Each is created in every database; its library is loaded where it needs that.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extensions {
    /// TimescaleDB: hypertables. It needs another image.
    pub timescaledb: Extension,
    /// PostGIS: geometry. It needs another image.
    pub postgis: Extension,
    /// pg_stat_statements: statistics of statements.
    pub pg_stat_statements: Extension,
    /// pgaudit: an audit trail in the log. It needs another image.
    pub pgaudit: Extension,
    /// pg_cron: jobs in the database. It needs another image.
    pub pg_cron: Extension,
    /// More extensions, by their names in `CREATE EXTENSION`.
    pub other: Vec<Line>,
}

/// Whether an extension is there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extension {
    /// Whether the extension is created.
    pub enabled: bool,
}

/// SQL of your own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InitScript {
    /// The script's name: it is known by it in the database, and run once under it.
    pub name: FileName,
    /// The database that the script runs in.
    pub database: Identifier,
    /// Whether the script runs once (recorded in the database) or at every start.
    pub run: RunWhen,
    /// Whether the script runs as one transaction. Without it: true. Statements such as VACUUM need false.
    pub transaction: Option<bool>,
    /// The role that the script runs as. Without it: the database's owner, so that the application and the read-only
    /// role can use what it makes.
    #[serde(rename = "as")]
    pub run_as: Option<Identifier>,
    /// The script's statements.
    pub sql: Text,
}

/// When a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunWhen {
    Once,
    Always,
}

impl Workload {
    /// Every kind of work.
    pub const ALL: [Self; 5] = [Self::Oltp, Self::Mixed, Self::Timeseries, Self::Warehouse, Self::Edge];

    /// Its word in the values.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oltp => "oltp",
            Self::Mixed => "mixed",
            Self::Timeseries => "timeseries",
            Self::Warehouse => "warehouse",
            Self::Edge => "edge",
        }
    }
}

impl Version {
    /// The major's number.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V14 => "14",
            Self::V15 => "15",
            Self::V16 => "16",
            Self::V17 => "17",
            Self::V18 => "18",
        }
    }
}
