import type { Calendar, GapMeaning, Timeframe } from '@aistock/market';
import type { BarSource } from '@aistock/venues';

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
}

/** A series that this service fills, and where from. */
export interface ConfiguredStream extends StreamSpec {
  readonly from: BarSource;
  readonly fromFile: boolean;
  /** Where the series begins, Unix ms UTC; the source decides where it is not told. */
  readonly startMs: number | undefined;
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
