import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedTrade } from '../metrics/closed-trade.fixture.ts';
import { blockDaysFor, bootstrapReturns, shuffleTrades, type BootstrapPolicy } from './index.ts';

const trades = (...pnls: number[]) => pnls.map((pnl) => closedTrade({ pnl: String(pnl) }));
const POLICY = { seed: 7, runs: 400 };
const STATIONARY: BootstrapPolicy = { ...POLICY, method: 'stationary', blockDays: 4 };

test('two trades have two orders, each about half of the time', () => {
  const shuffle = shuffleTrades(trades(50, -75), 100, POLICY)!;
  assert.equal(shuffle.drawdownActual, 0.5, 'from 150 to 75');
  assert.equal(shuffle.drawdownMax.p5, 0.5);
  assert.equal(shuffle.drawdownMax.p99, 0.5);
  assert.deepEqual(shuffle.bands.steps, [0, 1, 2]);
  assert.deepEqual([shuffle.bands.low[1], shuffle.bands.high[1]], [0.5, 1.5]);
  assert.ok(Math.abs(shuffle.bands.median[2]! - 0.75) < 1e-12);
  const firsts = Array.from({ length: 200 }, (_, seed) =>
    shuffleTrades(trades(50, -75), 100, { seed, runs: 100 })!,
  );
  const ups = firsts.filter(({ bands }) => bands.median[1]! > 1).length;
  assert.ok(ups > 60 && ups < 140, String(ups));
});

test('every order ends where the trades ended, and the worst has the deepest fall', () => {
  const shuffle = shuffleTrades(trades(10, 10, -20, -20, 10, 10), 100, POLICY)!;
  const end = shuffle.bands.steps.length - 1;
  assert.ok(Math.abs(shuffle.bands.low[end]! - 1) < 1e-12);
  assert.ok(Math.abs(shuffle.bands.high[end]! - 1) < 1e-12);
  assert.ok(shuffle.drawdownMax.p5 < shuffle.drawdownMax.p95);
  assert.equal(shuffle.drawdownPercentile, 1, 'both losses came together');
});

const draw = (seed: number) => shuffleTrades(trades(5, -8, 13, -2, 7, -11), 100, { seed, runs: 100 });

test('the same seed draws the same, another one does not', () => {
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

test('trades that cannot be shuffled give nothing', () => {
  assert.equal(shuffleTrades(trades(5), 100, POLICY), null);
  assert.equal(shuffleTrades(trades(-100, 5), 100, POLICY), null, 'nothing was left for the second');
  for (const runs of [99, 10_001, 150.5])
    assert.throws(() => shuffleTrades([], 100, { seed: 1, runs }), RangeError);
});

test('days that are all alike can only come again', () => {
  const days = new Float64Array(10).fill(0.01);
  for (const method of ['stationary', 'moving'] as const) {
    const found = bootstrapReturns(days, 10, { ...STATIONARY, method })!;
    assert.equal(found.sharpe, null);
    assert.ok(Math.abs(found.growth.p5 - (1.01 ** 10 - 1)) < 1e-12);
    assert.ok(Math.abs(found.growth.p95 - (1.01 ** 10 - 1)) < 1e-12);
    assert.equal(found.drawdownMax.p99, 0);
    assert.equal(found.lossProbability, 0);
  }
});

test('a block as long as the record is the record; moving blocks keep their order', () => {
  const days = Float64Array.of(0.1, -0.2, 0.3, -0.1);
  const whole = bootstrapReturns(days, 4, { ...POLICY, method: 'moving', blockDays: 4 })!;
  const end = 1.1 * 0.8 * 1.3 * 0.9;
  for (const value of [whole.growth.p5, whole.growth.p95]) assert.ok(Math.abs(value - (end - 1)) < 1e-12);
  const rise = Float64Array.of(0, 1, 0, 1, 0, 1, 0, 1);
  const pairs = bootstrapReturns(rise, 8, { ...POLICY, method: 'moving', blockDays: 2 })!;
  assert.ok(Math.abs(pairs.growth.p5 - 15) < 1e-9, 'each block of two has one rise');
});

test('stationary blocks go on from day to day, round the end', () => {
  const rise = Float64Array.of(0, 1, 0, 1, 0, 1, 0, 1);
  const { growth } = bootstrapReturns(rise, 8, { ...STATIONARY, blockDays: 8 })!;
  assert.ok(growth.p5 >= 2 ** 3 - 1 && growth.p95 <= 2 ** 5 - 1, JSON.stringify(growth));
});

test('the interval of a mean is as wide as theory has it for independent days', () => {
  const count = 400;
  const days = Float64Array.from(
    { length: count },
    (_, day) => 0.001 + (((day * 7919) % 1000) / 1000 - 0.5) * 0.02,
  );
  const { sharpe, meanPValue } = bootstrapReturns(days, 1, {
    seed: 3,
    runs: 2000,
    method: 'stationary',
    blockDays: 1,
  })!;
  const width = (sharpe!.p95 - sharpe!.p5) / 2;
  assert.ok(Math.abs(width / (1.645 / Math.sqrt(count)) - 1) < 0.1, String(width));
  assert.ok(meanPValue < 0.01, String(meanPValue));
});

test('blocks keep what follows upon one another together: trends make means less sure', () => {
  const trending = Float64Array.from({ length: 300 }, (_, day) => (Math.floor(day / 30) % 2 ? -0.01 : 0.012));
  const pValue = (blockDays: number) =>
    bootstrapReturns(trending, 252, { seed: 3, runs: 1000, method: 'stationary', blockDays })!.meanPValue;
  assert.ok(pValue(30) > pValue(1));
});

test('a policy that makes no sense is refused', () => {
  const days = new Float64Array(10);
  for (const blockDays of [0, 11, Number.NaN])
    assert.throws(() => bootstrapReturns(days, 252, { ...STATIONARY, blockDays }), RangeError);
  assert.equal(bootstrapReturns(days.subarray(1, 2), 252, STATIONARY), null);
  assert.deepEqual([blockDaysFor(1), blockDaysFor(1000)], [1, 10]);
});
