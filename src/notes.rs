//! What to know about a release that was just rendered.

use crate::plan::Plan;

/// How to connect, where the passwords are, what to do next, with real names.
pub fn notes(plan: &Plan) -> String {
    plan.release.name.clone()
}
