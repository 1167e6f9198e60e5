-- Days of sessions that were run again as backtests: how far they are apart, and what was done about it.

CREATE TABLE engine.shadow_day (
  shadow_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL REFERENCES engine.session,
  day date NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'judged', 'done', 'failed')),
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  claim_epoch bigint NOT NULL DEFAULT 0 CHECK (claim_epoch >= 0),
  claimed_by text CHECK (length(claimed_by) BETWEEN 1 AND 200),
  lease_until timestamptz,
  verdict text CHECK (verdict IN ('same', 'alert', 'reduce')),
  result jsonb CHECK (jsonb_typeof(result) = 'object'),
  kills jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(kills) = 'array'),
  problem_code text CHECK (problem_code ~ '^[a-z][a-z0-9_]*$'),
  problem_detail text CHECK (length(problem_detail) <= 1000),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  UNIQUE (session_id, day),
  CHECK ((claimed_by IS NULL) = (lease_until IS NULL)),
  CHECK ((status IN ('judged', 'done')) = (result IS NOT NULL)),
  CHECK ((verdict IS NULL) = (result IS NULL)),
  CHECK (status <> 'failed' OR problem_code IS NOT NULL),
  CHECK ((problem_code IS NULL) = (problem_detail IS NULL)),
  CHECK ((status IN ('done', 'failed')) = (finished_at IS NOT NULL)),
  CHECK (finished_at IS NULL OR claimed_by IS NULL)
);
COMMENT ON TABLE engine.shadow_day IS 'A day of a session against the backtest of that day; each once.';
COMMENT ON COLUMN engine.shadow_day.day IS 'UTC: the closes after its midnight, up to the next one and with it.';
COMMENT ON COLUMN engine.shadow_day.status IS 'A judged one has its verdict, and strategies that must only reduce are not all stopped yet.';
COMMENT ON COLUMN engine.shadow_day.next_at IS 'When it is tried again after what went wrong.';
COMMENT ON COLUMN engine.shadow_day.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN engine.shadow_day.lease_until IS 'When the claim ends, by the clock of this database.';
COMMENT ON COLUMN engine.shadow_day.result IS 'The parts of the difference, the thresholds that they were held against, the first decisions that differ.';
COMMENT ON COLUMN engine.shadow_day.kills IS 'The kill switches by which its strategies were set to reduce-only.';
CREATE INDEX shadow_day_newest ON engine.shadow_day (day DESC, shadow_id);
CREATE INDEX shadow_day_open ON engine.shadow_day (next_at) WHERE status IN ('waiting', 'judged');

CREATE TRIGGER keep_done_day BEFORE UPDATE OR DELETE ON engine.shadow_day
  FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_shadow_days BEFORE TRUNCATE ON engine.shadow_day
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

GRANT SELECT, INSERT ON engine.shadow_day TO aistock_engine;
GRANT UPDATE (status, attempts, next_at, claim_epoch, claimed_by, lease_until, verdict, result, kills, problem_code, problem_detail, finished_at)
  ON engine.shadow_day TO aistock_engine;
