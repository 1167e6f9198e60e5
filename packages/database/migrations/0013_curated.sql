-- The catalogue of the curated store, who gave the bars of each file and when they were learned, and what happened to
-- shares beside their prices.

CREATE TABLE market.part (
  part_id text PRIMARY KEY CHECK (part_id ~ '^[0-9a-f]{64}$'),
  stream text NOT NULL REFERENCES market.stream,
  year integer NOT NULL CHECK (year BETWEEN 1000 AND 9999),
  path text NOT NULL UNIQUE CHECK (path ~ '^curated/[A-Za-z0-9_./=-]{1,250}\.parquet$' AND path !~ '\.\.'),
  rows integer NOT NULL CHECK (rows > 0),
  bytes bigint NOT NULL CHECK (bytes > 0),
  first_open_at timestamptz NOT NULL,
  last_open_at timestamptz NOT NULL,
  revision_max integer NOT NULL CHECK (revision_max >= 0),
  decimals smallint NOT NULL CHECK (decimals BETWEEN 0 AND 12),
  sources text[] NOT NULL CHECK (cardinality(sources) > 0),
  raw_sha256 text[] NOT NULL CHECK (cardinality(raw_sha256) BETWEEN 1 AND 4096),
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  retired_at timestamptz,
  CHECK (first_open_at <= last_open_at)
);
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

CREATE INDEX part_live ON market.part (stream, last_open_at) WHERE retired_at IS NULL;
CREATE INDEX part_retired ON market.part (retired_at) WHERE retired_at IS NOT NULL;

CREATE TABLE market.file_source (
  file_id uuid PRIMARY KEY REFERENCES ledger.file,
  source text NOT NULL CHECK (source ~ '^[a-z][a-z0-9_]{0,31}$'),
  known_at timestamptz NOT NULL
);
COMMENT ON TABLE market.file_source IS 'Beside each file of the ledger whose bars are in the curated store: from whom they are, and since when they are known.';
COMMENT ON COLUMN market.file_source.source IS 'Which source gave the bars; in a chain of sources not always the one that the stream is named after.';
COMMENT ON COLUMN market.file_source.known_at IS 'When the bars were learned, by the clock of data_ingester.';

CREATE TABLE market.corporate_action (
  stream text NOT NULL REFERENCES market.stream,
  kind text NOT NULL CHECK (kind IN ('split', 'dividend')),
  ex_at timestamptz NOT NULL,
  known_at timestamptz NOT NULL,
  new_shares numeric(38, 12) CHECK (new_shares > 0),
  old_shares numeric(38, 12) CHECK (old_shares > 0),
  amount numeric(38, 12) CHECK (amount >= 0),
  noted_by text NOT NULL CHECK (length(noted_by) BETWEEN 1 AND 100),
  reason text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500),
  PRIMARY KEY (stream, kind, ex_at, known_at),
  CHECK ((kind = 'split') = (new_shares IS NOT NULL AND old_shares IS NOT NULL)),
  CHECK ((kind = 'split') = (amount IS NULL))
);
COMMENT ON TABLE market.corporate_action IS 'Splits and dividends of what a stream prices; append only. Prices are kept as they were traded, adjusted ones are computed.';
COMMENT ON COLUMN market.corporate_action.ex_at IS 'Open time of the first bar that trades without the dividend, or in new shares.';
COMMENT ON COLUMN market.corporate_action.known_at IS 'Since when it is known. Of several rows for one action the newest that was known counts.';
COMMENT ON COLUMN market.corporate_action.new_shares IS 'So many new shares for so many old ones: 4 for 1. 1 for 1 takes a split back.';
COMMENT ON COLUMN market.corporate_action.amount IS 'Dividend of one share, in the currency of its price. 0 takes a dividend back.';
COMMENT ON COLUMN market.corporate_action.noted_by IS 'The person or the source that told it.';

GRANT SELECT, INSERT, UPDATE, DELETE ON market.part TO aistock_data_ingester;
GRANT SELECT, INSERT ON market.file_source, market.corporate_action TO aistock_data_ingester;
