import type { Calendar, GapMeaning, Timeframe } from '@aistock/market';

/** What EXCHANGE says where bars come from files. */
export const CSV_EXCHANGE = 'csv';

/** A stream that this service is told to fill. */
export interface StreamSpec {
  /** `source:instrument:timeframe`. */
  readonly stream: string;
  readonly source: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly gapMeaning: GapMeaning;
}

/** Pairs trade round the clock; an instrument without a quote currency is one of the New York Stock Exchange. */
export function calendarOf(instrument: string): Calendar {
  return instrument.includes('/') ? 'always' : 'xnys';
}
