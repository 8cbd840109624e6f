-- A stand-in for the rendered bootstrap: idempotent, and it reads the password itself.
\set app `cat "$PGPOD_AUTH/app-password"`
SELECT 'CREATE ROLE app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') \gexec
ALTER ROLE app PASSWORD :'app';
SELECT 'CREATE DATABASE plant' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'plant') \gexec
\connect plant
\ir tables.sql
