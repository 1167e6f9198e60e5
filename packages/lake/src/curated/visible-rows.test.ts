import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visibleRows, type PointInTime, type Rows } from './visible-rows.ts';

interface Row {
  readonly openMs: number;
  readonly knownMs: number;
  readonly revision: number;
}
const LENGTH_MS = 10;
const closeOf = (openMs: number): number => openMs + LENGTH_MS;

function rowsOf(list: readonly Row[]): Rows {
  return {
    length: list.length,
    openMs: (row) => list[row]!.openMs,
    knownMs: (row) => list[row]!.knownMs,
    revision: (row) => list[row]!.revision,
  };
}

/** The rule word for word, a bar at a time. */
function naive(list: readonly Row[], { asOfMs, knownMs }: PointInTime): Row[] {
  const opens = [...new Set(list.map((row) => row.openMs))].toSorted((a, b) => a - b);
  return opens.flatMap((openMs) => {
    const known = list
      .filter((row) => row.openMs === openMs && openMs + LENGTH_MS <= asOfMs)
      .filter((row) => row.revision === 0 || row.knownMs <= asOfMs)
      .filter((row) => knownMs === undefined || row.knownMs <= knownMs);
    return known.toSorted((a, b) => b.revision - a.revision).slice(0, 1);
  });
}

const time = fc.integer({ min: 0, max: 120 });
const row = fc.record({ openMs: fc.nat(9).map((n) => n * LENGTH_MS), knownMs: time, revision: fc.nat(3) });
const table = fc
  .uniqueArray(row, { maxLength: 40, selector: ({ openMs, revision }) => `${openMs} ${revision}` })
  .map((rows) => rows.toSorted((a, b) => a.openMs - b.openMs || a.revision - b.revision));

test('of restated and late bars the newest revision that was known is seen, whatever the time', () => {
  fc.assert(
    fc.property(table, time, fc.option(time, { nil: undefined }), (list, asOfMs, knownMs) => {
      const seen = visibleRows(rowsOf(list), { asOfMs, knownMs }, closeOf).map((index) => list[index]!);
      assert.deepEqual(seen, naive(list, { asOfMs, knownMs }));
      for (const { openMs, knownMs: learnedMs, revision } of seen) {
        assert.ok(closeOf(openMs) <= asOfMs);
        assert.ok(revision === 0 || learnedMs <= asOfMs);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('nothing that is learned later changes what was seen', () => {
  fc.assert(
    fc.property(table, row, time, (list, later, asOfMs) => {
      const restated = { ...later, revision: 4, knownMs: asOfMs + 1 };
      const after = [...list, restated].toSorted((a, b) => a.openMs - b.openMs || a.revision - b.revision);
      const see = (rows: readonly Row[]): Row[] =>
        visibleRows(rowsOf(rows), { asOfMs }, closeOf).map((index) => rows[index]!);
      assert.deepEqual(see(after), see(list));
    }),
  );
});
