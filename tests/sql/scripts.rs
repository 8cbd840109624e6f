//! The user's own SQL: in order, once or always, whatever it leaves behind.

use super::{Outcome, Site};

/// Values with two databases and these scripts, each in flow style with its keys but for the name.
fn values(scripts: &[&str]) -> String {
    let items: Vec<_> = scripts
        .iter()
        .enumerate()
        .map(|(index, script)| format!("  - {{name: s{}, {script}}}\n", index + 1))
        .collect();
    format!(
        "postgresql:\n  databases: [{{name: a}}, {{name: b}}]\n  initScripts:\n{}",
        if items.is_empty() { "  []\n".to_owned() } else { items.concat() }
    )
}

fn runs(name: &str, database: &str) -> String {
    format!("pgpod: script `{name}` runs in database `{database}`")
}

fn complete(messages: &[&str], ran: &[(&str, &str)]) -> Outcome {
    let ran: Vec<_> = ran.iter().map(|(name, database)| runs(name, database)).collect();
    let all: Vec<_> = ran.iter().map(String::as_str).chain(messages.iter().copied()).collect();
    Outcome::complete(&all)
}

#[test]
fn scripts_run_in_their_order_once_or_at_every_start_of_the_server() {
    let order = "SELECT string_agg(who, ' ' ORDER BY at) FROM public.mark";
    let scripts = [
        "database: a, run: once, sql: 'CREATE TABLE mark (who text, at timestamptz DEFAULT clock_timestamp()); INSERT INTO mark VALUES (1)'",
        "database: b, run: once, sql: 'CREATE SCHEMA own; CREATE TABLE own.thing AS SELECT 7 AS id'",
        "database: a, run: always, sql: 'INSERT INTO mark VALUES (3)'",
        "database: a, run: once, transaction: false, sql: 'INSERT INTO mark VALUES (4); VACUUM mark'",
    ];
    for major in [14, 18] {
        let Some(mut site) = Site::new(major, &values(&scripts)) else { return };
        let all = [("s1", "a"), ("s2", "b"), ("s3", "a"), ("s4", "a")];
        assert_eq!(site.bootstrap(), complete(&[], &all), "{major}");
        assert_eq!(site.bootstrap(), complete(&[], &[]), "{major}");
        assert_eq!(site.superuser("a", order), "1 3 4\n", "{major}");
        site.restart();
        assert_eq!(site.bootstrap(), complete(&[], &[("s3", "a")]), "{major}");
        assert_eq!(site.bootstrap(), complete(&[], &[]), "{major}");
        assert_eq!(site.superuser("a", order), "1 3 4 3\n", "{major}");
        assert_eq!(site.app("b", "INSERT INTO own.thing VALUES (8)"), Ok(String::new()));
        assert_eq!(site.readonly("b", "SELECT sum(id) FROM own.thing"), Ok("15\n".to_owned()));

        let mut changed = scripts;
        changed[1] = "database: b, run: once, sql: 'CREATE TABLE own.other ()'";
        changed[2] = "database: a, run: always, sql: 'INSERT INTO mark VALUES (5)'";
        site.values(&values(&changed));
        let warning = "pgpod: script `s2` has changed, but it runs once and did: put what is new into a script of another name";
        let mut expected = complete(&[], &[("s3", "a")]);
        expected.messages.insert(0, warning.to_owned());
        assert_eq!(site.bootstrap(), expected, "{major}");
        let mut again = complete(&[], &[]);
        again.messages.push(warning.to_owned());
        assert_eq!(site.bootstrap(), again, "{major}");
        assert_eq!(site.superuser("a", order), "1 3 4 3 5\n", "{major}");
    }
}

#[test]
fn a_script_that_fails_leaves_nothing_and_runs_again_when_it_is_corrected() {
    let good = "database: a, run: once, sql: 'CREATE TABLE one (); CREATE TABLE two ()'";
    let bad = "database: a, run: once, sql: 'CREATE TABLE one (); CREATE TABLE one ()'";
    let Some(site) = Site::new(16, &values(&[bad, "database: b, run: once, sql: 'CREATE TABLE later ()'"]))
    else {
        return;
    };
    let expected = Outcome {
        status: 3,
        stdout: String::new(),
        messages: vec![runs("s1", "a"), "script-001.sql: ERROR:  relation \"one\" already exists".to_owned()],
    };
    assert_eq!(site.bootstrap(), expected);
    assert_eq!(site.bootstrap(), expected);
    // What comes before the scripts is there all the same.
    assert_eq!(site.app("b", "SELECT 1"), Ok("1\n".to_owned()));
    site.values(&values(&[good, "database: b, run: once, sql: 'CREATE TABLE later ()'"]));
    assert_eq!(site.bootstrap(), complete(&[], &[("s1", "a"), ("s2", "b")]));
    assert_eq!(site.app("a", "SELECT * FROM one, two"), Ok(String::new()));
}

#[test]
fn a_script_that_leaves_things_behind_spoils_nothing() {
    let scripts = [
        // Its own transaction.
        "database: a, run: once, sql: 'BEGIN; CREATE TABLE one (); COMMIT; CREATE TABLE two ()'",
        // Settings of the session and of psql.
        "database: a, run: once, sql: \"SET search_path = nowhere; RESET SESSION AUTHORIZATION; \\\\set ON_ERROR_STOP off\\n\\\\set AUTOCOMMIT off\\n\\\\o /dev/null\\n\\\\pset format html\\nDISCARD TEMP\"",
        // Another database.
        "database: a, run: once, transaction: false, sql: \"\\\\connect -reuse-previous=on b\\nCREATE TABLE in_b ()\"",
        // Variables that pgpod has used before it.
        "database: b, run: once, sql: \"CREATE TABLE three AS SELECT (ARRAY[1, 2])[1:owner] FROM (SELECT 1 AS owner) AS t\"",
    ];
    let Some(site) = Site::new(17, &values(&scripts)) else { return };
    let expected = [
        runs("s1", "a"),
        "script-001.sql: WARNING:  there is already a transaction in progress".to_owned(),
        "pgpod: script `s1` ended the transaction that it runs in: leave that out, or set `transaction: false`".to_owned(),
        runs("s2", "a"),
        runs("s3", "a"),
        runs("s4", "b"),
    ];
    assert_eq!(site.bootstrap(), Outcome::complete(&expected.each_ref().map(String::as_str)));
    assert_eq!(site.bootstrap(), Outcome::complete(&[]));
    let tables = "SELECT string_agg(relname || ' ' || relowner::regrole, ', ' ORDER BY relname)
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    assert_eq!(site.superuser("a", tables), "one app_owner, two app_owner\n");
    assert_eq!(site.superuser("b", tables), "in_b postgres, three app_owner\n");
    assert_eq!(site.app("b", "TABLE three"), Ok("{1}\n".to_owned()));
}

#[test]
fn an_unfinished_condition_is_an_error() {
    let script = "database: b, run: once, sql: \"\\\\if false\\nCREATE TABLE four ()\"";
    let Some(site) = Site::new(16, &values(&[script])) else { return };
    let error = "script-001.sql: error: reached EOF without finding closing \\endif(s)".to_owned();
    let expected = Outcome { status: 3, stdout: String::new(), messages: vec![runs("s1", "b"), error] };
    assert_eq!(site.bootstrap(), expected);
    assert_eq!(site.bootstrap(), expected);
}

#[test]
fn a_transaction_that_is_left_open_is_an_error() {
    for transaction in [true, false] {
        let script = format!(
            "database: a, run: once, transaction: {transaction}, sql: 'COMMIT; BEGIN; CREATE TABLE one ()'"
        );
        let Some(site) = Site::new(15, &values(&[&script])) else { return };
        let outcome = site.bootstrap();
        let mut expected = vec![
            runs("s1", "a"),
            "script-001.sql: WARNING:  there is no transaction in progress".to_owned(),
            "pgpod: script `s1` left a transaction open, which is rolled back: end it with COMMIT".to_owned(),
            "script-end.sql: ERROR:  a script left a transaction open".to_owned(),
        ];
        expected.retain(|message| !(transaction && message.contains("WARNING")));
        assert_eq!(outcome, Outcome { status: 3, stdout: String::new(), messages: expected });
        assert_eq!(
            site.superuser("a", "SELECT to_regclass('public.one') IS NULL, count(*) FROM pgpod.init_script"),
            "t|0\n"
        );
    }
}

#[test]
fn what_a_script_makes_as_superuser_is_for_the_others_too() {
    let scripts = [
        "database: a, run: once, as: postgres, sql: 'CREATE EXTENSION dblink; CREATE TABLE old (id int)'",
        "database: a, run: once, as: postgres, transaction: false, sql: 'CREATE SCHEMA own; CREATE TABLE own.thing (id serial)'",
    ];
    let Some(site) = Site::new(18, &values(&scripts)) else { return };
    site.bootstrap();
    site.superuser("a", "CREATE TABLE private (id int); DELETE FROM pgpod.init_script WHERE name = 's2'; DROP SCHEMA own CASCADE");
    assert_eq!(site.bootstrap(), complete(&[], &[("s2", "a")]));
    assert_eq!(
        site.app("a", "INSERT INTO own.thing DEFAULT VALUES; INSERT INTO old VALUES (1)"),
        Ok(String::new())
    );
    assert_eq!(site.readonly("a", "SELECT * FROM own.thing, old"), Ok("1|1\n".to_owned()));
    let denied = "psql:<stdin>:1: ERROR:  permission denied for table private";
    assert_eq!(site.app("a", "TABLE private"), Err(denied.to_owned()));
}
