//! Each object against its kind's schema; an object of a kind that is not known has no schema to fit.

use super::Subject;
use crate::diagnostics::codes;
use crate::manifest::built_in;
use crate::manifest::kinds::{Kind, is_built_in};
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::{misfits, suggestion};
use crate::yaml::ValuePath;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    for object in subject.objects {
        let Some(kind) = Kind::of(&object.id) else {
            let known: Vec<&str> = Kind::namesakes(&object.id).map(|row| row.api_version).collect();
            let group = object.id.group();
            if let [api_version] = known.as_slice()
                && !built_in::has(&object.id)
                && !super::apis::is_removed(&object.id, subject.demands.version)
                && (is_built_in(group) || api_version.split('/').next() == Some(group))
            {
                let whose = if is_built_in(group) { "Kubernetes" } else { "its operator" };
                let title = format!("{whose} has no `{}` of `{}`", object.id.kind, object.id.api_version);
                let path = ValuePath::root().child("apiVersion");
                reporter.error(
                    codes::UNKNOWN_KIND,
                    object,
                    &path,
                    &title,
                    format!("write `apiVersion: {api_version}`"),
                );
            }
            if known.is_empty()
                && let Some(kinds) = built_in::others(&object.id)
            {
                let title = format!("Kubernetes has no `{}` of `{}`", object.id.kind, object.id.api_version);
                let path = ValuePath::root().child("kind");
                let help = suggestion(&object.id.kind, kinds.iter().copied());
                reporter.error(codes::UNKNOWN_KIND, object, &path, &title, help);
            }
            continue;
        };
        for misfit in misfits(&object.value, &kind.definition(), subject.demands.version) {
            if misfit.about_key {
                reporter.error_at_key(misfit.code, object, &misfit.path, &misfit.title, misfit.help);
            } else if let Some(value) = &misfit.no_text {
                reporter.misread(misfit.code, object, &misfit.path, value, misfit.help);
            } else {
                reporter.error(misfit.code, object, &misfit.path, &misfit.title, misfit.help);
            }
        }
    }
}
