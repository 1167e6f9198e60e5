-- What is odd in a stream's bars, what became of its gaps, who accepted what, and whether it may be trained and traded on.

CREATE TABLE market.acceptance (
  acceptance_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  stream text NOT NULL REFERENCES market.stream,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
  bars bigint NOT NULL CHECK (bars > 0),
  until_at timestamptz NOT NULL,
  accepted_by text NOT NULL CHECK (length(accepted_by) BETWEEN 1 AND 100),
  reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500),
  accepted_at timestamptz NOT NULL
);
CREATE INDEX acceptance_by_stream ON market.acceptance (stream, accepted_at);
COMMENT ON TABLE market.acceptance IS 'Faults of a stream that a named person accepted; append only. They no longer count in its verdict, and what is found later does.';
COMMENT ON COLUMN market.acceptance.kind IS 'gap, faulty, stale_now, or a kind of market.finding.';
COMMENT ON COLUMN market.acceptance.bars IS 'How many bars were accepted.';
COMMENT ON COLUMN market.acceptance.until_at IS 'What was accepted lies before this.';

ALTER TABLE market.gap
  ADD COLUMN state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'filled', 'accepted')),
  ADD COLUMN attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  ADD COLUMN last_asked_at timestamptz,
  ADD COLUMN closed_at timestamptz,
  ADD COLUMN acceptance_id uuid REFERENCES market.acceptance,
  ADD CONSTRAINT gap_closed CHECK ((state = 'open') = (closed_at IS NULL)),
  ADD CONSTRAINT gap_accepted CHECK ((state = 'accepted') = (acceptance_id IS NOT NULL));
COMMENT ON TABLE market.gap IS 'A run of bars that the calendar expects and that did not come in order. Never filled by invention.';
COMMENT ON COLUMN market.gap.state IS 'open: missing. filled: the source gave the bars later, and they are registered as a revision. accepted: missing, and a named person lives with it.';
COMMENT ON COLUMN market.gap.attempts IS 'How often the source was asked again.';
COMMENT ON COLUMN market.gap.last_asked_at IS 'When it was asked last, by the clock of data_ingester.';
COMMENT ON COLUMN market.gap.closed_at IS 'When it was filled or accepted.';
CREATE INDEX gap_open ON market.gap (stream, to_at) WHERE state = 'open';

ALTER TABLE market.rejection
  ADD COLUMN accepted_bars bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT rejection_accepted CHECK (accepted_bars BETWEEN 0 AND bars);
COMMENT ON COLUMN market.rejection.accepted_bars IS 'How many of them a named person accepted.';

CREATE TABLE market.finding (
  stream text NOT NULL REFERENCES market.stream,
  kind text NOT NULL CHECK (kind IN ('outlier', 'stale', 'volume', 'zero_volume', 'restated')),
  day_at timestamptz NOT NULL,
  bars bigint NOT NULL CHECK (bars > 0),
  accepted_bars bigint NOT NULL DEFAULT 0,
  worst_open_at timestamptz NOT NULL,
  worst_size double precision NOT NULL,
  PRIMARY KEY (stream, kind, day_at),
  CHECK (accepted_bars BETWEEN 0 AND bars)
);
COMMENT ON TABLE market.finding IS 'Bars that are sound one by one and odd beside their neighbours, by kind and UTC day.';
COMMENT ON COLUMN market.finding.day_at IS '00:00 UTC of the day in which the bars open.';
COMMENT ON COLUMN market.finding.accepted_bars IS 'How many of them a named person accepted.';
COMMENT ON COLUMN market.finding.worst_open_at IS 'Open time of the worst of them.';
COMMENT ON COLUMN market.finding.worst_size IS 'How odd that is: the z-score, the length of the run in bars, or the revision of a restated bar.';

CREATE TABLE market.quality (
  stream text PRIMARY KEY REFERENCES market.stream,
  bars bigint NOT NULL CHECK (bars >= 0),
  first_open_at timestamptz NOT NULL,
  last_open_at timestamptz NOT NULL,
  monitor text NOT NULL,
  thresholds text NOT NULL,
  stale_accepted_from_at timestamptz,
  verdict text NOT NULL CHECK (verdict IN ('pass', 'warn', 'block')),
  reasons text[] NOT NULL,
  since_at timestamptz NOT NULL,
  CHECK (first_open_at <= last_open_at)
) WITH (fillfactor = 50);
COMMENT ON TABLE market.quality IS 'Where the watch over each stream stands, written in the transaction that registers its bars.';
COMMENT ON COLUMN market.quality.bars IS 'Bars that are held, each counted once whatever its revisions.';
COMMENT ON COLUMN market.quality.monitor IS 'What the watch has to remember of the bars before, as JSON: two windows of numbers and the runs that are going on.';
COMMENT ON COLUMN market.quality.thresholds IS 'The limits that the stream was judged by last, as JSON.';
COMMENT ON COLUMN market.quality.stale_accepted_from_at IS 'The first bar of a run of equal closes that a named person accepted; a later run counts again.';
COMMENT ON COLUMN market.quality.since_at IS 'Since when the verdict is what it is.';

CREATE TABLE market.lost_file (
  file_id uuid PRIMARY KEY REFERENCES ledger.file,
  noted_at timestamptz NOT NULL
);
COMMENT ON TABLE market.lost_file IS 'Files that were registered and found corrupt later, whose bars were noted as gaps: each once.';
-- By which they are found.
CREATE INDEX file_quarantined ON ledger.file (stream, first_open_at) WHERE status = 'quarantined';

CREATE TRIGGER keep_acceptances BEFORE UPDATE OR DELETE OR TRUNCATE ON market.acceptance
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

GRANT SELECT, INSERT ON market.acceptance, market.lost_file TO aistock_data_ingester;
GRANT SELECT, INSERT, UPDATE ON market.finding, market.quality TO aistock_data_ingester;
-- A gap that is filled in part is cut into its parts.
GRANT DELETE ON market.gap TO aistock_data_ingester;
