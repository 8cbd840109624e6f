//! The nodes that the pods may run on, as far as their labels are demanded.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::config::Spread;
use crate::diagnostics::{Diagnostic, codes};
use crate::yaml::ValuePath;

use super::Subject;
use super::findings::{Findings, path};

const HOST: &str = "kubernetes.io/hostname";

/// Where the terms are that nodes have to fit.
const TERMS: [&str; 3] =
    ["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];

/// The values that a node's label must have one of, each with its place; none where a node without the label will do.
pub(super) fn demanded<'a>(subject: &Subject<'a>, label: &str) -> Vec<(ValuePath, &'a str)> {
    if let Some(value) = subject.config.node_selector.get(label) {
        return vec![(path(&["nodeSelector"]).child(label), value.as_str())];
    }
    let affinity = subject.config.affinity.as_ref().map(|affinity| &affinity.0);
    let terms = TERMS.iter().try_fold(affinity, |part, key| Some(part?.get(*key)));
    let at = TERMS.iter().fold(path(&["affinity"]), |at, key| at.child(*key));
    let mut all = Vec::new();
    for (index, term) in terms.flatten().and_then(Value::as_array).into_iter().flatten().enumerate() {
        let values = of_term(term, &at.item(index).child("matchExpressions"), label);
        // One of the terms is enough.
        if values.is_empty() {
            return Vec::new();
        }
        all.extend(values);
    }
    all
}

/// The same of a term, all of whose expressions have to hold.
fn of_term<'a>(term: &'a Value, at: &ValuePath, label: &str) -> Vec<(ValuePath, &'a str)> {
    let expressions = term.get("matchExpressions").and_then(Value::as_array);
    let mut numbered = expressions.into_iter().flatten().enumerate();
    let is =
        |expression: &Value, key: &str, text: &str| expression.get(key).and_then(Value::as_str) == Some(text);
    let found =
        numbered.find(|(_, expression)| is(expression, "key", label) && is(expression, "operator", "In"));
    let Some((index, expression)) = found else { return Vec::new() };
    let values = expression.get("values").and_then(Value::as_array);
    values
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(item, value)| Some((at.item(index).child("values").item(item), value.as_str()?)))
        .collect()
}

/// Servers that are kept apart need as many nodes as they are kept apart over.
pub(super) fn servers_have_nodes_to_spread_over(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let config = subject.config;
    let ha = &config.high_availability;
    let own = &config.topology_spread_constraints;
    let is_own = own.iter().any(|own| own.0.get("topologyKey").and_then(Value::as_str) == Some(HOST));
    if !config.is_ha() || ha.replicas < 2 || ha.spread == Some(Spread::Soft) || is_own {
        return;
    }
    let hosts = demanded(subject, HOST);
    let names: BTreeSet<&str> = hosts.iter().map(|(_, name)| *name).collect();
    let (Some((at, name)), 1) = (hosts.first(), names.len()) else { return };
    found.at(
        at,
        "",
        Diagnostic::error(
            codes::ONE_NODE,
            format!("only one of {} servers can run: all are to be on the node `{name}`", ha.replicas),
        )
        .cause("`highAvailability.spread` is `hard`: where there is one node, the second server waits for another")
        .help("select nodes by a label that several have, or set `highAvailability.spread` to `soft`"),
    );
}
