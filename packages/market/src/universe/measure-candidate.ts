import { toPriceBar, type Bar } from '../bar.ts';
import { barsPerYear, expectedOpenBefore, type Calendar } from '../calendar.ts';
import { stdev } from '../indicators/windows.ts';
import { DAY_MS } from '../timeframe.ts';
import { corwinSchultzSpread } from './corwin-schultz.ts';

/** What a universe goes by, of one instrument. What could not be told is NaN. */
export interface CandidateMeasures {
  /** The newest close, exact. */
  readonly price: string;
  /** The median over the window of close times volume, in the quote currency. */
  readonly dollarVolume: number;
  /** Days from the first bar that we have. */
  readonly ageDays: number;
  /** The mean over the window of {@link corwinSchultzSpread}, in basis points of the price. */
  readonly spreadBps: number;
  /** Standard deviation of the logarithmic returns of the window, a year: 0.2 is 20 %. */
  readonly volatility: number;
}

export interface MeasureTerms {
  readonly calendar: Calendar;
  /** Open time of the first bar that we have, Unix ms UTC. */
  readonly firstOpenMs: number;
  readonly asOfMs: number;
}

/**
 * Measures an instrument by its newest daily bars, ascending, at least one. Only days that follow one another in the
 * calendar are compared: a gap makes no return and no spread.
 */
export function measureCandidate(bars: readonly Bar[], terms: MeasureTerms): CandidateMeasures {
  const { calendar, firstOpenMs, asOfMs } = terms;
  const newest = bars.at(-1);
  if (newest === undefined) throw new RangeError('there must be at least one bar');
  const days = bars.map(toPriceBar);
  const pairs = days.slice(1).flatMap((second, index) => {
    const first = days[index]!;
    const dayBefore = expectedOpenBefore(second.openMs, 1, { timeframe: '1d', calendar });
    return first.openMs === dayBefore ? [{ first, second }] : [];
  });
  const returns = pairs.map(({ first, second }) => Math.log(second.close / first.close));
  const spreads = pairs.map(({ first, second }) => corwinSchultzSpread(first, second));
  const deviation = returns.length < 2 ? Number.NaN : stdev(returns, returns.length).at(-1)!;
  return {
    price: newest.close,
    dollarVolume: medianOf(days.map(({ close, volume }) => close * volume)),
    ageDays: Math.floor((asOfMs - firstOpenMs) / DAY_MS),
    spreadBps: meanOf(spreads) * 10_000,
    volatility: deviation * Math.sqrt(barsPerYear('1d', calendar)),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** NaN where any value is. */
function medianOf(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
