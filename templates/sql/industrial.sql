-- An industrial schema with its tables. Takes :schema and :owner; the file of the schema's name makes the tables,
-- as the schema's owner, so that the rights on what it makes hold for them. A table that is there is left as it is.
SELECT format('CREATE SCHEMA %I AUTHORIZATION %I', :'schema', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = :'schema') \gexec
SELECT pg_get_userbyid(nspowner) AS schema_owner FROM pg_namespace WHERE nspname = :'schema' \gset pgpod_
SET ROLE :"pgpod_schema_owner";
\set pgpod_file :schema .sql
\ir :pgpod_file
RESET ROLE;
