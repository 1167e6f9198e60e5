import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Bar } from '../bar.ts';
import { compareBars } from './compare-bars.ts';

const STEP_MS = 60_000;

function bar(i: number, values: Partial<Bar> = {}): Bar {
  return { openMs: i * STEP_MS, open: '100', high: '101', low: '99', close: '100', volume: '10', ...values };
}
const bars = (...at: number[]): Bar[] => at.map((i) => bar(i));
const compare = (ours: Bar[], theirs: Bar[], toleranceBps = 10) =>
  compareBars(ours, theirs, { toleranceBps });

test('equal bars differ in nothing', () => {
  assert.deepEqual(compare(bars(1, 2, 3), bars(1, 2, 3), 0), { compared: 3, undecided: 0, differences: [] });
});

test('a bar is told once by its worst price, with both values', () => {
  const theirs = [bar(1, { close: '100.2', low: '98', high: '101.5' })];
  assert.deepEqual(compare(bars(1), theirs).differences, [
    { kind: 'price', openMs: STEP_MS, field: 'low', bps: (1 / 99) * 10_000, ours: '99', theirs: '98' },
  ]);
});

test('what is exactly the tolerance is within it', () => {
  const theirs = [bar(1, { close: '99.9' })];
  assert.deepEqual(compare(bars(1), theirs, 10).differences, []);
  assert.equal(compare(bars(1), theirs, 9.999).differences.length, 1);
});

test('volume is told apart from price', () => {
  const { differences } = compare(bars(1), [bar(1, { volume: '0', open: '90' })]);
  assert.deepEqual(
    differences.map(({ kind, bps }) => [kind, bps]),
    [
      ['price', 1_000],
      ['volume', 10_000],
    ],
  );
});

test('a bar that one lacks is missing only where that one has later bars', () => {
  assert.deepEqual(
    compare(bars(1, 3, 4, 5), bars(1, 2, 4)).differences.map(({ kind, openMs }) => [kind, openMs / STEP_MS]),
    [
      ['missing_here', 2],
      ['missing_there', 3],
    ],
  );
  assert.equal(compare(bars(1, 3, 4, 5), bars(1, 2, 4)).undecided, 1);
  assert.deepEqual(compare(bars(1), bars(1, 2, 3)).differences, []);
});

test('without bars on one side nothing is decided', () => {
  assert.deepEqual(compare(bars(1, 2), []), { compared: 0, undecided: 2, differences: [] });
  assert.deepEqual(compare([], bars(1)), { compared: 0, undecided: 0, differences: [] });
});

test('seen from the other side it is the same', () => {
  const side = fc
    .uniqueArray(fc.record({ at: fc.nat(15), close: fc.integer({ min: 1, max: 200 }) }), {
      selector: ({ at }) => at,
    })
    .map((list) =>
      list.toSorted((a, b) => a.at - b.at).map(({ at, close }) => bar(at, { close: String(close) })),
    );
  const mirrored = { missing_here: 'missing_there', missing_there: 'missing_here' } as const;
  fc.assert(
    fc.property(side, side, (ours, theirs) => {
      const there = compare(ours, theirs).differences;
      const back = compare(theirs, ours).differences.map((each) => ({
        ...each,
        kind: each.kind === 'missing_here' || each.kind === 'missing_there' ? mirrored[each.kind] : each.kind,
        ours: each.theirs,
        theirs: each.ours,
      }));
      assert.deepEqual(back, there);
    }),
  );
});
