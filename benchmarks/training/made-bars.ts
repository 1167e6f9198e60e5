import { createRandom, type Random } from '@aistock/hmm-ts';

/** Steps of a bar, so that its range belongs to its volatility. */
const STEPS = 4;
const PRICE_START = 100;
/** Digits after the point, of prices and volumes. */
const DIGITS = 4;
/** Bars that a regime lasts in the mean. */
const STAY_BARS = 400;

/** Mean and standard deviation of a bar's log return, and what volume is multiplied by. */
const REGIMES = [
  { mean: 0.000_005, deviation: 0.000_4, volume: 1 },
  { mean: -0.000_01, deviation: 0.001_2, volume: 2.7 },
] as const;

const PARTS = ['open', 'high', 'low', 'close', 'volume'] as const;

/** Prices and volumes, one entry a bar. */
export type MadeBars = Readonly<Record<(typeof PARTS)[number], Float64Array>>;

/** A market that goes to and fro between a calm and a wild regime; the same seed gives the same bars. */
export function madeBars(count: number, seed: number): MadeBars {
  const random = createRandom(seed);
  const [open, high, low, close, volume] = PARTS.map(() => new Float64Array(count));
  const bars = { open: open!, high: high!, low: low!, close: close!, volume: volume! };
  let regime = 0;
  let price = PRICE_START;
  for (let bar = 0; bar < count; bar++) {
    if (random.uniform() < 1 / STAY_BARS) regime = 1 - regime;
    const { mean, deviation, volume: factor } = REGIMES[regime]!;
    const path = [price];
    for (let step = 0; step < STEPS; step++) {
      price *= Math.exp(mean / STEPS + (deviation / Math.sqrt(STEPS)) * normal(random));
      path.push(price);
    }
    bars.open[bar] = rounded(path[0]!);
    bars.high[bar] = rounded(Math.max(...path));
    bars.low[bar] = rounded(Math.min(...path));
    bars.close[bar] = rounded(price);
    bars.volume[bar] = rounded(factor * Math.exp(0.5 * normal(random)));
  }
  return bars;
}

const rounded = (value: number): number => Number(value.toFixed(DIGITS));

/** Box and Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}
