//! What a server says on its way to a refusal, as complaints.

/// One complaint of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    /// Whether the server goes on all the same.
    pub(super) warning: bool,
    /// The server's own words.
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Complaint {
    /// The line of a file that the message names, from 1.
    pub(super) fn line(&self) -> Option<usize> {
        let (_, rest) = self.message.split_once("\" line ")?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    }

    /// The names in it that `known` has, in the order in which they are named.
    pub(super) fn names<'a>(&self, known: &[&'a str]) -> Vec<&'a str> {
        let mut named: Vec<&str> = Vec::new();
        for word in self.message.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')) {
            let found = known.iter().find(|name| name.eq_ignore_ascii_case(word));
            if let Some(name) = found.filter(|name| !named.contains(name)) {
                named.push(name);
            }
        }
        if named.is_empty() {
            let meant = UNNAMED.iter().filter(|(words, _)| self.message.starts_with(words));
            named.extend(meant.filter_map(|(_, meant)| known.iter().find(|name| *name == meant)));
        }
        named
    }

    /// The library that the server does not have, if that is what it says.
    pub(super) fn missing_library(&self) -> Option<&str> {
        let (_, rest) = self.message.split_once("could not access file \"")?;
        let library = rest.split('"').next()?;
        Some(library.strip_prefix("$libdir/").unwrap_or(library))
    }
}

/// How messages begin that are about a parameter and do not name it.
const UNNAMED: [(&str, &str); 4] = [
    ("ECDH: ", "ssl_ecdh_curve"),
    ("could not set the TLSv1.2 cipher list", "ssl_ciphers"),
    ("could not set the TLSv1.3 cipher suites", "ssl_tls13_ciphers"),
    ("could not set the cipher list", "ssl_ciphers"),
];

/// What is said before or beside a complaint, and is none.
const ASIDES: [&str; 3] =
    ["skipping missing configuration file", "configuration file \"", "redirecting log output"];

/// The complaints of a server's log, which has no prefix of lines.
pub(super) fn complaints(log: &str) -> Vec<Complaint> {
    let mut found: Vec<Complaint> = Vec::new();
    let mut of_hint = false;
    for line in log.lines() {
        let (level, text) = line.split_once(":  ").unwrap_or(("", line));
        match level {
            "LOG" | "ERROR" | "FATAL" | "PANIC" | "WARNING" => {
                let message = text.trim().to_owned();
                found.push(Complaint { warning: level == "WARNING", message, hint: None });
                of_hint = false;
            }
            "HINT" => {
                if let Some(last) = found.last_mut() {
                    last.hint = Some(text.trim().to_owned());
                }
                of_hint = true;
            }
            "DETAIL" => {
                if let Some(last) = found.last_mut() {
                    last.message = format!("{}: {}", last.message, text.trim());
                }
                of_hint = false;
            }
            // A line of its own begins with a tab where the text before goes on.
            "" if line.starts_with('\t') => {
                if let Some(last) = found.last_mut() {
                    let text = if of_hint { last.hint.get_or_insert_default() } else { &mut last.message };
                    text.extend([" ", line.trim()]);
                }
            }
            _ => {}
        }
    }
    let last = found.iter().any(|complaint| !is_aside(complaint));
    // Without anything else, that the file has errors is all there is to know.
    found
        .retain(|complaint| !is_aside(complaint) || (!last && complaint.message.contains("contains errors")));
    found
}

fn is_aside(complaint: &Complaint) -> bool {
    ASIDES.iter().any(|aside| complaint.message.starts_with(aside))
}

/// The rows of a query of two columns, as a server in single-user mode prints them: `\t 1: line_number = "4"\t(typeid …`.
pub(super) fn rows(output: &str) -> Vec<(String, String)> {
    let column = |line: &str, number: usize| -> Option<String> {
        let (_, rest) = line.split_once(&format!("\t {number}: "))?;
        let (_, rest) = rest.split_once(" = \"")?;
        Some(rest.rsplit_once("\"\t(typeid")?.0.to_owned())
    };
    let mut first = None;
    let mut rows = Vec::new();
    for line in output.lines() {
        if let Some(text) = column(line, 1) {
            first = Some(text);
        } else if let Some(text) = column(line, 2) {
            rows.extend(first.take().map(|first| (first, text)));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_taken_apart() {
        let log = "LOG:  skipping missing configuration file \"/x/postgresql.auto.conf\"\n\
                   LOG:  invalid value for parameter \"work_mem\": \"8mb\"\nHINT:  Valid units are \"B\",\n\t\"kB\".\n\
                   LOG:  unrecognized configuration parameter \"foo\" in file \"/x/postgresql.conf\" line 12\n\
                   FATAL:  configuration file \"/x/postgresql.conf\" contains errors\n";
        let found = complaints(log);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].names(&["max_connections", "Work_Mem"]), ["Work_Mem"]);
        assert_eq!(found[0].hint.as_deref(), Some("Valid units are \"B\", \"kB\"."));
        assert_eq!((found[0].line(), found[1].line()), (None, Some(12)));
        assert_eq!(complaints("FATAL:  configuration file \"a\" contains errors\n").len(), 1);
        assert_eq!(
            complaints("FATAL:  could not access file \"x\": No such file\n")[0].missing_library(),
            Some("x")
        );
    }

    #[test]
    fn rows_are_read_with_the_quotes_in_them() {
        let output = "backend> \t 1: line_number\t(typeid = 23)\n\t 2: error\t(typeid = 25)\n\t----\n\
                      \t 1: line_number = \"2\"\t(typeid = 23)\n\t 2: error = \"bad \"x\" here\"\t(typeid = 25)\n\t----\n";
        assert_eq!(rows(output), [("2".to_owned(), "bad \"x\" here".to_owned())]);
    }
}
