import type { PriceBar } from './bar.ts';
import { barsPerYear, type Calendar } from './calendar.ts';
import { logRatio } from './log-ratio.ts';
import { rangeSquareOf, VOLATILITY_BARS, volatilityLogOf } from './range-volatility.ts';
import type { Timeframe } from './timeframe.ts';

/** What the regime models see of a bar, in this order. */
export const MODEL_FEATURE_NAMES = ['return_log', 'volatility_log'] as const;

/** Index of the first bar that has model features: so many bars of warm-up come before it. */
export const MODEL_WARM_UP_BARS = VOLATILITY_BARS - 1;

/** Features of many bars, float64, one row a bar. */
export interface FeatureMatrix {
  /** Index of the bar that the first row belongs to; row r is of bar `firstIndex + r`. */
  readonly firstIndex: number;
  /** Values a row. */
  readonly dimensions: number;
  /** Row-major; empty where there are fewer bars than the warm-up needs. */
  readonly values: Float64Array;
}

/**
 * The model's features of each bar from the warm-up on, causal: row t depends on the last ten bars up to t only.
 * `return_log` = ln(close[t] / close[t-1]). `volatility_log` = ln of the high-low volatility of Parkinson (1980),
 * sqrt(mean(ln(high/low)^2) / (4 ln 2)), over ten bars, in units of one bar's return.
 * @throws RangeError for a price that is not finite and above zero.
 */
export function modelFeatures(bars: readonly PriceBar[]): FeatureMatrix {
  const dimensions = MODEL_FEATURE_NAMES.length;
  const rows = Math.max(0, bars.length - MODEL_WARM_UP_BARS);
  const values = new Float64Array(rows * dimensions);
  const rangeSquares = Float64Array.from(bars, rangeSquareOf);
  for (let row = 0; row < rows; row++) {
    const t = row + MODEL_WARM_UP_BARS;
    values[row * dimensions] = logRatio(bars[t]!.close, bars[t - 1]!.close);
    values[row * dimensions + 1] = volatilityLogOf(rangeSquares, t + 1);
  }
  return { firstIndex: MODEL_WARM_UP_BARS, dimensions, values };
}

/** Returns that the context looks back on. */
const CONTEXT_RETURNS = 20;
/** Bars that `contextFeatures` needs. */
export const CONTEXT_BARS_MIN = CONTEXT_RETURNS + 1;

/** What parameters are chosen by, besides the regime. */
export interface ContextFeatures {
  /** Annualised sample standard deviation of the last 20 log returns: 0.2 is 20 % a year. */
  readonly vol: number;
  /** Log return over the last 20 bars. */
  readonly momentum: number;
}

/**
 * The context at the last bar, from the last 21 bars; undefined where there are fewer. The calendar says how many bars a
 * year has.
 * @throws RangeError for a price that is not finite and above zero.
 */
export function contextFeatures(
  bars: readonly PriceBar[],
  timeframe: Timeframe,
  calendar: Calendar,
): ContextFeatures | undefined {
  if (bars.length < CONTEXT_BARS_MIN) return undefined;
  const closes = bars.slice(-CONTEXT_BARS_MIN).map((bar) => bar.close);
  const returns = closes.slice(1).map((close, i) => logRatio(close, closes[i]!));
  const mean = returns.reduce((sum, value) => sum + value, 0) / CONTEXT_RETURNS;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (CONTEXT_RETURNS - 1);
  return {
    vol: Math.sqrt(variance * barsPerYear(timeframe, calendar)),
    momentum: logRatio(closes.at(-1)!, closes[0]!),
  };
}
