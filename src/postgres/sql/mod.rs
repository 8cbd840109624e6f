//! A user's SQL, read before a server reads it: where it is none.
//!
//! psql runs it, so that its commands (`\set`), its variables (`:name`) and the data behind `COPY … FROM stdin` are
//! taken out first, byte by byte, so that places stay. A statement whose text depends on a variable can't be judged.
//! What remains is read by a parser of PostgreSQL's grammar that is not the server's own: it takes all that the server
//! takes in our tests, and misses some of what the server refuses.

mod again;
mod psql;
mod statements;
mod transactions;

pub use again::{Again, Remedy, again};
pub use transactions::{Outside, outside};

use psql::Prepared;
use squawk_syntax::SourceFile;

/// Deeper parentheses and longer scripts are left to the server: the parser calls itself for each level.
const DEEPEST: usize = 64;
const LONGEST: usize = 1 << 20;

/// What the parser could not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Byte offsets in the script.
    pub start: usize,
    pub end: usize,
    /// What it expected or found, in its words.
    pub message: String,
}

/// The first thing in each statement that is no SQL.
pub fn check(script: &str) -> Vec<Unreadable> {
    let prepared = Prepared::of(script);
    if script.len() > LONGEST || prepared.deepest > DEEPEST || prepared.hopeless {
        return Vec::new();
    }
    let Ok(text) = String::from_utf8(prepared.text) else { return Vec::new() };
    let mut found: Vec<Unreadable> = Vec::new();
    let mut statement_of_last = None;
    for error in SourceFile::parse(&text).errors() {
        let range = error.range();
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let statement = prepared.ends.partition_point(|end| *end < start);
        if statement_of_last.replace(statement) == Some(statement) {
            continue;
        }
        let begin = statement.checked_sub(1).map_or(0, |before| prepared.ends[before]);
        let (before, rest) =
            (text.get(begin..start).unwrap_or_default(), text.get(start..).unwrap_or_default());
        if !is_misread(error.message(), before, rest) {
            found.push(Unreadable { start, end, message: in_words(error.message(), rest) });
        }
    }
    found
}

/// Whether it is the parser that does not know what the server takes: operator classes of `EXCLUDE`, several actions of
/// `ALTER INDEX` and its like. What follows in the statement is left to the server.
fn is_misread(message: &str, before: &str, rest: &str) -> bool {
    let before = before.to_ascii_lowercase();
    let has = |word: &str| before.split(|c: char| !c.is_ascii_alphanumeric()).any(|other| other == word);
    let rest = rest.trim_start();
    match message {
        "expected WITH_KW" => {
            has("exclude") && rest.starts_with(|c: char| c.is_alphanumeric() || "_\".(".contains(c))
        }
        "expected command, found COMMA" => {
            let mut words = before.split_whitespace();
            let next = rest.trim_start_matches(',').trim_start();
            words.next() == Some("alter")
                && words.next().is_some_and(|what| ["index", "sequence", "view"].contains(&what))
                && next.starts_with(|c: char| c.is_alphabetic())
        }
        _ => false,
    }
}

/// The parser's message with its names of tokens as they are written (`R_PAREN` is a bracket, `CREATE_KW` a word), and
/// with what stands at its place.
fn in_words(message: &str, rest: &str) -> String {
    let (wanted, found) = match message.split_once(", found ").or_else(|| message.split_once(", got ")) {
        Some((wanted, _)) => (wanted, format!(", found {}", token(rest))),
        None => (message, String::new()),
    };
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', '.']);
        let behind = &word[bare.len()..];
        let sign = SIGNS.iter().find(|(name, _)| *name == bare).map(|(_, sign)| (*sign).to_owned());
        let known = sign.or_else(|| bare.strip_suffix("_KW").map(|keyword| format!("`{keyword}`")));
        format!("{}{behind}", known.unwrap_or_else(|| bare.to_owned()))
    };
    wanted.split(' ').map(word).collect::<Vec<_>>().join(" ") + &found
}

/// The parser's names of what can be missing.
const SIGNS: [(&str, &str); 12] = [
    ("COLON", "`:`"),
    ("COMMA", "`,`"),
    ("DOT", "`.`"),
    ("EQ", "`=`"),
    ("FAT_ARROW", "`=>`"),
    ("IDENT", "a name"),
    ("L_BRACK", "`[`"),
    ("L_PAREN", "`(`"),
    ("R_BRACK", "`]`"),
    ("R_PAREN", "`)`"),
    ("SEMICOLON", "`;`"),
    ("STRING", "a text in quotes"),
];

/// What a text begins with, as a reader would name it.
fn token(rest: &str) -> String {
    let mut rest = rest.trim_start();
    while let Some(comment) = rest.strip_prefix("--") {
        rest = comment.split_once('\n').map_or("", |(_, behind)| behind).trim_start();
    }
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').take(63).collect();
    match rest.chars().next() {
        None => "the end of the script".to_owned(),
        Some('\'') => "a text in quotes".to_owned(),
        Some(sign) if word.is_empty() => format!("`{sign}`"),
        Some(_) => format!("`{word}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn told(script: &str) -> Vec<(usize, String)> {
        check(script).into_iter().map(|found| (found.start, found.message)).collect()
    }

    #[test]
    fn what_psql_takes_is_not_reported() {
        for script in [
            "",
            "-- only a comment",
            "\\set ON_ERROR_STOP on\nSELECT 1;\n\\echo it's done\n",
            "SELECT count(*) AS n FROM t \\gset\n\\if :n\nSELECT 2;\n\\endif\n",
            "SELECT :'name', :\"column\" FROM t;",
            "SELECT :anything here FROM;\nSELECT 1;",
            "SELECT a::int, b[1:2], f(x := 3) FROM t;",
            "COPY t (a, b) FROM stdin;\n1\tx'y\n2\t$$\n\\.\nSELECT 1;",
            "\\copy t from stdin\nit's; data\n\\.\nSELECT 1;",
            "DO $x$ BEGIN EXECUTE 'SELECT 1; '';'; END $x$;",
            "SELECT E'it\\'s; :x', 'C:\\';",
            "/* a; /* b' */ \\c */ SELECT 1 \\; SELECT 2;",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;",
            "VACUUM (ANALYZE) t; ALTER SYSTEM SET work_mem = '8MB'; REINDEX TABLE CONCURRENTLY t;",
            "SELECT format('%I', 'a') \\gexec",
            "CREATE TABLE r (room int, EXCLUDE USING gist (room gist_int4_ops WITH =, during WITH &&));",
            "ALTER TABLE r ADD EXCLUDE USING gist (room COLLATE \"C\" public.ops (a = 1) DESC WITH =) WHERE (a > 1);",
            "CREATE TRUSTED LANGUAGE plperl; CREATE TRUSTED PROCEDURAL LANGUAGE p HANDLER h;",
            "ALTER INDEX i SET (fillfactor=5), RESET (x); ALTER VIEW v SET (a), RESET (a);",
        ] {
            assert_eq!(told(script), [], "{script}");
        }
    }

    #[test]
    fn what_is_no_sql_is_found_in_each_statement() {
        let at = |script: &str| told(script).into_iter().map(|(start, _)| start).collect::<Vec<_>>();
        assert_eq!(at("SELEC 1;"), [0]);
        assert_eq!(at("\\set x 1\nCREATE TABEL t (a int);\nSELECT 1;\nINSERT INTO t VALUES (1, 2;").len(), 2);
        assert_eq!(at("CREATE TABLE t (a int,);").len(), 1);
        assert_eq!(at("ALTER TABLE r ADD EXCLUDE USING gist (room);").len(), 1);
        assert_eq!(at("ALTER INDEX i RESET (x),;").len(), 1);
        assert_eq!(at("CREATE TRUSTED LANGUAGE;").len(), 1);
        assert_eq!(at(&format!("SELECT {}1{};", "(".repeat(1000), ")".repeat(1000))).len(), 0);
    }

    #[test]
    fn what_stands_at_the_place_is_said_as_it_is_written() {
        for (script, expected) in [
            ("CREATE TABLE t (a int) # b", "expected command, found `#`"),
            ("SELECT 1 / ;", "expected an expression, found `;`"),
            ("CREATE TABEL t (a int)", "expected command, found `CREATE`"),
            ("SELECT * FROM t WHERE -- a\n", "expected an expression, found the end of the script"),
            ("CREATE ROLE 'x'", "expected role, found a text in quotes"),
            ("GRANT SELECT ON t TO 5", "expected role, found `5`"),
            ("ALTER TABLE t ADD COLUMN a int bb", "expected command, found `bb`"),
            ("SELECT 1;\n{", "expected command, found `{`"),
            ("SELECT . ;", "expected command, found `.`"),
            ("INSERT INTO t VALUES (1, 2;", "expected `)`"),
            ("CREATE USER MAPPING x", "expected `FOR`"),
        ] {
            let messages: Vec<_> = told(script).into_iter().map(|(_, message)| message).collect();
            assert_eq!(messages, [expected], "{script}");
        }
    }
}
