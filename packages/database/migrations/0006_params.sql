-- Which parameters a strategy gets: decisions, what came of them, and what the policies learned.

CREATE TABLE params.preset (
  strategy text NOT NULL CHECK (strategy ~ '^[a-z][a-z0-9_]{0,47}$'),
  instrument text NOT NULL CHECK (length(instrument) BETWEEN 1 AND 62),
  preset_id text NOT NULL CHECK (preset_id ~ '^[a-z][a-z0-9_]{0,47}$'),
  description text NOT NULL CHECK (length(description) BETWEEN 1 AND 500),
  params jsonb NOT NULL CHECK (jsonb_typeof(params) = 'object'),
  registered_by text NOT NULL,
  reason text NOT NULL,
  registered_at timestamptz NOT NULL,
  PRIMARY KEY (strategy, instrument, preset_id)
);
COMMENT ON TABLE params.preset IS 'Presets that an operator registered for one instrument, besides those of the strategy schema. Never changed.';
COMMENT ON COLUMN params.preset.params IS 'Every parameter of the strategy by name, inside its bounds; units as in the strategy schema.';

CREATE TABLE params.mode (
  strategy text NOT NULL,
  instrument text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('fixed', 'epsilon_greedy', 'thompson')),
  preset_id text CHECK (preset_id IS NULL OR mode = 'fixed'),
  set_by text NOT NULL,
  reason text NOT NULL,
  set_at timestamptz NOT NULL,
  PRIMARY KEY (strategy, instrument)
);
COMMENT ON TABLE params.mode IS 'How presets are chosen for a strategy and instrument; the service''s default mode where there is no row.';
COMMENT ON COLUMN params.mode.preset_id IS 'The preset of mode fixed; null means the conservative one.';

CREATE TABLE params.posterior (
  strategy text NOT NULL,
  instrument text NOT NULL,
  preset_id text NOT NULL,
  arm_sha256 text NOT NULL CHECK (arm_sha256 ~ '^[0-9a-f]{64}$'),
  dimensions integer NOT NULL CHECK (dimensions > 0),
  precision_matrix double precision[] NOT NULL CHECK (cardinality(precision_matrix) = dimensions * dimensions),
  reward_vector double precision[] NOT NULL CHECK (cardinality(reward_vector) = dimensions),
  reward_sum double precision NOT NULL,
  outcomes bigint NOT NULL CHECK (outcomes >= 0),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (strategy, instrument, preset_id, arm_sha256)
);
COMMENT ON TABLE params.posterior IS 'Sufficient statistics of the linear reward model of one preset.';
COMMENT ON COLUMN params.posterior.arm_sha256 IS 'Hash of the preset''s parameters and of the layout of the context vector: other parameters or features start a posterior of their own.';
COMMENT ON COLUMN params.posterior.precision_matrix IS 'Prior precision plus the sum of x times x transposed over outcomes; row-major, dimensionless.';
COMMENT ON COLUMN params.posterior.reward_vector IS 'Sum of x times reward over outcomes; rewards are returns (0.01 is one per cent), clipped.';
COMMENT ON COLUMN params.posterior.reward_sum IS 'Sum of the clipped rewards.';

CREATE TABLE params.decision (
  config_id uuid PRIMARY KEY,
  strategy text NOT NULL,
  instrument text NOT NULL,
  preset_id text NOT NULL,
  params jsonb NOT NULL,
  arm_sha256 text NOT NULL,
  propensity double precision NOT NULL CHECK (propensity > 0 AND propensity <= 1),
  propensities jsonb NOT NULL,
  scores jsonb NOT NULL,
  draw double precision NOT NULL CHECK (draw >= 0 AND draw < 1),
  mode text NOT NULL CHECK (mode IN ('fixed', 'epsilon_greedy', 'thompson')),
  fallback text,
  features jsonb NOT NULL,
  context double precision[] NOT NULL CHECK (cardinality(context) > 0),
  generation bigint NOT NULL CHECK (generation >= 0),
  model_id uuid,
  schema_sha256 text NOT NULL,
  decided_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > decided_at),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX decision_by_time ON params.decision (strategy, instrument, decided_at);
COMMENT ON TABLE params.decision IS 'Every choice of parameters, with all that is needed to repeat it and to evaluate another policy on it. Never changed.';
COMMENT ON COLUMN params.decision.propensity IS 'Probability with which this preset was chosen; 1 where nothing was drawn.';
COMMENT ON COLUMN params.decision.propensities IS 'Probability of every preset that was allowed.';
COMMENT ON COLUMN params.decision.scores IS 'Mean and standard deviation of the expected reward of every allowed preset in this context; empty where none were computed.';
COMMENT ON COLUMN params.decision.draw IS 'The random number from [0, 1) that picked the preset from the propensities.';
COMMENT ON COLUMN params.decision.context IS 'The context vector that the features gave; what the outcome is learned with.';
COMMENT ON COLUMN params.decision.generation IS 'Outcomes that the policy of this strategy and instrument had learned when it chose.';
COMMENT ON COLUMN params.decision.decided_at IS 'The time that the decision is for: as_of_ms where the caller gave it.';
COMMENT ON COLUMN params.decision.recorded_at IS 'When the row was written, by the database''s clock.';

CREATE TABLE params.outcome (
  config_id uuid PRIMARY KEY REFERENCES params.decision,
  reward double precision NOT NULL,
  reward_learned double precision NOT NULL,
  closed_at timestamptz NOT NULL,
  learned_at timestamptz NOT NULL
);
COMMENT ON TABLE params.outcome IS 'What came of a decision; at most one, learned in the transaction that wrote it. Never changed.';
COMMENT ON COLUMN params.outcome.reward IS 'Return on notional after costs, as posted: 0.01 is one per cent.';
COMMENT ON COLUMN params.outcome.reward_learned IS 'The reward after clipping, as the posterior learned it.';

GRANT SELECT, INSERT ON params.preset, params.decision, params.outcome TO aistock_param_controller;
GRANT SELECT, INSERT, UPDATE ON params.mode, params.posterior TO aistock_param_controller;
