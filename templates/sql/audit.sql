-- A log of events that can be added to, and not changed.
DO $$
BEGIN
  IF to_regclass('audit.event') IS NULL THEN
    CREATE TABLE audit.event (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      db_user text NOT NULL DEFAULT session_user,
      app_user text,
      client inet DEFAULT inet_client_addr(),
      action text NOT NULL,
      object text,
      old jsonb,
      new jsonb,
      reason text
    );
    CREATE INDEX event_at_idx ON audit.event (at);
    CREATE INDEX event_object_at_idx ON audit.event (object, at);
    CREATE OR REPLACE FUNCTION audit.refuse() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $refuse$
    BEGIN
      RAISE EXCEPTION '%.% can be added to, and not changed', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
    END $refuse$;
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.event
      FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
    -- Else `session_replication_role` would pass it by.
    ALTER TABLE audit.event ENABLE ALWAYS TRIGGER append_only;
  END IF;
END $$;
