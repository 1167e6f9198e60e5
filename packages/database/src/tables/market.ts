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
}

/** How many bars of a stream were not taken, by reason. */
export interface RejectionTable {
  stream: string;
  reason: string;
  bars: number;
  first_open_at: Date | null;
}

/** The tables and views of schema `market`, by qualified name. */
export interface MarketTables {
  'market.stream': StreamTable;
  'market.gap': GapTable;
  'market.rejection': RejectionTable;
}
