//! A script that runs a second time: what it makes is there by then.

use super::statements::{Statement, Word, statements};

/// A statement that fails when its script runs again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Byte offsets in the script.
    pub start: usize,
    pub end: usize,
    /// The statement up to the kind of what it makes: `CREATE TABLE`.
    pub kind: String,
    pub name: String,
    pub remedy: Remedy,
    /// How many more such statements the script has.
    pub more: usize,
}

/// What lets a statement run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// `IF NOT EXISTS`.
    IfNotExists,
    /// `OR REPLACE`.
    OrReplace,
    /// Neither, and nothing depends on it: it can be dropped first.
    Drop,
    /// Neither, and what depends on it keeps it from being dropped: it is made once.
    Once,
}

/// What `CREATE` makes of which there can be one of a name.
const KINDS: &[(&[&str], Remedy)] = &[
    (&["AGGREGATE"], Remedy::OrReplace),
    (&["COLLATION"], Remedy::IfNotExists),
    (&["DOMAIN"], Remedy::Once),
    (&["EVENT", "TRIGGER"], Remedy::Drop),
    (&["EXTENSION"], Remedy::IfNotExists),
    (&["FOREIGN", "DATA", "WRAPPER"], Remedy::Once),
    (&["FOREIGN", "TABLE"], Remedy::IfNotExists),
    (&["FUNCTION"], Remedy::OrReplace),
    (&["INDEX"], Remedy::IfNotExists),
    (&["MATERIALIZED", "VIEW"], Remedy::IfNotExists),
    (&["POLICY"], Remedy::Drop),
    (&["PROCEDURE"], Remedy::OrReplace),
    (&["PUBLICATION"], Remedy::Drop),
    (&["ROLE"], Remedy::Once),
    (&["RULE"], Remedy::OrReplace),
    (&["SCHEMA"], Remedy::IfNotExists),
    (&["SEQUENCE"], Remedy::IfNotExists),
    (&["SERVER"], Remedy::IfNotExists),
    (&["STATISTICS"], Remedy::IfNotExists),
    (&["TABLE"], Remedy::IfNotExists),
    (&["TRIGGER"], Remedy::OrReplace),
    (&["TYPE"], Remedy::Once),
    (&["USER"], Remedy::Once),
    (&["VIEW"], Remedy::OrReplace),
];

/// Words between `CREATE` and the kind that change nothing here.
const BETWEEN: [&str; 5] = ["CONSTRAINT", "GLOBAL", "RECURSIVE", "UNIQUE", "UNLOGGED"];

/// The first statement of a script that fails when the script runs again as it stands; none where something in it may
/// take away what it makes.
pub fn again(script: &str) -> Option<Again> {
    let statements = statements(script);
    if script.to_lowercase().contains("pg_temp") || statements.iter().any(may_undo) {
        return None;
    }
    let gone: Vec<String> = statements.iter().filter(|each| takes_away(each)).flat_map(names).collect();
    let mut found = statements.iter().filter_map(|statement| made(statement, &gone));
    let first = found.next()?;
    Some(Again { more: found.count(), ..first })
}

fn is_temporary(statement: &Statement) -> bool {
    let words = statement.words.iter().take(5);
    statement.text(0) == "CREATE"
        && words.into_iter().any(|word| ["TEMP", "TEMPORARY"].contains(&word.text.as_str()))
}

/// Whether what a statement names is not there afterwards, or under another name.
fn takes_away(statement: &Statement) -> bool {
    match statement.text(0) {
        "DROP" => true,
        "ALTER" => statement.has("RENAME") || statement.has("SET") && statement.has("SCHEMA"),
        _ => is_temporary(statement),
    }
}

/// Whether nobody can tell what a statement takes away.
fn may_undo(statement: &Statement) -> bool {
    let drops = || {
        let mut texts = statement.words.iter().map(|word| word.text.to_lowercase());
        texts.any(|text| {
            ["drop", "rename", "execute", "cleanup", "clean_up", "reset"]
                .iter()
                .any(|word| text.contains(word))
        })
    };
    match statement.text(0) {
        "ROLLBACK" | "ABORT" => true,
        "DROP" => statement.has("CASCADE") || ["SCHEMA", "OWNED"].contains(&statement.text(1)),
        "CALL" | "DO" | "EXECUTE" | "SELECT" | "WITH" => drops(),
        _ => false,
    }
}

fn names(statement: &Statement) -> Vec<String> {
    statement.words.iter().skip(1).map(Word::name).collect()
}

/// What a statement makes, unless it can do so again.
fn made(statement: &Statement, gone: &[String]) -> Option<Again> {
    if statement.text(0) != "CREATE" || is_temporary(statement) {
        return None;
    }
    let mut at = 1;
    while BETWEEN.contains(&statement.text(at)) {
        at += 1;
    }
    let words = statement.words.get(at..)?;
    let begins = |kind: &[&str]| {
        words.len() > kind.len() && kind.iter().zip(words).all(|(one, word)| *one == word.text)
    };
    let (kind, remedy) = KINDS.iter().find(|(kind, _)| begins(kind))?;
    let mut at = at + kind.len();
    if statement.text(at) == "CONCURRENTLY" {
        at += 1;
    }
    if kind[0] == "USER" && statement.text(at) == "MAPPING" || ["IF", "ON"].contains(&statement.text(at)) {
        return None;
    }
    if statement.text(at) == "AUTHORIZATION" {
        at += 1;
    }
    while statement.text(at + 1) == "." {
        at += 2;
    }
    let name = statement.words.get(at)?.name();
    // What belongs to a table goes with it.
    let mut parts = statement.words.iter().skip(at).map(Word::name);
    if parts.any(|part| gone.contains(&part)) {
        return None;
    }
    // `OR REPLACE` is not for those that are constraints.
    let remedy = if statement.text(1) == "CONSTRAINT" { Remedy::Once } else { *remedy };
    let (start, end) = statement.place(at + 1);
    let kind = format!("CREATE {}", kind.join(" "));
    Some(Again { start, end, kind, name, remedy, more: 0 })
}

#[cfg(test)]
mod tests {
    use super::again;

    fn told(script: &str) -> Option<String> {
        again(script).map(|found| format!("{} {} +{}", found.kind, found.name, found.more))
    }

    #[test]
    fn what_is_made_a_second_time_is_found() {
        for (script, expected) in [
            ("CREATE TABLE t (a int)", "CREATE TABLE t +0"),
            (
                "CREATE TABLE IF NOT EXISTS a (a int); CREATE UNLOGGED TABLE s.T AS SELECT 1",
                "CREATE TABLE t +0",
            ),
            ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX i +0"),
            (
                "CREATE FUNCTION \"F\"() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE ROLE r",
                "CREATE FUNCTION F +1",
            ),
            ("CREATE SCHEMA AUTHORIZATION bob", "CREATE SCHEMA bob +0"),
            ("DROP TABLE IF EXISTS u; CREATE TABLE t (a int)", "CREATE TABLE t +0"),
            ("CREATE TABLE t (a int); ALTER TABLE t OWNER TO b; SELECT count(*) FROM t", "CREATE TABLE t +0"),
            ("CREATE POLICY p ON t USING (true)", "CREATE POLICY p +0"),
            ("CREATE TYPE mood AS ENUM ('a')", "CREATE TYPE mood +0"),
        ] {
            assert_eq!(told(script).as_deref(), Some(expected), "{script}");
        }
    }

    #[test]
    fn what_can_run_again_is_left_alone() {
        for script in [
            "CREATE TABLE IF NOT EXISTS t (a int); CREATE OR REPLACE VIEW v AS SELECT 1; CREATE EXTENSION IF NOT EXISTS x",
            "CREATE TEMP TABLE t (a int); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t",
            "CREATE LOCAL TEMPORARY VIEW v AS SELECT 1; CREATE TABLE pg_temp.t (a int)",
            "DROP TABLE IF EXISTS s.t; CREATE TABLE s.t (a int); CREATE INDEX i ON s.t (a)",
            "DROP TRIGGER IF EXISTS g ON t; CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()",
            "DROP POLICY IF EXISTS p ON t; CREATE POLICY p ON t USING (true)",
            "CREATE TABLE new (a int); DROP TABLE IF EXISTS t; ALTER TABLE new RENAME TO t",
            "CREATE TABLE staging (a int); COPY staging FROM stdin;\n1\n\\.\nDROP TABLE staging",
            "DROP SCHEMA IF EXISTS s CASCADE; CREATE SCHEMA s CREATE TABLE t (a int)",
            "DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$; CREATE TABLE t (a int)",
            "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            "SELECT app.drop_all(); CREATE TABLE t (a int)",
            "BEGIN; CREATE TABLE t (a int); ROLLBACK",
            "CREATE INDEX ON t (a); CREATE USER MAPPING IF NOT EXISTS FOR a SERVER s",
            "\\set ON_ERROR_STOP off\nCREATE TABLE t (a int);",
            "SELECT count(*) = 0 AS none FROM pg_class WHERE relname = 't' \\gset\n\\if :none\nCREATE TABLE t (a int);\n\\endif",
            "SELECT 'CREATE DATABASE d' WHERE false \\gexec",
            "INSERT INTO t VALUES (1)",
        ] {
            assert_eq!(told(script), None, "{script}");
        }
    }
}
