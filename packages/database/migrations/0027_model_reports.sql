-- Every model has one signed report, written with it and never changed.

CREATE TABLE ml.model_report (
  model_id uuid PRIMARY KEY REFERENCES ml.model,
  report text NOT NULL CHECK (octet_length(report) BETWEEN 1 AND 4000000),
  sha256 text NOT NULL,
  note text NOT NULL CHECK (length(note) BETWEEN 1 AND 2000),
  verifier_key text NOT NULL CHECK (length(verifier_key) BETWEEN 1 AND 500),
  CHECK (sha256 = encode(sha256(convert_to(report, 'UTF8')), 'hex'))
);
COMMENT ON TABLE ml.model_report IS 'All that was known of a model when it was written, signed; append only.';
COMMENT ON COLUMN ml.model_report.report IS 'Canonical JSON; sha256 is over these bytes.';
COMMENT ON COLUMN ml.model_report.note IS 'C2SP signed note over the model and the hash of the report.';
COMMENT ON COLUMN ml.model_report.verifier_key IS 'The key that signed it, as text: keys change, and old reports stay.';
CREATE TRIGGER keep_model_reports BEFORE UPDATE OR DELETE OR TRUNCATE ON ml.model_report
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

ALTER TABLE ml.model ALTER COLUMN report DROP NOT NULL;
COMMENT ON COLUMN ml.model.report IS 'Of models from before they had a row in ml.model_report; null for others.';

-- What earlier trials earned is asked of every new model.
ALTER TABLE ml.judgement ADD COLUMN sharpe double precision;
COMMENT ON COLUMN ml.judgement.sharpe IS 'A year, walking forward, after costs; null where it is not defined.';
ALTER TABLE ml.judgement DISABLE TRIGGER keep_judgements;
UPDATE ml.judgement SET sharpe = (model.report -> 'strategies' -> judgement.strategy ->> 'sharpe')::float8
  FROM ml.model WHERE model.model_id = judgement.model_id;
ALTER TABLE ml.judgement ENABLE TRIGGER keep_judgements;

GRANT SELECT, INSERT ON ml.model_report TO aistock_ml_service;
