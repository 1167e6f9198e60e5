-- Challengers that run beside their champion on bars that come, and what models said of those bars.

CREATE TABLE ml.live_score (
  model_id uuid NOT NULL REFERENCES ml.model,
  open_at timestamptz NOT NULL,
  log_likelihood double precision NOT NULL CHECK (log_likelihood BETWEEN -1e9 AND 1e9),
  state smallint NOT NULL CHECK (state >= 0),
  trend double precision NOT NULL CHECK (trend BETWEEN -1 AND 1),
  risk double precision NOT NULL CHECK (risk BETWEEN 0 AND 1),
  PRIMARY KEY (model_id, open_at)
);
CREATE INDEX live_score_open ON ml.live_score (open_at);
COMMENT ON TABLE ml.live_score IS 'What a model said of a bar that closed after the model was made: once, by whichever replica was first.';
COMMENT ON COLUMN ml.live_score.log_likelihood IS 'Of the features of the bar given all bars before, in nats.';

CREATE TABLE ml.shadow_trial (
  trial_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  stream text NOT NULL,
  strategy text NOT NULL CHECK (strategy = '*' OR strategy ~ '^[a-z][a-z0-9_]{0,47}$'),
  kind text NOT NULL,
  model_id uuid NOT NULL,
  champion_id uuid NOT NULL REFERENCES ml.model,
  days double precision NOT NULL CHECK (days > 0),
  started_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'proved', 'promoted', 'withdrawn')),
  bars integer NOT NULL DEFAULT 0 CHECK (bars >= 0),
  mean_difference double precision,
  lower_bound double precision,
  upper_bound double precision,
  gates jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(gates) = 'array'),
  reason text CHECK (length(reason) BETWEEN 1 AND 2000),
  checked_at timestamptz,
  ended_at timestamptz,
  FOREIGN KEY (model_id, stream, kind) REFERENCES ml.model (model_id, stream, kind),
  CHECK ((ended_at IS NULL) = (status IN ('running', 'proved'))),
  CHECK (ended_at IS NULL OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX shadow_trial_open ON ml.shadow_trial (stream, strategy, kind) WHERE ended_at IS NULL;
CREATE INDEX shadow_trial_stream ON ml.shadow_trial (stream, started_at);
COMMENT ON TABLE ml.shadow_trial IS 'A challenger beside the champion of a place: since when, how it does, and what came of it. One at a time for each place.';
COMMENT ON COLUMN ml.shadow_trial.status IS 'proved: better, and waits for the sign-off of a person.';
COMMENT ON COLUMN ml.shadow_trial.mean_difference IS 'Log-likelihood of the challenger less that of the champion, in nats a bar.';

GRANT SELECT, INSERT, DELETE ON ml.live_score TO aistock_ml_service;
GRANT SELECT, INSERT ON ml.shadow_trial TO aistock_ml_service;
GRANT UPDATE (status, bars, mean_difference, lower_bound, upper_bound, gates, reason, checked_at, ended_at)
  ON ml.shadow_trial TO aistock_ml_service;
