-- Before a script of the user's. Takes :pgpod_name, :pgpod_checksum, :pgpod_once, :pgpod_transaction and
-- :pgpod_role; tells by :pgpod_run whether the script runs.
-- `always` means at every start of the server: the run is repeated much more often than that.
SELECT checksum IS NULL OR NOT :'pgpod_once'::boolean
    AND (at < pg_postmaster_start_time() OR checksum <> :'pgpod_checksum') AS run,
  coalesce(:'pgpod_once'::boolean AND checksum <> :'pgpod_checksum', false) AS changed
FROM (SELECT) AS one LEFT JOIN pgpod.init_script ON name = :'pgpod_name' \gset pgpod_
\if :pgpod_changed
  \warn 'pgpod: script `':pgpod_name'` has changed, but it runs once and did: put what is new into a script of another name'
\endif
\if :pgpod_run
  \warn 'pgpod: script `':pgpod_name'` runs in database `':DBNAME'`'
  -- What a superuser makes is nobody else's. Everybody with rights in the database gets them on what this adds.
  SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = :'pgpod_role' \gset pgpod_
  \if :pgpod_superuser
    \ir owned.sql
    SELECT coalesce(array_agg(id), '{}') AS before
    FROM pg_roles, pg_temp.owned(pg_roles.oid) WHERE rolname = :'pgpod_role' \gset pgpod_
  \endif
  SELECT pg_backend_pid() AS session, '' AS xid \gset pgpod_
  \if :pgpod_transaction
    BEGIN;
    SELECT pg_current_xact_id() AS xid \gset pgpod_
  \endif
  SET SESSION AUTHORIZATION :"pgpod_role";
  RESET search_path;
  RESET row_security;
\endif
