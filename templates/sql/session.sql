-- The settings of a session that handles passwords and makes objects for others. `init.sql` includes it after
-- each \connect, since each is a new session.
\set ON_ERROR_STOP on
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT on
\set ECHO none
\set ECHO_HIDDEN off
\unset FETCH_COUNT
-- The longer forms quote the failing statement, and a password with it.
\set VERBOSITY terse
\set SHOW_CONTEXT never
\encoding UTF8

-- No statement may reach the log, the statistics or another session's view of activity.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_duration_sample = -1;
SET log_transaction_sample_rate = 0;
SET log_duration = off;
SET log_min_error_statement = 'panic';
SET debug_print_parse = off;
SET debug_print_rewritten = off;
SET debug_print_plan = off;
SET track_activities = off;
SET pg_stat_statements.track = 'none';
SET pg_stat_statements.track_utility = off;
SET pgaudit.log = 'none';
SET auto_explain.log_min_duration = -1;

-- What the configuration sets for everybody's sessions must not stop this one. A lock that another session
-- holds does, so that nobody queues behind it for long: the run is repeated.
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET idle_session_timeout = 0;
SET lock_timeout = '10s';
SET default_transaction_read_only = off;
SET default_transaction_isolation = 'read committed';
SET row_security = off;
SET standard_conforming_strings = on;
SET password_encryption = 'scram-sha-256';
-- A synchronous standby that is away must not hold up the start.
SET synchronous_commit = 'local';
SET client_min_messages = 'warning';
-- Others may create objects in `public`: nothing here is looked up there.
SET search_path = pg_catalog;
SELECT count(set_config(name, '0', false)) FROM pg_settings WHERE name = 'transaction_timeout' \gset pgpod_ignored_

-- One run at a time in a database: a killed one's last statement may still be at work. Anybody can take this lock,
-- and see that it is taken; whoever is no superuser loses the session that has it, or nothing would run any more.
SELECT count(pg_terminate_backend(pid)) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = 7307204741
  AND usesysid NOT IN (SELECT oid FROM pg_roles WHERE rolsuper) \gset pgpod_ignored_
SELECT pg_advisory_lock(7307204741) \gset pgpod_ignored_
