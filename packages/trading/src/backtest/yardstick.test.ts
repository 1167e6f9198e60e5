import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BarSeries } from '../bars/index.ts';
import type { Strategy } from '../strategies/index.ts';
import { smaCross } from '../strategies/sma-cross.ts';
import { runBacktest } from './index.ts';
import { allInAtOpen, dataDir, oneStream, readBars, skip } from './reference.fixture.ts';

test(
  'the crossover of 10 and 30 bars on five-minute BTC/USDT ends where four other programs end',
  { skip },
  () => {
    const terms = oneStream({
      bars: BarSeries.of(readBars('bars/nfi-binance-spot/BTC-USDT/5m.csv.gz', 'always')),
      instrument: 'BTC/USDT',
      currency: 'USDT',
      timeframe: '5m',
      calendar: 'always',
      strategy: smaCross,
      params: { fast_bars: 10, slow_bars: 30, allow_short: 0 },
      startCash: '1000000',
    });
    const result = runBacktest({ ...terms, fillRule: allInAtOpen('0.001', 12) });
    assert.equal(result.bars, 65_741);
    assert.equal(result.closes, 65_741);
    assert.equal(result.trades.length, 1_289);
    assert.ok(Math.abs(Number(result.equityEnd) - 115_110.70875) < 0.00001, result.equityEnd);
  },
);

interface FixtureTrade {
  readonly Size: number;
  readonly EntryBar: number;
  readonly ExitBar: number;
  readonly EntryPrice: number;
  readonly ExitPrice: number;
  readonly PnL: number;
}

interface Fixture {
  readonly trades: readonly FixtureTrade[];
  readonly stats: Readonly<Record<string, number>>;
}

/** Leaves what it holds for the open of the last bar, where backtesting.py closes what is open at the end. */
function finalised(strategy: Strategy, lastOpenMs: number, beforeMs: number): Strategy {
  return {
    ...strategy,
    decide: (context) => {
      const nowMs = context.legs[0].bars.openMs(0);
      if (nowMs !== beforeMs && nowMs !== lastOpenMs) return strategy.decide(context);
      const wishes = [{ kind: 'exit', leg: 0, style: { type: 'market' } }] as const;
      return { direction: 0, strength: 1, confidence: 1, holdingBars: 0, reason: 'finalised', wishes };
    },
  };
}

test('long and short, turned at one open, makes the very trades of backtesting.py on GOOG', { skip }, () => {
  const file = join(dataDir!, 'fixtures/known-answers/backtestingpy_goog_sma_10_30.json');
  const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
  const bars = readBars('bars/backtestingpy/GOOG/1d.csv.gz', 'xnys');
  const terms = oneStream({
    bars: BarSeries.of(bars),
    instrument: 'GOOG',
    currency: 'USD',
    timeframe: '1d',
    calendar: 'xnys',
    strategy: finalised(smaCross, bars.at(-1)!.openMs, bars.at(-2)!.openMs),
    params: { fast_bars: 10, slow_bars: 30, allow_short: 1 },
    startCash: '10000',
  });
  const result = runBacktest({ ...terms, fillRule: allInAtOpen('0', 0) });
  const indexOf = new Map(bars.map(({ openMs }, index) => [openMs, index]));
  const trades = result.trades.map((trade) => ({
    Size: Number(trade.quantity) * (trade.side === 'buy' ? 1 : -1),
    EntryBar: indexOf.get(trade.entryMs),
    ExitBar: indexOf.get(trade.exitMs),
    EntryPrice: Number(trade.entryPrice),
    ExitPrice: Number(trade.exitPrice),
    PnL: Number(trade.pnl),
  }));
  assert.deepEqual(
    trades,
    fixture.trades.map(({ Size, EntryBar, ExitBar, EntryPrice, ExitPrice, PnL }) => ({
      Size,
      EntryBar,
      ExitBar,
      EntryPrice,
      ExitPrice,
      PnL,
    })),
  );
  assert.equal(trades.length, 66);
  assert.equal(Number(result.equityEnd), 51_422.99);
});
