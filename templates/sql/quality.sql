-- Records that ISO 9001 asks for: measurements (8.6) and nonconforming outputs (8.7).
DO $$
BEGIN
  IF to_regclass('quality.measurement') IS NULL THEN
    CREATE TABLE quality.measurement (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      product text NOT NULL,
      batch text,
      characteristic text NOT NULL,
      value double precision,
      unit text,
      lower_limit double precision,
      upper_limit double precision,
      passed boolean,
      inspector text NOT NULL DEFAULT session_user
    );
    CREATE INDEX measurement_product_at_idx ON quality.measurement (product, at DESC);
    CREATE INDEX measurement_batch_idx ON quality.measurement (batch);
  END IF;
  IF to_regclass('quality.nonconformity') IS NULL THEN
    CREATE TABLE quality.nonconformity (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      detected_at timestamptz NOT NULL DEFAULT now(),
      measurement_id bigint REFERENCES quality.measurement,
      product text,
      batch text,
      description text NOT NULL,
      severity text NOT NULL DEFAULT 'minor' CHECK (severity IN ('minor', 'major', 'critical')),
      disposition text CHECK (disposition IN ('rework', 'scrap', 'concession', 'return')),
      closed_at timestamptz
    );
    CREATE INDEX nonconformity_measurement_id_idx ON quality.nonconformity (measurement_id);
    CREATE INDEX nonconformity_open_idx ON quality.nonconformity (detected_at) WHERE closed_at IS NULL;
  END IF;
END $$;
