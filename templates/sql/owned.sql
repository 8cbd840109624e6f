-- What a privilege stands for on schemas, tables and sequences.
CREATE OR REPLACE FUNCTION pg_temp.rights(privilege text)
RETURNS TABLE (class text, rights text) LANGUAGE sql AS $$
  SELECT * FROM (VALUES
    ('SCHEMAS', 'USAGE'),
    ('TABLES', CASE privilege WHEN 'read' THEN 'SELECT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END),
    ('SEQUENCES', CASE privilege WHEN 'read' THEN 'SELECT' ELSE 'SELECT, USAGE, UPDATE' END)
  ) AS rights (class, rights)
$$;

-- What a role owns in this database, but for members of extensions, temporary objects and the superuser's own.
CREATE OR REPLACE FUNCTION pg_temp.owned(owner oid)
RETURNS TABLE (class text, object text, id oid) LANGUAGE sql AS $$
  SELECT 'SCHEMAS', format('SCHEMA %I', nspname), oid FROM pg_namespace
  WHERE nspowner = owner AND nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'pgpod', 'public')
    AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_namespace'::regclass AND d.objid = pg_namespace.oid AND d.deptype = 'e')
  UNION ALL
  SELECT CASE relkind WHEN 'S' THEN 'SEQUENCES' ELSE 'TABLES' END,
    format('%s %I.%I', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, nspname, relname), pg_class.oid
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relowner = owner AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
    AND nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'pgpod')
    AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = pg_class.oid AND d.deptype = 'e')
$$;
