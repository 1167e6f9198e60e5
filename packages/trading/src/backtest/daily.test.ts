import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { BarSeries } from '../bars/index.ts';
import { smaCross } from '../strategies/sma-cross.ts';
import { runBacktest } from './index.ts';
import { FREE, oneStream, readBars, skip } from './reference.fixture.ts';

const START = 100_000;
const SHARE = 0.9;
const FEE = 0.0005;

/** The same crossover without any engine, in float64: 90 % at the close, whole shares, filled at the next open. */
function bareLoop(bars: readonly Bar[]): { readonly trades: number; readonly equity: number } {
  const closes = bars.map(({ close }) => Number(close));
  const mean = (end: number, count: number) =>
    closes.slice(end - count + 1, end + 1).reduce((sum, close) => sum + close, 0) / count;
  let cash = START;
  let held = 0;
  let order = 0;
  let trades = 0;
  for (const [index, { open }] of bars.entries()) {
    const price = Number(open);
    if (order !== 0 && order * price * (1 + FEE) <= cash) {
      cash -= order * price + Math.abs(order) * price * FEE;
      held += order;
      if (order < 0) trades++;
    }
    order = 0;
    if (index < 30) continue;
    const isAbove = mean(index, 10) > mean(index, 30);
    const wasAbove = mean(index - 1, 10) > mean(index - 1, 30);
    if (held > 0 && !isAbove) order = -held;
    else if (held === 0 && isAbove && !wasAbove) order = Math.floor((SHARE * cash) / closes[index]!);
  }
  return { trades, equity: cash + held * closes.at(-1)! };
}

for (const symbol of ['SPY', 'AAPL'])
  test(
    `the crossover on ${symbol} daily, ordered and filled by the engine, is that of a bare loop`,
    { skip },
    () => {
      const bars = readBars(`bars/lean-equity/${symbol}/1d.csv.gz`, 'xnys');
      const terms = oneStream({
        bars: BarSeries.of(bars),
        instrument: symbol,
        currency: 'USD',
        timeframe: '1d',
        calendar: 'xnys',
        strategy: smaCross,
        params: { fast_bars: 10, slow_bars: 30, allow_short: 0 },
        startCash: String(START),
      });
      const [stream] = terms.setup.streams;
      const rules = [{ fromMs: 0, lotSize: '1', tickSize: '0.01', notionalMin: '0' }];
      const result = runBacktest({
        ...terms,
        setup: {
          ...terms.setup,
          streams: [{ ...stream!, rules }],
          sizing: { ...terms.setup.sizing, fractionMax: SHARE },
        },
        costs: { ...FREE, fees: { maker_bps: 5, taker_bps: 5, taken_in: 'quote' } },
      });
      const expected = bareLoop(bars);
      assert.ok(expected.trades > 50);
      assert.equal(result.trades.length, expected.trades);
      assert.ok(Math.abs(Number(result.equityEnd) - expected.equity) < 1e-6, result.equityEnd);
    },
  );
