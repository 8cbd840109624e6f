//! The house: which room may use which, who may touch the world, how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each room of `src/` may import. `main` and `lib` hold none of the work.
const ROOMS: &[(&str, &[&str])] = &[
    ("diagnostics", &[]),
    ("names", &[]),
    ("quantity", &[]),
    ("release", &["diagnostics", "names"]),
    ("secrets", &[]),
    ("spelling", &[]),
    ("zones", &[]),
    ("postgres", &["spelling", "zones"]),
    ("yaml", &["diagnostics"]),
    ("values", &["diagnostics", "spelling", "yaml"]),
    ("config", &["diagnostics", "names", "quantity", "spelling", "values", "yaml"]),
    ("rules", &["config", "diagnostics", "postgres", "quantity", "release", "values", "yaml"]),
    ("plan", &["config", "quantity", "release", "rules"]),
    ("manifest", &["diagnostics", "names", "quantity", "spelling", "yaml", "zones"]),
    // The writer of `postgresql.conf` is PostgreSQL's own knowledge; a template's text becomes a manifest.
    ("render", &["diagnostics", "manifest", "plan", "postgres::conf", "yaml"]),
    ("notes", &["plan"]),
    ("presets", &["config", "quantity"]),
    ("cluster", &["manifest"]),
    ("diff", &["diagnostics", "manifest", "postgres", "quantity", "yaml"]),
    ("pipeline", &["config", "diagnostics", "manifest", "plan", "render", "rules", "values", "yaml"]),
    (
        "explain",
        &[
            "config",
            "diagnostics",
            "manifest",
            "pipeline",
            "postgres",
            "quantity",
            "release",
            "render",
            "rules",
            "spelling",
            "yaml",
        ],
    ),
    (
        "cli",
        &[
            "cluster",
            "config",
            "diagnostics",
            "diff",
            "explain",
            "manifest",
            "names",
            "notes",
            "pipeline",
            "plan",
            "presets",
            "quantity",
            "release",
            "render",
            "secrets",
            "spelling",
            "values",
            "yaml",
        ],
    ),
    ("lib", &[]),
    ("main", &[]),
];

/// What only `cli/` may use: files, the environment, the network, other programs, the clock, the streams.
const WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::net::Tcp",
    "std::net::Udp",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "anstream",
    "anyhow",
    "clap",
];

/// Files of tables, which are read by row.
const TABLES: &[&str] = &["postgres/parameters/table.rs"];
const LONGEST: usize = 400;

struct Source {
    /// Below `src/`.
    name: String,
    room: String,
    lines: usize,
    /// Without comments and tests.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable") {
            let path: PathBuf = entry.expect("the folder is readable").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).expect("it is below").display().to_string();
            let text = std::fs::read_to_string(&path).expect("a source is text");
            let room = name.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
            sources.push(Source { room, lines: text.lines().count(), code: code(&name, &text), name });
        }
    }
    assert!(sources.len() > 100, "the walk finds the sources");
    // A file that is compiled for tests only.
    let tests: BTreeSet<String> = sources.iter().flat_map(test_files).collect();
    for source in sources.iter_mut().filter(|source| tests.contains(&source.name)) {
        source.code.clear();
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

/// The files that a module declares for tests only.
fn test_files(source: &Source) -> Vec<String> {
    let folder = source.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let declared = source.code.split("#[cfg(test)]\nmod ").skip(1).filter_map(|rest| rest.split_once(";\n"));
    declared.map(|(module, _)| format!("{folder}/{module}.rs")).collect()
}

/// The text that is compiled into the program; a file's tests stand at its end, or in a file of their own.
fn code(name: &str, text: &str) -> String {
    if name.ends_with("tests.rs") {
        return String::new();
    }
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let inline = lines.peek().is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
        if line == "#[cfg(test)]" && inline {
            break;
        }
        code.push_str(line.split("//").next().unwrap_or_default());
        code.push('\n');
    }
    code
}

/// The paths that follow `crate::`, with braces written out: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in code.split("crate::").skip(1) {
        expand("", start, &mut found);
    }
    found
}

/// Reads a path and puts it down; gives what follows it.
fn expand<'a>(prefix: &str, text: &'a str, found: &mut BTreeSet<String>) -> &'a str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let path = format!("{prefix}{path}");
    let Some(mut rest) = rest.strip_prefix('{').filter(|_| path.is_empty() || path.ends_with("::")) else {
        found.insert(path);
        return rest;
    };
    loop {
        rest = expand(&path, rest.trim_start(), found).trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            return after;
        }
        if !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{') {
            return rest;
        }
    }
}

#[test]
fn a_room_imports_only_those_before_it() {
    let rooms: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    for source in sources() {
        let may = rooms.get(source.room.as_str());
        let may = may.unwrap_or_else(|| panic!("the room of `{}` is not in the table", source.name));
        for import in imports(&source.code) {
            let room = import.split("::").next().unwrap_or_default();
            if room == source.room || !rooms.contains_key(room) {
                continue; // a macro, or an item of the crate's root
            }
            let allowed = may.iter().find(|may| import == **may || import.starts_with(&format!("{may}::")));
            let allowed = allowed.unwrap_or_else(|| panic!("`{}` may not import `{import}`", source.name));
            used.insert((source.room.clone(), (*allowed).to_owned()));
        }
    }
    for (room, may) in ROOMS {
        for import in *may {
            let pair = ((*room).to_owned(), (*import).to_owned());
            assert!(used.contains(&pair), "`{room}` does not need `{import}`: take it out of the table");
        }
    }
}

#[test]
fn only_the_command_line_touches_the_world() {
    for source in sources().iter().filter(|source| !matches!(&*source.room, "cli" | "cluster" | "main")) {
        for word in WORLD {
            assert!(!source.code.contains(word), "`{}` uses `{word}`", source.name);
        }
    }
}

#[test]
fn nothing_is_kept_in_an_order_of_chance() {
    for source in sources() {
        for word in ["HashMap", "HashSet", "RandomState"] {
            assert!(!source.code.contains(word), "`{}` uses `{word}`", source.name);
        }
    }
}

#[test]
fn a_file_is_no_longer_than_a_reader_can_keep_in_mind() {
    for source in sources().iter().filter(|source| !TABLES.contains(&&*source.name)) {
        let tests = source.name.ends_with("tests.rs");
        let longest = if tests { LONGEST + 100 } else { LONGEST };
        assert!(
            source.lines <= longest,
            "`{}` has {} lines; {longest} are enough",
            source.name,
            source.lines
        );
    }
}

#[test]
fn imports_are_read_with_their_braces() {
    let code = "use crate::a::{b, c::{d, e}};\nuse crate::{f::g, h};\nlet x = crate::i::j(k, l);";
    let found: Vec<_> = imports(code).into_iter().collect();
    assert_eq!(found, ["a::b", "a::c::d", "a::c::e", "f::g", "h", "i::j"]);
}
