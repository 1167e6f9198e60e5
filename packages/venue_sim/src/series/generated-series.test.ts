import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareDecimal, normaliseDecimal, type Bar } from '@aistock/market';
import fc from 'fast-check';
import { generatedSeries, type GeneratorTerms } from './generated-series.ts';

const START_MS = Date.UTC(2024, 0, 1);
const terms = (more: Partial<GeneratorTerms> = {}): GeneratorTerms => ({
  seed: 7,
  timeframe: '1m',
  startMs: START_MS,
  bars: 1_000_000,
  ...more,
});

function isSound({ open, high, low, close, volume }: Bar): boolean {
  const inside = [open, close].every(
    (price) => compareDecimal(low, price) <= 0 && compareDecimal(price, high) <= 0,
  );
  return inside && compareDecimal(low, '0') > 0 && compareDecimal(volume, '0') > 0;
}

test('a bar depends on the seed and its number only, whatever was asked for before', () => {
  const forwards = generatedSeries(terms());
  const walked = Array.from({ length: 5_000 }, (_each, index) => forwards.barAt(index));
  fc.assert(
    fc.property(fc.array(fc.nat(4_999), { minLength: 1, maxLength: 20 }), (numbers) => {
      const series = generatedSeries(terms());
      for (const number of numbers) assert.deepEqual(series.barAt(number), walked[number]);
    }),
    { numRuns: 20 },
  );
  assert.notDeepEqual(generatedSeries(terms({ seed: 8 })).barAt(100), walked[100]);
});

test('every bar is sound, in normal spelling, on its tick, and begins where the one before ended', () => {
  const series = generatedSeries(terms({ tickSize: '0.25', firstPrice: '4500' }));
  for (let index = 1; index < 20_000; index++) {
    const bar = series.barAt(index);
    assert.ok(isSound(bar), JSON.stringify(bar));
    assert.equal(bar.open, series.barAt(index - 1).close);
    assert.equal(bar.openMs, START_MS + index * 60_000);
    for (const price of [bar.open, bar.high, bar.low, bar.close]) {
      assert.equal(price, normaliseDecimal(price));
      assert.ok(Number.isInteger(Number(price) / 0.25), price);
    }
  }
});

test('calm and wild times alternate', () => {
  const series = generatedSeries(terms());
  const moves: number[] = [];
  for (let from = 0; from < 60_000; from += 600) {
    let sum = 0;
    for (let index = from; index < from + 600; index++) {
      const { open, close } = series.barAt(index);
      sum += Math.abs(Math.log(Number(close) / Number(open)));
    }
    moves.push(sum / 600);
  }
  assert.ok(Math.max(...moves) > 3 * Math.min(...moves), `${Math.min(...moves)} to ${Math.max(...moves)}`);
});

test('the millionth bar is there at once, and the price is still one that can be', () => {
  const startMs = performance.now();
  const bar = generatedSeries(terms()).barAt(999_999);
  assert.ok(performance.now() - startMs < 5_000);
  assert.equal(bar.openMs, START_MS + 999_999 * 60_000);
  assert.ok(Number(bar.close) > 1_000 && Number(bar.close) < 400_000, bar.close);
});

test('times find their bars', () => {
  const series = generatedSeries(terms({ bars: 3 }));
  const found = [-60_000, 0, 1, 60_000, 120_000, 120_001].map((ms) => series.firstAt(START_MS + ms));
  assert.deepEqual(found, [0, 0, 1, 1, 2, 3]);
  for (const index of [-1, 3, 0.5]) assert.throws(() => series.barAt(index), RangeError);
});

test('terms that cannot be are refused', () => {
  for (const wrong of [
    { startMs: START_MS + 1 },
    { bars: 0 },
    { bars: 10_000_001 },
    { tickSize: '0' },
    { tickSize: '0.000000001' },
    { firstPrice: '0' },
    { firstPrice: '1.005' },
  ])
    assert.throws(() => generatedSeries(terms(wrong)), RangeError, JSON.stringify(wrong));
});
