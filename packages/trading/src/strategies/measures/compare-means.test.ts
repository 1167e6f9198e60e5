import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BarCursor } from '../../bars/index.ts';
import { seriesOf, viewOf } from '../bars.fixture.ts';
import { compareMeans, compareMeansPlainly } from './compare-means.ts';

test('the larger mean is told, and that they are equal', () => {
  assert.equal(compareMeans(viewOf([1, 2, 3, 4]), 2, 4), 1);
  assert.equal(compareMeans(viewOf([4, 3, 2, 1]), 2, 4), -1);
  assert.equal(compareMeans(viewOf([5, 5, 5, 5]), 2, 4), 0);
  assert.equal(compareMeansPlainly(viewOf([1, 2, 3, 4, 0]), 2, 4, 1), 1);
});

/** Closes of which many means are equal but for rounding: tenths that return to the same few values. */
const tenths = fc.array(fc.constantFrom(0.1, 0.2, 0.3, 0.7, 1e9 + 0.1), { minLength: 8, maxLength: 200 });

test('bar by bar it agrees with the plain sums, also where they are equal but for rounding', () => {
  fc.assert(
    fc.property(tenths, fc.boolean(), (closes, skipping) => {
      const view = new BarCursor(seriesOf(closes), 6);
      for (;;) {
        assert.equal(compareMeans(view, 2, 6), compareMeansPlainly(view, 2, 6));
        assert.equal(compareMeans(view, 3, 6), compareMeansPlainly(view, 3, 6));
        if (view.count === closes.length) return;
        view.reveal();
        if (skipping && view.count < closes.length) view.reveal();
      }
    }),
  );
});

test('over thousands of bars, where a rolled sum has long drifted, it still agrees', () => {
  const closes = Array.from({ length: 5_000 }, (_, index) => 0.1 * (1 + ((index * 7) % 5)));
  const view = new BarCursor(seriesOf(closes), 10);
  while (view.count < closes.length) {
    assert.equal(compareMeans(view, 5, 10), compareMeansPlainly(view, 5, 10), `${view.count}`);
    view.reveal();
  }
});

test('a view that is too short is an error', () => {
  assert.throws(() => compareMeans(viewOf([1, 2, 3]), 2, 4), RangeError);
});
