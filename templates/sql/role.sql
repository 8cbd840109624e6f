-- A role: made when it is missing, its attributes put right when they differ.
-- Takes :role, :login and :replication (on or off).
SELECT format('CREATE ROLE %I', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec

-- Role 10 is the superuser that the cluster was initialised with; it stays one, whatever a values file says.
SELECT format(
  'ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS INHERIT %s %s', rolname,
  CASE WHEN :'login'::boolean THEN 'LOGIN' ELSE 'NOLOGIN' END,
  CASE WHEN :'replication'::boolean THEN 'REPLICATION' ELSE 'NOREPLICATION' END)
FROM pg_roles
WHERE rolname = :'role' AND oid <> 10
  AND (rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolinherit, rolcanlogin, rolreplication)
    IS DISTINCT FROM (false, false, false, false, true, :'login'::boolean, :'replication'::boolean) \gexec
