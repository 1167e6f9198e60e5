import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, fit, infer } from '@aistock/hmm-ts';
import { modelFeatures, type PriceBar } from '@aistock/market';
import { barAt, extendTrajectory, lastSeenMs, startTrajectory } from './trajectory.ts';

const DAY_MS = 86_400_000;

function walk(count: number): PriceBar[] {
  const random = createRandom(4);
  let close = 100;
  return Array.from({ length: count }, (_, index) => {
    const open = close;
    close = open * Math.exp((random.uniform() - 0.5) * (index % 100 < 50 ? 0.01 : 0.05));
    const range = 1 + 0.01 * random.uniform();
    return {
      openMs: index * DAY_MS,
      open,
      high: Math.max(open, close) * range,
      low: Math.min(open, close) / range,
      close,
      volume: 1,
    };
  });
}

const bars = walk(400);
const features = modelFeatures(bars);
const { model } = fit(features, { states: 2, restarts: 2 });

test('bars that come in any portions give what the batch filter gives over all of them', () => {
  const { filtered } = infer(model, features);
  const trajectory = startTrajectory(model);
  let from = 0;
  for (const size of [1, 3, 9, 1, 50, 136, 200]) {
    extendTrajectory(trajectory, bars.slice(from, from + size));
    from += size;
  }
  assert.equal(lastSeenMs(trajectory), bars[399]!.openMs);
  assert.equal(trajectory.openMs.length, 400 - features.firstIndex);
  trajectory.probabilities.forEach((probabilities, row) =>
    probabilities.forEach((probability, state) =>
      assert.ok(Math.abs(probability - filtered[row * 2 + state]!) <= 1e-12),
    ),
  );
});

test('a bar seen twice counts once', () => {
  const once = startTrajectory(model);
  extendTrajectory(once, bars);
  const twice = startTrajectory(model);
  extendTrajectory(twice, bars.slice(0, 300));
  extendTrajectory(twice, bars.slice(250));
  assert.deepEqual(twice.openMs, once.openMs);
  assert.deepEqual(twice.state, once.state);
});

test('the past is answered as it was then', () => {
  const trajectory = startTrajectory(model);
  extendTrajectory(trajectory, bars.slice(0, 200));
  const then = barAt(trajectory, (openMs) => openMs <= 150 * DAY_MS + 5);
  assert.equal(then?.openMs, 150 * DAY_MS);
  extendTrajectory(trajectory, bars.slice(200));
  assert.deepEqual(
    barAt(trajectory, (openMs) => openMs <= 150 * DAY_MS + 5),
    then,
  );
  assert.equal(barAt(trajectory, (openMs) => openMs <= 399 * DAY_MS)?.openMs, 399 * DAY_MS);
  assert.equal(
    barAt(trajectory, (openMs) => openMs <= features.firstIndex * DAY_MS - 1),
    undefined,
  );
});
