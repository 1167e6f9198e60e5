import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PriceBar } from './bar.ts';
import {
  CONTEXT_BARS_MIN,
  contextFeatures,
  MODEL_FEATURE_NAMES,
  MODEL_WARM_UP_BARS,
  modelFeatures,
} from './features.ts';

/** A walk that looks like a market; the same for the same seed. */
function walk(length: number, seed = 7): PriceBar[] {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  let close = 100;
  return Array.from({ length }, (_, i) => {
    const open = close;
    close *= 1 + (next() - 0.5) * 0.04;
    const high = Math.max(open, close) * (1 + next() * 0.01);
    const low = Math.min(open, close) * (1 - next() * 0.01);
    return { openMs: i * 60_000, open, high, low, close, volume: next() * 1000 };
  });
}

test('model features are the return and the logarithm of the Parkinson volatility', () => {
  const bars = walk(40);
  const { firstIndex, dimensions, values } = modelFeatures(bars);
  assert.equal(firstIndex, MODEL_WARM_UP_BARS);
  assert.equal(dimensions, MODEL_FEATURE_NAMES.length);
  assert.equal(values.length, (bars.length - firstIndex) * dimensions);
  const t = 25;
  const window = bars.slice(t - 9, t + 1).map((bar) => Math.log(bar.high / bar.low) ** 2);
  const variance = window.reduce((sum, value) => sum + value, 0) / 10 / (4 * Math.LN2);
  const row = (t - firstIndex) * dimensions;
  assert.ok(Math.abs(values[row]! - Math.log(bars[t]!.close / bars[t - 1]!.close)) < 1e-14);
  assert.ok(Math.abs(values[row + 1]! - Math.log(variance) / 2) < 1e-12);
});

test('no look-ahead: features of the bars so far are the features of the whole series', () => {
  const bars = walk(60);
  const whole = modelFeatures(bars);
  for (let length = 0; length <= bars.length; length++) {
    const part = modelFeatures(bars.slice(0, length));
    assert.deepEqual(part.values, whole.values.slice(0, part.values.length));
    assert.deepEqual(
      contextFeatures(bars.slice(0, length), '1d', 'xnys'),
      length < CONTEXT_BARS_MIN
        ? undefined
        : contextFeatures(bars.slice(length - CONTEXT_BARS_MIN, length), '1d', 'xnys'),
    );
  }
});

test('features do not depend on how far back the series goes', () => {
  const bars = walk(60);
  const whole = modelFeatures(bars).values;
  const late = modelFeatures(bars.slice(30)).values;
  assert.deepEqual(late, whole.slice(whole.length - late.length));
});

test('context: volatility is annualised by the calendar', () => {
  const rising = Array.from({ length: CONTEXT_BARS_MIN }, (_, i) => ({
    ...walk(1)[0]!,
    close: 100 * Math.exp(i % 2 === 0 ? 0 : 0.01),
  }));
  const stock = contextFeatures(rising, '1d', 'xnys');
  const coin = contextFeatures(rising, '1d', 'always');
  // Twenty returns of +-0.01: the sample variance is 0.0001 * 20 / 19.
  assert.ok(Math.abs(stock!.vol - Math.sqrt((0.0001 * 20 * 252) / 19)) < 1e-12);
  assert.ok(Math.abs(coin!.vol / stock!.vol - Math.sqrt(365 / 252)) < 1e-12);
  assert.equal(stock!.momentum, 0);
});

test('a market that stands still has finite features', () => {
  const still = Array.from({ length: 30 }, () => ({
    ...walk(1)[0]!,
    open: 5,
    high: 5,
    low: 5,
    close: 5,
    volume: 0,
  }));
  assert.ok(modelFeatures(still).values.every(Number.isFinite));
  assert.deepEqual(contextFeatures(still, '1m', 'always'), { vol: 0, momentum: 0 });
});

test('a price that is not above zero is refused', () => {
  for (const close of [0, -1, Number.NaN, Infinity]) {
    const bars = walk(30).with(20, { ...walk(1)[0]!, close });
    assert.throws(() => modelFeatures(bars), RangeError);
    assert.throws(() => contextFeatures(bars, '1d', 'always'), RangeError);
  }
});
