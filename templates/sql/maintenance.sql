-- Equipment and the work on it.
DO $$
BEGIN
  IF to_regclass('maintenance.equipment') IS NULL THEN
    CREATE TABLE maintenance.equipment (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tag text NOT NULL UNIQUE,
      name text NOT NULL,
      manufacturer text,
      model text,
      serial_number text,
      location text,
      installed_on date
    );
  END IF;
  IF to_regclass('maintenance.work_order') IS NULL THEN
    CREATE TABLE maintenance.work_order (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      equipment_id bigint NOT NULL REFERENCES maintenance.equipment,
      kind text NOT NULL DEFAULT 'corrective' CHECK (kind IN ('preventive', 'corrective', 'predictive', 'inspection')),
      description text NOT NULL,
      opened_at timestamptz NOT NULL DEFAULT now(),
      due timestamptz,
      closed_at timestamptz,
      technician text,
      downtime interval
    );
    CREATE INDEX work_order_equipment_id_opened_at_idx ON maintenance.work_order (equipment_id, opened_at DESC);
    CREATE INDEX work_order_open_idx ON maintenance.work_order (due) WHERE closed_at IS NULL;
  END IF;
END $$;
