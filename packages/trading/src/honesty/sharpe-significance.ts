import type { DailyFigures } from '../metrics/index.ts';
import { normalCdf, normalQuantile } from '../policy/normal.ts';

/** What is known of a record of returns; every figure a period, none annualised. */
export interface SharpeRecord {
  /** Sharpe ratio a period: mean over standard deviation. */
  readonly sharpe: number;
  /** How many returns. */
  readonly observations: number;
  readonly skewness: number;
  /** Of a normal distribution it is 3. */
  readonly kurtosis: number;
}

/** The record that daily figures are of; null where there is no Sharpe ratio, or are too few days for its moments. */
export function sharpeRecordOf(daily: DailyFigures): SharpeRecord | null {
  const { sharpe, skewness, kurtosisExcess, days, daysPerYear } = daily;
  if (sharpe === null || skewness === null || kurtosisExcess === null) return null;
  return {
    sharpe: sharpe / Math.sqrt(daysPerYear),
    observations: days,
    skewness,
    kurtosis: kurtosisExcess + 3,
  };
}

/**
 * Probability that the true Sharpe ratio is above a target: Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier"
 * (2012), which takes skewness and kurtosis into account. Null where there are fewer than two returns, or where the moments
 * contradict one another.
 * @param target a period.
 */
export function probabilisticSharpe(record: SharpeRecord, target: number): number | null {
  const spread = sharpeSpread(record);
  if (spread === null || record.observations < 2) return null;
  return normalCdf(((record.sharpe - target) * Math.sqrt(record.observations - 1)) / spread);
}

/** How many strategies were tried, and how their Sharpe ratios a period differ. */
export interface Trials {
  readonly count: number;
  /** Variance of their Sharpe ratios a period. */
  readonly sharpeVariance: number;
}

/** Euler and Mascheroni's constant. */
const EULER_GAMMA = 0.5772156649015329;

/**
 * The Sharpe ratio that the best of so many trials without any skill is expected to show: Bailey and López de Prado, "The
 * Deflated Sharpe Ratio" (2014), equation 1. 0 for a single trial.
 */
export function expectedBestSharpe({ count, sharpeVariance }: Trials): number {
  if (count <= 1) return 0;
  const most =
    (1 - EULER_GAMMA) * normalQuantile(1 - 1 / count) +
    EULER_GAMMA * normalQuantile(1 - 1 / (count * Math.E));
  return Math.sqrt(sharpeVariance) * most;
}

/** Probability that the true Sharpe ratio is above what luck in so many trials explains: the deflated Sharpe ratio (2014). */
export function deflatedSharpe(record: SharpeRecord, trials: Trials): number | null {
  return probabilisticSharpe(record, expectedBestSharpe(trials));
}

/**
 * How many returns are needed to say with a confidence that the true Sharpe ratio is above a target: minimum track record
 * length of Bailey and López de Prado (2012). Null where the record's ratio is not above it.
 */
export function minimumTrackRecord(record: SharpeRecord, target: number, confidence: number): number | null {
  const spread = sharpeSpread(record);
  if (spread === null || record.sharpe <= target) return null;
  return 1 + ((spread * normalQuantile(confidence)) / (record.sharpe - target)) ** 2;
}

/** Standard deviation of the estimated ratio times the root of n - 1 (Mertens 2002). */
function sharpeSpread({ sharpe, skewness, kurtosis }: SharpeRecord): number | null {
  const squared = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
  return squared > 0 ? Math.sqrt(squared) : null;
}
