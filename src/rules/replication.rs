//! Several servers: how many there are, which one writes, what commits wait for, and what standbys need.

use crate::config::Config;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{self, Code};
use crate::postgres::parameters::Value;
use crate::yaml::ValuePath;

use super::findings::{Findings, path};
use super::{Effective, Subject, settings};

fn key(name: &str) -> ValuePath {
    path(&["highAvailability", name])
}

/// One server alone is no release of several, and the primary has to be one of them.
pub(super) fn servers_exist(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let config = subject.config;
    let ha = &config.high_availability;
    if !config.is_ha() {
        return;
    }
    if ha.replicas < 2 {
        found.at_all(
            &[(&key("replicas"), "one server"), (&path(&["deploymentMode"]), "several are asked for")],
            Diagnostic::error(codes::FEW_SERVERS, "high availability needs at least 2 servers")
                .cause("a single server has nobody to take over from it")
                .help("set `highAvailability.replicas` to 2 or more, or `deploymentMode` to `standalone`"),
        );
    } else if ha.primary >= ha.replicas {
        let last = ha.replicas - 1;
        let places = [(&key("primary"), "this one"), (&key("replicas"), "so many servers")];
        found.at_cause(
            &places,
            Diagnostic::error(
                codes::NO_PRIMARY,
                format!("there is no server {} that could be the primary", ha.primary),
            )
            .cause(format!("{} servers have the ordinals 0 to {last}", ha.replicas))
            .help(format!(
                "set `highAvailability.primary` to one of 0 to {last}, or raise `highAvailability.replicas`"
            )),
        );
    }
}

/// A commit that waits for more standbys than there are waits for ever.
pub(super) fn commits_can_be_confirmed(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let config = subject.config;
    let ha = &config.high_availability;
    let synchronous = key("synchronous");
    if !config.is_ha() {
        let enabled = synchronous.child("enabled");
        if ha.synchronous.enabled {
            found.at_all(
                &[(&enabled, "has no effect"), (&path(&["deploymentMode"]), "one server")],
                Diagnostic::warning(codes::NO_EFFECT, "no commit waits for a standby: there is none")
                    .cause("`deploymentMode` is `standalone`")
                    .help(
                        "set `deploymentMode` to `ha`, or leave `highAvailability.synchronous.enabled` out",
                    ),
            );
        }
        return;
    }
    if !ha.synchronous.enabled || ha.replicas < 2 {
        return;
    }
    let (number, standbys) = (ha.synchronous.number, ha.replicas - 1);
    let count = if standbys == 1 {
        "there is 1 standby".to_owned()
    } else {
        format!("there are {standbys} standbys")
    };
    let places = [
        (&synchronous.child("number"), "so many have to confirm"),
        (&key("replicas"), "the primary is one of these"),
        (&synchronous.child("enabled"), "commits wait"),
    ];
    if number > standbys {
        found.at_cause(
            &places,
            Diagnostic::error(
                codes::NEVER_CONFIRMED,
                format!("no commit would ever end: it waits for {number}, and {count}"),
            )
            .help(fewer_or_more(number, standbys)),
        );
    } else if number == standbys {
        found.at_cause(
            &places,
            Diagnostic::warning(codes::WRITES_STOP, "the loss of one standby stops all writes")
                .cause(format!("a commit waits for {number}, and {count}"))
                .help(format!(
                    "{}, unless no write is better than one that only the primary has",
                    fewer_or_more(number, standbys)
                )),
        );
    }
    if let Some(own) = subject.parameter("synchronous_commit") {
        found.at_all(
            &[(&own, "here"), (&synchronous.child("enabled"), "and here")],
            Diagnostic::error(codes::COMMIT_TWICE, "what commits wait for is said twice")
                .cause("`highAvailability.synchronous.commit` is the same parameter")
                .help("leave out `postgresql.config.synchronous_commit`; `ALTER ROLE … SET` can still make an exception"),
        );
    }
}

/// What lets commits end although one standby is away, as far as there can be so many servers.
fn fewer_or_more(number: u32, standbys: u32) -> String {
    let fewer = standbys.saturating_sub(1).max(1);
    let more = (number + 2).min(settings::MOST_SERVERS);
    let number =
        (fewer < number).then(|| format!("`highAvailability.synchronous.number` to at most {fewer}"));
    let or_more = if more < settings::MOST_SERVERS { " or more" } else { "" };
    let replicas = (more > standbys + 1).then(|| format!("`highAvailability.replicas` to {more}{or_more}"));
    let ways: Vec<String> = number.into_iter().chain(replicas).collect();
    format!("set {}", ways.join(", or "))
}

/// Keys that mean something for one server only, or for several only.
pub(super) fn keys_fit_the_mode(subject: &Subject<'_>, found: &mut Findings<'_>) {
    let Config { persistence, high_availability: ha, .. } = subject.config;
    let mut refuse = |code: Code, at: ValuePath, title: &str, cause: &str, help: &str| {
        found.at(&at, "", Diagnostic::error(code, title).cause(cause).help(help));
    };
    if ha.max_lag.is_some() && !ha.read_service.enabled {
        refuse(
            codes::NO_EFFECT,
            key("maxLag"),
            "`highAvailability.maxLag` has no effect without the Service for reading",
            "it decides which standbys that Service leads to",
            "set `highAvailability.readService.enabled` to true, or leave `maxLag` out",
        );
    }
    if !persistence.enabled && persistence.from_ordinal.is_some() {
        refuse(
            codes::NO_EFFECT,
            path(&["persistence", "fromOrdinal"]),
            "`persistence.fromOrdinal` has no effect",
            "`persistence.enabled` is false: there is no volume to take over",
            "set `persistence.enabled` to true, or leave `fromOrdinal` out",
        );
    }
    if persistence.existing_claim.is_some() && persistence.from_ordinal.is_some() {
        refuse(
            codes::NO_EFFECT,
            path(&["persistence", "fromOrdinal"]),
            "`persistence.fromOrdinal` has no effect beside `persistence.existingClaim`",
            "both say which volume holds the data",
            "leave out the one or the other",
        );
    }
    if !subject.config.is_ha() {
        return;
    }
    if persistence.existing_claim.is_some() {
        refuse(
            codes::OTHER_MODE,
            path(&["persistence", "existingClaim"]),
            "`persistence.existingClaim` is one volume, and there are several servers",
            "the StatefulSet makes a claim for each: `data-<release>-0`, `data-<release>-1` …",
            "leave it out; for existing data, name its claim `data-<release>-0`",
        );
    }
    if let Some(ordinal) = persistence.from_ordinal {
        refuse(
            codes::OTHER_MODE,
            path(&["persistence", "fromOrdinal"]),
            "`persistence.fromOrdinal` is for a standalone release",
            "with several servers, each has its own data",
            &format!(
                "leave it out; if the release was standalone on that volume, set `highAvailability.primary` to {ordinal}"
            ),
        );
    }
    if !persistence.enabled {
        found.at_all(
            &[(&path(&["persistence", "enabled"]), ""), (&path(&["deploymentMode"]), "several servers")],
            Diagnostic::warning(codes::DATA_WITH_POD, "a deleted pod loses its data")
                .cause(
                    "the primary then waits until somebody promotes a standby, and when all pods go at once, everything is lost",
                )
                .help("set `persistence.enabled` to true, but for a test"),
        );
    }
    let account = &subject.config.service_account;
    let shared = !account.create && account.name.as_ref().is_none_or(|name| name.as_str() == "default");
    if ha.read_service.enabled && subject.config.rbac.create && shared {
        let key = if account.name.is_some() { "name" } else { "create" };
        found.at_all(
            &[(&path(&["serviceAccount", key]), ""), (&path(&["rbac", "create"]), "gives it rights")],
            Diagnostic::warning(
                codes::SHARED_ACCOUNT,
                "every pod of the namespace may relabel this release's pods",
            )
            .cause("without an account of its own the release uses `default`, as other pods do")
            .help("set `serviceAccount.create` to true, or `serviceAccount.name` to one of its own"),
        );
    }
}

/// What standbys need of the parameters.
pub(super) fn judge(subject: &Subject<'_>, settings: Option<&[Effective]>, found: &mut Findings<'_>) {
    let (Some(settings), true) = (settings, subject.config.is_ha()) else { return };
    let value = |name: &str| settings.iter().find(|setting| setting.name == name)?.read(subject.major);
    // A slot and a sender for each standby, and one more of each while one is cloned.
    let needed = i64::from(subject.config.high_availability.replicas);
    for name in ["max_replication_slots", "max_wal_senders"] {
        if let Some(count) = value(name).as_ref().and_then(Value::number).filter(|count| *count < needed) {
            found.at_all(
                &[(&subject.parameter_at(name), "so many"), (&key("replicas"), "for these servers")],
                Diagnostic::error(
                    codes::FEW_SLOTS,
                    format!("`{name}` is {count}, and {needed} servers need at least {needed}"),
                )
                .cause("each standby takes one, and one more is taken while it is cloned")
                .help("leave it out: what is derived serves any number of servers without a restart"),
            );
        }
    }
    if value("wal_level").is_some_and(|level| level.to_string() == "minimal") {
        found.at(
            &subject.parameter_at("wal_level"),
            "",
            Diagnostic::error(codes::OTHER_MODE, "`wal_level=minimal` is for a single server")
                .cause("it writes no more than a crash needs, and standbys are fed from the log")
                .help("leave it out: with several servers it is `replica`"),
        );
    }
    if value("recovery_min_apply_delay").as_ref().and_then(Value::number).is_some_and(|delay| delay > 0) {
        found.at(
            &subject.parameter_at("recovery_min_apply_delay"),
            "",
            Diagnostic::error(codes::OTHER_MODE, "`recovery_min_apply_delay` is for a standby that nobody promotes")
                .cause("here each may become primary, and one that has not applied what it received hides that it has it")
                .help("leave it out; against mistakes of people, keep backups"),
        );
    }
}

/// A slot that nobody reads holds back the log: a standby's, or one of a program that takes changes.
pub(super) fn slots_are_limited(subject: &Subject<'_>, settings: &[Effective], found: &mut Findings<'_>) {
    let value = |name: &str| settings.iter().find(|setting| setting.name == name)?.read(subject.major);
    let number = |name: &str| value(name).as_ref().and_then(Value::number);
    let none_can_be = number("max_replication_slots") == Some(0)
        || value("wal_level").is_some_and(|level| level.to_string() == "minimal");
    if number("max_slot_wal_keep_size") != Some(-1) || none_can_be {
        return;
    }
    let (title, cause) = if subject.config.is_ha() {
        (
            "a standby that is away can fill the volume",
            "its slot holds back the log without limit, and the primary stops when the disk is full",
        )
    } else {
        (
            "a replication slot that nobody reads can fill the volume",
            "it holds back the log without limit, and the server stops when the disk is full",
        )
    };
    found.at(
        &subject.parameter_at("max_slot_wal_keep_size"),
        "",
        Diagnostic::warning(codes::UNLIMITED_SLOTS, title)
            .cause(cause)
            .help("leave it out to use the derived limit"),
    );
}
