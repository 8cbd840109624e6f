//! Throws mutated input at everything that reads what people write, and ends with 1 if something panics or keeps a
//! processor for longer than a second. `just fuzz` runs every target for five minutes in 256 MB; `cargo test --test fuzz --
//! yaml 60 7` one of them for 60 seconds from the seed 7. Not a part of `cargo test`.
//!
//! It is guided by no coverage: texts of the cases and examples are cut, joined, and sprinkled with what is special in each
//! grammar. The same seed gives the same inputs. What is found is kept as a case, or in a test of the reader.
#![allow(
    clippy::disallowed_methods,
    reason = "a test program reads files and the clock; the library does not"
)]

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use pgpod::diagnostics::{Diagnostics, SourceKind, Sources, formats, report};
use pgpod::pipeline;
use pgpod::postgres::extensions::EnabledExtensions;
use pgpod::postgres::{Major, hba, parameters, sql};
use pgpod::quantity::Quantity;
use pgpod::release::Release;
use pgpod::render::Templates;
use pgpod::values::{self, FlagKind, Input};
use pgpod::yaml;

type Target = (&'static str, fn(&str));

const TARGETS: [Target; 7] = [
    ("yaml", read_yaml),
    ("set", set),
    ("hba", check_hba),
    ("conf", check_conf),
    ("quantity", read_quantity),
    ("sql", read_sql),
    ("validate", validate),
];

/// How long anything that a person may write can take.
const LIMIT: Duration = Duration::from_secs(1);

/// What is special in one grammar or another.
const WORDS: [&str; 64] = [
    "\n",
    "\n  ",
    "\n- ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "\\",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: ",
    "!!int ",
    "!x ",
    "# ",
    "---\n",
    "...\n",
    "? ",
    "%YAML 1.2\n",
    "\t",
    "\u{0}",
    "\u{feff}",
    "\u{85}",
    "\u{202e}",
    "é",
    "😀",
    "\r\n",
    "=",
    ",",
    ".",
    "[0]",
    "[name=x]",
    "\\.",
    "null",
    "~",
    "on",
    "0x1F",
    "0755",
    "1e400",
    "-1",
    "9223372036854775808",
    "1Gi",
    "64MB",
    "5min",
    "100%",
    "all",
    "host",
    "hostssl",
    "scram-sha-256",
    "10.0.0.0/8",
    "::1/128",
    "/^a$",
    "+role",
    "@file",
    "sameuser",
    "postgresql:\n  config:\n    ",
    "extraObjects:\n- ",
    "patches:\n- kind: Deployment\n  patch: ",
    "resources: {limits: {memory: 1Gi}}\n",
];

fn read_yaml(text: &str) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let id = sources.add("x.yaml", SourceKind::File, text);
    for node in yaml::read(&sources, id, &mut found) {
        let _ = yaml::to_yaml(&node.to_json());
    }
    let _ = report(&found, &sources, true);
}

fn set(text: &str) {
    let kinds =
        [FlagKind::Set, FlagKind::SetString, FlagKind::SetFile, FlagKind::SetJson, FlagKind::SetLiteral];
    for kind in kinds {
        let inputs = vec![Input::Flag { kind, argument: text.to_owned() }];
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let _ = values::raw(inputs, &|_| Ok("content".to_owned()), &mut sources, &mut found);
        let _ = report(&found, &sources, false);
    }
}

fn check_hba(text: &str) {
    let mut words = text.split_whitespace().map(str::to_owned);
    let mut list =
        || words.next().map(|word| word.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let (databases, users) = (list(), list());
    let mut word = || words.next().unwrap_or_default();
    let rule = hba::RuleText {
        kind: word(),
        databases,
        users,
        address: Some(word()),
        method: word(),
        options: words
            .filter_map(|word| word.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
            .collect(),
    };
    for major in Major::ALL {
        let context = hba::Context {
            major,
            tls: true,
            client_ca: true,
            oauth_validators: true,
            superuser: "postgres",
            absent: &[],
            maps: &["a"],
        };
        let _ = hba::check(&rule, &context);
    }
}

fn check_conf(text: &str) {
    let (name, token) = text.split_once('=').unwrap_or(("work_mem", text));
    for major in Major::ALL {
        for name in [
            name,
            "work_mem",
            "log_line_prefix",
            "timezone",
            "search_path",
            "random_page_cost",
            "log_destination",
        ] {
            let _ = parameters::check(major, name, token, &EnabledExtensions::default());
        }
    }
}

fn read_quantity(text: &str) {
    if let Ok(quantity) = Quantity::parse(text) {
        let _ = (quantity.units(), quantity.millis());
    }
}

fn read_sql(text: &str) {
    let _ = sql::check(text);
}

fn validate(text: &str) {
    let inputs = vec![Input::File { name: "x.yaml".to_owned(), text: text.to_owned(), stdin: false }];
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let no_file = |_: &str| Err(String::new());
    let release = Release::new("demo", "plant7", false).expect("it is a name");
    if let Some(loaded) = pipeline::load(None, inputs, &no_file, &mut sources, &mut found) {
        let _ = pipeline::validate(&loaded, &release, &Templates::default(), &mut sources, &mut found);
    }
    let _ = report(&found, &sources, true);
    let findings = formats::findings(&found, &sources);
    let _ = (formats::json(&findings), formats::github(&findings), formats::sarif(&findings));
}

/// Marsaglia's xorshift: the same seed gives the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap_or(0)
    }

    /// A place in a text between two characters.
    fn cut(&mut self, text: &str) -> usize {
        let at = self.roll(text.len() + 1);
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    }
}

fn mutated(dice: &mut Dice, texts: &[String]) -> String {
    let mut text = texts[dice.roll(texts.len())].clone();
    if dice.roll(2) == 0 {
        // A line or word is more of a flag or a setting than a whole file.
        let (from, to) = (dice.cut(&text), dice.cut(&text));
        text = text[from.min(to)..from.max(to)].chars().take(1 + dice.roll(200)).collect();
    }
    for _ in 0..=dice.roll(6) {
        let at = dice.cut(&text);
        match dice.roll(5) {
            0 | 1 => text.insert_str(at, WORDS[dice.roll(WORDS.len())]),
            2 => {
                let to = dice.cut(&text);
                let (from, most) = (at.min(to), at.max(to).min(at.min(to) + 40));
                let to = (from..=most).rev().find(|to| text.is_char_boundary(*to)).unwrap_or(from);
                text.replace_range(from..to, "");
            }
            3 => {
                let other = &texts[dice.roll(texts.len())];
                let (from, to) = (dice.cut(other), dice.cut(other));
                let piece: String = other[from.min(to)..from.max(to)].chars().take(300).collect();
                text.insert_str(at, &piece);
            }
            _ => text.insert_str(at, &WORDS[dice.roll(WORDS.len())].repeat(1 + dice.roll(100))),
        }
    }
    text
}

/// What cases, examples and presets hold.
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting =
        ["tests/cases", "examples", "presets", "templates/sql"].map(|folder| root.join(folder)).to_vec();
    let mut texts = vec![String::new()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("the folder is readable");
            waiting.extend(entries.map(|entry| entry.expect("the folder is readable").path()));
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "sql")
            || path.ends_with("args")
        {
            texts.extend(std::fs::read_to_string(&path).ok().filter(|text| text.len() < 20_000));
        }
    }
    texts.sort();
    texts
}

/// How long this thread has had a processor: what it waited for one says nothing of an input.
fn busy() -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(statistics.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or_default())
}

/// Runs one target; how many inputs there were, and the slowest.
fn run(target: Target, seconds: u64, seed: u64, texts: &[String]) -> Result<(usize, Duration), String> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (began, mut count, mut slowest) = (Instant::now(), 0, Duration::ZERO);
    while began.elapsed() < Duration::from_secs(seconds) {
        let text = mutated(&mut dice, texts);
        let started = busy();
        if catch_unwind(AssertUnwindSafe(|| target.1(&text))).is_err() {
            return Err(format!("{}: a panic at {text:?}", target.0));
        }
        let took = busy().saturating_sub(started);
        if took > LIMIT {
            return Err(format!("{}: {took:?} for {text:?}", target.0));
        }
        slowest = slowest.max(took);
        count += 1;
    }
    Ok((count, slowest))
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let number =
        |at: usize, otherwise: u64| args.get(at).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (wanted, seconds, seed) = (args.first().map_or("all", String::as_str), number(1, 300), number(2, 1));
    let texts = texts();
    let mut failed = false;
    for target in TARGETS.into_iter().filter(|target| wanted == "all" || target.0 == wanted) {
        let line = match run(target, seconds, seed, &texts) {
            Ok((count, slowest)) => format!("{}: {count} inputs, the slowest took {slowest:?}", target.0),
            Err(found) => {
                failed = true;
                found
            }
        };
        // Nobody reads what cannot be written.
        let _ = writeln!(std::io::stdout(), "{line}");
    }
    std::process::exit(i32::from(failed));
}
