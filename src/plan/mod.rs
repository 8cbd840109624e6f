//! Every decision of a render, as data that the templates place: names, labels, settings, volumes, SQL.
//! A plan is made of a valid [`Config`] and of what the rules found out, and cannot fail.

mod access;
mod claims;
mod containers;
mod database;
mod high_availability;
mod metadata;
mod pod;
mod services;
mod settings;
mod storage;

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::rules::Facts;

pub use crate::release::{Release, names};

pub use access::Access;
pub use claims::Claim;
pub use containers::Container;
pub use database::{DatabasePlan, Sql};
pub use high_availability::{HighAvailability, Reading};
pub use metadata::{Labels, Metadata, release_labels};
pub use pod::Pod;
pub use services::Services;
pub use settings::SettingLine;
pub(crate) use storage::certificate;

/// Every decision of a render.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub release: Release,
    /// The labels that selectors use: they never change.
    pub selector: BTreeMap<String, String>,
    /// The Namespace, with the PodSecurity level that the pod keeps.
    pub namespace: Option<Metadata>,
    pub service_account: Option<Metadata>,
    /// The Secret with passwords, when the values have them.
    pub auth: Option<SecretObject>,
    pub claims: Vec<Claim>,
    /// Several servers, where there are.
    pub high_availability: Option<HighAvailability>,
    pub services: Services,
    pub config_map: Metadata,
    pub init_map: Metadata,
    pub scripts_map: Metadata,
    pub pod: Pod,
    pub settings: Vec<SettingLine>,
    pub access: Access,
    /// `/etc/passwd` of the pod: it gives the users of the containers their names.
    pub passwd: String,
    pub sql: Sql,
    /// A user's scripts, by their file names.
    pub scripts: BTreeMap<String, String>,
}

/// A Secret's metadata and its texts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretObject {
    pub metadata: Metadata,
    pub data: BTreeMap<String, String>,
}

impl Plan {
    /// Decides everything.
    pub fn new<'a>(
        config: &Config,
        release: &Release,
        facts: &Facts,
        script_texts: impl Iterator<Item = &'a str>,
    ) -> Self {
        let labels = Labels::new(config, release);
        let settings = settings::settings(facts);
        let checksum = checksum(&settings, script_texts);
        Self {
            selector: labels.selector("database"),
            namespace: release.create_namespace.then(|| labels.namespace()),
            service_account: config.service_account.create.then(|| labels.service_account(config)),
            auth: passwords(config, &labels),
            claims: claims::claims(config, &labels),
            high_availability: high_availability::plan(config, release, facts, &labels),
            services: services::services(config, release, &labels),
            config_map: labels.object("config", "database"),
            init_map: labels.object("init", "database"),
            scripts_map: labels.object("scripts", "database"),
            pod: pod::pod(config, release, facts, &labels, &checksum),
            access: access::access(config, facts),
            passwd: passwd(config),
            sql: database::sql(config, facts),
            scripts: database::scripts(config),
            settings,
            release: release.clone(),
        }
    }
}

/// What makes a restart necessary, as one short text: restart-class parameters and the scripts. A reloadable
/// parameter, a database, a password are not in it.
fn checksum<'a>(settings: &[SettingLine], scripts: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for setting in settings.iter().filter(|s| s.restart) {
        hash.update(format!("{}={}\n", setting.name, setting.value));
    }
    scripts.for_each(|piece| hash.update(piece));
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn passwords(config: &Config, labels: &Labels) -> Option<SecretObject> {
    let auth = &config.postgresql.auth;
    let data: BTreeMap<String, String> = [
        ("superuser-password", &auth.postgres_password),
        ("app-password", &auth.password),
        ("readonly-password", &auth.read_only_password),
        ("replication-password", &auth.replication_password),
    ]
    .into_iter()
    .filter_map(|(key, password)| Some((key.to_owned(), password.as_ref()?.reveal().to_owned())))
    .collect();
    (!data.is_empty()).then(|| SecretObject { metadata: labels.object("auth", "database").kept(), data })
}

/// The server's user must be `postgres` for peer authentication, and the exporter's its own.
fn passwd(config: &Config) -> String {
    let server = &config.security.pod_security_context;
    let (uid, gid) = (server.run_as_user, server.run_as_group);
    format!(
        "root:x:0:0:root:/:/sbin/nologin\npostgres:x:{uid}:{gid}:PostgreSQL:/tmp:/bin/sh\n\
         {exporter}:x:{id}:{id}:postgres_exporter:/tmp:/sbin/nologin\n",
        exporter = names::EXPORTER,
        id = names::EXPORTER_UID,
    )
}
