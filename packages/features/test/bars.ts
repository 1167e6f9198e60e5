import { createRandom, gaussianHmm, modelToJson } from '@aistock/hmm-ts';
import { TIMEFRAME_MS, type PriceBar, type Timeframe } from '@aistock/market';
import { FEATURES, MODEL_FEATURES, regimePosteriors, type Feature } from '../src/index.ts';

/** Monday, 1 January 2024, 00:00 UTC. */
const START_MS = Date.UTC(2024, 0, 1);

/** A walk that looks like chance and is the same for a seed: calm and wild stretches, jumps, bars that stand still, holes. */
export function walk(seed: number, count: number, timeframe: Timeframe = '1m'): PriceBar[] {
  const random = createRandom(seed);
  let close = 20 + 1000 * random.uniform();
  let openMs = START_MS;
  return Array.from({ length: count }, (_, index) => {
    const open = close;
    const scale = (Math.floor(index / 150) % 2 === 0 ? 0.0005 : 0.003) * (random.uniform() < 0.01 ? 10 : 1);
    const isStill = random.uniform() < 0.03;
    close = isStill ? open : open * Math.exp(scale * (random.uniform() + random.uniform() - 1));
    const [up, down] = isStill ? [1, 1] : [1 + scale * random.uniform(), 1 - scale * random.uniform()];
    openMs += TIMEFRAME_MS[timeframe] * (random.uniform() < 0.01 ? 1 + Math.floor(90 * random.uniform()) : 1);
    return {
      openMs,
      open,
      high: Math.max(open, close) * up,
      low: Math.min(open, close) * down,
      close,
      volume: isStill ? 0 : 1e6 * random.uniform() ** 3,
    };
  });
}

/** Two states, calm and wild, of what the regime models read. */
const regimes = regimePosteriors({
  modelId: 'test',
  model: modelToJson(
    gaussianHmm('diagonal', {
      start: [0.5, 0.5],
      transition: [
        [0.95, 0.05],
        [0.1, 0.9],
      ],
      means: [
        [0, -8],
        [0, -6.5],
      ],
      covariances: [
        [1e-6, 0.5],
        [1e-5, 0.7],
      ],
    }),
  ),
  reads: MODEL_FEATURES,
});

/** Every entry that promises are held against. */
export const ENTRIES: readonly Feature[] = [...FEATURES, ...regimes];
