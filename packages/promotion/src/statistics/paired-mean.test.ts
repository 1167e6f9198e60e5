import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@aistock/hmm-ts';
import { pairedMean } from './paired-mean.ts';

const WALKS = 300;

/** Sums of `overlap` neighbouring draws: what rows are whose bars overlap. */
function overlapping(rows: number, overlap: number, uniform: () => number): Float64Array {
  const draws = Float64Array.from({ length: rows + overlap }, () => uniform() - 0.5);
  return Float64Array.from({ length: rows }, (_, row) =>
    draws.subarray(row, row + overlap).reduce((sum, draw) => sum + draw, 0),
  );
}

test('the error of rows that overlap is about that of their means', () => {
  const random = createRandom(7);
  const uniform = () => random.uniform();
  for (const [rows, overlap] of [
    [200, 1],
    [200, 20],
    [1_000, 20],
    [1_000, 60],
  ] as const) {
    const found = Array.from({ length: WALKS }, () =>
      pairedMean(overlapping(rows, overlap, uniform), overlap)!,
    );
    const spread = Math.sqrt(found.reduce((sum, { mean }) => sum + mean ** 2, 0) / WALKS);
    const told = found.reduce((sum, { standardError }) => sum + standardError, 0) / WALKS;
    assert.ok(told > 0.85 * spread && told < 1.2 * spread, `${rows} rows, ${overlap}: ${told} of ${spread}`);
  }
});
