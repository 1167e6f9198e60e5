import type { Calendar, GapMeaning, Hours, Sessions, Timeframe } from '@aistock/market';
import type { QualityThresholds } from '@aistock/shared';
import type { Budget } from '@aistock/venue-budget';
import type { BarSource, SourceFacts } from '@aistock/venues';
import type { OpenedSource } from './sources/opened-sources.ts';
import type { CompareTerms, RecheckTerms, ScheduleTerms } from './sources/stream-terms.ts';

/** What EXCHANGE says where bars come from files. */
export const CSV_EXCHANGE = 'csv';

/** A series of bars. */
export interface StreamSpec {
  /** `source:instrument:timeframe`. */
  readonly stream: string;
  readonly source: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly gapMeaning: GapMeaning;
  readonly facts: StreamFacts;
  /** When the market is known to be closed whatever the calendar says; never unless told. */
  readonly closed?: readonly Hours[];
  /** Of what the configuration says about the stream, SHA-256 in hex; null in what was noted before this was kept. */
  readonly configHash: string | null;
}

/** What the numbers of a stream's bars mean. All bars of one stream have these in common; null is not told. */
export interface StreamFacts {
  /** Which of a vendor's feeds, such as `iex`. */
  readonly feed: string | null;
  /** What prices were changed for. */
  readonly adjustment: NonNullable<SourceFacts['adjustment']> | null;
  readonly session: Sessions | null;
  /** Smallest step of the price, exact decimal text. */
  readonly tickSize: string | null;
}

/** A series that this service fills, and where from. */
export interface ConfiguredStream extends StreamSpec {
  readonly from: BarSource;
  readonly fromFile: boolean;
  /** Where the series begins, Unix ms UTC; the source decides where it is not told. */
  readonly startMs: number | undefined;
  /** At most so many rows of the source in one chunk. */
  readonly chunkBars: number;
  readonly quality: QualityThresholds;
  /** When to ingest besides on request; never where it is not told. */
  readonly schedule: ScheduleTerms | undefined;
  /** When to ask again for bars that are held; never where it is not told. */
  readonly recheck?: RecheckTerms | undefined;
  /** Another source whose bars are to be compared with these. */
  readonly compare: Comparison | undefined;
  /** What the venue of its first source allows; undefined where nothing limits requests. */
  readonly budget: Budget | undefined;
}

/** Everything that the configuration describes. */
export interface ConfiguredSources {
  readonly streams: readonly ConfiguredStream[];
  readonly sources: readonly OpenedSource[];
}

/** What to compare a stream's bars with. */
export interface Comparison {
  readonly against: BarSource;
  readonly toleranceBps: CompareTerms['tolerance_bps'];
}

/** Open times of the first and last bar that a source has to give, Unix ms UTC. */
export interface SourceRange {
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
}

/** Pairs trade round the clock; an instrument without a quote currency is one of the New York Stock Exchange. */
export function calendarOf(instrument: string): Calendar {
  return instrument.includes('/') ? 'always' : 'xnys';
}
