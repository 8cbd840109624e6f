//! Settings that the server takes and that somebody will be sorry for: a table. What is dangerous by itself is here;
//! what is wrong only beside another setting, in `together.rs`.

use super::value::Value;
use super::{Major, texts, time_zones};
use crate::postgres::fault::{Fault, Mistake};

/// When a setting is a risk.
enum When {
    /// It has one of these values.
    Is(&'static [&'static str]),
    /// Its number is above zero and below this, in the parameter's own unit; what a number without a unit counts.
    Under(i64, &'static str),
    /// Its number is above this, in the parameter's own unit.
    Over(i64),
    /// It is on, and all of these are empty.
    Without(&'static [&'static str]),
    /// The words of the list have not this one.
    Lacks(&'static str),
    /// The text is one of these.
    Reads(fn(&str) -> bool),
    /// It is not empty, and the other has this value.
    Beside(&'static str, &'static str),
    /// It is on, and the other has not this value.
    Unless(&'static str, &'static str),
}

struct Risk {
    name: &'static str,
    when: When,
    /// What it does, after the name and its value.
    does: &'static str,
    cause: &'static str,
    help: &'static str,
}

const fn risk(
    name: &'static str,
    when: When,
    does: &'static str,
    cause: &'static str,
    help: &'static str,
) -> Risk {
    Risk { name, when, does, cause, help }
}

const OFF: When = When::Is(&["off"]);
const ON: When = When::Is(&["on"]);
const MILLISECONDS: &str = "milliseconds";
const WESTWARD: &str = "an offset without a name is read as POSIX has it, whose numbers grow westward; only whole or decimal hours in `timezone` grow eastward";
const NAME_A_ZONE: &str = "write a name such as `Europe/Berlin`, or the east with a name: `<+0530>-5:30`";
const KEPT: &str = "the server replaces all but printable ASCII characters, and keeps 63 bytes";
const NOT_ARCHIVING: &str = "with `archive_mode=off` the server never uses it";
/// Sources: the manual's pages on each parameter ("Write Ahead Log", "Developer Options", "Client Connection Defaults").
const RISKS: &[Risk] = &[
    risk(
        "TimeZone",
        When::Reads(|text| time_zones::is_unnamed_zone(text) && time_zones::hours(text).is_none()),
        "counts hours to the west of Greenwich, and not to the east",
        WESTWARD,
        NAME_A_ZONE,
    ),
    risk(
        "allow_system_table_mods",
        ON,
        "lets a superuser change the system's own tables",
        "a mistake there leaves a cluster that cannot be repaired",
        "leave it out; set it in the one session that needs it",
    ),
    risk(
        "application_name",
        When::Reads(|text| !texts::is_kept(text)),
        "is shown in another way than it is written",
        KEPT,
        "write a shorter or plainer one",
    ),
    risk(
        "archive_command",
        When::Beside("archive_mode", "off"),
        "archives nothing",
        NOT_ARCHIVING,
        "set `archive_mode` to `on`, or leave `archive_command` out",
    ),
    risk(
        "archive_library",
        When::Beside("archive_mode", "off"),
        "archives nothing",
        NOT_ARCHIVING,
        "set `archive_mode` to `on`, or leave `archive_library` out",
    ),
    risk(
        "archive_mode",
        When::Without(&["archive_command", "archive_library"]),
        "keeps the log until it is archived, and nothing archives it",
        "the server deletes no segment before `archive_command` or `archive_library` took it: the volume fills up and \
         the server stops",
        "set `archive_command` or `archive_library`, or `archive_mode` to `off`",
    ),
    risk(
        "autovacuum",
        OFF,
        "lets tables grow without end",
        "nobody removes dead rows, statistics grow old, and only the emergency vacuum before a wraparound runs",
        "leave it on; slow it down by `autovacuum_vacuum_cost_delay`, or turn it off for one table",
    ),
    risk(
        "autovacuum_freeze_max_age",
        When::Over(1_500_000_000),
        "leaves little time before the server stops to accept writes",
        "two thousand million transactions after the oldest row that is not frozen, there are no numbers left",
        "write at most `1500000000`",
    ),
    risk(
        "cluster_name",
        When::Reads(|text| !texts::is_kept(text)),
        "is shown in another way than it is written",
        KEPT,
        "write a shorter or plainer one, or leave it out for the name of the release",
    ),
    risk(
        "data_sync_retry",
        ON,
        "goes on after data could not be written",
        "Linux drops a page that it failed to write, and says so only once: the retry succeeds and the data is lost",
        "leave it off: the server then recovers from the log",
    ),
    risk(
        "default_with_oids",
        OFF,
        "has no effect",
        "tables with OIDs are gone since 12; the server takes `off` for the sake of old files",
        "remove it",
    ),
    risk(
        "exit_on_error",
        ON,
        "ends a session at its first error",
        "every application loses its connection over a mistyped query",
        "leave it out",
    ),
    risk(
        "fsync",
        OFF,
        "can cost the whole cluster at the next crash",
        "the server no longer waits until data is on the disk: after a power failure nothing fits together",
        "leave it on; `synchronous_commit: off` is nearly as fast and loses only the last moments",
    ),
    risk(
        "full_page_writes",
        OFF,
        "can leave half-written pages after a crash",
        "a page that was being written when the power failed is repaired from its full image in the log alone",
        "leave it on; `wal_compression` makes the images small",
    ),
    risk(
        "huge_pages",
        ON,
        "keeps the server from starting in a pod that has none",
        "a container gets huge pages only when its resources ask for them, and with `on` the server insists",
        "write `try`, or add `hugepages-2Mi` to the container by `patches`",
    ),
    risk(
        "idle_in_transaction_session_timeout",
        When::Under(1000, MILLISECONDS),
        "ends a session within a second",
        "a transaction that waits for its client no longer than that is rolled back, and its connection closed",
        "write a time with its unit, such as `30s` or `10min`",
    ),
    risk(
        "idle_session_timeout",
        When::Under(1000, MILLISECONDS),
        "ends an idle session within a second",
        "connections that a pool keeps open are closed under it",
        "write a time with its unit, such as `30s` or `10min`",
    ),
    risk(
        "ignore_checksum_failure",
        ON,
        "reads pages that are known to be damaged",
        "the damage spreads to other tables, indexes and backups",
        "leave it off; set it in the one session that saves what can be read",
    ),
    risk(
        "ignore_invalid_pages",
        ON,
        "goes on with a recovery that found damage",
        "data is lost or wrong afterwards, and nobody is told",
        "leave it off; restore a backup",
    ),
    risk(
        "ignore_system_indexes",
        ON,
        "makes every query slow",
        "the system's tables are then read from end to end",
        "leave it off; it is for one session that repairs an index",
    ),
    risk(
        "io_method",
        When::Is(&["io_uring"]),
        "keeps the server from starting where the container runtime forbids it",
        "the usual seccomp profile, which the pod asks for, refuses io_uring: the server then ends with `Operation not permitted`",
        "leave it out: it is `worker`",
    ),
    risk(
        "log_destination",
        When::Lacks("stderr"),
        "hides the log from `kubectl logs`",
        "the container's log is what the server writes to stderr",
        "write `stderr`",
    ),
    risk(
        "log_min_messages",
        When::Is(&["fatal", "panic"]),
        "hides errors from the log",
        "failed statements, deadlocks and warnings of the server are then nowhere to be seen",
        "write `warning`, or `error` at most",
    ),
    risk(
        "log_timezone",
        When::Reads(time_zones::is_unnamed_zone),
        "counts hours to the west of Greenwich, and not to the east",
        WESTWARD,
        NAME_A_ZONE,
    ),
    risk(
        "logging_collector",
        ON,
        "hides the log from `kubectl logs`",
        "it goes into files on the data volume instead, where it takes space and nobody looks",
        "leave it off: the cluster keeps the container's log",
    ),
    risk(
        "password_encryption",
        When::Is(&["md5"]),
        "stores passwords as MD5",
        "such a hash can be used in place of the password, and clients of the rules here come in by SCRAM only",
        "leave it out: it is `scram-sha-256`",
    ),
    risk(
        "session_replication_role",
        When::Is(&["replica", "local"]),
        "turns triggers and foreign keys off",
        "with `replica` no ordinary trigger fires, and no foreign key is checked, in every session",
        "leave it out; set it in the session that loads data",
    ),
    risk(
        "shared_buffers",
        When::Under(2048, "pages of 8kB"),
        "is less than 16MB",
        "hardly a page is found there again, and nearly every one is fetched from the kernel or the disk",
        "write an amount with its unit, such as `1GB`, or leave it out for a quarter of the memory",
    ),
    risk(
        "ssl_min_protocol_version",
        When::Is(&["TLSv1", "TLSv1.1", ""]),
        "allows versions of TLS that are broken",
        "they are deprecated since RFC 8996",
        "leave it out: it is `TLSv1.2`",
    ),
    risk(
        "ssl_renegotiation_limit",
        When::Is(&["0"]),
        "has no effect",
        "renegotiation is gone since 9.5; the server takes `0` for the sake of old files",
        "remove it",
    ),
    risk(
        "standard_conforming_strings",
        OFF,
        "makes quoting unsafe",
        "a backslash then escapes inside '…': applications that escape by the standard can be injected into",
        "leave it on",
    ),
    risk(
        "statement_timeout",
        When::Under(1000, MILLISECONDS),
        "ends every statement within a second",
        "backups and maintenance are ended too",
        "write a time with its unit, such as `30s`; better: set it for a role by `ALTER ROLE … SET`",
    ),
    risk(
        "sync_replication_slots",
        When::Unless("wal_level", "logical"),
        "copies no slot",
        "a standby does so only with `wal_level=logical`, and otherwise says in its log that it lacks it, again and again",
        "set `wal_level` to `logical`, or leave `sync_replication_slots` out",
    ),
    risk(
        "track_activities",
        OFF,
        "hides what sessions do",
        "`pg_stat_activity` and every monitoring of it is then blind",
        "leave it on",
    ),
    risk(
        "track_counts",
        OFF,
        "turns autovacuum off as well",
        "without counts it does not know what to clean: tables grow without end",
        "leave it on",
    ),
    risk(
        "transaction_timeout",
        When::Under(1000, MILLISECONDS),
        "ends every transaction within a second",
        "backups and maintenance are ended too",
        "write a time with its unit, such as `30s` or `10min`",
    ),
    risk(
        "zero_damaged_pages",
        ON,
        "deletes what it cannot read",
        "a damaged page is replaced by an empty one, for good and without an error",
        "leave it off; set it in the one session that saves what is left",
    ),
];

/// What is risky among the settings that somebody made: the parameter, and why. `own` tells whether it was made on
/// purpose, and what was written; `value` its value.
pub fn risks(
    major: Major,
    own: &dyn Fn(&str) -> Option<String>,
    value: &dyn Fn(&str) -> Option<Value>,
) -> Vec<(&'static str, Fault)> {
    let of = |name: &str| value(name).or_else(|| super::default(major, name)).map(|value| value.to_string());
    let known = RISKS.iter().filter_map(|risk| Some((risk, own(risk.name)?)));
    known
        .filter_map(|(risk, written)| {
            let mut cause = risk.cause.to_owned();
            let now = value(risk.name).or_else(|| super::default(major, risk.name))?;
            let text = now.to_string();
            let is_risky = match risk.when {
                When::Is(values) => values.contains(&&*text),
                When::Under(least, counts) => {
                    if written.trim_end().ends_with(|c: char| c.is_ascii_digit()) {
                        cause = format!("a number without a unit counts {counts}; {cause}");
                    }
                    now.number().is_some_and(|number| number > 0 && number < least)
                }
                When::Reads(is_so) => is_so(&text),
                When::Beside(name, text) => !is_empty(&now) && of(name).is_some_and(|other| other == text),
                When::Unless(name, wanted) => text == "on" && of(name).is_some_and(|other| other != wanted),
                When::Over(most) => now.number().is_some_and(|number| number > most),
                When::Without(others) => {
                    text != "off" && !others.iter().any(|name| value(name).is_some_and(|v| !is_empty(&v)))
                }
                When::Lacks(word) => texts::split(&text)
                    .is_some_and(|words| !words.iter().any(|each| each.eq_ignore_ascii_case(word))),
            };
            let title = match risk.when {
                // A command is long, and may hold what is nobody's business.
                When::Beside(..) => format!("`{}` {}", risk.name, risk.does),
                _ => format!("`{}={text}` {}", risk.name, risk.does),
            };
            is_risky.then(|| (risk.name, Fault::new(Mistake::Risk, title, cause, risk.help)))
        })
        .collect()
}

fn is_empty(value: &Value) -> bool {
    value.to_string().is_empty()
}

#[cfg(test)]
mod tests;
