-- What the numbers of a stream's bars mean, and the week of the currency market as a calendar.

ALTER TABLE market.stream DROP CONSTRAINT stream_calendar_check;
ALTER TABLE market.stream
  ADD CONSTRAINT stream_calendar_check CHECK (calendar IN ('always', 'xnys', 'fx')),
  ADD COLUMN feed text CHECK (feed ~ '^[a-z][a-z0-9_]{0,31}$'),
  ADD COLUMN adjustment text CHECK (adjustment IN ('raw', 'split', 'dividend', 'all')),
  ADD COLUMN session text CHECK (session IN ('regular', 'extended')),
  ADD COLUMN tick_size numeric CHECK (tick_size > 0),
  ADD COLUMN config_hash text CHECK (config_hash ~ '^[0-9a-f]{64}$');
COMMENT ON COLUMN market.stream.calendar IS 'When bars are expected: always, in the sessions of the New York Stock Exchange (xnys), or in the week of the currency market (fx).';
COMMENT ON COLUMN market.stream.feed IS 'Which of a vendor''s feeds the bars are of, such as iex; null where there is one only. Stays once the stream has bars, as do calendar, adjustment and session.';
COMMENT ON COLUMN market.stream.adjustment IS 'What prices were changed for: raw is nothing; null where the source does not say.';
COMMENT ON COLUMN market.stream.session IS 'Which hours of a stock exchange intraday bars are expected in; null where that was not told.';
COMMENT ON COLUMN market.stream.tick_size IS 'Smallest step of the price, as configured.';
COMMENT ON COLUMN market.stream.config_hash IS 'SHA-256 of everything that the configuration said about the stream at its last file; null in rows from before this was kept.';
