-- Which model answers for whom: aliases by stream, strategy and kind, every change of them, verdicts by strategy and sign-offs.

ALTER TABLE ml.model DROP CONSTRAINT model_algorithm_check;
ALTER TABLE ml.model ADD CONSTRAINT model_algorithm_check CHECK (algorithm ~ '^[a-z][a-z0-9_]{0,63}$');
ALTER TABLE ml.model
  ALTER COLUMN states DROP NOT NULL,
  ALTER COLUMN carried DROP NOT NULL,
  ALTER COLUMN bic DROP NOT NULL,
  ALTER COLUMN log_likelihood DROP NOT NULL,
  ALTER COLUMN holdout_log_likelihood DROP NOT NULL,
  ADD COLUMN kind text NOT NULL DEFAULT 'regime'
    CHECK (kind IN ('regime', 'trend', 'volatility', 'direction', 'regression')),
  ADD COLUMN card jsonb CHECK (jsonb_typeof(card) = 'object'),
  ADD COLUMN code_version text CHECK (length(code_version) BETWEEN 1 AND 100),
  ADD COLUMN parent_model_id uuid REFERENCES ml.model,
  ADD CHECK (kind <> 'regime' OR states IS NOT NULL),
  ADD UNIQUE (model_id, stream, kind);
ALTER TABLE ml.model ALTER COLUMN kind DROP DEFAULT;
COMMENT ON COLUMN ml.model.carried IS 'JSON: expected sufficient statistics and the last bars, from which online EM goes on without reading old bars again; null for what is not trained online.';
COMMENT ON COLUMN ml.model.states IS 'Of a regime model; null for others.';
COMMENT ON COLUMN ml.model.gates IS 'That have nothing to do with a strategy; those of a strategy are in ml.judgement.';
COMMENT ON COLUMN ml.model.kind IS 'What it tells: regime, trend, volatility, direction or regression.';
COMMENT ON COLUMN ml.model.card IS 'Algorithm, training window, file hashes, features with versions, hyperparameters, seed and metrics; null for models from before there were cards.';
COMMENT ON COLUMN ml.model.code_version IS 'Version of the package and hash of the sources that trained it; null for models from before it was kept.';
COMMENT ON COLUMN ml.model.parent_model_id IS 'The champion that it was measured against, or else the model that it goes on from; null for the first of its line.';
CREATE TRIGGER keep_models BEFORE UPDATE OR DELETE OR TRUNCATE ON ml.model
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

CREATE TABLE ml.judgement (
  model_id uuid NOT NULL REFERENCES ml.model,
  strategy text NOT NULL CHECK (strategy ~ '^[a-z][a-z0-9_]{0,47}$'),
  gates jsonb NOT NULL CHECK (jsonb_typeof(gates) = 'array'),
  passed boolean NOT NULL,
  judged_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, strategy)
);
COMMENT ON TABLE ml.judgement IS 'What came of a model''s gates for a strategy; append only.';
CREATE TRIGGER keep_judgements BEFORE UPDATE OR DELETE OR TRUNCATE ON ml.judgement
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

CREATE TABLE ml.approval (
  model_id uuid NOT NULL REFERENCES ml.model,
  strategy text NOT NULL CHECK (strategy ~ '^[a-z][a-z0-9_]{0,47}$'),
  approved_by text NOT NULL CHECK (length(approved_by) BETWEEN 1 AND 100),
  reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500),
  approved_at timestamptz NOT NULL,
  PRIMARY KEY (model_id, strategy)
);
COMMENT ON TABLE ml.approval IS 'The person who signed a model off for a strategy to trade on live; append only.';
CREATE TRIGGER keep_approvals BEFORE UPDATE OR DELETE OR TRUNCATE ON ml.approval
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

CREATE TABLE ml.alias (
  stream text NOT NULL,
  strategy text NOT NULL CHECK (strategy = '*' OR strategy ~ '^[a-z][a-z0-9_]{0,47}$'),
  kind text NOT NULL CHECK (kind IN ('regime', 'trend', 'volatility', 'direction', 'regression')),
  alias text NOT NULL CHECK (alias IN ('champion', 'challenger', 'live')),
  model_id uuid,
  generation integer NOT NULL CHECK (generation > 0),
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (stream, strategy, kind, alias),
  FOREIGN KEY (model_id, stream, kind) REFERENCES ml.model (model_id, stream, kind),
  CHECK (alias <> 'live' OR strategy <> '*')
);
CREATE INDEX alias_model ON ml.alias (model_id);
COMMENT ON TABLE ml.alias IS 'The model that answers for a stream. Changed by compare-and-swap on generation, which grows by one each time.';
COMMENT ON COLUMN ml.alias.strategy IS 'Whom the model answers; * for everybody who has none of his own.';
COMMENT ON COLUMN ml.alias.alias IS 'champion answers; challenger is tried beside it; live is the champion that a person signed off, for sessions that trade money.';
COMMENT ON COLUMN ml.alias.model_id IS 'Null where the last one was withdrawn: then nobody answers, also not the champion of *.';

INSERT INTO ml.alias (stream, strategy, kind, alias, model_id, generation, changed_at)
  SELECT stream, '*', 'regime', 'champion', model_id, generation, changed_at FROM ml.active;
DROP TABLE ml.active;

ALTER TABLE ml.promotion RENAME COLUMN kind TO change;
ALTER TABLE ml.promotion RENAME CONSTRAINT promotion_kind_check TO promotion_change_check_old;
ALTER TABLE ml.promotion
  DROP CONSTRAINT promotion_change_check_old,
  DROP CONSTRAINT promotion_pkey,
  ALTER COLUMN model_id DROP NOT NULL,
  ADD COLUMN strategy text NOT NULL DEFAULT '*',
  ADD COLUMN kind text NOT NULL DEFAULT 'regime',
  ADD COLUMN alias text NOT NULL DEFAULT 'champion',
  ADD CONSTRAINT promotion_change_check
    CHECK (change IN ('promoted', 'rolled_back', 'demoted', 'signed_off', 'challenged', 'withdrawn')),
  ADD CHECK ((model_id IS NULL) = (change IN ('demoted', 'withdrawn'))),
  ADD PRIMARY KEY (stream, strategy, kind, alias, generation);
ALTER TABLE ml.promotion
  ALTER COLUMN strategy DROP DEFAULT, ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN alias DROP DEFAULT;
COMMENT ON TABLE ml.promotion IS 'Every change of an alias, append only.';
COMMENT ON COLUMN ml.promotion.change IS 'promoted, rolled_back or demoted: of the champion; signed_off: to live; challenged: to challenger; withdrawn: of a challenger or a live one that followed its champion.';
COMMENT ON COLUMN ml.promotion.model_id IS 'Null where nobody came after the one before.';
COMMENT ON COLUMN ml.promotion.previous_model_id IS 'The model that the alias named before; null where it named none.';
CREATE TRIGGER keep_promotions BEFORE UPDATE OR DELETE OR TRUNCATE ON ml.promotion
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

-- Whoever serves models hears at once, with the commit, that there is something to read.
CREATE FUNCTION ml.tell_registry() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $$
BEGIN
  PERFORM pg_catalog.pg_notify('ml_registry', NEW.stream);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_registry AFTER INSERT OR UPDATE ON ml.alias
  FOR EACH ROW EXECUTE FUNCTION ml.tell_registry();

CREATE VIEW ml.alias_in_force AS
  SELECT alias.stream, alias.strategy, alias.kind, alias.alias, alias.model_id, model.instrument, model.expires_at
  FROM ml.alias LEFT JOIN ml.model USING (model_id);
COMMENT ON VIEW ml.alias_in_force IS 'For param_controller: whether the model behind a choice still answers.';

GRANT SELECT, INSERT ON ml.alias, ml.judgement, ml.approval TO aistock_ml_service;
GRANT UPDATE (model_id, generation, changed_at) ON ml.alias TO aistock_ml_service;
GRANT USAGE ON SCHEMA ml TO aistock_param_controller;
GRANT SELECT ON ml.alias_in_force TO aistock_param_controller;
