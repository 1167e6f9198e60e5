-- Where two sources do not agree on the bars of a stream.

CREATE TABLE market.comparison (
  stream text NOT NULL REFERENCES market.stream,
  against text NOT NULL CHECK (against ~ '^[a-z][a-z0-9_]{0,31}$'),
  compared_bars bigint NOT NULL DEFAULT 0 CHECK (compared_bars >= 0),
  undecided_bars bigint NOT NULL DEFAULT 0 CHECK (undecided_bars >= 0),
  skipped_bars bigint NOT NULL DEFAULT 0 CHECK (skipped_bars >= 0),
  last_problem text CHECK (length(last_problem) BETWEEN 1 AND 1000),
  last_problem_at timestamptz,
  PRIMARY KEY (stream, against),
  CHECK ((last_problem IS NULL) = (last_problem_at IS NULL))
);
COMMENT ON TABLE market.comparison IS 'How many bars of a stream were compared with those of another source.';
COMMENT ON COLUMN market.comparison.compared_bars IS 'Both sources had them.';
COMMENT ON COLUMN market.comparison.undecided_bars IS 'The other source had no later bar yet, so that nothing can be said.';
COMMENT ON COLUMN market.comparison.skipped_bars IS 'Not compared: the other source could not be asked, had given them itself, or too many waited.';
COMMENT ON COLUMN market.comparison.last_problem IS 'Why bars were skipped last.';

CREATE TABLE market.difference (
  stream text NOT NULL,
  against text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('price', 'volume', 'missing_here', 'missing_there')),
  day_at timestamptz NOT NULL,
  bars bigint NOT NULL CHECK (bars > 0),
  worst_open_at timestamptz NOT NULL,
  worst_field text CHECK (worst_field IN ('open', 'high', 'low', 'close', 'volume')),
  worst_bps double precision CHECK (worst_bps > 0 AND worst_bps <= 10000),
  worst_ours numeric,
  worst_theirs numeric,
  PRIMARY KEY (stream, against, kind, day_at),
  FOREIGN KEY (stream, against) REFERENCES market.comparison,
  CHECK (num_nulls(worst_field, worst_bps, worst_ours, worst_theirs) = CASE WHEN kind IN ('price', 'volume') THEN 0 ELSE 4 END)
);
COMMENT ON TABLE market.difference IS 'Bars of a stream that another source tells otherwise by more than the tolerance, by kind and UTC day.';
COMMENT ON COLUMN market.difference.kind IS 'price and volume: both have the bar. missing_here: only the other source has it. missing_there: only the stream has it.';
COMMENT ON COLUMN market.difference.day_at IS '00:00 UTC of the day in which the bars open.';
COMMENT ON COLUMN market.difference.worst_open_at IS 'Open time of the bar that differs most; of missing ones, of the first.';
COMMENT ON COLUMN market.difference.worst_field IS 'The value that differs most; null where the bar is missing, as are the next three.';
COMMENT ON COLUMN market.difference.worst_bps IS 'How much it differs, in basis points of the larger value.';
COMMENT ON COLUMN market.difference.worst_ours IS 'Its value in the stream.';
COMMENT ON COLUMN market.difference.worst_theirs IS 'Its value at the other source.';

GRANT SELECT, INSERT, UPDATE ON market.comparison, market.difference TO aistock_data_ingester;
