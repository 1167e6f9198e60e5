import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom, gaussianHmm, infer, sample, streamFilter } from './index.ts';

const model = gaussianHmm('full', {
  start: [0.2, 0.5, 0.3],
  transition: [
    [0.9, 0.1, 0],
    [0.05, 0.9, 0.05],
    [0.3, 0, 0.7],
  ],
  means: [
    [0, 1],
    [2, 0],
    [-1, -1],
  ],
  covariances: [
    [
      [1, 0.2],
      [0.2, 1],
    ],
    [
      [2, 0],
      [0, 0.5],
    ],
    [
      [4, -1],
      [-1, 3],
    ],
  ],
});

test('rows skipped are rows of which nothing is known, wherever the gap lies', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }), (seed, gaps) => {
      const { values } = sample(model, gaps.length + 1, createRandom(seed));
      const filter = streamFilter(model);
      const rows: number[] = [];
      let state = filter.initial;
      [...gaps, 0].forEach((gap, row) => {
        const own = values.subarray(row * 2, row * 2 + 2);
        state = filter.filterStep(filter.skip(state, gap), own);
        for (let missing = 0; missing < gap; missing++) rows.push(Number.NaN, Number.NaN);
        rows.push(...own);
      });
      const batch = infer(model, { dimensions: 2, values: Float64Array.from(rows), missing: 'marginalise' });
      assert.equal(state.steps, rows.length / 2);
      state.probabilities.forEach((probability, index) =>
        assert.ok(Math.abs(probability - batch.filtered[rows.length * 1.5 - 3 + index]!) <= 1e-12),
      );
      assert.ok(Math.abs(state.logLikelihood - batch.logLikelihood) < 1e-9);
    }),
  );
});

test('after a gap without end the states are as likely as in the long run', () => {
  const filter = streamFilter(model);
  const { probabilities, predicted } = filter.skip(filter.initial, 2 ** 40);
  predicted.forEach((probability, index) => assert.ok(Math.abs(probability - probabilities[index]!) < 1e-12));
  assert.ok(Math.abs(probabilities.reduce((sum, probability) => sum + probability) - 1) < 1e-12);
});

test('no rows skipped is no change; a part of a row is refused', () => {
  const filter = streamFilter(model);
  assert.equal(filter.skip(filter.initial, 0), filter.initial);
  for (const rows of [-1, 0.5, Number.NaN, Infinity])
    assert.throws(() => filter.skip(filter.initial, rows), { code: 'bad_option', message: /rows must be/ });
});
