//! Volumes that go away too early, and networks that a load balancer lets through.

use crate::diagnostics::{Diagnostic, codes};

use super::Subject;
use super::findings::{Findings, path};

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

/// A preset that keeps nothing is for that; in values, it is said in passing.
pub(super) fn data_outlives_the_pod(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let at = path(&["persistence", "enabled"]);
    // What it means to several servers, `replication` says.
    if !subject.config.persistence.enabled && !subject.config.is_ha() && found.is_given(&at) {
        found.at(
            &at,
            "",
            Diagnostic::warning(codes::DATA_WITH_POD, "a deleted pod loses its data")
                .cause("there is no volume: each new pod begins with an empty server")
                .help("set `persistence.enabled` to true, but for a test"),
        );
    }
}

pub(super) fn source_ranges_are_networks(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let ranges = path(&["service", "loadBalancerSourceRanges"]);
    for (index, range) in subject.config.service.load_balancer_source_ranges.iter().enumerate() {
        let (at, text) = (ranges.item(index), range.as_str());
        match text.parse::<ipnet::IpNet>() {
            Err(_) => {
                let finding =
                    Diagnostic::error(codes::BAD_NETWORK, format!("`{text}` is no network in CIDR notation"));
                found.at(&at, "", finding.help("write a network such as `10.1.0.0/16`"));
            }
            Ok(network) if network.trunc() != network => {
                let finding = Diagnostic::error(
                    codes::BAD_NETWORK,
                    format!("`{text}` has bits of its address right of the mask"),
                );
                let finding = finding.cause("it would be for a larger network than it seems");
                found.at(&at, "", finding.help(format!("write `{}` for the network", network.trunc())));
            }
            Ok(network) if network.prefix_len() == 0 => {
                let finding =
                    Diagnostic::warning(codes::OPEN_NETWORK, format!("`{text}` is every address there is"));
                let finding = finding.cause("the load balancer lets everybody through to the database");
                found.at(&at, "", finding.help("write the networks that clients are in"));
            }
            Ok(_) => {}
        }
    }
}
