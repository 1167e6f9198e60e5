-- The ledger of raw files: who has which file, and what became of it. The database itself refuses what must not
-- happen, whatever a program does: two files of a stream that overlap in time, a step that is not in the table of
-- legal ones, a finish without a valid lease, a claim number that is used twice, a file that is forgotten.

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE TABLE ledger.file (
  file_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  stream text NOT NULL CHECK (stream ~ '^[a-z][a-z0-9_]{0,31}:[A-Z0-9][A-Z0-9./:]{0,61}:(1m|5m|15m|30m|1h|4h|1d)$'),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  path text NOT NULL CHECK (path ~ '^[A-Za-z0-9_][A-Za-z0-9_./-]{0,254}$' AND path !~ '\.\.'),
  rows integer NOT NULL CHECK (rows >= 0),
  bytes bigint NOT NULL CHECK (bytes >= 0),
  first_open_at timestamptz,
  last_open_at timestamptz,
  revision integer NOT NULL DEFAULT 0 CHECK (revision >= 0),
  status text NOT NULL DEFAULT 'downloaded'
    CHECK (status IN ('downloaded', 'processing', 'processed', 'quarantined', 'failed')),
  claim_epoch bigint NOT NULL DEFAULT 0 CHECK (claim_epoch >= 0),
  claimed_by text CHECK (length(claimed_by) BETWEEN 1 AND 200),
  lease_until timestamptz,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  reason text CHECK (length(reason) BETWEEN 1 AND 1000),
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  deleted_at timestamptz,
  is_open boolean NOT NULL GENERATED ALWAYS AS (status IN ('downloaded', 'processing')) STORED,
  is_used boolean NOT NULL GENERATED ALWAYS AS (status NOT IN ('quarantined', 'failed')) STORED,
  CONSTRAINT file_bytes_once UNIQUE (sha256, stream),
  CONSTRAINT file_bars_once EXCLUDE USING gist (
    stream WITH =, revision WITH =, tstzrange(first_open_at, last_open_at, '[]') WITH &&
  ) WHERE (is_used),
  CONSTRAINT file_range CHECK (
    CASE WHEN first_open_at IS NULL OR last_open_at IS NULL
      THEN first_open_at IS NULL AND last_open_at IS NULL AND status = 'quarantined'
      ELSE first_open_at <= last_open_at AND (rows > 0 OR status = 'quarantined') END
  ),
  CONSTRAINT file_lease CHECK (
    (status = 'processing') = (lease_until IS NOT NULL) AND (status <> 'processing' OR claimed_by IS NOT NULL)
  ),
  CONSTRAINT file_reason CHECK (status NOT IN ('quarantined', 'failed') OR reason IS NOT NULL),
  CONSTRAINT file_deleted CHECK (deleted_at IS NULL OR status = 'processed')
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
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

CREATE INDEX file_open ON ledger.file (stream, first_open_at) WHERE is_open;

CREATE TABLE ledger.watermark (
  stream text PRIMARY KEY,
  open_at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.watermark IS 'How far each stream is registered; moves forward only, in the transaction that registers a file.';
COMMENT ON COLUMN ledger.watermark.open_at IS 'Open time of the last bar registered.';

CREATE TABLE ledger.deletion (
  file_id uuid PRIMARY KEY REFERENCES ledger.file,
  intended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ledger.deletion IS 'Processed files whose raw bytes are to be removed; a row goes when ledger.file.deleted_at is set.';

CREATE TABLE ledger.transition (
  transition_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  file_id uuid NOT NULL,
  from_status text,
  to_status text NOT NULL,
  claim_epoch bigint NOT NULL,
  claimed_by text,
  reason text,
  db_role text NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.transition IS 'Every step and every claim of every file, written by a trigger; append only.';
COMMENT ON COLUMN ledger.transition.file_id IS 'Of ledger.file, whose rows are never removed; not declared as a foreign key, which each step would check.';
COMMENT ON COLUMN ledger.transition.from_status IS 'Null where the file was registered.';
COMMENT ON COLUMN ledger.transition.db_role IS 'The database role that made the step.';
CREATE INDEX transition_file ON ledger.transition (file_id, transition_id);

CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '% of %.% is not allowed', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION ledger.guard_registration() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.status NOT IN ('downloaded', 'quarantined') OR NEW.claim_epoch <> 0 OR NEW.attempts <> 0
    OR NEW.claimed_by IS NOT NULL OR NEW.deleted_at IS NOT NULL
  THEN
    RAISE EXCEPTION 'a file starts as downloaded or quarantined, and unclaimed'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.guard_step() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
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
END $$;

CREATE FUNCTION ledger.record_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  INSERT INTO ledger.transition (file_id, from_status, to_status, claim_epoch, claimed_by, reason, db_role, at)
  VALUES (NEW.file_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status, NEW.claim_epoch, NEW.claimed_by,
    NEW.reason, session_user, clock_timestamp());
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.guard_watermark() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.stream <> OLD.stream OR NEW.open_at <= OLD.open_at THEN
    RAISE EXCEPTION 'the watermark of % only moves forward', OLD.stream
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.guard_deletion() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger.file WHERE file_id = NEW.file_id AND status = 'processed' AND deleted_at IS NULL) THEN
    RAISE EXCEPTION 'file % is not processed, or deleted already', NEW.file_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_registration BEFORE INSERT ON ledger.file
  FOR EACH ROW EXECUTE FUNCTION ledger.guard_registration();
CREATE TRIGGER guard_step BEFORE UPDATE ON ledger.file
  FOR EACH ROW EXECUTE FUNCTION ledger.guard_step();
CREATE TRIGGER record_registration AFTER INSERT ON ledger.file
  FOR EACH ROW EXECUTE FUNCTION ledger.record_step();
CREATE TRIGGER record_step AFTER UPDATE ON ledger.file
  FOR EACH ROW WHEN (NEW.status <> OLD.status OR NEW.claim_epoch <> OLD.claim_epoch)
  EXECUTE FUNCTION ledger.record_step();
CREATE TRIGGER keep_files BEFORE DELETE OR TRUNCATE ON ledger.file
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER keep_transitions BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transition
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER guard_watermark BEFORE UPDATE ON ledger.watermark
  FOR EACH ROW EXECUTE FUNCTION ledger.guard_watermark();
CREATE TRIGGER keep_watermarks BEFORE DELETE OR TRUNCATE ON ledger.watermark
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER guard_deletion BEFORE INSERT ON ledger.deletion
  FOR EACH ROW EXECUTE FUNCTION ledger.guard_deletion();

GRANT SELECT, INSERT ON ledger.file TO aistock_data_ingester;
GRANT SELECT, INSERT, UPDATE ON ledger.watermark TO aistock_data_ingester;
GRANT SELECT ON ledger.file, ledger.watermark, ledger.transition TO aistock_ml_service;
GRANT SELECT ON ledger.transition, ledger.deletion TO aistock_data_ingester;
GRANT UPDATE (status, claim_epoch, claimed_by, lease_until, attempts, reason, deleted_at) ON ledger.file TO aistock_ml_service;
GRANT SELECT, INSERT, DELETE ON ledger.deletion TO aistock_ml_service;
