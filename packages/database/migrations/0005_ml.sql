-- Regime models: training runs, immutable models, and which model is active for each stream.

CREATE TABLE ml.run (
  run_id uuid PRIMARY KEY,
  stream text NOT NULL CHECK (length(stream) BETWEEN 1 AND 110),
  status text NOT NULL CHECK (status IN ('running', 'trained', 'nothing_to_train', 'failed', 'abandoned')),
  claimer text NOT NULL,
  exactly_once boolean NOT NULL,
  files integer NOT NULL CHECK (files >= 0),
  bars integer NOT NULL DEFAULT 0 CHECK (bars >= 0),
  promoted boolean NOT NULL DEFAULT false,
  champion_id uuid,
  problem_code text CHECK (problem_code ~ '^[a-z][a-z0-9_]*$'),
  problem_detail text CHECK (length(problem_detail) <= 1000),
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  CHECK ((status = 'running') = (finished_at IS NULL)),
  CHECK ((status IN ('failed', 'abandoned')) = (problem_code IS NOT NULL)),
  CHECK ((problem_code IS NULL) = (problem_detail IS NULL)),
  CHECK (status = 'trained' OR NOT promoted)
);
CREATE INDEX run_running ON ml.run (stream) WHERE status = 'running';
COMMENT ON TABLE ml.run IS 'One attempt to train a stream on its new files.';
COMMENT ON COLUMN ml.run.claimer IS 'The name under which the run holds its files in ledger.file.claimed_by.';
COMMENT ON COLUMN ml.run.exactly_once IS 'Whether the run trained on its claimed files only; otherwise on a sliding window of bars that ends with them.';
COMMENT ON COLUMN ml.run.bars IS 'Bars that the model was fitted on in this run.';
COMMENT ON COLUMN ml.run.champion_id IS 'The active model that the challenger was measured against; null where there was none.';

CREATE TABLE ml.run_file (
  run_id uuid NOT NULL REFERENCES ml.run,
  file_id uuid NOT NULL REFERENCES ledger.file,
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  claim_epoch bigint NOT NULL CHECK (claim_epoch > 0),
  PRIMARY KEY (run_id, file_id)
);
CREATE INDEX run_file_file ON ml.run_file (file_id);
COMMENT ON TABLE ml.run_file IS 'The files that a finished run marked as processed, written in the same transaction.';

CREATE TABLE ml.model (
  model_id uuid PRIMARY KEY,
  run_id uuid NOT NULL UNIQUE REFERENCES ml.run,
  stream text NOT NULL,
  instrument text NOT NULL,
  timeframe text NOT NULL CHECK (timeframe IN ('1m', '5m', '15m', '30m', '1h', '4h', '1d')),
  algorithm text NOT NULL CHECK (algorithm IN ('hmm_gaussian_diagonal', 'hmm_gaussian_full')),
  states integer NOT NULL CHECK (states > 0),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  artefact text NOT NULL,
  carried text NOT NULL,
  features text[] NOT NULL CHECK (cardinality(features) > 0),
  trained_from_at timestamptz NOT NULL,
  trained_to_at timestamptz NOT NULL,
  bars integer NOT NULL CHECK (bars > 0),
  bic double precision NOT NULL,
  log_likelihood double precision NOT NULL,
  holdout_log_likelihood double precision NOT NULL,
  gates jsonb NOT NULL CHECK (jsonb_typeof(gates) = 'array'),
  gates_passed boolean NOT NULL,
  report jsonb NOT NULL CHECK (jsonb_typeof(report) = 'object'),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CHECK (trained_from_at <= trained_to_at),
  CHECK (created_at < expires_at)
);
CREATE INDEX model_stream ON ml.model (stream, created_at DESC);
CREATE INDEX model_instrument ON ml.model (instrument, created_at DESC);
COMMENT ON TABLE ml.model IS 'Trained models. A row is never changed; the service has no right to.';
COMMENT ON COLUMN ml.model.artefact IS 'Canonical JSON: the model''s parameters, its features, and from which bar on its filter runs. sha256 is over these bytes.';
COMMENT ON COLUMN ml.model.carried IS 'JSON: expected sufficient statistics and the last bars, from which online EM goes on without reading old bars again.';
COMMENT ON COLUMN ml.model.trained_from_at IS 'Open time of the first bar that the model was fitted on.';
COMMENT ON COLUMN ml.model.trained_to_at IS 'Open time of the last bar that the model was fitted on.';
COMMENT ON COLUMN ml.model.bars IS 'Bars that the model was fitted on, over all runs of its line.';
COMMENT ON COLUMN ml.model.log_likelihood IS 'Natural logarithm, of the bars fitted in its run, in units of the features.';
COMMENT ON COLUMN ml.model.holdout_log_likelihood IS 'Mean a bar, natural logarithm, on later bars that it was not fitted on.';
COMMENT ON COLUMN ml.model.report IS 'Candidates by number of states, and how well regimes explain the next return.';

CREATE TABLE ml.active (
  stream text PRIMARY KEY,
  model_id uuid NOT NULL REFERENCES ml.model,
  generation integer NOT NULL CHECK (generation > 0),
  changed_at timestamptz NOT NULL
);
COMMENT ON TABLE ml.active IS 'The active model of each stream. Changed by compare-and-swap on generation, which grows by one each time.';

CREATE TABLE ml.promotion (
  stream text NOT NULL,
  generation integer NOT NULL CHECK (generation > 0),
  model_id uuid NOT NULL REFERENCES ml.model,
  previous_model_id uuid REFERENCES ml.model,
  kind text NOT NULL CHECK (kind IN ('promoted', 'rolled_back')),
  changed_by text NOT NULL,
  reason text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (stream, generation)
);
CREATE INDEX promotion_model ON ml.promotion (model_id);
COMMENT ON TABLE ml.promotion IS 'Every change of the active model, append only.';
COMMENT ON COLUMN ml.promotion.previous_model_id IS 'The model that was active before; null for the first.';

GRANT SELECT, INSERT ON ml.run, ml.run_file, ml.model, ml.active, ml.promotion TO aistock_ml_service;
GRANT UPDATE (status, bars, promoted, champion_id, problem_code, problem_detail, finished_at) ON ml.run TO aistock_ml_service;
GRANT UPDATE (model_id, generation, changed_at) ON ml.active TO aistock_ml_service;
