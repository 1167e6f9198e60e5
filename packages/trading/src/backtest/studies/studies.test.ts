import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planFolds } from './folds.ts';
import { combinationsOf, parameterGrid, rangeValues } from './parameter-grid.ts';
import { plateauOf } from './plateau.ts';
import { stitchEquity } from './stitch.ts';

test('the grid has every combination once, in order, on top of what stays', () => {
  const ranges = { fast: { from: 5, to: 15, step: 5 }, share: { from: 0.1, to: 0.3, step: 0.1 } };
  const grid = parameterGrid({ fast: 1, share: 1, other: 7 }, ranges);
  assert.equal(grid.length, combinationsOf(ranges));
  assert.deepEqual(grid.slice(0, 4), [
    { fast: 5, share: 0.1, other: 7 },
    { fast: 5, share: 0.2, other: 7 },
    { fast: 5, share: 0.3, other: 7 },
    { fast: 10, share: 0.1, other: 7 },
  ]);
  assert.deepEqual(rangeValues({ from: 1, to: 2, step: 0.4 }), [1, 1.4, 1.8]);
});

test('too many combinations are refused before any is made', () => {
  const wide = { from: 1, to: 1_000, step: 1 };
  assert.throws(() => parameterGrid({}, { a: wide, b: wide }), /1000000 combinations are more than 10000/);
});

const LENGTHS = fc.record({
  trainMs: fc.integer({ min: 1, max: 100 }),
  testMs: fc.integer({ min: 6, max: 50 }),
  purgeMs: fc.integer({ min: 0, max: 10 }),
  embargoMs: fc.integer({ min: 0, max: 10 }),
  mode: fc.constantFrom('anchored' as const, 'rolling' as const),
});

test('no train window reaches into its test or what is left out before it; tests follow one another', () => {
  fc.assert(
    fc.property(LENGTHS, (lengths) => {
      const terms = { fromMs: 1_000, toMs: 2_000, ...lengths };
      const folds = planFolds(terms);
      for (const [index, fold] of folds.entries()) {
        assert.equal(fold.testFromMs - fold.trainToMs, terms.purgeMs + terms.embargoMs);
        assert.ok(fold.trainFromMs >= terms.fromMs && fold.testToMs <= terms.toMs);
        if (terms.mode === 'anchored') assert.equal(fold.trainFromMs, terms.fromMs);
        else assert.equal(fold.trainToMs - fold.trainFromMs, terms.trainMs);
        const next = folds[index + 1];
        if (next) assert.equal(fold.testToMs, next.testFromMs);
      }
    }),
  );
});

test('a period that is too short for a fold is refused', () => {
  const terms = { fromMs: 0, toMs: 100, trainMs: 90, testMs: 30, purgeMs: 0, embargoMs: 0 };
  assert.throws(() => planFolds({ ...terms, mode: 'rolling' }), RangeError);
});

const point = (n: number, score: number | null) => ({ params: { n }, score });

test('a spike and a plateau are told apart', () => {
  const ranges = { n: { from: 1, to: 3, step: 1 } };
  const plateau = [point(1, 0.9), point(2, 1), point(3, 0.95)];
  assert.deepEqual(plateauOf(plateau[1]!, plateau, ranges), {
    neighbours: 2,
    median: 0.9,
    worst: 0.9,
    nearShare: 1,
  });
  const spike = [point(1, -0.5), point(2, 1), point(3, null)];
  assert.equal(plateauOf(spike[1]!, spike, ranges)?.nearShare, 0);
  assert.equal(plateauOf(point(2, null), spike, ranges), null);
});

const part = (from: number, ...equity: number[]) => ({
  equityMs: Float64Array.from(equity, (_, index) => from + index),
  equity: Float64Array.from(equity),
});

test('stitched equity goes on where the part before ended', () => {
  const { equityMs, equity } = stitchEquity([part(0, 100, 110), part(10, 100, 90, 95)]);
  assert.deepEqual([...equityMs], [0, 1, 11, 12]);
  assert.deepEqual([...equity], [100, 110, 99, 104.5]);
});
