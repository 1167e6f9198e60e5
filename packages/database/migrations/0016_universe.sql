-- Who was a member of which universe when, and what that was decided by.

CREATE TABLE market.universe_refresh (
  universe text NOT NULL CHECK (universe ~ '^[a-z][a-z0-9_]{0,47}$'),
  as_of_at timestamptz NOT NULL,
  refreshed_at timestamptz NOT NULL,
  refreshed_by text NOT NULL CHECK (length(refreshed_by) BETWEEN 1 AND 100),
  reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500),
  members text[] NOT NULL,
  inputs text NOT NULL,
  inputs_sha256 text NOT NULL CHECK (inputs_sha256 ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (universe, as_of_at),
  CHECK (as_of_at <= refreshed_at)
);
COMMENT ON TABLE market.universe_refresh IS 'The members of a universe as of a time; append only, and one decision a time.';
COMMENT ON COLUMN market.universe_refresh.as_of_at IS 'Decided by bars that had closed by then.';
COMMENT ON COLUMN market.universe_refresh.refreshed_at IS 'When it was decided, by the clock of data_ingester.';
COMMENT ON COLUMN market.universe_refresh.refreshed_by IS 'The person who asked for it, or schedule.';
COMMENT ON COLUMN market.universe_refresh.members IS 'Streams, sorted.';
COMMENT ON COLUMN market.universe_refresh.inputs IS 'Canonical JSON of everything that the decision went by: filters, and of each candidate what was measured and why it is out.';
COMMENT ON COLUMN market.universe_refresh.inputs_sha256 IS 'SHA-256 of inputs.';

CREATE TRIGGER keep_universes BEFORE UPDATE OR DELETE OR TRUNCATE ON market.universe_refresh
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

GRANT SELECT, INSERT ON market.universe_refresh TO aistock_data_ingester;
