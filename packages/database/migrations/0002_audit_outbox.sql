-- The outbox: what happened, written by each service in the transaction in which it happened, and waiting for the
-- auditor. Services can only call audit.emit; they cannot read, change or remove what waits.

CREATE TABLE audit.outbox (
  outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
  service text NOT NULL,
  occurred_at timestamptz NOT NULL,
  payload text NOT NULL CHECK (length(payload) <= 65536)
);
COMMENT ON TABLE audit.outbox IS 'Events that wait for the auditor; a row is removed in the transaction that appends it to audit.entry.';
COMMENT ON COLUMN audit.outbox.outbox_id IS 'Order of insertion within a transaction. Commits may be in another order: never a watermark.';
COMMENT ON COLUMN audit.outbox.service IS 'The database role that emitted it, without its prefix: a service cannot write in the name of another.';
COMMENT ON COLUMN audit.outbox.payload IS 'Canonical JSON (RFC 8785).';

CREATE FUNCTION audit.emit(event_id uuid, kind text, subject text, payload text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO audit.outbox (event_id, kind, subject, service, occurred_at, payload)
  VALUES (event_id, kind, subject, regexp_replace(session_user, '^aistock_', ''), clock_timestamp(), payload);
$$;
REVOKE ALL ON FUNCTION audit.emit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO aistock_data_ingester, aistock_param_controller, aistock_ml_service, aistock_risk_gate, aistock_executor, aistock_engine;
GRANT EXECUTE ON FUNCTION audit.emit TO aistock_data_ingester, aistock_param_controller, aistock_ml_service, aistock_risk_gate, aistock_executor, aistock_auditor, aistock_engine;
GRANT SELECT, DELETE ON audit.outbox TO aistock_auditor;
