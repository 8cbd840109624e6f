-- An extension, made in `public` unless it has a schema of its own. Takes :extension.
-- pg_cron can be made in the one database that it works in, and nowhere else.
SET search_path = public;
SELECT format('CREATE EXTENSION IF NOT EXISTS %I CASCADE', :'extension')
WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = :'extension')
  AND (:'extension' <> 'pg_cron' OR current_database() = coalesce(current_setting('cron.database_name', true), 'postgres')) \gexec
SET search_path = pg_catalog;
