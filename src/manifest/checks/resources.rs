//! What a container asks of its node.

use serde_json::Value;

use super::Part;
use crate::diagnostics::codes;
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::manifest::schema::suggestion;
use crate::quantity::Quantity;
use crate::yaml::ValuePath;

/// What names of huge pages begin with.
const PAGES: &str = "hugepages-";

/// Whether a resource is a device's or somebody else's, not Kubernetes' own (`IsExtendedResourceName`).
fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/") && !name.starts_with("requests.")
}

pub(super) fn check(object: &Object, spec: &Part<'_>, container: &Part<'_>, reporter: &mut Reporter<'_>) {
    let Some(resources) = container.at(&["resources"]) else { return };
    let read = |part: &str, name: &str| {
        let amount = resources.value.get(part)?.get(name)?;
        let text = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
        Some((Quantity::parse(&text).ok()?, text))
    };
    let pods = spec.items("resourceClaims");
    let claims: Vec<&str> = pods.iter().filter_map(|claim| claim.text("name")).collect();
    for claim in resources.items("claims") {
        let Some(name) = claim.text("name").filter(|name| !claims.contains(name)) else { continue };
        let title = format!("it uses the claim `{name}`, which the pod doesn't have");
        let help = suggestion(name, claims.iter().copied());
        reporter.error(codes::RESOURCES, object, &claim.path.child("name"), &title, help);
    }
    for part in ["requests", "limits"] {
        let names = resources.value.get(part).and_then(Value::as_object);
        for name in names.into_iter().flat_map(|map| map.keys()) {
            let path = resources.path.child(part).child(name.as_str());
            check_resource_name(object, &path, name, reporter);
            let Some((amount, text)) = read(part, name) else { continue };
            if amount.is_negative() {
                reporter.error(
                    codes::RESOURCES,
                    object,
                    &path,
                    &format!("`{path}` is {text}"),
                    "it can't be below 0",
                );
            }
            if is_extended(name) && amount != Quantity::whole(amount.units().try_into().unwrap_or(0)) {
                let title = format!("`{path}` is {text}");
                reporter.error(
                    codes::RESOURCES,
                    object,
                    &path,
                    &title,
                    "it can't be divided: write a whole number",
                );
            }
            if part == "requests" && (is_extended(name) || name.starts_with(PAGES)) {
                check_whole(object, &path, name, (amount, &text), read("limits", name), reporter);
                continue;
            }
            let Some((limit, shown)) = read("limits", name).filter(|_| part == "requests") else { continue };
            if amount > limit {
                let title = format!("it requests {text} of {name}, more than its limit {shown}");
                reporter.error(
                    codes::RESOURCES,
                    object,
                    &path,
                    &title,
                    "raise the limit or lower the request",
                );
            }
        }
    }
}

fn check_resource_name(object: &Object, path: &ValuePath, name: &str, reporter: &mut Reporter<'_>) {
    const KNOWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
    if !KNOWN.contains(&name) && !name.contains('/') && !name.starts_with(PAGES) {
        let help = suggestion(name, KNOWN.into_iter());
        reporter.error(codes::RESOURCES, object, path, &format!("`{name}` is no resource"), help);
    }
}

/// A resource that is not shared has a limit, and the request is the same.
fn check_whole(
    object: &Object,
    path: &ValuePath,
    name: &str,
    (amount, text): (Quantity, &str),
    limit: Option<(Quantity, String)>,
    reporter: &mut Reporter<'_>,
) {
    let title = match limit {
        Some((limit, _)) if limit == amount => return,
        Some((_, limit)) => format!("it requests {text} of {name}, and its limit is {limit}"),
        None => format!("it requests {text} of {name}, and has no limit of it"),
    };
    let help = format!("write `limits: {{{name}: {text}}}`; this is not shared");
    reporter.error(codes::RESOURCES, object, path, &title, help);
}
