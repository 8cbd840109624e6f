//! README.md says what is so: every `console` block is run, in order and in one folder, and gives what stands there;
//! every block that is not run says why; what is made of the schema and the presets is fresh.
//!
//! `BLESS=1 cargo test readme::` writes what is so now. A line `…` in a block stands for any lines.

use std::path::Path;
use std::process::Command;

use crate::support::{pgpod, run};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_default()
}

/// Compares a file with what it should be, or writes it.
fn expect(name: &str, expected: &str) {
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(root().join(name), expected).expect("the clone is writable");
        return;
    }
    let found = read(name);
    let difference = similar::TextDiff::from_lines(found.as_str(), expected);
    let difference = difference.unified_diff().header(name, "what is so").to_string();
    assert!(difference.is_empty(), "{difference}\nIf this is right now: BLESS=1 cargo test readme::");
}

/// A fenced block: its language, its lines, and the line before its fence.
struct Block<'a> {
    before: &'a str,
    language: &'a str,
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut open = false;
    let mut before = "";
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(language) => {
                open = true;
                blocks.push(Block { before, language, lines: Vec::new() });
            }
            None if open => blocks.last_mut().expect("one is open").lines.push(line),
            None => before = line,
        }
    }
    blocks
}

/// A shell line, as a reader of the README would type it.
fn typed(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_pgpod")).parent().expect("it is in a folder");
    let command = command.replace("cargo run --release -- ", "pgpod ");
    let path = format!("{}:/usr/bin:/bin", program.display());
    let mut shell = Command::new("sh");
    shell.env_clear().env("PATH", path).current_dir(folder).args(["-c", &format!("({command}) 2>&1")]);
    run(&mut shell, b"").stdout
}

/// What stands in a block after one of its commands, with `…` where a part is left out.
fn fits(shown: &[&str], found: &str) -> bool {
    let found: Vec<&str> = found.lines().collect();
    let parts: Vec<&[&str]> = shown.split(|line| line.trim() == "…").collect();
    let [first, middle @ .., last] = parts.as_slice() else { return found == shown };
    if !found.starts_with(first) || !found.ends_with(last) {
        return false;
    }
    let mut rest = &found[first.len()..found.len().saturating_sub(last.len()).max(first.len())];
    middle.iter().all(|part| match rest.windows(part.len().max(1)).position(|window| window == *part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => part.is_empty(),
    })
}

#[test]
fn every_console_block_gives_what_it_shows() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let readme = read("README.md");
    let mut right = readme.clone();
    for block in blocks(&readme) {
        let title = block.lines.first().copied().unwrap_or_default();
        match block.language {
            "yaml" => {
                let name = title.strip_prefix("# ").expect("a yaml block begins with its file's name");
                std::fs::write(folder.path().join(name), block.lines.join("\n") + "\n").expect("writable");
            }
            "sh" => assert!(block.before.starts_with("<!-- not run: "), "why is this not run? {title}"),
            "console" => {
                let mut fresh = Vec::new();
                for part in parts(&block.lines) {
                    let command = part[0].strip_prefix("$ ").expect("a part begins with a command");
                    let file = command.strip_prefix("cat ").map(|name| folder.path().join(name));
                    if let Some(file) = file.filter(|file| !file.exists()) {
                        std::fs::write(file, part[1..].join("\n") + "\n").expect("writable");
                    }
                    let found = typed(command, folder.path());
                    fresh.push(part[0].to_owned());
                    if fits(&part[1..], &found) {
                        fresh.extend(part[1..].iter().map(|line| (*line).to_owned()));
                    } else {
                        fresh.extend(found.lines().map(str::to_owned));
                    }
                }
                right = right.replace(&fenced(&block.lines), &fenced(&fresh));
            }
            other => panic!("a block in `{other}`: write `console`, `yaml` or `sh`"),
        }
    }
    expect("README.md", &tables(&right));
}

/// The lines of a block from one command to the next.
fn parts<'a, 'b>(lines: &'b [&'a str]) -> Vec<&'b [&'a str]> {
    let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("$ ")).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).map(|(start, end)| &lines[*start..end]).collect()
}

fn fenced<S: AsRef<str>>(lines: &[S]) -> String {
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    format!("```console\n{}\n```", lines.join("\n"))
}

/// The same text with fresh tables between their markers.
fn tables(text: &str) -> String {
    let mut text = text.to_owned();
    for (name, table) in [("values", super::values_table::short()), ("presets", presets())] {
        let begin = format!("<!-- {name}: made by `BLESS=1 cargo test readme::` -->\n");
        let end = format!("<!-- end of {name} -->");
        let (before, rest) = text.split_once(&begin).expect("the marker is there");
        let (_, after) = rest.split_once(&end).expect("the end marker is there");
        text = format!("{before}{begin}{table}{end}{after}");
    }
    text
}

/// The shapes, from the presets themselves.
fn presets() -> String {
    let mut table =
        String::from("| preset | for | CPU | memory | storage | connections |\n|---|---|---|---|---|---|\n");
    for name in ["edge", "small", "medium", "large", "xlarge"] {
        let values: serde_json::Value =
            serde_json::from_str(&pgpod(["values", "--format=json", "--preset", name]).ok()).expect("JSON");
        let file = read(&format!("presets/{name}.yaml"));
        let first = file.lines().next().unwrap_or_default();
        let what = first.trim_start_matches("# For ").split(": ").next().unwrap_or_default();
        let amount = |what: &str| {
            let of = |which: &str| values["resources"][which][what].as_str().unwrap_or_default().to_owned();
            format!("{} to {}", of("requests"), of("limits"))
        };
        table.push_str(&format!(
            "| `{name}` | {what} | {} | {} | {} | {} |\n",
            amount("cpu"),
            amount("memory"),
            values["persistence"]["size"].as_str().unwrap_or_default(),
            values["postgresql"]["maxConnections"]
        ));
    }
    table
}

#[test]
fn the_full_table_of_values_is_fresh() {
    expect("docs/values.md", &super::values_table::full());
}

#[test]
fn what_the_readme_and_the_docs_name_is_there() {
    for page in ["README.md", "docs/high-availability.md", "docs/pod.md", "docs/values.md", "BENCHMARKS.md"] {
        let text = read(page);
        assert_ne!(text, "", "{page}");
        let folder = root().join(page).parent().expect("a page is in a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            assert!(link.starts_with("http") || folder.join(file).exists(), "{page} links to {link}");
        }
    }
    for example in std::fs::read_dir(root().join("examples")).expect("there are examples") {
        let name = example.expect("readable").file_name().display().to_string();
        assert!(read("README.md").contains(&format!("`{name}`")), "{name} is not in the README");
    }
}

#[test]
fn the_lines_that_docs_explain_are_lines_of_the_scripts() {
    let scripts: String = pgpod::render::TEMPLATES
        .iter()
        .filter(|template| template.path.starts_with("scripts/"))
        .map(|template| template.text)
        .collect();
    for (page, least) in [("docs/pod.md", 20), ("docs/high-availability.md", 12)] {
        let page = read(page);
        let explained = page.split("## What the logs ask").nth(1).expect("the section is there");
        let lines: Vec<&str> =
            explained.lines().filter_map(|line| line.strip_prefix("| `")?.split("` |").next()).collect();
        assert!(lines.len() > least, "{lines:?}");
        for line in lines {
            assert!(scripts.contains(line), "no script says: {line}");
        }
    }
}
