//! Our verdict on a setting is the server's: real servers of every major judge the same ones.

mod settings;
mod starts;

use crate::support::{Server, postgres_c, server};
use pgpod::postgres::Major;
use pgpod::postgres::conf::conf_line;
use pgpod::postgres::extensions::EnabledExtensions;
use pgpod::postgres::parameters::{self, Context, Kind, OWNED, Setting, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

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
        Value::Integer { number, .. } => number.to_string(),
        Value::Real { number, .. } => number.to_string(),
        value => value.to_string(),
    }
}

fn ask(server: &Server, name: &str, token: &str) -> Result<String, String> {
    let answer = postgres_c(server, &format!("{}\n", conf_line(name, token)), name);
    answer.map(|printed| printed.strip_suffix('\n').unwrap_or(&printed).to_owned())
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
        "client_encoding",
        "log_timezone",
        "shared_preload_libraries",
        "wal_consistency_checking",
    ];
    closer.contains(&name)
        || name.starts_with("lc_")
        || (name.starts_with("log_") && name.ends_with("_stats"))
        || name == "max_stack_depth"
        || name == "bonjour"
        || name == "default_with_oids"
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
