import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PriceBar } from '../bar.ts';
import { atr, donchian, ema, logReturns, rsi, sma, stdev, trueRange, vwap, zscore } from './index.ts';

const price = fc.double({ min: 1, max: 1000, noNaN: true });
const bar: fc.Arbitrary<PriceBar> = fc.tuple(price, price, price, price).map(([a, b, open, volume]) => {
  const [low, high] = a < b ? [a, b] : [b, a];
  return { openMs: 0, open, high, low, close: (high + low) / 2, volume };
});
const closes = (bars: readonly PriceBar[]): number[] => bars.map(({ close }) => close);

/** Every indicator, and the index of its first value for a period. */
const INDICATORS: Record<
  string,
  { of: (bars: readonly PriceBar[], period: number) => Float64Array; firstIndex: (period: number) => number }
> = {
  sma: { of: (bars, period) => sma(closes(bars), period), firstIndex: (period) => period - 1 },
  ema: { of: (bars, period) => ema(closes(bars), period), firstIndex: (period) => period - 1 },
  stdev: { of: (bars, period) => stdev(closes(bars), period), firstIndex: (period) => period - 1 },
  zscore: { of: (bars, period) => zscore(closes(bars), period), firstIndex: (period) => period - 1 },
  rsi: { of: (bars, period) => rsi(closes(bars), period), firstIndex: (period) => period },
  trueRange: { of: trueRange, firstIndex: () => 1 },
  atr: { of: atr, firstIndex: (period) => period },
  donchian: { of: (bars, period) => donchian(bars, period).middle, firstIndex: (period) => period - 1 },
  vwap: { of: vwap, firstIndex: (period) => period - 1 },
  logReturns: { of: (bars) => logReturns(closes(bars)), firstIndex: () => 1 },
};

for (const [name, { of, firstIndex }] of Object.entries(INDICATORS)) {
  test(`${name}: no look-ahead, and NaN exactly while it warms up`, () => {
    fc.assert(
      fc.property(fc.array(bar, { maxLength: 40 }), fc.integer({ min: 2, max: 12 }), (bars, period) => {
        const whole = of(bars, period);
        assert.equal(whole.length, bars.length);
        for (let t = 0; t < bars.length; t++) {
          assert.deepEqual(of(bars.slice(0, t + 1), period), whole.slice(0, t + 1));
          const defined = t >= firstIndex(period);
          if (name !== 'zscore' || !defined) assert.equal(Number.isNaN(whole[t]), !defined, `at ${t}`);
        }
      }),
    );
  });
}

const near = (actual: number | undefined, expected: number, tolerance = 1e-12): void => {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
};

test('rolling deviation survives a large offset (NIST StRD NumAcc1 and NumAcc4)', () => {
  near(stdev([10_000_001, 10_000_002, 10_000_003], 3)[2]! ** 2, 2 / 3);
  const numAcc4 = [
    10_000_000.2,
    ...Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 10_000_000.1 : 10_000_000.3)),
  ];
  near(stdev(numAcc4, 1001)[1000]! ** 2, 10 / 1001, 1e-6);
});

test('what has no value is NaN: no spread, no volume', () => {
  assert.ok(Number.isNaN(zscore([0.1, 0.1, 0.1], 3)[2]));
  const still = { openMs: 0, open: 1, high: 1, low: 1, close: 1, volume: 0 };
  assert.ok(Number.isNaN(vwap([still, still], 2)[1]));
  assert.ok(Number.isNaN(logReturns([1, 0, -1])[2]));
});

test('rsi at its ends: all up 100, all down 0, no move 50', () => {
  assert.equal(rsi([1, 2, 3, 4], 3)[3], 100);
  assert.equal(rsi([4, 3, 2, 1], 3)[3], 0);
  assert.equal(rsi([4, 4, 4, 4], 3)[3], 50);
});

test('a period that is not a whole number above zero is refused', () => {
  for (const period of [0, -1, 1.5, Number.NaN, Infinity]) {
    assert.throws(() => sma([1, 2], period), RangeError);
    assert.throws(() => ema([1, 2], period), RangeError);
    assert.throws(() => rsi([1, 2], period), RangeError);
    assert.throws(() => donchian([], period), RangeError);
  }
});
