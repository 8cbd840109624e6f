CREATE TABLE IF NOT EXISTS runs (at timestamptz NOT NULL);
INSERT INTO runs VALUES (clock_timestamp());
