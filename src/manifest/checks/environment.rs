//! The variables of a container, and the resources that they or files tell it of.

use super::demanded::{missing, wrong};
use super::pods::check_unique;
use super::{Part, containers};
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::names::Rule;
use crate::quantity::Quantity;

/// `twice` tells how bad it is that a variable is there twice: the second hides the first.
pub(super) fn check(object: &Object, container: &Part<'_>, twice: Severity, reporter: &mut Reporter<'_>) {
    let variables = container.items("env");
    check_unique(object, &variables, Rule::EnvironmentName, "variable", twice, reporter);
    for variable in &variables {
        let value = variable.value.get("value").filter(|value| !value.is_null());
        if value.is_some_and(|value| value.as_str() != Some("")) && variable.at(&["valueFrom"]).is_some() {
            let name = variable.text("name").unwrap_or_default();
            let title = format!("the variable `{name}` has `value` and `valueFrom`");
            reporter.error(codes::ENVIRONMENT, object, &variable.path, &title, "keep one of the two");
        }
    }
}

/// The resources that variables and files tell of: each in a unit that it is counted in, and a file's of a container.
pub(super) fn check_resources(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    for variable in containers(spec).iter().flat_map(|container| container.items("env")) {
        if let Some(told) = variable.at(&["valueFrom", "resourceFieldRef"]) {
            check_unit(object, &told, reporter);
        }
    }
    let volumes = spec.items("volumes");
    let projected = volumes.iter().filter_map(|volume| volume.at(&["projected"]));
    let sources = projected.flat_map(|volume| volume.items("sources"));
    let plain = volumes.iter().cloned();
    for files in plain.chain(sources).filter_map(|source| source.at(&["downwardAPI"])) {
        for told in files.items("items").iter().filter_map(|file| file.at(&["resourceFieldRef"])) {
            if told.stated("containerName").is_none() {
                missing(object, &told, "containerName", reporter);
            }
            check_unit(object, &told, reporter);
        }
    }
}

fn check_unit(object: &Object, told: &Part<'_>, reporter: &mut Reporter<'_>) {
    const OF_CPU: [&str; 3] = ["0", "1m", "1"];
    const OF_BYTES: [&str; 14] =
        ["0", "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let (Some(resource), Some(divisor)) = (told.text("resource"), told.at(&["divisor"])) else { return };
    let (units, example): (&[&str], _) =
        if resource.ends_with(".cpu") { (&OF_CPU, "`1` or `1m`") } else { (&OF_BYTES, "`1`, `1k` or `1Mi`") };
    let text = divisor.value.as_str().map_or_else(|| divisor.value.to_string(), str::to_owned);
    let Ok(read) = Quantity::parse(&text) else { return };
    if !units.iter().any(|unit| Quantity::parse(unit) == Ok(read)) {
        let why = format!("is {text}, and `{resource}` is not told in that unit");
        wrong(object, told, "divisor", &why, &format!("write {example}, or leave it out"), reporter);
    }
}
