use super::explain::{explain, invalid, list};
use super::value::{self, Value};
use super::{Context, Major, Span, find, hooks, names, table};
use crate::postgres::extensions::{self, EnabledExtensions};
use crate::postgres::fault::{Fault, Mistake};
use crate::spelling::nearest_name;

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
        return Err(Fault::new(
            Mistake::OwnedParameter,
            format!("`{}` is not yours to set", owned.name),
            owned.reason,
            owned.instead,
        ));
    }
    if let Some(c) = token.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Fault::new(
            Mistake::Value,
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
            Mistake::OwnedParameter,
            format!("`{}` can't be set", parameter.name),
            "it only tells how the server was built or its data directory was initialised",
            "remove it",
        ));
    }
    let value = value::read(&span.kind, token).map_err(|why| explain(parameter, span, token, &why))?;
    let needs = hooks::judge(major, parameter.name, &value)
        .map_err(|hook| Fault::new(Mistake::Value, invalid(parameter.name, token), hook.cause, hook.help))?
        .or_else(|| need(span, &value));
    Ok(Setting { name: parameter.name.to_owned(), value, context: Some(span.context), needs })
}

fn need(span: &Span, value: &Value) -> Option<String> {
    let row = span.needs.iter().find(|(needy, _)| *needy == "*" || *value == Value::Enum(needy))?;
    Some(row.1.to_owned())
}

/// A parameter of an enabled extension that the table doesn't have.
fn open_ended(major: Major, name: &str, token: &str) -> Result<Setting, Fault> {
    let (prefix, own) = name.split_once('.').unwrap_or_default();
    let siblings: Vec<_> = table::EXTENSION_PARAMETERS
        .iter()
        .filter(|row| row.in_major(major).is_some())
        .filter_map(|row| row.name.split_once('.'))
        .filter(|(start, _)| start.eq_ignore_ascii_case(prefix))
        .map(|(_, sibling)| sibling)
        .collect();
    let meant = nearest_name(own, siblings.iter().copied());
    let known = extensions::is_fully_known(prefix);
    if !known && meant.is_none() {
        return Ok(Setting {
            name: name.to_owned(),
            value: Value::Text(token.to_owned()),
            context: None,
            needs: None,
        });
    }
    let cause = elsewhere(name, major).unwrap_or_else(|| {
        if known {
            format!("`{prefix}` has {}", list(siblings.iter().copied()))
        } else {
            "it looks like a misspelling of another one".to_owned()
        }
    });
    let help = match meant {
        Some(meant) => format!("did you mean `{prefix}.{meant}`?"),
        None => "remove it".to_owned(),
    };
    Err(Fault::new(
        Mistake::UnknownParameter,
        format!("`{prefix}` of PostgreSQL {major} has no parameter `{name}`"),
        cause,
        help,
    ))
}

fn unknown(major: Major, name: &str) -> Fault {
    let title = format!("PostgreSQL {major} has no parameter `{name}`");
    let refusal = "the server refuses to start with a name that it doesn't know".to_owned();
    if names::DEVELOPERS_ONLY.iter().any(|only| only.eq_ignore_ascii_case(name)) {
        return Fault::new(
            Mistake::UnknownParameter,
            title,
            "only servers compiled for PostgreSQL's own developers have it",
            "remove it",
        );
    }
    let elsewhere = elsewhere(name, major);
    let help = names::advice(name).map(str::to_owned).or_else(|| {
        // A name that another major has is no slip.
        if elsewhere.is_some() {
            return None;
        }
        let known = table::PARAMETERS.iter().filter(|row| row.in_major(major).is_some()).map(|row| row.name);
        nearest_name(name, known).map(|meant| format!("did you mean `{meant}`?"))
    });
    let help = help.unwrap_or_else(|| match find(major, name).and_then(|row| row.spans.first()) {
        Some(span) if major < span.since => {
            format!("remove it, or set `postgresql.version` to {} or later", span.since)
        }
        _ => "remove it, or look the name up in PostgreSQL's documentation of that major".to_owned(),
    });
    Fault::new(Mistake::UnknownParameter, title, elsewhere.unwrap_or(refusal), help)
}

/// In which majors a name exists, if it isn't in this one.
fn elsewhere(name: &str, major: Major) -> Option<String> {
    let spans = find(major, name)?.spans;
    let (first, last) = (spans.first()?, spans.last()?);
    Some(if major < first.since {
        format!("it came with PostgreSQL {}", first.since)
    } else if let Some(next) = Major::ALL.iter().find(|next| **next > last.until && major > last.until) {
        match last.needs.iter().find(|(value, _)| *value == "*") {
            // What not every server has had, PostgreSQL itself never had.
            Some((_, needs)) => format!("before {next}, it needs {needs}"),
            None => format!("it is gone since PostgreSQL {next}"),
        }
    } else {
        "only some majors have it".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{EnabledExtensions, Major, check};

    fn said(major: Major, name: &str, token: &str) -> String {
        let enabled: EnabledExtensions =
            ["pg_stat_statements", "timescaledb", "vector"].into_iter().collect();
        match check(major, name, token, &enabled) {
            Ok(setting) => format!("{} = {} {:?}", setting.name, setting.text(), setting.needs),
            Err(fault) => format!("{}; {}; {}", fault.title, fault.cause, fault.help),
        }
    }

    #[test]
    fn faults_say_what_and_why_and_what_to_do() {
        // Each line: major, name, token (its escapes undone here), and what is said.
        let verdicts = include_str!("verdicts.txt");
        for line in verdicts.lines() {
            let [major, name, token, expected] = line.splitn(4, " | ").collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let token = token.replace("\\x07", "\x07");
            assert_eq!(said(Major::parse(major).unwrap(), name, &token), expected, "{line}");
        }
    }

    #[test]
    fn one_parameter_set_twice_gives_one_name_and_equal_values() {
        let none = EnabledExtensions::default();
        let set = |name, token| check(Major::V18, name, token, &none).unwrap();
        assert_eq!(set("Shared_Buffers", "1GB"), set("shared_buffers", "1024MB"));
        assert_eq!(set("sort_mem", "8192"), set("work_mem", "8MB"));
        assert_eq!(set("fsync", "yes"), set("fsync", "on"));
        assert_ne!(set("work_mem", "8MB"), set("work_mem", "9MB"));
    }

    #[test]
    fn a_setting_says_whether_it_needs_a_restart() {
        let enabled: EnabledExtensions = ["timescaledb", "pg_stat_statements"].into_iter().collect();
        let restarts = |name, token| check(Major::V17, name, token, &enabled).unwrap().needs_restart();
        assert!(restarts("shared_buffers", "1GB"));
        assert!(!restarts("work_mem", "8MB"));
        assert!(restarts("pg_stat_statements.max", "10000"));
        assert!(!restarts("pg_stat_statements.track", "all"));
        assert!(restarts("timescaledb.not_in_the_table", "1"));
    }
}
