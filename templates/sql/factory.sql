-- What is where on the floor. Without PostGIS there is no geometry, and so no table; it comes when PostGIS does.
DO $$
DECLARE
  postgis text := (SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'postgis');
BEGIN
  IF to_regclass('factory.assets') IS NULL AND postgis IS NOT NULL THEN
    EXECUTE format('CREATE TABLE factory.assets (id serial PRIMARY KEY, name text, location %s.geometry(Point, 4326))', postgis);
    CREATE INDEX idx_assets_location ON factory.assets USING gist (location);
  END IF;
END $$;
