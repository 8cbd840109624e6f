//! What the sections of the notes are made of: the names and commands of one release.

use serde_json::Value as Json;

use crate::plan::{Plan, names};

use super::shell::{database, word};
use super::{Line, Section, User};

/// What the sections are made of.
pub(super) struct Subject<'a> {
    pub(super) plan: &'a Plan,
    pub(super) flags: &'a str,
    pub(super) release: &'a str,
    pub(super) namespace: &'a str,
    /// The Deployment or StatefulSet, as kubectl names it.
    pub(super) workload: String,
    /// What has the primary's container, as kubectl names it.
    pub(super) primary: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) databases: Vec<String>,
    pub(super) users: Vec<User>,
    pub(super) secret: String,
    /// The claims of the pod, whoever makes them.
    pub(super) claims: Vec<String>,
    pub(super) tls: Option<String>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(plan: &'a Plan, flags: &'a str) -> Self {
        let (release, namespace) = (plan.release.name.as_str(), plan.release.namespace.as_str());
        let auth = volume(plan, "auth").and_then(|v| v.get("secret")).unwrap_or(&Json::Null);
        let key = |file: &str| {
            let items = auth.get("items").and_then(Json::as_array).into_iter().flatten();
            let mut named = items.filter(|item| item.get("path").is_some_and(|path| path == file));
            named.next().and_then(|item| text(item, "key")).unwrap_or_else(|| file.to_owned())
        };
        let user = |name: &str, purpose, file: &str| User {
            name: name.to_owned(),
            purpose,
            password_key: key(file),
        };
        let claim = |name: &str| text(volume(plan, name)?.get("persistentVolumeClaim")?, "claimName");
        let name = plan.pod.workload.name.as_deref().unwrap_or(release);
        let kind = if plan.high_availability.is_some() { "statefulset" } else { "deployment" };
        let workload = format!("{kind}/{name}");
        Self {
            plan,
            flags,
            release,
            namespace,
            primary: match &plan.high_availability {
                Some(ha) => format!("{name}-{}", ha.primary),
                None => workload.clone(),
            },
            workload,
            host: format!("{release}.{namespace}.svc"),
            port: plan.services.primary.port,
            databases: plan.sql.databases.iter().map(|database| database.name.clone()).collect(),
            users: vec![
                user(&plan.sql.roles.app, "reads and writes, for applications", "app-password"),
                user(&plan.sql.roles.read_only, "reads everything, writes nothing", "readonly-password"),
            ],
            secret: text(auth, "secretName").unwrap_or_else(|| names::auth(release)),
            claims: match &plan.high_availability {
                Some(ha) => {
                    let of = |pod: &String| {
                        ha.claims
                            .iter()
                            .filter_map(|c| Some(format!("{}-{pod}", c.metadata.name.as_deref()?)))
                            .collect::<Vec<_>>()
                    };
                    ha.pods.iter().flat_map(of).collect()
                }
                None => ["data", "wal"].into_iter().filter_map(claim).collect(),
            },
            tls: volume(plan, "tls").and_then(|v| text(v.get("secret")?, "secretName")),
        }
    }

    pub(super) fn kubectl(&self, rest: &str) -> Line {
        Line::Command(format!("kubectl -n {} {rest}", self.namespace))
    }

    pub(super) fn pgpod(&self, command: &str, rest: &str) -> Line {
        Line::Command(format!("pgpod {command} {} -n {}{rest}", self.release, self.namespace))
    }

    pub(super) fn render(&self, rest: &str) -> Line {
        let space = if self.flags.is_empty() { "" } else { " " };
        self.pgpod("render", &format!("{space}{}{rest}", self.flags))
    }

    /// Whether `pgpod secret` makes the passwords.
    pub(super) fn makes_passwords(&self) -> bool {
        self.plan.auth.is_none() && self.secret == names::auth(self.release)
    }

    pub(super) fn psql(&self, host: &str) -> Line {
        self.psql_with(host, self.port, "")
    }

    /// The same, at another port and with variables before it.
    pub(super) fn psql_with(&self, host: &str, port: u16, variables: &str) -> Line {
        let user = self.users.first().map_or("", |user| &user.name);
        let name = self.databases.first().map_or("postgres", String::as_str);
        let tls = if self.tls.is_some() { "PGSSLMODE=require " } else { "" };
        Line::Command(format!(
            "{variables}{tls}psql -h {host} -p {port} -U {} -d {}",
            word(user),
            database(name)
        ))
    }
}

fn volume<'a>(plan: &'a Plan, name: &str) -> Option<&'a Json> {
    plan.pod.volumes.iter().find(|volume| volume.get("name").is_some_and(|n| n == name))
}

fn text(value: &Json, key: &str) -> Option<String> {
    value.get(key).and_then(Json::as_str).map(str::to_owned)
}

pub(super) fn say(text: impl Into<String>) -> Line {
    Line::Text(text.into())
}

pub(super) fn section(title: &str, lines: Vec<Line>) -> Section {
    Section { title: title.to_owned(), lines }
}
