-- History that is being fetched: what was asked for, and who works on which stream.

CREATE TABLE market.backfill (
  backfill_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  since_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (since_at < until_at)
);
COMMENT ON TABLE market.backfill IS 'A request for the bars of streams between two times.';
COMMENT ON COLUMN market.backfill.until_at IS 'Bars that close later are not fetched.';
CREATE INDEX backfill_newest ON market.backfill (created_at DESC);

CREATE TABLE market.backfill_stream (
  backfill_id uuid NOT NULL REFERENCES market.backfill,
  stream text NOT NULL CHECK (stream ~ '^[a-z][a-z0-9_]{0,31}:[A-Z0-9][A-Z0-9./:]{0,61}:(1m|5m|15m|30m|1h|4h|1d)$'),
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  from_at timestamptz,
  asked_at timestamptz,
  claim_epoch bigint NOT NULL DEFAULT 0 CHECK (claim_epoch >= 0),
  claimed_by text CHECK (length(claimed_by) BETWEEN 1 AND 200),
  lease_until timestamptz,
  problem_code text,
  problem_detail text CHECK (length(problem_detail) <= 1000),
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (backfill_id, stream),
  CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  CHECK ((status = 'failed') = (problem_code IS NOT NULL)),
  CHECK ((status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
);
COMMENT ON TABLE market.backfill_stream IS 'One stream of a backfill. How far it is, the ledger tells; here is who works on it.';
COMMENT ON COLUMN market.backfill_stream.from_at IS 'Where the source begins, or the wanted start where that is later; null until it was asked.';
COMMENT ON COLUMN market.backfill_stream.asked_at IS 'Of the time before the stream''s first bar, the source was asked for everything from here on.';
COMMENT ON COLUMN market.backfill_stream.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN market.backfill_stream.lease_until IS 'When the claim ends, by the clock of this database.';
CREATE UNIQUE INDEX backfill_stream_open ON market.backfill_stream (stream) WHERE status IN ('waiting', 'running');
COMMENT ON INDEX market.backfill_stream_open IS 'A stream is in one open backfill at most.';

GRANT SELECT, INSERT ON market.backfill TO aistock_data_ingester;
GRANT SELECT, INSERT, UPDATE ON market.backfill_stream TO aistock_data_ingester;
