// What every feature promises, for each entry of the registry by itself: none can be left out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PriceBar } from '@aistock/market';
import { ENTRIES, walk } from '../test/bars.ts';
import { columnsOf, extendFrame, startFrame, type Feature, type FrameState } from './index.ts';

const RUNS = { numRuns: 15 };
const seeds = fc.integer({ min: 1, max: 1e6 });

const columnOf = (feature: Feature, bars: readonly PriceBar[]): Float64Array =>
  columnsOf([feature], bars, '1m')[0]!;

/** The first bar at which the bits differ, or undefined. NaN is equal to itself, and 0 is not equal to -0. */
const firstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number | undefined =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, index) => index).find(
    (index) => !Object.is(a[index], b[index]),
  );

const assertSame = (actual: ArrayLike<number>, expected: ArrayLike<number>): void =>
  assert.equal(firstDifference(actual, expected), undefined);

/** Bars enough for the feature to be warm, and some more. */
const lengthOf = ({ warmUpBars }: Feature, more: number): number => warmUpBars + more;

for (const feature of ENTRIES) {
  test(`${feature.name}: kept as JSON at any bar and gone on from, it gives the same bits`, () => {
    const cuts = fc.array(fc.nat(lengthOf(feature, 80)), { maxLength: 3 });
    fc.assert(
      fc.property(seeds, cuts, (seed, at) => {
        const bars = walk(seed, lengthOf(feature, 80));
        const ends = [...at.toSorted((a, b) => a - b), bars.length];
        let frame = startFrame([feature], '1m');
        const pieces = ends.map((end, index) => {
          frame = JSON.parse(JSON.stringify(frame)) as FrameState;
          return extendFrame([feature], frame, bars.slice(ends[index - 1] ?? 0, end))[0]!;
        });
        const whole = startFrame([feature], '1m');
        const [column] = extendFrame([feature], whole, bars);
        assertSame(
          pieces.flatMap((piece) => [...piece]),
          column!,
        );
        assert.equal(JSON.stringify(frame), JSON.stringify(whole));
      }),
      RUNS,
    );
  });

  test(`${feature.name}: one bar at a time gives the same bits as all of them`, () => {
    const bars = walk(7, lengthOf(feature, 60));
    const frame = startFrame([feature], '1m');
    const streamed = Float64Array.from(bars, (bar) => extendFrame([feature], frame, [bar])[0]![0]!);
    assertSame(streamed, columnOf(feature, bars));
  });

  test(`${feature.name}: no look-ahead, whether the future is missing or noise`, () => {
    fc.assert(
      fc.property(seeds, fc.nat(59), (seed, after) => {
        const bars = walk(seed, lengthOf(feature, 60));
        const t = feature.warmUpBars + after;
        const known = columnOf(feature, bars).slice(0, t + 1);
        const noise = walk(seed + 1, bars.length).slice(t + 1);
        const noisy = noise.map((bar, i) => ({ ...bar, openMs: bars[t + 1 + i]!.openMs }));
        assertSame(columnOf(feature, bars.slice(0, t + 1)), known);
        const changed = columnOf(feature, [...bars.slice(0, t + 1), ...noisy]);
        assertSame(changed.slice(0, t + 1), known);
      }),
      RUNS,
    );
  });

  test(`${feature.name}: warm when it says so, wherever the history began`, () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 400 }), (seed, earlier) => {
        const bars = walk(seed, earlier + lengthOf(feature, 100));
        const longer = columnOf(feature, bars).slice(earlier + feature.warmUpBars);
        const shorter = columnOf(feature, bars.slice(earlier));
        assert.ok(shorter.slice(0, feature.warmUpBars).every(Number.isNaN), 'nothing before it is warm');
        const known = longer.filter((value) => !Number.isNaN(value));
        assert.ok(known.length > 50, 'there is something to compare');
        const size = Math.sqrt(known.reduce((sum, value) => sum + value ** 2, 0) / known.length);
        for (const [row, value] of longer.entries()) {
          const other = shorter[feature.warmUpBars + row]!;
          assert.equal(Number.isNaN(other), Number.isNaN(value), `at ${row}`);
          assert.ok(!(Math.abs(other - value) > 1e-9 * size), `at ${row}: ${other} is not ${value}`);
        }
      }),
      RUNS,
    );
  });

  test(`${feature.name}: reads of a bar what it says, and nothing else`, () => {
    const bars = walk(3, lengthOf(feature, 40));
    const whole = columnOf(feature, bars);
    const inputs: readonly string[] = feature.inputs;
    const price = (name: 'open' | 'high' | 'low' | 'close', bar: PriceBar): number =>
      inputs.includes(name) ? bar[name] : bar[name] * (1.5 + Math.sin(bar.openMs / 7e6));
    const other = bars.map((bar) => ({
      openMs: inputs.includes('openMs') ? bar.openMs : bar.openMs + 3_600_000,
      open: price('open', bar),
      high: price('high', bar),
      low: price('low', bar),
      close: price('close', bar),
      volume: inputs.includes('volume') ? bar.volume : bar.volume + 1,
    }));
    assertSame(columnOf(feature, other), whole);
    for (const name of feature.inputs) {
      const moved = bars.map((bar, index) => ({
        ...bar,
        [name]: name === 'openMs' ? bar.openMs + 1e9 : bar[name] * (1 + 0.01 * Math.sin(index)) + 1e-6,
      }));
      assert.ok(firstDifference(columnOf(feature, moved), whole) !== undefined, `${name} counts`);
    }
  });
}
