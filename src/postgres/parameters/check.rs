use std::fmt::Write as _;

use super::number::Misread;
use super::value::{self, Unreadable, Value};
use super::{Context, Kind, Major, Parameter, Span, find, hooks, names, table};
use crate::postgres::extensions::{self, EnabledExtensions};
use crate::postgres::fault::Fault;
use crate::postgres::suggest::nearest;
use crate::postgres::units::{self, Unit};

/// A parameter set to a value that the server of its major takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// As the server spells it; two spellings of one parameter give the same.
    pub name: String,
    pub value: Value,
    /// `None` for an extension's parameter that isn't in the table.
    pub context: Option<Context>,
    /// What the server or its image must have for this, where not every one has it: "a server built with LZ4".
    pub needs: Option<String>,
}

impl Setting {
    /// The canonical text for `postgresql.conf`, before quoting.
    pub fn text(&self) -> String {
        match &self.value {
            // Modes of files are read in octal.
            Value::Integer { number, unit: None } if self.name == "log_file_mode" => {
                format!("{number:#o}").replace('o', "")
            }
            value => value.to_string(),
        }
    }

    /// Whether a change takes effect only when the server restarts.
    pub fn needs_restart(&self) -> bool {
        self.context.is_none_or(|context| context == Context::Postmaster)
    }
}

/// Judges one setting as the server of that major would at its start, and reads its value.
///
/// `token` is the value as the user wrote it, without YAML's quotes.
pub fn check(major: Major, name: &str, token: &str, enabled: &EnabledExtensions) -> Result<Setting, Fault> {
    if let Some(owned) = names::owner(name) {
        return Err(Fault::new(format!("`{}` is not yours to set", owned.name), owned.reason, owned.instead));
    }
    if let Some(c) = token.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Fault::new(
            format!("the value of `{name}` holds a control character (U+{:04X})", u32::from(c)),
            "no parameter of PostgreSQL has a use for one",
            "remove the character",
        ));
    }
    if name.contains('.') {
        extensions::allow(name, enabled)?;
    }
    let known =
        find(major, name).and_then(|parameter| parameter.in_major(major).map(|span| (parameter, span)));
    let Some((parameter, span)) = known else {
        return if name.contains('.') { open_ended(major, name, token) } else { Err(unknown(major, name)) };
    };
    if span.context == Context::Internal {
        return Err(Fault::new(
            format!("`{}` can't be set", parameter.name),
            "it only tells how the server was built or its data directory was initialised",
            "remove it",
        ));
    }
    let value = value::read(&span.kind, token).map_err(|why| explain(parameter, span, token, &why))?;
    let needs = hooks::judge(major, parameter.name, &value, token)
        .map_err(|hook| Fault::new(invalid(parameter.name, token), hook.cause, hook.help))?
        .or_else(|| need(span, token));
    Ok(Setting { name: parameter.name.to_owned(), value, context: Some(span.context), needs })
}

fn need(span: &Span, token: &str) -> Option<String> {
    let row = span.needs.iter().find(|(value, _)| *value == "*" || value.eq_ignore_ascii_case(token))?;
    Some(row.1.to_owned())
}

/// A parameter of an enabled extension that the table doesn't have.
fn open_ended(major: Major, name: &str, token: &str) -> Result<Setting, Fault> {
    let prefix = name.split('.').next().unwrap_or_default();
    let siblings = || {
        table::EXTENSION_PARAMETERS
            .iter()
            .filter(|row| row.in_major(major).is_some())
            .map(|row| row.name)
            .filter(|known| known.split('.').next().is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
    };
    let meant = nearest(name, siblings());
    if extensions::is_fully_known(prefix) || meant.is_some() {
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it has {}", list(siblings())),
        };
        let cause = match elsewhere(name, major) {
            Some(cause) => cause,
            None => "the extension has no parameter of that name, and the server would ignore it".to_owned(),
        };
        return Err(Fault::new(
            format!("`{prefix}` of PostgreSQL {major} has no parameter `{name}`"),
            cause,
            help,
        ));
    }
    Ok(Setting { name: name.to_owned(), value: Value::Text(token.to_owned()), context: None, needs: None })
}

fn unknown(major: Major, name: &str) -> Fault {
    let title = format!("PostgreSQL {major} has no parameter `{name}`");
    let refusal = "the server refuses to start with a name that it doesn't know".to_owned();
    if names::DEVELOPERS_ONLY.iter().any(|only| only.eq_ignore_ascii_case(name)) {
        return Fault::new(
            title,
            "only servers compiled for PostgreSQL's own developers have it",
            "remove it",
        );
    }
    let cause = elsewhere(name, major).unwrap_or(refusal);
    let help = names::advice(name).map(str::to_owned).or_else(|| {
        let known = table::PARAMETERS.iter().filter(|row| row.in_major(major).is_some()).map(|row| row.name);
        nearest(name, known).map(|meant| format!("did you mean `{meant}`?"))
    });
    let help = help.unwrap_or_else(|| {
        "remove it, or look the name up in PostgreSQL's documentation of that major".to_owned()
    });
    Fault::new(title, cause, help)
}

/// In which majors a name exists, if it isn't in this one.
fn elsewhere(name: &str, major: Major) -> Option<String> {
    let spans = find(major, name)?.spans;
    let (first, last) = (spans.first()?, spans.last()?);
    Some(if major < first.since {
        format!("it came with PostgreSQL {}", first.since)
    } else if let Some(next) = Major::ALL.iter().find(|next| **next > last.until && major > last.until) {
        format!("it is gone since PostgreSQL {next}")
    } else {
        "only some majors have it".to_owned()
    })
}

fn invalid(name: &str, token: &str) -> String {
    format!("`{}` is no value for `{name}`", short(token))
}

/// A token for a headline: one line, no novel.
fn short(token: &str) -> String {
    let line: String = token.chars().map(|c| if c.is_control() { ' ' } else { c }).take(40).collect();
    if line.len() < token.len() { format!("{line}…") } else { line }
}

fn explain(parameter: &Parameter, span: &Span, token: &str, why: &Unreadable) -> Fault {
    let name = parameter.name;
    let title = invalid(name, token);
    match (why, &span.kind) {
        (Unreadable::NotABool, _) => Fault::new(title, "it is a switch", "write `on` or `off`"),
        (Unreadable::NotAChoice, Kind::Enum { values, aliases }) => {
            let spellings = values.iter().copied().chain(aliases.iter().map(|(alias, _)| *alias));
            let help = match nearest(token.trim(), spellings) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "write one of them".to_owned(),
            };
            Fault::new(title, format!("it takes {}", list(values.iter().copied())), help)
        }
        (Unreadable::OutOfRange(read), kind) => {
            let mut title = format!("`{}` is out of range for `{name}`", short(token));
            if read != token.trim() && !read.trim_start_matches('-').starts_with(token.trim()) {
                write!(title, ": PostgreSQL reads {read}").expect("a String takes any text");
            }
            Fault::new(title, format!("it takes {}", range(kind)), advise_range(kind))
        }
        (Unreadable::Number(Misread::TooLarge), kind) => Fault::new(
            format!("`{}` is out of range for `{name}`", short(token)),
            format!("it takes {}", range(kind)),
            advise_range(kind),
        ),
        (Unreadable::Number(Misread::BadUnit { number, unit }), kind) => bad_unit(title, number, unit, kind),
        (Unreadable::Number(Misread::NoUnit(rest)), kind) => Fault::new(
            title,
            format!("it is a number without a unit, and `{}` is left over", short(rest)),
            format!("write {}", range(kind)),
        ),
        (_, kind) => Fault::new(title, format!("it is {}", wanted(kind)), format!("write {}", range(kind))),
    }
}

fn bad_unit(title: String, number: &str, unit: &str, kind: &Kind) -> Fault {
    let of = unit_of(kind).unwrap_or(Unit::Byte);
    let names: Vec<_> = of.scale().iter().rev().map(|(name, _)| *name).collect();
    let meant = match unit.to_ascii_lowercase().trim_end_matches("ib").trim_end_matches(['i', 'b']) {
        _ if names.iter().any(|name| name.eq_ignore_ascii_case(unit)) => {
            names.iter().copied().find(|name| name.eq_ignore_ascii_case(unit))
        }
        "k" if of.is_memory() => Some("kB"),
        "m" if of.is_memory() => Some("MB"),
        "g" if of.is_memory() => Some("GB"),
        "t" if of.is_memory() => Some("TB"),
        "sec" | "secs" | "second" | "seconds" if !of.is_memory() => Some("s"),
        "m" | "mins" | "minute" | "minutes" if !of.is_memory() => Some("min"),
        "hour" | "hours" | "hr" if !of.is_memory() => Some("h"),
        "day" | "days" if !of.is_memory() => Some("d"),
        _ => None,
    };
    let cause = format!(
        "`{}` is none of its units; they are {} (case matters)",
        short(unit),
        list(names.iter().copied())
    );
    let help = match meant {
        Some(meant) => format!("did you mean `{number}{meant}`?"),
        None => format!("write {}", range(kind)),
    };
    Fault::new(title, cause, help)
}

fn unit_of(kind: &Kind) -> Option<Unit> {
    match *kind {
        Kind::Integer { unit, .. } | Kind::Real { unit, .. } => unit,
        Kind::Bool | Kind::Text | Kind::Enum { .. } => None,
    }
}

fn wanted(kind: &Kind) -> &'static str {
    match unit_of(kind) {
        Some(unit) if unit.is_memory() => "an amount of memory",
        Some(_) => "an amount of time",
        None => "a number",
    }
}

/// The range in words: "-1, or 64kB to just under 2TB".
fn range(kind: &Kind) -> String {
    match *kind {
        Kind::Integer { unit: Some(unit), min: -1, max } => {
            format!("-1, or 0 to {}", units::describe(max, unit))
        }
        Kind::Integer { unit: Some(unit), min, max } => {
            format!("{} to {}", units::describe(min, unit), units::describe(max, unit))
        }
        Kind::Integer { unit: None, min, max } => format!("{min} to {max}"),
        Kind::Real { unit, min, max } => {
            let unit = unit.map_or("", Unit::name);
            #[expect(clippy::float_cmp, reason = "the table's greatest double is that very one")]
            let endless = max == f64::MAX;
            if endless {
                format!("numbers from {min}{unit} on")
            } else {
                format!("{min}{unit} to {max}{unit}")
            }
        }
        Kind::Bool | Kind::Text | Kind::Enum { .. } => "another value".to_owned(),
    }
}

fn advise_range(kind: &Kind) -> String {
    match unit_of(kind) {
        Some(unit) => format!("stay within it; a bare number counts in {}", unit.name()),
        None => "stay within it".to_owned(),
    }
}

pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}
