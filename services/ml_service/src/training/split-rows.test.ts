import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOLDOUT_ROWS_MIN, splitRows, TRAIN_ROWS_MIN } from './split-rows.ts';

test('the hold-out is the last part, and purged rows lie between', () => {
  assert.deepEqual(splitRows(1_000, 0.2, 9), { trainRows: 791, holdoutFrom: 800 });
});

test('too few rows for either part are no split', () => {
  assert.equal(splitRows(99, 0.2, 9), undefined);
  assert.equal(splitRows(120, 0.5, 9), undefined);
  assert.deepEqual(splitRows(100, 0.2, 9), { trainRows: 71, holdoutFrom: 80 });
});

test('a hold-out that must be longer than its fraction takes rows of the training', () => {
  assert.deepEqual(splitRows(325, 0.2, 9, 100), { trainRows: 216, holdoutFrom: 225 });
  assert.deepEqual(splitRows(1_000, 0.2, 9, 100), splitRows(1_000, 0.2, 9));
  assert.equal(splitRows(168, 0.2, 9, 100), undefined);
});

test('no row is in both parts, and both are long enough', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5_000 }),
      fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      fc.integer({ min: 0, max: 30 }),
      (rows, fraction, purge) => {
        const split = splitRows(rows, fraction, purge);
        if (!split) return;
        assert.equal(split.holdoutFrom - split.trainRows, purge);
        assert.ok(split.trainRows >= TRAIN_ROWS_MIN);
        assert.ok(rows - split.holdoutFrom >= HOLDOUT_ROWS_MIN);
      },
    ),
  );
});
