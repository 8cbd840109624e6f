-- The rights of roles in a database, on what exists and on what its creators will make, in every schema.
-- Takes the temporary tables `pgpod_creator` (role) and `pgpod_grantee` (role, privilege).
-- `create` is `write` and the right to make temporary tables, and others in `public`.
--
-- A right is given once, and what was given is written down: what a person takes away later stays away, and what
-- the values no longer name is taken back. Nothing is given on what an extension made or on what a superuser made,
-- but for scripts (`script-end.sql`). Functions and types are everybody's from the start, so they need no right.
CREATE SCHEMA IF NOT EXISTS pgpod;
DO $$
BEGIN
  -- A superuser's statements must not run another's triggers.
  IF NOT (SELECT rolsuper FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner WHERE nspname = 'pgpod') THEN
    RAISE EXCEPTION 'schema "pgpod" of database "%" is not the superuser''s: give it another name', current_database();
  END IF;
END $$;
-- Creator 0 (`-`) stands for the database itself.
CREATE TABLE IF NOT EXISTS pgpod.given (
  creator regrole NOT NULL,
  grantee regrole NOT NULL,
  privilege text NOT NULL,
  PRIMARY KEY (creator, grantee)
);
CREATE TABLE IF NOT EXISTS pgpod.init_script (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

\ir owned.sql

-- Gives (or takes) a privilege on what a creator owns and will own.
CREATE OR REPLACE FUNCTION pg_temp.change_rights(verb text, creator oid, grantee oid, privilege text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  receiver text := format('%s %I', CASE verb WHEN 'GRANT' THEN 'TO' ELSE 'FROM' END, pg_get_userbyid(grantee));
  part record;
BEGIN
  FOR part IN SELECT * FROM pg_temp.rights(privilege) LOOP
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I %s %s ON %s %s',
      pg_get_userbyid(creator), verb, part.rights, part.class, receiver);
  END LOOP;
  FOR part IN SELECT * FROM pg_temp.owned(creator) JOIN pg_temp.rights(privilege) USING (class) LOOP
    EXECUTE format('%s %s ON %s %s', verb, part.rights, part.object, receiver);
  END LOOP;
END $$;

DO $$
DECLARE
  old record;
  wanted record;
BEGIN
  DELETE FROM pgpod.given WHERE NOT EXISTS (SELECT FROM pg_roles WHERE oid = grantee)
    OR creator <> 0 AND NOT EXISTS (SELECT FROM pg_roles WHERE oid = creator);

  CREATE TEMPORARY TABLE pgpod_wanted ON COMMIT DROP AS
    WITH grantee AS (
      -- A role that is named twice gets the greater privilege.
      SELECT oid, (ARRAY['connect', 'read', 'write', 'create'])[max(array_position(
        ARRAY['connect', 'read', 'write', 'create'], privilege))] AS privilege
      FROM pgpod_grantee JOIN pg_roles ON rolname = role GROUP BY oid
    ), creator AS (
      SELECT oid FROM pg_roles JOIN pgpod_creator ON rolname = role WHERE NOT rolsuper
      -- Who was a creator once still owns what it made.
      UNION SELECT creator FROM pgpod.given WHERE creator <> 0
    )
    SELECT 0::regrole AS creator, oid::regrole AS grantee, privilege FROM grantee
    UNION ALL
    SELECT creator.oid::regrole, grantee.oid::regrole, CASE privilege WHEN 'read' THEN 'read' ELSE 'write' END
    FROM creator, grantee WHERE creator.oid <> grantee.oid AND privilege <> 'connect';

  FOR old IN SELECT g.* FROM pgpod.given g LEFT JOIN pgpod_wanted w USING (creator, grantee)
    WHERE w.privilege IS DISTINCT FROM g.privilege
  LOOP
    IF old.creator <> 0 THEN
      PERFORM pg_temp.change_rights('REVOKE', old.creator, old.grantee, 'write');
    ELSE
      EXECUTE format('REVOKE ALL ON DATABASE %I FROM %s', current_database(), old.grantee);
      IF to_regnamespace('public') IS NOT NULL THEN
        EXECUTE format('REVOKE ALL ON SCHEMA public FROM %s', old.grantee);
      END IF;
    END IF;
  END LOOP;

  -- A database's new owner takes over what the old one was given, so the right to connect is looked at each time.
  FOR wanted IN SELECT w.* FROM pgpod_wanted w LEFT JOIN pgpod.given g USING (creator, grantee)
    WHERE w.privilege IS DISTINCT FROM g.privilege
      OR creator = 0 AND NOT has_database_privilege(grantee, current_database(), 'CONNECT')
  LOOP
    IF wanted.creator <> 0 THEN
      PERFORM pg_temp.change_rights('GRANT', wanted.creator, wanted.grantee, wanted.privilege);
    ELSE
      EXECUTE format('GRANT %s ON DATABASE %I TO %s',
        CASE wanted.privilege WHEN 'create' THEN 'CONNECT, TEMPORARY' ELSE 'CONNECT' END, current_database(), wanted.grantee);
      IF to_regnamespace('public') IS NOT NULL THEN
        EXECUTE format('GRANT %s ON SCHEMA public TO %s',
          CASE wanted.privilege WHEN 'create' THEN 'USAGE, CREATE' ELSE 'USAGE' END, wanted.grantee);
      END IF;
    END IF;
  END LOOP;

  DELETE FROM pgpod.given g WHERE NOT EXISTS (SELECT FROM pgpod_wanted w
    WHERE (w.creator, w.grantee, w.privilege) = (g.creator, g.grantee, g.privilege));
  INSERT INTO pgpod.given SELECT * FROM pgpod_wanted ON CONFLICT DO NOTHING;
END $$;

-- Before 15, everybody could create objects in `public`, and its owner was the superuser.
SELECT 'REVOKE CREATE ON SCHEMA public FROM PUBLIC'
FROM pg_namespace, aclexplode(nspacl) AS acl
WHERE nspname = 'public' AND acl.grantee = 0 AND acl.privilege_type = 'CREATE' \gexec
SELECT format('GRANT USAGE, CREATE ON SCHEMA public TO %I', rolname)
FROM pg_roles JOIN pgpod_creator ON rolname = role JOIN pg_namespace ON nspname = 'public'
WHERE NOT has_schema_privilege(pg_roles.oid, pg_namespace.oid, 'CREATE') \gexec
