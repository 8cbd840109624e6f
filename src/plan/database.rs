//! What the init SQL makes: roles, databases, schemas, grants, scripts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::config::{Config, Database, IndustrialSchema, Privilege, RunWhen};
use crate::rules::Facts;

use super::names;

/// What the init SQL makes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sql {
    pub roles: Roles,
    pub databases: Vec<DatabasePlan>,
    /// Extensions of the database `postgres`.
    pub extensions: Vec<String>,
    /// A user's scripts, in their order over all databases.
    pub scripts: Vec<ScriptPlan>,
    /// Months that partitions are made ahead.
    pub partition_months_ahead: u32,
}

/// The roles of a release.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Roles {
    pub superuser: &'static str,
    /// Owns databases, schemas and tables; nobody logs in as it.
    pub owner: String,
    pub app: String,
    pub read_only: String,
    pub replication: String,
    pub exporter: Option<&'static str>,
    /// Roles without login that databases, schemas, grants and scripts name, beside the owner.
    pub others: Vec<String>,
}

/// A database.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabasePlan {
    pub name: String,
    pub owner: String,
    /// Roles that make things here, beside the application: others get rights on those.
    pub creators: Vec<String>,
    pub encoding: String,
    pub locale: Option<String>,
    pub extensions: Vec<String>,
    pub schemas: Vec<SchemaPlan>,
    pub grants: Vec<GrantPlan>,
    /// Industrial schemas, in a fixed order.
    pub industrial: Vec<IndustrialPlan>,
}

/// An industrial schema.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndustrialPlan {
    pub schema: IndustrialSchema,
    /// The file that makes its tables, beside `init.sql`.
    pub file: &'static str,
}

/// A schema.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaPlan {
    pub name: String,
    pub owner: String,
}

/// Rights of a role in a database.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantPlan {
    pub role: String,
    pub privilege: Privilege,
}

/// A user's script.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScriptPlan {
    pub name: String,
    pub database: String,
    /// The file it is in, beside `init.sql`.
    pub file: String,
    /// SHA-256 of its statements, in hexadecimal digits.
    pub checksum: String,
    pub once: bool,
    pub transaction: bool,
    pub role: String,
}

/// Extensions that work from the database `postgres` for the whole server: the exporter reads the one there, and jobs
/// are kept there.
const SERVER_WIDE: [&str; 2] = ["pg_cron", "pg_stat_statements"];

pub(super) fn sql(config: &Config, facts: &Facts) -> Sql {
    let auth = &config.postgresql.auth;
    let scripts = script_plans(config);
    let databases: Vec<_> =
        config.postgresql.databases.iter().map(|d| database(config, facts, d, &scripts)).collect();
    let roles = Roles {
        superuser: names::SUPERUSER,
        owner: auth.owner.as_str().to_owned(),
        app: auth.username.as_str().to_owned(),
        read_only: auth.read_only_username.as_str().to_owned(),
        replication: auth.replication_username.as_str().to_owned(),
        exporter: config.monitoring.exporter.enabled.then_some(names::EXPORTER),
        others: others(config, &databases),
    };
    Sql {
        roles,
        databases,
        extensions: facts.extensions.iter().filter(|e| SERVER_WIDE.contains(&e.as_str())).cloned().collect(),
        scripts,
        partition_months_ahead: config.industrial.partition_months_ahead,
    }
}

fn database(config: &Config, facts: &Facts, database: &Database, scripts: &[ScriptPlan]) -> DatabasePlan {
    let owner = owner(config, database);
    let asked = facts.extensions.iter().map(String::as_str);
    let mut extensions: Vec<String> = Vec::new();
    for name in asked.chain(database.extensions.iter().flatten().map(crate::config::Line::as_str)) {
        if facts.creates(name) && !extensions.iter().any(|known| known == name) {
            extensions.push(name.to_owned());
        }
    }
    let schema = |schema: &crate::config::Schema| SchemaPlan {
        name: schema.name.as_str().to_owned(),
        owner: schema.owner.as_ref().map_or_else(|| owner.clone(), |o| o.as_str().to_owned()),
    };
    let grant = |grant: &crate::config::Grant| GrantPlan {
        role: grant.role.as_str().to_owned(),
        privilege: grant.privilege,
    };
    let schemas: Vec<_> = database.schemas.iter().flatten().map(schema).collect();
    let run_here = scripts.iter().filter(|script| script.database == database.name.as_str());
    let creators: BTreeSet<_> =
        schemas.iter().map(|s| &s.owner).chain(run_here.map(|s| &s.role)).chain([&owner]).cloned().collect();
    let industrial: BTreeSet<IndustrialSchema> =
        database.industrial.iter().flatten().copied().filter(|_| config.industrial.enabled).collect();
    DatabasePlan {
        name: database.name.as_str().to_owned(),
        creators: creators.into_iter().collect(),
        encoding: database.encoding.as_ref().map_or("UTF8", |e| e.as_str()).to_owned(),
        locale: database.locale.as_ref().map(|l| l.as_str().to_owned()),
        schemas,
        grants: database.grants.iter().flatten().map(grant).collect(),
        industrial: industrial.into_iter().map(industrial_plan).collect(),
        extensions,
        owner,
    }
}

fn industrial_plan(schema: IndustrialSchema) -> IndustrialPlan {
    let file = match schema {
        IndustrialSchema::Production => "production.sql",
        IndustrialSchema::Quality => "quality.sql",
        IndustrialSchema::Maintenance => "maintenance.sql",
        IndustrialSchema::Energy => "energy.sql",
        IndustrialSchema::Scada => "scada.sql",
        IndustrialSchema::Audit => "audit.sql",
        IndustrialSchema::Factory => "factory.sql",
    };
    IndustrialPlan { schema, file }
}

fn owner(config: &Config, database: &Database) -> String {
    database.owner.as_ref().unwrap_or(&config.postgresql.auth.owner).as_str().to_owned()
}

/// The scripts of databases that exist; a rule refuses others.
fn script_plans(config: &Config) -> Vec<ScriptPlan> {
    let scripts = config.postgresql.init_scripts.iter().enumerate();
    scripts
        .filter_map(|(index, script)| {
            let database = config.postgresql.databases.iter().find(|d| d.name == script.database)?;
            let role = script.run_as.as_ref().map(|role| role.as_str().to_owned());
            Some(ScriptPlan {
                name: script.name.as_str().to_owned(),
                database: database.name.as_str().to_owned(),
                file: script_file(index),
                checksum: Sha256::digest(script.sql.as_str()).iter().map(|b| format!("{b:02x}")).collect(),
                once: script.run == RunWhen::Once,
                transaction: script.transaction.unwrap_or(true),
                role: role.unwrap_or_else(|| owner(config, database)),
            })
        })
        .collect()
}

/// The file of a script, by its place in the list: a name of its own could be that of another file.
fn script_file(index: usize) -> String {
    format!("script-{:03}.sql", index + 1)
}

pub(super) fn scripts(config: &Config) -> BTreeMap<String, String> {
    let scripts = config.postgresql.init_scripts.iter().enumerate();
    scripts.map(|(index, script)| (script_file(index), script.sql.as_str().to_owned())).collect()
}

/// Roles that are named somewhere and are none of the release's own.
fn others(config: &Config, databases: &[DatabasePlan]) -> Vec<String> {
    let auth = &config.postgresql.auth;
    let own = [&auth.owner, &auth.username, &auth.read_only_username, &auth.replication_username];
    let own: BTreeSet<&str> =
        own.iter().map(|name| name.as_str()).chain([names::SUPERUSER, names::EXPORTER]).collect();
    let mut named = BTreeSet::new();
    for database in databases {
        named.extend(database.creators.iter().map(String::as_str));
        named.extend(database.grants.iter().map(|g| g.role.as_str()));
    }
    named.difference(&own).map(|name| (*name).to_owned()).collect()
}
