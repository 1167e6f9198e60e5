import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, gaussianHmm, infer } from '@aistock/hmm-ts';
import { MODEL_WARM_UP_BARS, modelFeatures, type PriceBar } from '@aistock/market';
import { startLivePath, type LivePath } from './live-path.ts';

const HOUR_MS = 3_600_000;
const MADE_AT_BAR = 300;
const hmm = gaussianHmm('diagonal', {
  start: [0.5, 0.5],
  transition: [
    [0.95, 0.05],
    [0.1, 0.9],
  ],
  means: [
    [0.0005, -4.8],
    [-0.001, -3.8],
  ],
  covariances: [
    [0.0001, 0.2],
    [0.0006, 0.3],
  ],
});

function walk(count: number): PriceBar[] {
  const random = createRandom(4);
  let close = 100;
  return Array.from({ length: count }, (_, bar) => {
    const open = close;
    close = open * Math.exp((random.uniform() - 0.5) * 0.05);
    return {
      openMs: bar * HOUR_MS,
      open,
      high: Math.max(open, close) * 1.01,
      low: Math.min(open, close) / 1.01,
      close,
      volume: 1,
    };
  });
}

const BARS = walk(400);

function started(writtenMs = -Infinity): LivePath {
  const row = {
    trained_from_at: new Date(0),
    trained_to_at: new Date(200 * HOUR_MS),
    created_at: new Date(MADE_AT_BAR * HOUR_MS),
    timeframe: '1h',
    holdout_log_likelihood: 1.5,
  };
  return startLivePath(
    { row: row as Parameters<typeof startLivePath>[0]['row'], hmm, filterFromMs: 0 },
    writtenMs,
  );
}

test('each bar has the log-likelihood given all before, in whatever portions bars come', () => {
  const path = started();
  for (const [from, to] of [
    [0, 3],
    [3, 4],
    [2, 150],
    [150, 301],
    [300, 302],
    [302, 400],
  ] as const)
    path.extend(BARS.slice(from, to));
  const { dimensions, values } = modelFeatures(BARS);
  const upTo = (bar: number) =>
    infer(hmm, { dimensions, values: values.subarray(0, (bar + 1 - MODEL_WARM_UP_BARS) * dimensions) })
      .logLikelihood;
  assert.deepEqual(
    path.live.map(({ openMs }) => openMs / HOUR_MS),
    Array.from({ length: 100 }, (_, bar) => MADE_AT_BAR + bar),
  );
  for (const bar of [300, 350, 399]) {
    const own = path.live[bar - MADE_AT_BAR]!.logLikelihood;
    assert.ok(Math.abs(own - (upTo(bar) - upTo(bar - 1))) < 1e-9, `bar ${bar}`);
  }
});

test('bars that are on record are not written again, and bars of the training are kept apart', () => {
  const path = started(349 * HOUR_MS);
  path.extend(BARS);
  assert.equal(path.live.length, 100);
  assert.deepEqual(
    path.unwritten.map(({ openMs }) => openMs / HOUR_MS),
    Array.from({ length: 50 }, (_, bar) => 350 + bar),
  );
  assert.equal(path.training[0]?.openMs, MODEL_WARM_UP_BARS * HOUR_MS);
  assert.equal(path.training.at(-1)?.openMs, 200 * HOUR_MS);
});
