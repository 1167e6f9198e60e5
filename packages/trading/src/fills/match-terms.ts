import type { Bar, Calendar, Timeframe } from '@aistock/market';
import type { FillCosts } from './fill-costs.ts';

/** What the venue knows besides orders and bar. */
export interface MatchTerms {
  readonly costs: FillCosts;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  /** Bars of a finer timeframe inside the bar, ascending, where there are any: they say what came first. */
  readonly detail?: { readonly timeframe: Timeframe; readonly bars: readonly Bar[] };
}
