//! Whether a test may do without something.

use std::io::Write as _;

/// Names of the things that `PGPOD_REQUIRE` may list, as `.ci/servers --print` and `.ci/run` write them.
pub(super) const NAMES: &[&str] = &[
    "apiserver",
    "busybox",
    "cluster",
    "dash",
    "kubectl",
    "kubernetes-validate",
    "operator-models",
    "postgres",
    "postgres-full",
    "postgres-full-15",
    "postgres-full-17",
    "pyyaml",
    "shellcheck",
];

/// Says that the running test is skipped because `name` is missing, and gives `None`.
///
/// # Panics
/// When `PGPOD_REQUIRE` names it: this run promised to have it.
pub(super) fn missing<T>(name: &str, why: &str) -> Option<T> {
    assert!(NAMES.contains(&name), "`{name}` is not in the list of things that can be required");
    let required = std::env::var("PGPOD_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|wanted| wanted.trim() == name),
        "`{name}` is missing, and PGPOD_REQUIRE names it: {why}"
    );
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Not `eprintln!`, which the test runner hides when the test passes.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
    None
}

/// The value of a variable that says where something is; empty means unset.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[test]
fn a_misspelt_requirement_is_noticed() {
    for wanted in variable("PGPOD_REQUIRE").unwrap_or_default().split(',').filter(|name| !name.is_empty()) {
        assert!(NAMES.contains(&wanted.trim()), "PGPOD_REQUIRE names `{wanted}`; known are {NAMES:?}");
    }
}
