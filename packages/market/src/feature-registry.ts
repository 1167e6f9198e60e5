import type { PriceBar } from './bar.ts';
import { contextFeatures, modelFeatures } from './features.ts';
import {
  atr,
  donchian,
  ema,
  logReturns,
  rsi,
  sma,
  stdev,
  trueRange,
  vwap,
  zscore,
} from './indicators/index.ts';
import { measureCandidate } from './universe/measure-candidate.ts';

/** One value for each bar; NaN where there are too few bars before it. */
export type Column = ArrayLike<number>;

/** Computes the columns of a feature from daily bars of a market that is always open, ascending. */
export type Feature = (bars: readonly PriceBar[]) => readonly Column[];

const PERIOD = 14;
const closes = (bars: readonly PriceBar[]): number[] => bars.map((bar) => bar.close);

/**
 * Every feature and indicator of this package, by the name of its function, in one form. What is here is held against
 * the promise that a value at a bar is the same on the bars up to it as on all bars, bit for bit, read through the store
 * as of that bar's close; a test sees to it that nothing is left out.
 */
export const FEATURES: Readonly<Record<string, Feature>> = {
  modelFeatures(bars) {
    const { firstIndex, dimensions, values } = modelFeatures(bars);
    return Array.from({ length: dimensions }, (_, dimension) =>
      bars.map((_bar, index) => values[(index - firstIndex) * dimensions + dimension] ?? Number.NaN),
    );
  },
  contextFeatures: (bars) =>
    atEachBar(bars, (soFar) => {
      const { vol, momentum } = contextFeatures(soFar, '1d', 'always') ?? {};
      return [vol ?? Number.NaN, momentum ?? Number.NaN];
    }),
  measureCandidate: (bars) =>
    atEachBar(bars, (soFar) => {
      const window = soFar.slice(-PERIOD).map((bar) => ({
        openMs: bar.openMs,
        open: String(bar.open),
        high: String(bar.high),
        low: String(bar.low),
        close: String(bar.close),
        volume: String(bar.volume),
      }));
      const asOfMs = window.at(-1)!.openMs;
      const terms = { calendar: 'always', firstOpenMs: window[0]!.openMs, asOfMs } as const;
      const { price, dollarVolume, ageDays, spreadBps, volatility } = measureCandidate(window, terms);
      return [Number(price), dollarVolume, ageDays, spreadBps, volatility];
    }),
  logReturns: (bars) => [logReturns(closes(bars))],
  rsi: (bars) => [rsi(closes(bars), PERIOD)],
  atr: (bars) => [atr(bars, PERIOD)],
  trueRange: (bars) => [trueRange(bars)],
  vwap: (bars) => [vwap(bars, PERIOD)],
  donchian(bars) {
    const { upper, middle, lower } = donchian(bars, PERIOD);
    return [upper, middle, lower];
  },
  ema: (bars) => [ema(closes(bars), PERIOD)],
  sma: (bars) => [sma(closes(bars), PERIOD)],
  stdev: (bars) => [stdev(closes(bars), PERIOD)],
  zscore: (bars) => [zscore(closes(bars), PERIOD)],
};

/** Of a feature that is computed for the newest bar only. */
function atEachBar(
  bars: readonly PriceBar[],
  newest: (soFar: readonly PriceBar[]) => readonly number[],
): number[][] {
  const rows = bars.map((_, index) => newest(bars.slice(0, index + 1)));
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!));
}
