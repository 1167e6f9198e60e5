-- What data_ingester knows about each series of bars beside the ledger of its files.

CREATE TABLE market.stream (
  stream text PRIMARY KEY CHECK (stream ~ '^[a-z][a-z0-9_]{0,31}:[A-Z0-9][A-Z0-9./:]{0,61}:(1m|5m|15m|30m|1h|4h|1d)$'),
  source text NOT NULL,
  instrument text NOT NULL,
  timeframe text NOT NULL CHECK (timeframe IN ('1m', '5m', '15m', '30m', '1h', '4h', '1d')),
  calendar text NOT NULL CHECK (calendar IN ('always', 'xnys')),
  gap_meaning text NOT NULL CHECK (gap_meaning IN ('session', 'trades_only')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (stream = source || ':' || instrument || ':' || timeframe)
);
COMMENT ON TABLE market.stream IS 'One series of bars: a source, an instrument and how long a bar lasts.';
COMMENT ON COLUMN market.stream.calendar IS 'When bars are expected: always, or in the sessions of the New York Stock Exchange (xnys).';
COMMENT ON COLUMN market.stream.gap_meaning IS 'session: a missing bar is a gap. trades_only: the source makes no bar in an interval without trades, and nothing is missing.';

CREATE TABLE market.gap (
  stream text NOT NULL REFERENCES market.stream,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  missing_bars integer NOT NULL CHECK (missing_bars > 0),
  PRIMARY KEY (stream, from_at),
  CHECK (from_at < to_at)
);
COMMENT ON TABLE market.gap IS 'A run of bars that the calendar expects and the source did not give. Never filled.';
COMMENT ON COLUMN market.gap.from_at IS 'Open time of the first missing bar.';
COMMENT ON COLUMN market.gap.to_at IS 'Open time of the next bar that is there.';

CREATE TABLE market.rejection (
  stream text NOT NULL REFERENCES market.stream,
  reason text NOT NULL CHECK (reason ~ '^[a-z_]{1,40}$'),
  bars bigint NOT NULL CHECK (bars > 0),
  first_open_at timestamptz,
  PRIMARY KEY (stream, reason)
);
COMMENT ON TABLE market.rejection IS 'How many bars of a stream were not taken, by reason, over the chunks that were registered or quarantined.';
COMMENT ON COLUMN market.rejection.first_open_at IS 'Open time of the first bar rejected for this reason; null where no time could be read.';

GRANT SELECT, INSERT, UPDATE ON market.stream, market.gap, market.rejection TO aistock_data_ingester;
