-- Rendered by pgpod.
SELECT format('CREATE ROLE %I LOGIN', {{ sql.roles.app }}) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {{ sql.roles.app }}) \gexec
