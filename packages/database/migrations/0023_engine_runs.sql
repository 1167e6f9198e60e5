-- Runs over past bars: what was asked for, on which data, by which code, and what came of it. The record says honestly
-- how often something was tried.

CREATE TABLE engine.run (
  run_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  study text NOT NULL CHECK (study ~ '^[a-z][a-z0-9_]{0,47}$'),
  strategies text[] NOT NULL CHECK (cardinality(strategies) > 0),
  streams text[] NOT NULL CHECK (cardinality(streams) > 0),
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL CHECK (from_at < to_at),
  request jsonb NOT NULL CHECK (jsonb_typeof(request) = 'object'),
  config_sha256 text NOT NULL CHECK (config_sha256 ~ '^[0-9a-f]{64}$'),
  code_version text NOT NULL CHECK (length(code_version) BETWEEN 1 AND 100),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  data_sha256 jsonb CHECK (jsonb_typeof(data_sha256) = 'object'),
  result jsonb CHECK (jsonb_typeof(result) = 'object'),
  problem_code text CHECK (problem_code ~ '^[a-z][a-z0-9_]*$'),
  problem_detail text CHECK (length(problem_detail) <= 1000),
  claim_epoch bigint NOT NULL DEFAULT 0 CHECK (claim_epoch >= 0),
  claimed_by text CHECK (length(claimed_by) BETWEEN 1 AND 200),
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  CHECK ((status = 'done') = (result IS NOT NULL)),
  CHECK ((status = 'failed') = (problem_code IS NOT NULL)),
  CHECK ((problem_code IS NULL) = (problem_detail IS NULL)),
  CHECK ((status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
);
COMMENT ON TABLE engine.run IS 'Backtests and studies made of them. A row is never changed once it is finished.';
COMMENT ON COLUMN engine.run.study IS 'What was made of it: single, sweep, walk_forward, scenarios, lookahead or recursive.';
COMMENT ON COLUMN engine.run.request IS 'What was asked for, with every default that was filled in.';
COMMENT ON COLUMN engine.run.config_sha256 IS 'SHA-256 of the request''s canonical JSON.';
COMMENT ON COLUMN engine.run.code_version IS 'Version of the package and hash of the sources that ran.';
COMMENT ON COLUMN engine.run.data_sha256 IS 'SHA-256 of the bars that were used, by stream; null until they were read.';
COMMENT ON COLUMN engine.run.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN engine.run.lease_until IS 'When the claim ends, by the clock of this database.';
CREATE INDEX run_newest ON engine.run (created_at DESC, run_id);
CREATE INDEX run_open ON engine.run (created_at) WHERE status IN ('queued', 'running');

CREATE TABLE engine.run_artefact (
  run_id uuid NOT NULL REFERENCES engine.run,
  name text NOT NULL CHECK (name IN ('report', 'trades', 'log')),
  part integer NOT NULL CHECK (part >= 0),
  body bytea NOT NULL,
  PRIMARY KEY (run_id, name, part)
);
COMMENT ON TABLE engine.run_artefact IS 'What a finished run leaves besides its result, compressed with gzip: the report, the trades, the decision log in parts.';

CREATE TABLE engine.trial (
  run_id uuid NOT NULL REFERENCES engine.run,
  strategy text NOT NULL,
  stream text NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL CHECK (from_at < to_at),
  config_sha256 text NOT NULL CHECK (config_sha256 ~ '^[0-9a-f]{64}$'),
  sharpe double precision,
  PRIMARY KEY (run_id, strategy, stream, config_sha256)
);
COMMENT ON TABLE engine.trial IS 'Every configuration of a strategy whose result somebody has seen, sweeps in full: what a Sharpe ratio is deflated by.';
COMMENT ON COLUMN engine.trial.config_sha256 IS 'SHA-256 of what decides its trades: parameters, streams, model and policies; neither time nor costs.';
COMMENT ON COLUMN engine.trial.sharpe IS 'Of the daily returns, annualised; null where it has none.';
CREATE INDEX trial_tried ON engine.trial (strategy, stream, from_at);

CREATE TABLE engine.sweep_item (
  run_id uuid NOT NULL REFERENCES engine.run,
  item integer NOT NULL CHECK (item >= 0),
  point jsonb NOT NULL CHECK (jsonb_typeof(point) = 'object'),
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'failed')),
  claim_epoch bigint NOT NULL DEFAULT 0 CHECK (claim_epoch >= 0),
  claimed_by text CHECK (length(claimed_by) BETWEEN 1 AND 200),
  lease_until timestamptz,
  figures jsonb CHECK (jsonb_typeof(figures) = 'object'),
  problem text CHECK (length(problem) <= 1000),
  PRIMARY KEY (run_id, item),
  CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  CHECK ((status = 'done') = (figures IS NOT NULL)),
  CHECK ((status = 'failed') = (problem IS NOT NULL))
);
COMMENT ON TABLE engine.sweep_item IS 'One backtest of a run that is spread over every replica of the engine.';
COMMENT ON COLUMN engine.sweep_item.point IS 'How it differs from the run''s request.';
COMMENT ON COLUMN engine.sweep_item.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
CREATE INDEX sweep_item_open ON engine.sweep_item (run_id, item) WHERE status IN ('waiting', 'running');

CREATE TRIGGER keep_finished_run BEFORE UPDATE OR DELETE ON engine.run
  FOR EACH ROW WHEN (OLD.status IN ('done', 'failed', 'cancelled')) EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_runs BEFORE TRUNCATE ON engine.run FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_artefacts BEFORE UPDATE OR DELETE OR TRUNCATE ON engine.run_artefact
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_trials BEFORE UPDATE OR DELETE OR TRUNCATE ON engine.trial
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_finished_item BEFORE UPDATE OR DELETE ON engine.sweep_item
  FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION ledger.refuse();

GRANT SELECT, INSERT ON engine.run, engine.run_artefact, engine.trial, engine.sweep_item TO aistock_engine;
GRANT UPDATE (status, progress, code_version, data_sha256, result, problem_code, problem_detail, claim_epoch, claimed_by, lease_until, started_at, finished_at)
  ON engine.run TO aistock_engine;
GRANT UPDATE (status, claim_epoch, claimed_by, lease_until, figures, problem) ON engine.sweep_item TO aistock_engine;
