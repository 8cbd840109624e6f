-- Meters and what they read.
DO $$
BEGIN
  IF to_regclass('energy.meter') IS NULL THEN
    CREATE TABLE energy.meter (
      id text PRIMARY KEY,
      name text,
      medium text NOT NULL DEFAULT 'electricity',
      unit text NOT NULL DEFAULT 'kWh',
      location text
    );
  END IF;
  IF to_regclass('energy.meter_reading') IS NULL THEN
    CREATE TABLE energy.meter_reading (
      time timestamptz NOT NULL,
      meter_id text NOT NULL REFERENCES energy.meter,
      total double precision,
      power double precision,
      PRIMARY KEY (meter_id, time)
    );
    CREATE INDEX meter_reading_time_idx ON energy.meter_reading USING brin (time);
  END IF;
END $$;
