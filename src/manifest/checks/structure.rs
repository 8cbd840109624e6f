//! Each object against its kind's schema; of a kind that is not known, only its metadata have one to fit.

use super::Subject;
use super::cert_manager::duration;
use crate::diagnostics::codes;
use crate::manifest::built_in;
use crate::manifest::kinds::{Kind, is_built_in};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::{misfits, misfits_of_metadata, suggestion};
use crate::yaml::ValuePath;

pub(super) fn check(subject: &Subject<'_>, reporter: &mut Reporter<'_>) {
    let version = subject.demands.version;
    for object in subject.objects {
        // What is said of its fields would be said of a kind that is not there.
        if super::apis::is_missing(&object.id, version) {
            continue;
        }
        let misfits = if let Some(kind) = Kind::of(&object.id) {
            misfits(&object.value, &kind.definition(), version)
        } else {
            check_kind(object, reporter);
            misfits_of_metadata(&object.value, version)
        };
        for misfit in misfits {
            if misfit.about_key {
                reporter.error_at_key(misfit.code, object, &misfit.path, &misfit.title, misfit.help);
            } else if let Some(help) =
                misfit.no_text.as_ref().and_then(|value| duration(object, &misfit.path, value))
            {
                reporter.error(misfit.code, object, &misfit.path, &misfit.title, help);
            } else if let Some(value) = &misfit.no_text {
                reporter.misread(misfit.code, object, &misfit.path, value, misfit.help);
            } else {
                reporter.error(misfit.code, object, &misfit.path, &misfit.title, misfit.help);
            }
        }
    }
}

/// That there may be an object of its kind, though its fields are not known.
fn check_kind(object: &Object, reporter: &mut Reporter<'_>) {
    let id = &object.id;
    let known = Kind::namesakes(id).next().map(|row| row.api_version);
    let group = id.group();
    // Custom resources have groups below `k8s.io` too: `snapshot.storage.k8s.io`.
    let is_built_in = is_built_in(group) && (!group.contains('.') || built_in::is_meant(group));
    let whose = if is_built_in { "Kubernetes" } else { "its operator" };
    let title = format!("{whose} has no `{}` of `{}`", id.kind, id.api_version);
    let path = ValuePath::root();
    if let Some(api_version) = known {
        if !built_in::has(id) && (is_built_in || api_version.split('/').next() == Some(group)) {
            let help = format!("write `apiVersion: {api_version}`");
            reporter.error(codes::UNKNOWN_KIND, object, &path.child("apiVersion"), &title, help);
        }
    } else if let Some(kinds) = built_in::others(id) {
        let help = suggestion(&id.kind, kinds.iter().copied());
        reporter.error(codes::UNKNOWN_KIND, object, &path.child("kind"), &title, help);
    } else if let Some(kind) = built_in::misspelt(id) {
        let help = format!("did you mean `{kind}`?");
        reporter.error(codes::UNKNOWN_KIND, object, &path.child("kind"), &title, help);
    }
}
