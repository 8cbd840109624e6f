//! Statements that the server refuses inside a transaction. All of them were tried on servers of 14 and 18.
//!
//! Not here, since it depends on what is in the database: `DROP SUBSCRIPTION` (with a slot), `REINDEX` and `CLUSTER` of a
//! partitioned table, `ALTER SUBSCRIPTION … REFRESH` (of one that is enabled).

use super::statements::{Statement, statements};

/// A statement that cannot run where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Byte offsets in the script.
    pub start: usize,
    pub end: usize,
    /// Its name, such as `VACUUM`.
    pub name: String,
    /// Whether the script itself opened the transaction.
    pub opened: bool,
}

/// Statements that are refused whatever follows; `*` stands for any word.
const ALWAYS: &[&[&str]] = &[
    &["ALTER", "DATABASE", "*", "SET", "TABLESPACE"],
    &["ALTER", "SYSTEM"],
    &["CREATE", "DATABASE"],
    &["CREATE", "INDEX", "CONCURRENTLY"],
    &["CREATE", "TABLESPACE"],
    &["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"],
    &["DISCARD", "ALL"],
    &["DROP", "DATABASE"],
    &["DROP", "INDEX", "CONCURRENTLY"],
    &["DROP", "TABLESPACE"],
    &["REINDEX", "*", "CONCURRENTLY"],
    &["REINDEX", "DATABASE"],
    &["REINDEX", "SCHEMA"],
    &["REINDEX", "SYSTEM"],
    &["VACUUM"],
];

/// The statements of a script that need to be transactions of their own and are not. `within` tells whether the script
/// runs in one from its beginning.
pub fn outside(script: &str, within: bool) -> Vec<Outside> {
    let (mut open, mut opened) = (within, false);
    let mut found = Vec::new();
    for statement in statements(script) {
        match statement.text(0) {
            "BEGIN" | "START" if !open => (open, opened) = (true, true),
            "COMMIT" | "END" | "ROLLBACK" | "ABORT" => {
                open &= statement.has("CHAIN") && !statement.has("NO") || is_to_savepoint(&statement);
            }
            "PREPARE" if statement.text(1) == "TRANSACTION" => open = false,
            _ if open => {
                if let Some((count, name)) = refused(&statement) {
                    let (start, end) = statement.place(count);
                    found.push(Outside { start, end, name, opened });
                }
            }
            _ => {}
        }
    }
    found
}

/// `ROLLBACK TO`, with or without a word between.
fn is_to_savepoint(statement: &Statement) -> bool {
    statement.text(0) == "ROLLBACK" && [1, 2].iter().any(|at| statement.text(*at) == "TO")
}

/// Whether a statement is refused inside a transaction: how many of its words say so, and its name.
fn refused(statement: &Statement) -> Option<(usize, String)> {
    if let Some(words) = ALWAYS.iter().find(|words| statement.begins(words)) {
        return Some((words.len(), words.join(" ").replace('*', "…")));
    }
    let last = statement.words.last().map_or("", |word| &word.text);
    let (refused, count, name) = match (statement.text(0), statement.text(1)) {
        ("ALTER", "TABLE") => {
            let refused = statement.has("DETACH") && last == "CONCURRENTLY";
            (refused, 2, "ALTER TABLE … DETACH PARTITION … CONCURRENTLY")
        }
        ("CLUSTER", _) => (without_options(statement).is_empty(), 1, "CLUSTER"),
        ("CREATE", "SUBSCRIPTION") => {
            let slot = !is_off(statement, "CREATE_SLOT") && !is_off(statement, "CONNECT");
            (slot, 2, "CREATE SUBSCRIPTION")
        }
        ("REINDEX", "(") => {
            let rest = without_options(statement);
            let whole =
                rest.first().is_some_and(|what| ["DATABASE", "SCHEMA", "SYSTEM"].contains(&what.as_str()));
            let apart = statement.has("CONCURRENTLY") && !is_off(statement, "CONCURRENTLY");
            (whole || apart, 1, "REINDEX")
        }
        _ => return None,
    };
    refused.then(|| (count, name.to_owned()))
}

/// The words behind the first, options in brackets and `VERBOSE` left out.
fn without_options(statement: &Statement) -> Vec<String> {
    let words = statement.words.iter().map(|word| word.text.clone()).skip(1).filter(|word| word != "VERBOSE");
    let words: Vec<String> = words.collect();
    match words.iter().position(|word| word == ")") {
        Some(end) if words[0] == "(" => words[end + 1..].to_vec(),
        _ => words,
    }
}

/// Whether an option is set, and to anything but what is on.
fn is_off(statement: &Statement, option: &str) -> bool {
    let Some(at) = statement.words.iter().rposition(|word| word.text == option) else { return false };
    let next = if statement.text(at + 1) == "=" { at + 2 } else { at + 1 };
    let value = statement.text(next).trim_matches('\'').to_uppercase();
    !matches!(value.as_str(), "" | "," | ")" | "TRUE" | "ON" | "1")
}

#[cfg(test)]
mod tests {
    use super::outside;

    fn names(script: &str, within: bool) -> Vec<String> {
        outside(script, within).into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn what_needs_a_transaction_of_its_own_is_found_in_one() {
        for (script, expected) in [
            ("VACUUM", "VACUUM"),
            ("vacuum (analyze) t", "VACUUM"),
            ("CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY"),
            (
                "create unique /* a */ index -- b\n concurrently i on t (a)",
                "CREATE UNIQUE INDEX CONCURRENTLY",
            ),
            ("DROP INDEX CONCURRENTLY IF EXISTS i", "DROP INDEX CONCURRENTLY"),
            ("REINDEX INDEX CONCURRENTLY i", "REINDEX … CONCURRENTLY"),
            ("REINDEX (VERBOSE, CONCURRENTLY) TABLE t", "REINDEX"),
            ("REINDEX (CONCURRENTLY on) TABLE t", "REINDEX"),
            ("REINDEX (VERBOSE) DATABASE d", "REINDEX"),
            ("REINDEX SCHEMA s", "REINDEX SCHEMA"),
            ("REINDEX SYSTEM d", "REINDEX SYSTEM"),
            ("CREATE DATABASE d", "CREATE DATABASE"),
            ("DROP DATABASE IF EXISTS d", "DROP DATABASE"),
            ("CREATE TABLESPACE s LOCATION '/a'", "CREATE TABLESPACE"),
            ("DROP TABLESPACE s", "DROP TABLESPACE"),
            ("ALTER SYSTEM RESET ALL", "ALTER SYSTEM"),
            ("ALTER DATABASE d SET TABLESPACE s", "ALTER DATABASE … SET TABLESPACE"),
            (
                "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
                "ALTER TABLE … DETACH PARTITION … CONCURRENTLY",
            ),
            ("CLUSTER", "CLUSTER"),
            ("CLUSTER (VERBOSE)", "CLUSTER"),
            ("DISCARD ALL", "DISCARD ALL"),
            ("CREATE SUBSCRIPTION s CONNECTION 'a' PUBLICATION p", "CREATE SUBSCRIPTION"),
            (
                "CREATE SUBSCRIPTION s CONNECTION 'a' PUBLICATION p WITH (create_slot = true)",
                "CREATE SUBSCRIPTION",
            ),
        ] {
            assert_eq!(names(&format!("SELECT 1;\n{script};\nSELECT 2;"), true), [expected], "{script}");
            assert_eq!(names(script, true), [expected], "{script}");
            assert_eq!(names(script, false), [""; 0], "{script}");
        }
    }

    #[test]
    fn what_runs_in_a_transaction_is_left_alone() {
        for script in [
            "ANALYZE t; CHECKPOINT; DISCARD TEMP; ALTER TYPE mood ADD VALUE 'x'",
            "CREATE INDEX i ON t (a); DROP INDEX i; CREATE INDEX \"concurrently\" ON t (a)",
            "REINDEX TABLE t; REINDEX (CONCURRENTLY false) TABLE t; REINDEX (VERBOSE) INDEX i",
            "CLUSTER t USING i; CLUSTER VERBOSE t; CLUSTER (VERBOSE) t",
            "ALTER DATABASE d SET work_mem = '8MB'; ALTER TABLE t DETACH PARTITION p",
            "CREATE SUBSCRIPTION s CONNECTION 'a' PUBLICATION p WITH (connect = false)",
            "CREATE SUBSCRIPTION s CONNECTION 'a' PUBLICATION p WITH (create_slot = 'off', slot_name = NONE)",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'VACUUM t'",
            "CREATE PROCEDURE f() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'VACUUM t'; END $$",
            "SELECT 'VACUUM;', 'x; VACUUM t;'; -- VACUUM;\n/* VACUUM; */ COMMENT ON TABLE t IS 'a; VACUUM'",
            "COMMIT; VACUUM t",
            "\\connect other\nVACUUM t;",
            "\\if :x\nVACUUM t;\n\\endif",
            "SELECT VACUUM t",
        ] {
            assert_eq!(names(script, true), [""; 0], "{script}");
        }
    }

    #[test]
    fn a_transaction_of_the_script_is_one() {
        for (script, expected) in [
            ("BEGIN; VACUUM t; COMMIT; VACUUM u", &["VACUUM"][..]),
            ("START TRANSACTION; CREATE DATABASE d; ROLLBACK TO a; VACUUM", &["CREATE DATABASE", "VACUUM"]),
            ("BEGIN; COMMIT AND CHAIN; VACUUM t; END; VACUUM t", &["VACUUM"]),
            ("BEGIN; COMMIT AND NO CHAIN; VACUUM t", &[]),
        ] {
            assert_eq!(names(script, false), expected, "{script}");
            assert!(outside(script, false).iter().all(|found| found.opened), "{script}");
        }
    }
}
