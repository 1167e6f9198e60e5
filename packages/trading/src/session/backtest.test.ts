import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import fc from 'fast-check';
import { z } from 'zod';
import type { Strategy } from '../strategies/index.ts';
import { runBacktest, WINDOW_BARS_MAX, type BacktestTerms } from './index.ts';

const DAY_MS = 86_400_000;
const bars = (prices: readonly number[]): Bar[] =>
  prices.map((price, day) => ({
    openMs: day * DAY_MS,
    open: String(price),
    high: String(price + 1),
    low: String(price - 1),
    close: String(price),
    volume: '1',
  }));

/** Buys when the close rose, sells when it fell. */
const follower: Strategy = {
  name: 'follower',
  description: 'for tests',
  paramNames: [],
  schema: z.strictObject({}),
  lookbackBars: () => 2,
  decide: ({ bars: seen, position }) => {
    const [before, now] = seen.slice(-2).map((bar) => bar.close);
    if (now! > before! && !position) return { action: 'enter_long', equityFraction: 0.5, reason: 'rose' };
    if (now! < before! && position) return { action: 'exit_long', reason: 'fell' };
    return undefined;
  },
};

const terms = (changes: Partial<BacktestTerms> = {}): BacktestTerms => ({
  setup: {
    strategy: follower,
    account: 'backtest',
    stream: 'csv:X:1d',
    instrument: 'X',
    lotSize: '1',
  },
  timeframe: '1d',
  calendar: 'always',
  config: { configId: '00000000-0000-4000-8000-000000000000', params: {} },
  startCash: '1000',
  fills: { feeBps: 10, slippageBps: 0 },
  regimeAt: () => undefined,
  record: () => undefined,
  ...changes,
});

function decisionLog(part: readonly Bar[]): string[] {
  const lines: string[] = [];
  runBacktest(terms({ record: (line) => lines.push(line) }), [], part);
  return lines;
}

test('what is decided at a close fills at the next open, in decimals, after fees', () => {
  const result = runBacktest(terms(), [], bars([10, 11, 12, 11, 10]));
  // Rises at the second close: 1000 * 0.5 / 11 = 45 lots, filled at 12; falls at the fourth, sold at 10.
  assert.deepEqual(result.trades, [
    {
      side: 'buy',
      quantity: '45',
      entryMs: 2 * DAY_MS,
      entryPrice: '12',
      exitMs: 4 * DAY_MS,
      exitPrice: '10',
      fees: '0.99',
      pnl: '-90.99',
    },
  ]);
  assert.equal(result.equityStart, '1000');
  assert.equal(result.equityEnd, '909.01');
  assert.deepEqual(result.equityCurve, [1000, 1000, 999.46, 954.46, 909.01]);
});

test('what is open at the end is marked at the last close, and is no trade', () => {
  const result = runBacktest(terms(), [], bars([10, 11, 12, 13]));
  assert.deepEqual(result.trades, []);
  assert.equal(result.equityEnd, '1044.46');
});

test('an entry that the cash does not carry at its open is dropped, as the paper venue drops it', () => {
  const result = runBacktest(terms({ fills: { feeBps: 0, slippageBps: 0 } }), [], bars([10, 11, 30, 25]));
  assert.deepEqual([result.trades, result.equityEnd], [[], '1000']);
});

test('bars of the warm-up are seen but not traded', () => {
  const lines: string[] = [];
  const all = bars([10, 11, 12]);
  const result = runBacktest(terms({ record: (line) => lines.push(line) }), all.slice(0, 1), all.slice(1));
  assert.equal(result.bars, 2);
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /"note":"rose"/);
});

test('a backtest that is cut short decides the same up to the cut', () => {
  const prices = fc.array(fc.integer({ min: 5, max: 50 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(prices, fc.nat(60), (values, cut) => {
      const all = bars(values);
      assert.deepEqual(decisionLog(all.slice(0, cut)), decisionLog(all).slice(0, cut));
    }),
  );
});

test('equity at the end is the start plus the trades, when flat', () => {
  const prices = fc.array(fc.integer({ min: 5, max: 50 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(prices, (values) => {
      const last = values.at(-1)!;
      const { equityEnd, trades } = runBacktest(terms(), [], bars([...values, last + 1, last, last, last]));
      const profit = trades.reduce((sum, trade) => sum + Number(trade.pnl), 0);
      assert.ok(Math.abs(Number(equityEnd) - 1000 - profit) < 1e-6);
    }),
  );
});

test('the window forgets, and keeps at least what a strategy may look back on', () => {
  const sizes = new Set<number>();
  const watcher: Strategy = { ...follower, decide: ({ bars: seen }) => void sizes.add(seen.length) };
  const prices = Array.from({ length: 3 * WINDOW_BARS_MAX }, () => 10);
  runBacktest(
    terms({ setup: { ...terms().setup, strategy: watcher } }),
    bars(prices.slice(0, WINDOW_BARS_MAX)),
    bars(prices).slice(WINDOW_BARS_MAX),
  );
  assert.ok(Math.min(...sizes) >= WINDOW_BARS_MAX);
  assert.ok(Math.max(...sizes) < 2 * WINDOW_BARS_MAX);
});

test('bars that do not ascend are refused', () => {
  assert.throws(() => runBacktest(terms(), [], bars([10, 11]).toReversed()), RangeError);
});
