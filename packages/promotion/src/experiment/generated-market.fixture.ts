import { createRandom, type Random } from '@aistock/hmm-ts';
import type { PriceBar } from '@aistock/market';

const DAY_MS = 86_400_000;
/** Steps of a bar, so that its range belongs to its volatility. */
const STEPS = 24;
const PRICE_START = 100;

/** One regime of a market: mean and standard deviation of a bar's log return. */
export interface Regime {
  readonly mean: number;
  readonly deviation: number;
}

/** What a market does at random. */
export interface MarketTerms {
  readonly bars: number;
  readonly regimes: readonly Regime[];
  /** Probability to stay in a regime from bar to bar. */
  readonly stay: number;
  readonly seed: number;
  /**
   * Standard deviation of the logarithm of a factor of volatility that every bar draws anew: heavy tails without memory. 0 unless
   * told.
   */
  readonly spread?: number;
}

/** A market that changes between regimes; a single one is a random walk. */
export function generatedMarket({ bars, regimes, stay, seed, spread = 0 }: MarketTerms): PriceBar[] {
  const random = createRandom(seed);
  let regime = 0;
  let close = PRICE_START;
  return Array.from({ length: bars }, (_, index) => {
    if (random.uniform() > stay) regime = Math.floor(random.uniform() * regimes.length);
    const open = close;
    const { mean, deviation } = regimes[regime]!;
    const factor = spread > 0 ? Math.exp(spread * normal(random)) : 1;
    const prices = path(open, { mean, deviation: factor * deviation }, random);
    close = prices.at(-1)!;
    return {
      openMs: index * DAY_MS,
      open,
      high: Math.max(open, ...prices),
      low: Math.min(open, ...prices),
      close,
      volume: 1,
    };
  });
}

function path(open: number, { mean, deviation }: Regime, random: Random): number[] {
  let price = open;
  return Array.from({ length: STEPS }, () => {
    price *= Math.exp(mean / STEPS + (deviation / Math.sqrt(STEPS)) * normal(random));
    return price;
  });
}

/** Box and Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}
