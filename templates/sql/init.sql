-- The roles, databases, rights, tables and scripts of a release. It may be run at any time, again, and after it was
-- stopped anywhere: it makes what is missing, puts right what the values say, and leaves the rest as it is.
--   psql -X -v ON_ERROR_STOP=1 -f init.sql     as the superuser `postgres`, in database `postgres`
-- Passwords are read from the files in $PGPOD_AUTH (/etc/pgpod/auth).
\set QUIET on
\ir session.sql

-- Roles. Nobody logs in as the owner, and the application is no member of it. The exporter comes in over the
-- socket by its user's name and needs no password.
\set role {{ sql.roles.owner | psql }}
\set login off
\set replication off
\ir role.sql
\set role {{ sql.roles.app | psql }}
\set login on
\ir role.sql
\set role {{ sql.roles.readOnly | psql }}
\ir role.sql
\set role {{ sql.roles.replication | psql }}
\set replication on
\ir role.sql
{% if sql.roles.exporter %}
\set role {{ sql.roles.exporter | psql }}
\set replication off
\ir role.sql
{% endif %}
-- Roles that databases, grants and scripts name. What they may do beside that is nobody's concern here.
{% for role in sql.roles.others %}
SELECT format('CREATE ROLE %I NOLOGIN', {{ role }}) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {{ role }}) \gexec
{% endfor %}

SELECT format('REVOKE %I FROM %I', {{ sql.roles.owner }}, {{ sql.roles.app }})
FROM pg_auth_members JOIN pg_roles AS owner ON owner.oid = roleid JOIN pg_roles AS member ON member.oid = pg_auth_members.member
WHERE owner.rolname = {{ sql.roles.owner }} AND member.rolname = {{ sql.roles.app }} LIMIT 1 \gexec
{% if sql.roles.exporter %}
SELECT format('GRANT pg_monitor TO %I', {{ sql.roles.exporter }})
WHERE NOT pg_has_role({{ sql.roles.exporter }}, 'pg_monitor', 'MEMBER') \gexec
SELECT format('ALTER ROLE %I PASSWORD NULL', rolname)
FROM pg_authid WHERE rolname = {{ sql.roles.exporter }} AND rolpassword IS NOT NULL \gexec
{% endif %}

-- Passwords follow the Secret.
\ir passwords.sql
\set role {{ sql.roles.superuser | psql }}
\set file 'superuser-password'
\ir password.sql
\set role {{ sql.roles.app | psql }}
\set file 'app-password'
\ir password.sql
\set role {{ sql.roles.readOnly | psql }}
\set file 'readonly-password'
\ir password.sql
\set role {{ sql.roles.replication | psql }}
\set file 'replication-password'
\ir password.sql

-- Databases.
{% for database in sql.databases %}
\set database {{ database.name | psql }}
\set owner {{ database.owner | psql }}
\set encoding {{ database.encoding | psql }}
{% if database.locale %}
\set locale {{ database.locale | psql }}
{% else %}
\set locale ''
{% endif %}
\ir database.sql
{% endfor %}

-- The maintenance database is the superuser's and the exporter's. What is put into `template1` is in every database
-- that somebody makes from it, so it is the superuser's.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname)
FROM pg_database WHERE datname IN ('postgres', 'template1') \gexec
{% if sql.roles.exporter %}
GRANT CONNECT ON DATABASE postgres TO {{ sql.roles.exporter | ident }};
{% endif %}
{% if not highAvailability %}
-- Slots of standbys that there were would hold back the log.
SELECT count(pg_drop_replication_slot(slot_name))
FROM pg_replication_slots WHERE slot_name ~ '^pgpod_[0-9]+$' AND NOT active \gset pgpod_ignored_
{% endif %}
{% if highAvailability %}
-- A former primary reads what it has to take back over an ordinary connection (pg_rewind; the manual's page on it has
-- these four). Whoever may replicate may read all of it anyway.
GRANT CONNECT ON DATABASE postgres TO {{ sql.roles.replication | ident }};
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
  pg_read_binary_file(text, bigint, bigint, boolean) TO {{ sql.roles.replication | ident }};
{% endif %}
{% for extension in sql.extensions %}
\set extension {{ extension | psql }}
\ir extension.sql
{% endfor %}
-- Before 15, everybody may create objects in `public`, which each database made from `template1` has as it has it.
SELECT current_setting('server_version_num')::int < 150000 AS open
FROM pg_database WHERE datname = 'template1' \gset pgpod_
\if :pgpod_open
  \connect -reuse-previous=on "dbname='template1'"
  \ir session.sql
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
\endif
{% for database in sql.databases %}

\connect -reuse-previous=on {{ database.name | connect }}
\ir session.sql
\set owner {{ database.owner | psql }}
-- Before anybody is given the right to put something into `public` that an extension's script could then call.
{% for extension in database.extensions %}
\set extension {{ extension | psql }}
\ir extension.sql
{% endfor %}
-- Whoever makes things here, and who may use them.
CREATE TEMPORARY TABLE pgpod_creator (role name);
INSERT INTO pgpod_creator VALUES
{% for role in database.creators %}
  ({{ role }}),
{% endfor %}
  ({{ sql.roles.app }});
CREATE TEMPORARY TABLE pgpod_grantee (role name, privilege text);
INSERT INTO pgpod_grantee VALUES
  ({{ sql.roles.app }}, 'create'),
{% for grant in database.grants %}
  ({{ grant.role }}, {{ grant.privilege }}),
{% endfor %}
{% if sql.roles.exporter %}
  ({{ sql.roles.exporter }}, 'connect'),
{% endif %}
  ({{ sql.roles.readOnly }}, 'read');
\ir rights.sql
{% for schema in database.schemas %}
\set schema {{ schema.name | psql }}
\set owner {{ schema.owner | psql }}
\ir schema.sql
{% endfor %}
\set owner {{ database.owner | psql }}
\set months {{ sql.partitionMonthsAhead }}
{% for industrial in database.industrial %}
\set schema {{ industrial.schema | psql }}
\ir industrial.sql
\ir {{ industrial.file | psql }}
RESET ROLE;
{% endfor %}
{% endfor %}

-- Scripts, in their order. No variable of the above reaches into them.
\unset role
\unset login
\unset replication
\unset file
\unset database
\unset owner
\unset encoding
\unset locale
\unset extension
\unset schema
\unset months
{% for script in sql.scripts %}

\set pgpod_connect {{ script.database | connect }}
\connect -reuse-previous=on :pgpod_connect
\ir session.sql
\set pgpod_name {{ script.name | psql }}
\set pgpod_checksum {{ script.checksum | psql }}
\set pgpod_once {{ script.once }}
\set pgpod_transaction {{ script.transaction }}
\set pgpod_role {{ script.role | psql }}
\ir script-begin.sql
\if :pgpod_run
\ir {{ script.file | psql }}
\ir script-end.sql
\endif
{% endfor %}

\echo 'pgpod: bootstrap complete'
