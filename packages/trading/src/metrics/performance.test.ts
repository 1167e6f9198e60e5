import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closedTrade } from './closed-trade.fixture.ts';
import { dailyValues, performance, returnsOf, type PerformanceInput } from './index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FREE = { fees: '0', slippage: '0', funding: '0', turnover: '0' };
const row = (...values: number[]) => Float64Array.from(values);

function input(parts: Partial<PerformanceInput>): PerformanceInput {
  return {
    curve: { atMs: row(0), equity: row(100) },
    calendar: 'always',
    trades: [],
    exposure: 0,
    costs: FREE,
    benchmark: null,
    ...parts,
  };
}

test('a day ends with the close at midnight, which belongs to it', () => {
  const atMs = row(0, 12 * HOUR_MS, DAY_MS, DAY_MS + HOUR_MS, 3 * DAY_MS);
  const { start, days, values } = dailyValues(atMs, row(100, 101, 102, 103, 104), 'always');
  assert.equal(start, 100);
  assert.deepEqual([...days], [0, 1, 2]);
  assert.deepEqual([...values], [102, 103, 104]);
});

test('a day in New York holds its late session, summer and winter', () => {
  for (const day of ['2024-01-16', '2024-07-16']) {
    const midnightUtcMs = Date.parse(day);
    const offsetMs = day.includes('-01-') ? 5 * HOUR_MS : 4 * HOUR_MS;
    const at = (hour: number) => midnightUtcMs + offsetMs + hour * HOUR_MS;
    const { days } = dailyValues(row(0, at(4) + 60_000, at(16), at(20)), row(1, 2, 3, 4), 'xnys');
    assert.deepEqual([...days], [midnightUtcMs / DAY_MS], day);
  }
});

test('returns end with the day on which everything was lost', () => {
  assert.deepEqual([...returnsOf(100, row(50, 0, 5))], [-0.5, -1]);
  assert.deepEqual([...returnsOf(0, row(50))], []);
});

test('a curve with one value has figures that are zero or not defined', () => {
  const figures = performance(input({}));
  assert.equal(figures.totalReturn, 0);
  assert.deepEqual([figures.cagr, figures.calmar, figures.daily.sharpe], [null, null, null]);
  assert.throws(() => performance(input({ curve: { atMs: row(), equity: row() } })), RangeError);
  assert.throws(() => performance(input({ benchmark: row(1, 2) })), RangeError);
});

test('buy and hold has itself as benchmark: beta one, no alpha', () => {
  const atMs = row(0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS);
  const equity = row(100, 110, 99, 120);
  const figures = performance(
    input({ curve: { atMs, equity }, benchmark: equity.map((value) => 3 * value) }),
  );
  assert.ok(Math.abs(figures.benchmark!.beta! - 1) < 1e-12);
  assert.ok(Math.abs(figures.benchmark!.alpha!) < 1e-12);
  assert.ok(Math.abs(figures.benchmark!.buyAndHold! - 0.2) < 1e-12);
  assert.equal(figures.daily.positive, 2 / 3);
  assert.equal(figures.daily.days, 3);
  assert.ok(Math.abs((0.1 * figures.calmar!) / figures.cagr! - 1) < 1e-12);
});

test('no figure is ever NaN or infinite', () => {
  const equity = fc.array(fc.oneof(fc.constant(100), fc.double({ min: -10, max: 1e9, noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  });
  const pnls = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 8 });
  fc.assert(
    fc.property(equity, pnls, fc.integer({ min: 1, max: 3 * DAY_MS }), (values, profits, stepMs) => {
      const curve = {
        atMs: Float64Array.from(values, (_, index) => index * stepMs),
        equity: row(100, ...values.slice(1)),
      };
      const trades = profits.map((pnl) => closedTrade({ pnl: String(pnl), reward: pnl / 100 }));
      const figures = performance(input({ curve, trades, benchmark: curve.equity.map(Math.abs) }));
      for (const value of leaves(figures))
        assert.ok(
          value === null || typeof value !== 'number' || Number.isFinite(value),
          JSON.stringify(figures),
        );
    }),
  );
});

function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}
