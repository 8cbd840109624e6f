-- An industrial schema. Takes :schema and :owner. Its tables are then made as its owner, so that the rights on what
-- the owner makes hold for them. A table that is there is left as it is, whatever it looks like.
SELECT format('CREATE SCHEMA %I AUTHORIZATION %I', :'schema', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = :'schema') \gexec
SELECT pg_get_userbyid(nspowner) AS schema_owner FROM pg_namespace WHERE nspname = :'schema' \gset pgpod_
SET ROLE :"pgpod_schema_owner";
