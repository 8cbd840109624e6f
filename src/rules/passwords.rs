//! Passwords among the values: all of them or none, none that anybody would guess, none in clear where it is kept.

use crate::config::Secret;
use crate::diagnostics::{Diagnostic, STARS, codes, holds_password, holds_secret};
use crate::release::names;
use crate::yaml::ValuePath;

use super::Subject;
use super::findings::{Findings, path};
use super::weakness::weakness;

/// A password: its key, the role that it is for, its text.
type Password<'a> = (&'static str, &'a str, &'a Secret);

fn given<'a>(subject: &Subject<'a>) -> Vec<Password<'a>> {
    let auth = &subject.config.postgresql.auth;
    let all = [
        ("postgresPassword", names::SUPERUSER, &auth.postgres_password),
        ("password", auth.username.as_str(), &auth.password),
        ("readOnlyPassword", auth.read_only_username.as_str(), &auth.read_only_password),
        ("replicationPassword", auth.replication_username.as_str(), &auth.replication_password),
    ];
    all.into_iter().filter_map(|(key, role, password)| Some((key, role, password.as_ref()?))).collect()
}

pub(super) fn are_not_guessed(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let base = path(&["postgresql", "auth"]);
    let given = given(subject);
    for (index, (key, role, password)) in given.iter().enumerate() {
        let at = base.child(*key);
        if password.reveal() == STARS {
            found.at(
                &at,
                "",
                Diagnostic::error(
                    codes::PASSWORD_HIDDEN,
                    format!("`{at}` is the stars that stand for a password"),
                )
                .cause("`pgpod values` shows them in the place of one; they are no password")
                .help(
                    "leave the key out, and draw passwords with `pgpod secret`; or write the password itself",
                ),
            );
        } else if let Some(why) = weakness(password.reveal(), role, &subject.release.name) {
            found.at(
                &at,
                "",
                Diagnostic::warning(codes::PASSWORD_WEAK, format!("`{at}` is a weak password"))
                    .cause(why)
                    .help("leave all passwords out, and draw them with `pgpod secret`"),
            );
        }
        let same = given[..index].iter().find(|(_, _, other)| other.reveal() == password.reveal());
        if let Some((other, ..)) = same {
            let other = base.child(*other);
            found.at_all(
                &[(&at, "the second"), (&other, "the first")],
                Diagnostic::warning(codes::PASSWORD_WEAK, format!("`{at}` and `{other}` are the same"))
                    .cause("whoever learns the one has the rights of both roles")
                    .help("give each role a password of its own"),
            );
        }
    }
}

pub(super) fn are_not_kept_in_clear(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let base = path(&["postgresql", "auth"]);
    let places: Vec<ValuePath> = given(subject).iter().map(|(key, ..)| base.child(*key)).collect();
    let places: Vec<(&ValuePath, &str)> =
        places.iter().filter(|at| found.is_in_file(at)).map(|at| (at, "")).collect();
    if !places.is_empty() {
        found.at_all(
            &places,
            Diagnostic::warning(codes::PASSWORD_KEPT, "a values file holds passwords in clear")
                .cause("whoever may read the file, its copies or its history has them")
                .help("make the Secret with `pgpod secret`, or read each password with `--set-file`, or encrypt the file and pipe it in (`-f -`)"),
        );
    }
}

/// A variable's value is in the Deployment, for everybody who may read one.
pub(super) fn are_not_in_the_environment(subject: &Subject<'_>, found: &mut Findings<'_>) {
    for (index, variable) in subject.config.extra_env.iter().enumerate() {
        let text = |key: &str| variable.0.get(key).and_then(|value| value.as_str()).unwrap_or_default();
        let (name, value) = (text("name"), text("value"));
        let by_name = holds_secret(name) && !is_harmless(value);
        if by_name || holds_password(value) {
            found.at(
                &path(&["extraEnv"]).item(index).child("value"),
                "",
                Diagnostic::warning(
                    codes::PASSWORD_IN_ENV,
                    format!("`{name}` would stand in the pod's definition in clear"),
                )
                .cause("whoever may read Deployments or pods may read it")
                .help("take it from a Secret: `valueFrom: {secretKeyRef: {name: …, key: …}}`"),
            );
        }
    }
}

/// Whether a text is no secret, whatever it is called: nothing, another variable (`$(OTHER)`), a path or an address, a switch.
fn is_harmless(text: &str) -> bool {
    let switch = ["yes", "no", "true", "false", "on", "off"].contains(&text.to_ascii_lowercase().as_str());
    let is_path = text.starts_with('/') && text.matches('/').count() > 1;
    text.is_empty() || text.starts_with("$(") || is_path || text.contains("://") || switch
}

/// A Secret in a render has all that the release needs, or there is none.
pub(super) fn are_all_or_none(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let auth = &subject.config.postgresql.auth;
    let passwords = [
        ("postgresPassword", auth.postgres_password.is_some()),
        ("password", auth.password.is_some()),
        ("readOnlyPassword", auth.read_only_password.is_some()),
        ("replicationPassword", auth.replication_password.is_some()),
    ];
    let base = path(&["postgresql", "auth"]);
    let missing: Vec<String> =
        passwords.iter().filter(|(_, set)| !set).map(|(key, _)| format!("`postgresql.auth.{key}`")).collect();
    let Some((given, _)) = passwords.iter().find(|(_, set)| *set) else { return };
    // Beside a Secret made elsewhere, more of them would be no remedy.
    if !missing.is_empty() && auth.existing_secret.is_none() {
        found.at(
            &base.child(*given),
            "",
            Diagnostic::error(codes::PASSWORDS_INCOMPLETE, "some passwords are given, others are not")
                .cause(format!(
                    "a Secret is rendered with all of them or not at all; {} are missing",
                    missing.join(", ")
                ))
                .help("give all of them, or none and make the Secret with `pgpod secret`"),
        );
    }
    if auth.existing_secret.is_some() {
        found.at_all(
            &[(&base.child(*given), "a password"), (&base.child("existingSecret"), "a Secret that has them")],
            Diagnostic::error(codes::PASSWORDS_TWICE, "passwords are given twice")
                .cause("`postgresql.auth.existingSecret` names a Secret that is made elsewhere")
                .help("leave out the one or the other"),
        );
    }
}

/// The keys of a Secret made elsewhere, and what they are called where nothing is said.
const KEYS: [(&str, &str); 4] = [
    ("superuser", "superuser-password"),
    ("app", "app-password"),
    ("readOnly", "readonly-password"),
    ("replication", "replication-password"),
];

pub(super) fn are_keys_of_their_own(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let Some(keys) = subject.config.postgresql.auth.existing_secret.as_ref().and_then(|s| s.keys.as_ref())
    else {
        return;
    };
    let given = [&keys.superuser, &keys.app, &keys.read_only, &keys.replication];
    let base = path(&["postgresql", "auth", "existingSecret", "keys"]);
    let keys: Vec<(ValuePath, &str, bool)> = KEYS
        .into_iter()
        .zip(given)
        .map(|((key, default), given)| {
            (base.child(key), given.as_ref().map_or(default, |name| name.as_str()), given.is_some())
        })
        .collect();
    for (index, (at, name, given)) in keys.iter().enumerate() {
        let same =
            keys[..index].iter().find(|(_, other, other_given)| other == name && (*given || *other_given));
        let Some((other, _, other_given)) = same else { continue };
        // One of them may be a name that nobody wrote.
        let places = [(at, "the second", given), (other, "the first", other_given)];
        let places: Vec<(&ValuePath, &str)> =
            places.into_iter().filter(|(.., given)| **given).map(|(at, label, _)| (at, label)).collect();
        let places = if let [(at, _)] = places[..] { vec![(at, "")] } else { places };
        found.at_all(
            &places,
            Diagnostic::warning(codes::PASSWORD_WEAK, format!("`{at}` and `{other}` are both `{name}`"))
                .cause("two roles have one password then: whoever learns it has the rights of both")
                .help("keep each role's password under a key of its own"),
        );
    }
}
