//! What a Service demands of its addresses and ports.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

use super::Part;
use super::demanded::{lacks, missing, wrong};
use crate::manifest::object::Object;
use crate::manifest::reporter::Reporter;

pub(super) fn ports_are_there(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    match spec.stated("type").unwrap_or("ClusterIP") {
        "ExternalName" if spec.text("externalName").is_none_or(str::is_empty) => {
            missing(object, spec, "externalName", reporter);
        }
        "ExternalName" => {}
        _ if lacks(spec, "ports") && spec.text("clusterIP") != Some("None") => {
            missing(object, spec, "ports", reporter);
        }
        "ClusterIP" => {
            for port in spec.items("ports") {
                if port.number("nodePort").is_some_and(|number| number != 0) {
                    wrong(
                        object,
                        &port,
                        "nodePort",
                        "stands in a Service of type `ClusterIP`",
                        "write `type: NodePort`, or remove it",
                        reporter,
                    );
                }
            }
        }
        _ => {}
    }
}

/// What nobody reaches from outside has no policy for it.
pub(super) fn traffic_comes_from_outside(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let kind = spec.stated("type").unwrap_or("ClusterIP");
    if matches!(kind, "LoadBalancer" | "NodePort") && spec.text("clusterIP") == Some("None") {
        let why = format!("is `None` in a Service of type `{kind}`");
        wrong(object, spec, "clusterIP", &why, "remove it, or write `type: ClusterIP`", reporter);
    }
    let checked = kind == "LoadBalancer" && spec.text("externalTrafficPolicy") == Some("Local");
    if !checked && spec.number("healthCheckNodePort").is_some_and(|port| port != 0) {
        let why = "stands in a Service that asks no node how it is";
        let help = "remove it; only `type: LoadBalancer` with `externalTrafficPolicy: Local` has one";
        wrong(object, spec, "healthCheckNodePort", why, help, reporter);
    }
    let inside = matches!(kind, "ClusterIP" | "ExternalName") && spec.items("externalIPs").is_empty();
    if inside && spec.text("externalTrafficPolicy").is_some_and(|policy| !policy.is_empty()) {
        let why = format!("stands in a Service of type `{kind}`");
        let help = "remove it, or write `type: NodePort` or `type: LoadBalancer`";
        wrong(object, spec, "externalTrafficPolicy", &why, help, reporter);
    }
}

/// The first of the addresses is the one that is stated alone; each is of another family.
pub(super) fn addresses_agree(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let texts = |key: &str| {
        let items = spec.value.get(key).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>()
    };
    let (one, all) = (spec.stated("clusterIP"), texts("clusterIPs"));
    if let (Some(one), Some(first)) = (one, all.first())
        && one != *first
    {
        let why = format!("begins with `{first}`, and `clusterIP` is `{one}`");
        wrong(object, spec, "clusterIPs", &why, "write the same, or remove `clusterIPs`", reporter);
    }
    let families: Vec<bool> =
        all.iter().filter_map(|text| text.parse().ok()).map(|address: IpAddr| address.is_ipv4()).collect();
    if families.iter().collect::<BTreeSet<_>>().len() < families.len() {
        let help = "one of IPv4 and one of IPv6 are the most";
        wrong(object, spec, "clusterIPs", "has two addresses of one family", help, reporter);
    }
    let policy = spec.stated("ipFamilyPolicy").unwrap_or("SingleStack");
    if texts("ipFamilies").iter().collect::<BTreeSet<_>>().len() > 1 && policy == "SingleStack" {
        let help = "write `ipFamilyPolicy: PreferDualStack` or `RequireDualStack`, or name one family";
        wrong(
            object,
            spec,
            "ipFamilies",
            "has two families, and the policy is `SingleStack`",
            help,
            reporter,
        );
    }
}

/// A port of the node is given once.
pub(super) fn node_ports_differ(object: &Object, spec: &Part<'_>, reporter: &mut Reporter<'_>) {
    let mut taken = BTreeSet::new();
    for port in spec.items("ports") {
        let Some(number) = port.number("nodePort").filter(|number| *number != 0) else { continue };
        if !taken.insert((number, port.stated("protocol").unwrap_or("TCP"))) {
            let why = format!("is {number}, which is another port's");
            wrong(object, &port, "nodePort", &why, "give one of them another number", reporter);
        }
    }
}
