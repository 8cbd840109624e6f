-- Tells whether a stored verifier (RFC 5803) is that of a password, so that a run changes a password only when
-- the Secret did: a new verifier each time would be a change each time.
CREATE OR REPLACE FUNCTION pg_temp.hmac_key(key bytea, filler int) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
  block bytea := decode(repeat('00', 64), 'hex');
BEGIN
  IF length(key) > 64 THEN
    key := sha256(key);
  END IF;
  FOR i IN 0..63 LOOP
    block := set_byte(block, i, filler # CASE WHEN i < length(key) THEN get_byte(key, i) ELSE 0 END);
  END LOOP;
  RETURN block;
END $$;

CREATE OR REPLACE FUNCTION pg_temp.is_verifier_of(verifier text, password text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  parts text[] := regexp_match(verifier, '^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):');
  key bytea := convert_to(password, 'UTF8');
  inner_key bytea := pg_temp.hmac_key(key, 54);
  outer_key bytea := pg_temp.hmac_key(key, 92);
  u bytea;
  sum bit(256);
  salted bytea := decode(repeat('00', 32), 'hex');
BEGIN
  IF parts IS NULL THEN
    RETURN false;
  END IF;
  u := sha256(outer_key || sha256(inner_key || decode(parts[2], 'base64') || '\x00000001'::bytea));
  sum := ('x' || encode(u, 'hex'))::bit(256);
  FOR i IN 2..parts[1]::int LOOP
    u := sha256(outer_key || sha256(inner_key || u));
    sum := sum # ('x' || encode(u, 'hex'))::bit(256);
  END LOOP;
  FOR i IN 0..31 LOOP
    salted := set_byte(salted, i, substring(sum FROM i * 8 + 1 FOR 8)::bit(8)::int);
  END LOOP;
  RETURN parts[3] = encode(sha256(sha256(
    pg_temp.hmac_key(salted, 92) || sha256(pg_temp.hmac_key(salted, 54) || convert_to('Client Key', 'UTF8')))), 'base64');
END $$;

-- The server normalises a password before it hashes it, unless that fails (RFC 4013).
CREATE OR REPLACE FUNCTION pg_temp.has_password(verifier text, password text) RETURNS boolean LANGUAGE sql AS $$
  SELECT coalesce(verifier = password OR pg_temp.is_verifier_of(verifier, password)
    OR (password !~ '^[ -~]*$' AND pg_temp.is_verifier_of(verifier, normalize(password, NFKC))), false)
$$;
