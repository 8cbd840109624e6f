-- The historian of a control system.
DO $$
BEGIN
  IF to_regclass('scada.sensor') IS NULL THEN
    CREATE TABLE scada.sensor (
      id text PRIMARY KEY,
      name text,
      unit text,
      location text,
      low_limit double precision,
      high_limit double precision
    );
  END IF;
END $$;

-- `sensor_data` is the table that everything else hangs on: with TimescaleDB a hypertable, else partitioned by
-- month.
DO $$
DECLARE
  timescaledb text := (SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'timescaledb');
  kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass('scada.sensor_data'));
  columns text := 'time timestamptz NOT NULL, sensor_id text NOT NULL, value double precision, quality integer';
BEGIN
  IF kind IS NULL THEN
    EXECUTE format('CREATE TABLE scada.sensor_data (%s)%s', columns,
      CASE WHEN timescaledb IS NULL THEN ' PARTITION BY RANGE (time)' ELSE '' END);
    CREATE INDEX sensor_data_sensor_id_time_idx ON scada.sensor_data (sensor_id, time DESC);
    IF timescaledb IS NOT NULL THEN
      EXECUTE format('SELECT %s.create_hypertable(%L, %L)', timescaledb, 'scada.sensor_data', 'time');
    END IF;
  ELSIF kind = 'p' AND timescaledb IS NOT NULL THEN
    RAISE WARNING 'scada.sensor_data of database "%" stays partitioned, although TimescaleDB is on: to make it a hypertable, rename it and run the bootstrap again, then copy its rows', current_database();
  ELSIF kind = 'r' AND timescaledb IS NULL THEN
    RAISE WARNING 'scada.sensor_data of database "%" is a plain table, so no partitions are made: to have it partitioned, rename it and run the bootstrap again, then copy its rows', current_database();
  END IF;
END $$;

-- Makes the partitions from the month before this one to `months` months after it; gives how many were missing.
-- Months are UTC's, so that bounds are the same in every session. Made and called in one transaction: nobody can put
-- another function in its place, to be called by a superuser's session.
BEGIN;
CREATE OR REPLACE FUNCTION scada.ensure_partitions(months integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  this_month timestamptz := date_trunc('month', now());
  first timestamptz;
  partition text;
  made integer := 0;
BEGIN
  FOR month IN -1..months LOOP
    first := this_month + make_interval(months => month);
    partition := 'sensor_data_' || to_char(first, 'YYYY_MM');
    CONTINUE WHEN to_regclass('scada.' || partition) IS NOT NULL;
    BEGIN
      -- Attached, not made as a partition: that would wait for every reader of the whole table, and every writer
      -- for it.
      EXECUTE format('CREATE TABLE scada.%I (LIKE scada.sensor_data INCLUDING DEFAULTS INCLUDING CONSTRAINTS '
        'INCLUDING GENERATED INCLUDING STORAGE INCLUDING INDEXES)', partition);
      EXECUTE format('ALTER TABLE scada.sensor_data ATTACH PARTITION scada.%I FOR VALUES FROM (%L) TO (%L)',
        partition, first, first + interval '1 month');
      made := made + 1;
    EXCEPTION WHEN invalid_object_definition OR check_violation THEN
      RAISE WARNING 'partition % was not made: %', partition, SQLERRM;
    END;
  END LOOP;
  RETURN made;
END $$;

SELECT count(scada.ensure_partitions(:months)) AS made
FROM pg_class WHERE oid = to_regclass('scada.sensor_data') AND relkind = 'p' \gset pgpod_
COMMIT;
