-- What came from outside, in one chain: each answer and each file that bars were taken from, and each deletion of raw
-- bytes. A record holds the hash of the one before it, also over midnight, so that a change, a cut or a lost day shows.

CREATE TABLE ledger.raw_log (
  body text NOT NULL CHECK (length(body) BETWEEN 2 AND 1000000),
  record_hash text NOT NULL UNIQUE,
  day text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'day') STORED CHECK (day ~ '^\d{4}-\d{2}-\d{2}$'),
  position integer NOT NULL GENERATED ALWAYS AS ((body::jsonb ->> 'position')::integer) STORED CHECK (position >= 0),
  prev_hash text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'prev_hash') STORED UNIQUE CHECK (prev_hash ~ '^[0-9a-f]{64}$'),
  kind text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'kind') STORED CHECK (kind IN ('answer', 'file', 'deletion')),
  stream text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'stream') STORED,
  chunk_sha256 text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'chunk_sha256') STORED CHECK (chunk_sha256 ~ '^[0-9a-f]{64}$'),
  response_sha256 text GENERATED ALWAYS AS (CASE WHEN body::jsonb ->> 'kind' = 'answer' THEN body::jsonb ->> 'sha256' END) STORED,
  PRIMARY KEY (day, position),
  CONSTRAINT raw_log_hash CHECK (record_hash = encode(sha256(convert_to(body, 'UTF8')), 'hex')),
  CONSTRAINT raw_log_response CHECK (
    CASE WHEN kind = 'answer' THEN response_sha256 ~ '^[0-9a-f]{64}$' ELSE response_sha256 IS NULL END
  )
);
CREATE INDEX raw_log_chunk ON ledger.raw_log (chunk_sha256, stream);
CREATE INDEX raw_log_response ON ledger.raw_log (response_sha256) WHERE response_sha256 IS NOT NULL;
COMMENT ON TABLE ledger.raw_log IS 'Every answer and file that bars were taken from, and every deletion of raw bytes, chained by hash; append only.';
COMMENT ON COLUMN ledger.raw_log.body IS 'The record as canonical JSON (RFC 8785), without its own hash. The other columns repeat parts of it.';
COMMENT ON COLUMN ledger.raw_log.record_hash IS 'SHA-256 of the body''s UTF-8 bytes.';
COMMENT ON COLUMN ledger.raw_log.day IS 'The UTC day of the writer''s clock; a clock that is set back stays on the day of the record before.';
COMMENT ON COLUMN ledger.raw_log.position IS 'Place within the day, from 0 without gaps.';
COMMENT ON COLUMN ledger.raw_log.prev_hash IS 'Hash of the record before, also of the last one of the day before; 64 zeros in the very first.';
COMMENT ON COLUMN ledger.raw_log.kind IS 'answer: of a server, whose bytes are in the lake. file: at its origin. deletion: of a chunk''s raw bytes.';
COMMENT ON COLUMN ledger.raw_log.chunk_sha256 IS 'Of the raw file in ledger.file that the bars went into.';
COMMENT ON COLUMN ledger.raw_log.response_sha256 IS 'Of an answer''s bytes as they came, which name its file in the lake; null in other records.';

-- Two records cannot follow on the same one, so with this the chain has no branches and no holes.
CREATE FUNCTION ledger.guard_raw_log() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
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
END $$;
REVOKE ALL ON FUNCTION ledger.guard_raw_log FROM PUBLIC;

CREATE TRIGGER guard_raw_log AFTER INSERT ON ledger.raw_log
  FOR EACH ROW EXECUTE FUNCTION ledger.guard_raw_log();
CREATE TRIGGER keep_raw_log BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.raw_log
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
-- ALWAYS: a session that plays a replica would pass by an ordinary trigger.
ALTER TABLE ledger.raw_log ENABLE ALWAYS TRIGGER guard_raw_log, ENABLE ALWAYS TRIGGER keep_raw_log;

CREATE TABLE ledger.raw_log_export (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  day text NOT NULL,
  position integer NOT NULL,
  exported_at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.raw_log_export IS 'How far the raw log has been copied into files of the lake: up to here they must hold every record.';
COMMENT ON COLUMN ledger.raw_log_export.only_row IS 'There is one row at most.';
COMMENT ON COLUMN ledger.raw_log_export.day IS 'Of the last record that was copied.';
COMMENT ON COLUMN ledger.raw_log_export.position IS 'Of the last record that was copied.';
COMMENT ON COLUMN ledger.raw_log_export.exported_at IS 'When, by the clock of data_ingester.';

ALTER TABLE ledger.deletion ADD COLUMN recorded_at timestamptz;
COMMENT ON COLUMN ledger.deletion.recorded_at IS 'When the deletion was put on the raw log; no byte goes before that.';

CREATE FUNCTION ledger.guard_bytes() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger.deletion WHERE file_id = NEW.file_id AND recorded_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the deletion of file % is not on the raw log', NEW.file_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION ledger.guard_bytes FROM PUBLIC;
CREATE TRIGGER guard_bytes BEFORE UPDATE ON ledger.file
  FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION ledger.guard_bytes();

GRANT SELECT, INSERT ON ledger.raw_log TO aistock_data_ingester, aistock_ml_service;
GRANT SELECT, INSERT, UPDATE ON ledger.raw_log_export TO aistock_data_ingester;
GRANT UPDATE (recorded_at) ON ledger.deletion TO aistock_ml_service;
