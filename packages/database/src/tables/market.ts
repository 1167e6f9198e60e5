import type { Generated } from 'kysely';

/** One series of bars. */
export interface StreamTable {
  stream: string;
  source: string;
  instrument: string;
  timeframe: '1m' | '5m' | '15m' | '30m' | '1h' | '4h' | '1d';
  calendar: 'always' | 'xnys' | 'fx';
  gap_meaning: 'session' | 'trades_only';
  created_at: Generated<Date>;
  /** What the numbers mean; see StreamFacts of data_ingester. */
  feed: string | null;
  adjustment: 'raw' | 'split' | 'dividend' | 'all' | null;
  session: 'regular' | 'extended' | null;
  tick_size: string | null;
  /** Of the configuration at the last file; null in rows from before this was kept. */
  config_hash: string | null;
}

/** A run of bars that the calendar expects and the source did not give. */
export interface GapTable {
  stream: string;
  from_at: Date;
  to_at: Date;
  missing_bars: number;
  state: Generated<'open' | 'filled' | 'accepted'>;
  /** How often the source was asked again, and when last. */
  attempts: Generated<number>;
  last_asked_at: Date | null;
  closed_at: Date | null;
  acceptance_id: string | null;
}

/** Faults of a stream that a named person accepted. */
export interface AcceptanceTable {
  acceptance_id: Generated<string>;
  stream: string;
  kind: string;
  bars: number;
  until_at: Date;
  accepted_by: string;
  reason: string;
  accepted_at: Date;
}

/** Bars that are odd beside their neighbours, by kind and UTC day. */
export interface FindingTable {
  stream: string;
  kind: 'outlier' | 'stale' | 'volume' | 'zero_volume' | 'restated';
  day_at: Date;
  bars: number;
  accepted_bars: Generated<number>;
  worst_open_at: Date;
  worst_size: number;
}

/** Where the watch over a stream stands. */
export interface QualityTable {
  stream: string;
  bars: number;
  first_open_at: Date;
  last_open_at: Date;
  /** JSON. */
  monitor: string;
  thresholds: string;
  stale_accepted_from_at: Date | null;
  verdict: 'pass' | 'warn' | 'block';
  reasons: string[];
  since_at: Date;
}

/** How many bars of a stream were not taken, by reason. */
export interface RejectionTable {
  stream: string;
  reason: string;
  bars: number;
  accepted_bars: Generated<number>;
  first_open_at: Date | null;
}

/** Files whose bars were noted as gaps, because they were found corrupt after they had been registered. */
export interface LostFileTable {
  file_id: string;
  noted_at: Date;
}

/** How many bars of a stream were compared with those of another source. */
export interface ComparisonTable {
  stream: string;
  against: string;
  compared_bars: Generated<number>;
  undecided_bars: Generated<number>;
  skipped_bars: Generated<number>;
  last_problem: string | null;
  last_problem_at: Date | null;
}

/** Bars of a stream that another source tells otherwise, by kind and UTC day. */
export interface DifferenceTable {
  stream: string;
  against: string;
  kind: 'price' | 'volume' | 'missing_here' | 'missing_there';
  day_at: Date;
  bars: number;
  worst_open_at: Date;
  /** These four are null where the bar is missing. */
  worst_field: 'open' | 'high' | 'low' | 'close' | 'volume' | null;
  worst_bps: number | null;
  worst_ours: string | null;
  worst_theirs: string | null;
}

/** The Parquet files of the curated store. */
export interface PartTable {
  part_id: string;
  stream: string;
  year: number;
  path: string;
  rows: number;
  bytes: number;
  first_open_at: Date;
  last_open_at: Date;
  revision_max: number;
  decimals: number;
  sources: string[];
  raw_sha256: string[];
  made_at: Generated<Date>;
  retired_at: Date | null;
}

/** Who gave the bars of a file of the ledger, and when they were learned. */
export interface FileSourceTable {
  file_id: string;
  source: string;
  known_at: Date;
}

/** Splits and dividends of what a stream prices. */
export interface CorporateActionTable {
  stream: string;
  kind: 'split' | 'dividend';
  ex_at: Date;
  known_at: Date;
  /** Null of a dividend. */
  new_shares: string | null;
  old_shares: string | null;
  /** Null of a split. */
  amount: string | null;
  noted_by: string;
  reason: string;
  told_at: Date;
}

/** The members of a universe as of a time. */
export interface UniverseRefreshTable {
  universe: string;
  as_of_at: Date;
  refreshed_at: Date;
  refreshed_by: string;
  reason: string;
  /** Streams, sorted. */
  members: string[];
  /** Canonical JSON. */
  inputs: string;
  inputs_sha256: string;
}

/** The tables and views of schema `market`, by qualified name. */
export interface MarketTables {
  'market.stream': StreamTable;
  'market.gap': GapTable;
  'market.rejection': RejectionTable;
  'market.acceptance': AcceptanceTable;
  'market.finding': FindingTable;
  'market.quality': QualityTable;
  'market.comparison': ComparisonTable;
  'market.difference': DifferenceTable;
  'market.lost_file': LostFileTable;
  'market.part': PartTable;
  'market.file_source': FileSourceTable;
  'market.corporate_action': CorporateActionTable;
  'market.universe_refresh': UniverseRefreshTable;
}
