import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { PromotionPolicy } from '@aistock/promotion';
import { STRATEGIES } from '@aistock/trading/strategies';
import { walkStrategy } from './walk-strategy.ts';

const DAY_MS = 86_400_000;

test('bars that are too few to fit any number of states anew are a problem of the walk, and end no run', () => {
  const [strategy] = [...STRATEGIES].find(([, { legs }]) => legs === 1)!;
  const bars = Array.from({ length: 120 }, (_, index): Bar => {
    const price = String(100 + (index % 7));
    return { openMs: index * DAY_MS, open: price, high: price, low: price, close: price, volume: '1' };
  });
  const judged = {
    strategy,
    policy: PromotionPolicy.parse({}),
    presets: { plain: {} },
    conservative: 'plain',
    tried: { models: 1, sharpesAnnual: [] },
    calendar: 'always',
    alias: undefined,
    champion: null,
  } as const;
  const job = {
    covariance: 'full',
    states: [],
    rows: { dimensions: 2, values: new Float64Array(222) },
    split: { trainRows: 60, holdoutFrom: 90 },
    champion: null,
    predecessor: null,
    restarts: 1,
    seed: 1,
  } as const;
  assert.throws(() => walkStrategy(judged, { stream: 'csv:SP500:1d', bars, job, seed: 1 }), {
    name: 'WalkProblem',
    message: /too few to fit/,
  });
});
