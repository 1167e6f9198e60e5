-- What the migrations make, read back from the catalogs of Postgres: to look things up, and to see in a review
-- what a migration changes. It is never applied. Write it anew with: node packages/database/src/dump-schema.ts --write

CREATE ROLE aistock_auditor LOGIN;
ALTER ROLE aistock_auditor SET idle_in_transaction_session_timeout=30s;
ALTER ROLE aistock_auditor SET search_path="";
ALTER ROLE aistock_auditor SET statement_timeout=30s;

CREATE ROLE aistock_data_ingester LOGIN;
ALTER ROLE aistock_data_ingester SET idle_in_transaction_session_timeout=30s;
ALTER ROLE aistock_data_ingester SET search_path="";
ALTER ROLE aistock_data_ingester SET statement_timeout=30s;

CREATE ROLE aistock_engine LOGIN;
ALTER ROLE aistock_engine SET idle_in_transaction_session_timeout=30s;
ALTER ROLE aistock_engine SET search_path="";
ALTER ROLE aistock_engine SET statement_timeout=30s;

CREATE ROLE aistock_executor LOGIN;
ALTER ROLE aistock_executor SET idle_in_transaction_session_timeout=30s;
ALTER ROLE aistock_executor SET search_path="";
ALTER ROLE aistock_executor SET statement_timeout=30s;

CREATE ROLE aistock_ml_service LOGIN;
ALTER ROLE aistock_ml_service SET idle_in_transaction_session_timeout=30s;
ALTER ROLE aistock_ml_service SET search_path="";
ALTER ROLE aistock_ml_service SET statement_timeout=30s;

CREATE ROLE aistock_param_controller LOGIN;
ALTER ROLE aistock_param_controller SET idle_in_transaction_session_timeout=30s;
ALTER ROLE aistock_param_controller SET search_path="";
ALTER ROLE aistock_param_controller SET statement_timeout=30s;

CREATE ROLE aistock_risk_gate LOGIN;
ALTER ROLE aistock_risk_gate SET idle_in_transaction_session_timeout=30s;
ALTER ROLE aistock_risk_gate SET search_path="";
ALTER ROLE aistock_risk_gate SET statement_timeout=30s;

CREATE EXTENSION btree_gist WITH SCHEMA public;

CREATE SCHEMA audit;

CREATE OR REPLACE FUNCTION audit.emit(event_id uuid, kind text, subject text, payload text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  INSERT INTO audit.outbox (event_id, kind, subject, service, occurred_at, payload)
  VALUES (event_id, kind, subject, regexp_replace(session_user, '^aistock_', ''), clock_timestamp(), payload);
$function$;

CREATE OR REPLACE FUNCTION audit.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  RAISE EXCEPTION 'the audit record is append-only: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $function$;

CREATE TABLE audit.checkpoint (
  tree_size bigint NOT NULL,
  root text NOT NULL,
  note text NOT NULL,
  verifier_key text NOT NULL,
  signed_at timestamp with time zone NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (tree_size),
  CONSTRAINT checkpoint_root_check CHECK ((root ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT checkpoint_tree_size_check CHECK ((tree_size >= 0))
);
CREATE TRIGGER append_only_rows BEFORE DELETE OR UPDATE ON audit.checkpoint FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
COMMENT ON TABLE audit.checkpoint IS 'Signed roots of the tree (C2SP checkpoints). The auditor keeps the same notes in a file outside of the database.';
COMMENT ON COLUMN audit.checkpoint.tree_size IS 'How many entries the root covers.';

CREATE TABLE audit.entry (
  entry_index bigint NOT NULL,
  event_id uuid NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  service text NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  body text NOT NULL,
  subtree_hashes text[] NOT NULL,
  appended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT entry_pkey PRIMARY KEY (entry_index),
  CONSTRAINT entry_entry_index_check CHECK ((entry_index >= 0)),
  CONSTRAINT entry_subtree_hashes_check CHECK (((cardinality(subtree_hashes) >= 1) AND (cardinality(subtree_hashes) <= 53)))
);
CREATE INDEX entry_by_kind ON audit.entry USING btree (kind, entry_index);
CREATE INDEX entry_by_subject ON audit.entry USING btree (subject, entry_index);
CREATE TRIGGER append_only_rows BEFORE DELETE OR UPDATE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
COMMENT ON TABLE audit.entry IS 'The record: one row an event, numbered from 0 without gaps.';
COMMENT ON COLUMN audit.entry.event_id IS 'As the emitter gave it. Not unique: an emitter that repeats one is recorded, it does not stop the record.';
COMMENT ON COLUMN audit.entry.body IS 'Canonical JSON (RFC 8785) of the whole entry; its UTF-8 bytes are the leaf. The other columns repeat parts of it for queries.';
COMMENT ON COLUMN audit.entry.subtree_hashes IS 'RFC 6962 hashes (hex) of the perfect subtrees that this entry completes: element k + 1 covers the 2^k entries that end here, so the first is the leaf hash.';
COMMENT ON COLUMN audit.entry.appended_at IS 'When the auditor appended it, by the database''s clock; not part of the record.';

CREATE TABLE audit.outbox (
  outbox_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  event_id uuid NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  service text NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  payload text NOT NULL,
  CONSTRAINT outbox_pkey PRIMARY KEY (outbox_id),
  CONSTRAINT outbox_event_id_key UNIQUE (event_id),
  CONSTRAINT outbox_kind_check CHECK ((kind ~ '^[a-z_]+\.[a-z_]+$'::text)),
  CONSTRAINT outbox_payload_check CHECK ((length(payload) <= 65536)),
  CONSTRAINT outbox_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 200)))
);
COMMENT ON TABLE audit.outbox IS 'Events that wait for the auditor; a row is removed in the transaction that appends it to audit.entry.';
COMMENT ON COLUMN audit.outbox.outbox_id IS 'Order of insertion within a transaction. Commits may be in another order: never a watermark.';
COMMENT ON COLUMN audit.outbox.service IS 'The database role that emitted it, without its prefix: a service cannot write in the name of another.';
COMMENT ON COLUMN audit.outbox.payload IS 'Canonical JSON (RFC 8785).';

REVOKE ALL ON FUNCTION audit.emit(uuid,text,text,text) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit.refuse_change() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.emit(uuid,text,text,text) TO aistock_auditor;
GRANT EXECUTE ON FUNCTION audit.emit(uuid,text,text,text) TO aistock_data_ingester;
GRANT EXECUTE ON FUNCTION audit.emit(uuid,text,text,text) TO aistock_engine;
GRANT EXECUTE ON FUNCTION audit.emit(uuid,text,text,text) TO aistock_executor;
GRANT EXECUTE ON FUNCTION audit.emit(uuid,text,text,text) TO aistock_ml_service;
GRANT EXECUTE ON FUNCTION audit.emit(uuid,text,text,text) TO aistock_param_controller;
GRANT EXECUTE ON FUNCTION audit.emit(uuid,text,text,text) TO aistock_risk_gate;
GRANT USAGE ON SCHEMA audit TO aistock_auditor;
GRANT USAGE ON SCHEMA audit TO aistock_data_ingester;
GRANT USAGE ON SCHEMA audit TO aistock_engine;
GRANT USAGE ON SCHEMA audit TO aistock_executor;
GRANT USAGE ON SCHEMA audit TO aistock_ml_service;
GRANT USAGE ON SCHEMA audit TO aistock_param_controller;
GRANT USAGE ON SCHEMA audit TO aistock_risk_gate;
GRANT INSERT, SELECT ON TABLE audit.checkpoint TO aistock_auditor;
GRANT INSERT, SELECT ON TABLE audit.entry TO aistock_auditor;
GRANT DELETE, SELECT ON TABLE audit.outbox TO aistock_auditor;

CREATE SCHEMA engine;

CREATE TABLE engine.journal (
  session_id uuid NOT NULL,
  seq bigint NOT NULL,
  closed_at timestamp with time zone NOT NULL,
  events jsonb NOT NULL,
  lines text[] NOT NULL,
  lines_sha256 text NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT journal_pkey PRIMARY KEY (session_id, seq),
  CONSTRAINT journal_events_check CHECK ((jsonb_typeof(events) = 'array'::text)),
  CONSTRAINT journal_lines_sha256_check CHECK ((lines_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT journal_seq_check CHECK ((seq > 0)),
  CONSTRAINT journal_session_id_fkey FOREIGN KEY (session_id) REFERENCES engine.session(session_id)
);
CREATE INDEX journal_newest ON engine.journal USING btree (closed_at DESC, session_id);
CREATE TRIGGER keep_journal BEFORE DELETE OR UPDATE OR TRUNCATE ON engine.journal FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE engine.journal IS 'What each close was decided from, and what was decided: written before an order of it leaves.';
COMMENT ON COLUMN engine.journal.seq IS 'Which close of the session, from 1 on, without a gap.';
COMMENT ON COLUMN engine.journal.events IS 'Everything that the core was told since the close before, in that order, the close last.';
COMMENT ON COLUMN engine.journal.lines IS 'The lines of the decision log, as they were hashed.';
COMMENT ON COLUMN engine.journal.lines_sha256 IS 'Of these lines, each with an end of line.';

CREATE TABLE engine.run (
  run_id uuid DEFAULT gen_random_uuid() NOT NULL,
  study text NOT NULL,
  strategies text[] NOT NULL,
  streams text[] NOT NULL,
  from_at timestamp with time zone NOT NULL,
  to_at timestamp with time zone NOT NULL,
  request jsonb NOT NULL,
  config_sha256 text NOT NULL,
  code_version text NOT NULL,
  status text DEFAULT 'queued'::text NOT NULL,
  progress real DEFAULT 0 NOT NULL,
  data_sha256 jsonb,
  result jsonb,
  problem_code text,
  problem_detail text,
  claim_epoch bigint DEFAULT 0 NOT NULL,
  claimed_by text,
  lease_until timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  CONSTRAINT run_pkey PRIMARY KEY (run_id),
  CONSTRAINT run_check CHECK ((from_at < to_at)),
  CONSTRAINT run_check1 CHECK (((status = 'running'::text) = (lease_until IS NOT NULL))),
  CONSTRAINT run_check2 CHECK (((status = 'done'::text) = (result IS NOT NULL))),
  CONSTRAINT run_check3 CHECK (((status = 'failed'::text) = (problem_code IS NOT NULL))),
  CONSTRAINT run_check4 CHECK (((problem_code IS NULL) = (problem_detail IS NULL))),
  CONSTRAINT run_check5 CHECK (((status = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
  CONSTRAINT run_claim_epoch_check CHECK ((claim_epoch >= 0)),
  CONSTRAINT run_claimed_by_check CHECK (((length(claimed_by) >= 1) AND (length(claimed_by) <= 200))),
  CONSTRAINT run_code_version_check CHECK (((length(code_version) >= 1) AND (length(code_version) <= 100))),
  CONSTRAINT run_config_sha256_check CHECK ((config_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT run_data_sha256_check CHECK ((jsonb_typeof(data_sha256) = 'object'::text)),
  CONSTRAINT run_problem_code_check CHECK ((problem_code ~ '^[a-z][a-z0-9_]*$'::text)),
  CONSTRAINT run_problem_detail_check CHECK ((length(problem_detail) <= 1000)),
  CONSTRAINT run_progress_check CHECK (((progress >= (0)::double precision) AND (progress <= (1)::double precision))),
  CONSTRAINT run_request_check CHECK ((jsonb_typeof(request) = 'object'::text)),
  CONSTRAINT run_result_check CHECK ((jsonb_typeof(result) = 'object'::text)),
  CONSTRAINT run_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
  CONSTRAINT run_strategies_check CHECK ((cardinality(strategies) > 0)),
  CONSTRAINT run_streams_check CHECK ((cardinality(streams) > 0)),
  CONSTRAINT run_study_check CHECK ((study ~ '^[a-z][a-z0-9_]{0,47}$'::text))
);
CREATE INDEX run_newest ON engine.run USING btree (created_at DESC, run_id);
CREATE INDEX run_open ON engine.run USING btree (created_at) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE TRIGGER keep_finished_run BEFORE DELETE OR UPDATE ON engine.run FOR EACH ROW WHEN ((old.status = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text]))) EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_runs BEFORE TRUNCATE ON engine.run FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE engine.run IS 'Backtests and studies made of them. A row is never changed once it is finished.';
COMMENT ON COLUMN engine.run.study IS 'What was made of it: single, sweep, walk_forward, scenarios, lookahead or recursive.';
COMMENT ON COLUMN engine.run.request IS 'What was asked for, with every default that was filled in.';
COMMENT ON COLUMN engine.run.config_sha256 IS 'SHA-256 of the request''s canonical JSON.';
COMMENT ON COLUMN engine.run.code_version IS 'Version of the package and hash of the sources that ran.';
COMMENT ON COLUMN engine.run.data_sha256 IS 'SHA-256 of the bars that were used, by stream; null until they were read.';
COMMENT ON COLUMN engine.run.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN engine.run.lease_until IS 'When the claim ends, by the clock of this database.';

CREATE TABLE engine.run_artefact (
  run_id uuid NOT NULL,
  name text NOT NULL,
  part integer NOT NULL,
  body bytea NOT NULL,
  CONSTRAINT run_artefact_pkey PRIMARY KEY (run_id, name, part),
  CONSTRAINT run_artefact_name_check CHECK ((name = ANY (ARRAY['report'::text, 'trades'::text, 'log'::text]))),
  CONSTRAINT run_artefact_part_check CHECK ((part >= 0)),
  CONSTRAINT run_artefact_run_id_fkey FOREIGN KEY (run_id) REFERENCES engine.run(run_id)
);
CREATE TRIGGER keep_artefacts BEFORE DELETE OR UPDATE OR TRUNCATE ON engine.run_artefact FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE engine.run_artefact IS 'What a finished run leaves besides its result, compressed with gzip: the report, the trades, the decision log in parts.';

CREATE TABLE engine.session (
  session_id uuid DEFAULT gen_random_uuid() NOT NULL,
  account text NOT NULL,
  mode text NOT NULL,
  terms_sha256 text NOT NULL,
  terms jsonb NOT NULL,
  status text DEFAULT 'open'::text NOT NULL,
  problem_code text,
  problem_detail text,
  claim_epoch bigint DEFAULT 0 NOT NULL,
  claimed_by text,
  lease_until timestamp with time zone,
  stop_requested boolean DEFAULT false NOT NULL,
  seq bigint DEFAULT 0 NOT NULL,
  closed_at timestamp with time zone,
  view jsonb,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT session_pkey PRIMARY KEY (session_id),
  CONSTRAINT session_account_check CHECK ((account ~ '^[a-z][a-z0-9_]{0,47}$'::text)),
  CONSTRAINT session_check CHECK (((claimed_by IS NULL) = (lease_until IS NULL))),
  CONSTRAINT session_check1 CHECK (((status <> 'failed'::text) OR (problem_code IS NOT NULL))),
  CONSTRAINT session_check2 CHECK (((status = 'open'::text) = (ended_at IS NULL))),
  CONSTRAINT session_check3 CHECK (((status = 'open'::text) OR (claimed_by IS NULL))),
  CONSTRAINT session_claim_epoch_check CHECK ((claim_epoch >= 0)),
  CONSTRAINT session_claimed_by_check CHECK (((length(claimed_by) >= 1) AND (length(claimed_by) <= 200))),
  CONSTRAINT session_mode_check CHECK ((mode = ANY (ARRAY['replay'::text, 'live'::text]))),
  CONSTRAINT session_problem_detail_check CHECK ((length(problem_detail) <= 1000)),
  CONSTRAINT session_seq_check CHECK ((seq >= 0)),
  CONSTRAINT session_status_check CHECK ((status = ANY (ARRAY['open'::text, 'stopped'::text, 'failed'::text]))),
  CONSTRAINT session_terms_sha256_check CHECK ((terms_sha256 ~ '^[0-9a-f]{64}$'::text))
);
CREATE UNIQUE INDEX session_asked ON engine.session USING btree (account, terms_sha256) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX session_claimed ON engine.session USING btree (account) WHERE (claimed_by IS NOT NULL);
CREATE UNIQUE INDEX session_live ON engine.session USING btree (account) WHERE ((mode = 'live'::text) AND (status = 'open'::text));
COMMENT ON TABLE engine.session IS 'A session: strategies that trade an account together.';
COMMENT ON COLUMN engine.session.terms_sha256 IS 'Of what was asked for: the same request finds the session that it made.';
COMMENT ON COLUMN engine.session.status IS 'A failed one stops every other of its account until somebody has looked at it and stopped it.';
COMMENT ON COLUMN engine.session.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN engine.session.lease_until IS 'When the claim ends, by the clock of this database.';
COMMENT ON COLUMN engine.session.seq IS 'The close that was journalled last.';
COMMENT ON COLUMN engine.session.closed_at IS 'When its bars closed.';
COMMENT ON COLUMN engine.session.view IS 'Books, working orders and last decisions after it, to be shown; nothing is computed from them.';

CREATE TABLE engine.shadow_day (
  shadow_id uuid DEFAULT gen_random_uuid() NOT NULL,
  session_id uuid NOT NULL,
  day date NOT NULL,
  status text DEFAULT 'waiting'::text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  claim_epoch bigint DEFAULT 0 NOT NULL,
  claimed_by text,
  lease_until timestamp with time zone,
  verdict text,
  result jsonb,
  kills jsonb DEFAULT '[]'::jsonb NOT NULL,
  problem_code text,
  problem_detail text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT shadow_day_pkey PRIMARY KEY (shadow_id),
  CONSTRAINT shadow_day_attempts_check CHECK ((attempts >= 0)),
  CONSTRAINT shadow_day_check CHECK (((claimed_by IS NULL) = (lease_until IS NULL))),
  CONSTRAINT shadow_day_check1 CHECK (((status = ANY (ARRAY['judged'::text, 'done'::text])) = (result IS NOT NULL))),
  CONSTRAINT shadow_day_check2 CHECK (((verdict IS NULL) = (result IS NULL))),
  CONSTRAINT shadow_day_check3 CHECK (((status <> 'failed'::text) OR (problem_code IS NOT NULL))),
  CONSTRAINT shadow_day_check4 CHECK (((problem_code IS NULL) = (problem_detail IS NULL))),
  CONSTRAINT shadow_day_check5 CHECK (((status = ANY (ARRAY['done'::text, 'failed'::text])) = (finished_at IS NOT NULL))),
  CONSTRAINT shadow_day_check6 CHECK (((finished_at IS NULL) OR (claimed_by IS NULL))),
  CONSTRAINT shadow_day_claim_epoch_check CHECK ((claim_epoch >= 0)),
  CONSTRAINT shadow_day_claimed_by_check CHECK (((length(claimed_by) >= 1) AND (length(claimed_by) <= 200))),
  CONSTRAINT shadow_day_kills_check CHECK ((jsonb_typeof(kills) = 'array'::text)),
  CONSTRAINT shadow_day_problem_code_check CHECK ((problem_code ~ '^[a-z][a-z0-9_]*$'::text)),
  CONSTRAINT shadow_day_problem_detail_check CHECK ((length(problem_detail) <= 1000)),
  CONSTRAINT shadow_day_result_check CHECK ((jsonb_typeof(result) = 'object'::text)),
  CONSTRAINT shadow_day_session_id_day_key UNIQUE (session_id, day),
  CONSTRAINT shadow_day_session_id_fkey FOREIGN KEY (session_id) REFERENCES engine.session(session_id),
  CONSTRAINT shadow_day_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'judged'::text, 'done'::text, 'failed'::text]))),
  CONSTRAINT shadow_day_verdict_check CHECK ((verdict = ANY (ARRAY['same'::text, 'alert'::text, 'reduce'::text])))
);
CREATE INDEX shadow_day_newest ON engine.shadow_day USING btree (day DESC, shadow_id);
CREATE INDEX shadow_day_open ON engine.shadow_day USING btree (next_at) WHERE (status = ANY (ARRAY['waiting'::text, 'judged'::text]));
CREATE TRIGGER keep_done_day BEFORE DELETE OR UPDATE ON engine.shadow_day FOR EACH ROW WHEN ((old.status = 'done'::text)) EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_shadow_days BEFORE TRUNCATE ON engine.shadow_day FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE engine.shadow_day IS 'A day of a session against the backtest of that day; each once.';
COMMENT ON COLUMN engine.shadow_day.day IS 'UTC: the closes after its midnight, up to the next one and with it.';
COMMENT ON COLUMN engine.shadow_day.status IS 'A judged one has its verdict, and strategies that must only reduce are not all stopped yet.';
COMMENT ON COLUMN engine.shadow_day.next_at IS 'When it is tried again after what went wrong.';
COMMENT ON COLUMN engine.shadow_day.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN engine.shadow_day.lease_until IS 'When the claim ends, by the clock of this database.';
COMMENT ON COLUMN engine.shadow_day.result IS 'The parts of the difference, the thresholds that they were held against, the first decisions that differ.';
COMMENT ON COLUMN engine.shadow_day.kills IS 'The kill switches by which its strategies were set to reduce-only.';

CREATE TABLE engine.snapshot (
  session_id uuid NOT NULL,
  seq bigint NOT NULL,
  state jsonb NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT snapshot_pkey PRIMARY KEY (session_id, seq),
  CONSTRAINT snapshot_seq_check CHECK ((seq >= 0)),
  CONSTRAINT snapshot_session_id_fkey FOREIGN KEY (session_id) REFERENCES engine.session(session_id)
);
COMMENT ON TABLE engine.snapshot IS 'Where the replay of a journal begins: the state after a close, with the bars that it looks back on.';

CREATE TABLE engine.sweep_item (
  run_id uuid NOT NULL,
  item integer NOT NULL,
  point jsonb NOT NULL,
  status text DEFAULT 'waiting'::text NOT NULL,
  claim_epoch bigint DEFAULT 0 NOT NULL,
  claimed_by text,
  lease_until timestamp with time zone,
  figures jsonb,
  problem text,
  CONSTRAINT sweep_item_pkey PRIMARY KEY (run_id, item),
  CONSTRAINT sweep_item_check CHECK (((status = 'running'::text) = (lease_until IS NOT NULL))),
  CONSTRAINT sweep_item_check1 CHECK (((status = 'done'::text) = (figures IS NOT NULL))),
  CONSTRAINT sweep_item_check2 CHECK (((status = 'failed'::text) = (problem IS NOT NULL))),
  CONSTRAINT sweep_item_claim_epoch_check CHECK ((claim_epoch >= 0)),
  CONSTRAINT sweep_item_claimed_by_check CHECK (((length(claimed_by) >= 1) AND (length(claimed_by) <= 200))),
  CONSTRAINT sweep_item_figures_check CHECK ((jsonb_typeof(figures) = 'object'::text)),
  CONSTRAINT sweep_item_item_check CHECK ((item >= 0)),
  CONSTRAINT sweep_item_point_check CHECK ((jsonb_typeof(point) = 'object'::text)),
  CONSTRAINT sweep_item_problem_check CHECK ((length(problem) <= 1000)),
  CONSTRAINT sweep_item_run_id_fkey FOREIGN KEY (run_id) REFERENCES engine.run(run_id),
  CONSTRAINT sweep_item_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX sweep_item_open ON engine.sweep_item USING btree (run_id, item) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE TRIGGER keep_finished_item BEFORE DELETE OR UPDATE ON engine.sweep_item FOR EACH ROW WHEN ((old.status = 'done'::text)) EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE engine.sweep_item IS 'One backtest of a run that is spread over every replica of the engine.';
COMMENT ON COLUMN engine.sweep_item.point IS 'How it differs from the run''s request.';
COMMENT ON COLUMN engine.sweep_item.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';

CREATE TABLE engine.trial (
  run_id uuid NOT NULL,
  strategy text NOT NULL,
  stream text NOT NULL,
  from_at timestamp with time zone NOT NULL,
  to_at timestamp with time zone NOT NULL,
  config_sha256 text NOT NULL,
  sharpe double precision,
  CONSTRAINT trial_pkey PRIMARY KEY (run_id, strategy, stream, config_sha256),
  CONSTRAINT trial_check CHECK ((from_at < to_at)),
  CONSTRAINT trial_config_sha256_check CHECK ((config_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT trial_run_id_fkey FOREIGN KEY (run_id) REFERENCES engine.run(run_id)
);
CREATE INDEX trial_tried ON engine.trial USING btree (strategy, stream, from_at);
CREATE TRIGGER keep_trials BEFORE DELETE OR UPDATE OR TRUNCATE ON engine.trial FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE engine.trial IS 'Every configuration of a strategy whose result somebody has seen, sweeps in full: what a Sharpe ratio is deflated by.';
COMMENT ON COLUMN engine.trial.config_sha256 IS 'SHA-256 of what decides its trades: parameters, streams, model and policies; neither time nor costs.';
COMMENT ON COLUMN engine.trial.sharpe IS 'Of the daily returns, annualised; null where it has none.';

GRANT USAGE ON SCHEMA engine TO aistock_engine;
GRANT INSERT, SELECT ON TABLE engine.journal TO aistock_engine;
GRANT INSERT, SELECT, UPDATE (claim_epoch), UPDATE (claimed_by), UPDATE (code_version), UPDATE (data_sha256), UPDATE (finished_at), UPDATE (lease_until), UPDATE (problem_code), UPDATE (problem_detail), UPDATE (progress), UPDATE (result), UPDATE (started_at), UPDATE (status) ON TABLE engine.run TO aistock_engine;
GRANT INSERT, SELECT ON TABLE engine.run_artefact TO aistock_engine;
GRANT INSERT, SELECT, UPDATE ON TABLE engine.session TO aistock_engine;
GRANT INSERT, SELECT, UPDATE (attempts), UPDATE (claim_epoch), UPDATE (claimed_by), UPDATE (finished_at), UPDATE (kills), UPDATE (lease_until), UPDATE (next_at), UPDATE (problem_code), UPDATE (problem_detail), UPDATE (result), UPDATE (status), UPDATE (verdict) ON TABLE engine.shadow_day TO aistock_engine;
GRANT DELETE, INSERT, SELECT ON TABLE engine.snapshot TO aistock_engine;
GRANT INSERT, SELECT, UPDATE (claim_epoch), UPDATE (claimed_by), UPDATE (figures), UPDATE (lease_until), UPDATE (problem), UPDATE (status) ON TABLE engine.sweep_item TO aistock_engine;
GRANT INSERT, SELECT ON TABLE engine.trial TO aistock_engine;

CREATE SCHEMA ledger;

CREATE OR REPLACE FUNCTION ledger.guard_bytes()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger.deletion WHERE file_id = NEW.file_id AND recorded_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the deletion of file % is not on the raw log', NEW.file_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION ledger.guard_deletion()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger.file WHERE file_id = NEW.file_id AND status = 'processed' AND deleted_at IS NULL) THEN
    RAISE EXCEPTION 'file % is not processed, or deleted already', NEW.file_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION ledger.guard_raw_log()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
DECLARE
  follows boolean;
BEGIN
  IF NEW.prev_hash = repeat('0', 64) THEN
    follows := NEW.position = 0;
  ELSE
    follows := EXISTS (
      SELECT FROM ledger.raw_log AS before WHERE before.record_hash = NEW.prev_hash
        AND (before.day = NEW.day AND before.position + 1 = NEW.position OR before.day < NEW.day AND NEW.position = 0)
    );
  END IF;
  IF NOT follows THEN
    RAISE EXCEPTION 'record % of % does not follow on the one before', NEW.position, NEW.day
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION ledger.guard_registration()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  IF NEW.status NOT IN ('downloaded', 'quarantined') OR NEW.claim_epoch <> 0 OR NEW.attempts <> 0
    OR NEW.claimed_by IS NOT NULL OR NEW.deleted_at IS NOT NULL
  THEN
    RAISE EXCEPTION 'a file starts as downloaded or quarantined, and unclaimed'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION ledger.guard_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
DECLARE
  -- A statement looks at the lease after it was asked and before it comes here. So what it found running was running
  -- when it was asked, and what it found over is over now: the guard never refuses what the statement rightly chose.
  asked CONSTANT timestamptz := statement_timestamp();
  moment CONSTANT timestamptz := clock_timestamp();
  same_claim CONSTANT boolean := NEW.claim_epoch = OLD.claim_epoch AND NEW.attempts = OLD.attempts
    AND NEW.claimed_by IS NOT DISTINCT FROM OLD.claimed_by;
  next_claim CONSTANT boolean := NEW.claim_epoch = OLD.claim_epoch + 1 AND NEW.attempts = OLD.attempts + 1;
  legal boolean := false;
BEGIN
  CASE OLD.status || ' to ' || NEW.status
    WHEN 'downloaded to processing' THEN
      legal := next_claim;
    WHEN 'processing to processing' THEN
      -- Renewed by its holder while the lease runs, or taken over after it has run out.
      legal := same_claim AND OLD.lease_until > asked OR next_claim AND OLD.lease_until <= moment;
    WHEN 'processing to processed' THEN
      legal := same_claim AND OLD.lease_until > asked AND NEW.deleted_at IS NULL;
    WHEN 'downloaded to quarantined', 'processing to downloaded', 'processing to quarantined', 'processing to failed' THEN
      legal := NEW.claim_epoch = OLD.claim_epoch;
    WHEN 'processed to processed' THEN
      -- Only ever gets its deleted_at, once, and after an intent.
      legal := same_claim AND OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL;
      IF legal THEN
        legal := EXISTS (SELECT FROM ledger.deletion AS intent WHERE intent.file_id = NEW.file_id);
      END IF;
    ELSE
      legal := false;
  END CASE;
  IF NOT legal OR NEW.lease_until > moment + interval '10 minutes' THEN
    RAISE EXCEPTION 'file % cannot go from % (claim %, lease until %) to % (claim %, lease until %)', OLD.file_id,
      OLD.status, OLD.claim_epoch, OLD.lease_until, NEW.status, NEW.claim_epoch, NEW.lease_until
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.file_id, NEW.stream, NEW.sha256, NEW.path, NEW.rows, NEW.bytes, NEW.revision, NEW.registered_at,
      NEW.first_open_at, NEW.last_open_at)
    IS DISTINCT FROM (OLD.file_id, OLD.stream, OLD.sha256, OLD.path, OLD.rows, OLD.bytes, OLD.revision,
      OLD.registered_at, OLD.first_open_at, OLD.last_open_at)
  THEN
    RAISE EXCEPTION 'what was registered of file % stays as it is', OLD.file_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION ledger.guard_watermark()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  IF NEW.stream <> OLD.stream OR NEW.open_at <= OLD.open_at THEN
    RAISE EXCEPTION 'the watermark of % only moves forward', OLD.stream
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION ledger.record_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
BEGIN
  INSERT INTO ledger.transition (file_id, from_status, to_status, claim_epoch, claimed_by, reason, db_role, at)
  VALUES (NEW.file_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status, NEW.claim_epoch, NEW.claimed_by,
    NEW.reason, session_user, clock_timestamp());
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION ledger.refuse()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  RAISE EXCEPTION '% of %.% is not allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $function$;

CREATE TABLE ledger.deletion (
  file_id uuid NOT NULL,
  intended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  recorded_at timestamp with time zone,
  CONSTRAINT deletion_pkey PRIMARY KEY (file_id),
  CONSTRAINT deletion_file_id_fkey FOREIGN KEY (file_id) REFERENCES ledger.file(file_id)
);
CREATE TRIGGER guard_deletion BEFORE INSERT ON ledger.deletion FOR EACH ROW EXECUTE FUNCTION ledger.guard_deletion();
COMMENT ON TABLE ledger.deletion IS 'Processed files whose raw bytes are to be removed; a row goes when ledger.file.deleted_at is set.';
COMMENT ON COLUMN ledger.deletion.recorded_at IS 'When the deletion was put on the raw log; no byte goes before that.';

CREATE TABLE ledger.file (
  file_id uuid DEFAULT gen_random_uuid() NOT NULL,
  stream text NOT NULL,
  sha256 text NOT NULL,
  path text NOT NULL,
  rows integer NOT NULL,
  bytes bigint NOT NULL,
  first_open_at timestamp with time zone,
  last_open_at timestamp with time zone,
  revision integer DEFAULT 0 NOT NULL,
  status text DEFAULT 'downloaded'::text NOT NULL,
  claim_epoch bigint DEFAULT 0 NOT NULL,
  claimed_by text,
  lease_until timestamp with time zone,
  attempts integer DEFAULT 0 NOT NULL,
  reason text,
  registered_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  deleted_at timestamp with time zone,
  is_open boolean GENERATED ALWAYS AS ((status = ANY (ARRAY['downloaded'::text, 'processing'::text]))) STORED NOT NULL,
  is_used boolean GENERATED ALWAYS AS ((status <> ALL (ARRAY['quarantined'::text, 'failed'::text]))) STORED NOT NULL,
  CONSTRAINT file_pkey PRIMARY KEY (file_id),
  CONSTRAINT file_attempts_check CHECK ((attempts >= 0)),
  CONSTRAINT file_bars_once EXCLUDE USING gist (stream WITH =, revision WITH =, tstzrange(first_open_at, last_open_at, '[]'::text) WITH &&) WHERE (is_used),
  CONSTRAINT file_bytes_check CHECK ((bytes >= 0)),
  CONSTRAINT file_bytes_once UNIQUE (sha256, stream),
  CONSTRAINT file_claim_epoch_check CHECK ((claim_epoch >= 0)),
  CONSTRAINT file_claimed_by_check CHECK (((length(claimed_by) >= 1) AND (length(claimed_by) <= 200))),
  CONSTRAINT file_deleted CHECK (((deleted_at IS NULL) OR (status = 'processed'::text))),
  CONSTRAINT file_lease CHECK ((((status = 'processing'::text) = (lease_until IS NOT NULL)) AND ((status <> 'processing'::text) OR (claimed_by IS NOT NULL)))),
  CONSTRAINT file_path_check CHECK (((path ~ '^[A-Za-z0-9_][A-Za-z0-9_./-]{0,254}$'::text) AND (path !~ '\.\.'::text))),
  CONSTRAINT file_range CHECK (
CASE
    WHEN ((first_open_at IS NULL) OR (last_open_at IS NULL)) THEN ((first_open_at IS NULL) AND (last_open_at IS NULL) AND (status = 'quarantined'::text))
    ELSE ((first_open_at <= last_open_at) AND ((rows > 0) OR (status = 'quarantined'::text)))
END),
  CONSTRAINT file_reason CHECK (((status <> ALL (ARRAY['quarantined'::text, 'failed'::text])) OR (reason IS NOT NULL))),
  CONSTRAINT file_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
  CONSTRAINT file_revision_check CHECK ((revision >= 0)),
  CONSTRAINT file_rows_check CHECK ((rows >= 0)),
  CONSTRAINT file_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT file_status_check CHECK ((status = ANY (ARRAY['downloaded'::text, 'processing'::text, 'processed'::text, 'quarantined'::text, 'failed'::text]))),
  CONSTRAINT file_stream_check CHECK ((stream ~ '^[a-z][a-z0-9_]{0,31}:[A-Z0-9][A-Z0-9./:]{0,61}:(1m|5m|15m|30m|1h|4h|1d)$'::text))
) WITH (fillfactor=70, autovacuum_vacuum_scale_factor=0.01);
CREATE INDEX file_by_time ON ledger.file USING btree (stream, first_open_at);
CREATE INDEX file_open ON ledger.file USING btree (stream, first_open_at) WHERE is_open;
CREATE INDEX file_quarantined ON ledger.file USING btree (stream, first_open_at) WHERE (status = 'quarantined'::text);
CREATE TRIGGER guard_bytes BEFORE UPDATE ON ledger.file FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION ledger.guard_bytes();
CREATE TRIGGER guard_registration BEFORE INSERT ON ledger.file FOR EACH ROW EXECUTE FUNCTION ledger.guard_registration();
CREATE TRIGGER guard_step BEFORE UPDATE ON ledger.file FOR EACH ROW EXECUTE FUNCTION ledger.guard_step();
CREATE TRIGGER keep_files BEFORE DELETE OR TRUNCATE ON ledger.file FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER record_registration AFTER INSERT ON ledger.file FOR EACH ROW EXECUTE FUNCTION ledger.record_step();
CREATE TRIGGER record_step AFTER UPDATE ON ledger.file FOR EACH ROW WHEN (((new.status <> old.status) OR (new.claim_epoch <> old.claim_epoch))) EXECUTE FUNCTION ledger.record_step();
COMMENT ON TABLE ledger.file IS 'Every raw file that was ever registered; a row is never removed.';
COMMENT ON COLUMN ledger.file.stream IS 'source:instrument:timeframe.';
COMMENT ON COLUMN ledger.file.sha256 IS 'Of the bytes on disk. The same bytes come into a stream once.';
COMMENT ON COLUMN ledger.file.path IS 'Below the root of the lake. Files of two streams may share it where their bytes are equal.';
COMMENT ON COLUMN ledger.file.first_open_at IS 'Open time of the first bar; null only in a quarantined file whose times cannot be read.';
COMMENT ON COLUMN ledger.file.last_open_at IS 'Open time of the last bar.';
COMMENT ON COLUMN ledger.file.revision IS '0: as first published. Above 0: bars that the source restated, beside the first ones; these are not claimed.';
COMMENT ON COLUMN ledger.file.claim_epoch IS 'The number of the latest claim; it only grows, so that a claimer that lost its lease is known by an old one.';
COMMENT ON COLUMN ledger.file.claimed_by IS 'The process that holds the claim, or finished under it.';
COMMENT ON COLUMN ledger.file.lease_until IS 'When the claim ends, by the clock of this database.';
COMMENT ON COLUMN ledger.file.attempts IS 'Claims that were not given back; too many make the file failed.';
COMMENT ON COLUMN ledger.file.reason IS 'Why it is quarantined or failed, or why the last attempt was given up.';
COMMENT ON COLUMN ledger.file.deleted_at IS 'When the raw bytes were removed; only after the file was processed.';
COMMENT ON COLUMN ledger.file.is_open IS 'Downloaded or processing. Indexes ask for this rather than for status, so that a claim changes no index.';
COMMENT ON COLUMN ledger.file.is_used IS 'Neither quarantined nor failed: its bars count, and no other file of the stream may have them.';

CREATE TABLE ledger.raw_log (
  body text NOT NULL,
  record_hash text NOT NULL,
  day text GENERATED ALWAYS AS (((body)::jsonb ->> 'day'::text)) STORED NOT NULL,
  "position" integer GENERATED ALWAYS AS ((((body)::jsonb ->> 'position'::text))::integer) STORED NOT NULL,
  prev_hash text GENERATED ALWAYS AS (((body)::jsonb ->> 'prev_hash'::text)) STORED NOT NULL,
  kind text GENERATED ALWAYS AS (((body)::jsonb ->> 'kind'::text)) STORED NOT NULL,
  stream text GENERATED ALWAYS AS (((body)::jsonb ->> 'stream'::text)) STORED NOT NULL,
  chunk_sha256 text GENERATED ALWAYS AS (((body)::jsonb ->> 'chunk_sha256'::text)) STORED NOT NULL,
  response_sha256 text GENERATED ALWAYS AS (
CASE
    WHEN (((body)::jsonb ->> 'kind'::text) = 'answer'::text) THEN ((body)::jsonb ->> 'sha256'::text)
    ELSE NULL::text
END) STORED,
  CONSTRAINT raw_log_pkey PRIMARY KEY (day, "position"),
  CONSTRAINT raw_log_body_check CHECK (((length(body) >= 2) AND (length(body) <= 1000000))),
  CONSTRAINT raw_log_chunk_sha256_check CHECK ((chunk_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT raw_log_day_check CHECK ((day ~ '^\d{4}-\d{2}-\d{2}$'::text)),
  CONSTRAINT raw_log_hash CHECK ((record_hash = encode(sha256(convert_to(body, 'UTF8'::name)), 'hex'::text))),
  CONSTRAINT raw_log_kind_check CHECK ((kind = ANY (ARRAY['answer'::text, 'file'::text, 'deletion'::text]))),
  CONSTRAINT raw_log_position_check CHECK (("position" >= 0)),
  CONSTRAINT raw_log_prev_hash_check CHECK ((prev_hash ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT raw_log_prev_hash_key UNIQUE (prev_hash),
  CONSTRAINT raw_log_record_hash_key UNIQUE (record_hash),
  CONSTRAINT raw_log_response CHECK (
CASE
    WHEN (kind = 'answer'::text) THEN (response_sha256 ~ '^[0-9a-f]{64}$'::text)
    ELSE (response_sha256 IS NULL)
END)
);
CREATE INDEX raw_log_chunk ON ledger.raw_log USING btree (chunk_sha256, stream);
CREATE INDEX raw_log_response ON ledger.raw_log USING btree (response_sha256) WHERE (response_sha256 IS NOT NULL);
CREATE TRIGGER guard_raw_log AFTER INSERT ON ledger.raw_log FOR EACH ROW EXECUTE FUNCTION ledger.guard_raw_log();
CREATE TRIGGER guard_raw_log_writer AFTER INSERT ON ledger.raw_log FOR EACH ROW WHEN (((SESSION_USER = 'aistock_ml_service'::name) AND (new.kind <> 'deletion'::text))) EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_raw_log BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.raw_log FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ledger.raw_log IS 'Every answer and file that bars were taken from, and every deletion of raw bytes, chained by hash; append only.';
COMMENT ON COLUMN ledger.raw_log.body IS 'The record as canonical JSON (RFC 8785), without its own hash. The other columns repeat parts of it.';
COMMENT ON COLUMN ledger.raw_log.record_hash IS 'SHA-256 of the body''s UTF-8 bytes.';
COMMENT ON COLUMN ledger.raw_log.day IS 'The UTC day of the writer''s clock; a clock that is set back stays on the day of the record before.';
COMMENT ON COLUMN ledger.raw_log."position" IS 'Place within the day, from 0 without gaps.';
COMMENT ON COLUMN ledger.raw_log.prev_hash IS 'Hash of the record before, also of the last one of the day before; 64 zeros in the very first.';
COMMENT ON COLUMN ledger.raw_log.kind IS 'answer: of a server, whose bytes are in the lake. file: at its origin. deletion: of a chunk''s raw bytes.';
COMMENT ON COLUMN ledger.raw_log.chunk_sha256 IS 'Of the raw file in ledger.file that the bars went into.';
COMMENT ON COLUMN ledger.raw_log.response_sha256 IS 'Of an answer''s bytes as they came, which name its file in the lake; null in other records.';

CREATE TABLE ledger.raw_log_export (
  only_row boolean DEFAULT true NOT NULL,
  day text NOT NULL,
  "position" integer NOT NULL,
  exported_at timestamp with time zone NOT NULL,
  CONSTRAINT raw_log_export_pkey PRIMARY KEY (only_row),
  CONSTRAINT raw_log_export_only_row_check CHECK (only_row)
);
COMMENT ON TABLE ledger.raw_log_export IS 'How far the raw log has been copied into files of the lake: up to here they must hold every record.';
COMMENT ON COLUMN ledger.raw_log_export.only_row IS 'There is one row at most.';
COMMENT ON COLUMN ledger.raw_log_export.day IS 'Of the last record that was copied.';
COMMENT ON COLUMN ledger.raw_log_export."position" IS 'Of the last record that was copied.';
COMMENT ON COLUMN ledger.raw_log_export.exported_at IS 'When, by the clock of data_ingester.';

CREATE TABLE ledger.transition (
  transition_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  file_id uuid NOT NULL,
  from_status text,
  to_status text NOT NULL,
  claim_epoch bigint NOT NULL,
  claimed_by text,
  reason text,
  db_role text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT transition_pkey PRIMARY KEY (transition_id)
);
CREATE INDEX transition_file ON ledger.transition USING btree (file_id, transition_id);
CREATE TRIGGER keep_transitions BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.transition FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ledger.transition IS 'Every step and every claim of every file, written by a trigger; append only.';
COMMENT ON COLUMN ledger.transition.file_id IS 'Of ledger.file, whose rows are never removed; not declared as a foreign key, which each step would check.';
COMMENT ON COLUMN ledger.transition.from_status IS 'Null where the file was registered.';
COMMENT ON COLUMN ledger.transition.db_role IS 'The database role that made the step.';

CREATE TABLE ledger.watermark (
  stream text NOT NULL,
  open_at timestamp with time zone NOT NULL,
  CONSTRAINT watermark_pkey PRIMARY KEY (stream)
);
CREATE TRIGGER guard_watermark BEFORE UPDATE ON ledger.watermark FOR EACH ROW EXECUTE FUNCTION ledger.guard_watermark();
CREATE TRIGGER keep_watermarks BEFORE DELETE OR TRUNCATE ON ledger.watermark FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ledger.watermark IS 'How far each stream is registered; moves forward only, in the transaction that registers a file.';
COMMENT ON COLUMN ledger.watermark.open_at IS 'Open time of the last bar registered.';

REVOKE ALL ON FUNCTION ledger.guard_bytes() FROM PUBLIC;
REVOKE ALL ON FUNCTION ledger.guard_raw_log() FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO aistock_data_ingester;
GRANT USAGE ON SCHEMA ledger TO aistock_ml_service;
GRANT SELECT ON TABLE ledger.deletion TO aistock_data_ingester;
GRANT DELETE, INSERT, SELECT, UPDATE (recorded_at) ON TABLE ledger.deletion TO aistock_ml_service;
GRANT INSERT, SELECT ON TABLE ledger.file TO aistock_data_ingester;
GRANT SELECT, UPDATE (attempts), UPDATE (claim_epoch), UPDATE (claimed_by), UPDATE (deleted_at), UPDATE (lease_until), UPDATE (reason), UPDATE (status) ON TABLE ledger.file TO aistock_ml_service;
GRANT INSERT, SELECT ON TABLE ledger.raw_log TO aistock_data_ingester;
GRANT INSERT, SELECT ON TABLE ledger.raw_log TO aistock_ml_service;
GRANT INSERT, SELECT, UPDATE ON TABLE ledger.raw_log_export TO aistock_data_ingester;
GRANT SELECT ON TABLE ledger.transition TO aistock_data_ingester;
GRANT SELECT ON TABLE ledger.transition TO aistock_ml_service;
GRANT INSERT, SELECT, UPDATE ON TABLE ledger.watermark TO aistock_data_ingester;
GRANT SELECT ON TABLE ledger.watermark TO aistock_ml_service;

CREATE SCHEMA market;

CREATE TABLE market.acceptance (
  acceptance_id uuid DEFAULT gen_random_uuid() NOT NULL,
  stream text NOT NULL,
  kind text NOT NULL,
  bars bigint NOT NULL,
  until_at timestamp with time zone NOT NULL,
  accepted_by text NOT NULL,
  reason text NOT NULL,
  accepted_at timestamp with time zone NOT NULL,
  CONSTRAINT acceptance_pkey PRIMARY KEY (acceptance_id),
  CONSTRAINT acceptance_accepted_by_check CHECK (((length(accepted_by) >= 1) AND (length(accepted_by) <= 100))),
  CONSTRAINT acceptance_bars_check CHECK ((bars > 0)),
  CONSTRAINT acceptance_kind_check CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
  CONSTRAINT acceptance_reason_check CHECK (((length(reason) >= 3) AND (length(reason) <= 500))),
  CONSTRAINT acceptance_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream)
);
CREATE INDEX acceptance_by_stream ON market.acceptance USING btree (stream, accepted_at);
CREATE TRIGGER keep_acceptances BEFORE DELETE OR UPDATE OR TRUNCATE ON market.acceptance FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE market.acceptance IS 'Faults of a stream that a named person accepted; append only. They no longer count in its verdict, and what is found later does.';
COMMENT ON COLUMN market.acceptance.kind IS 'gap, faulty, stale_now, or a kind of market.finding.';
COMMENT ON COLUMN market.acceptance.bars IS 'How many bars were accepted.';
COMMENT ON COLUMN market.acceptance.until_at IS 'What was accepted lies before this.';

CREATE TABLE market.backfill (
  backfill_id uuid DEFAULT gen_random_uuid() NOT NULL,
  since_at timestamp with time zone NOT NULL,
  until_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT backfill_pkey PRIMARY KEY (backfill_id),
  CONSTRAINT backfill_check CHECK ((since_at < until_at))
);
CREATE INDEX backfill_newest ON market.backfill USING btree (created_at DESC);
COMMENT ON TABLE market.backfill IS 'A request for the bars of streams between two times.';
COMMENT ON COLUMN market.backfill.until_at IS 'Bars that close later are not fetched.';

CREATE TABLE market.backfill_stream (
  backfill_id uuid NOT NULL,
  stream text NOT NULL,
  status text DEFAULT 'waiting'::text NOT NULL,
  from_at timestamp with time zone,
  asked_at timestamp with time zone,
  claim_epoch bigint DEFAULT 0 NOT NULL,
  claimed_by text,
  lease_until timestamp with time zone,
  problem_code text,
  problem_detail text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  CONSTRAINT backfill_stream_pkey PRIMARY KEY (backfill_id, stream),
  CONSTRAINT backfill_stream_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES market.backfill(backfill_id),
  CONSTRAINT backfill_stream_check CHECK (((status = 'running'::text) = (lease_until IS NOT NULL))),
  CONSTRAINT backfill_stream_check1 CHECK (((status = 'failed'::text) = (problem_code IS NOT NULL))),
  CONSTRAINT backfill_stream_check2 CHECK (((status = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
  CONSTRAINT backfill_stream_claim_epoch_check CHECK ((claim_epoch >= 0)),
  CONSTRAINT backfill_stream_claimed_by_check CHECK (((length(claimed_by) >= 1) AND (length(claimed_by) <= 200))),
  CONSTRAINT backfill_stream_problem_detail_check CHECK ((length(problem_detail) <= 1000)),
  CONSTRAINT backfill_stream_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
  CONSTRAINT backfill_stream_stream_check CHECK ((stream ~ '^[a-z][a-z0-9_]{0,31}:[A-Z0-9][A-Z0-9./:]{0,61}:(1m|5m|15m|30m|1h|4h|1d)$'::text))
);
CREATE UNIQUE INDEX backfill_stream_open ON market.backfill_stream USING btree (stream) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]));
COMMENT ON TABLE market.backfill_stream IS 'One stream of a backfill. How far it is, the ledger tells; here is who works on it.';
COMMENT ON COLUMN market.backfill_stream.from_at IS 'Where the source begins, or the wanted start where that is later; null until it was asked.';
COMMENT ON COLUMN market.backfill_stream.asked_at IS 'Of the time before the stream''s first bar, the source was asked for everything from here on.';
COMMENT ON COLUMN market.backfill_stream.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN market.backfill_stream.lease_until IS 'When the claim ends, by the clock of this database.';

CREATE TABLE market.comparison (
  stream text NOT NULL,
  against text NOT NULL,
  compared_bars bigint DEFAULT 0 NOT NULL,
  undecided_bars bigint DEFAULT 0 NOT NULL,
  skipped_bars bigint DEFAULT 0 NOT NULL,
  last_problem text,
  last_problem_at timestamp with time zone,
  CONSTRAINT comparison_pkey PRIMARY KEY (stream, against),
  CONSTRAINT comparison_against_check CHECK ((against ~ '^[a-z][a-z0-9_]{0,31}$'::text)),
  CONSTRAINT comparison_check CHECK (((last_problem IS NULL) = (last_problem_at IS NULL))),
  CONSTRAINT comparison_compared_bars_check CHECK ((compared_bars >= 0)),
  CONSTRAINT comparison_last_problem_check CHECK (((length(last_problem) >= 1) AND (length(last_problem) <= 1000))),
  CONSTRAINT comparison_skipped_bars_check CHECK ((skipped_bars >= 0)),
  CONSTRAINT comparison_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream),
  CONSTRAINT comparison_undecided_bars_check CHECK ((undecided_bars >= 0))
);
COMMENT ON TABLE market.comparison IS 'How many bars of a stream were compared with those of another source.';
COMMENT ON COLUMN market.comparison.compared_bars IS 'Both sources had them.';
COMMENT ON COLUMN market.comparison.undecided_bars IS 'The other source had no later bar yet, so that nothing can be said.';
COMMENT ON COLUMN market.comparison.skipped_bars IS 'Not compared: the other source could not be asked, had given them itself, or too many waited.';
COMMENT ON COLUMN market.comparison.last_problem IS 'Why bars were skipped last.';

CREATE TABLE market.corporate_action (
  stream text NOT NULL,
  kind text NOT NULL,
  ex_at timestamp with time zone NOT NULL,
  known_at timestamp with time zone NOT NULL,
  new_shares numeric(38,12),
  old_shares numeric(38,12),
  amount numeric(38,12),
  noted_by text NOT NULL,
  reason text NOT NULL,
  told_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT corporate_action_pkey PRIMARY KEY (stream, kind, ex_at, known_at),
  CONSTRAINT corporate_action_amount_check CHECK ((amount >= (0)::numeric)),
  CONSTRAINT corporate_action_check CHECK (((kind = 'split'::text) = ((new_shares IS NOT NULL) AND (old_shares IS NOT NULL)))),
  CONSTRAINT corporate_action_check1 CHECK (((kind = 'split'::text) = (amount IS NULL))),
  CONSTRAINT corporate_action_kind_check CHECK ((kind = ANY (ARRAY['split'::text, 'dividend'::text]))),
  CONSTRAINT corporate_action_new_shares_check CHECK ((new_shares > (0)::numeric)),
  CONSTRAINT corporate_action_noted_by_check CHECK (((length(noted_by) >= 1) AND (length(noted_by) <= 100))),
  CONSTRAINT corporate_action_old_shares_check CHECK ((old_shares > (0)::numeric)),
  CONSTRAINT corporate_action_reason_check CHECK (((length(reason) >= 3) AND (length(reason) <= 500))),
  CONSTRAINT corporate_action_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream)
);
CREATE TRIGGER keep_corporate_actions BEFORE DELETE OR UPDATE OR TRUNCATE ON market.corporate_action FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE market.corporate_action IS 'Splits and dividends of what a stream prices; append only. Prices are kept as they were traded, adjusted ones are computed.';
COMMENT ON COLUMN market.corporate_action.ex_at IS 'Open time of the first bar that trades without the dividend, or in new shares.';
COMMENT ON COLUMN market.corporate_action.known_at IS 'Since when it is known. Of several rows for one action the newest that was known counts.';
COMMENT ON COLUMN market.corporate_action.new_shares IS 'So many new shares for so many old ones: 4 for 1. 1 for 1 takes a split back.';
COMMENT ON COLUMN market.corporate_action.amount IS 'Dividend of one share, in the currency of its price. 0 takes a dividend back.';
COMMENT ON COLUMN market.corporate_action.noted_by IS 'The person or the source that told it.';
COMMENT ON COLUMN market.corporate_action.told_at IS 'When it was told. A source that adjusts for splits tells dividends in the shares of that time.';

CREATE TABLE market.difference (
  stream text NOT NULL,
  against text NOT NULL,
  kind text NOT NULL,
  day_at timestamp with time zone NOT NULL,
  bars bigint NOT NULL,
  worst_open_at timestamp with time zone NOT NULL,
  worst_field text,
  worst_bps double precision,
  worst_ours numeric,
  worst_theirs numeric,
  CONSTRAINT difference_pkey PRIMARY KEY (stream, against, kind, day_at),
  CONSTRAINT difference_bars_check CHECK ((bars > 0)),
  CONSTRAINT difference_check CHECK ((num_nulls(worst_field, worst_bps, worst_ours, worst_theirs) =
CASE
    WHEN (kind = ANY (ARRAY['price'::text, 'volume'::text])) THEN 0
    ELSE 4
END)),
  CONSTRAINT difference_kind_check CHECK ((kind = ANY (ARRAY['price'::text, 'volume'::text, 'missing_here'::text, 'missing_there'::text]))),
  CONSTRAINT difference_stream_against_fkey FOREIGN KEY (stream, against) REFERENCES market.comparison(stream, against),
  CONSTRAINT difference_worst_bps_check CHECK (((worst_bps > (0)::double precision) AND (worst_bps <= (10000)::double precision))),
  CONSTRAINT difference_worst_field_check CHECK ((worst_field = ANY (ARRAY['open'::text, 'high'::text, 'low'::text, 'close'::text, 'volume'::text])))
);
COMMENT ON TABLE market.difference IS 'Bars of a stream that another source tells otherwise by more than the tolerance, by kind and UTC day.';
COMMENT ON COLUMN market.difference.kind IS 'price and volume: both have the bar. missing_here: only the other source has it. missing_there: only the stream has it.';
COMMENT ON COLUMN market.difference.day_at IS '00:00 UTC of the day in which the bars open.';
COMMENT ON COLUMN market.difference.worst_open_at IS 'Open time of the bar that differs most; of missing ones, of the first.';
COMMENT ON COLUMN market.difference.worst_field IS 'The value that differs most; null where the bar is missing, as are the next three.';
COMMENT ON COLUMN market.difference.worst_bps IS 'How much it differs, in basis points of the larger value.';
COMMENT ON COLUMN market.difference.worst_ours IS 'Its value in the stream.';
COMMENT ON COLUMN market.difference.worst_theirs IS 'Its value at the other source.';

CREATE TABLE market.file_source (
  file_id uuid NOT NULL,
  source text NOT NULL,
  known_at timestamp with time zone NOT NULL,
  CONSTRAINT file_source_pkey PRIMARY KEY (file_id),
  CONSTRAINT file_source_file_id_fkey FOREIGN KEY (file_id) REFERENCES ledger.file(file_id),
  CONSTRAINT file_source_source_check CHECK ((source ~ '^[a-z][a-z0-9_]{0,31}$'::text))
);
COMMENT ON TABLE market.file_source IS 'Beside each file of the ledger whose bars are in the curated store: from whom they are, and since when they are known.';
COMMENT ON COLUMN market.file_source.source IS 'Which source gave the bars; in a chain of sources not always the one that the stream is named after.';
COMMENT ON COLUMN market.file_source.known_at IS 'When the bars were learned, by the clock of data_ingester.';

CREATE TABLE market.finding (
  stream text NOT NULL,
  kind text NOT NULL,
  day_at timestamp with time zone NOT NULL,
  bars bigint NOT NULL,
  accepted_bars bigint DEFAULT 0 NOT NULL,
  worst_open_at timestamp with time zone NOT NULL,
  worst_size double precision NOT NULL,
  CONSTRAINT finding_pkey PRIMARY KEY (stream, kind, day_at),
  CONSTRAINT finding_bars_check CHECK ((bars > 0)),
  CONSTRAINT finding_check CHECK (((accepted_bars >= 0) AND (accepted_bars <= bars))),
  CONSTRAINT finding_kind_check CHECK ((kind = ANY (ARRAY['outlier'::text, 'stale'::text, 'volume'::text, 'zero_volume'::text, 'restated'::text]))),
  CONSTRAINT finding_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream)
);
COMMENT ON TABLE market.finding IS 'Bars that are sound one by one and odd beside their neighbours, by kind and UTC day.';
COMMENT ON COLUMN market.finding.day_at IS '00:00 UTC of the day in which the bars open.';
COMMENT ON COLUMN market.finding.accepted_bars IS 'How many of them a named person accepted.';
COMMENT ON COLUMN market.finding.worst_open_at IS 'Open time of the worst of them.';
COMMENT ON COLUMN market.finding.worst_size IS 'How odd that is: the z-score, the length of the run in bars, or the revision of a restated bar.';

CREATE TABLE market.gap (
  stream text NOT NULL,
  from_at timestamp with time zone NOT NULL,
  to_at timestamp with time zone NOT NULL,
  missing_bars integer NOT NULL,
  state text DEFAULT 'open'::text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  last_asked_at timestamp with time zone,
  closed_at timestamp with time zone,
  acceptance_id uuid,
  CONSTRAINT gap_pkey PRIMARY KEY (stream, from_at),
  CONSTRAINT gap_acceptance_id_fkey FOREIGN KEY (acceptance_id) REFERENCES market.acceptance(acceptance_id),
  CONSTRAINT gap_accepted CHECK (((state = 'accepted'::text) = (acceptance_id IS NOT NULL))),
  CONSTRAINT gap_attempts_check CHECK ((attempts >= 0)),
  CONSTRAINT gap_check CHECK ((from_at < to_at)),
  CONSTRAINT gap_closed CHECK (((state = 'open'::text) = (closed_at IS NULL))),
  CONSTRAINT gap_missing_bars_check CHECK ((missing_bars > 0)),
  CONSTRAINT gap_state_check CHECK ((state = ANY (ARRAY['open'::text, 'filled'::text, 'accepted'::text]))),
  CONSTRAINT gap_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream)
);
CREATE INDEX gap_open ON market.gap USING btree (stream, to_at) WHERE (state = 'open'::text);
COMMENT ON TABLE market.gap IS 'A run of bars that the calendar expects and that did not come in order. Never filled by invention.';
COMMENT ON COLUMN market.gap.from_at IS 'Open time of the first missing bar.';
COMMENT ON COLUMN market.gap.to_at IS 'Open time of the next bar that is there.';
COMMENT ON COLUMN market.gap.state IS 'open: missing. filled: the source gave the bars later, and they are registered as a revision. accepted: missing, and a named person lives with it.';
COMMENT ON COLUMN market.gap.attempts IS 'How often the source was asked again.';
COMMENT ON COLUMN market.gap.last_asked_at IS 'When it was asked last, by the clock of data_ingester.';
COMMENT ON COLUMN market.gap.closed_at IS 'When it was filled or accepted.';

CREATE TABLE market.lost_file (
  file_id uuid NOT NULL,
  noted_at timestamp with time zone NOT NULL,
  CONSTRAINT lost_file_pkey PRIMARY KEY (file_id),
  CONSTRAINT lost_file_file_id_fkey FOREIGN KEY (file_id) REFERENCES ledger.file(file_id)
);
COMMENT ON TABLE market.lost_file IS 'Files that were registered and found corrupt later, whose bars were noted as gaps: each once.';

CREATE TABLE market.part (
  part_id text NOT NULL,
  stream text NOT NULL,
  year integer NOT NULL,
  path text NOT NULL,
  rows integer NOT NULL,
  bytes bigint NOT NULL,
  first_open_at timestamp with time zone NOT NULL,
  last_open_at timestamp with time zone NOT NULL,
  revision_max integer NOT NULL,
  decimals smallint NOT NULL,
  sources text[] NOT NULL,
  raw_sha256 text[] NOT NULL,
  made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  retired_at timestamp with time zone,
  CONSTRAINT part_pkey PRIMARY KEY (part_id),
  CONSTRAINT part_bytes_check CHECK ((bytes > 0)),
  CONSTRAINT part_check CHECK ((first_open_at <= last_open_at)),
  CONSTRAINT part_decimals_check CHECK (((decimals >= 0) AND (decimals <= 12))),
  CONSTRAINT part_part_id_check CHECK ((part_id ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT part_path_check CHECK (((path ~ '^curated/[A-Za-z0-9_./=-]{1,250}\.parquet$'::text) AND (path !~ '\.\.'::text))),
  CONSTRAINT part_path_key UNIQUE (path),
  CONSTRAINT part_raw_sha256_check CHECK (((cardinality(raw_sha256) >= 1) AND (cardinality(raw_sha256) <= 4096))),
  CONSTRAINT part_revision_max_check CHECK ((revision_max >= 0)),
  CONSTRAINT part_rows_check CHECK ((rows > 0)),
  CONSTRAINT part_sources_check CHECK ((cardinality(sources) > 0)),
  CONSTRAINT part_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream),
  CONSTRAINT part_year_check CHECK (((year >= 1000) AND (year <= 9999)))
);
CREATE INDEX part_live ON market.part USING btree (stream, last_open_at) WHERE (retired_at IS NULL);
CREATE INDEX part_retired ON market.part USING btree (retired_at) WHERE (retired_at IS NOT NULL);
COMMENT ON TABLE market.part IS 'The Parquet files of the curated store. A file without a row is none of it.';
COMMENT ON COLUMN market.part.part_id IS 'SHA-256 of the bytes of the file.';
COMMENT ON COLUMN market.part.year IS 'In which all bars of it open, UTC.';
COMMENT ON COLUMN market.part.path IS 'Below the root of the lake.';
COMMENT ON COLUMN market.part.rows IS 'Bars, each revision of a bar one.';
COMMENT ON COLUMN market.part.first_open_at IS 'Open time of its first bar.';
COMMENT ON COLUMN market.part.revision_max IS 'The highest revision of its bars; 0 where all are as first published.';
COMMENT ON COLUMN market.part.decimals IS 'No number in it has more digits after the point.';
COMMENT ON COLUMN market.part.sources IS 'Which sources gave its bars.';
COMMENT ON COLUMN market.part.raw_sha256 IS 'The raw files that it was made from; the column raw_file of the Parquet file counts into this list from 0.';
COMMENT ON COLUMN market.part.retired_at IS 'When another part took its bars over; the row goes with the file, some time later.';

CREATE TABLE market.quality (
  stream text NOT NULL,
  bars bigint NOT NULL,
  first_open_at timestamp with time zone NOT NULL,
  last_open_at timestamp with time zone NOT NULL,
  monitor text NOT NULL,
  thresholds text NOT NULL,
  stale_accepted_from_at timestamp with time zone,
  verdict text NOT NULL,
  reasons text[] NOT NULL,
  since_at timestamp with time zone NOT NULL,
  CONSTRAINT quality_pkey PRIMARY KEY (stream),
  CONSTRAINT quality_bars_check CHECK ((bars >= 0)),
  CONSTRAINT quality_check CHECK ((first_open_at <= last_open_at)),
  CONSTRAINT quality_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream),
  CONSTRAINT quality_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'warn'::text, 'block'::text])))
) WITH (fillfactor=50);
COMMENT ON TABLE market.quality IS 'Where the watch over each stream stands, written in the transaction that registers its bars.';
COMMENT ON COLUMN market.quality.bars IS 'Bars that are held, each counted once whatever its revisions.';
COMMENT ON COLUMN market.quality.monitor IS 'What the watch has to remember of the bars before, as JSON: two windows of numbers and the runs that are going on.';
COMMENT ON COLUMN market.quality.thresholds IS 'The limits that the stream was judged by last, as JSON.';
COMMENT ON COLUMN market.quality.stale_accepted_from_at IS 'The first bar of a run of equal closes that a named person accepted; a later run counts again.';
COMMENT ON COLUMN market.quality.since_at IS 'Since when the verdict is what it is.';

CREATE TABLE market.rejection (
  stream text NOT NULL,
  reason text NOT NULL,
  bars bigint NOT NULL,
  first_open_at timestamp with time zone,
  accepted_bars bigint DEFAULT 0 NOT NULL,
  CONSTRAINT rejection_pkey PRIMARY KEY (stream, reason),
  CONSTRAINT rejection_accepted CHECK (((accepted_bars >= 0) AND (accepted_bars <= bars))),
  CONSTRAINT rejection_bars_check CHECK ((bars > 0)),
  CONSTRAINT rejection_reason_check CHECK ((reason ~ '^[a-z_]{1,40}$'::text)),
  CONSTRAINT rejection_stream_fkey FOREIGN KEY (stream) REFERENCES market.stream(stream)
);
COMMENT ON TABLE market.rejection IS 'How many bars of a stream were not taken, by reason, over the chunks that were registered or quarantined.';
COMMENT ON COLUMN market.rejection.first_open_at IS 'Open time of the first bar rejected for this reason; null where no time could be read.';
COMMENT ON COLUMN market.rejection.accepted_bars IS 'How many of them a named person accepted.';

CREATE TABLE market.stream (
  stream text NOT NULL,
  source text NOT NULL,
  instrument text NOT NULL,
  timeframe text NOT NULL,
  calendar text NOT NULL,
  gap_meaning text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  feed text,
  adjustment text,
  session text,
  tick_size numeric,
  config_hash text,
  CONSTRAINT stream_pkey PRIMARY KEY (stream),
  CONSTRAINT stream_adjustment_check CHECK ((adjustment = ANY (ARRAY['raw'::text, 'split'::text, 'dividend'::text, 'all'::text]))),
  CONSTRAINT stream_calendar_check CHECK ((calendar = ANY (ARRAY['always'::text, 'xnys'::text, 'fx'::text]))),
  CONSTRAINT stream_check CHECK ((stream = ((((source || ':'::text) || instrument) || ':'::text) || timeframe))),
  CONSTRAINT stream_config_hash_check CHECK ((config_hash ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT stream_feed_check CHECK ((feed ~ '^[a-z][a-z0-9_]{0,31}$'::text)),
  CONSTRAINT stream_gap_meaning_check CHECK ((gap_meaning = ANY (ARRAY['session'::text, 'trades_only'::text]))),
  CONSTRAINT stream_session_check CHECK ((session = ANY (ARRAY['regular'::text, 'extended'::text]))),
  CONSTRAINT stream_stream_check CHECK ((stream ~ '^[a-z][a-z0-9_]{0,31}:[A-Z0-9][A-Z0-9./:]{0,61}:(1m|5m|15m|30m|1h|4h|1d)$'::text)),
  CONSTRAINT stream_tick_size_check CHECK ((tick_size > (0)::numeric)),
  CONSTRAINT stream_timeframe_check CHECK ((timeframe = ANY (ARRAY['1m'::text, '5m'::text, '15m'::text, '30m'::text, '1h'::text, '4h'::text, '1d'::text])))
);
COMMENT ON TABLE market.stream IS 'One series of bars: a source, an instrument and how long a bar lasts.';
COMMENT ON COLUMN market.stream.calendar IS 'When bars are expected: always, in the sessions of the New York Stock Exchange (xnys), or in the week of the currency market (fx).';
COMMENT ON COLUMN market.stream.gap_meaning IS 'session: a missing bar is a gap. trades_only: the source makes no bar in an interval without trades, and nothing is missing.';
COMMENT ON COLUMN market.stream.feed IS 'Which of a vendor''s feeds the bars are of, such as iex; null where there is one only. Stays once the stream has bars, as do calendar, adjustment and session.';
COMMENT ON COLUMN market.stream.adjustment IS 'What prices were changed for: raw is nothing; null where the source does not say.';
COMMENT ON COLUMN market.stream.session IS 'Which hours of a stock exchange intraday bars are expected in; null where that was not told.';
COMMENT ON COLUMN market.stream.tick_size IS 'Smallest step of the price, as configured.';
COMMENT ON COLUMN market.stream.config_hash IS 'SHA-256 of everything that the configuration said about the stream at its last file; null in rows from before this was kept.';

CREATE TABLE market.universe_refresh (
  universe text NOT NULL,
  as_of_at timestamp with time zone NOT NULL,
  refreshed_at timestamp with time zone NOT NULL,
  refreshed_by text NOT NULL,
  reason text NOT NULL,
  members text[] NOT NULL,
  inputs text NOT NULL,
  inputs_sha256 text NOT NULL,
  CONSTRAINT universe_refresh_pkey PRIMARY KEY (universe, as_of_at),
  CONSTRAINT universe_refresh_check CHECK ((as_of_at <= refreshed_at)),
  CONSTRAINT universe_refresh_inputs_sha256_check CHECK ((inputs_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT universe_refresh_reason_check CHECK (((length(reason) >= 3) AND (length(reason) <= 500))),
  CONSTRAINT universe_refresh_refreshed_by_check CHECK (((length(refreshed_by) >= 1) AND (length(refreshed_by) <= 100))),
  CONSTRAINT universe_refresh_universe_check CHECK ((universe ~ '^[a-z][a-z0-9_]{0,47}$'::text))
);
CREATE TRIGGER keep_universes BEFORE DELETE OR UPDATE OR TRUNCATE ON market.universe_refresh FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE market.universe_refresh IS 'The members of a universe as of a time; append only, and one decision a time.';
COMMENT ON COLUMN market.universe_refresh.as_of_at IS 'Decided by bars that had closed by then.';
COMMENT ON COLUMN market.universe_refresh.refreshed_at IS 'When it was decided, by the clock of data_ingester.';
COMMENT ON COLUMN market.universe_refresh.refreshed_by IS 'The person who asked for it, or schedule.';
COMMENT ON COLUMN market.universe_refresh.members IS 'Streams, sorted.';
COMMENT ON COLUMN market.universe_refresh.inputs IS 'Canonical JSON of everything that the decision went by: filters, and of each candidate what was measured and why it is out.';
COMMENT ON COLUMN market.universe_refresh.inputs_sha256 IS 'SHA-256 of inputs.';

GRANT USAGE ON SCHEMA market TO aistock_data_ingester;
GRANT INSERT, SELECT ON TABLE market.acceptance TO aistock_data_ingester;
GRANT INSERT, SELECT ON TABLE market.backfill TO aistock_data_ingester;
GRANT INSERT, SELECT, UPDATE ON TABLE market.backfill_stream TO aistock_data_ingester;
GRANT INSERT, SELECT, UPDATE ON TABLE market.comparison TO aistock_data_ingester;
GRANT INSERT, SELECT ON TABLE market.corporate_action TO aistock_data_ingester;
GRANT INSERT, SELECT, UPDATE ON TABLE market.difference TO aistock_data_ingester;
GRANT INSERT, SELECT ON TABLE market.file_source TO aistock_data_ingester;
GRANT INSERT, SELECT, UPDATE ON TABLE market.finding TO aistock_data_ingester;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE market.gap TO aistock_data_ingester;
GRANT INSERT, SELECT ON TABLE market.lost_file TO aistock_data_ingester;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE market.part TO aistock_data_ingester;
GRANT INSERT, SELECT, UPDATE ON TABLE market.quality TO aistock_data_ingester;
GRANT INSERT, SELECT, UPDATE ON TABLE market.rejection TO aistock_data_ingester;
GRANT INSERT, SELECT, UPDATE ON TABLE market.stream TO aistock_data_ingester;
GRANT INSERT, SELECT ON TABLE market.universe_refresh TO aistock_data_ingester;

CREATE SCHEMA ml;

CREATE OR REPLACE FUNCTION ml.record_run_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
BEGIN
  INSERT INTO ml.run_event (run_id, status, phase, progress, message, claimed_by, at)
  VALUES (NEW.run_id, NEW.status, NEW.phase, NEW.progress, NEW.message, NEW.claimed_by, clock_timestamp());
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION ml.tell_registry()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  PERFORM pg_catalog.pg_notify('ml_registry', NEW.stream);
  RETURN NULL;
END $function$;

CREATE TABLE ml.alias (
  stream text NOT NULL,
  strategy text NOT NULL,
  kind text NOT NULL,
  alias text NOT NULL,
  model_id uuid,
  generation integer NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT alias_pkey PRIMARY KEY (stream, strategy, kind, alias),
  CONSTRAINT alias_alias_check CHECK ((alias = ANY (ARRAY['champion'::text, 'challenger'::text, 'live'::text]))),
  CONSTRAINT alias_check CHECK (((alias <> 'live'::text) OR (strategy <> '*'::text))),
  CONSTRAINT alias_generation_check CHECK ((generation > 0)),
  CONSTRAINT alias_kind_check CHECK ((kind = ANY (ARRAY['regime'::text, 'trend'::text, 'volatility'::text, 'direction'::text, 'regression'::text]))),
  CONSTRAINT alias_model_id_stream_kind_fkey FOREIGN KEY (model_id, stream, kind) REFERENCES ml.model(model_id, stream, kind),
  CONSTRAINT alias_strategy_check CHECK (((strategy = '*'::text) OR (strategy ~ '^[a-z][a-z0-9_]{0,47}$'::text)))
);
CREATE INDEX alias_model ON ml.alias USING btree (model_id);
CREATE TRIGGER tell_registry AFTER INSERT OR UPDATE ON ml.alias FOR EACH ROW EXECUTE FUNCTION ml.tell_registry();
COMMENT ON TABLE ml.alias IS 'The model that answers for a stream. Changed by compare-and-swap on generation, which grows by one each time.';
COMMENT ON COLUMN ml.alias.strategy IS 'Whom the model answers; * for everybody who has none of his own.';
COMMENT ON COLUMN ml.alias.alias IS 'champion answers; challenger is tried beside it; live is the champion that a person signed off, for sessions that trade money.';
COMMENT ON COLUMN ml.alias.model_id IS 'Null where the last one was withdrawn: then nobody answers, also not the champion of *.';

CREATE VIEW ml.alias_in_force AS
 SELECT alias.stream, alias.strategy, alias.kind, alias.alias, alias.model_id, model.instrument,
    model.expires_at
   FROM ml.alias
     LEFT JOIN ml.model USING (model_id);
COMMENT ON VIEW ml.alias_in_force IS 'For param_controller: whether the model behind a choice still answers.';

CREATE TABLE ml.approval (
  model_id uuid NOT NULL,
  strategy text NOT NULL,
  approved_by text NOT NULL,
  reason text NOT NULL,
  approved_at timestamp with time zone NOT NULL,
  CONSTRAINT approval_pkey PRIMARY KEY (model_id, strategy),
  CONSTRAINT approval_approved_by_check CHECK (((length(approved_by) >= 1) AND (length(approved_by) <= 100))),
  CONSTRAINT approval_model_id_fkey FOREIGN KEY (model_id) REFERENCES ml.model(model_id),
  CONSTRAINT approval_reason_check CHECK (((length(reason) >= 3) AND (length(reason) <= 500))),
  CONSTRAINT approval_strategy_check CHECK ((strategy ~ '^[a-z][a-z0-9_]{0,47}$'::text))
);
CREATE TRIGGER keep_approvals BEFORE DELETE OR UPDATE OR TRUNCATE ON ml.approval FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ml.approval IS 'The person who signed a model off for a strategy to trade on live; append only.';

CREATE TABLE ml.judgement (
  model_id uuid NOT NULL,
  strategy text NOT NULL,
  gates jsonb NOT NULL,
  passed boolean NOT NULL,
  judged_at timestamp with time zone NOT NULL,
  sharpe double precision,
  CONSTRAINT judgement_pkey PRIMARY KEY (model_id, strategy),
  CONSTRAINT judgement_gates_check CHECK ((jsonb_typeof(gates) = 'array'::text)),
  CONSTRAINT judgement_model_id_fkey FOREIGN KEY (model_id) REFERENCES ml.model(model_id),
  CONSTRAINT judgement_strategy_check CHECK ((strategy ~ '^[a-z][a-z0-9_]{0,47}$'::text))
);
CREATE TRIGGER keep_judgements BEFORE DELETE OR UPDATE OR TRUNCATE ON ml.judgement FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ml.judgement IS 'What came of a model''s gates for a strategy; append only.';
COMMENT ON COLUMN ml.judgement.sharpe IS 'A year, walking forward, after costs; null where it is not defined.';

CREATE TABLE ml.live_score (
  model_id uuid NOT NULL,
  open_at timestamp with time zone NOT NULL,
  log_likelihood double precision NOT NULL,
  state smallint NOT NULL,
  trend double precision NOT NULL,
  risk double precision NOT NULL,
  CONSTRAINT live_score_pkey PRIMARY KEY (model_id, open_at),
  CONSTRAINT live_score_log_likelihood_check CHECK (((log_likelihood >= ('-1000000000'::numeric)::double precision) AND (log_likelihood <= ('1000000000'::numeric)::double precision))),
  CONSTRAINT live_score_model_id_fkey FOREIGN KEY (model_id) REFERENCES ml.model(model_id),
  CONSTRAINT live_score_risk_check CHECK (((risk >= (0)::double precision) AND (risk <= (1)::double precision))),
  CONSTRAINT live_score_state_check CHECK ((state >= 0)),
  CONSTRAINT live_score_trend_check CHECK (((trend >= ('-1'::integer)::double precision) AND (trend <= (1)::double precision)))
);
CREATE INDEX live_score_open ON ml.live_score USING btree (open_at);
COMMENT ON TABLE ml.live_score IS 'What a model said of a bar that closed after the model was made: once, by whichever replica was first.';
COMMENT ON COLUMN ml.live_score.log_likelihood IS 'Of the features of the bar given all bars before, in nats.';

CREATE TABLE ml.model (
  model_id uuid NOT NULL,
  run_id uuid NOT NULL,
  stream text NOT NULL,
  instrument text NOT NULL,
  timeframe text NOT NULL,
  algorithm text NOT NULL,
  states integer,
  sha256 text NOT NULL,
  artefact text NOT NULL,
  carried text,
  features text[] NOT NULL,
  trained_from_at timestamp with time zone NOT NULL,
  trained_to_at timestamp with time zone NOT NULL,
  bars integer NOT NULL,
  bic double precision,
  log_likelihood double precision,
  holdout_log_likelihood double precision,
  gates jsonb NOT NULL,
  gates_passed boolean NOT NULL,
  report jsonb,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  kind text NOT NULL,
  card jsonb,
  code_version text,
  parent_model_id uuid,
  CONSTRAINT model_pkey PRIMARY KEY (model_id),
  CONSTRAINT model_algorithm_check CHECK ((algorithm ~ '^[a-z][a-z0-9_]{0,63}$'::text)),
  CONSTRAINT model_bars_check CHECK ((bars > 0)),
  CONSTRAINT model_card_check CHECK ((jsonb_typeof(card) = 'object'::text)),
  CONSTRAINT model_check CHECK ((trained_from_at <= trained_to_at)),
  CONSTRAINT model_check1 CHECK ((created_at < expires_at)),
  CONSTRAINT model_check2 CHECK (((kind <> 'regime'::text) OR (states IS NOT NULL))),
  CONSTRAINT model_code_version_check CHECK (((length(code_version) >= 1) AND (length(code_version) <= 100))),
  CONSTRAINT model_features_check CHECK ((cardinality(features) > 0)),
  CONSTRAINT model_gates_check CHECK ((jsonb_typeof(gates) = 'array'::text)),
  CONSTRAINT model_kind_check CHECK ((kind = ANY (ARRAY['regime'::text, 'trend'::text, 'volatility'::text, 'direction'::text, 'regression'::text]))),
  CONSTRAINT model_model_id_stream_kind_key UNIQUE (model_id, stream, kind),
  CONSTRAINT model_parent_model_id_fkey FOREIGN KEY (parent_model_id) REFERENCES ml.model(model_id),
  CONSTRAINT model_report_check CHECK ((jsonb_typeof(report) = 'object'::text)),
  CONSTRAINT model_run_id_fkey FOREIGN KEY (run_id) REFERENCES ml.run(run_id),
  CONSTRAINT model_run_id_key UNIQUE (run_id),
  CONSTRAINT model_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT model_states_check CHECK ((states > 0)),
  CONSTRAINT model_timeframe_check CHECK ((timeframe = ANY (ARRAY['1m'::text, '5m'::text, '15m'::text, '30m'::text, '1h'::text, '4h'::text, '1d'::text])))
);
CREATE INDEX model_instrument ON ml.model USING btree (instrument, created_at DESC);
CREATE INDEX model_stream ON ml.model USING btree (stream, created_at DESC);
CREATE TRIGGER keep_models BEFORE DELETE OR UPDATE OR TRUNCATE ON ml.model FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ml.model IS 'Trained models. A row is never changed; the service has no right to.';
COMMENT ON COLUMN ml.model.states IS 'Of a regime model; null for others.';
COMMENT ON COLUMN ml.model.artefact IS 'Canonical JSON: the model''s parameters, its features, and from which bar on its filter runs. sha256 is over these bytes.';
COMMENT ON COLUMN ml.model.carried IS 'JSON: expected sufficient statistics and the last bars, from which online EM goes on without reading old bars again; null for what is not trained online.';
COMMENT ON COLUMN ml.model.trained_from_at IS 'Open time of the first bar that the model was fitted on.';
COMMENT ON COLUMN ml.model.trained_to_at IS 'Open time of the last bar that the model was fitted on.';
COMMENT ON COLUMN ml.model.bars IS 'Bars that the model was fitted on, over all runs of its line.';
COMMENT ON COLUMN ml.model.log_likelihood IS 'Natural logarithm, of the bars fitted in its run, in units of the features.';
COMMENT ON COLUMN ml.model.holdout_log_likelihood IS 'Mean a bar, natural logarithm, on later bars that it was not fitted on.';
COMMENT ON COLUMN ml.model.gates IS 'That have nothing to do with a strategy; those of a strategy are in ml.judgement.';
COMMENT ON COLUMN ml.model.report IS 'Of models from before they had a row in ml.model_report; null for others.';
COMMENT ON COLUMN ml.model.kind IS 'What it tells: regime, trend, volatility, direction or regression.';
COMMENT ON COLUMN ml.model.card IS 'Algorithm, training window, file hashes, features with versions, hyperparameters, seed and metrics; null for models from before there were cards.';
COMMENT ON COLUMN ml.model.code_version IS 'Version of the package and hash of the sources that trained it; null for models from before it was kept.';
COMMENT ON COLUMN ml.model.parent_model_id IS 'The champion that it was measured against, or else the model that it goes on from; null for the first of its line.';

CREATE TABLE ml.model_report (
  model_id uuid NOT NULL,
  report text NOT NULL,
  sha256 text NOT NULL,
  note text NOT NULL,
  verifier_key text NOT NULL,
  CONSTRAINT model_report_pkey PRIMARY KEY (model_id),
  CONSTRAINT model_report_check1 CHECK ((sha256 = encode(sha256(convert_to(report, 'UTF8'::name)), 'hex'::text))),
  CONSTRAINT model_report_model_id_fkey FOREIGN KEY (model_id) REFERENCES ml.model(model_id),
  CONSTRAINT model_report_note_check CHECK (((length(note) >= 1) AND (length(note) <= 2000))),
  CONSTRAINT model_report_report_check CHECK (((octet_length(report) >= 1) AND (octet_length(report) <= 4000000))),
  CONSTRAINT model_report_verifier_key_check CHECK (((length(verifier_key) >= 1) AND (length(verifier_key) <= 500)))
);
CREATE TRIGGER keep_model_reports BEFORE DELETE OR UPDATE OR TRUNCATE ON ml.model_report FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ml.model_report IS 'All that was known of a model when it was written, signed; append only.';
COMMENT ON COLUMN ml.model_report.report IS 'Canonical JSON; sha256 is over these bytes.';
COMMENT ON COLUMN ml.model_report.note IS 'C2SP signed note over the model and the hash of the report.';
COMMENT ON COLUMN ml.model_report.verifier_key IS 'The key that signed it, as text: keys change, and old reports stay.';

CREATE TABLE ml.promotion (
  stream text NOT NULL,
  generation integer NOT NULL,
  model_id uuid,
  previous_model_id uuid,
  change text NOT NULL,
  changed_by text NOT NULL,
  reason text NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  strategy text NOT NULL,
  kind text NOT NULL,
  alias text NOT NULL,
  CONSTRAINT promotion_pkey PRIMARY KEY (stream, strategy, kind, alias, generation),
  CONSTRAINT promotion_change_check CHECK ((change = ANY (ARRAY['promoted'::text, 'rolled_back'::text, 'demoted'::text, 'signed_off'::text, 'challenged'::text, 'withdrawn'::text]))),
  CONSTRAINT promotion_check CHECK (((model_id IS NULL) = (change = ANY (ARRAY['demoted'::text, 'withdrawn'::text])))),
  CONSTRAINT promotion_generation_check CHECK ((generation > 0)),
  CONSTRAINT promotion_model_id_fkey FOREIGN KEY (model_id) REFERENCES ml.model(model_id),
  CONSTRAINT promotion_previous_model_id_fkey FOREIGN KEY (previous_model_id) REFERENCES ml.model(model_id)
);
CREATE INDEX promotion_model ON ml.promotion USING btree (model_id);
CREATE TRIGGER keep_promotions BEFORE DELETE OR UPDATE OR TRUNCATE ON ml.promotion FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ml.promotion IS 'Every change of an alias, append only.';
COMMENT ON COLUMN ml.promotion.model_id IS 'Null where nobody came after the one before.';
COMMENT ON COLUMN ml.promotion.previous_model_id IS 'The model that the alias named before; null where it named none.';
COMMENT ON COLUMN ml.promotion.change IS 'promoted, rolled_back or demoted: of the champion; signed_off: to live; challenged: to challenger; withdrawn: of a challenger or a live one that followed its champion.';

CREATE TABLE ml.run (
  run_id uuid DEFAULT gen_random_uuid() NOT NULL,
  stream text NOT NULL,
  status text DEFAULT 'queued'::text NOT NULL,
  exactly_once boolean NOT NULL,
  files integer DEFAULT 0 NOT NULL,
  bars integer DEFAULT 0 NOT NULL,
  promoted boolean DEFAULT false NOT NULL,
  champion_id uuid,
  problem_code text,
  problem_detail text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  request jsonb NOT NULL,
  seed integer NOT NULL,
  phase text DEFAULT 'waiting'::text NOT NULL,
  progress real DEFAULT 0 NOT NULL,
  message text DEFAULT ''::text NOT NULL,
  claim_epoch bigint DEFAULT 0 NOT NULL,
  claimed_by text,
  lease_until timestamp with time zone,
  attempts integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT run_pkey PRIMARY KEY (run_id),
  CONSTRAINT run_attempts_check CHECK ((attempts >= 0)),
  CONSTRAINT run_bars_check CHECK ((bars >= 0)),
  CONSTRAINT run_check1 CHECK (((status = ANY (ARRAY['failed'::text, 'abandoned'::text])) = (problem_code IS NOT NULL))),
  CONSTRAINT run_check2 CHECK (((problem_code IS NULL) = (problem_detail IS NULL))),
  CONSTRAINT run_check3 CHECK (((status = 'trained'::text) OR (NOT promoted))),
  CONSTRAINT run_claim_epoch_check CHECK ((claim_epoch >= 0)),
  CONSTRAINT run_claimed_by_check CHECK (((length(claimed_by) >= 1) AND (length(claimed_by) <= 200))),
  CONSTRAINT run_files_check CHECK ((files >= 0)),
  CONSTRAINT run_finished CHECK (((status = ANY (ARRAY['queued'::text, 'running'::text])) = (finished_at IS NULL))),
  CONSTRAINT run_lease CHECK ((((status = 'running'::text) = (lease_until IS NOT NULL)) AND ((status <> 'running'::text) OR (claimed_by IS NOT NULL)))),
  CONSTRAINT run_message_check CHECK ((length(message) <= 200)),
  CONSTRAINT run_phase_check CHECK ((phase = ANY (ARRAY['waiting'::text, 'claiming'::text, 'reading'::text, 'fitting'::text, 'validating'::text, 'committing'::text]))),
  CONSTRAINT run_problem_code_check CHECK ((problem_code ~ '^[a-z][a-z0-9_]*$'::text)),
  CONSTRAINT run_problem_detail_check CHECK ((length(problem_detail) <= 1000)),
  CONSTRAINT run_progress_check CHECK (((progress >= (0)::double precision) AND (progress <= (1)::double precision))),
  CONSTRAINT run_request_check CHECK ((jsonb_typeof(request) = 'object'::text)),
  CONSTRAINT run_seed_check CHECK ((seed >= 0)),
  CONSTRAINT run_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'trained'::text, 'nothing_to_train'::text, 'failed'::text, 'cancelled'::text, 'abandoned'::text]))),
  CONSTRAINT run_stream_check CHECK (((length(stream) >= 1) AND (length(stream) <= 110)))
);
CREATE INDEX run_newest ON ml.run USING btree (created_at DESC, run_id);
CREATE UNIQUE INDEX run_one_a_stream ON ml.run USING btree (stream) WHERE (status = 'running'::text);
CREATE INDEX run_open ON ml.run USING btree (created_at) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE TRIGGER keep_finished_run BEFORE DELETE OR UPDATE ON ml.run FOR EACH ROW WHEN ((old.status <> ALL (ARRAY['queued'::text, 'running'::text]))) EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_runs BEFORE TRUNCATE ON ml.run FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER record_run AFTER INSERT ON ml.run FOR EACH ROW EXECUTE FUNCTION ml.record_run_step();
CREATE TRIGGER record_run_step AFTER UPDATE ON ml.run FOR EACH ROW WHEN ((((((new.status IS DISTINCT FROM old.status) OR (new.phase IS DISTINCT FROM old.phase)) OR (new.progress IS DISTINCT FROM old.progress)) OR (new.message IS DISTINCT FROM old.message)) OR (new.claim_epoch IS DISTINCT FROM old.claim_epoch))) EXECUTE FUNCTION ml.record_run_step();
COMMENT ON TABLE ml.run IS 'Trainings of a stream that were asked for, and what came of them. A row is never changed once it is finished.';
COMMENT ON COLUMN ml.run.exactly_once IS 'Whether the run trained on its claimed files only; otherwise on a sliding window of bars that ends with them.';
COMMENT ON COLUMN ml.run.bars IS 'Bars that the model was fitted on in this run.';
COMMENT ON COLUMN ml.run.champion_id IS 'The active model that the challenger was measured against; null where there was none.';
COMMENT ON COLUMN ml.run.request IS 'What was asked for, with every default that was filled in.';
COMMENT ON COLUMN ml.run.seed IS 'Of every draw of the fit.';
COMMENT ON COLUMN ml.run.phase IS 'What it does, or did when it ended.';
COMMENT ON COLUMN ml.run.progress IS 'Done of the phase.';
COMMENT ON COLUMN ml.run.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN ml.run.lease_until IS 'When the claim ends, by the clock of this database.';
COMMENT ON COLUMN ml.run.attempts IS 'Claims that were not given back; too many make it abandoned.';

CREATE TABLE ml.run_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  run_id uuid NOT NULL,
  status text NOT NULL,
  phase text NOT NULL,
  progress real NOT NULL,
  message text NOT NULL,
  claimed_by text,
  at timestamp with time zone NOT NULL,
  CONSTRAINT run_event_pkey PRIMARY KEY (event_id)
);
CREATE INDEX run_event_run ON ml.run_event USING btree (run_id, event_id);
CREATE TRIGGER keep_run_events BEFORE DELETE OR UPDATE OR TRUNCATE ON ml.run_event FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
COMMENT ON TABLE ml.run_event IS 'Every step of every run, written by a trigger; append only. What GET /runs/{id}/events tells.';
COMMENT ON COLUMN ml.run_event.run_id IS 'Of ml.run, whose rows are never removed.';
COMMENT ON COLUMN ml.run_event.claimed_by IS 'The process that worked on it.';

CREATE TABLE ml.run_file (
  run_id uuid NOT NULL,
  file_id uuid NOT NULL,
  sha256 text NOT NULL,
  claim_epoch bigint NOT NULL,
  CONSTRAINT run_file_pkey PRIMARY KEY (run_id, file_id),
  CONSTRAINT run_file_claim_epoch_check CHECK ((claim_epoch > 0)),
  CONSTRAINT run_file_file_id_fkey FOREIGN KEY (file_id) REFERENCES ledger.file(file_id),
  CONSTRAINT run_file_run_id_fkey FOREIGN KEY (run_id) REFERENCES ml.run(run_id),
  CONSTRAINT run_file_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
CREATE INDEX run_file_file ON ml.run_file USING btree (file_id);
COMMENT ON TABLE ml.run_file IS 'The files that a finished run marked as processed, written in the same transaction.';

CREATE TABLE ml.shadow_trial (
  trial_id uuid DEFAULT gen_random_uuid() NOT NULL,
  stream text NOT NULL,
  strategy text NOT NULL,
  kind text NOT NULL,
  model_id uuid NOT NULL,
  champion_id uuid NOT NULL,
  days double precision NOT NULL,
  started_at timestamp with time zone NOT NULL,
  status text DEFAULT 'running'::text NOT NULL,
  bars integer DEFAULT 0 NOT NULL,
  mean_difference double precision,
  lower_bound double precision,
  upper_bound double precision,
  gates jsonb DEFAULT '[]'::jsonb NOT NULL,
  reason text,
  checked_at timestamp with time zone,
  ended_at timestamp with time zone,
  CONSTRAINT shadow_trial_pkey PRIMARY KEY (trial_id),
  CONSTRAINT shadow_trial_bars_check CHECK ((bars >= 0)),
  CONSTRAINT shadow_trial_champion_id_fkey FOREIGN KEY (champion_id) REFERENCES ml.model(model_id),
  CONSTRAINT shadow_trial_check CHECK (((ended_at IS NULL) = (status = ANY (ARRAY['running'::text, 'proved'::text])))),
  CONSTRAINT shadow_trial_check1 CHECK (((ended_at IS NULL) OR (reason IS NOT NULL))),
  CONSTRAINT shadow_trial_days_check CHECK ((days > (0)::double precision)),
  CONSTRAINT shadow_trial_gates_check CHECK ((jsonb_typeof(gates) = 'array'::text)),
  CONSTRAINT shadow_trial_model_id_stream_kind_fkey FOREIGN KEY (model_id, stream, kind) REFERENCES ml.model(model_id, stream, kind),
  CONSTRAINT shadow_trial_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000))),
  CONSTRAINT shadow_trial_status_check CHECK ((status = ANY (ARRAY['running'::text, 'proved'::text, 'promoted'::text, 'withdrawn'::text]))),
  CONSTRAINT shadow_trial_strategy_check CHECK (((strategy = '*'::text) OR (strategy ~ '^[a-z][a-z0-9_]{0,47}$'::text)))
);
CREATE UNIQUE INDEX shadow_trial_open ON ml.shadow_trial USING btree (stream, strategy, kind) WHERE (ended_at IS NULL);
CREATE INDEX shadow_trial_stream ON ml.shadow_trial USING btree (stream, started_at);
COMMENT ON TABLE ml.shadow_trial IS 'A challenger beside the champion of a place: since when, how it does, and what came of it. One at a time for each place.';
COMMENT ON COLUMN ml.shadow_trial.status IS 'proved: better, and waits for the sign-off of a person.';
COMMENT ON COLUMN ml.shadow_trial.mean_difference IS 'Log-likelihood of the challenger less that of the champion, in nats a bar.';

GRANT USAGE ON SCHEMA ml TO aistock_ml_service;
GRANT USAGE ON SCHEMA ml TO aistock_param_controller;
GRANT INSERT, SELECT, UPDATE (changed_at), UPDATE (generation), UPDATE (model_id) ON TABLE ml.alias TO aistock_ml_service;
GRANT SELECT ON TABLE ml.alias_in_force TO aistock_param_controller;
GRANT INSERT, SELECT ON TABLE ml.approval TO aistock_ml_service;
GRANT INSERT, SELECT ON TABLE ml.judgement TO aistock_ml_service;
GRANT DELETE, INSERT, SELECT ON TABLE ml.live_score TO aistock_ml_service;
GRANT INSERT, SELECT ON TABLE ml.model TO aistock_ml_service;
GRANT INSERT, SELECT ON TABLE ml.model_report TO aistock_ml_service;
GRANT INSERT, SELECT ON TABLE ml.promotion TO aistock_ml_service;
GRANT INSERT, SELECT, UPDATE (attempts), UPDATE (bars), UPDATE (champion_id), UPDATE (claim_epoch), UPDATE (claimed_by), UPDATE (files), UPDATE (finished_at), UPDATE (lease_until), UPDATE (message), UPDATE (phase), UPDATE (problem_code), UPDATE (problem_detail), UPDATE (progress), UPDATE (promoted), UPDATE (started_at), UPDATE (status) ON TABLE ml.run TO aistock_ml_service;
GRANT SELECT ON TABLE ml.run_event TO aistock_ml_service;
GRANT INSERT, SELECT ON TABLE ml.run_file TO aistock_ml_service;
GRANT INSERT, SELECT, UPDATE (bars), UPDATE (checked_at), UPDATE (ended_at), UPDATE (gates), UPDATE (lower_bound), UPDATE (mean_difference), UPDATE (reason), UPDATE (status), UPDATE (upper_bound) ON TABLE ml.shadow_trial TO aistock_ml_service;

CREATE SCHEMA params;

CREATE TABLE params.decision (
  config_id uuid NOT NULL,
  strategy text NOT NULL,
  instrument text NOT NULL,
  preset_id text NOT NULL,
  params jsonb NOT NULL,
  arm_sha256 text NOT NULL,
  propensity double precision NOT NULL,
  propensities jsonb NOT NULL,
  scores jsonb NOT NULL,
  draw double precision NOT NULL,
  mode text NOT NULL,
  fallback text,
  features jsonb NOT NULL,
  context double precision[] NOT NULL,
  generation bigint NOT NULL,
  model_id uuid,
  schema_sha256 text NOT NULL,
  decided_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT decision_pkey PRIMARY KEY (config_id),
  CONSTRAINT decision_check CHECK ((expires_at > decided_at)),
  CONSTRAINT decision_context_check CHECK ((cardinality(context) > 0)),
  CONSTRAINT decision_draw_check CHECK (((draw >= (0)::double precision) AND (draw < (1)::double precision))),
  CONSTRAINT decision_generation_check CHECK ((generation >= 0)),
  CONSTRAINT decision_mode_check CHECK ((mode = ANY (ARRAY['fixed'::text, 'epsilon_greedy'::text, 'thompson'::text]))),
  CONSTRAINT decision_propensity_check CHECK (((propensity > (0)::double precision) AND (propensity <= (1)::double precision)))
);
CREATE INDEX decision_by_time ON params.decision USING btree (strategy, instrument, decided_at);
COMMENT ON TABLE params.decision IS 'Every choice of parameters, with all that is needed to repeat it and to evaluate another policy on it. Never changed.';
COMMENT ON COLUMN params.decision.propensity IS 'Probability with which this preset was chosen; 1 where nothing was drawn.';
COMMENT ON COLUMN params.decision.propensities IS 'Probability of every preset that was allowed.';
COMMENT ON COLUMN params.decision.scores IS 'Mean and standard deviation of the expected reward of every allowed preset in this context; empty where none were computed.';
COMMENT ON COLUMN params.decision.draw IS 'The random number from [0, 1) that picked the preset from the propensities.';
COMMENT ON COLUMN params.decision.context IS 'The context vector that the features gave; what the outcome is learned with.';
COMMENT ON COLUMN params.decision.generation IS 'Outcomes that the policy of this strategy and instrument had learned when it chose.';
COMMENT ON COLUMN params.decision.decided_at IS 'The time that the decision is for: as_of_ms where the caller gave it.';
COMMENT ON COLUMN params.decision.recorded_at IS 'When the row was written, by the database''s clock.';

CREATE TABLE params.mode (
  strategy text NOT NULL,
  instrument text NOT NULL,
  mode text NOT NULL,
  preset_id text,
  set_by text NOT NULL,
  reason text NOT NULL,
  set_at timestamp with time zone NOT NULL,
  CONSTRAINT mode_pkey PRIMARY KEY (strategy, instrument),
  CONSTRAINT mode_check CHECK (((preset_id IS NULL) OR (mode = 'fixed'::text))),
  CONSTRAINT mode_mode_check CHECK ((mode = ANY (ARRAY['fixed'::text, 'epsilon_greedy'::text, 'thompson'::text])))
);
COMMENT ON TABLE params.mode IS 'How presets are chosen for a strategy and instrument; the service''s default mode where there is no row.';
COMMENT ON COLUMN params.mode.preset_id IS 'The preset of mode fixed; null means the conservative one.';

CREATE TABLE params.outcome (
  config_id uuid NOT NULL,
  reward double precision NOT NULL,
  reward_learned double precision NOT NULL,
  closed_at timestamp with time zone NOT NULL,
  learned_at timestamp with time zone NOT NULL,
  CONSTRAINT outcome_pkey PRIMARY KEY (config_id),
  CONSTRAINT outcome_config_id_fkey FOREIGN KEY (config_id) REFERENCES params.decision(config_id)
);
COMMENT ON TABLE params.outcome IS 'What came of a decision; at most one, learned in the transaction that wrote it. Never changed.';
COMMENT ON COLUMN params.outcome.reward IS 'Return on notional after costs, as posted: 0.01 is one per cent.';
COMMENT ON COLUMN params.outcome.reward_learned IS 'The reward after clipping, as the posterior learned it.';

CREATE TABLE params.posterior (
  strategy text NOT NULL,
  instrument text NOT NULL,
  preset_id text NOT NULL,
  arm_sha256 text NOT NULL,
  dimensions integer NOT NULL,
  precision_matrix double precision[] NOT NULL,
  reward_vector double precision[] NOT NULL,
  reward_sum double precision NOT NULL,
  outcomes bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT posterior_pkey PRIMARY KEY (strategy, instrument, preset_id, arm_sha256),
  CONSTRAINT posterior_arm_sha256_check CHECK ((arm_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT posterior_check CHECK ((cardinality(precision_matrix) = (dimensions * dimensions))),
  CONSTRAINT posterior_check1 CHECK ((cardinality(reward_vector) = dimensions)),
  CONSTRAINT posterior_dimensions_check CHECK ((dimensions > 0)),
  CONSTRAINT posterior_outcomes_check CHECK ((outcomes >= 0))
);
COMMENT ON TABLE params.posterior IS 'Sufficient statistics of the linear reward model of one preset.';
COMMENT ON COLUMN params.posterior.arm_sha256 IS 'Hash of the preset''s parameters and of the layout of the context vector: other parameters or features start a posterior of their own.';
COMMENT ON COLUMN params.posterior.precision_matrix IS 'Prior precision plus the sum of x times x transposed over outcomes; row-major, dimensionless.';
COMMENT ON COLUMN params.posterior.reward_vector IS 'Sum of x times reward over outcomes; rewards are returns (0.01 is one per cent), clipped.';
COMMENT ON COLUMN params.posterior.reward_sum IS 'Sum of the clipped rewards.';

CREATE TABLE params.preset (
  strategy text NOT NULL,
  instrument text NOT NULL,
  preset_id text NOT NULL,
  description text NOT NULL,
  params jsonb NOT NULL,
  registered_by text NOT NULL,
  reason text NOT NULL,
  registered_at timestamp with time zone NOT NULL,
  CONSTRAINT preset_pkey PRIMARY KEY (strategy, instrument, preset_id),
  CONSTRAINT preset_description_check CHECK (((length(description) >= 1) AND (length(description) <= 500))),
  CONSTRAINT preset_instrument_check CHECK (((length(instrument) >= 1) AND (length(instrument) <= 62))),
  CONSTRAINT preset_params_check CHECK ((jsonb_typeof(params) = 'object'::text)),
  CONSTRAINT preset_preset_id_check CHECK ((preset_id ~ '^[a-z][a-z0-9_]{0,47}$'::text)),
  CONSTRAINT preset_strategy_check CHECK ((strategy ~ '^[a-z][a-z0-9_]{0,47}$'::text))
);
COMMENT ON TABLE params.preset IS 'Presets that an operator registered for one instrument, besides those of the strategy schema. Never changed.';
COMMENT ON COLUMN params.preset.params IS 'Every parameter of the strategy by name, inside its bounds; units as in the strategy schema.';

GRANT USAGE ON SCHEMA params TO aistock_param_controller;
GRANT INSERT, SELECT ON TABLE params.decision TO aistock_param_controller;
GRANT INSERT, SELECT, UPDATE ON TABLE params.mode TO aistock_param_controller;
GRANT INSERT, SELECT ON TABLE params.outcome TO aistock_param_controller;
GRANT INSERT, SELECT, UPDATE ON TABLE params.posterior TO aistock_param_controller;
GRANT INSERT, SELECT ON TABLE params.preset TO aistock_param_controller;

CREATE TABLE public.migration (
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT migration_pkey PRIMARY KEY (name),
  CONSTRAINT migration_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
COMMENT ON TABLE public.migration IS 'The migrations that this database has had; a merged one is never edited.';

CREATE SCHEMA risk;

CREATE OR REPLACE FUNCTION risk.current_kill_epoch_for_share()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
DECLARE
  current_epoch bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('risk.kill_epoch', 0));
  SELECT epoch INTO STRICT current_epoch FROM risk.kill_epoch FOR SHARE;
  RETURN current_epoch;
END $function$;

CREATE OR REPLACE FUNCTION risk.kills_in_force()
 RETURNS TABLE(scope text, level text, killed_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT scope, level, killed_at FROM risk.kill WHERE lifted_at IS NULL ORDER BY kill_epoch;
$function$;

CREATE OR REPLACE FUNCTION risk.permit_public_key(key_id uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT public_key FROM risk.permit_key WHERE permit_key.key_id = permit_public_key.key_id;
$function$;

CREATE OR REPLACE FUNCTION risk.raise_kill_epoch()
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('risk.kill_epoch', 0));
  UPDATE risk.kill_epoch SET epoch = epoch + 1;
  RETURN (SELECT epoch FROM risk.kill_epoch);
END $function$;

CREATE OR REPLACE FUNCTION risk.refuse_smaller_epoch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NEW.epoch <= OLD.epoch THEN
    RAISE EXCEPTION 'the kill epoch only grows, from % to % it would not', OLD.epoch, NEW.epoch;
  END IF;
  RETURN NEW;
END $function$;

CREATE TABLE risk.denial (
  denial_id uuid NOT NULL,
  account text NOT NULL,
  strategy text NOT NULL,
  instrument text NOT NULL,
  client_order_id text NOT NULL,
  decision_id text NOT NULL,
  terms_sha256 text NOT NULL,
  denials jsonb NOT NULL,
  as_of timestamp with time zone NOT NULL,
  denied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT denial_pkey PRIMARY KEY (denial_id),
  CONSTRAINT denial_denials_check CHECK ((jsonb_array_length(denials) > 0)),
  CONSTRAINT denial_terms_sha256_check CHECK ((terms_sha256 ~ '^[0-9a-f]{64}$'::text))
);
CREATE INDEX denial_by_age ON risk.denial USING btree (account, denied_at);
COMMENT ON TABLE risk.denial IS 'Every order refused, with every reason.';

CREATE TABLE risk.kill (
  kill_id uuid NOT NULL,
  scope text NOT NULL,
  level text NOT NULL,
  killed_by text NOT NULL,
  reason text NOT NULL,
  killed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  kill_epoch bigint NOT NULL,
  lifted_by text,
  lift_reason text,
  lifted_at timestamp with time zone,
  CONSTRAINT kill_pkey PRIMARY KEY (kill_id),
  CONSTRAINT kill_check CHECK ((num_nulls(lifted_by, lift_reason, lifted_at) = ANY (ARRAY[0, 3]))),
  CONSTRAINT kill_kill_epoch_key UNIQUE (kill_epoch),
  CONSTRAINT kill_level_check CHECK ((level = ANY (ARRAY['reducing'::text, 'halted'::text]))),
  CONSTRAINT kill_scope_check CHECK ((scope ~ '^(firm|account:.+|strategy:.+|instrument:.+)$'::text))
);
CREATE INDEX kill_on ON risk.kill USING btree (scope) WHERE (lifted_at IS NULL);
COMMENT ON TABLE risk.kill IS 'Kill switches; one is on until a named operator lifts it. Restarts change nothing.';

CREATE TABLE risk.kill_epoch (
  only_row boolean DEFAULT true NOT NULL,
  epoch bigint NOT NULL,
  CONSTRAINT kill_epoch_pkey PRIMARY KEY (only_row),
  CONSTRAINT kill_epoch_epoch_check CHECK ((epoch >= 0)),
  CONSTRAINT kill_epoch_only_row_check CHECK (only_row)
);
CREATE TRIGGER epoch_grows BEFORE UPDATE ON risk.kill_epoch FOR EACH ROW EXECUTE FUNCTION risk.refuse_smaller_epoch();
COMMENT ON TABLE risk.kill_epoch IS 'One row. Grows with every kill and resume; a permit is good for the epoch that it was issued in.';

CREATE TABLE risk.limits (
  account text NOT NULL,
  version integer NOT NULL,
  limits jsonb NOT NULL,
  set_by text NOT NULL,
  reason text NOT NULL,
  set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT limits_pkey PRIMARY KEY (account, version),
  CONSTRAINT limits_account_check CHECK ((account ~ '^[a-z][a-z0-9_]{0,47}$'::text)),
  CONSTRAINT limits_limits_check CHECK ((jsonb_typeof(limits) = 'object'::text)),
  CONSTRAINT limits_version_check CHECK ((version > 0))
);
COMMENT ON TABLE risk.limits IS 'Limits of each account; the highest version is in force, the others are kept.';
COMMENT ON COLUMN risk.limits.limits IS 'As the contract of risk_gate has them: decimal strings, units in the names.';

CREATE TABLE risk.permit (
  permit_id uuid NOT NULL,
  key_id uuid NOT NULL,
  account text NOT NULL,
  strategy text NOT NULL,
  instrument text NOT NULL,
  side text NOT NULL,
  quantity numeric NOT NULL,
  limit_price numeric,
  reference_price numeric NOT NULL,
  client_order_id text NOT NULL,
  decision_id text NOT NULL,
  terms_sha256 text NOT NULL,
  limits_version integer NOT NULL,
  kill_epoch bigint NOT NULL,
  as_of timestamp with time zone NOT NULL,
  issued_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  signature text NOT NULL,
  stop_price numeric,
  CONSTRAINT permit_pkey PRIMARY KEY (permit_id),
  CONSTRAINT permit_account_limits_version_fkey FOREIGN KEY (account, limits_version) REFERENCES risk.limits(account, version),
  CONSTRAINT permit_check CHECK (((expires_at > issued_at) AND (expires_at <= (issued_at + '00:00:02'::interval)))),
  CONSTRAINT permit_key_id_fkey FOREIGN KEY (key_id) REFERENCES risk.permit_key(key_id),
  CONSTRAINT permit_limit_price_check CHECK (((limit_price > (0)::numeric) AND (limit_price < 'Infinity'::numeric))),
  CONSTRAINT permit_quantity_check CHECK (((quantity > (0)::numeric) AND (quantity < 'Infinity'::numeric))),
  CONSTRAINT permit_reference_price_check CHECK (((reference_price > (0)::numeric) AND (reference_price < 'Infinity'::numeric))),
  CONSTRAINT permit_side_check CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  CONSTRAINT permit_stop_price_check CHECK (((stop_price > (0)::numeric) AND (stop_price < 'Infinity'::numeric))),
  CONSTRAINT permit_terms_sha256_check CHECK ((terms_sha256 ~ '^[0-9a-f]{64}$'::text))
);
CREATE INDEX permit_by_client_order ON risk.permit USING btree (account, client_order_id);
CREATE INDEX permit_by_decision_time ON risk.permit USING btree (account, instrument, as_of);
CREATE INDEX permit_by_expiry ON risk.permit USING btree (account, expires_at);
COMMENT ON TABLE risk.permit IS 'Every permit issued. One that has not run out counts as an order until the order is in the books.';
COMMENT ON COLUMN risk.permit.reference_price IS 'The price that the order was judged by, in the account''s currency.';
COMMENT ON COLUMN risk.permit.as_of IS 'When the decision was made, by the clock of the account.';

CREATE TABLE risk.permit_key (
  key_id uuid NOT NULL,
  public_key text NOT NULL,
  registered_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT permit_key_pkey PRIMARY KEY (key_id)
);
COMMENT ON TABLE risk.permit_key IS 'Public keys of permits; a private key never leaves the process of risk_gate that made it.';
COMMENT ON COLUMN risk.permit_key.public_key IS 'Ed25519, SPKI DER in base64.';

REVOKE ALL ON FUNCTION risk.current_kill_epoch_for_share() FROM PUBLIC;
REVOKE ALL ON FUNCTION risk.kills_in_force() FROM PUBLIC;
REVOKE ALL ON FUNCTION risk.permit_public_key(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION risk.raise_kill_epoch() FROM PUBLIC;
REVOKE ALL ON FUNCTION risk.refuse_smaller_epoch() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION risk.current_kill_epoch_for_share() TO aistock_executor;
GRANT EXECUTE ON FUNCTION risk.kills_in_force() TO aistock_executor;
GRANT EXECUTE ON FUNCTION risk.permit_public_key(uuid) TO aistock_executor;
GRANT EXECUTE ON FUNCTION risk.raise_kill_epoch() TO aistock_risk_gate;
GRANT USAGE ON SCHEMA risk TO aistock_executor;
GRANT USAGE ON SCHEMA risk TO aistock_risk_gate;
GRANT INSERT, SELECT ON TABLE risk.denial TO aistock_risk_gate;
GRANT INSERT, SELECT, UPDATE ON TABLE risk.kill TO aistock_risk_gate;
GRANT SELECT, UPDATE ON TABLE risk.kill_epoch TO aistock_risk_gate;
GRANT INSERT, SELECT ON TABLE risk.limits TO aistock_risk_gate;
GRANT INSERT, SELECT ON TABLE risk.permit TO aistock_risk_gate;
GRANT INSERT, SELECT ON TABLE risk.permit_key TO aistock_risk_gate;

CREATE SCHEMA trading;

CREATE OR REPLACE FUNCTION trading.lock_account(account text)
 RETURNS void
 LANGUAGE sql
AS $function$
  SELECT pg_advisory_xact_lock(hashtextextended('trading.account:' || account, 0));
$function$;

CREATE TABLE trading.account (
  account text NOT NULL,
  venue text NOT NULL,
  currency text NOT NULL,
  start_cash trading.amount NOT NULL,
  cash trading.amount NOT NULL,
  fill_cursor text,
  reconciled boolean DEFAULT false NOT NULL,
  differences text[] DEFAULT '{}'::text[] NOT NULL,
  reconciled_at timestamp with time zone,
  opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT account_pkey PRIMARY KEY (account),
  CONSTRAINT account_account_check CHECK ((account ~ '^[a-z][a-z0-9_]{0,47}$'::text)),
  CONSTRAINT account_check CHECK (((NOT reconciled) OR (cardinality(differences) = 0))),
  CONSTRAINT account_currency_check CHECK ((currency ~ '^[A-Z]{3,6}$'::text)),
  CONSTRAINT account_start_cash_check CHECK (((start_cash)::numeric >= (0)::numeric)),
  CONSTRAINT account_venue_check CHECK ((venue ~ '^[a-z][a-z0-9_]{0,47}$'::text))
);
COMMENT ON TABLE trading.account IS 'Accounts that the executor trades, with its own record of their cash.';
COMMENT ON COLUMN trading.account.cash IS 'Start cash plus every fill applied, in the account''s currency.';
COMMENT ON COLUMN trading.account.fill_cursor IS 'How far the venue''s list of fills was applied, in the venue''s own terms; null before the first.';
COMMENT ON COLUMN trading.account.reconciled IS 'Whether the last comparison with the venue found no difference. False at every start: no new order leaves before.';

CREATE VIEW trading.account_state AS
 SELECT account, venue, cash, reconciled
   FROM trading.account;
COMMENT ON VIEW trading.account_state IS 'For risk_gate: cash, and whether the books agree with the venue.';

CREATE VIEW trading.client_order AS
 SELECT account, client_order_id
   FROM trading.orders
  WHERE status <> 'PENDING'::text;
COMMENT ON VIEW trading.client_order IS 'For risk_gate: client order ids that are taken.';

CREATE TABLE trading.fill (
  venue text NOT NULL,
  fill_id text NOT NULL,
  order_id uuid NOT NULL,
  quantity trading.amount NOT NULL,
  price trading.amount NOT NULL,
  fee trading.amount NOT NULL,
  filled_at timestamp with time zone NOT NULL,
  applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  fee_currency text NOT NULL,
  CONSTRAINT fill_pkey PRIMARY KEY (venue, fill_id),
  CONSTRAINT fill_fee_check CHECK (((fee)::numeric >= (0)::numeric)),
  CONSTRAINT fill_order_id_fkey FOREIGN KEY (order_id) REFERENCES trading.orders(order_id),
  CONSTRAINT fill_price_check CHECK (((price)::numeric > (0)::numeric)),
  CONSTRAINT fill_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);
CREATE INDEX fill_by_order ON trading.fill USING btree (order_id);
COMMENT ON TABLE trading.fill IS 'Executions applied to orders, positions and cash; the key makes each count once.';
COMMENT ON COLUMN trading.fill.fee IS 'In fee_currency.';
COMMENT ON COLUMN trading.fill.fee_currency IS 'The account''s currency, or the instrument''s base where the fee came out of what was bought.';

CREATE TABLE trading.mark (
  account text NOT NULL,
  instrument text NOT NULL,
  price trading.amount NOT NULL,
  marked_at timestamp with time zone NOT NULL,
  CONSTRAINT mark_pkey PRIMARY KEY (account, instrument),
  CONSTRAINT mark_account_fkey FOREIGN KEY (account) REFERENCES trading.account(account),
  CONSTRAINT mark_price_check CHECK (((price)::numeric > (0)::numeric))
);
COMMENT ON TABLE trading.mark IS 'Close of the last bar seen for an instrument, by the clock of the account: what positions are valued at.';

CREATE VIEW trading.order_exposure AS
 SELECT o.account, o.client_order_id, o.instrument, o.side,
    o.quantity::numeric - o.filled_quantity::numeric AS quantity, o.limit_price, o.stop_price,
    entry.client_order_id AS bracket
   FROM trading.orders o
     LEFT JOIN trading.orders entry ON entry.order_id = o.parent_order_id
  WHERE o.status = ANY (ARRAY['SENDING'::text, 'UNKNOWN'::text, 'WORKING'::text, 'PARTIALLY_FILLED'::text]);
COMMENT ON VIEW trading.order_exposure IS 'For risk_gate: what may still fill, orders of unknown outcome included.';
COMMENT ON COLUMN trading.order_exposure.bracket IS 'Of an exit the entry''s client order id: only one of its exits fills, and none opens a position.';

CREATE TABLE trading.orders (
  order_id uuid NOT NULL,
  account text NOT NULL,
  decision_id text NOT NULL,
  client_order_id text NOT NULL,
  intent_sha256 text NOT NULL,
  strategy text NOT NULL,
  instrument text NOT NULL,
  stream text NOT NULL,
  leg text NOT NULL,
  config_id uuid NOT NULL,
  side text NOT NULL,
  order_type text NOT NULL,
  quantity trading.amount NOT NULL,
  limit_price trading.amount,
  time_in_force text NOT NULL,
  reduce_only boolean NOT NULL,
  as_of timestamp with time zone NOT NULL,
  status text DEFAULT 'PENDING'::text NOT NULL,
  filled_quantity trading.amount DEFAULT 0 NOT NULL,
  average_price trading.amount,
  fees trading.amount DEFAULT 0 NOT NULL,
  permit_id uuid,
  send_started_at timestamp with time zone,
  broker_order_id text,
  denials jsonb DEFAULT '[]'::jsonb NOT NULL,
  reason text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  slot text NOT NULL,
  stop_price trading.amount,
  trail_bps double precision,
  extended_hours boolean DEFAULT false NOT NULL,
  protection jsonb,
  parent_order_id uuid,
  part text,
  CONSTRAINT orders_pkey PRIMARY KEY (order_id),
  CONSTRAINT orders_account_client_order_id_key UNIQUE (account, client_order_id),
  CONSTRAINT orders_account_decision_id_key UNIQUE (account, decision_id),
  CONSTRAINT orders_account_fkey FOREIGN KEY (account) REFERENCES trading.account(account),
  CONSTRAINT orders_average_price_check CHECK (((average_price)::numeric > (0)::numeric)),
  CONSTRAINT orders_check CHECK ((((filled_quantity)::numeric >= (0)::numeric) AND ((filled_quantity)::numeric <= (quantity)::numeric))),
  CONSTRAINT orders_check2 CHECK (((status = 'FILLED'::text) = ((filled_quantity)::numeric = (quantity)::numeric))),
  CONSTRAINT orders_client_order_id_check CHECK ((client_order_id ~ '^[a-z0-9]{16,36}$'::text)),
  CONSTRAINT orders_decision_id_check CHECK ((decision_id ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT orders_denials_check CHECK ((jsonb_typeof(denials) = 'array'::text)),
  CONSTRAINT orders_exit_of_bracket CHECK (((num_nulls(parent_order_id, part) = ANY (ARRAY[0, 2])) AND ((parent_order_id IS NULL) OR (reduce_only AND (permit_id IS NULL))))),
  CONSTRAINT orders_fees_check CHECK (((fees)::numeric >= (0)::numeric)),
  CONSTRAINT orders_intent_sha256_check CHECK ((intent_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT orders_limit_of_type CHECK (((order_type = ANY (ARRAY['limit'::text, 'stop_limit'::text])) = (limit_price IS NOT NULL))),
  CONSTRAINT orders_limit_price_check CHECK (((limit_price)::numeric > (0)::numeric)),
  CONSTRAINT orders_one_of_each_part UNIQUE (parent_order_id, part),
  CONSTRAINT orders_order_type_check CHECK ((order_type = ANY (ARRAY['market'::text, 'limit'::text, 'stop'::text, 'stop_limit'::text, 'trailing_stop'::text]))),
  CONSTRAINT orders_parent_order_id_fkey FOREIGN KEY (parent_order_id) REFERENCES trading.orders(order_id),
  CONSTRAINT orders_part_check CHECK ((part = ANY (ARRAY['stop'::text, 'target'::text]))),
  CONSTRAINT orders_permit_id_key UNIQUE (permit_id),
  CONSTRAINT orders_permitted CHECK (((status <> ALL (ARRAY['SENDING'::text, 'UNKNOWN'::text, 'WORKING'::text, 'PARTIALLY_FILLED'::text, 'FILLED'::text, 'REJECTED'::text])) OR (parent_order_id IS NOT NULL) OR ((permit_id IS NOT NULL) AND (send_started_at IS NOT NULL)))),
  CONSTRAINT orders_protection_check CHECK ((jsonb_typeof(protection) = 'object'::text)),
  CONSTRAINT orders_protection_of_entry CHECK (((protection IS NULL) OR ((NOT reduce_only) AND (parent_order_id IS NULL)))),
  CONSTRAINT orders_quantity_check CHECK (((quantity)::numeric > (0)::numeric)),
  CONSTRAINT orders_side_check CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  CONSTRAINT orders_slot_check CHECK ((slot ~ '^[a-z][a-z0-9_]{0,47}$'::text)),
  CONSTRAINT orders_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'CHECKED'::text, 'SENDING'::text, 'WORKING'::text, 'PARTIALLY_FILLED'::text, 'FILLED'::text, 'CANCELLED'::text, 'REJECTED'::text, 'EXPIRED'::text, 'DENIED'::text, 'UNKNOWN'::text]))),
  CONSTRAINT orders_stop_of_type CHECK ((((order_type = ANY (ARRAY['stop'::text, 'stop_limit'::text])) = (stop_price IS NOT NULL)) OR ((order_type = 'trailing_stop'::text) AND (parent_order_id IS NOT NULL)))),
  CONSTRAINT orders_stop_price_check CHECK (((stop_price)::numeric > (0)::numeric)),
  CONSTRAINT orders_time_in_force_check CHECK ((time_in_force = ANY (ARRAY['day'::text, 'gtc'::text, 'ioc'::text, 'fok'::text]))),
  CONSTRAINT orders_trail_bps_check CHECK (((trail_bps > (0)::double precision) AND (trail_bps < (10000)::double precision))),
  CONSTRAINT orders_trail_of_type CHECK (((order_type = 'trailing_stop'::text) = (trail_bps IS NOT NULL)))
);
CREATE INDEX orders_by_age ON trading.orders USING btree (created_at DESC);
CREATE INDEX orders_not_final ON trading.orders USING btree (account, status) WHERE (status = ANY (ARRAY['PENDING'::text, 'CHECKED'::text, 'SENDING'::text, 'UNKNOWN'::text, 'WORKING'::text, 'PARTIALLY_FILLED'::text]));
COMMENT ON TABLE trading.orders IS 'Order intents and what became of them. The row is there before anything is asked or sent.';
COMMENT ON COLUMN trading.orders.intent_sha256 IS 'Hash of the intent''s canonical JSON: the same decision with other terms is refused.';
COMMENT ON COLUMN trading.orders.quantity IS 'What was asked for; of an exit what of its entry has filled, once something has.';
COMMENT ON COLUMN trading.orders.as_of IS 'When the decision was made, by the clock of the account.';
COMMENT ON COLUMN trading.orders.fees IS 'In the account''s currency; a fee in another one at the price of its fill.';
COMMENT ON COLUMN trading.orders.permit_id IS 'The permit that it was sent with; unique, so that no permit is used twice.';
COMMENT ON COLUMN trading.orders.send_started_at IS 'Committed before the first byte leaves. From then on the venue may know the order.';
COMMENT ON COLUMN trading.orders.updated_at IS 'Last change of state.';
COMMENT ON COLUMN trading.orders.slot IS 'Which of the account''s strategies on their instruments decided; of orders of before slots the strategy.';
COMMENT ON COLUMN trading.orders.trail_bps IS 'Distance of a trailing stop from the best price seen.';
COMMENT ON COLUMN trading.orders.extended_hours IS 'Whether it may also fill before and after the regular hours.';
COMMENT ON COLUMN trading.orders.protection IS 'The exits of a bracket, as the contract has them; null for an order without.';
COMMENT ON COLUMN trading.orders.parent_order_id IS 'The entry that this exit of a bracket protects. Its permit is the exit''s as well: the exits are part of its terms.';

CREATE TABLE trading.paper_account (
  account text NOT NULL,
  currency text NOT NULL,
  start_cash trading.amount NOT NULL,
  cash trading.amount NOT NULL,
  costs jsonb NOT NULL,
  CONSTRAINT paper_account_pkey PRIMARY KEY (account),
  CONSTRAINT paper_account_account_check CHECK ((account ~ '^[a-z][a-z0-9_]{0,47}$'::text)),
  CONSTRAINT paper_account_costs_check CHECK ((jsonb_typeof(costs) = 'object'::text)),
  CONSTRAINT paper_account_start_cash_check CHECK (((start_cash)::numeric > (0)::numeric))
);
COMMENT ON TABLE trading.paper_account IS 'Accounts at the paper venue, by its own record.';
COMMENT ON COLUMN trading.paper_account.costs IS 'What trading costs and how orders fill, as the contract has it.';

CREATE TABLE trading.paper_clock (
  account text NOT NULL,
  stream text NOT NULL,
  clock timestamp with time zone NOT NULL,
  last_bar_open timestamp with time zone,
  CONSTRAINT paper_clock_pkey PRIMARY KEY (account, stream),
  CONSTRAINT paper_clock_account_fkey FOREIGN KEY (account) REFERENCES trading.paper_account(account)
);
COMMENT ON TABLE trading.paper_clock IS 'How far each stream was replayed for a paper account. Never goes back.';
COMMENT ON COLUMN trading.paper_clock.last_bar_open IS 'Open of the last bar that orders were tried against; no bar is tried twice.';

CREATE TABLE trading.paper_fill (
  fill_number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  account text NOT NULL,
  broker_order_id text NOT NULL,
  quantity trading.amount NOT NULL,
  price trading.amount NOT NULL,
  fee trading.amount NOT NULL,
  filled_at timestamp with time zone NOT NULL,
  fee_currency text NOT NULL,
  CONSTRAINT paper_fill_pkey PRIMARY KEY (fill_number),
  CONSTRAINT paper_fill_account_fkey FOREIGN KEY (account) REFERENCES trading.paper_account(account),
  CONSTRAINT paper_fill_broker_order_id_fkey FOREIGN KEY (broker_order_id) REFERENCES trading.paper_order(broker_order_id),
  CONSTRAINT paper_fill_fee_check CHECK (((fee)::numeric >= (0)::numeric)),
  CONSTRAINT paper_fill_price_check CHECK (((price)::numeric > (0)::numeric)),
  CONSTRAINT paper_fill_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);
CREATE INDEX paper_fill_by_account ON trading.paper_fill USING btree (account, fill_number);
COMMENT ON TABLE trading.paper_fill IS 'Executions at the paper venue. Numbers of one account come in order: they are taken under the lock of its row.';
COMMENT ON COLUMN trading.paper_fill.fee_currency IS 'The account''s currency, or the instrument''s base where the fee came out of what was bought.';

CREATE TABLE trading.paper_order (
  broker_order_id text NOT NULL,
  account text NOT NULL,
  client_order_id text NOT NULL,
  instrument text NOT NULL,
  stream text NOT NULL,
  side text NOT NULL,
  order_type text NOT NULL,
  quantity trading.amount NOT NULL,
  limit_price trading.amount,
  time_in_force text NOT NULL,
  placed_at timestamp with time zone NOT NULL,
  status text DEFAULT 'working'::text NOT NULL,
  reason text,
  order_number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  stop_price trading.amount,
  trail_bps double precision,
  extended_hours boolean DEFAULT false NOT NULL,
  reduce_only boolean DEFAULT false NOT NULL,
  protection jsonb,
  filled trading.amount DEFAULT 0 NOT NULL,
  triggered boolean DEFAULT false NOT NULL,
  resting boolean DEFAULT false NOT NULL,
  best_price trading.amount,
  parent_broker_order_id text,
  part text,
  CONSTRAINT paper_order_pkey PRIMARY KEY (broker_order_id),
  CONSTRAINT paper_order_account_client_order_id_key UNIQUE (account, client_order_id),
  CONSTRAINT paper_order_account_fkey FOREIGN KEY (account) REFERENCES trading.paper_account(account),
  CONSTRAINT paper_order_best_price_check CHECK (((best_price)::numeric > (0)::numeric)),
  CONSTRAINT paper_order_exit_of_bracket CHECK ((num_nulls(parent_broker_order_id, part) = ANY (ARRAY[0, 2]))),
  CONSTRAINT paper_order_filled_check CHECK ((((filled)::numeric >= (0)::numeric) AND ((filled)::numeric <= (quantity)::numeric) AND ((status = 'filled'::text) = ((filled)::numeric = (quantity)::numeric)))),
  CONSTRAINT paper_order_limit_price_check CHECK (((limit_price)::numeric > (0)::numeric)),
  CONSTRAINT paper_order_one_of_each_part UNIQUE (parent_broker_order_id, part),
  CONSTRAINT paper_order_order_type_check CHECK ((order_type = ANY (ARRAY['market'::text, 'limit'::text, 'stop'::text, 'stop_limit'::text, 'trailing_stop'::text]))),
  CONSTRAINT paper_order_parent_broker_order_id_fkey FOREIGN KEY (parent_broker_order_id) REFERENCES trading.paper_order(broker_order_id),
  CONSTRAINT paper_order_part_check CHECK ((part = ANY (ARRAY['stop'::text, 'target'::text]))),
  CONSTRAINT paper_order_protection_check CHECK ((jsonb_typeof(protection) = 'object'::text)),
  CONSTRAINT paper_order_quantity_check CHECK (((quantity)::numeric > (0)::numeric)),
  CONSTRAINT paper_order_side_check CHECK ((side = ANY (ARRAY['buy'::text, 'sell'::text]))),
  CONSTRAINT paper_order_status_check CHECK ((status = ANY (ARRAY['working'::text, 'filled'::text, 'cancelled'::text, 'expired'::text, 'rejected'::text]))),
  CONSTRAINT paper_order_stop_price_check CHECK (((stop_price)::numeric > (0)::numeric)),
  CONSTRAINT paper_order_time_in_force_check CHECK ((time_in_force = ANY (ARRAY['day'::text, 'gtc'::text, 'ioc'::text, 'fok'::text]))),
  CONSTRAINT paper_order_trail_bps_check CHECK (((trail_bps > (0)::double precision) AND (trail_bps < (10000)::double precision)))
);
CREATE INDEX paper_order_working ON trading.paper_order USING btree (account, stream) WHERE (status = 'working'::text);
COMMENT ON TABLE trading.paper_order IS 'Orders at the paper venue, kept for ever: its history is complete.';
COMMENT ON COLUMN trading.paper_order.placed_at IS 'When it reaches the venue by the clock of the account, latency included; no bar that closed by then can fill it.';
COMMENT ON COLUMN trading.paper_order.order_number IS 'In the order of their coming in: older orders meet a bar first.';
COMMENT ON COLUMN trading.paper_order.triggered IS 'A stop that was touched works as a market or limit order from then on.';
COMMENT ON COLUMN trading.paper_order.resting IS 'Waits in the book since an earlier bar: a limit order fills at its limit from then on, never better.';
COMMENT ON COLUMN trading.paper_order.best_price IS 'Of a trailing stop: the best price since it was placed; null before the first bar.';
COMMENT ON COLUMN trading.paper_order.parent_broker_order_id IS 'The entry that this exit of a bracket protects; the row is there from the entry''s first fill on.';

CREATE TABLE trading.paper_position (
  account text NOT NULL,
  instrument text NOT NULL,
  quantity trading.amount NOT NULL,
  CONSTRAINT paper_position_pkey PRIMARY KEY (account, instrument),
  CONSTRAINT paper_position_account_fkey FOREIGN KEY (account) REFERENCES trading.paper_account(account)
);
COMMENT ON TABLE trading.paper_position IS 'Holdings at the paper venue; below zero short.';

CREATE TABLE trading."position" (
  account text NOT NULL,
  instrument text NOT NULL,
  quantity trading.amount NOT NULL,
  cost trading.amount NOT NULL,
  average_price trading.amount,
  realised_pnl trading.amount NOT NULL,
  fees trading.amount NOT NULL,
  CONSTRAINT position_pkey PRIMARY KEY (account, instrument),
  CONSTRAINT position_account_fkey FOREIGN KEY (account) REFERENCES trading.account(account),
  CONSTRAINT position_average_price_check CHECK (((average_price)::numeric > (0)::numeric)),
  CONSTRAINT position_check CHECK ((((quantity)::numeric = (0)::numeric) = (average_price IS NULL))),
  CONSTRAINT position_fees_check CHECK (((fees)::numeric >= (0)::numeric))
);
COMMENT ON TABLE trading."position" IS 'The executor''s record of positions: every fill applied, by average cost.';
COMMENT ON COLUMN trading."position".quantity IS 'Above zero long, below zero short.';
COMMENT ON COLUMN trading."position".cost IS 'What was paid for the open quantity, exact; below zero for a short.';
COMMENT ON COLUMN trading."position".realised_pnl IS 'Profit of what was closed, before fees, in the account''s currency.';

CREATE VIEW trading.position_exposure AS
 SELECT account, instrument, quantity
   FROM trading."position"
  WHERE quantity::numeric <> 0::numeric;
COMMENT ON VIEW trading.position_exposure IS 'For risk_gate: open positions.';

REVOKE ALL ON FUNCTION trading.lock_account(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trading.lock_account(text) TO aistock_executor;
GRANT EXECUTE ON FUNCTION trading.lock_account(text) TO aistock_risk_gate;
GRANT USAGE ON SCHEMA trading TO aistock_executor;
GRANT USAGE ON SCHEMA trading TO aistock_risk_gate;
GRANT INSERT, SELECT, UPDATE ON TABLE trading."position" TO aistock_executor;
GRANT INSERT, SELECT, UPDATE ON TABLE trading.account TO aistock_executor;
GRANT SELECT ON TABLE trading.account_state TO aistock_risk_gate;
GRANT SELECT ON TABLE trading.client_order TO aistock_risk_gate;
GRANT INSERT, SELECT ON TABLE trading.fill TO aistock_executor;
GRANT INSERT, SELECT, UPDATE ON TABLE trading.mark TO aistock_executor;
GRANT SELECT ON TABLE trading.order_exposure TO aistock_risk_gate;
GRANT INSERT, SELECT, UPDATE ON TABLE trading.orders TO aistock_executor;
GRANT INSERT, SELECT, UPDATE ON TABLE trading.paper_account TO aistock_executor;
GRANT INSERT, SELECT, UPDATE ON TABLE trading.paper_clock TO aistock_executor;
GRANT INSERT, SELECT ON TABLE trading.paper_fill TO aistock_executor;
GRANT INSERT, SELECT, UPDATE ON TABLE trading.paper_order TO aistock_executor;
GRANT INSERT, SELECT, UPDATE ON TABLE trading.paper_position TO aistock_executor;
GRANT SELECT ON TABLE trading.position_exposure TO aistock_risk_gate;

CREATE SCHEMA venue;

CREATE OR REPLACE FUNCTION venue.ban(asked_venue text, ban_ms bigint, reason text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  INSERT INTO venue.budget AS b (venue, banned_until, ban_reason, horizon_ms)
  VALUES (asked_venue, clock_timestamp() + ban_ms * interval '1 millisecond', reason, 1)
  ON CONFLICT (venue) DO UPDATE SET banned_until = excluded.banned_until, ban_reason = excluded.ban_reason
  WHERE b.banned_until IS NULL OR b.banned_until < excluded.banned_until;
$function$;

CREATE OR REPLACE FUNCTION venue.correct(asked_venue text, window_ms bigint, used bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
DECLARE
  moment timestamptz := clock_timestamp();
  missing bigint;
BEGIN
  IF used <= venue.used(asked_venue, window_ms, moment) THEN RETURN; END IF;
  PERFORM venue.lock_budget(asked_venue, window_ms);
  moment := clock_timestamp();
  missing := used - venue.used(asked_venue, window_ms, moment);
  IF missing > 0 THEN
    INSERT INTO venue.spend AS s (venue, at, weight)
    VALUES (asked_venue, date_bin('100 ms', moment, 'epoch') + interval '100 ms', missing)
    ON CONFLICT (venue, at) DO UPDATE SET weight = s.weight + excluded.weight;
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION venue.leave(held_ticket bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  DELETE FROM venue.waiter WHERE ticket = held_ticket;
$function$;

CREATE OR REPLACE FUNCTION venue.lock_budget(asked_venue text, horizon bigint)
 RETURNS venue.budget
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
DECLARE
  found_budget venue.budget;
BEGIN
  SELECT * INTO found_budget FROM venue.budget WHERE venue = asked_venue FOR UPDATE;
  IF NOT FOUND OR found_budget.horizon_ms < horizon THEN
    INSERT INTO venue.budget AS b (venue, horizon_ms) VALUES (asked_venue, horizon)
    ON CONFLICT (venue) DO UPDATE SET horizon_ms = greatest(b.horizon_ms, excluded.horizon_ms)
    RETURNING * INTO found_budget;
  END IF;
  RETURN found_budget;
END $function$;

CREATE OR REPLACE FUNCTION venue.take(asked_venue text, asked_weight integer, asked_priority smallint, window_ms bigint[], weight_max integer[], held_ticket bigint, patience_ms bigint, OUT wait_ms bigint, OUT ticket bigint, OUT ban text)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
DECLARE
  budget venue.budget;
  moment timestamptz;
  ahead bigint;
BEGIN
  budget := venue.lock_budget(asked_venue, (SELECT max(ms) FROM unnest(window_ms) AS ms));
  moment := clock_timestamp();
  DELETE FROM venue.waiter AS w
  WHERE w.venue = asked_venue AND (w.alive_until <= moment OR w.ticket = held_ticket);
  IF budget.banned_until > moment THEN
    wait_ms := ceil(extract(epoch FROM budget.banned_until - moment) * 1000);
    ban := budget.ban_reason;
    RETURN;
  END IF;
  DELETE FROM venue.spend AS s
  WHERE s.venue = asked_venue AND s.at <= moment - budget.horizon_ms * interval '1 millisecond';

  SELECT coalesce(sum(w.weight), 0) INTO ahead FROM venue.waiter AS w
  WHERE w.venue = asked_venue AND (w.priority < asked_priority
    OR w.priority = asked_priority AND (held_ticket IS NULL OR w.ticket < held_ticket));
  SELECT max(venue.wait_ms(asked_venue, ahead + asked_weight, limits.ms, limits.top, moment)) INTO wait_ms
  FROM unnest(window_ms, weight_max) AS limits (ms, top);
  IF wait_ms = 0 THEN
    INSERT INTO venue.spend AS s (venue, at, weight)
    VALUES (asked_venue, date_bin('100 ms', moment, 'epoch') + interval '100 ms', asked_weight)
    ON CONFLICT (venue, at) DO UPDATE SET weight = s.weight + excluded.weight;
  ELSIF wait_ms <= patience_ms THEN
    -- Whoever waits keeps its place; five seconds of grace are for a process that is busy when its time comes.
    ticket := coalesce(held_ticket, nextval('venue.waiter_ticket_seq'));
    INSERT INTO venue.waiter (ticket, venue, priority, weight, alive_until) VALUES (ticket, asked_venue,
      asked_priority, asked_weight, moment + wait_ms * interval '1 millisecond' + interval '5 seconds');
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION venue.used(asked_venue text, window_ms bigint, moment timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  SELECT coalesce(sum(weight), 0)::bigint FROM venue.spend
  WHERE venue = asked_venue AND at > moment - window_ms * interval '1 millisecond';
$function$;

CREATE OR REPLACE FUNCTION venue.wait_ms(asked_venue text, wanted bigint, window_ms bigint, weight_max integer, moment timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  WITH asked AS (
    SELECT (wanted - 1) / weight_max AS rounds, (wanted - 1) % weight_max + 1 AS rest
  ), inside AS (
    SELECT at, sum(weight) OVER (ORDER BY at DESC) AS since, weight FROM venue.spend
    WHERE venue = asked_venue AND at > moment - window_ms * interval '1 millisecond'
  )
  SELECT rounds * window_ms + coalesce((
    -- The first moment at which what was spent later leaves room for the rest.
    SELECT ceil(extract(epoch FROM min(at) + window_ms * interval '1 millisecond' - moment) * 1000)::bigint
    FROM inside WHERE since - weight + rest <= weight_max
    HAVING (SELECT max(since) FROM inside) + rest > weight_max
  ), 0) FROM asked;
$function$;

CREATE TABLE venue.budget (
  venue text NOT NULL,
  banned_until timestamp with time zone,
  ban_reason text,
  horizon_ms bigint NOT NULL,
  CONSTRAINT budget_pkey PRIMARY KEY (venue),
  CONSTRAINT budget_ban_reason_check CHECK (((length(ban_reason) >= 1) AND (length(ban_reason) <= 200))),
  CONSTRAINT budget_check CHECK (((banned_until IS NULL) = (ban_reason IS NULL))),
  CONSTRAINT budget_horizon_ms_check CHECK (((horizon_ms >= 1) AND (horizon_ms <= 604800000))),
  CONSTRAINT budget_venue_check CHECK ((venue ~ '^[a-z][a-z0-9_]{0,31}$'::text))
);
COMMENT ON TABLE venue.budget IS 'A venue that requests are sent to; its row is the lock under which its spending is counted.';
COMMENT ON COLUMN venue.budget.banned_until IS 'No request is let through before this.';
COMMENT ON COLUMN venue.budget.ban_reason IS 'What the venue answered, such as status 429.';
COMMENT ON COLUMN venue.budget.horizon_ms IS 'The longest window that anybody asked with: spending is kept for so long.';

CREATE TABLE venue.spend (
  venue text NOT NULL,
  at timestamp with time zone NOT NULL,
  weight integer NOT NULL,
  CONSTRAINT spend_pkey PRIMARY KEY (venue, at),
  CONSTRAINT spend_venue_fkey FOREIGN KEY (venue) REFERENCES venue.budget(venue),
  CONSTRAINT spend_weight_check CHECK ((weight > 0))
) WITH (fillfactor=70, autovacuum_vacuum_scale_factor=0.05);
COMMENT ON TABLE venue.spend IS 'Weight let through, summed over tenths of a second.';
COMMENT ON COLUMN venue.spend.at IS 'The end of the tenth of a second, so that nothing is counted for less than its window.';

CREATE TABLE venue.waiter (
  ticket bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,
  venue text NOT NULL,
  priority smallint NOT NULL,
  weight integer NOT NULL,
  alive_until timestamp with time zone NOT NULL,
  CONSTRAINT waiter_pkey PRIMARY KEY (ticket),
  CONSTRAINT waiter_priority_check CHECK (((priority >= 0) AND (priority <= 3))),
  CONSTRAINT waiter_venue_fkey FOREIGN KEY (venue) REFERENCES venue.budget(venue),
  CONSTRAINT waiter_weight_check CHECK ((weight > 0))
) WITH (fillfactor=70, autovacuum_vacuum_scale_factor=0.05);
CREATE INDEX waiter_in_line ON venue.waiter USING btree (venue, priority, ticket);
COMMENT ON TABLE venue.waiter IS 'Requests that wait for budget, served by priority and then in order of their tickets.';
COMMENT ON COLUMN venue.waiter.priority IS '0 cancel, 1 order, 2 query, 3 data.';
COMMENT ON COLUMN venue.waiter.alive_until IS 'Who has not come back by then is gone, and nobody waits for it.';

REVOKE ALL ON FUNCTION venue.ban(text,bigint,text) FROM PUBLIC;
REVOKE ALL ON FUNCTION venue.correct(text,bigint,bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION venue.leave(bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION venue.lock_budget(text,bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION venue.take(text,integer,smallint,bigint[],integer[],bigint,bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION venue.used(text,bigint,timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION venue.wait_ms(text,bigint,bigint,integer,timestamp with time zone) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION venue.ban(text,bigint,text) TO aistock_data_ingester;
GRANT EXECUTE ON FUNCTION venue.ban(text,bigint,text) TO aistock_executor;
GRANT EXECUTE ON FUNCTION venue.correct(text,bigint,bigint) TO aistock_data_ingester;
GRANT EXECUTE ON FUNCTION venue.correct(text,bigint,bigint) TO aistock_executor;
GRANT EXECUTE ON FUNCTION venue.leave(bigint) TO aistock_data_ingester;
GRANT EXECUTE ON FUNCTION venue.leave(bigint) TO aistock_executor;
GRANT EXECUTE ON FUNCTION venue.take(text,integer,smallint,bigint[],integer[],bigint,bigint) TO aistock_data_ingester;
GRANT EXECUTE ON FUNCTION venue.take(text,integer,smallint,bigint[],integer[],bigint,bigint) TO aistock_executor;
GRANT EXECUTE ON FUNCTION venue.used(text,bigint,timestamp with time zone) TO aistock_data_ingester;
GRANT EXECUTE ON FUNCTION venue.used(text,bigint,timestamp with time zone) TO aistock_executor;
GRANT USAGE ON SCHEMA venue TO aistock_data_ingester;
GRANT USAGE ON SCHEMA venue TO aistock_executor;
GRANT SELECT ON TABLE venue.budget TO aistock_data_ingester;
GRANT SELECT ON TABLE venue.budget TO aistock_executor;
GRANT SELECT ON TABLE venue.spend TO aistock_data_ingester;
GRANT SELECT ON TABLE venue.spend TO aistock_executor;
GRANT SELECT ON TABLE venue.waiter TO aistock_data_ingester;
GRANT SELECT ON TABLE venue.waiter TO aistock_executor;
