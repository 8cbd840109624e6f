//! Settings that are good one by one and that the server refuses together, or only when it starts.

use super::value::Value;
use super::{Major, tls};
use crate::postgres::fault::{Fault, Mistake};

/// Settings that don't go together.
#[derive(Debug, PartialEq)]
pub struct Conflict {
    /// The parameters concerned, the one to change first.
    pub names: &'static [&'static str],
    pub fault: Fault,
}

/// Looks values up: what was set, else the server's own default.
pub(super) struct Effective<'a> {
    pub(super) major: Major,
    set: &'a dyn Fn(&str) -> Option<Value>,
}

impl Effective<'_> {
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        (self.set)(name).or_else(|| super::default(self.major, name))
    }

    /// The number of a parameter, zero where the major doesn't have it.
    fn number(&self, name: &str) -> i64 {
        self.value(name).and_then(|value| value.number()).unwrap_or(0)
    }

    fn is(&self, name: &str, text: &str) -> bool {
        self.value(name).is_some_and(|value| value.to_string() == text)
    }

    pub(super) fn is_on(&self, name: &str) -> bool {
        self.is(name, "on")
    }
}

type Rule = (&'static [&'static str], fn(&Effective) -> Option<Fault>);

const RULES: &[Rule] = &[
    (&["max_connections", "superuser_reserved_connections", "reserved_connections"], reserved_connections),
    (
        &["max_connections", "autovacuum_max_workers", "max_worker_processes", "max_wal_senders"],
        too_many_processes,
    ),
    (&["wal_level", "archive_mode"], archiving_needs_wal),
    (&["wal_level", "max_wal_senders"], sending_needs_wal),
    (&["wal_level", "summarize_wal"], summaries_need_wal),
    (&["min_wal_size"], |settings| two_segments(settings, "min_wal_size")),
    (&["max_wal_size"], |settings| two_segments(settings, "max_wal_size")),
    (&["archive_command", "archive_library"], one_way_to_archive),
    (&["huge_pages", "shared_memory_type"], huge_pages_need_mmap),
    (
        &["log_statement_stats", "log_parser_stats", "log_planner_stats", "log_executor_stats"],
        statistics_of_parts_or_whole,
    ),
    (&["ssl_max_protocol_version", "ssl_min_protocol_version"], tls::versions),
    (&["ssl_ciphers"], tls::ciphers),
    (&["ssl_ecdh_curve"], tls::curve),
    (&["ssl_groups"], tls::groups),
];

/// What of these settings can't stand together. `set` gives a parameter's value where somebody set or derived one.
pub fn conflicts(major: Major, set: &dyn Fn(&str) -> Option<Value>) -> Vec<Conflict> {
    let settings = Effective { major, set };
    RULES.iter().filter_map(|(names, rule)| Some(Conflict { names, fault: rule(&settings)? })).collect()
}

fn reserved_connections(settings: &Effective) -> Option<Fault> {
    let most = settings.number("max_connections");
    let kept = settings.number("superuser_reserved_connections") + settings.number("reserved_connections");
    (kept >= most).then(|| {
        Fault::new(
            Mistake::Together,
            format!("{kept} reserved connections leave none of {most} for the application"),
            "the server refuses to start unless some connections are left",
            format!("set `max_connections` above {kept}, or reserve fewer"),
        )
    })
}

/// `MAX_BACKENDS`; one process is the launcher of autovacuum.
fn too_many_processes(settings: &Effective) -> Option<Fault> {
    const MOST: i64 = 262_143;
    let autovacuum = match settings.number("autovacuum_worker_slots") {
        0 => settings.number("autovacuum_max_workers"),
        slots => slots,
    };
    let sum = settings.number("max_connections")
        + autovacuum
        + settings.number("max_worker_processes")
        + settings.number("max_wal_senders")
        + 1;
    (sum > MOST).then(|| {
        Fault::new(
            Mistake::Together,
            format!("{sum} processes are more than a server can have"),
            format!("connections, workers and senders together may be {MOST}"),
            "lower one of them",
        )
    })
}

fn minimal(settings: &Effective, title: &str, instead: &str) -> Option<Fault> {
    settings.is("wal_level", "minimal").then(|| {
        Fault::new(
            Mistake::Together,
            title,
            "`wal_level=minimal` writes no more than a crash needs, and the server refuses to start",
            format!("set `wal_level` to `replica`, or {instead}"),
        )
    })
}

fn archiving_needs_wal(settings: &Effective) -> Option<Fault> {
    if settings.is("archive_mode", "off") {
        return None;
    }
    minimal(settings, "WAL can't be archived with `wal_level=minimal`", "`archive_mode` to `off`")
}

fn sending_needs_wal(settings: &Effective) -> Option<Fault> {
    if settings.number("max_wal_senders") == 0 {
        return None;
    }
    minimal(settings, "WAL can't be sent with `wal_level=minimal`", "`max_wal_senders` to `0`")
}

fn summaries_need_wal(settings: &Effective) -> Option<Fault> {
    if !settings.is_on("summarize_wal") {
        return None;
    }
    minimal(settings, "WAL can't be summarized with `wal_level=minimal`", "`summarize_wal` to `off`")
}

/// A segment has 16 MB, as `initdb` makes it.
fn two_segments(settings: &Effective, name: &str) -> Option<Fault> {
    (settings.number(name) < 32).then(|| {
        Fault::new(
            Mistake::Together,
            format!("`{name}` is less than two segments of WAL"),
            "a segment has 16MB, and the server refuses to start with less than two",
            "write at least `32MB`",
        )
    })
}

fn one_way_to_archive(settings: &Effective) -> Option<Fault> {
    let is_set = |name| settings.value(name).is_some_and(|value| !value.to_string().is_empty());
    (is_set("archive_command") && is_set("archive_library")).then(|| {
        Fault::new(
            Mistake::Together,
            "`archive_command` and `archive_library` are both set",
            "the server archives by one of them, and refuses to choose",
            "remove one",
        )
    })
}

fn huge_pages_need_mmap(settings: &Effective) -> Option<Fault> {
    (settings.is("huge_pages", "on") && settings.is("shared_memory_type", "sysv")).then(|| {
        Fault::new(
            Mistake::Together,
            "`huge_pages=on` does not go with `shared_memory_type=sysv`",
            "only memory that the server maps has huge pages, and with `on` it refuses to start without them",
            "remove `shared_memory_type`, or write `try`",
        )
    })
}

fn statistics_of_parts_or_whole(settings: &Effective) -> Option<Fault> {
    let parts = ["log_parser_stats", "log_planner_stats", "log_executor_stats"];
    let part = parts.into_iter().find(|part| settings.is_on(part))?;
    settings.is_on("log_statement_stats").then(|| {
        Fault::new(
            Mistake::Together,
            format!("`log_statement_stats` and `{part}` are both on"),
            "statistics are logged of the whole statement or of its parts",
            "turn one off",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{Major, RULES, Value, conflicts};
    use crate::postgres::extensions::EnabledExtensions;
    use crate::postgres::parameters::{all, check};

    fn titles(major: Major, settings: &[(&str, &str)]) -> Vec<String> {
        let set = |name: &str| {
            let (name, token) = settings.iter().find(|(set, _)| *set == name)?;
            Some(check(major, name, token, &EnabledExtensions::default()).unwrap().value)
        };
        conflicts(major, &set).into_iter().map(|conflict| conflict.fault.title).collect()
    }

    #[test]
    fn rules_name_real_parameters() {
        for name in RULES.iter().flat_map(|(names, _)| *names) {
            assert!(all().iter().any(|row| row.name == *name), "{name}");
        }
    }

    #[test]
    fn defaults_go_together() {
        for major in Major::ALL {
            assert_eq!(titles(major, &[]), Vec::<String>::new());
        }
    }

    #[test]
    fn what_the_server_refuses_together_is_found() {
        for (settings, expected) in [
            (&[("max_connections", "3")][..], "3 reserved connections leave none of 3 for the application"),
            (
                &[("max_connections", "10"), ("reserved_connections", "7")],
                "10 reserved connections leave none of 10 for the application",
            ),
            (&[("max_connections", "262143")], "262165 processes are more than a server can have"),
            (&[("wal_level", "minimal")], "WAL can't be sent with `wal_level=minimal`"),
            (
                &[("wal_level", "minimal"), ("max_wal_senders", "0"), ("archive_mode", "on")],
                "WAL can't be archived with `wal_level=minimal`",
            ),
            (
                &[("wal_level", "minimal"), ("max_wal_senders", "0"), ("summarize_wal", "on")],
                "WAL can't be summarized with `wal_level=minimal`",
            ),
            (&[("min_wal_size", "16MB")], "`min_wal_size` is less than two segments of WAL"),
            (&[("max_wal_size", "31MB")], "`max_wal_size` is less than two segments of WAL"),
            (
                &[("archive_command", "true"), ("archive_library", "basic_archive")],
                "`archive_command` and `archive_library` are both set",
            ),
            (
                &[("log_statement_stats", "on"), ("log_planner_stats", "on")],
                "`log_statement_stats` and `log_planner_stats` are both on",
            ),
            (
                &[("huge_pages", "on"), ("shared_memory_type", "sysv")],
                "`huge_pages=on` does not go with `shared_memory_type=sysv`",
            ),
        ] {
            assert_eq!(titles(Major::V17, settings), [expected], "{settings:?}");
        }
    }

    /// Tried on Debian's 17.12 with OpenSSL 3.5, those of 18 on 18.4.
    #[test]
    fn what_openssl_refuses_is_found_where_tls_is_on() {
        const NO_CIPHER: &str = "`ssl_ciphers` names no cipher that OpenSSL knows";
        const NO_CURVE: &str = "`ssl_ecdh_curve` names no curve that OpenSSL knows";
        const NO_GROUP: &str = "`ssl_groups` names no group that OpenSSL knows";
        let with = |tls: &str, name: &str, token: &str, major| {
            let set = |asked: &str| match asked {
                "ssl" => Some(Value::Bool(tls == "on")),
                _ if asked == name => {
                    Some(check(major, name, token, &EnabledExtensions::default()).unwrap().value)
                }
                _ => None,
            };
            conflicts(major, &set).into_iter().map(|conflict| conflict.fault.title).collect::<Vec<_>>()
        };
        for (name, major, refused, taken, title) in [
            (
                "ssl_ciphers",
                Major::V17,
                &[
                    "bogus",
                    "high",
                    "",
                    "!aNULL",
                    "@SECLEVEL=2",
                    "+HIGH",
                    "-HIGH",
                    "HIGH+",
                    "TLSv1.3",
                    "TLS_AES_256_GCM_SHA384",
                    "ecdhe-rsa-aes256-gcm-sha384",
                ][..],
                &[
                    "HIGH",
                    "bogus:HIGH",
                    "HIGH:MEDIUM:+3DES:!aNULL",
                    "DEFAULT",
                    "EECDH+AESGCM",
                    "HIGH;!aNULL",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "ECDHE-RSA-AES256-GCM-SHA384",
                    "kEDH",
                ][..],
                NO_CIPHER,
            ),
            (
                "ssl_ecdh_curve",
                Major::V17,
                &["bogus", "", "P-256", "X25519", "PRIME256V1", "X25519:prime256v1"],
                &["prime256v1", "secp384r1", "brainpoolP256r1", "SM2", "Oakley-EC2N-3"],
                NO_CURVE,
            ),
            (
                "ssl_groups",
                Major::V18,
                &["bogus", ""],
                &["X25519", "P-256", "prime256v1:secp384r1"],
                NO_GROUP,
            ),
        ] {
            for token in refused {
                assert_eq!(with("on", name, token, major), [title], "{token}");
                assert_eq!(with("off", name, token, major), [""; 0], "{token}");
            }
            for token in taken {
                assert_eq!(with("on", name, token, major), [""; 0], "{token}");
            }
        }
        let titles = with("on", "ssl_max_protocol_version", "TLSv1.1", Major::V17);
        assert_eq!(titles, ["no version of TLS is both `TLSv1.2` or newer and `TLSv1.1` or older"]);
        assert_eq!(with("on", "ssl_min_protocol_version", "TLSv1.3", Major::V17), [""; 0]);
    }
}
