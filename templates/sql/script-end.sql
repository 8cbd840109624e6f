-- After a script of the user's, which may have left anything behind. Takes what `script-begin.sql` took, and
-- :pgpod_connect.
\set ON_ERROR_STOP on
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT on
\set VERBOSITY terse
\unset FETCH_COUNT
\o
-- A statement that is a transaction of its own begins with it.
SELECT pg_backend_pid() <> :pgpod_session AS left,
  now() <> statement_timestamp() AND coalesce(pg_current_xact_id_if_assigned()::text, '') <> :'pgpod_xid' AS open,
  :'pgpod_xid' <> '' AND coalesce(pg_current_xact_id_if_assigned()::text, '') <> :'pgpod_xid' AS ended \gset pgpod_
\if :pgpod_open
  \warn 'pgpod: script `':pgpod_name'` left a transaction open, which is rolled back: end it with COMMIT'
  DO $$BEGIN RAISE EXCEPTION 'a script left a transaction open'; END$$;
\elif :pgpod_ended
  \warn 'pgpod: script `':pgpod_name'` ended the transaction that it runs in: leave that out, or set `transaction: false`'
\endif
\if :pgpod_left
  \connect -reuse-previous=on :pgpod_connect
  \ir session.sql
\endif
RESET SESSION AUTHORIZATION;
SET search_path = pg_catalog;
\if :pgpod_superuser
  \ir owned.sql
  SELECT format('GRANT %s ON %s TO %s', rights, object, grantee)
  FROM pg_roles, pg_temp.owned(pg_roles.oid) AS owned, pgpod.given, pg_temp.rights(privilege) AS rights
  WHERE rolname = :'pgpod_role' AND owned.class = rights.class AND creator = 0 AND privilege <> 'connect'
    AND id <> ALL (:'pgpod_before'::oid[]) \gexec
\endif
INSERT INTO pgpod.init_script (name, checksum) VALUES (:'pgpod_name', :'pgpod_checksum')
ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, at = excluded.at;
SELECT now() <> statement_timestamp() AS open \gset pgpod_
\if :pgpod_open
  COMMIT;
\endif
