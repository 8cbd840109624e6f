//! `pg_hba.conf`: the user's rules, judged, between pgpod's own.

use crate::config::ConnectionType;
use crate::diagnostics::{Diagnostic, codes};
use crate::postgres::hba::{self, Context, Known, Name, Roles, RuleText, Severity};
use crate::release::names;
use crate::yaml::ValuePath;

use super::findings::{Findings, path};
use super::{Image, Subject, image, roles};

/// The texts of `pg_hba.conf` and `pg_ident.conf`; none where a rule is wrong.
pub(super) fn access(
    subject: &Subject<'_>,
    image: Option<&Image>,
    found: &mut Findings<'_>,
) -> Option<(String, String)> {
    let tls = subject.config.security.tls.enabled;
    let maps = [hba::MAP];
    let context = Context {
        major: subject.major,
        tls,
        client_ca: false,
        superuser: names::SUPERUSER,
        absent: image.and_then(image::row).map_or(&[], |row| row.lacks_methods()),
        maps: &maps,
        oauth_validators: subject.parameter("oauth_validator_libraries").is_some(),
    };
    let mut rules = Vec::new();
    for (index, rule) in subject.config.postgresql.hba.iter().enumerate() {
        let at = path(&["postgresql", "hba"]).item(index);
        let all = || vec!["all".to_owned()];
        let words = |list: &Option<Vec<crate::config::Line>>| {
            list.as_ref().map_or_else(all, |list| list.iter().map(|word| word.as_str().to_owned()).collect())
        };
        let text = RuleText {
            kind: kind(rule.kind).to_owned(),
            databases: words(&rule.databases),
            users: words(&rule.users),
            address: rule.address.as_ref().map(|address| address.as_str().to_owned()),
            method: rule.method.as_str().to_owned(),
            options: rule.options.iter().flatten().map(|(k, v)| (k.clone(), v.as_str().to_owned())).collect(),
        };
        let (checked, faults) = hba::check(&text, &context);
        for fault in faults {
            found.at(&field(&at, &fault.field), "", finding(fault));
        }
        rules.push(checked);
    }
    let roles = own_roles(subject)?;
    let misplaced = hba::judge(&rules, &roles, &context);
    let named = hba::judge_names(&rules, &known(subject), &roles);
    let clear = hba::judge_clear(&rules, &context);
    for hba::Misplaced { rule, fault, earlier } in misplaced.into_iter().chain(named).chain(clear) {
        let item = |index| path(&["postgresql", "hba"]).item(index);
        let at = if fault.field.is_empty() { item(rule) } else { field(&item(rule), &fault.field) };
        match earlier {
            Some(earlier) => {
                found.at_all(&[(&at, ""), (&item(earlier), "the earlier rule")], finding(fault));
            }
            None => found.at(&at, "", finding(fault)),
        }
    }
    let rules: Vec<_> = rules.into_iter().collect::<Option<_>>()?;
    Some((hba::file(&roles, &rules, tls, subject.major), hba::ident_file(&roles, subject.major)))
}

fn finding(fault: hba::Fault) -> Diagnostic {
    let code = if fault.taken { codes::HBA_RISK } else { codes::HBA_RULE };
    let finding = match fault.severity {
        Severity::Error => Diagnostic::error(code, fault.title),
        Severity::Warning => Diagnostic::warning(code, fault.title),
    };
    finding.cause(fault.cause).help(fault.help)
}

fn kind(kind: ConnectionType) -> &'static str {
    match kind {
        ConnectionType::Local => "local",
        ConnectionType::Host => "host",
        ConnectionType::Hostssl => "hostssl",
        ConnectionType::Hostnossl => "hostnossl",
    }
}

/// The path of a rule's field: the table's `kind` is the values' `type`.
fn field(rule: &ValuePath, field: &str) -> ValuePath {
    let field = if field == "kind" { "type" } else { field };
    match ValuePath::parse(field) {
        Ok(inner) => inner.steps().iter().fold(rule.clone(), |path, step| path.with(step.clone())),
        Err(_) => rule.child(field),
    }
}

/// The databases and roles that the values name.
fn known<'a>(subject: &Subject<'a>) -> Known<'a> {
    let mut known = Known { databases: vec!["postgres"], users: vec![names::SUPERUSER, names::EXPORTER] };
    known.databases.extend(subject.config.postgresql.databases.iter().map(|database| database.name.as_str()));
    known.users.extend(roles::own(subject).map(|(_, role)| role));
    known.users.extend(roles::others(subject).into_iter().map(|(_, role)| role));
    known
}

/// The roles of pgpod's own rules. The names are valid: their type says so.
fn own_roles(subject: &Subject<'_>) -> Option<Roles> {
    let auth = &subject.config.postgresql.auth;
    let name = |text: &str| Name::literal(text).ok();
    let exporter = subject.config.monitoring.exporter.enabled;
    Some(Roles {
        superuser: name(names::SUPERUSER)?,
        superuser_os: names::SUPERUSER.to_owned(),
        exporter: if exporter { Some(name(names::EXPORTER)?) } else { None },
        exporter_os: names::EXPORTER.to_owned(),
        replication: Some(name(auth.replication_username.as_str())?),
        rewind: subject.config.is_ha(),
        clients: vec![name(auth.username.as_str())?, name(auth.read_only_username.as_str())?],
        pooler: None,
    })
}
