-- Sessions of the engine: what was decided, and everything that it was decided from.

CREATE SCHEMA engine;
GRANT USAGE ON SCHEMA engine TO aistock_engine;

CREATE TABLE engine.session (
  session_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account text NOT NULL CHECK (account ~ '^[a-z][a-z0-9_]{0,47}$'),
  mode text NOT NULL CHECK (mode IN ('replay', 'live')),
  terms_sha256 text NOT NULL CHECK (terms_sha256 ~ '^[0-9a-f]{64}$'),
  terms jsonb NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'stopped', 'failed')),
  problem_code text,
  problem_detail text CHECK (length(problem_detail) <= 1000),
  claim_epoch bigint NOT NULL DEFAULT 0 CHECK (claim_epoch >= 0),
  claimed_by text CHECK (length(claimed_by) BETWEEN 1 AND 200),
  lease_until timestamptz,
  stop_requested boolean NOT NULL DEFAULT false,
  seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  closed_at timestamptz,
  view jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  CHECK ((claimed_by IS NULL) = (lease_until IS NULL)),
  CHECK (status <> 'failed' OR problem_code IS NOT NULL),
  CHECK ((status = 'open') = (ended_at IS NULL)),
  CHECK (status = 'open' OR claimed_by IS NULL)
);
COMMENT ON TABLE engine.session IS 'A session: strategies that trade an account together.';
COMMENT ON COLUMN engine.session.terms_sha256 IS 'Of what was asked for: the same request finds the session that it made.';
COMMENT ON COLUMN engine.session.status IS 'A failed one stops every other of its account until somebody has looked at it and stopped it.';
COMMENT ON COLUMN engine.session.claim_epoch IS 'The number of the latest claim; whoever holds an earlier one changes nothing.';
COMMENT ON COLUMN engine.session.lease_until IS 'When the claim ends, by the clock of this database.';
COMMENT ON COLUMN engine.session.seq IS 'The close that was journalled last.';
COMMENT ON COLUMN engine.session.closed_at IS 'When its bars closed.';
COMMENT ON COLUMN engine.session.view IS 'Books, working orders and last decisions after it, to be shown; nothing is computed from them.';
CREATE UNIQUE INDEX session_asked ON engine.session (account, terms_sha256) WHERE status = 'open';
COMMENT ON INDEX engine.session_asked IS 'The same request does not begin a second session.';
CREATE UNIQUE INDEX session_claimed ON engine.session (account) WHERE claimed_by IS NOT NULL;
COMMENT ON INDEX engine.session_claimed IS 'One session at a time trades an account.';
CREATE UNIQUE INDEX session_live ON engine.session (account) WHERE mode = 'live' AND status = 'open';
COMMENT ON INDEX engine.session_live IS 'An account has one live session at most.';

CREATE TABLE engine.journal (
  session_id uuid NOT NULL REFERENCES engine.session,
  seq bigint NOT NULL CHECK (seq > 0),
  closed_at timestamptz NOT NULL,
  events jsonb NOT NULL CHECK (jsonb_typeof(events) = 'array'),
  lines text[] NOT NULL,
  lines_sha256 text NOT NULL CHECK (lines_sha256 ~ '^[0-9a-f]{64}$'),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (session_id, seq)
);
COMMENT ON TABLE engine.journal IS 'What each close was decided from, and what was decided: written before an order of it leaves.';
COMMENT ON COLUMN engine.journal.seq IS 'Which close of the session, from 1 on, without a gap.';
COMMENT ON COLUMN engine.journal.events IS 'Everything that the core was told since the close before, in that order, the close last.';
COMMENT ON COLUMN engine.journal.lines IS 'The lines of the decision log, as they were hashed.';
COMMENT ON COLUMN engine.journal.lines_sha256 IS 'Of these lines, each with an end of line.';
CREATE INDEX journal_newest ON engine.journal (closed_at DESC, session_id);

CREATE TABLE engine.snapshot (
  session_id uuid NOT NULL REFERENCES engine.session,
  seq bigint NOT NULL CHECK (seq >= 0),
  state jsonb NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (session_id, seq)
);
COMMENT ON TABLE engine.snapshot IS 'Where the replay of a journal begins: the state after a close, with the bars that it looks back on.';

CREATE TRIGGER keep_journal BEFORE UPDATE OR DELETE OR TRUNCATE ON engine.journal
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
ALTER TABLE engine.journal ENABLE ALWAYS TRIGGER keep_journal;

GRANT SELECT, INSERT, UPDATE ON engine.session TO aistock_engine;
GRANT SELECT, INSERT ON engine.journal TO aistock_engine;
GRANT SELECT, INSERT, DELETE ON engine.snapshot TO aistock_engine;
