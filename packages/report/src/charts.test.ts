import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coarsen, regimeName, stretchesNamed, stretchesOf } from './regime-ribbon.ts';
import { thin } from './thin.ts';
import { numberTicks, timeTicks } from './ticks.ts';

const DAY_MS = 86_400_000;

test('thinning keeps ends, peaks and troughs, in order and in bounds', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 20 }), (all, columns) => {
      const series = { atMs: Float64Array.from(all.keys()), values: Float64Array.from(all) };
      const thinned = thin(series, columns);
      assert.ok(thinned.values.length <= Math.max(4 * columns, 4));
      assert.equal(thinned.values[0], all[0]);
      assert.equal(thinned.values.at(-1), all.at(-1));
      assert.equal(Math.max(...thinned.values), Math.max(...all));
      assert.equal(Math.min(...thinned.values), Math.min(...all));
      for (const [place, at] of thinned.atMs.entries()) {
        assert.equal(thinned.values[place], all[at], 'every value is one of the series');
        assert.ok(place === 0 || at > thinned.atMs[place - 1]!);
      }
    }),
  );
});

test('numbers on an axis are round and within it', () => {
  const ticks = numberTicks(-0.03, 1.27, { most: 5, label: String });
  assert.deepEqual(
    ticks.map(({ label }) => label),
    ['0', '0.5', '1'],
  );
  assert.deepEqual(numberTicks(5, 5, { most: 5, label: String }), [{ at: 5, label: '5' }]);
  const range = fc.tuple(
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  );
  fc.assert(
    fc.property(range, ([from, span]) => {
      const made = numberTicks(from, from + span, { most: 6, label: String });
      assert.ok(made.length <= 7);
    }),
  );
});

const labels = (from: string, days: number) =>
  timeTicks(Date.parse(from), Date.parse(from) + days * DAY_MS, 7).map(({ label }) => label);

test('times on an axis are as fine as the axis is long', () => {
  assert.deepEqual(labels('2024-03-01T10:20:00Z', 0.1), [
    '03-01 10:30',
    '03-01 11:00',
    '03-01 11:30',
    '03-01 12:00',
    '03-01 12:30',
  ]);
  assert.deepEqual(labels('2024-02-27T10:20:00Z', 4), [
    '2024-02-28',
    '2024-02-29',
    '2024-03-01',
    '2024-03-02',
  ]);
  assert.deepEqual(labels('2023-11-15', 120), ['2023-12', '2024-01', '2024-02', '2024-03']);
  assert.deepEqual(labels('2004-08-19', 3116), ['2006', '2008', '2010', '2012']);
  assert.ok(labels('1900-01-01', 60_000).length <= 8);
});

test('regimes are named by risk first, then by trend', () => {
  assert.equal(regimeName({ hmmRisk: 0.5, hmmTrend: 1 }), 'turbulent');
  assert.equal(regimeName({ hmmRisk: 0.4, hmmTrend: 0.25 }), 'rising');
  assert.equal(regimeName({ hmmRisk: 0.4, hmmTrend: -0.3 }), 'falling');
  assert.equal(regimeName({ hmmRisk: 0, hmmTrend: -0.24 }), 'calm');
  assert.equal(regimeName(null), 'unknown');
});

test('bars of one regime are one stretch', () => {
  const up = { hmmRisk: 0, hmmTrend: 1 };
  const regimes = [up, up, null, up].map((regime, index) => ({ fromMs: index * 10, regime }));
  assert.deepEqual(stretchesOf(regimes, 100), [
    { name: 'rising', fromMs: 0, toMs: 20 },
    { name: 'unknown', fromMs: 20, toMs: 30 },
    { name: 'rising', fromMs: 30, toMs: 100 },
  ]);
});

test('a ribbon of many stretches keeps its ends and what took most of each column', () => {
  const names = fc.array(fc.constantFrom('calm', 'rising', 'turbulent'), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 20 }), (all, columns) => {
      const stretches = stretchesNamed(
        all.map((name, index) => ({ name, fromMs: index * 1_000 })),
        all.length * 1_000,
      );
      const coarse = coarsen(stretches, columns);
      assert.ok(coarse.length <= Math.max(columns, 1));
      assert.equal(coarse[0]!.fromMs, 0);
      assert.equal(coarse.at(-1)!.toMs, all.length * 1_000);
      coarse.forEach(({ fromMs, name }, index) => {
        if (index > 0) assert.equal(fromMs, coarse[index - 1]!.toMs);
        if (index > 0) assert.notEqual(name, coarse[index - 1]!.name);
      });
    }),
  );
  const seven = ['calm', 'turbulent', 'calm', 'calm', 'rising', 'rising', 'calm', 'rising'] as const;
  const stretches = stretchesNamed(
    seven.map((name, index) => ({ name, fromMs: index * 10 })),
    80,
  );
  assert.deepEqual(coarsen(stretches, 2), [
    { name: 'calm', fromMs: 0, toMs: 40 },
    { name: 'rising', fromMs: 40, toMs: 80 },
  ]);
});
