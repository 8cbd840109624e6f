//! The keeper: bootstrap, passwords, reload.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use super::each;
use super::pod::Pod;

const WRONG_SQL: &str = "select 1;\nselect * from nowhere;\n";

fn init(pod: &Pod) -> String {
    fs::read_to_string(pod.path("init/init.sql")).expect("the sample")
}

#[test]
fn a_rotated_password_takes_effect_without_a_restart_and_shows_nowhere() {
    each(&[17, 15], |pod| {
        let start = pod.start();
        let keeper = pod.keeper();
        start.until("ready", |_| pod.ready());
        let since = pod.sql("postgres", "select pg_postmaster_start_time()");
        assert_eq!(pod.sql_as("app", "first-s3cret", "plant", "select 1"), "1");
        let hostile = r#"it's \ "new" $(s3cret) `s3cret` %s3cret ü"#;
        pod.write("auth/app-password", hostile);
        start.until("the new password", |_| pod.sql_as("app", hostile, "plant", "select 1") == "1");
        let refused = pod.sql_as("app", "first-s3cret", "plant", "select 1");
        assert!(refused.contains("password authentication failed"), "{refused}");
        assert_eq!(pod.sql("postgres", "select pg_postmaster_start_time()"), since);
        // A statement that fails is the likeliest to be quoted somewhere.
        let wrong = init(&pod).replace("PASSWORD :'app'", "PASSWORD :'app' NONSENSE");
        pod.write("init/init.sql", &wrong);
        keeper.until_said("the bootstrap failed");
        assert!(keeper.log().contains("unrecognized role option"), "{}", keeper.log());
        assert!(!start.log().contains("s3cret"), "{}", start.log());
        assert!(!keeper.log().contains("s3cret"), "{}", keeper.log());
    });
}

#[test]
fn unusable_passwords_are_named_all_at_once_and_none_is_applied() {
    each(&[17, 15], |mut pod| {
        pod.set("PGPOD_PASSWORDS", "app-password readonly-password superuser-password");
        pod.write("auth/app-password", "s3cret\n");
        pod.write("auth/superuser-password", "");
        let start = pod.start();
        let keeper = pod.keeper();
        keeper.until_said("the bootstrap failed");
        assert_eq!(
            keeper.said(),
            "keeper: watching the mounted files\n\
             bootstrap: applying roles, passwords, databases and scripts\n\
             error: the Secret with the passwords cannot be used; key `app-password` holds a control character \
             (perhaps a newline at its end); it lacks key `readonly-password`; key `superuser-password` is empty\n  \
             Correct the Secret; it is read again as soon as the kubelet has refreshed it. No password was changed.\n\
             error: the bootstrap failed; it is tried again in 5 s, and when the mounted files change\n  \
             The reason is above. What was there before goes on being served.\n"
        );
        assert_eq!(
            pod.probe(&["ready"]),
            (1, "no bootstrap has succeeded since the server started: see the keeper's log".to_owned())
        );
        for name in ["app-password", "readonly-password", "superuser-password"] {
            pod.write(&format!("auth/{name}"), "s3cret");
        }
        start.until("ready", |_| pod.ready());
    });
}

#[test]
fn a_failing_bootstrap_keeps_a_new_server_unready_and_leaves_a_serving_one_ready() {
    each(&[17, 15], |pod| {
        let right = init(&pod);
        pod.write("init/init.sql", WRONG_SQL);
        let start = pod.start();
        let keeper = pod.keeper();
        keeper.until_said("the bootstrap failed");
        assert_eq!(pod.probe(&["ready"]).0, 1);
        assert!(keeper.log().contains("init.sql:2: ERROR:  relation \"nowhere\" does not exist"));
        // Tried again by itself, without flooding.
        keeper.until("tried again", |it| it.said().contains("tried again in 10 s"));
        pod.write("init/init.sql", &right);
        start.until("ready", |_| pod.ready());
        pod.write("init/init.sql", &(right + WRONG_SQL));
        keeper
            .until("the new one failed", |it| it.said().matches("error: the bootstrap failed").count() == 3);
        assert_eq!(pod.probe(&["ready"]), (0, String::new()));
        assert_eq!(pod.probe(&["ready", "keeper"]), (0, String::new()));
    });
}

#[test]
fn killed_in_mid_bootstrap_the_next_one_completes_it() {
    each(&[17, 15], |pod| {
        let right = init(&pod);
        pod.write(
            "init/init.sql",
            &right.replace("\\connect plant", "\\connect plant\nselect pg_sleep(60);"),
        );
        let mut start = pod.start();
        let mut keeper = pod.keeper();
        let asleep = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
        keeper.until("in the middle", |_| pod.sql("postgres", asleep) == "1");
        keeper.kill_all();
        assert_eq!(pod.probe(&["ready"]).0, 1);
        let mut keeper = pod.keeper();
        keeper.until("in the middle again", |_| pod.sql("postgres", asleep) == "2");
        keeper.kill_all();
        start.kill_all();
        pod.write("init/init.sql", &right);
        let start = pod.start();
        let _keeper = pod.keeper();
        start.until("ready", |_| pod.ready());
        assert_eq!(pod.sql("plant", "select count(*) from runs"), "1");
    });
}

#[test]
fn a_keeper_stops_in_the_middle_of_a_bootstrap_and_cancels_it() {
    each(&[17, 15], |pod| {
        pod.write("init/init.sql", "select pg_sleep(60);");
        let start = pod.start();
        let mut keeper = pod.keeper();
        let asleep = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
        keeper.until("in the middle", |_| pod.sql("postgres", asleep) == "1");
        keeper.signal("TERM");
        assert_eq!(keeper.ends(), 0);
        start.until("cancelled", |_| pod.sql("postgres", asleep) == "0");
    });
}

#[test]
fn the_bootstrap_runs_again_by_time_at_a_new_server_and_for_a_new_keeper() {
    each(&[17, 15], |mut pod| {
        pod.set("PGPOD_REFRESH", "3");
        let mut start = pod.start();
        let mut keeper = pod.keeper();
        keeper.until("by time", |_| pod.sql("plant", "select count(*) >= 2 from runs") == "t");
        keeper.kill_all();
        pod.set("PGPOD_REFRESH", "3000");
        let runs = pod.sql("plant", "select count(*) from runs").parse::<u32>().expect("a number");
        let keeper = pod.keeper();
        let count = |pod: &Pod| pod.sql("plant", "select count(*) from runs");
        keeper.until("for a new keeper", |_| count(&pod) == (runs + 1).to_string());
        start.kill_all();
        let start = pod.start();
        // Asked of the server itself: what the killed one left says ready until the new one begins.
        start.until("at a new server", |_| count(&pod) == (runs + 2).to_string());
        sleep(Duration::from_secs(3));
        assert_eq!(count(&pod), (runs + 2).to_string());
    });
}

#[test]
fn a_bad_hba_line_is_refused_loudly_once_and_the_old_rules_stay() {
    each(&[17, 15], |pod| {
        let start = pod.start();
        let keeper = pod.keeper();
        start.until("ready", |_| pod.ready());
        let rules = fs::read_to_string(pod.path("config/pg_hba.conf")).expect("the sample");
        pod.write("config/pg_hba.conf", &format!("local all app reject\nlocal all nonsense\n{rules}"));
        keeper.until_said("has errors");
        sleep(Duration::from_secs(3));
        assert_eq!(
            keeper.said().split_once("bootstrap: done\n").map(|it| it.1),
            Some(
                "error: the changed configuration has errors and was not loaded; the server goes on with the one it has\n  \
                 pg_hba.conf line 2: end-of-line before authentication method\n  \
                 Correct the values and apply them again. Until then a restart of the server would fail.\n"
            )
        );
        assert_eq!(pod.sql_as("app", "first-s3cret", "plant", "select 1"), "1");
        assert_eq!(pod.probe(&["ready"]).0, 0);
        pod.write("config/pg_hba.conf", &format!("local all app reject\n{rules}"));
        keeper.until_said("was reloaded");
        let refused = pod.sql_as("app", "first-s3cret", "plant", "select 1");
        assert!(refused.contains("pg_hba.conf rejects connection"), "{refused}");
    });
}

#[test]
fn a_changed_configuration_is_reloaded_or_refused_with_its_line() {
    each(&[17, 15, 18], |pod| {
        let mut start = pod.start();
        let mut keeper = pod.keeper();
        start.until("ready", |_| pod.ready());
        let conf = fs::read_to_string(pod.path("config/postgresql.conf")).expect("the sample");
        pod.write("config/postgresql.conf", &format!("{conf}work_mem = 7MB\nmax_connections = 30\n"));
        keeper.until_said("wait for a restart");
        assert_eq!(pod.sql("postgres", "show work_mem"), "7MB");
        assert_eq!(pod.sql("postgres", "show max_connections"), "20");

        for (wrong, why) in [
            ("temp_buffers = 7furlongs", "invalid value for parameter \"temp_buffers\": \"7furlongs\""),
            ("max_connections = -1", "-1 is outside the valid range for parameter \"max_connections\""),
            ("no_such_thing = 1", "unrecognized configuration parameter \"no_such_thing\""),
        ] {
            let said = keeper.log().len();
            pod.write("config/postgresql.conf", &format!("{conf}{wrong}\nwork_mem = 8MB\n"));
            keeper.until(wrong, |it| it.log()[said..].contains("a restart of the server would fail"));
            assert!(keeper.log()[said..].contains(why), "{}", &keeper.log()[said..]);
            assert_eq!(pod.sql("postgres", "show work_mem"), "7MB");
        }
        pod.write("config/postgresql.conf", &format!("{conf}work_mem = 9MB\nmax_connections = 30\n"));
        start.until("corrected", |_| pod.sql("postgres", "show work_mem") == "9MB");
        keeper.until("said twice", |it| {
            it.said().matches("wait for a restart of the server: max_connections").count() == 2
        });

        // The restart takes all of it, and leaves nothing to reload.
        start.signal("TERM");
        start.ends();
        keeper.kill_all();
        let start = pod.start();
        let keeper = pod.keeper();
        start.until("ready", |_| pod.ready());
        assert_eq!(pod.sql("postgres", "show max_connections"), "30");
        sleep(Duration::from_secs(2));
        assert!(!keeper.said().contains("reloaded"));
    });
}
