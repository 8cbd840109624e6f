//! The variables of a container.

use super::Part;
use super::pods::check_unique;
use crate::diagnostics::{Severity, codes};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;
use crate::names::Rule;

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
