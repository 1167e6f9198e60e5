-- The record itself: entries in one order without gaps, the Merkle tree over them, signed checkpoints.
-- Nothing here is ever changed or removed, not by the owner of the tables either.

CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION 'the audit record is append-only: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION audit.refuse_change FROM PUBLIC;

CREATE TABLE audit.entry (
  entry_index bigint PRIMARY KEY CHECK (entry_index >= 0),
  event_id uuid NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  service text NOT NULL,
  occurred_at timestamptz NOT NULL,
  body text NOT NULL,
  subtree_hashes text[] NOT NULL CHECK (cardinality(subtree_hashes) BETWEEN 1 AND 53),
  appended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX entry_by_kind ON audit.entry (kind, entry_index);
CREATE INDEX entry_by_subject ON audit.entry (subject, entry_index);
COMMENT ON TABLE audit.entry IS 'The record: one row an event, numbered from 0 without gaps.';
COMMENT ON COLUMN audit.entry.event_id IS 'As the emitter gave it. Not unique: an emitter that repeats one is recorded, it does not stop the record.';
COMMENT ON COLUMN audit.entry.body IS 'Canonical JSON (RFC 8785) of the whole entry; its UTF-8 bytes are the leaf. The other columns repeat parts of it for queries.';
COMMENT ON COLUMN audit.entry.subtree_hashes IS 'RFC 6962 hashes (hex) of the perfect subtrees that this entry completes: element k + 1 covers the 2^k entries that end here, so the first is the leaf hash.';
COMMENT ON COLUMN audit.entry.appended_at IS 'When the auditor appended it, by the database''s clock; not part of the record.';

CREATE TABLE audit.checkpoint (
  tree_size bigint PRIMARY KEY CHECK (tree_size >= 0),
  root text NOT NULL CHECK (root ~ '^[0-9a-f]{64}$'),
  note text NOT NULL,
  verifier_key text NOT NULL,
  signed_at timestamptz NOT NULL
);
COMMENT ON TABLE audit.checkpoint IS 'Signed roots of the tree (C2SP checkpoints). The auditor keeps the same notes in a file outside of the database.';
COMMENT ON COLUMN audit.checkpoint.tree_size IS 'How many entries the root covers.';

-- ALWAYS: a session that plays a replica would pass by an ordinary trigger.
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON audit.entry
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit.entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON audit.checkpoint
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON audit.checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER append_only_rows, ENABLE ALWAYS TRIGGER append_only_table;
ALTER TABLE audit.checkpoint ENABLE ALWAYS TRIGGER append_only_rows, ENABLE ALWAYS TRIGGER append_only_table;

GRANT SELECT, INSERT ON audit.entry, audit.checkpoint TO aistock_auditor;
