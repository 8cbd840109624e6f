-- A database: made when it is missing, its owner put right when it differs, closed to everybody who is not named.
-- Takes :database, :owner, :encoding and :locale (empty: the server's own).

-- An encoding other than the server's fits no locale of it, but fits `C`. Since 15 a database can have another
-- provider of locales than the server's; names of locales are the C library's. Nobody can be in `template0`, which
-- would stop this, and nobody can have put anything into it.
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L', :'database', :'owner', :'encoding')
  || CASE WHEN locale <> ''
    THEN CASE WHEN current_setting('server_version_num')::int >= 150000 THEN ' LOCALE_PROVIDER libc' ELSE '' END
    || format(' LOCALE %L', locale) ELSE '' END
FROM pg_database template, LATERAL (
  SELECT CASE WHEN :'locale' <> '' THEN :'locale'
    WHEN template.encoding <> pg_char_to_encoding(:'encoding') THEN 'C' ELSE '' END) AS wanted (locale)
WHERE template.datname = 'template0'
  AND NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

SELECT format('ALTER DATABASE %I OWNER TO %I', :'database', :'owner')
FROM pg_database WHERE datname = :'database' AND datdba <> (SELECT oid FROM pg_roles WHERE rolname = :'owner') \gexec

-- These are as they were made: only a dump and a restore change them.
SELECT encoding <> pg_char_to_encoding(:'encoding') AS encoding_differs, pg_encoding_to_char(encoding) AS encoding,
  :'locale' <> '' AND (datcollate, datctype) <> (:'locale', :'locale') AS locale_differs, datcollate AS locale
FROM pg_database WHERE datname = :'database' \gset pgpod_
\if :pgpod_encoding_differs
  \warn 'pgpod: database `':database'` has encoding `':pgpod_encoding'`, not `':encoding'`: dump and restore it to change that'
\endif
\if :pgpod_locale_differs
  \warn 'pgpod: database `':database'` has locale `':pgpod_locale'`, not `':locale'`: dump and restore it to change that'
\endif

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database')
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS acl
WHERE datname = :'database' AND acl.grantee = 0 LIMIT 1 \gexec
