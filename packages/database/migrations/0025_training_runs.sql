-- A training run is asked for, waits, and is claimed by whichever replica of ml_service is free; one that dies loses its
-- claim, and another goes on. Every step of a run is on its record.

-- A process that ran when this came has no claim that could be renewed.
UPDATE ml.run SET status = 'abandoned', finished_at = clock_timestamp(), problem_code = 'abandoned',
  problem_detail = 'the process that trained ended; its files are free to be claimed again'
WHERE status = 'running';

ALTER TABLE ml.run
  DROP CONSTRAINT run_status_check,
  DROP CONSTRAINT run_check,
  DROP COLUMN claimer,
  ALTER COLUMN files SET DEFAULT 0,
  ALTER COLUMN run_id SET DEFAULT gen_random_uuid(),
  ALTER COLUMN status SET DEFAULT 'queued',
  ALTER COLUMN started_at DROP NOT NULL,
  ADD COLUMN request jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(request) = 'object'),
  ADD COLUMN seed integer NOT NULL DEFAULT 20000103 CHECK (seed >= 0),
  ADD COLUMN phase text NOT NULL DEFAULT 'waiting'
    CHECK (phase IN ('waiting', 'claiming', 'reading', 'fitting', 'validating', 'committing')),
  ADD COLUMN progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  ADD COLUMN message text NOT NULL DEFAULT '' CHECK (length(message) <= 200),
  ADD COLUMN claim_epoch bigint NOT NULL DEFAULT 0 CHECK (claim_epoch >= 0),
  ADD COLUMN claimed_by text CHECK (length(claimed_by) BETWEEN 1 AND 200),
  ADD COLUMN lease_until timestamptz,
  ADD COLUMN attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT clock_timestamp();

-- What older runs were: one attempt each, as the service was configured.
UPDATE ml.run SET created_at = started_at, attempts = 1, phase = 'committing', progress = 1,
  request = jsonb_build_object(
    'algorithm', coalesce((SELECT algorithm FROM ml.model WHERE model.run_id = run.run_id), 'hmm_gaussian_diagonal'),
    'strategies', '[]'::jsonb, 'window_bars', NULL, 'hyperparameters', '{}'::jsonb);

ALTER TABLE ml.run
  ALTER COLUMN request DROP DEFAULT,
  ALTER COLUMN seed DROP DEFAULT,
  ADD CONSTRAINT run_status_check CHECK (
    status IN ('queued', 'running', 'trained', 'nothing_to_train', 'failed', 'cancelled', 'abandoned')),
  ADD CONSTRAINT run_finished CHECK ((status IN ('queued', 'running')) = (finished_at IS NULL)),
  ADD CONSTRAINT run_lease CHECK (
    (status = 'running') = (lease_until IS NOT NULL) AND (status <> 'running' OR claimed_by IS NOT NULL));
COMMENT ON TABLE ml.run IS 'Trainings of a stream that were asked for, and what came of them. A row is never changed once it is finished.';
COMMENT ON COLUMN ml.run.request IS 'What was asked for, with every default that was filled in.';
COMMENT ON COLUMN ml.run.seed IS 'Of every draw of the fit.';
COMMENT ON COLUMN ml.run.phase IS 'What it does, or did when it ended.';
COMMENT ON COLUMN ml.run.progress IS 'Done of the phase.';
COMMENT ON COLUMN ml.run.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN ml.run.lease_until IS 'When the claim ends, by the clock of this database.';
COMMENT ON COLUMN ml.run.attempts IS 'Claims that were not given back; too many make it abandoned.';

DROP INDEX ml.run_running;
-- The statistics of a stream go on in order of time: two runs of it are never worked on at once.
CREATE UNIQUE INDEX run_one_a_stream ON ml.run (stream) WHERE status = 'running';
CREATE INDEX run_open ON ml.run (created_at) WHERE status IN ('queued', 'running');
CREATE INDEX run_newest ON ml.run (created_at DESC, run_id);

CREATE TABLE ml.run_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL,
  status text NOT NULL,
  phase text NOT NULL,
  progress real NOT NULL,
  message text NOT NULL,
  claimed_by text,
  at timestamptz NOT NULL
);
CREATE INDEX run_event_run ON ml.run_event (run_id, event_id);
COMMENT ON TABLE ml.run_event IS 'Every step of every run, written by a trigger; append only. What GET /runs/{id}/events tells.';
COMMENT ON COLUMN ml.run_event.run_id IS 'Of ml.run, whose rows are never removed.';
COMMENT ON COLUMN ml.run_event.claimed_by IS 'The process that worked on it.';

CREATE FUNCTION ml.record_run_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  INSERT INTO ml.run_event (run_id, status, phase, progress, message, claimed_by, at)
  VALUES (NEW.run_id, NEW.status, NEW.phase, NEW.progress, NEW.message, NEW.claimed_by, clock_timestamp());
  RETURN NULL;
END $$;

CREATE TRIGGER record_run AFTER INSERT ON ml.run FOR EACH ROW EXECUTE FUNCTION ml.record_run_step();
CREATE TRIGGER record_run_step AFTER UPDATE ON ml.run
  FOR EACH ROW WHEN ((NEW.status, NEW.phase, NEW.progress, NEW.message, NEW.claim_epoch)
    IS DISTINCT FROM (OLD.status, OLD.phase, OLD.progress, OLD.message, OLD.claim_epoch))
  EXECUTE FUNCTION ml.record_run_step();
CREATE TRIGGER keep_finished_run BEFORE UPDATE OR DELETE ON ml.run
  FOR EACH ROW WHEN (OLD.status NOT IN ('queued', 'running')) EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_runs BEFORE TRUNCATE ON ml.run FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_run_events BEFORE UPDATE OR DELETE OR TRUNCATE ON ml.run_event
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

GRANT SELECT ON ml.run_event TO aistock_ml_service;
GRANT UPDATE (files, phase, progress, message, claim_epoch, claimed_by, lease_until, attempts, started_at) ON ml.run TO aistock_ml_service;
