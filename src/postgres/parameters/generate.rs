//! Writes `table.rs` and `src/zones.rs` from `data/pg-settings`, and fails when they are stale.
//!
//! The overlay's changes: a column's name sets that column; `needs` says for a value (`*` for any) which servers have
//! it; `alias` lists hidden spellings; `add` makes a row that no dump has, its columns divided by `|`.

#![expect(clippy::disallowed_methods, reason = "this test is the command that writes the tables")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Major;
use crate::postgres::units::Unit;

/// Facts of one parameter on one major: column → text.
type Facts = BTreeMap<String, String>;
/// Lower-case name, then major.
type Rows = BTreeMap<String, BTreeMap<u16, Facts>>;

const ADDED_COLUMNS: [&str; 9] =
    ["vartype", "unit", "min_val", "max_val", "enumvals", "context", "boot_val", "category", "short_desc"];

#[test]
fn parameters_table_is_generated() {
    let mut rows = Rows::new();
    for major in Major::ALL {
        read(&mut rows, &format!("pg{major}.csv"), Some(major.number()), false);
    }
    for major in Major::ALL {
        // Extensions that don't come with PostgreSQL: one dump stands for every major.
        read(&mut rows, "pg17-debian-with-extensions.csv", Some(major.number()), true);
    }
    read(&mut rows, "contrib.csv", None, false);
    // Debian's server was dumped for 15: what only its late minor release or its patches have is in the overlay.
    for name in ["composite_type_mismatch", "extension_destdir", "output_plugin_libraries"] {
        rows.remove(name);
    }
    overlay(&mut rows);
    let (extensions, own): (Rows, Rows) = rows.into_iter().partition(|(name, _)| name.contains('.'));
    let header =
        "//! Generated from `data/pg-settings` by `BLESS=1 cargo test parameters_table_is_generated`.\n\n";
    let mut text = format!(
        "{header}use super::Context::{{Backend, Internal, Postmaster, Sighup, Superuser, SuperuserBackend, User}};\n\
         use super::Kind::{{Bool, Enum, Integer, Real, Text}};\nuse super::Major::{{V14, V15, V16, V17, V18}};\n\
         use super::{{Parameter, Span}};\nuse crate::postgres::units::Unit::{{Block, Byte, Kilobyte, Megabyte, \
         Millisecond, Minute, Second}};\n"
    );
    table(&mut text, "The server's own parameters.", "PARAMETERS", &own);
    table(
        &mut text,
        "Parameters of extensions, as far as they are known.",
        "EXTENSION_PARAMETERS",
        &extensions,
    );
    let zones = std::fs::read_to_string(data("timezones.txt")).unwrap();
    let mut zone_text =
        format!("{header}/// The names of the IANA database's time zones, sorted, case aside.\n");
    writeln!(zone_text, "pub(crate) static ZONES: &[&str] = &{:?};", zones.lines().collect::<Vec<_>>())
        .unwrap();
    for (file, expected) in [("postgres/parameters/table.rs", text), ("zones.rs", zone_text)] {
        let path = root().join("src").join(file);
        if std::env::var("BLESS").is_ok_and(|bless| bless == "1") {
            std::fs::write(&path, &expected).unwrap();
        }
        let stale = std::fs::read_to_string(&path).unwrap() != expected;
        assert!(!stale, "{file} is stale: run `BLESS=1 cargo test parameters_table_is_generated`");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn data(file: &str) -> PathBuf {
    root().join("data/pg-settings").join(file)
}

/// Adds a dump's rows; without a major, each row says its own. `only_others`: only extensions not known yet.
fn read(rows: &mut Rows, file: &str, major: Option<u16>, only_extensions: bool) {
    for facts in csv(file) {
        let name = facts["name"].clone();
        let bundled = ["auto_explain.", "pg_stat_statements.", "pg_prewarm."];
        if only_extensions && (!name.contains('.') || bundled.iter().any(|prefix| name.starts_with(prefix))) {
            continue;
        }
        let major = major.unwrap_or_else(|| facts["major"].parse().unwrap());
        rows.entry(name.to_lowercase()).or_default().insert(major, facts);
    }
}

fn overlay(rows: &mut Rows) {
    for change in csv("overlay.csv") {
        assert!(!change["reason"].is_empty(), "{change:?}");
        let (since, until) = change["majors"].split_once('-').unwrap();
        for major in since.parse::<u16>().unwrap()..=until.parse().unwrap() {
            let of_name = rows.entry(change["name"].to_lowercase()).or_default();
            let value = change["value"].as_str();
            if change["change"] == "add" {
                let mut facts: Facts = ADDED_COLUMNS
                    .iter()
                    .map(ToString::to_string)
                    .zip(value.split('|').map(str::to_owned))
                    .collect();
                assert_eq!(facts.len(), ADDED_COLUMNS.len(), "{change:?}");
                facts.insert("name".to_owned(), change["name"].clone());
                of_name.insert(major, facts);
                continue;
            }
            let facts = of_name.get_mut(&major).unwrap_or_else(|| panic!("nothing to change: {change:?}"));
            match change["change"].as_str() {
                "needs" => {
                    let needs = facts.entry("needs".to_owned()).or_default();
                    write!(needs, "({value:?}, {:?}), ", change["reason"]).unwrap();
                }
                "alias" => drop(facts.insert("alias".to_owned(), value.to_owned())),
                column => assert!(
                    facts.insert(column.to_owned(), value.to_owned()).is_some_and(|old| old != value)
                        || since != until,
                    "no effect: {change:?}"
                ),
            }
        }
    }
}

fn table(text: &mut String, doc: &str, name: &str, rows: &Rows) {
    writeln!(text, "\n/// {doc}\npub(crate) static {name}: &[Parameter] = &[").unwrap();
    for majors in rows.values() {
        let newest = majors.values().next_back().unwrap();
        let head = ["name", "category", "short_desc"].map(|column| &newest[column]);
        write!(text, "    Parameter {{ name: {:?}, category: {:?}, ", head[0], head[1]).unwrap();
        write!(text, "description: {:?}, spans: &[", head[2]).unwrap();
        let mut spans: Vec<(u16, u16, String)> = Vec::new();
        for (&major, facts) in majors {
            let fact = fact(facts);
            match spans.last_mut() {
                Some((_, until, last)) if *until + 1 == major && *last == fact => *until = major,
                _ => spans.push((major, major, fact)),
            }
        }
        for (since, until, fact) in spans {
            write!(text, "Span {{ since: V{since}, until: V{until}, {fact} }}, ").unwrap();
        }
        text.push_str("] },\n");
    }
    text.push_str("];\n");
}

fn fact(facts: &Facts) -> String {
    let column = |name: &str| facts.get(name).map_or("", String::as_str);
    let unit = match Unit::parse(column("unit")) {
        Some(unit) => format!("Some({unit:?})"),
        None => "None".to_owned(),
    };
    let kind = match column("vartype") {
        "bool" => "Bool".to_owned(),
        "integer" => {
            format!("Integer {{ unit: {unit}, min: {}, max: {} }}", column("min_val"), column("max_val"))
        }
        "real" => format!(
            "Real {{ unit: {unit}, min: {}, max: {} }}",
            real(column("min_val")),
            real(column("max_val"))
        ),
        "string" => "Text".to_owned(),
        "enum" => {
            let aliases: Vec<_> =
                column("alias").split_whitespace().map(|pair| pair.split_once('=').unwrap()).collect();
            format!("Enum {{ values: &{:?}, aliases: &{aliases:?} }}", array(column("enumvals")))
        }
        other => panic!("unknown type {other}"),
    };
    let context: String = column("context").split('-').map(capital).collect();
    let (default, needs) = (column("boot_val"), column("needs"));
    format!("kind: {kind}, context: {context}, default: {default:?}, needs: &[{needs}]")
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn real(text: &str) -> String {
    // The dump prints six digits of the greatest double.
    if text.ends_with("e+308") {
        format!("{}f64::MAX", if text.starts_with('-') { "-" } else { "" })
    } else {
        format!("{text}_f64")
    }
}

/// The members of an array as PostgreSQL prints it: `{a,"b c"}`.
fn array(text: &str) -> Vec<String> {
    let inner = text.trim_start_matches('{').trim_end_matches('}');
    inner.split(',').map(|member| member.trim_matches('"').to_owned()).collect()
}

/// A CSV file with a header, as rows of column → text.
fn csv(file: &str) -> Vec<Facts> {
    let text = std::fs::read_to_string(data(file)).unwrap();
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            _ => row.last_mut().unwrap().push(c),
        }
    }
    let header = rows.remove(0);
    rows.retain(|row| row.len() == header.len());
    rows.into_iter().map(|row| header.iter().cloned().zip(row).collect()).collect()
}
