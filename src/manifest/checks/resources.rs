//! What a container asks of its node, and its pod as a whole.

use serde_json::Value;

use super::{Part, is_sidecar};
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
    let read = |part: &str, name: &str| read(&resources, part, name);
    check_pages(object, &resources, reporter);
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

/// The amount of a resource in `requests` or `limits`, and how it is written.
fn read(resources: &Part<'_>, part: &str, name: &str) -> Option<(Quantity, String)> {
    let amount = resources.value.get(part)?.get(name)?;
    let text = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
    Some((Quantity::parse(&text).ok()?, text))
}

/// The names of a container's or a pod's resources, each with the way to it.
fn names<'a>(resources: &Part<'a>) -> Vec<(&'static str, &'a str)> {
    let of = |part: &'static str| {
        let names = resources.value.get(part).and_then(Value::as_object);
        names.into_iter().flat_map(|map| map.keys()).map(move |name| (part, name.as_str()))
    };
    of("requests").chain(of("limits")).collect()
}

/// Huge pages are whole ones, and come with memory or CPU of another kind.
fn check_pages(object: &Object, resources: &Part<'_>, reporter: &mut Reporter<'_>) {
    let names = names(resources);
    let mut pages = names.iter().filter(|(_, name)| name.starts_with(PAGES)).peekable();
    if pages.peek().is_some() && !names.iter().any(|(_, name)| matches!(*name, "cpu" | "memory")) {
        let title = format!("`{}` has huge pages, and neither `cpu` nor `memory`", resources.path);
        let help = "add one of them: nothing runs on huge pages alone";
        reporter.error(codes::RESOURCES, object, &resources.path, &title, help);
    }
    for (part, name) in pages {
        let size = Quantity::parse(name.trim_start_matches(PAGES)).ok().map(Quantity::units);
        let Some((amount, text)) = read(resources, part, name) else { continue };
        if size.is_none_or(|size| size <= 0 || amount.units() % size != 0) {
            let path = resources.path.child(*part).child(*name);
            let title = format!("`{path}` is {text}, which is no number of such pages");
            let help = "write a multiple of the size that the name says";
            reporter.error(codes::RESOURCES, object, &path, &title, help);
        }
    }
}

/// What a pod asks as a whole is enough for what its containers ask.
pub(super) fn check_pod(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    const KNOWN: [&str; 2] = ["cpu", "memory"];
    let Some(resources) = spec.at(&["resources"]) else { return };
    check_pages(object, &resources, reporter);
    for (part, name) in names(&resources) {
        let path = resources.path.child(part).child(name);
        let mut complain = |title: &str, help: &str| {
            reporter.error(codes::RESOURCES, object, &path, title, help);
        };
        if !KNOWN.contains(&name) && !name.starts_with(PAGES) {
            let title = format!("`{name}` is no resource of a whole pod");
            complain(&title, &suggestion(name, KNOWN.into_iter()));
            continue;
        }
        let Some((amount, text)) = read(&resources, part, name) else { continue };
        let limit = read(&resources, "limits", name);
        if part == "requests" && name.starts_with(PAGES) {
            check_whole(object, &path, name, (amount, &text), limit, reporter);
            continue;
        }
        if let Some((_, limit)) = limit.filter(|(limit, _)| part == "requests" && amount > *limit) {
            let title = format!("the pod requests {text} of {name}, more than its limit {limit}");
            complain(&title, "raise the limit or lower the request");
        }
        // Without a request, the limit is what the containers have together.
        let is_whole = part == "requests" || read(&resources, "requests", name).is_none();
        if is_whole && asked(spec, name) > amount.millis() {
            let title = format!("`{path}` is {text}, and the containers request more together");
            complain(&title, "raise it, or lower what the containers request");
            continue;
        }
        let above = |container: &Part<'_>| {
            let limit = container.at(&["resources"]).and_then(|own| read(&own, "limits", name));
            limit.is_some_and(|(limit, _)| limit > amount)
        };
        if part == "limits" && spec.items("containers").iter().any(above) {
            let title = format!("`{path}` is {text}, and a container's limit is more");
            complain(&title, "raise it, or lower the container's");
        }
    }
}

/// What the containers of a pod request of a resource, in thousandths: all that run together, or more for one that runs
/// before them.
fn asked(spec: &Part<'_>, name: &str) -> i128 {
    let of = |container: &Part<'_>| {
        let own = container.at(&["resources"]);
        let amount = own.and_then(|own| read(&own, "requests", name).or_else(|| read(&own, "limits", name)));
        amount.map_or(0, |(amount, _)| amount.millis())
    };
    let (mut beside, mut most) = (0, 0);
    for initial in spec.items("initContainers") {
        most = most.max(beside + of(&initial));
        beside += if is_sidecar(&initial) { of(&initial) } else { 0 };
    }
    most.max(beside + spec.items("containers").iter().map(of).sum::<i128>())
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
