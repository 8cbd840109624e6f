-- What is made: orders, their batches, and counts as machines report them.
DO $$
BEGIN
  IF to_regclass('production.work_order') IS NULL THEN
    CREATE TABLE production.work_order (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      number text NOT NULL UNIQUE,
      product text NOT NULL,
      quantity numeric NOT NULL CHECK (quantity > 0),
      status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'released', 'running', 'done', 'cancelled')),
      due timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX work_order_open_idx ON production.work_order (due) WHERE status IN ('planned', 'released', 'running');
  END IF;
  IF to_regclass('production.batch') IS NULL THEN
    CREATE TABLE production.batch (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      number text NOT NULL UNIQUE,
      work_order_id bigint REFERENCES production.work_order,
      line text,
      started_at timestamptz,
      finished_at timestamptz,
      CHECK (finished_at >= started_at)
    );
    CREATE INDEX batch_work_order_id_idx ON production.batch (work_order_id);
  END IF;
  IF to_regclass('production.production_count') IS NULL THEN
    CREATE TABLE production.production_count (
      time timestamptz NOT NULL DEFAULT now(),
      line text NOT NULL,
      work_order_id bigint REFERENCES production.work_order,
      good integer NOT NULL DEFAULT 0 CHECK (good >= 0),
      scrap integer NOT NULL DEFAULT 0 CHECK (scrap >= 0)
    );
    CREATE INDEX production_count_line_time_idx ON production.production_count (line, time DESC);
    CREATE INDEX production_count_work_order_id_idx ON production.production_count (work_order_id);
  END IF;
END $$;
