//! Names that a user may not set, and what became of the ones that are gone.

use super::Major;

/// A parameter that `pgpod` writes itself.
#[derive(Debug)]
pub struct Owned {
    pub name: &'static str,
    /// Why it isn't the user's.
    pub reason: &'static str,
    /// What to do instead.
    pub instead: &'static str,
}

const fn owned(name: &'static str, reason: &'static str, instead: &'static str) -> Owned {
    Owned { name, reason, instead }
}

const FILES: &str = "the pod's start script says where the server's files are";
const NO_FILES: &str = "remove it; `postgresql.config` and `postgresql.hba` say what the files contain";
const TLS: &str = "the server's certificates are mounted where `pgpod` puts them";
const USE_TLS: &str = "remove it and set `security.tls`";
const SOCKET: &str = "the keeper and the exporter share the server's socket and must find it";
const REMOVE: &str = "remove it";
const ROLE: &str = "which server follows which one is decided at start, from the disk and `highAvailability`";
const USE_HA: &str = "remove it and set `highAvailability`";
const RECOVERY: &str = "a recovery target would stop or end recovery at every start of the server";
const USE_RESTORE: &str = "remove it; a restore is a deed of its own, not a setting that stays";
const SESSION: &str = "it belongs to a session or a transaction, not to a configuration file";
const USE_ROLE: &str = "remove it; set it in the session, or by `ALTER ROLE … SET` in an init script";

/// Sorted by name.
pub static OWNED: &[Owned] = &[
    owned("config_file", FILES, NO_FILES),
    owned("data_directory", FILES, "remove it; `persistence` says where the data lies"),
    owned("external_pid_file", FILES, REMOVE),
    owned("hba_file", FILES, "remove it; `postgresql.hba` says who may connect"),
    owned("hot_standby", "the probes and the read Service need standbys that answer queries", REMOVE),
    owned("ident_file", FILES, "remove it; `postgresql.hba` says who may connect"),
    owned("is_superuser", SESSION, REMOVE),
    owned(
        "listen_addresses",
        "the Service reaches the server at the pod's own address, which isn't known beforehand",
        "remove it; `postgresql.hba` says who may connect",
    ),
    owned(
        "port",
        "probes, Services and policies count on 5432 inside the pod",
        "remove it and set `service.port`",
    ),
    owned("primary_conninfo", ROLE, USE_HA),
    owned("primary_slot_name", ROLE, USE_HA),
    owned("recovery_target", RECOVERY, USE_RESTORE),
    owned("recovery_target_action", RECOVERY, USE_RESTORE),
    owned("recovery_target_inclusive", RECOVERY, USE_RESTORE),
    owned("recovery_target_lsn", RECOVERY, USE_RESTORE),
    owned("recovery_target_name", RECOVERY, USE_RESTORE),
    owned("recovery_target_time", RECOVERY, USE_RESTORE),
    owned("recovery_target_timeline", RECOVERY, USE_RESTORE),
    owned("recovery_target_xid", RECOVERY, USE_RESTORE),
    owned("role", SESSION, USE_ROLE),
    owned("seed", SESSION, USE_ROLE),
    owned("session_authorization", SESSION, USE_ROLE),
    owned("ssl", TLS, USE_TLS),
    owned("ssl_ca_file", TLS, USE_TLS),
    owned("ssl_cert_file", TLS, USE_TLS),
    owned("ssl_crl_dir", TLS, USE_TLS),
    owned("ssl_crl_file", TLS, USE_TLS),
    owned("ssl_key_file", TLS, USE_TLS),
    owned("ssl_passphrase_command", TLS, "remove it and mount a key without a passphrase by `security.tls`"),
    owned("ssl_passphrase_command_supports_reload", TLS, USE_TLS),
    owned(
        "synchronous_standby_names",
        "the keeper sets it once standbys stream; set early, it stops every commit",
        USE_HA,
    ),
    owned("transaction_deferrable", SESSION, "set `default_transaction_deferrable`"),
    owned("transaction_isolation", SESSION, "set `default_transaction_isolation`"),
    owned("transaction_read_only", SESSION, "set `default_transaction_read_only`"),
    owned("unix_socket_directories", SOCKET, REMOVE),
    owned("unix_socket_group", SOCKET, REMOVE),
    owned("unix_socket_permissions", SOCKET, REMOVE),
];

/// Old names that the server still takes: old name, first major in which it is the old one, name.
const RENAMED: &[(&str, Major, &str)] = &[
    ("sort_mem", Major::V14, "work_mem"),
    ("vacuum_mem", Major::V14, "maintenance_work_mem"),
    ("ssl_ecdh_curve", Major::V18, "ssl_groups"),
];

/// What to do where a name is not known to a major: name, advice.
const ABSENT: &[(&str, &str)] = &[
    ("archive_library", "set `archive_command`"),
    ("autovacuum_worker_slots", "set `autovacuum_max_workers`, which needs a restart before 18"),
    ("checkpoint_segments", "set `max_wal_size` and `min_wal_size`"),
    ("createrole_self_grant", "grant new roles to their creator yourself"),
    ("custom_variable_classes", "remove it: parameters with a dot in their name need no declaration"),
    ("db_user_namespace", "remove it: users of one database only are gone from PostgreSQL"),
    ("debug_parallel_query", "it is called `force_parallel_mode` before 16"),
    ("extension_destdir", "set `extension_control_path` and `dynamic_library_path`"),
    ("force_parallel_mode", "it is called `debug_parallel_query` from 16 on"),
    ("idle_replication_slot_timeout", "set `max_slot_wal_keep_size`"),
    ("include", "write the parameters themselves; `-f` may be given several times"),
    ("include_dir", "write the parameters themselves; `-f` may be given several times"),
    ("include_if_exists", "write the parameters themselves; `-f` may be given several times"),
    ("io_max_combine_limit", "set `io_combine_limit`, as far as 17 has it"),
    ("io_max_concurrency", "set `effective_io_concurrency`"),
    ("io_method", "remove it: reads are synchronous before 18"),
    ("io_workers", "remove it: reads are synchronous before 18"),
    ("lc_collate", "set `locale` of the database"),
    ("lc_ctype", "set `locale` of the database"),
    ("log_lock_failures", "set `log_lock_waits`"),
    ("old_snapshot_threshold", "set `transaction_timeout` or `idle_in_transaction_session_timeout`"),
    ("operator_precedence_warning", "remove it: it helped to leave 9.4"),
    ("promote_trigger_file", "promote by `pg_promote()`"),
    ("recovery_min_delay", "it is called `recovery_min_apply_delay`"),
    ("replacement_sort_tuples", "remove it: sorting no longer uses it"),
    ("reserved_connections", "set `superuser_reserved_connections`"),
    ("sql_inheritance", "remove it: tables are always read with their children"),
    ("ssl_groups", "set `ssl_ecdh_curve`"),
    ("ssl_tls13_ciphers", "remove it: before 18 the TLS library chooses the ciphers of TLS 1.3"),
    ("standby_mode", "set `highAvailability`"),
    ("stats_temp_directory", "remove it: statistics live in shared memory since 15"),
    ("summarize_wal", "incremental backups need 17"),
    ("transaction_timeout", "set `statement_timeout` and `idle_in_transaction_session_timeout`"),
    ("trigger_file", "promote by `pg_promote()`"),
    ("unix_socket_directory", "remove it: the socket's place is `pgpod`'s"),
    ("vacuum_cleanup_index_scale_factor", "remove it: VACUUM decides by itself since 14"),
    ("vacuum_defer_cleanup_age", "set `hot_standby_feedback`, or use replication slots"),
    ("wal_keep_segments", "set `wal_keep_size`"),
];

/// Parameters that exist only in servers compiled for their own developers.
pub(crate) const DEVELOPERS_ONLY: &[&str] = &[
    "debug_deadlocks",
    "log_btree_build_stats",
    "optimize_bounded_sort",
    "trace_lock_oidmin",
    "trace_lock_table",
    "trace_locks",
    "trace_lwlocks",
    "trace_syncscan",
    "trace_userlocks",
    "wal_debug",
];

/// The name that the server keeps for an old one.
pub(crate) fn current(major: Major, name: &str) -> &str {
    RENAMED
        .iter()
        .find(|(old, since, _)| old.eq_ignore_ascii_case(name) && *since <= major)
        .map_or(name, |(_, _, name)| name)
}

pub(crate) fn owner(name: &str) -> Option<&'static Owned> {
    OWNED.iter().find(|row| row.name.eq_ignore_ascii_case(name))
}

pub(crate) fn advice(name: &str) -> Option<&'static str> {
    ABSENT.iter().find(|(absent, _)| absent.eq_ignore_ascii_case(name)).map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::{ABSENT, DEVELOPERS_ONLY, Major, OWNED, RENAMED};
    use crate::postgres::parameters::find;

    #[test]
    fn tables_are_sorted_and_about_real_names() {
        assert!(OWNED.is_sorted_by(|left, right| left.name < right.name));
        assert!(ABSENT.is_sorted_by(|left, right| left.0 < right.0));
        assert!(DEVELOPERS_ONLY.is_sorted());
        for (_, since, name) in RENAMED {
            assert!(find(*since, name).is_some(), "{name}");
        }
        for (name, _) in ABSENT {
            let known = Major::ALL
                .iter()
                .all(|major| find(*major, name).is_some_and(|p| p.in_major(*major).is_some()));
            assert!(!known, "{name} is known to every major");
        }
        for name in DEVELOPERS_ONLY {
            assert!(find(Major::V17, name).is_none(), "{name}");
        }
    }
}
