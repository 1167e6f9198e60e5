import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarSeries } from '../bars/index.ts';
import { shuffleTrades } from '../honesty/index.ts';
import { closedTrade } from '../metrics/closed-trade.fixture.ts';
import { performance } from '../metrics/index.ts';
import { reviewBacktest, type ReviewedBars, type ReviewInput, type WarningCode } from './index.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2023, 5, 1);
const FREE = { fees: '0', slippage: '0', funding: '0', turnover: '0' };

/** Equity that rises by a little more than it falls, a value a day. */
function steady(days: number, startMs = START_MS): Float64Array[] {
  const equity = new Float64Array(days + 1).fill(1000);
  for (let day = 1; day <= days; day++) equity[day] = equity[day - 1]! * (day % 3 === 0 ? 0.995 : 1.006);
  return [Float64Array.from(equity, (_, day) => startMs + day * DAY_MS), equity];
}

const winners = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    closedTrade({ quantity: '3', pnl: index % 2 ? '10' : '-5', reward: 0.01 }),
  );

/** A backtest without fault, with parts of it changed. */
function input(parts: Partial<ReviewInput> & { readonly costs?: typeof FREE } = {}): ReviewInput {
  const [atMs, equity] = steady(300);
  const curve = parts.curve ?? { atMs: atMs!, equity: equity! };
  const trades = parts.trades ?? winners(60);
  const { costs = FREE, ...rest } = parts;
  const terms = { curve, calendar: 'always' as const, trades, exposure: 1, costs, benchmark: null };
  return {
    performance: performance(terms),
    curve,
    calendar: 'always',
    trades,
    fills: 2 * trades.length,
    ordersFilled: 2 * trades.length,
    staleFills: 0,
    bars: new Map(),
    params: 3,
    trials: 1,
    deflatedSharpe: 0.99,
    overfitting: null,
    shuffle: null,
    bootstrap: null,
    limitsSet: true,
    rulesSet: true,
    modelInSample: false,
    extendedHours: false,
    openAtEnd: false,
    settled: 0,
    ...rest,
  };
}

const codes = (parts: Parameters<typeof input>[0]) => reviewBacktest(input(parts)).map(({ code }) => code);

function numbersOf(code: WarningCode, parts: Parameters<typeof input>[0]): Readonly<Record<string, number>> {
  const warning = reviewBacktest(input(parts)).find((one) => one.code === code);
  assert.ok(warning, `${code} is not said`);
  assert.match(warning.detail, /^[A-Z\d].*\.$/);
  return warning.numbers;
}

test('a backtest without fault is told only that it saw no crisis', () => {
  assert.deepEqual(codes({}), ['no_crisis']);
});

test('what was left out of the terms is said', () => {
  assert.deepEqual(codes({ limitsSet: false, rulesSet: false, modelInSample: true, openAtEnd: true }), [
    'no_limits',
    'rules_assumed',
    'in_sample_model',
    'open_at_end',
    'no_crisis',
  ]);
});

test('few trades, and none', () => {
  assert.deepEqual(numbersOf('few_trades', { trades: winners(29), params: 1 }), {
    trades: 29,
    trades_min: 30,
  });
  assert.ok(!codes({ trades: winners(30) }).includes('few_trades'));
  assert.deepEqual(numbersOf('no_trades', { trades: [] }), { trades: 0, trades_min: 30 });
});

test('parameters are many by themselves, or against the trades', () => {
  assert.deepEqual(numbersOf('parameters_many', { params: 11, trades: winners(900) }), {
    params: 11,
    trades: 900,
  });
  assert.deepEqual(numbersOf('parameters_many', { params: 7, trades: winners(69) }), {
    params: 7,
    trades: 69,
  });
  assert.ok(!codes({ params: 7, trades: winners(70) }).includes('parameters_many'));
});

test('a short period, and a mean that cannot be told from zero', () => {
  const [atMs, equity] = steady(89);
  const curve = { atMs: atMs!, equity: equity! };
  assert.deepEqual(numbersOf('short_period', { curve }), { days: 89, days_min: 90 });
  const idle = { atMs: atMs!, equity: equity!.map((_, day) => (day % 2 ? 1010 : 1000)) };
  assert.ok(numbersOf('not_significant', { curve: idle })['p_value']! > 0.05);
  assert.ok(!codes({ curve }).includes('not_significant'));
});

test('equity that stands still for more than a quarter of the time', () => {
  const [atMs, equity] = steady(300);
  const flat = (days: number) =>
    equity!.map((value, day) => (day < 100 || day > 100 + days ? value : equity![100]!));
  assert.deepEqual(numbersOf('flat_equity', { curve: { atMs: atMs!, equity: flat(76) } }), {
    flat_days: 76,
    days: 300,
  });
  assert.ok(!codes({ curve: { atMs: atMs!, equity: flat(75) } }).includes('flat_equity'));
});

test('many trials make a good ratio likely', () => {
  assert.deepEqual(numbersOf('luck_of_trials', { trials: 40, deflatedSharpe: 0.9 }), {
    trials: 40,
    deflated_sharpe: 0.9,
  });
  assert.ok(!codes({ trials: null, deflatedSharpe: null }).includes('luck_of_trials'));
});

test('a choice that does not hold on the days that it was not made on', () => {
  assert.deepEqual(numbersOf('overfitted', { overfitting: 0.21 }), { probability: 0.21 });
  assert.ok(!codes({ overfitting: 0.2 }).includes('overfitted'));
});

test('losses that happened to be spread out', () => {
  const pnls = Array.from({ length: 40 }, (_, index) => (index % 2 ? '-60' : '70'));
  const trades = pnls.map((pnl) => closedTrade({ pnl, reward: Number(pnl) / 1000 }));
  const shuffle = shuffleTrades(trades, 1000, { seed: 1, runs: 500 });
  const { percentile, drawdown, drawdown_p95: outer } = numbersOf('lucky_order', { trades, shuffle });
  assert.ok(percentile! < 0.05);
  assert.ok(outer! > 2 * drawdown!);
});

test('one trade that makes most of the profit', () => {
  const trades = [...winners(40), closedTrade({ pnl: '200', reward: 0.5 })];
  assert.ok(Math.abs(numbersOf('one_trade', { trades })['share']! - 200 / 300) < 1e-12);
  const losing = [...winners(40).map((trade) => ({ ...trade, pnl: '-10' })), closedTrade({ pnl: '200' })];
  assert.ok(!codes({ trades: losing }).includes('one_trade'), 'of a loss nothing is made');
});

test('costs that take more than half, and costs without a profit', () => {
  const made = steady(300)[1]!.at(-1)! - 1000;
  const fees = (share: number) => ({ ...FREE, fees: String((made * share) / (1 - share)), turnover: '1' });
  assert.ok(codes({ costs: fees(0.51) }).includes('costs_eat_profit'));
  assert.ok(!codes({ costs: fees(0.49) }).includes('costs_eat_profit'));
  const [atMs, equity] = steady(300);
  const losing = { atMs: atMs!, equity: equity!.toReversed() };
  assert.ok(
    codes({ curve: losing, costs: { ...FREE, fees: '1', turnover: '1' } }).includes('costs_eat_profit'),
  );
});

test('a crisis is told with what was made in it, also of a part of one', () => {
  const [atMs, equity] = steady(60, Date.UTC(2020, 1, 1));
  const numbers = numbersOf('crisis', { curve: { atMs: atMs!, equity: equity! } });
  const index = (day: string) => atMs!.indexOf(Date.parse(day));
  const made = equity![index('2020-03-24')]! / equity![index('2020-02-19')]! - 1;
  assert.ok(Math.abs(numbers['total_return']! - made) < 1e-12);
  assert.ok(!codes({ curve: { atMs: atMs!, equity: equity! } }).includes('no_crisis'));
  const late = { atMs: atMs!.subarray(40), equity: equity!.subarray(40) };
  const told = reviewBacktest(input({ curve: late })).find(({ code }) => code === 'crisis');
  assert.match(told!.detail, /^In a part of the Covid crash/);
});

/** Minutes from 14:29 on, one missing, one without volume. */
function minutes(calendar: ReviewedBars['calendar']): Map<string, ReviewedBars> {
  const openMs = Date.UTC(2024, 0, 16, 14, 29);
  const bar = { open: '1', high: '1', low: '1', close: '1' };
  const series = BarSeries.of(
    [0, 1, 2, 4, 5].map((minute) => ({
      ...bar,
      openMs: openMs + minute * MINUTE_MS,
      volume: minute === 1 ? '0' : '5',
    })),
  );
  return new Map([['BTC/USDT', { timeframe: '1m', calendar, bars: series }]]);
}

const filledAt = (entryMinute: number, exitMinute: number) => {
  const openMs = Date.UTC(2024, 0, 16, 14, 29);
  const [entryMs, exitMs] = [entryMinute, exitMinute].map((minute) => openMs + minute * MINUTE_MS);
  return [closedTrade({ entryMs: entryMs!, exitMs: exitMs! })];
};

test("fills at prices that may have been nobody's are told", () => {
  assert.deepEqual(numbersOf('stale_fills', { fills: 9, staleFills: 2 }), { fills: 9, stale: 2 });
});

test('entries that are small, and orders that are long filled, are told', () => {
  const [atMs, equity] = steady(300);
  const curve = { atMs: atMs!, equity: equity! };
  const entered = (quantity: string) =>
    Array.from({ length: 30 }, () =>
      closedTrade({ quantity, entryPrice: '100', entryMs: atMs![0]!, exitMs: atMs![9]! }),
    );
  const share = 100 / equity![0]!;
  assert.deepEqual(numbersOf('small_entries', { curve, trades: entered('1') }), { median_share: share });
  assert.ok(!codes({ curve, trades: entered('3') }).includes('small_entries'));
  assert.deepEqual(numbersOf('slow_fills', { fills: 31, ordersFilled: 10 }), {
    fills: 31,
    orders_filled: 10,
  });
  assert.ok(!codes({ fills: 30, ordersFilled: 10 }).includes('slow_fills'));
});

test('trades that only the end of a period closed are told', () => {
  assert.deepEqual(numbersOf('settled_at_end', { settled: 3 }), { settled: 3, trades: 60 });
});

test('fills before the opening bell are outside of hours, unless they were asked for', () => {
  const bars = minutes('xnys');
  assert.deepEqual(numbersOf('fills_outside_hours', { bars, trades: filledAt(0, 2) }), {
    fills: 2,
    outside: 1,
  });
  assert.ok(!codes({ bars, trades: filledAt(0, 2), extendedHours: true }).includes('fills_outside_hours'));
  assert.ok(!codes({ bars, trades: filledAt(1, 2) }).includes('fills_outside_hours'), '09:30 is the bell');
});

test('warnings come before notes', () => {
  const severities = reviewBacktest(input({ limitsSet: false, openAtEnd: true })).map(
    ({ severity }) => severity,
  );
  assert.deepEqual(severities, ['warning', 'note', 'note']);
});
