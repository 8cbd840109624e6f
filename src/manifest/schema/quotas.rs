//! What a quota bounds, and by how much.

use serde_json::Value;

use super::forms::{amount, no};
use super::limits::Complaint;
use super::words::suggestion;
use crate::quantity::Quantity;

/// What a quota bounds by plain names (`IsStandardQuotaResourceName`).
const BOUNDED: [&str; 19] = [
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

/// What is wrong with an entry of a quota's `hard`.
pub(super) fn complaint(name: &str, value: &Value) -> Option<Complaint> {
    if !bounded(name) && !name.contains('/') {
        return no(name, "resource that a quota bounds", Err(suggestion(name, BOUNDED.into_iter())));
    }
    amount(value).or_else(|| if is_counted(name) { whole(value) } else { None })
}

fn bounded(name: &str) -> bool {
    BOUNDED.contains(&name) || name.trim_start_matches("requests.").starts_with("hugepages-")
}

/// Objects are counted: there is no half of one.
fn whole(value: &Value) -> Option<Complaint> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_whole = Quantity::parse(&text).is_ok_and(|read| read.millis() == read.units() * 1000);
    let help = "it counts objects: write a whole number".to_owned();
    (!is_whole).then(|| Complaint { found: format!("`{text}`"), help })
}

/// Whether a quota bounds a number of objects (`IsIntegerResourceName`), not an amount.
fn is_counted(name: &str) -> bool {
    const AMOUNTS: [&str; 4] = ["cpu", "memory", "storage", "ephemeral-storage"];
    let plain = name.trim_start_matches("requests.").trim_start_matches("limits.");
    if name.contains('/') {
        !name.starts_with("requests.")
    } else {
        !AMOUNTS.contains(&plain) && !plain.starts_with("hugepages-")
    }
}
