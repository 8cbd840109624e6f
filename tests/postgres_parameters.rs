//! Our verdict on a setting is the server's: real servers of every major judge the same ones.

use crate::support::{Server, TempCluster, postgres_c, server};
use pgpod::postgres::Major;
use pgpod::postgres::conf::conf_line;
use pgpod::postgres::extensions::EnabledExtensions;
use pgpod::postgres::parameters::{self, Context, Kind, OWNED, Setting, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Settings that a server takes: name, value, oldest and newest major that has them.
const GOOD: &[(&str, &str, u16, u16)] = &[
    ("shared_buffers", "1GB", 14, 18),
    ("shared_buffers", "1024 MB", 14, 18),
    ("shared_buffers", "131072", 14, 18),
    ("shared_buffers", "1000kB", 14, 18),
    ("work_mem", "8MB", 14, 18),
    ("work_mem", " 8 MB ", 14, 18),
    ("work_mem", "0x100", 14, 18),
    ("work_mem", "0100", 14, 18),
    ("work_mem", "1e3", 14, 18),
    ("work_mem", "1.5MB", 14, 18),
    ("work_mem", "0x1.8p7", 14, 18),
    ("work_mem", ".5MB", 14, 18),
    ("work_mem", "+8MB", 14, 18),
    ("work_mem", "64.5", 14, 18),
    ("work_mem", "65.5", 14, 18),
    ("work_mem", "30.1GB", 14, 18),
    ("work_mem", "1TB", 14, 18),
    ("WORK_MEM", "4MB", 14, 18),
    ("sort_mem", "4MB", 14, 18),
    ("vacuum_mem", "40MB", 14, 18),
    ("maintenance_work_mem", "2GB", 14, 18),
    ("max_connections", "0144", 14, 18),
    ("max_connections", "100.5", 14, 18),
    ("max_connections", "101.5", 14, 18),
    ("statement_timeout", "1.5min", 14, 18),
    ("statement_timeout", "1d", 14, 18),
    ("statement_timeout", "0", 14, 18),
    ("authentication_timeout", "1500ms", 14, 18),
    ("log_rotation_age", "90s", 14, 18),
    ("checkpoint_timeout", "15min", 14, 18),
    ("wal_keep_size", "1GB", 14, 18),
    ("min_wal_size", "1GB", 14, 18),
    ("max_slot_wal_keep_size", "-1", 14, 18),
    ("temp_file_limit", "-1", 14, 18),
    ("log_min_duration_statement", "1s", 14, 18),
    ("log_file_mode", "0640", 14, 18),
    ("vacuum_cost_delay", "2500us", 14, 18),
    ("autovacuum_vacuum_cost_delay", "-1", 14, 18),
    ("random_page_cost", "1.1", 14, 18),
    ("random_page_cost", "0x10", 14, 18),
    ("checkpoint_completion_target", ".9", 14, 18),
    ("geqo_seed", "1", 14, 18),
    ("fsync", "of", 14, 18),
    ("fsync", "tr", 14, 18),
    ("fsync", "Y", 14, 18),
    ("fsync", "NO", 14, 18),
    ("jit", "0", 14, 18),
    ("autovacuum", "True", 14, 18),
    ("wal_level", "archive", 14, 18),
    ("wal_level", "LOGICAL", 14, 18),
    ("synchronous_commit", "remote_apply", 14, 18),
    ("synchronous_commit", "yes", 14, 18),
    ("wal_compression", "on", 14, 18),
    ("wal_compression", "pglz", 15, 18),
    ("wal_compression", "0", 14, 18),
    ("log_min_messages", "DEBUG2", 14, 18),
    ("log_min_messages", "debug", 14, 18),
    ("client_min_messages", "info", 14, 18),
    ("default_transaction_isolation", "Read Committed", 14, 18),
    ("TimeZone", "europe/berlin", 14, 18),
    ("timezone", "UTC", 14, 18),
    ("timezone", "<+03>-3", 14, 18),
    ("timezone", "-3.5", 14, 18),
    ("log_timezone", "Asia/Kolkata", 14, 18),
    ("datestyle", "ISO, DMY", 14, 18),
    ("datestyle", "german", 14, 18),
    ("client_encoding", "utf-8", 14, 18),
    ("search_path", "\"$user\", public", 14, 18),
    ("log_destination", "stderr,csvlog", 14, 18),
    ("log_destination", "jsonlog", 15, 18),
    ("log_line_prefix", "%m [%p] %q%u@%d 'x' \\n", 14, 18),
    ("log_connections", "on", 14, 18),
    ("log_connections", "receipt, Authentication", 18, 18),
    ("log_connections", "all", 18, 18),
    ("lc_messages", "C", 14, 18),
    ("lc_time", "C.UTF-8", 14, 18),
    ("wal_consistency_checking", "heap, BTree", 14, 18),
    ("backtrace_functions", "one, two", 14, 18),
    ("restrict_nonsystem_relation_kind", "view", 14, 18),
    ("cluster_name", "prod line 4", 14, 18),
    ("createrole_self_grant", "set, inherit", 16, 18),
    ("debug_io_direct", "data", 16, 18),
    ("vacuum_buffer_usage_limit", "0", 16, 18),
    ("vacuum_buffer_usage_limit", "128kB", 16, 18),
    ("transaction_buffers", "256kB", 17, 18),
    ("commit_timestamp_buffers", "48", 17, 18),
    ("allow_alter_system", "off", 17, 18),
    ("synchronized_standby_slots", "one, two_2", 17, 18),
    ("io_method", "sync", 18, 18),
    ("io_combine_limit", "1MB", 18, 18),
    ("io_max_concurrency", "-1", 18, 18),
    ("idle_replication_slot_timeout", "1h", 18, 18),
    ("ssl_groups", "X25519", 18, 18),
    ("ssl_ecdh_curve", "prime256v1", 14, 18),
    ("stats_temp_directory", "x", 14, 14),
    ("force_parallel_mode", "on", 14, 15),
    ("old_snapshot_threshold", "1h", 14, 16),
    ("pg_stat_statements.max", "5000", 14, 18),
    ("archive_command", "test ! -f /a/%f && cp %p /a/%f", 14, 18),
    ("archive_timeout", "5min", 14, 18),
    ("bgwriter_lru_multiplier", "2.5", 14, 18),
    ("deadlock_timeout", "2s", 14, 18),
    ("default_statistics_target", "500", 14, 18),
    ("effective_cache_size", "48GB", 14, 18),
    ("effective_io_concurrency", "200", 14, 18),
    ("full_page_writes", "false", 14, 18),
    ("hash_mem_multiplier", "2.5", 14, 18),
    ("huge_pages", "TRY", 14, 18),
    ("idle_session_timeout", "1d", 14, 18),
    ("log_checkpoints", "no", 14, 18),
    ("log_statement", "ddl", 14, 18),
    ("max_parallel_workers", "12", 14, 18),
    ("max_wal_size", "64GB", 14, 18),
    ("password_encryption", "scram-sha-256", 14, 18),
    ("shared_preload_libraries", "", 14, 18),
    ("tcp_keepalives_idle", "60", 14, 18),
    ("temp_buffers", "16MB", 14, 18),
    ("track_io_timing", "1", 14, 18),
    ("wal_buffers", "-1", 14, 18),
    ("wal_writer_delay", "200ms", 14, 18),
];

#[test]
fn a_hundred_good_and_a_hundred_bad_settings_are_judged_on_every_major() {
    for major in Major::ALL {
        let good = GOOD.iter().filter(|(_, _, since, until)| (*since..=*until).contains(&major.number()));
        assert!(good.count() >= 100, "{major}");
    }
    let different: std::collections::BTreeSet<_> = BAD.iter().collect();
    assert!(different.len() >= 100, "{}", different.len());
}

/// Settings that a server refuses: name, value, and the majors that refuse it for the value and not for the name.
const BAD: &[(&str, &str)] = &[
    ("shared_bufers", "1GB"),
    ("include", "more.conf"),
    ("wal_debug", "on"),
    ("wal_keep_segments", "8"),
    ("checkpoint_segments", "8"),
    ("standby_mode", "on"),
    ("work mem", "8MB"),
    ("", "1"),
    ("a.b.c", "1"),
    ("a$.b", "1"),
    ("1a.b", "1"),
    ("server_version", "18"),
    ("data_checksums", "on"),
    ("wal_segment_size", "16MB"),
    ("in_hot_standby", "on"),
    ("block_size", "8192"),
    ("shared_buffers", "4kB"),
    ("shared_buffers", "12kB"),
    ("shared_buffers", "8TB"),
    ("shared_buffers", "16TB"),
    ("shared_buffers", "25%"),
    ("work_mem", "8mb"),
    ("work_mem", "8Mi"),
    ("work_mem", "8M"),
    ("work_mem", "64kBx"),
    ("work_mem", "8 M B"),
    ("work_mem", "65B"),
    ("work_mem", "63"),
    ("work_mem", "-1"),
    ("work_mem", "1_000"),
    ("work_mem", "0x1p3"),
    ("work_mem", "0b11"),
    ("work_mem", "08"),
    ("work_mem", "inf"),
    ("work_mem", "nan"),
    ("work_mem", "-.5MB"),
    ("work_mem", "1e400"),
    ("work_mem", "1e-400"),
    ("work_mem", "2TB"),
    ("work_mem", "1PB"),
    ("work_mem", "99999999999999999999"),
    ("work_mem", ""),
    ("work_mem", "lots"),
    ("work_mem", "1min"),
    ("max_connections", "0"),
    ("max_connections", "262144"),
    ("max_connections", "100kB"),
    ("max_connections", "1,000"),
    ("max_connections", "on"),
    ("statement_timeout", "25d"),
    ("statement_timeout", "1H"),
    ("statement_timeout", "10 minutes"),
    ("authentication_timeout", "1ms"),
    ("authentication_timeout", "11min"),
    ("max_slot_wal_keep_size", "-5"),
    ("min_wal_size", "1MB"),
    ("random_page_cost", "1,5"),
    ("random_page_cost", "inf"),
    ("random_page_cost", "nan"),
    ("random_page_cost", "-1"),
    ("checkpoint_completion_target", "1.5"),
    ("checkpoint_completion_target", "90%"),
    ("vacuum_cost_delay", "1h"),
    ("log_file_mode", "888"),
    ("fsync", "o"),
    ("fsync", "onn"),
    ("fsync", " on"),
    ("fsync", "2"),
    ("fsync", ""),
    ("wal_level", "hot"),
    ("wal_level", " replica"),
    ("wal_level", ""),
    ("wal_compression", "snappy"),
    ("synchronous_commit", "2"),
    ("log_min_messages", "debug6"),
    ("log_statement", "select"),
    ("huge_pages", "maybe"),
    ("timezone", "Europe/Berln"),
    ("timezone", ""),
    ("log_timezone", "abc"),
    ("datestyle", "ISO, SQL"),
    ("datestyle", "swedish"),
    ("client_encoding", "utf9"),
    ("search_path", "a,,b"),
    ("log_destination", "stdout"),
    ("log_destination", "stderr;csvlog"),
    ("log_connections", "tru!"),
    ("lc_messages", ""),
    ("lc_time", "no locale"),
    ("backtrace_functions", "a;b"),
    ("restrict_nonsystem_relation_kind", "table"),
    ("temp_tablespaces", "\"a"),
    ("default_table_access_method", ""),
    ("timezone_abbreviations", "abc"),
    ("bonjour", "on"),
    ("primary_slot_name", "No!"),
    ("recovery_target", "soon"),
    ("role", "postgres"),
    ("is_superuser", "on"),
    ("createrole_self_grant", "all"),
    ("vacuum_buffer_usage_limit", "64kB"),
    ("commit_timestamp_buffers", "17"),
    ("commit_timestamp_buffers", "24"),
    ("transaction_buffers", "-1"),
    ("synchronized_standby_slots", "a-b"),
    ("io_max_concurrency", "0"),
    ("io_combine_limit", "2MB"),
    ("io_method", "threads"),
];

fn with_servers(judge: impl Fn(Major, &Server)) {
    for major in Major::ALL {
        let number = u8::try_from(major.number()).expect("a major is a small number");
        let Some(server) = server(number) else { return };
        judge(major, &server);
    }
}

fn check(major: Major, name: &str, token: &str) -> Result<Setting, String> {
    let enabled: EnabledExtensions = ["pg_stat_statements"].into_iter().collect();
    parameters::check(major, name, token, &enabled).map_err(|fault| fault.title)
}

/// The server's own words for what it understood, as `postgres -C` prints them.
fn as_printed(setting: &Setting) -> String {
    match &setting.value {
        Value::Integer { number, .. } if setting.name == "log_file_mode" => number.to_string(),
        Value::Integer { number, .. } => number.to_string(),
        Value::Real { number, .. } => number.to_string(),
        value => value.to_string(),
    }
}

fn ask(server: &Server, name: &str, token: &str) -> Result<String, String> {
    let answer = postgres_c(server, &format!("{}\n", conf_line(name, token)), name);
    answer.map(|printed| printed.strip_suffix('\n').unwrap_or(&printed).to_owned())
}

#[test]
fn good_settings_are_taken_and_understood_alike() {
    with_servers(|major, server| {
        for (name, token, since, until) in GOOD {
            let known = (*since..=*until).contains(&major.number());
            let ours = check(major, name, token);
            let theirs = ask(server, name, token);
            assert_eq!(ours.is_ok(), known, "{major} {name} = {token:?}: {ours:?}");
            assert_eq!(theirs.is_ok(), known, "{major} {name} = {token:?}: {theirs:?}");
            let (Ok(setting), Ok(printed)) = (ours, theirs) else { continue };
            // Names of zones, encodings and styles are canonicalised; what they mean is the server's.
            let canonical = ["TimeZone", "log_timezone", "DateStyle", "client_encoding"];
            if !canonical.contains(&setting.name.as_str()) {
                assert_eq!(as_printed(&setting), printed, "{major} {name} = {token:?}");
            }
            // The canonical text means the same to the server.
            assert_eq!(
                ask(server, &setting.name, &setting.text()),
                Ok(printed),
                "{major} {name} = {token:?}"
            );
        }
    });
}

#[test]
fn bad_settings_are_refused_alike() {
    with_servers(|major, server| {
        for (name, token) in BAD {
            let (ours, theirs) = (check(major, name, token), ask(server, name, token));
            assert!(ours.is_err(), "{major} {name} = {token:?} should be refused: {ours:?}");
            assert!(theirs.is_err(), "{major} {name} = {token:?} should be refused: {theirs:?}");
        }
    });
}

/// Which of these settings, each of another parameter, the server refuses; it reports all of them at once.
fn refused<'a>(server: &Server, settings: &[(&'a str, String)]) -> Vec<&'a str> {
    let conf: String = settings.iter().map(|(name, token)| conf_line(name, token) + "\n").collect();
    let said = postgres_c(server, &conf, "server_version").err().unwrap_or_default();
    let named = |name: &str| said.contains(&format!("parameter \"{name}\""));
    assert_eq!(said.is_empty(), !settings.iter().any(|(name, _)| named(name)), "{said}");
    settings.iter().map(|(name, _)| *name).filter(|name| named(name)).collect()
}

/// Every parameter of the major that a file may set: name and kind.
fn settable(major: Major) -> impl Iterator<Item = (&'static str, &'static Kind)> {
    parameters::all()
        .iter()
        .filter_map(move |row| Some((row.name, row.in_major(major)?)))
        .filter(|(name, span)| {
            span.context != Context::Internal
                && span.needs.iter().all(|(value, _)| *value != "*")
                && !OWNED.iter().any(|owned| owned.name == *name)
        })
        .map(|(name, span)| (name, &span.kind))
}

fn judge_all(major: Major, server: &Server, settings: &[(&'static str, String)]) {
    let theirs = refused(server, settings);
    let differing: Vec<_> = settings
        .iter()
        .filter(|(name, token)| check(major, name, token).is_err() != theirs.contains(name))
        .map(|(name, token)| (name, token, check(major, name, token)))
        .collect();
    assert!(differing.is_empty(), "{major}: {differing:#?}");
}

/// The stack's limit is the machine's; the others share one limit on processes.
fn limited_elsewhere(name: &str) -> bool {
    let processes = [
        "autovacuum_max_workers",
        "autovacuum_worker_slots",
        "max_connections",
        "max_wal_senders",
        "max_worker_processes",
    ];
    name == "max_stack_depth" || processes.contains(&name)
}

#[test]
fn the_ends_of_every_range_are_the_servers() {
    with_servers(|major, server| {
        let ranges: Vec<_> = settable(major)
            .filter_map(|(name, kind)| match kind {
                Kind::Integer { min, max, .. } if !limited_elsewhere(name) => Some((name, *min, *max)),
                _ => None,
            })
            .collect();
        for (upper, beyond) in [(false, 0), (false, -1), (true, 0), (true, 1)] {
            let end = |(name, min, max): &(_, i64, i64)| {
                (*name, (if upper { max } else { min } + beyond).to_string())
            };
            judge_all(major, server, &ranges.iter().map(end).collect::<Vec<_>>());
        }
    });
}

#[test]
fn every_choice_is_the_servers() {
    with_servers(|major, server| {
        let choices: Vec<_> = settable(major)
            .filter_map(|(name, kind)| match kind {
                Kind::Enum { values, aliases } => Some((
                    name,
                    values.iter().copied().chain(aliases.iter().map(|alias| alias.0)).collect::<Vec<_>>(),
                )),
                _ => None,
            })
            .collect();
        let words = ["on", "1", "true", "debug", "none", "md5", "info", "nonsense", "minimal", "auto"];
        for word in words {
            judge_all(
                major,
                server,
                &choices.iter().map(|(name, _)| (*name, word.to_owned())).collect::<Vec<_>>(),
            );
        }
        let most = choices.iter().map(|(_, values)| values.len()).max().unwrap_or_default();
        for place in 0..most {
            let settings: Vec<_> = choices
                .iter()
                .filter_map(|(name, values)| Some((*name, (*values.get(place)?).to_owned())))
                // The test's servers are built without LZ4, Zstandard and io_uring.
                .filter(|(_, value)| !["lz4", "zstd", "io_uring"].contains(&value.as_str()))
                .collect();
            judge_all(major, server, &settings);
        }
    });
}

/// Ours looks closer at some texts: the server would change them, ignore them or read them as something odd. And it
/// judges the switches of statistics together, and doesn't always name the parameter.
fn judged_apart(name: &str, token: &str) -> bool {
    let closer = [
        "TimeZone",
        "application_name",
        "client_encoding",
        "cluster_name",
        "log_timezone",
        "shared_preload_libraries",
        "wal_consistency_checking",
    ];
    closer.contains(&name)
        || name.starts_with("lc_")
        || (name.starts_with("log_") && name.ends_with("_stats"))
        || name == "max_stack_depth"
        || name == "bonjour"
        || (name == "timezone_abbreviations" && token.is_empty())
}

#[test]
fn nonsense_is_refused_wherever_the_server_refuses_it() {
    with_servers(|major, server| {
        for token in
            ["", "no such;;thing!", "\"", "a,,b", "abc", "é", "1", "off", "-1", "1.5", "10MB", "10min"]
        {
            let settings: Vec<_> = settable(major)
                .filter(|(name, _)| !judged_apart(name, token))
                .map(|(name, _)| (name, token.to_owned()))
                .collect();
            judge_all(major, server, &settings);
        }
    });
}

#[test]
fn any_text_reaches_the_server_unchanged() {
    with_servers(|_, server| {
        for text in [
            "it's",
            "C:\\new",
            "two\nlines\ttab",
            "''",
            "\\",
            "\\'",
            "# no comment",
            "é 🏭",
            "a\r\nb",
            " x ",
            "%m {{ x }} $(y)",
        ] {
            assert_eq!(ask(server, "log_line_prefix", text), Ok(text.to_owned()));
        }
    });
    let Some(server) = server(17) else { return };
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    let hostile = prop_oneof!["[^\\x00]{0,40}", "[\\\\'\"\\n\\r\\t0-9nbx\\x01-\\x1f ]{0,40}"];
    let result = runner.run(&hostile, |text| {
        prop_assert_eq!(ask(&server, "log_line_prefix", &text), Ok(text));
        Ok(())
    });
    assert_eq!(result, Ok(()));
}

#[test]
fn what_is_said_to_conflict_keeps_the_server_from_starting() {
    let conflicting: &[&[(&str, &str)]] = &[
        &[("max_connections", "3")],
        &[("max_connections", "262143")],
        &[("wal_level", "minimal")],
        &[("wal_level", "minimal"), ("max_wal_senders", "0"), ("archive_mode", "on")],
        &[("min_wal_size", "16MB")],
        &[("max_wal_size", "31MB")],
        &[("log_statement_stats", "on"), ("log_planner_stats", "on")],
    ];
    let fine: &[&[(&str, &str)]] = &[
        &[("max_connections", "4")],
        &[("wal_level", "minimal"), ("max_wal_senders", "0")],
        &[("min_wal_size", "32MB"), ("max_wal_size", "32MB")],
        &[("log_parser_stats", "on"), ("log_planner_stats", "on")],
    ];
    with_servers(|major, server| {
        // A start takes its time, and these rules are as old as the oldest major.
        if ![Major::V14, Major::V18].contains(&major) {
            return;
        }
        let mut cluster = TempCluster::initialised(server.clone());
        for (settings, stands) in
            conflicting.iter().map(|set| (set, false)).chain(fine.iter().map(|set| (set, true)))
        {
            let ours = parameters::conflicts(major, &|name| {
                let (_, token) = settings.iter().find(|(set, _)| *set == name)?;
                Some(check(major, name, token).ok()?.value)
            });
            assert_eq!(ours.is_empty(), stands, "{major} {settings:?}: {ours:?}");
            let theirs = cluster.start(settings);
            assert_eq!(theirs.is_ok(), stands, "{major} {settings:?}: {theirs:?}");
        }
    });
}

/// Diff calls a default that is stated no change: a server that reads all of them is the one that reads none.
#[test]
fn a_stated_default_is_what_the_server_does_without_it() {
    for major in [Major::V14, Major::V18] {
        let Some(server) = server(u8::try_from(major.number()).expect("a major is a small number")) else {
            return;
        };
        let mut cluster = TempCluster::initialised(server);
        let stated: String = settable(major)
            .filter_map(|(name, _)| Some((name, parameters::find(major, name)?.in_major(major)?.default)))
            .filter(|(name, default)| parameters::is_default(major, name, default))
            .map(|(name, default)| conf_line(name, default) + "\n")
            .collect();
        assert!(stated.lines().count() > 250, "{stated}");
        let (empty, full) = (cluster.file("empty.conf", ""), cluster.file("full.conf", &stated));
        let all =
            "SELECT name || ' = ' || setting FROM pg_settings WHERE name <> 'config_file' ORDER BY name";
        let [without, with] = [empty, full].map(|file| {
            let started = cluster.start(&[("config_file", file.to_str().expect("it is a text"))]);
            started.unwrap_or_else(|log| panic!("{major}: {log}"));
            let settings = cluster.psql(all).expect("it answers");
            cluster.stop();
            settings
        });
        let differing: Vec<_> =
            with.lines().filter(|line| !without.lines().any(|other| other == *line)).collect();
        assert_eq!(differing, [""; 0], "{major}");
    }
}
