//! Keys of volumes and Services that would have no effect where they stand.

use crate::config::ServiceType;
use crate::diagnostics::{Diagnostic, codes};

use super::Subject;
use super::findings::{Findings, path};

pub(super) fn class_and_claim_are_used(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let persistence = &subject.config.persistence;
    if !persistence.enabled {
        let unused = [
            ("storageClass", persistence.storage_class.is_some()),
            ("existingClaim", persistence.existing_claim.is_some()),
        ];
        for (key, _) in unused.into_iter().filter(|(_, set)| *set) {
            found.at(
                &path(&["persistence", key]),
                "",
                Diagnostic::error(codes::NO_EFFECT, format!("`persistence.{key}` has no effect"))
                    .cause("`persistence.enabled` is false: the data is lost with the pod")
                    .help(format!("set `persistence.enabled` to true, or leave `{key}` out")),
            );
        }
    }
}

/// Without its volume there is nothing to move the log back from.
pub(super) fn wal_is_retired_while_mounted(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let wal = &subject.config.persistence.wal;
    if wal.retire && !wal.enabled {
        found.at(
            &path(&["persistence", "wal", "retire"]),
            "",
            Diagnostic::error(codes::NO_EFFECT, "`persistence.wal.retire` has no effect without the volume")
                .cause("the server moves the log back while the volume is mounted")
                .help(
                    "keep `persistence.wal.enabled` true until the server has moved it, then leave both out",
                ),
        );
    }
}

pub(super) fn service_keys_fit_its_type(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let service = &subject.config.service;
    let kind = service.kind.as_str();
    if service.node_port.is_some() && service.kind == ServiceType::ClusterIP {
        found.at(
            &path(&["service", "nodePort"]),
            "",
            Diagnostic::error(
                codes::NO_EFFECT,
                format!("`service.nodePort` has no effect on a Service of type {kind}"),
            )
            .help("set `service.type` to NodePort or LoadBalancer, or leave `nodePort` out"),
        );
    }
    let ranges = path(&["service", "loadBalancerSourceRanges"]);
    if !service.load_balancer_source_ranges.is_empty() && service.kind != ServiceType::LoadBalancer {
        found.at(
            &ranges,
            "",
            Diagnostic::error(
                codes::NO_EFFECT,
                format!("`service.loadBalancerSourceRanges` has no effect on a Service of type {kind}"),
            )
            .help("set `service.type` to LoadBalancer, or leave the ranges out"),
        );
    }
    for (index, range) in service.load_balancer_source_ranges.iter().enumerate() {
        let network = range.as_str().parse::<ipnet::IpNet>();
        if network.is_err() || network.is_ok_and(|n| n.trunc() != n) {
            let finding = Diagnostic::error(
                codes::BAD_NETWORK,
                format!("`{}` is no network in CIDR notation", range.as_str()),
            );
            found.at(&ranges.item(index), "", finding.help("write a network such as `10.1.0.0/16`"));
        }
    }
}
