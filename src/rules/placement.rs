//! Where the pod can run, on which ports, and how long it has to stop.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, codes};
use crate::release::names;
use crate::yaml::ValuePath;

use super::findings::{Findings, path};
use super::{Image, Subject, nodes};

const ARCHITECTURE: &str = "kubernetes.io/arch";

/// A node of the wrong processor starts nothing: the pod would wait for ever, or fail to run its image.
pub(super) fn nodes_run_the_image(subject: &Subject<'_>, image: &Image, found: &mut Findings<'_>) {
    let demanded = nodes::demanded(subject, ARCHITECTURE);
    let Some((at, _)) = demanded.first() else { return };
    let is_among = |known: &[&str]| demanded.iter().any(|(_, value)| known.contains(value));
    let selected = quoted(demanded.iter().map(|(_, value)| *value), " or ");
    let own = subject.config.architecture.map(crate::config::Architecture::as_str);
    if let Some(own) = own.filter(|own| !is_among(&[own])) {
        found.at_all(
            &[(at, "one processor"), (&path(&["architecture"]), "another")],
            Diagnostic::error(codes::NODE_ARCHITECTURE, format!("no node is both `{own}` and {selected}"))
                .cause("the pod would wait for such a node for ever")
                .help("keep `architecture`, and leave the label out: it is set by it"),
        );
    } else if !image.architectures.is_empty() && !is_among(&image.architectures) {
        found.at(
            at,
            "",
            Diagnostic::error(
                codes::NODE_ARCHITECTURE,
                format!("`{}:{}` does not run on {selected}", image.repository, image.tag),
            )
            .cause(format!("it is published for {}", quoted(image.architectures.iter().copied(), " and ")))
            .help("select other nodes, or name another image with `postgresql.image`"),
        );
    }
}

fn quoted<'a>(words: impl Iterator<Item = &'a str>, between: &str) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(between)
}

/// A fast shutdown writes all that is in memory to the disk.
const SHORTEST_GRACE: u32 = 30;

pub(super) fn the_server_has_time_to_stop(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let grace = subject.config.termination_grace_period_seconds;
    if grace < SHORTEST_GRACE {
        found.at(
            &path(&["terminationGracePeriodSeconds"]),
            "",
            Diagnostic::warning(codes::GRACE_PERIOD, format!("the server has only {grace} seconds to stop"))
                .cause("it writes all that is in memory first; killed before the end, it recovers from the log at its next start")
                .help("leave it out for 300"),
        );
    }
}

/// The range that an API server has unless it was given another (`--service-node-port-range`).
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30_000..=32_767;

pub(super) fn node_port_is_in_range(subject: &Subject<'_>, found: &mut Findings<'_>) {
    if let Some(port) = subject.config.service.node_port.filter(|port| !NODE_PORTS.contains(port)) {
        found.at(
            &path(&["service", "nodePort"]),
            "",
            Diagnostic::warning(
                codes::NODE_PORT,
                format!("port {port} is outside the range of ports on nodes"),
            )
            .cause("Kubernetes refuses it, unless the cluster was given another range than 30000 to 32767")
            .help("choose a port from 30000 to 32767, or leave it out"),
        );
    }
}

/// Containers of a pod share its ports.
pub(super) fn extra_containers_find_free_ports(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let exporter = &subject.config.monitoring.exporter;
    let mut taken: BTreeMap<u64, String> = BTreeMap::from([(names::PORT.into(), "the server".to_owned())]);
    if exporter.enabled {
        taken.insert(exporter.port.into(), "the exporter".to_owned());
    }
    for (index, container) in subject.config.extra_containers.iter().enumerate() {
        let ports = container.0.get("ports").and_then(|ports| ports.as_array());
        let at: ValuePath = path(&["extraContainers"]).item(index).child("ports");
        for (number, port) in ports.into_iter().flatten().enumerate() {
            let Some(port) = port.get("containerPort").and_then(serde_json::Value::as_u64) else { continue };
            let name = container.0.get("name").and_then(|name| name.as_str()).unwrap_or_default();
            let Some(owner) = taken.insert(port, format!("the container `{name}`")) else { continue };
            found.at(
                &at.item(number).child("containerPort"),
                "",
                Diagnostic::error(codes::PORT_TAKEN, format!("port {port} of the pod is taken"))
                    .cause(format!("{owner} listens there, and the containers of a pod share its ports"))
                    .help("choose another port"),
            );
        }
    }
}
