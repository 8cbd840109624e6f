-- Gives :role the password in the mounted :file, unless it has it. A role keeps the password that it has when the
-- file is missing or empty.
\set pgpod_password `cat "${PGPOD_AUTH:-/etc/pgpod/auth}"/:'file' 2>/dev/null`
SELECT :'pgpod_password' = '' AS missing,
  CASE WHEN :'pgpod_password' = '' THEN NULL
    ELSE pg_temp.has_password(rolpassword, :'pgpod_password') END IS FALSE AS differs
FROM pg_authid WHERE rolname = :'role' \gset pgpod_
\if :pgpod_missing
  \warn 'pgpod: the Secret has nothing under `':file'`: the password of role `':role'` stays as it is'
\elif :pgpod_differs
  ALTER ROLE :"role" PASSWORD :'pgpod_password';
\endif
\unset pgpod_password
